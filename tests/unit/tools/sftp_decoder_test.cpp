#include "agent/tools/sftp_decoder.hpp"

#include <gtest/gtest.h>

#include "agent/tools/open_file.hpp"
#include "agent/tools/sftp_wire.hpp"
#include "protocol/crypto/sha256.hpp"

namespace pontlevis::agent {
namespace {

using sftp::packet;

struct Events final : FileEvents {
  std::vector<TransferDone> transfers;
  std::vector<FileAct> acts;
  void transfer_done(const TransferDone& t) override { transfers.push_back(t); }
  void file_act(const FileAct& a) override { acts.push_back(a); }
};

std::string u32(std::uint32_t v) { std::string s; sftp::put32(s, v); return s; }
std::string u64(std::uint64_t v) { std::string s; sftp::put64(s, v); return s; }
std::string text(std::string_view t) { std::string s; sftp::put_text(s, t); return s; }

std::string init() { return packet(sftp::init, u32(3)); }
std::string version() { return packet(sftp::version, u32(3) + text("posix-rename@openssh.com") + text("1")); }
std::string open(std::uint32_t id, std::string_view path, std::uint32_t flags) { return packet(sftp::open, u32(id) + text(path) + u32(flags) + u32(0)); }
std::string close(std::uint32_t id, std::string_view h) { return packet(sftp::close, u32(id) + text(h)); }
std::string write(std::uint32_t id, std::string_view h, std::uint64_t at, std::string_view d) { return packet(sftp::write, u32(id) + text(h) + u64(at) + text(d)); }
std::string read(std::uint32_t id, std::string_view h, std::uint64_t at, std::uint32_t n) { return packet(sftp::read, u32(id) + text(h) + u64(at) + u32(n)); }
std::string status(std::uint32_t id, std::uint32_t code) { return packet(sftp::status, u32(id) + u32(code) + text("") + text("")); }
std::string handle(std::uint32_t id, std::string_view h) { return packet(sftp::handle, u32(id) + text(h)); }
std::string data(std::uint32_t id, std::string_view d) { return packet(sftp::data, u32(id) + text(d)); }
std::string extended(std::uint32_t id, std::string_view name, std::string_view rest) { return packet(sftp::extended, u32(id) + text(name) + std::string(rest)); }

constexpr std::uint32_t creating = sftp::f_write | sftp::f_creat | sftp::f_trunc;

class SftpDecoderTest : public ::testing::Test {
 protected:
  Events events;
  FileRights rights{true, true};
  FileLimits limits;
  UploadAccount account;
  std::unique_ptr<SftpDecoder> decoder;

