// What is destroyed is gone from every byte, its proof stays, and a crash never leaves it half done or unsaid.
#include "audit/destruction.hpp"

#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "audit/destruction_text.hpp"
#include "tests/unit/audit/memory_support.hpp"

namespace pontlevis::audit::test {
namespace {

class DestructionTest : public MemoryTest {
 protected:
  // What must not be found any more, taken while it is there.
  struct Canaries {
    std::vector<std::string> bytes;
    void of(const Log& log, const StoredRecord& record, std::string_view name) {
      const auto& f = field(record, name);
      bytes.push_back(f.disclosure.substr(0, 32));
      bytes.push_back(from_base64url(f.disclosure)->substr(2, 22));
      std::size_t pos = 0;
      while (record.fields[pos].name != name) ++pos;
      bytes.emplace_back(must(log.keys().of(record.index)).of(pos)->expose());
      if (const auto keys = must(log.keys().of(record.index)); keys.secret) bytes.emplace_back(keys.secret->expose());
      for (const auto& row : must(lying(log, record.index, pos))) bytes.push_back(row);
    }
    static Result<std::vector<std::string>> lying(const Log& log, LeafIndex index, std::size_t pos) {
      std::vector<std::string> out;
      PL_CHECK(log.read([&](sqlite::Database& db) -> Result<> {
        PL_TRY(rows, db.query("SELECT ct FROM fields WHERE idx = ? AND pos = ? AND ct IS NOT NULL", index, pos));
        PL_TRY(more, rows.next());
        if (more) out.push_back(rows.blob(0).substr(0, 40));
        return {};
      }));
      return out;
    }
  };
  void expect_gone(const Canaries& canaries) {
    for (const auto& canary : canaries.bytes) EXPECT_TRUE(files_with(data(), canary).empty()) << to_hex(canary);
  }
  void expect_there(const Canaries& canaries) {
    bool any = false;
    for (const auto& canary : canaries.bytes) any = any || !files_with(data(), canary).empty();
    EXPECT_TRUE(any) << "the test looks for something that was there";
  }
};

TEST_F(DestructionTest, one_field_goes_and_everything_else_still_proves) {
  auto log = open();
  append_life(*log, clock_);
  const auto before = must(log->record(0));
  Canaries canaries;
  canaries.of(*log, before, "source_ip");
  expect_there(canaries);
  const auto old = log->checkpoint();
  const auto made = must(destroy(*log, erasure({field_of_record(0, "source_ip")}), {}));
  expect_gone(canaries);
  const auto after = must(log->record(0));
  EXPECT_EQ(field(after, "source_ip").state(), FieldState::closed);
  EXPECT_EQ(field(after, "source_ip").digest, field(before, "source_ip").digest);
  EXPECT_EQ(after.entry, before.entry);
  for (const auto& f : before.fields)
    if (f.name != "source_ip") EXPECT_EQ(field(after, f.name).disclosure, f.disclosure) << f.name;
  for (LeafIndex i = 0; i < log->size(); ++i) expect_proved(*log, i);
  EXPECT_TRUE(verify_consistency_proof(must(log->consistency(old.size, log->size())), old.size, log->size(), old.root, log->checkpoint().root));
  EXPECT_EQ(made.index, old.size);
  EXPECT_EQ(made.fields.at("record_count"), json::value(1));
  EXPECT_EQ(made.fields.at("keys_destroyed"), json::value(1));
  EXPECT_EQ(made.fields.at("state"), json::value("FINAL"));
  EXPECT_EQ(made.fields.at("verification_result"), json::value("ABSENT"));
  EXPECT_EQ(made.fields.at("remanence").at("found"), json::value(0));
  EXPECT_GE(made.fields.at("remanence").at("files").to_number<int>(), 4);
  EXPECT_EQ(must(read_claim(made.fields)).scope, std::vector{field_of_record(0, "source_ip")});
  expect_verified();
}

TEST_F(DestructionTest, a_whole_record_leaves_its_34_bytes) {
  auto log = open();
  append_life(*log, clock_);
  const auto before = must(log->record(3));
  Canaries canaries;
  for (auto name : {"operator", "client", "source_ip"}) canaries.bytes.push_back(field(before, name).disclosure.substr(0, 32));
  for (const auto& f : before.fields) canaries.bytes.push_back(f.digest.text());
  must(destroy(*log, erasure({whole(3)}), {}));
  expect_gone(canaries);
  const auto after = must(log->record(3));
  EXPECT_TRUE(after.is_gone());
  EXPECT_EQ(after.entry, before.entry);
  EXPECT_TRUE(must(log->keys().of(3)).empty());
  EXPECT_EQ(must(log->find(must(InterventionId::parse(intervention_a)))).size(), 7u);
  for (LeafIndex i = 0; i < log->size(); ++i) expect_proved(*log, i);
  expect_verified();
}

TEST_F(DestructionTest, a_class_over_a_range_and_nothing_beside_it) {
  auto log = open();
  append_life(*log, clock_);
  append_life(*log, clock_, intervention_b);
  DestructionScope ips;
  ips.first = 0, ips.last = 15, ips.cls = FieldClass::ip;
  must(destroy(*log, erasure({ips}), {}));
  for (LeafIndex i = 0; i < 16; ++i)
    for (const auto& f : must(log->record(i)).fields) EXPECT_EQ(f.is_open(), f.cls != FieldClass::ip) << i << " " << f.name;
  expect_verified();
}

TEST_F(DestructionTest, everything_of_one_intervention_or_one_practice) {
  auto log = open();
  append_life(*log, clock_);
  append_life(*log, clock_, intervention_b);
  const auto a = must(InterventionId::parse(intervention_a));
  must(destroy(*log, erasure(must(scope_of(*log, a, false))), {}));
  for (LeafIndex i = 0; i < 16; ++i)
    for (const auto& f : must(log->record(i)).fields) EXPECT_EQ(f.is_open(), i >= 8 || f.cls == FieldClass::open) << i << " " << f.name;
  auto order = erasure(must(scope_of(*log, must(PracticeId::parse("cabinet-exemple")), true)));
  order.reason = "CONTRACT_END";
  order.practice = must(PracticeId::parse("cabinet-exemple"));
  const auto made = must(destroy(*log, order, {}));
  EXPECT_EQ(made.fields.at("practice"), json::value("cabinet-exemple"));
  for (LeafIndex i = 0; i < 16; ++i) EXPECT_TRUE(must(log->record(i)).is_gone());
  EXPECT_EQ(must(certificates(*log)).size(), 2u);
  EXPECT_EQ(must(certificates(*log, must(PracticeId::parse("cabinet-exemple")))).size(), 1u);
  for (LeafIndex i = 0; i < log->size(); ++i) expect_proved(*log, i);
  expect_verified();
}

TEST_F(DestructionTest, nothing_goes_twice_early_or_without_a_name) {
  auto log = open();
  append_life(*log, clock_);
  must(destroy(*log, erasure({field_of_record(0, "reason")}), {}));
  const auto size = log->size();
  EXPECT_EQ(destroy(*log, erasure({field_of_record(0, "reason")}), {}).error().code, Errc::not_found);
  auto early = erasure({field_of_record(0, "source_ip")});
  early.reason = "IP_6_MONTHS";
  EXPECT_EQ(destroy(*log, early, {}).error().code, Errc::not_allowed);
  early.reason = "BECAUSE";
  EXPECT_EQ(destroy(*log, early, {}).error().code, Errc::bad_input);
  EXPECT_EQ(destroy(*log, erasure({field_of_record(0, "type")}), {}).error().code, Errc::not_allowed);
  EXPECT_EQ(destroy(*log, erasure({field_of_record(99, "reason")}), {}).error().code, Errc::bad_input);
  EXPECT_EQ(destroy(*log, erasure({}), {}).error().code, Errc::bad_input);
  EXPECT_EQ(log->size(), size) << "a refusal writes nothing";
  EXPECT_EQ(must(raw(sqlite::Access::read_only).integer("SELECT count(*) FROM destructions_open")), 0);
  EXPECT_EQ(field(must(log->record(0)), "source_ip").state(), FieldState::open);
}

TEST_F(DestructionTest, health_data_in_an_open_field_goes_as_well) {
  auto log = open();
  append_life(*log, clock_);
  const auto canary = field(must(log->record(0)), "ticket_ref").disclosure;
  auto order = erasure({field_of_record(0, "ticket_ref")});
  order.reason = "SPONTANEOUS_HEALTH_DATA";
  const auto made = must(destroy(*log, order, {}));
  EXPECT_EQ(made.fields.at("keys_destroyed"), json::value(0));
  EXPECT_TRUE(files_with(data(), canary.substr(0, 32)).empty());
  expect_proved(*log, 0);
  expect_verified();
}

TEST_F(DestructionTest, a_copy_in_a_named_folder_is_found_and_said) {
  auto log = open();
  append_life(*log, clock_);
  const auto exports = folder_.path() / "exports";
  std::filesystem::create_directories(exports);
  write_all(exports / "pack.json", "{\"disclosure\":\"" + field(must(log->record(0)), "source_ip").disclosure + "\"}");
  const auto made = must(destroy(*log, erasure({field_of_record(0, "source_ip")}), {.also = {exports}}));
  EXPECT_EQ(made.fields.at("verification_result"), json::value("PRESENT"));
  EXPECT_EQ(made.fields.at("state"), json::value("PARTIAL"));
  EXPECT_EQ(made.fields.at("remanence").at("found_in"), (json::array{"pack.json"}));
  EXPECT_TRUE(must(finalise_due(*log, clock_.now())).empty()) << "the copy is still there";
  std::filesystem::remove(exports / "pack.json");
  const auto completed = must(finalise_due(*log, clock_.now()));
  ASSERT_EQ(completed.size(), 1u);
  EXPECT_EQ(completed[0].fields.at("completes"), json::value(made.id));
  EXPECT_EQ(completed[0].fields.at("state"), json::value("FINAL"));
}

TEST_F(DestructionTest, a_certificate_is_partial_until_the_backups_have_expired) {
  auto log = open();
  append_life(*log, clock_);
  auto order = erasure({field_of_record(0, "source_ip")});
  order.backup_expiry = clock_.now() + std::chrono::days(7);
  const auto made = must(destroy(*log, order, {}));
  EXPECT_EQ(made.fields.at("state"), json::value("PARTIAL"));
  EXPECT_TRUE(must(finalise_due(*log, clock_.now() + std::chrono::days(6))).empty());
  clock_.advance(std::chrono::days(7));
  const auto completed = must(finalise_due(*log, clock_.now()));
  ASSERT_EQ(completed.size(), 1u);
  EXPECT_EQ(completed[0].fields.at("completes"), json::value(made.id));
  EXPECT_EQ(completed[0].fields.at("previous_certificate_hash"), json::value(to_hex(must(log->record(made.index)).entry.substr(2))));
  EXPECT_TRUE(must(finalise_due(*log, clock_.now())).empty()) << "once";
  EXPECT_EQ(must(certificate(*log, made.id)).index, made.index);
  expect_verified();
}

TEST_F(DestructionTest, the_certificate_proves_itself_and_says_what_it_does_not_prove) {
  make_sample_data(data(), clock_, random_);
  auto log = open();
  auto order = erasure({field_of_record(0, "source_ip"), whole(4)});
  order.deferrals = {json::object{{"ref", "gel-7"}, {"class", "person"}, {"count", 3}}};
  const auto made = must(destroy(*log, order, {}));
  const auto proven = must(verify_inclusion(made.disclosures, made.proof, log->verifier()));
  EXPECT_EQ(proven.fields.at("certificate_id"), json::value(made.id));
  const auto file = json::serialize(certificate_json(made, log->verifier()));
  EXPECT_EQ(file.find("203.0.113.7"), file.npos) << "never the destroyed value";
  const auto french = certificate_text(made, Language::french), english = certificate_text(made, Language::english);
  for (auto text : {"CERTIFICAT DE DESTRUCTION", "demande d'effacement", "enregistrement 4 : en entier", "champ source_ip", "CE QU'IL NE PROUVE PAS", "gel-7", "rien n'a été retrouvé",
                    "audit.editeur.example/log", "conformite"})
    EXPECT_NE(french.find(text), french.npos) << text << "\n" << french;
  for (auto text : {"CERTIFICATE OF DESTRUCTION", "request for erasure", "WHAT IT DOES NOT PROVE", "no copy exists elsewhere"}) EXPECT_NE(english.find(text), english.npos) << text << "\n" << english;
  for (const auto& page : {french, english})
    for (std::size_t at = 0, end; (end = page.find('\n', at)) != page.npos; at = end + 1) EXPECT_LE(columns(page.substr(at, end - at)), 92u);
}

// ---- crashes ----

std::atomic<bool> counting{false};
std::atomic<int> commits_left{0};
extern "C" int die_before_commit(void*) {
  if (counting && commits_left-- == 0) ::_exit(77);
  return 0;
}
extern "C" int watch_commits(sqlite3* db, const char**, const sqlite3_api_routines*) {
  sqlite3_commit_hook(db, die_before_commit, nullptr);
  return SQLITE_OK;
}

TEST_F(DestructionTest, a_crash_before_any_commit_ends_complete_and_recorded) {
  {
    auto log = open();
    append_life(*log, clock_);
    append_life(*log, clock_, intervention_b);
  }
  Canaries canaries;
  {
    auto log = open();
    canaries.of(*log, must(log->record(0)), "source_ip");
    canaries.of(*log, must(log->record(3)), "operator");
  }
  const auto kept = folder_.path() / "kept";
  std::filesystem::copy(data(), kept, std::filesystem::copy_options::recursive);
  const std::vector scopes{field_of_record(0, "source_ip"), whole(3), DestructionScope{8, 15, FieldClass::person, {}, false, {}, {}, {}}};
  int crashes = 0;
  for (int n = 0;; ++n) {
    ASSERT_LT(n, 40);
    std::filesystem::remove_all(data());
    std::filesystem::copy(kept, data(), std::filesystem::copy_options::recursive);
    const pid_t child = ::fork();
    if (child == 0) {
      sqlite3_auto_extension(reinterpret_cast<void (*)()>(watch_commits));
      auto log = try_open();
      if (!log) ::_exit(1);
      commits_left = n;
      counting = true;
      ::_exit(destroy(**log, erasure(scopes), {}) ? 0 : 2);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFEXITED(status));
    if (WEXITSTATUS(status) == 0) break;
    ASSERT_EQ(WEXITSTATUS(status), 77) << n;
    ++crashes;
    auto log = open();
    const auto made = must(certificates(*log));
    if (n == 0) {  // the intent itself did not get through: nothing happened
      EXPECT_TRUE(made.empty());
      EXPECT_EQ(field(must(log->record(0)), "source_ip").state(), FieldState::open);
      continue;
    }
    ASSERT_EQ(made.size(), 1u) << "crash before commit " << n;
    EXPECT_EQ(must(raw(sqlite::Access::read_only).integer("SELECT count(*) FROM destructions_open")), 0);
    EXPECT_EQ(field(must(log->record(0)), "source_ip").state(), FieldState::closed);
    EXPECT_TRUE(must(log->record(3)).is_gone());
    EXPECT_TRUE(must(log->keys().of(3)).empty());
    EXPECT_FALSE(must(log->keys().of(0)).secret);
    expect_gone(canaries);
    for (LeafIndex i = 0; i < log->size(); ++i) expect_proved(*log, i);
    expect_verified();
  }
  EXPECT_GE(crashes, 4) << "intent, ciphertext, keys, record";
}

TEST_F(DestructionTest, a_reader_is_waited_for_and_what_it_delays_is_finished_later) {
  auto log = open();
  append_life(*log, clock_);
  Canaries canaries;
  canaries.of(*log, must(log->record(0)), "source_ip");
  {
    const auto reader = must(open_folder(data()));  // keeps its snapshot
    std::stop_source stop;
    std::thread impatient([&] {
      while (must(raw(sqlite::Access::read_only).integer("SELECT count(*) FROM destructions_open")) == 0) std::this_thread::yield();
      stop.request_stop();
    });
    const auto refused = destroy(*log, erasure({field_of_record(0, "source_ip")}), {}, stop.get_token());
    impatient.join();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::closed);
    EXPECT_EQ(field(*must(reader->record(0)), "source_ip").state(), FieldState::open) << "its moment does not move";
    EXPECT_TRUE(log->healthy());
  }
  const auto finished = must(finish_open(*log));
  ASSERT_EQ(finished.size(), 1u);
  expect_gone(canaries);
  EXPECT_EQ(finished[0].fields.at("verification_method"), json::value("FILES_REWRITTEN_THEN_BYTE_SCAN"));
}

TEST_F(DestructionTest, appends_go_on_while_it_works) {
  auto log = open();
  for (int i = 0; i < 600; ++i) log->append(security_record(i), [](Result<Appended> r) { EXPECT_TRUE(r); });
  must(log->append_now(security_record(0)));
  std::atomic<bool> done{false};
  std::atomic<int> written{0};
  std::thread writer([&] {
    while (!done) must(log->append_now(security_record(++written)));
  });
  DestructionScope ips;
  ips.last = 600, ips.cls = FieldClass::ip;
  const auto made = destroy(*log, erasure({ips}), {});
  done = true;
  writer.join();
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(made->fields.at("record_count"), json::value(601));
  EXPECT_GT(written, 0);
}

TEST_F(DestructionTest, a_restore_destroys_again_what_was_destroyed) {
  json::object record;
  const auto old = folder_.path() / "old";
  {
    auto log = open();
    append_life(*log, clock_);
    std::filesystem::create_directories(old);
    must(log->copy_log(old / "log.db"));
    must(log->copy_keys(old / "keys.db"));
    record = must(destroy(*log, erasure({field_of_record(0, "source_ip"), whole(3)}), {})).fields;
  }
  for (auto name : {"log.db", "keys.db"}) std::filesystem::copy_file(old / name, log_folder() / name, std::filesystem::copy_options::overwrite_existing);
  auto log = open();
  EXPECT_EQ(field(must(log->record(0)), "source_ip").state(), FieldState::open) << "the backup had it";
  EXPECT_GT(must(replay_destructions(*log, std::vector{record})), 1u);
  EXPECT_EQ(field(must(log->record(0)), "source_ip").state(), FieldState::closed);
  EXPECT_TRUE(must(log->record(3)).is_gone());
  EXPECT_EQ(must(replay_destructions(*log, std::vector{record})), 0u);
  EXPECT_EQ(log->size(), 8u) << "no new record";
}

TEST(DestructionScope, its_text_has_one_form) {
  const auto good = json::parse(R"([{"first":1,"last":9,"class":"ip"},{"first":3,"last":3,"field":"reason"},{"first":4,"last":5,"whole_record":true},{"first":0,"last":7,"class":"person","type":"security","practice":"cabinet-exemple"}])");
  const auto scope = must(parse_scope(good));
  EXPECT_EQ(scope_json(scope), good.get_array());
  for (auto bad : {R"({})", R"([{"first":2,"last":1}])", R"([{"first":1}])", R"([{"first":1,"last":2,"class":"secret"}])", R"([{"first":1,"last":2,"whole_record":false}])",
                   R"([{"first":1,"last":2,"whole_record":true,"practice":"p"}])", R"([{"first":-1,"last":2}])", R"([{"first":1,"last":2,"more":1}])", R"([1])", R"([{"last":2,"first":1}])"})
    EXPECT_FALSE(parse_scope(json::parse(bad))) << bad;
  const json::object security{{"type", "security"}, {"practice", "cabinet-exemple"}}, other{{"type", "request"}, {"practice", "cabinet-exemple"}};
  EXPECT_TRUE(scope[3].covers(7, security, FieldClass::person, "subject"));
  EXPECT_FALSE(scope[3].covers(7, other, FieldClass::person, "subject"));
  EXPECT_FALSE(scope[3].covers(8, security, FieldClass::person, "subject"));
  EXPECT_FALSE(scope[3].covers(7, security, FieldClass::text, "detail"));
  EXPECT_TRUE(scope[2].covers(4, {}, FieldClass::open, "type"));
  EXPECT_FALSE(DestructionScope({.first = 0, .last = 9, .cls = {}, .field = {}, .whole_record = false, .type = {}, .practice = {}, .intervention = {}}).covers(1, other, FieldClass::open, "type"));
}

}  // namespace
}  // namespace pontlevis::audit::test
