// A recording from its beginning to its destruction.
#include <sys/stat.h>

#include <fstream>

#include "audit/record.hpp"
#include "protocol/io/system.hpp"
#include "tests/unit/recorder/recorder_support.hpp"

namespace pontlevis::agent::testing {
namespace {

namespace fs = std::filesystem;

TEST_F(RecorderTest, what_was_shown_is_what_is_read_back) {
  auto recording = must(vault->begin(loop.get_executor(), sample_id(), 30));
  recording->opened(1, shell());
  recording->output(1, bytes("$ df -h\r\n"));
  clock.advance(Millis(1500));
  recording->opened(2, {"command", "bruno", 100, 30});
  recording->output(2, bytes("caf\xc3"));
  recording->resized(1, 120, 40);
  recording->output(2, bytes("\xa9\r\n"));
  recording->closed(2);
  recording->output(2, bytes("after its end"));
  clock.advance(Millis(1500));
  recording->output(1, bytes("ok\r\n"));
  const auto summary = finish(*recording);
  recording.reset();
  EXPECT_FALSE(summary.failure);
  EXPECT_EQ(summary.seconds, 3);
  EXPECT_EQ(summary.streams, 2u);
  const auto casts = must(vault->read(sample_id()));
  ASSERT_EQ(casts.size(), 2u);
  EXPECT_TRUE(casts[0].text.ends_with("[0.000, \"o\", \"$ df -h\\r\\n\"]\n[1.500, \"r\", \"120x40\"]\n[3.000, \"o\", \"ok\\r\\n\"]\n")) << casts[0].text;
  EXPECT_TRUE(casts[1].text.ends_with("}\n[1.500, \"o\", \"caf\"]\n[1.500, \"o\", \"é\\r\\n\"]\n")) << casts[1].text;
  EXPECT_EQ(casts[1].login, "bruno");
  EXPECT_EQ(casts[1].kind, "command");
  EXPECT_TRUE(casts[0].complete && casts[1].complete);
}

TEST_F(RecorderTest, the_summary_names_the_files_and_goes_into_a_record_as_it_is) {
  auto recording = must(vault->begin(loop.get_executor(), sample_id(), 30));
  EXPECT_EQ(recording->started_body().at("expires_at"), json::value("2026-12-22T10:00:00.000Z"));
  recording->opened(1, shell());
  recording->output(1, bytes("x"));
  const auto summary = finish(*recording);
  const auto content = must(io::read_file(file(1)));
  EXPECT_EQ(summary.sha256, sha256_hex("1 " + sha256_hex(content) + "\n"));
  EXPECT_EQ(summary.bytes, content.size());
  const auto body = summary.body();
  EXPECT_EQ(body.at("what"), "ENDED");
  EXPECT_EQ(body.at("sha256"), json::value(summary.sha256));
  const auto info = must(vault->info(sample_id()));
  ASSERT_TRUE(info);
  EXPECT_EQ(info->state, RecordingInfo::State::complete);
  EXPECT_EQ(info->days_left(clock.now()), 30);
  EXPECT_EQ(info->days_left(clock.now() + std::chrono::days(31)), 0);
}

TEST_F(RecorderTest, nobody_else_reads_the_files_and_no_plain_text_lies_there) {
  record("patient on the screen");
  for (const auto& entry : fs::recursive_directory_iterator(data)) {
    struct stat info {};
    ASSERT_EQ(::stat(entry.path().c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 077, 0u) << entry.path();
    if (entry.is_regular_file()) EXPECT_EQ(must(io::read_file(entry.path(), 1 << 24)).find("patient"), std::string::npos) << entry.path();
  }
}

TEST_F(RecorderTest, each_recording_has_a_key_of_its_own) {
  record("one", sample_id(1));
  record("two", sample_id(2));
  EXPECT_NE(must(io::read_file(key_file(sample_id(1)))), must(io::read_file(key_file(sample_id(2)))));
  EXPECT_EQ(vault->begin(loop.get_executor(), sample_id(1), 30).error().code, Errc::conflict);
  EXPECT_FALSE(vault->begin(loop.get_executor(), sample_id(3), 0));
  EXPECT_FALSE(vault->begin(loop.get_executor(), sample_id(3), 181));
}

TEST_F(RecorderTest, a_crash_leaves_what_was_written_and_it_is_marked_incomplete) {
  {
    auto recording = must(vault->begin(loop.get_executor(), sample_id(), 30));
    recording->opened(1, shell());
    recording->output(1, bytes("before the crash\r\n"));
    EXPECT_EQ(vault->read(sample_id()).error().code, Errc::conflict) << "it runs";
    EXPECT_EQ(vault->destroy(sample_id(), DestroyReason::erasure_request, "dr-exemple").error().code, Errc::conflict);
  }
  // What a process that died leaves: a card that says it runs, a file that ends in the middle of a chunk.
  const auto card = data / "recordings" / sample_id().text() / "recording.json";
  auto text = must(io::read_file(card));
  text.replace(text.find("FAILED"), 6, "RUNNING");
  must(io::write_file(card, text, io::FileMode::owner_only));
  std::ofstream(file(1), std::ios::app | std::ios::binary) << std::string("\0\0\x10\0half a chunk", 16);
  vault = open();
  EXPECT_EQ(must(vault->info(sample_id()))->state, RecordingInfo::State::cut_short);
  const auto casts = must(vault->read(sample_id()));
  ASSERT_EQ(casts.size(), 1u);
  EXPECT_FALSE(casts[0].complete);
  EXPECT_NE(casts[0].text.find("before the crash"), std::string::npos);
}

TEST_F(RecorderTest, what_waits_is_written_within_a_second) {
  vault = open({.flush_after = Millis(50)});
  auto recording = must(vault->begin(loop.get_executor(), sample_id(), 30));
  recording->opened(1, shell());
  recording->output(1, bytes("soon on the disk"));
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  const auto on_disk = [&] {
    const auto content = io::read_file(file(1));
    const auto key = io::read_secret_file(key_file());
    const auto opened = content && key ? open_sealed(*content, *key, sample_id(), 1 << 20) : Result<Opened>(fail(Errc::not_found, ""));
    return opened && opened->text.find("soon on the disk") != std::string::npos;
  };
  while (!on_disk() && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(Millis(5));
  EXPECT_TRUE(on_disk());
}

TEST_F(RecorderTest, of_a_flood_the_middle_is_left_out_and_the_recording_says_so) {
  vault = open({.burst_bytes = 100 * 1024, .bytes_per_second = 50 * 1024});
  auto recording = must(vault->begin(loop.get_executor(), sample_id(), 30));
  recording->opened(1, shell());
  recording->opened(2, shell());
  recording->output(1, bytes("the beginning\r\n"));
  for (int i = 0; i < 1000; ++i) recording->output(1, bytes(std::string(4096, 'x')));
  recording->output(1, bytes("the last line of the flood\r\n"));
  recording->output(2, bytes("the other stream\r\n"));
  clock.advance(Millis(3000));
  recording->output(1, bytes("$ calm again\r\n"));
  const auto summary = finish(*recording);
  EXPECT_FALSE(summary.failure);
  EXPECT_GT(summary.skipped_bytes, 3'900'000u);
  EXPECT_EQ(summary.body().at("skipped_bytes"), json::value(summary.skipped_bytes));
  const auto casts = must(vault->read(sample_id()));
  const auto& text = casts[0].text;
  const auto mark = text.find("[pontlevis] " + std::to_string(summary.skipped_bytes) + " bytes not recorded");
  ASSERT_NE(mark, text.npos);
  EXPECT_LT(text.find("the beginning"), mark);
  EXPECT_LT(mark, text.find("the last line of the flood"));
  EXPECT_LT(text.find("the last line of the flood"), text.find("calm again"));
  EXPECT_LT(text.size(), 200u * 1024);
  EXPECT_NE(casts[1].text.find("the other stream"), std::string::npos) << "held back with the flood, and written at the end";
}

TEST_F(RecorderTest, a_disk_that_does_not_keep_up_ends_the_recording_and_memory_stays_bounded) {
  vault = open({.max_text_bytes = max_recording_bytes, .max_waiting_bytes = 64 * 1024, .burst_bytes = std::size_t{1} << 30});
  auto recording = must(vault->begin(loop.get_executor(), sample_id(), 30));
  std::optional<Error> told;
  int times = 0;
  recording->on_failed = [&](Error error) { told = std::move(error), ++times; };
  recording->opened(1, shell());
  const std::string much(48 * 1024, 'x');
  for (int i = 0; i < 2000 && !recording->failed(); ++i) recording->output(1, bytes(much));
  ASSERT_TRUE(recording->failed()) << "nothing writes that fast";
  recording->output(1, bytes(much));
  const auto summary = finish(*recording);
  EXPECT_TRUE(summary.failure);
  EXPECT_EQ(times, 1);
  EXPECT_EQ(summary.body().at("what"), "FAILED");
  EXPECT_EQ(must(vault->info(sample_id()))->state, RecordingInfo::State::failed);
  for (const auto& cast : must(vault->read(sample_id()))) EXPECT_FALSE(cast.complete);
}

TEST_F(RecorderTest, a_recording_ends_at_its_size_and_says_so) {
  vault = open({.max_text_bytes = 100 * 1024});
  auto recording = must(vault->begin(loop.get_executor(), sample_id(), 30));
  recording->opened(1, shell());
  for (int i = 0; i < 40; ++i) recording->output(1, bytes(std::string(4000, 'x')));
  const auto summary = finish(*recording);
  ASSERT_TRUE(summary.failure);
  EXPECT_NE(summary.failure->what.find("full"), std::string::npos);
  const auto casts = must(vault->read(sample_id()));
  ASSERT_EQ(casts.size(), 1u);
  EXPECT_LE(casts[0].text.size(), 100u * 1024);
}

TEST_F(RecorderTest, a_disk_that_fails_ends_the_recording_and_is_told) {
  auto recording = must(vault->begin(loop.get_executor(), sample_id(), 30));
  std::optional<Error> told;
  recording->on_failed = [&](Error error) { told = std::move(error); };
  fs::remove_all(data / "recordings" / sample_id().text());
  recording->opened(1, shell());
  recording->output(1, bytes("x"));
  const auto summary = finish(*recording);
  ASSERT_TRUE(summary.failure);
  EXPECT_TRUE(told);
  const auto body = json::serialize(summary.body());
  EXPECT_EQ(body.find(data.string()), std::string::npos) << "no path of this machine goes to the gateway";
}

TEST_F(RecorderTest, a_changed_or_missing_file_is_seen) {
  record("one");
  auto content = must(io::read_file(file(1)));
  const auto good = content;
  content[60] = static_cast<char>(content[60] ^ 1);
  must(io::write_file(file(1), content, io::FileMode::owner_only));
  EXPECT_EQ(vault->read(sample_id()).error().code, Errc::bad_signature);
  must(io::write_file(file(2), good, io::FileMode::owner_only));
  fs::remove(file(1));
  EXPECT_FALSE(vault->read(sample_id())) << "under the name of another stream";
  fs::remove(file(2));
  EXPECT_EQ(vault->read(sample_id()).error().code, Errc::bad_signature) << "missing";
}

TEST_F(RecorderTest, destroying_leaves_nothing_but_a_certificate) {
  const auto summary = record("patient on the screen");
  const auto key = must(io::read_file(key_file()));
  const auto done = must(vault->destroy(sample_id(), DestroyReason::erasure_request, "dr-exemple"));
  EXPECT_EQ(must(vault->info(sample_id())), std::nullopt);
  EXPECT_EQ(vault->read(sample_id()).error().code, Errc::not_found);
  EXPECT_FALSE(fs::exists(key_file()));
  EXPECT_FALSE(fs::exists(data / "recordings" / sample_id().text()));
  for (const auto& entry : fs::recursive_directory_iterator(data))
    if (entry.is_regular_file()) EXPECT_EQ(must(io::read_file(entry.path(), 1 << 24)).find(key), std::string::npos) << entry.path();
  const auto& c = done.certificate;
  EXPECT_EQ(c.at("scope_commitment"), json::value(summary.sha256)) << "the same name the record of its end has";
  EXPECT_EQ(c.at("reason"), "ERASURE_REQUEST");
  EXPECT_EQ(c.at("operator"), "dr-exemple");
  EXPECT_EQ(c.at("verification_result"), "ABSENT");
  EXPECT_EQ(c.at("state"), "FINAL");
  EXPECT_TRUE(c.at("previous_certificate_hash").is_null());
}

TEST_F(RecorderTest, certificates_are_a_chain_and_records_of_the_journal) {
  record("one", sample_id(1));
  record("two", sample_id(2));
  const auto first = must(vault->destroy(sample_id(1), DestroyReason::erasure_request, "dr-exemple"));
  const auto second = must(vault->destroy(sample_id(2), DestroyReason::contract_end, std::nullopt));
  EXPECT_EQ(second.certificate.at("previous_certificate_hash"), json::value(sha256_hex(json::serialize(first.certificate))));
  auto fields = second.certificate;
  fields["practice"] = "cabinet-exemple";
  const auto record = audit::Record::make("destruction", fields);
  ASSERT_TRUE(record) << record.error().text();
  const auto view = audit::Record::make("recording_view", recording_view(sample_id(), "dr-exemple", clock.now()));
  EXPECT_TRUE(view);
}

TEST_F(RecorderTest, thirty_days_later_it_is_gone_by_itself) {
  record("one", sample_id(1), 30);
  record("two", sample_id(2), 90);
  EXPECT_TRUE(vault->purge(clock.now() + std::chrono::days(29)).destroyed.empty());
  const auto purged = vault->purge(clock.now() + std::chrono::days(30));
  ASSERT_EQ(purged.destroyed.size(), 1u);
  EXPECT_EQ(purged.failures, 0u);
  EXPECT_EQ(purged.destroyed[0].intervention, sample_id(1));
  EXPECT_EQ(purged.destroyed[0].certificate.at("reason"), "RETENTION");
  EXPECT_EQ(purged.destroyed[0].certificate.at("operator"), "AUTOMATON");
  EXPECT_TRUE(must(vault->info(sample_id(2))));
}

TEST_F(RecorderTest, a_certificate_is_given_again_until_the_journal_has_it) {
  record("one");
  const auto done = must(vault->destroy(sample_id(), DestroyReason::erasure_request, "dr-exemple"));
  vault = open();
  const auto again = vault->purge(clock.now());
  ASSERT_EQ(again.destroyed.size(), 1u);
  EXPECT_EQ(again.destroyed[0].certificate, done.certificate);
  must(vault->kept(again.destroyed[0]));
  EXPECT_TRUE(vault->purge(clock.now()).destroyed.empty());
}

TEST_F(RecorderTest, a_destruction_that_was_cut_short_is_finished) {
  const auto summary = record("one");
  // Decided and the key gone, then the machine stopped.
  const auto card = data / "recordings" / sample_id().text() / "recording.json";
  auto text = must(io::read_file(card));
  text.replace(text.find("\"doom\":null"), 11,
               "\"doom\":{\"reason\":\"ERASURE_REQUEST\",\"by\":\"dr-exemple\",\"commitment\":\"" + summary.sha256 + "\",\"files\":1}");
  must(io::write_file(card, text, io::FileMode::owner_only));
  fs::remove(key_file());
  vault = open();
  EXPECT_EQ(must(vault->info(sample_id())), std::nullopt);
  EXPECT_EQ(vault->read(sample_id()).error().code, Errc::not_found);
  const auto purged = vault->purge(clock.now());
  ASSERT_EQ(purged.destroyed.size(), 1u);
  EXPECT_EQ(purged.destroyed[0].certificate.at("operator"), "dr-exemple");
  EXPECT_EQ(purged.destroyed[0].certificate.at("scope_commitment"), json::value(summary.sha256));
  EXPECT_FALSE(fs::exists(data / "recordings" / sample_id().text()));
}

TEST_F(RecorderTest, a_key_that_belongs_to_nothing_goes_with_the_next_purge) {
  must(io::write_file(key_file(), std::string(32, 'k'), io::FileMode::owner_only));
  must(io::write_file(data / "recordings" / "keys" / "half-written.tmp", std::string(32, 'k'), io::FileMode::owner_only));
  vault = open();
  EXPECT_EQ(vault->purge(clock.now()).failures, 0u);
  EXPECT_TRUE(fs::is_empty(data / "recordings" / "keys"));
}

}  // namespace
}  // namespace pontlevis::agent::testing