  void SetUp() override { greet(); }
  void greet() {
    decoder = std::make_unique<SftpDecoder>(rights, events, limits, account);
    EXPECT_EQ(client(init()), init());
    EXPECT_EQ(server(version()), version());
  }
  // What reaches the server; "!" and the reason for an error.
  std::string client(std::string_view bytes) {
    if (auto fed = decoder->from_client(bytes); !fed) return "!" + fed.error().what;
    auto out = decoder->to_server();
    return out ? *out : "!" + out.error().what;
  }
  std::string server(std::string_view bytes) {
    if (auto fed = decoder->from_server(bytes); !fed) return "!" + fed.error().what;
    return decoder->to_client();
  }
  std::string refusal(std::string_view bytes) {
    EXPECT_EQ(client(bytes), "") << "reached the server";
    const std::string out = decoder->to_client();
    sftp::Reader in(out);
    in.u32();
    EXPECT_EQ(in.u8(), sftp::status);
    in.u32();
    return std::to_string(in.u32());
  }
};

TEST_F(SftpDecoderTest, an_upload_in_order_gets_its_hash) {
  EXPECT_EQ(client(open(1, "a.txt", creating)), open(1, "a.txt", creating));
  server(handle(1, "h"));
  client(write(2, "h", 0, "hello ") + write(3, "h", 6, "world"));
  server(status(2, 0) + status(3, 0));
  client(close(4, "h"));
  EXPECT_TRUE(events.transfers.empty());
  server(status(4, 0));
  ASSERT_EQ(events.transfers.size(), 1u);
  const auto& t = events.transfers[0];
  EXPECT_EQ(t.path, "a.txt");
  EXPECT_EQ(t.direction, Direction::upload);
  EXPECT_EQ(t.bytes, 11u);
  EXPECT_EQ(t.sha256, sha256_hex("hello world"));
  EXPECT_TRUE(t.complete);
  EXPECT_EQ(events.acts[0].act, "open");
  EXPECT_EQ(events.acts[0].outcome, FileOutcome::done);
  EXPECT_TRUE(decoder->idle());
}

TEST_F(SftpDecoderTest, an_upload_out_of_order_appended_or_failed_has_no_hash) {
  client(open(1, "a", creating) + open(2, "b", creating | sftp::f_append) + open(3, "c", creating));
  server(handle(1, "A") + handle(2, "B") + handle(3, "C"));
  client(write(4, "A", 6, "world") + write(5, "A", 0, "hello ") + write(6, "B", 0, "x") + write(7, "C", 0, "x") + write(8, "C", 1, "y"));
  server(status(4, 0) + status(5, 0) + status(6, 0) + status(7, 0) + status(8, 4));
  client(close(9, "A") + close(10, "B") + close(11, "C"));
  server(status(9, 0) + status(10, 0) + status(11, 0));
  ASSERT_EQ(events.transfers.size(), 3u);
  for (const auto& t : events.transfers) EXPECT_FALSE(t.sha256) << t.path;
  EXPECT_EQ(events.transfers[0].bytes, 11u);
  EXPECT_TRUE(events.transfers[0].complete);
  EXPECT_EQ(events.transfers[2].bytes, 1u);
  EXPECT_FALSE(events.transfers[2].complete);
}

TEST_F(SftpDecoderTest, a_download_read_ahead_and_twice_is_counted_and_hashed_once) {
  client(open(1, "a", sftp::f_read));
  server(handle(1, "h"));
  client(read(2, "h", 4, 4) + read(3, "h", 0, 4) + read(4, "h", 0, 4) + read(5, "h", 2, 8) + read(6, "h", 10, 4));
  server(data(2, "4567") + data(3, "0123") + data(4, "0123") + data(5, "23456789") + status(6, sftp::eof));
  client(close(7, "h"));
  server(status(7, 0));
  ASSERT_EQ(events.transfers.size(), 1u);
  EXPECT_EQ(events.transfers[0].bytes, 10u);
  EXPECT_EQ(events.transfers[0].sha256, sha256_hex("0123456789"));
  EXPECT_TRUE(events.transfers[0].complete);
}

TEST_F(SftpDecoderTest, a_download_with_a_hole_or_too_far_ahead_has_no_hash) {
  client(open(1, "a", sftp::f_read) + open(2, "b", sftp::f_read));
  server(handle(1, "A") + handle(2, "B"));
  client(read(3, "A", 0, 2) + read(4, "A", 4, 2));
  server(data(3, "01") + data(4, "45"));
  const std::string block(200 * 1024, 'x');
  for (std::uint32_t i = 0; i < 2; ++i) {
    client(read(5, "B", 8 + i * block.size(), 200 * 1024));
    server(data(5, block));
  }
  client(read(6, "B", 0, 8) + close(7, "A") + close(8, "B"));
  server(data(6, "01234567") + status(7, 0) + status(8, 0));
  ASSERT_EQ(events.transfers.size(), 2u);
  EXPECT_EQ(events.transfers[0].bytes, 4u);
  EXPECT_EQ(events.transfers[1].bytes, 8 + 2 * block.size());
  for (const auto& t : events.transfers) EXPECT_FALSE(t.sha256) << t.path;
}

TEST_F(SftpDecoderTest, a_download_to_the_end_gets_its_hash) {
  client(open(1, "a", sftp::f_read));
  server(handle(1, "h"));
  client(read(2, "h", 0, 5) + read(3, "h", 5, 5) + read(4, "h", 8, 5));
  server(data(2, "01234") + data(3, "567") + status(4, sftp::eof));
  client(close(5, "h"));
  server(status(5, 0));
  ASSERT_EQ(events.transfers.size(), 1u);
  EXPECT_EQ(events.transfers[0].sha256, sha256_hex("01234567"));
  EXPECT_EQ(events.transfers[0].bytes, 8u);
  EXPECT_TRUE(events.transfers[0].complete);
}

TEST_F(SftpDecoderTest, a_download_that_stops_early_is_not_complete) {
  client(open(1, "a", sftp::f_read));
  server(handle(1, "h"));
  client(read(2, "h", 0, 5));
  server(data(2, "01234"));
  decoder->finish();
  decoder->finish();
  ASSERT_EQ(events.transfers.size(), 1u);
  EXPECT_FALSE(events.transfers[0].complete);
}

TEST_F(SftpDecoderTest, a_known_size_makes_a_download_complete) {
  client(open(1, "a", sftp::f_read));
  server(handle(1, "h"));
  client(packet(sftp::fstat, u32(2) + text("h")) + read(3, "h", 0, 5));
  server(packet(sftp::attrs, u32(2) + u32(sftp::a_size) + u64(5)) + data(3, "01234"));
  client(close(4, "h"));
  server(status(4, 0));
  EXPECT_TRUE(events.transfers.at(0).complete);
}

TEST_F(SftpDecoderTest, each_act_is_told_with_both_names_and_its_outcome) {
  client(packet(sftp::remove, u32(1) + text("a")) + packet(sftp::rename, u32(2) + text("a") + text("b")) +
         packet(sftp::mkdir, u32(3) + text("d") + u32(sftp::a_mode) + u32(0755)) + packet(sftp::rmdir, u32(4) + text("d")) +
         packet(sftp::setstat, u32(5) + text("a") + u32(sftp::a_size) + u64(7)) +
         packet(sftp::symlink, u32(6) + text("target") + text("link")) +
         extended(7, "posix-rename@openssh.com", text("x") + text("y")) + extended(8, "hardlink@openssh.com", text("x") + text("z")) +
         packet(sftp::opendir, u32(9) + text("/")));
  EXPECT_TRUE(events.acts.empty());
  for (std::uint32_t id = 1; id <= 8; ++id) server(status(id, id == 4 ? 4 : 0));
  server(handle(9, "d"));
  std::string told;
  for (const auto& a : events.acts)
    told += a.act + " " + a.path + (a.target.empty() ? "" : ">" + a.target) + (a.detail.empty() ? "" : " " + a.detail) +
            (a.outcome == FileOutcome::failed ? " failed" : "") + "; ";
  EXPECT_EQ(told, "remove a; rename a>b; mkdir d mode=0755; rmdir d failed; setstat a size=7; symlink link>target; "
                  "rename x>y; hardlink x>z; list /; ");
}

TEST_F(SftpDecoderTest, without_upload_nothing_that_changes_reaches_the_server) {
  rights = {false, true};
  greet();
  const std::string attrs = u32(0);
  const std::vector<std::string> forbidden = {
      open(1, "a", creating), open(1, "a", sftp::f_read | sftp::f_write), open(1, "a", sftp::f_creat), open(1, "a", sftp::f_append),
      open(1, "a", sftp::f_read | sftp::f_trunc), write(1, "h", 0, "x"), packet(sftp::setstat, u32(1) + text("a") + attrs),
      packet(sftp::fsetstat, u32(1) + text("h") + attrs), packet(sftp::remove, u32(1) + text("a")),
      packet(sftp::mkdir, u32(1) + text("a") + attrs), packet(sftp::rmdir, u32(1) + text("a")),
      packet(sftp::rename, u32(1) + text("a") + text("b")), packet(sftp::symlink, u32(1) + text("a") + text("b")),
      extended(1, "posix-rename@openssh.com", text("a") + text("b")), extended(1, "hardlink@openssh.com", text("a") + text("b")),
      extended(1, "lsetstat@openssh.com", text("a") + attrs),
      extended(1, "copy-data", text("h") + u64(0) + u64(0) + text("g") + u64(0))};
  for (const auto& request : forbidden) EXPECT_EQ(refusal(request), "3");
  for (const auto& act : events.acts) EXPECT_EQ(act.outcome, FileOutcome::refused) << act.act;
  EXPECT_GE(events.acts.size(), 14u);
  EXPECT_FALSE(client(open(2, "a", sftp::f_read)).empty());
  EXPECT_FALSE(client(packet(sftp::stat, u32(3) + text("a"))).empty());
}

TEST_F(SftpDecoderTest, without_download_no_content_comes_out) {
  rights = {true, false};
  greet();
  EXPECT_EQ(refusal(open(1, "a", sftp::f_read)), "3");
  EXPECT_EQ(refusal(open(1, "a", 0)), "3") << "the server takes no flag as reading";
  EXPECT_EQ(refusal(open(1, "a", sftp::f_read | creating)), "3");
  EXPECT_EQ(refusal(read(1, "h", 0, 9)), "3");
  EXPECT_FALSE(client(open(2, "a", creating)).empty());
}

// A handle is a small number in OpenSSH: guessed ahead of the answer, it would be written unseen.
TEST_F(SftpDecoderTest, a_handle_that_was_not_given_out_is_refused) {
  client(open(1, "a", creating));
  EXPECT_EQ(refusal(write(2, std::string("\0\0\0\0", 4), 0, "x")), "4");
  server(handle(1, "h"));
  client(close(3, "h"));
  EXPECT_EQ(refusal(write(4, "h", 0, "x")), "4") << "closed";
}

TEST_F(SftpDecoderTest, an_unknown_extension_is_unsupported_and_does_not_pass) {
  EXPECT_EQ(refusal(extended(1, "run-anything@example.com", text("x"))), "8");
  EXPECT_FALSE(client(extended(2, "limits@openssh.com", "")).empty());
}

TEST_F(SftpDecoderTest, bytes_may_come_one_at_a_time) {
  std::string passed;
  for (char c : open(1, "a", creating)) passed += client({&c, 1});
  EXPECT_EQ(passed, open(1, "a", creating));
  std::string back;
  for (char c : handle(1, "h")) back += server({&c, 1});
  EXPECT_EQ(back, handle(1, "h"));
}

// ---- what ends the stream ----

TEST_F(SftpDecoderTest, every_truncated_request_ends_the_stream) {
  client(open(100, "f", sftp::f_read | sftp::f_write) + open(101, "g", sftp::f_read | sftp::f_write));
  server(handle(100, "h") + handle(101, "g"));
  const std::string attrs = u32(sftp::a_size | sftp::a_owner | sftp::a_mode | sftp::a_times | sftp::a_extended) + u64(1) + u64(2) + u32(3) + u64(4) + u32(1) + text("k") + text("v");
  std::vector<std::pair<std::uint8_t, std::string>> requests = {
      {sftp::open, text("a") + u32(3) + attrs}, {sftp::close, text("h")}, {sftp::read, text("h") + u64(0) + u32(1)},
      {sftp::write, text("h") + u64(0) + text("x")}, {sftp::lstat, text("a")}, {sftp::fstat, text("h")},
      {sftp::setstat, text("a") + attrs}, {sftp::fsetstat, text("h") + attrs}, {sftp::opendir, text("a")},
      {sftp::readdir, text("h")}, {sftp::remove, text("a")}, {sftp::mkdir, text("a") + attrs}, {sftp::rmdir, text("a")},
      {sftp::realpath, text("a")}, {sftp::stat, text("a")}, {sftp::rename, text("a") + text("b")},
      {sftp::readlink, text("a")}, {sftp::symlink, text("a") + text("b")},
      {sftp::extended, text("posix-rename@openssh.com") + text("a") + text("b")},
      {sftp::extended, text("copy-data") + text("h") + u64(0) + u64(0) + text("g") + u64(0)},
      {sftp::extended, text("lsetstat@openssh.com") + text("a") + attrs},
      {sftp::extended, text("fsync@openssh.com") + text("h")}, {sftp::extended, text("statvfs@openssh.com") + text("a")},
      {sftp::extended, text("users-groups-by-id@openssh.com") + text("") + text("")}};
  for (const auto& [type, body] : requests) {
    const std::string whole = u32(1) + body;
    for (std::size_t n = 0; n < whole.size(); ++n) {
      Events quiet;
      UploadAccount fresh_account;
      SftpDecoder fresh({true, true}, quiet, {}, fresh_account);
      const auto feed = [&fresh](const std::string& bytes) {
        auto fed = fresh.from_client(bytes);
        return fed ? fresh.to_server() : Result<std::string>(std::unexpected(fed.error()));
      };
      ASSERT_TRUE(feed(init()));
      ASSERT_TRUE(fresh.from_server(std::string_view(version())));
      const auto result = feed(packet(type, whole.substr(0, n)));
      ASSERT_FALSE(result) << int(type) << " cut at " << n;
      EXPECT_EQ(result.error().code, Errc::bad_frame);
    }
    Events quiet;
    UploadAccount fresh_account;
    SftpDecoder fresh({true, true}, quiet, {}, fresh_account);
    ASSERT_TRUE(fresh.from_client(std::string_view(init())) && fresh.to_server() && fresh.from_server(std::string_view(version())));
    const std::string longer = packet(type, whole + "x");
    ASSERT_TRUE(fresh.from_client(std::string_view(longer)));
    EXPECT_FALSE(fresh.to_server()) << int(type) << " with a byte too many";
  }
}

TEST_F(SftpDecoderTest, lengths_out_of_bounds_end_the_stream) {
  EXPECT_EQ(client(u32(0)), "!SFTP: a packet of no bytes");
  greet();
  EXPECT_EQ(client(u32(256 * 1024 + 1)), "!SFTP: a packet longer than 256 KiB");
  greet();
  EXPECT_EQ(client(u32(0xffffffff)), "!SFTP: a packet longer than 256 KiB");
  greet();
  EXPECT_EQ(server(u32(0x7fffffff)), "!SFTP: a packet longer than 256 KiB");
  greet();
  EXPECT_EQ(client(packet(sftp::stat, u32(1) + text(std::string(5000, 'a')))), "!SFTP: a broken request on a path");
  greet();
  EXPECT_EQ(client(write(1, std::string(257, 'h'), 0, "x")), "!SFTP: a broken request on a handle");
}

TEST_F(SftpDecoderTest, unknown_types_flags_and_numbers_end_the_stream) {
  for (int type : {0, 1, 2, 21, 99, 101, 102, 103, 104, 105, 199, 201, 255}) {
    greet();
    EXPECT_EQ(client(packet(static_cast<std::uint8_t>(type), u32(1)))[0], '!') << type;
  }
  greet();
  EXPECT_EQ(client(open(1, "a", 64)), "!SFTP: a broken OPEN");
  greet();
  EXPECT_EQ(client(packet(sftp::setstat, u32(1) + text("a") + u32(0x100))), "!SFTP: a broken request on a path");
  greet();
  EXPECT_EQ(client(open(1, "a", creating) + open(1, "b", creating)), "!SFTP: a request number that is in use");
  greet();
  EXPECT_EQ(server(status(7, 0)), "!SFTP: an answer to no request");
  greet();
  client(read(1, "none", 0, 1) + open(2, "a", sftp::f_read));
  EXPECT_EQ(server(data(2, "x")), "!SFTP: an answer of the wrong type, 103");
}

TEST_F(SftpDecoderTest, the_greeting_has_one_order) {
  decoder = std::make_unique<SftpDecoder>(rights, events, limits, account);
  EXPECT_EQ(client(open(1, "a", 1)), "!SFTP: a request before INIT");
  decoder = std::make_unique<SftpDecoder>(rights, events, limits, account);
  EXPECT_EQ(server(version()), "!SFTP: no VERSION 3 as first answer");
  decoder = std::make_unique<SftpDecoder>(rights, events, limits, account);
  EXPECT_EQ(client(init() + open(1, "a", 1)), "!SFTP: a request before the server's VERSION");
  decoder = std::make_unique<SftpDecoder>(rights, events, limits, account);
  EXPECT_EQ(client(packet(sftp::init, u32(2))), "!SFTP: a version before 3");
  decoder = std::make_unique<SftpDecoder>(rights, events, limits, account);
  client(init());
  EXPECT_EQ(server(packet(sftp::version, u32(4))), "!SFTP: no VERSION 3 as first answer");
}

TEST_F(SftpDecoderTest, more_data_than_asked_ends_the_stream) {
  client(open(1, "a", sftp::f_read));
  server(handle(1, "h"));
  client(read(2, "h", 0, 2));
  EXPECT_EQ(server(data(2, "123")), "!SFTP: broken data");
}

// ---- bounds ----

TEST_F(SftpDecoderTest, the_governor_holds_what_the_server_has_not_answered) {
  client(open(1, "a", creating));
  server(handle(1, "h"));
  const std::string block(32 * 1024, 'b');
  std::size_t passed = 0;
  for (std::uint32_t i = 0; i < 32; ++i) passed += client(write(10 + i, "h", i * block.size(), block)).size();
  EXPECT_LE(passed, SftpDecoder::max_unanswered + block.size() + 64);
  EXPECT_TRUE(decoder->governed());
  EXPECT_LE(decoder->unanswered(), SftpDecoder::max_unanswered + SftpDecoder::max_packet);
  std::uint32_t answered = 0;
  while (answered < 32) {
    server(status(10 + answered++, 0));
    passed += client("").size();
  }
  EXPECT_EQ(passed, 32 * write(1, "h", 0, block).size());
  EXPECT_TRUE(decoder->idle());
}

TEST_F(SftpDecoderTest, reads_are_held_by_the_data_they_ask_for) {
  client(open(1, "a", sftp::f_read));
  server(handle(1, "h"));
  std::string many;
  for (std::uint32_t i = 0; i < 100; ++i) many += read(10 + i, "h", 0, 0xffffffff);
  EXPECT_EQ(client(many).size(), 4 * read(1, "h", 0, 1).size());
}

TEST_F(SftpDecoderTest, refusals_wait_when_the_client_does_not_read_them) {
  rights = {false, true};
  greet();
  std::string many;
  for (std::uint32_t i = 0; i < 20000; ++i) many += packet(sftp::remove, u32(i) + text("a"));
  EXPECT_EQ(client(many), "");
  EXPECT_TRUE(decoder->governed());
  EXPECT_LT(decoder->answers(), 300u * 1024);
  std::size_t total = 0;
  for (int i = 0; i < 100 && decoder->held() > 0; ++i) total += decoder->to_client().size(), client("");
  EXPECT_EQ(decoder->held(), 0u);
  EXPECT_GT(total, 1'000'000u);
}

TEST_F(SftpDecoderTest, handles_are_bounded) {
  for (std::uint32_t i = 0; i < 256; ++i) {
    client(open(i, "a", sftp::f_read));
    server(handle(i, "h" + std::to_string(i)));
  }
  EXPECT_EQ(refusal(open(999, "a", sftp::f_read)), "4");
}

TEST(NameForRecord, is_printable_and_reversible) {
  EXPECT_EQ(name_for_record("été/a b.txt"), "été/a b.txt");
  EXPECT_EQ(name_for_record("a\nb\\\x1b[2J"), "a\\x0ab\\\\\\x1b[2J");
  EXPECT_EQ(name_for_record("a\xff\xc3"), "a\\xff\\xc3");
}

// ---- a landing folder and limits ----

std::string on_path(std::uint8_t type, std::uint32_t id, std::string_view path) { return packet(type, u32(id) + text(path) + u32(0)); }

class SftpLimitsTest : public SftpDecoderTest {
 protected:
  void SetUp() override {
    limits = {"/srv/depot", 1000, 1500};
    greet();
  }
  bool passes(const std::string& bytes) {
    const bool out = client(bytes) == bytes;
    decoder->to_client();
    return out;
  }
  void opened(std::uint32_t id, std::string_view h, std::uint32_t flags = creating) {
    ASSERT_TRUE(passes(open(id, h, flags)));
    server(handle(id, h));
  }
};

TEST_F(SftpLimitsTest, what_writes_must_land_in_the_folder) {
  std::uint32_t id = 0;
  for (const char* name : {"a", "./a", "b//c/./a", "/srv/depot/a", "/srv/depot//b/a", "...", "..a"})
    EXPECT_TRUE(passes(open(++id, name, creating))) << name;
  for (const char* name : {"", ".", "./", "/", "..", "../a", "b/../a", "b/..", "/srv/depot", "/srv/depot/", "/srv/depot/.", "/srv/depots/a",
                           "/srv", "/srv/depot/../a", "/srv//depot/a", "/etc/passwd", "/srv/./depot/a", "~/a/.."}) {
    EXPECT_EQ(refusal(open(++id, name, creating)), "3") << name;
    EXPECT_EQ(refusal(open(++id, name, sftp::f_read | sftp::f_write)), "3") << name;
    EXPECT_EQ(refusal(open(++id, name, sftp::f_append)), "3") << name;
    for (const auto type : {sftp::setstat, sftp::mkdir}) EXPECT_EQ(refusal(on_path(type, ++id, name)), "3") << name;
    for (const auto type : {sftp::remove, sftp::rmdir}) EXPECT_EQ(refusal(packet(type, u32(++id) + text(name))), "3") << name;
    EXPECT_EQ(refusal(extended(++id, "lsetstat@openssh.com", text(name) + u32(0))), "3") << name;
    for (const std::string& two : {text("a") + text(name), text(name) + text("a")}) {
      EXPECT_EQ(refusal(packet(sftp::rename, u32(++id) + two)), "3") << name;
      EXPECT_EQ(refusal(extended(++id, "posix-rename@openssh.com", two)), "3") << name;
    }
  }
  EXPECT_EQ(events.acts.back().outcome, FileOutcome::refused);
  EXPECT_EQ(events.acts.back().why, "only inside /srv/depot can anything be changed");
}

// sftp-server ends a name at a zero byte that comes last, so ".." and a zero is "..".
TEST_F(SftpLimitsTest, a_zero_byte_hides_no_way_up) {
  EXPECT_EQ(refusal(open(1, std::string_view("b/..\0", 5), creating)), "3");
  EXPECT_EQ(refusal(on_path(sftp::mkdir, 2, std::string_view("..\0", 3))), "3");
  EXPECT_EQ(refusal(open(3, std::string_view("a\0b", 3), creating)), "3");
}

TEST_F(SftpLimitsTest, no_link_is_made_and_reading_goes_on_elsewhere) {
  EXPECT_EQ(refusal(packet(sftp::symlink, u32(1) + text("a") + text("b"))), "3");
  EXPECT_EQ(refusal(extended(2, "hardlink@openssh.com", text("a") + text("b"))), "3");
  EXPECT_TRUE(passes(open(3, "/etc/hosts", sftp::f_read)));
  EXPECT_TRUE(passes(packet(sftp::opendir, u32(4) + text(".."))));
  EXPECT_TRUE(passes(packet(sftp::stat, u32(5) + text("/etc"))));
  EXPECT_TRUE(passes(packet(sftp::mkdir, u32(6) + text("b") + u32(0))));
}

TEST_F(SftpLimitsTest, a_handle_from_outside_changes_nothing) {
  opened(1, "/etc/hosts", sftp::f_read);
  opened(2, "in");
  EXPECT_EQ(refusal(packet(sftp::fsetstat, u32(3) + text("/etc/hosts") + u32(0))), "3");
  EXPECT_EQ(refusal(write(4, "/etc/hosts", 0, "x")), "4");
  EXPECT_EQ(refusal(extended(5, "copy-data", text("in") + u64(0) + u64(10) + text("/etc/hosts") + u64(0))), "3");
  EXPECT_TRUE(passes(packet(sftp::fsetstat, u32(6) + text("in") + u32(0))));
  EXPECT_TRUE(passes(extended(7, "copy-data", text("/etc/hosts") + u64(0) + u64(10) + text("in") + u64(0))));
}

TEST_F(SftpLimitsTest, a_file_grows_to_its_limit_and_not_by_a_byte_more) {
  opened(1, "a");
  EXPECT_TRUE(passes(write(2, "a", 0, std::string(600, 'x'))));
  EXPECT_TRUE(passes(write(3, "a", 600, std::string(400, 'x'))));
  const auto before = events.acts.size();
  EXPECT_EQ(client(write(4, "a", 1000, "x")), "");
  EXPECT_NE(decoder->to_client().find("the practice takes files of at most"), std::string::npos);
  EXPECT_EQ(refusal(write(5, "a", ~0ULL, "xy")), "4");
  ASSERT_EQ(events.acts.size(), before + 1) << "one line for a file";
  EXPECT_EQ(events.acts.back().act, "write");
  EXPECT_EQ(events.acts.back().outcome, FileOutcome::refused);
  server(status(2, 0) + status(3, 0));
  client(close(6, "a"));
  server(status(6, 0));
  ASSERT_EQ(events.transfers.size(), 1u);
  EXPECT_EQ(events.transfers[0].bytes, 1000u);
  EXPECT_FALSE(events.transfers[0].complete);
  EXPECT_FALSE(events.transfers[0].sha256);
}

TEST_F(SftpLimitsTest, a_session_has_one_account_for_all_its_channels) {
  opened(1, "a");
  EXPECT_TRUE(passes(write(2, "a", 0, std::string(1000, 'x'))));
  server(status(2, 0));
  greet();  // another channel
  opened(1, "b");
  EXPECT_EQ(refusal(write(2, "b", 0, std::string(501, 'x'))), "4");
  EXPECT_EQ(events.acts.back().why, "the practice takes at most 0 MB in one session");
  EXPECT_TRUE(passes(write(3, "b", 0, std::string(500, 'x'))));
  EXPECT_EQ(account.bytes, 1500u);
  server(status(3, sftp::failure));
  EXPECT_EQ(account.bytes, 1000u) << "what did not arrive does not count";
  EXPECT_TRUE(passes(write(4, "b", 0, "x")));
}

TEST_F(SftpLimitsTest, neither_appending_nor_a_size_nor_a_copy_passes_by_the_limit) {
  opened(1, "a", sftp::f_append);
  EXPECT_TRUE(passes(write(2, "a", 0, std::string(1000, 'x'))));
  EXPECT_EQ(refusal(write(3, "a", 0, "x")), "4");
  const std::string size = u32(sftp::a_size) + u64(1001);
  EXPECT_EQ(refusal(packet(sftp::setstat, u32(4) + text("a") + size)), "4");
  EXPECT_EQ(refusal(packet(sftp::fsetstat, u32(5) + text("a") + size)), "4");
  EXPECT_EQ(refusal(extended(6, "copy-data", text("a") + u64(0) + u64(0) + text("a") + u64(0))), "4");
  EXPECT_EQ(refusal(extended(7, "copy-data", text("a") + u64(0) + u64(10) + text("a") + u64(995))), "4");
  EXPECT_EQ(refusal(extended(8, "copy-data", text("a") + u64(0) + u64(501) + text("a") + u64(0))), "4");
  EXPECT_TRUE(passes(extended(9, "copy-data", text("a") + u64(0) + u64(500) + text("a") + u64(0))));
  EXPECT_EQ(account.bytes, 1500u);
}

TEST_F(SftpLimitsTest, a_right_that_was_not_consented_is_still_refused_as_such) {
  rights = {false, true};
  greet();
  EXPECT_EQ(refusal(open(1, "a", creating)), "3");
  EXPECT_EQ(events.acts.back().why, "");
}

}  // namespace
}  // namespace pontlevis::agent
