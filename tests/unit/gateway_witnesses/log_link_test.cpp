// A gateway that was set back: found out by the first witness, closed across restarts, and followed by another log.
#include "gateway/log_link.hpp"
#include "protocol/io/system.hpp"
#include "tests/unit/gateway_witnesses/witnesses_fixture.hpp"

namespace pontlevis::gateway {
namespace {

class LogLinkTest : public WitnessesTest {
 protected:
  // The log as it is now is put back after it has grown and was cosigned: a restore.
  void set_back(int records) {
    const auto copy = temporary.path() / "copy";
    end();
    core.reset();
    std::filesystem::copy(folder.log(), copy, std::filesystem::copy_options::recursive);
    open();
    begin();
    grow(records);
    ASSERT_EQ(seen_by().add_checkpoint(*core->cosignatures.request_from(0, core->log->latest_checkpoint())).status, 200);
    end();
    core.reset();
    std::filesystem::remove_all(folder.log());
    std::filesystem::copy(copy, folder.log(), std::filesystem::copy_options::recursive);
    open();
    begin();
  }
  json::object act(std::string verb, json::object members = {}) {
    members["verb"] = verb;
    auto answer = run(area->verbs().at(verb)(members));
    if (!answer) return {{"error", answer.error().text()}};
    return *std::move(answer);
  }
};

TEST_F(LogLinkTest, a_log_behind_its_witness_is_closed_and_never_continued) {
  set_back(5);
  const auto size = core->log->size();
  EXPECT_TRUE(core->ready());
  const auto wire = connect();
  EXPECT_TRUE(hear<frame::Drain>(wire));
  ASSERT_TRUE(core->log_closed);
  EXPECT_FALSE(core->ready());
  EXPECT_EQ(core->log->size(), size) << "nothing was appended, not even the alarm";
  const auto asked = run(desk->ask(this->asked()));
  ASSERT_FALSE(asked);
  ASSERT_EQ(troubles.size(), 1u);
  EXPECT_EQ(troubles[0].first, "log_behind");
  // A restart remembers, before anybody connects.
  restart();
  EXPECT_TRUE(core->log_closed);
  EXPECT_TRUE(area->log_state().at("behind").as_bool());
  EXPECT_FALSE(run(core->append(audit::Record::make("log_start", json::object{{"program", "x"}}))));
  EXPECT_TRUE(act("log continue", {{"why", "nous sommes pressés"}}).contains("error"));
}

TEST_F(LogLinkTest, a_log_that_went_on_after_a_restore_is_found_out_by_its_other_past) {
  set_back(5);
  grow(9);  // larger than what was cosigned, and another
  EXPECT_TRUE(hear<frame::Drain>(connect()));
  ASSERT_TRUE(core->log_closed);
  EXPECT_EQ(LogState::read(folder)->behind->cause, "TWO_HISTORIES");
}

TEST_F(LogLinkTest, a_checkpoint_of_another_key_closes_nothing) {
  const NoteSigner stranger(core->log->verifier().name(), NoteKeyType::ed25519, Ed25519Key::generate(random));
  const auto note = audit::sign_checkpoint({stranger.verifier().name(), 99999, audit::empty_root(), {}}, stranger);
  const auto wire = connect(core->log->verifier().text(), note);
  EXPECT_TRUE(hear<frame::Checkpoint>(wire));
  EXPECT_FALSE(core->log_closed);
}

TEST_F(LogLinkTest, a_restored_log_waits_for_its_witnesses_and_goes_on_by_itself) {
  ASSERT_TRUE(mark_restored(folder, core->log->size()));
  restart();
  const auto size = core->log->size();
  EXPECT_FALSE(core->ready());
  EXPECT_FALSE(run(desk->ask(asked())));
  EXPECT_EQ(core->log->size(), size);
  EXPECT_TRUE(hear<frame::Checkpoint>(connect()));
  EXPECT_TRUE(core->ready());
  restart();
  EXPECT_TRUE(core->ready());
}

TEST_F(LogLinkTest, who_goes_on_without_the_practices_says_why) {
  ASSERT_TRUE(mark_restored(folder, core->log->size()));
  restart();
  EXPECT_TRUE(act("log continue", {{"why", "court"}}).contains("error"));
  EXPECT_TRUE(act("log continue", {{"why", "le seul cabinet a fermé"}}).contains("continued"));
  EXPECT_TRUE(core->ready());
  EXPECT_TRUE(until([&] { return json::serialize(last_record("security")).find("le seul cabinet") != std::string::npos; }));
}

TEST_F(LogLinkTest, a_copy_that_was_seen_larger_is_refused_where_it_is_restored) {
  const std::vector<std::string> none;
  EXPECT_TRUE(refuse_if_behind(folder, *core->log, none));
  const auto larger = [&] {
    set_back(3);
    return std::vector<std::string>{seen_by().state()->note};
  }();
  const auto refused = refuse_if_behind(folder, *core->log, larger);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::conflict);
  EXPECT_FALSE(refuse_if_behind(folder, *core->log)) << "the folder remembers";
}

TEST_F(LogLinkTest, another_log_follows_by_the_staff_keys_word_and_begins_with_the_link) {
  EXPECT_TRUE(act("log prepare").contains("error")) << "nothing is lost yet";
  set_back(5);
  const auto old = core->log->verifier();
  const auto own_size = core->log->size();
  EXPECT_TRUE(hear<frame::Drain>(connect()));
  const auto prepared = act("log prepare");
  ASSERT_TRUE(prepared.contains("new_log")) << json::serialize(prepared);
  const auto next = *NoteVerifier::parse(std::string_view(prepared.at("new_log").as_string()));
  EXPECT_EQ(next.name(), old.name() + "-2");
  const certs::LogSuccessor successor{old, next, prepared.at("last_size").to_number<std::uint64_t>(), "RESTORE", clock.now()};
  const auto by_gateway = *certs::sign_log_successor(successor, *NoteSigner::parse(*io::read_secret_file(folder.log_key())));
  EXPECT_TRUE(act("log link", {{"cause", "restore"}, {"successor", by_gateway}}).contains("error"));
  const auto by_staff = *certs::sign_log_successor(successor, staff);
  EXPECT_TRUE(act("log link", {{"cause", "damage"}, {"successor", by_staff}}).contains("error"));
  ASSERT_TRUE(act("log link", {{"cause", "restore"}, {"successor", by_staff}}).contains("linked"));
  restart();
  EXPECT_EQ(core->log->verifier(), next);
  EXPECT_EQ(core->trust.log, next);
  EXPECT_TRUE(core->ready());
  const auto first = *core->log->record(0)->open();
  EXPECT_EQ(first.at("type").as_string(), "link");
  EXPECT_EQ(first.at("previous_key").as_string(), old.text());
  EXPECT_EQ(first.at("last_checkpoint").as_string(), seen_by().state()->note);
  EXPECT_EQ(first.at("own_size").to_number<std::uint64_t>(), own_size);
  EXPECT_EQ(first.at("missing").to_number<std::uint64_t>(), seen_by().state()->size - own_size);
  EXPECT_EQ(*audit::parse_entry(core->log->record(0)->entry), audit::EntryClass::link);
  // The old log is put aside whole, and its practice is led here.
  EXPECT_EQ(*io::read_file(folder.root / "log-closed-1" / "log.vkey"), old.text() + "\n");
  const auto wire = connect(old.text(), seen_by().state()->note);
  const auto shown = hear<frame::LogSuccessor>(wire);
  ASSERT_TRUE(shown);
  EXPECT_EQ(shown->note, by_staff);
  witness = *audit::Witness::open(folder.root / "witness-1.db", next, *NoteSigner::parse(witness_key.text()), clock);
  EXPECT_EQ(answer(wire).status, 200);
  EXPECT_TRUE(until([&] { return cosigned() > 0; })) << "its witnesses count in the new log";
}

TEST_F(LogLinkTest, a_crash_between_any_two_steps_of_the_change_is_made_good) {
  set_back(5);
  const auto old = core->log->verifier();
  EXPECT_TRUE(hear<frame::Drain>(connect()));
  const auto next = *NoteVerifier::parse(std::string_view(act("log prepare").at("new_log").as_string()));
  const auto note = *certs::sign_log_successor({old, next, 7, "RESTORE", clock.now()}, staff);
  ASSERT_TRUE(act("log link", {{"cause", "restore"}, {"successor", note}}).contains("linked"));
  end();
  core.reset();
  // As far as the old folder and key were put aside, and no further.
  std::filesystem::rename(folder.log(), folder.root / "log-closed-1");
  std::filesystem::rename(folder.log_key(), folder.keys() / "log-closed-1.key");
  open();
  EXPECT_EQ(core->log->verifier(), next);
  EXPECT_EQ(core->log->record(0)->type(), "link");
  const auto size = core->log->size();
  core.reset();
  open();
  EXPECT_EQ(core->log->size(), size) << "once only";
  begin();
}

}  // namespace
}  // namespace pontlevis::gateway
