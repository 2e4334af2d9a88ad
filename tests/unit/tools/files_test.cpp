// The real sftp-server, and both a small client of our own and OpenSSH's sftp in front of it.
#include "agent/tools/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "agent/tools/fd_stream.hpp"
#include "agent/tools/sftp_wire.hpp"
#include "protocol/crypto/sha256.hpp"
#include "tests/unit/tools/tools_test.hpp"

namespace pontlevis::agent::testing {
namespace {

namespace fs = std::filesystem;
using namespace boost::asio::experimental::awaitable_operators;

struct Events final : FileEvents {
  std::vector<TransferDone> transfers;
  std::vector<FileAct> acts;
  void transfer_done(const TransferDone& t) override { transfers.push_back(t); }
  void file_act(const FileAct& a) override { acts.push_back(a); }
  std::string told() const {
    std::string out;
    for (const auto& a : acts)
      out += a.act + " " + fs::path(a.path).filename().string() + (a.outcome == FileOutcome::refused ? " refused" : a.outcome == FileOutcome::failed ? " failed" : "") + "; ";
    return out;
  }
};

std::string pattern(std::size_t size) {
  std::string out(size, '\0');
  std::uint32_t x = 1;
  for (auto& c : out) c = static_cast<char>((x = x * 1664525 + 1013904223) >> 24);
  return out;
}

struct Duplex final : io::ByteStream {
  Duplex(const boost::asio::any_io_executor& ex, Fd read_end, Fd write_end)
      : in(ex, std::move(read_end), FdStream::Kind::pipe), out(ex, std::move(write_end), FdStream::Kind::pipe) {}
  FdStream in, out;
  Awaitable<Result<std::size_t>> read_some(std::span<char> into) override { return in.read_some(into); }
  Awaitable<Result<>> write_all(std::span<const char> bytes) override { return out.write_all(bytes); }
  void shutdown_write() override { out.shutdown_write(); }
  void close() noexcept override { in.close(), out.close(); }
};

class FilesTest : public ToolsTest {
 protected:
  void SetUp() override {
    ToolsTest::SetUp();
    folder = fs::path(::testing::TempDir()) / ("pontlevis-files-" + std::to_string(::getpid()));
    fs::create_directories(folder);
    tool.folder = folder;
  }
  void TearDown() override {
    ToolsTest::TearDown();
    fs::remove_all(folder);
  }
  std::unique_ptr<FilesRun> start(FileRights rights) {
    auto run = FilesRun::start(loop.get_executor(), *reaper, session, tool, rights, gate, events, account);
    EXPECT_TRUE(run) << run.error().text();
    return run ? *std::move(run) : nullptr;
  }
  void put(const std::string& name, const std::string& content) { std::ofstream(folder / name, std::ios::binary) << content; }
  std::string get(const std::string& name) { return io::read_file(folder / name, 64 << 20).value_or("<none>"); }

  static Awaitable<void> serving(FilesRun* run, ChannelEnd end, Result<ExitStatus>* result) { *result = co_await run->serve(std::move(end)); }
  static Awaitable<void> both(Awaitable<void> a, Awaitable<void> b) { co_await (std::move(a) && std::move(b)); }

  // OpenSSH's sftp with `batch`; a script in place of ssh passes its bytes through two FIFOs to us.
  int sftp(FileRights rights, const std::string& batch) {
    for (const char* way : {"to-us", "from-us"}) ::mkfifo((folder / way).c_str(), 0600);
    put("ssh", "#!/bin/sh\ncat <from-us &\ncat >to-us\nexec 0<&-\nwait\n");
    fs::permissions(folder / "ssh", fs::perms::owner_all);
    put("batch", batch);
    const std::string command = "cd " + folder.string() + " && exec /usr/bin/sftp -q -b batch -S ./ssh x >sftp.log 2>&1";
    const int pid = ::fork();
    if (pid == 0) {
      ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
      ::_exit(127);
    }
    auto run = start(rights);
    Fd to_us(::open((folder / "to-us").c_str(), O_RDONLY | O_CLOEXEC));  // waits for the script
    Fd from_us(::open((folder / "from-us").c_str(), O_WRONLY | O_CLOEXEC));
    Duplex stream(loop.get_executor(), std::move(to_us), std::move(from_us));
    ChannelEnd end;
    end.data = &stream;
    on_loop(serving(run.get(), std::move(end), &result), loop);
    int status = 0;
    ::waitpid(pid, &status, 0);
    return WEXITSTATUS(status);
  }

  fs::path folder;
  FilesTool tool;
  Events events;
  UploadAccount account;
  Result<ExitStatus> result = ExitStatus{};
};

TEST_F(FilesTest, the_stock_client_uploads_and_downloads_sixteen_megabytes_with_equal_hashes) {
  const std::string content = pattern(16 << 20);
  put("up", content);
  EXPECT_EQ(sftp({true, true}, "put up stored\nget stored back\n"), 0) << get("sftp.log");
  EXPECT_EQ(get("stored"), content);
  EXPECT_EQ(get("back"), content);
  ASSERT_EQ(events.transfers.size(), 2u);
  EXPECT_EQ(events.transfers[0].direction, Direction::upload);
  EXPECT_EQ(events.transfers[1].direction, Direction::download);
  for (const auto& t : events.transfers) {
    EXPECT_EQ(t.bytes, content.size());
    EXPECT_EQ(t.sha256, sha256_hex(content));
    EXPECT_TRUE(t.complete);
  }
}

TEST_F(FilesTest, the_stock_client_does_all_else) {
  put("a", "1");
  EXPECT_EQ(sftp({true, true}, "mkdir d\nput a d/a\nrename d/a d/b\nchmod 600 d/b\nln d/b d/c\nln -s b d/s\nls -l d\ndf d\nrm d/b\nrm d/c\nrm d/s\nrmdir d\n"), 0)
      << get("sftp.log");
  EXPECT_NE(events.told().find("rename a; "), std::string::npos) << events.told();
  for (const char* act : {"mkdir d; ", "open a; ", "setstat b; ", "hardlink b; ", "symlink s; ", "list ", "remove b; ", "rmdir d; "})
    EXPECT_NE(events.told().find(act), std::string::npos) << act << " in " << events.told();
}

TEST_F(FilesTest, the_stock_client_reads_only_where_upload_is_not_allowed) {
  put("a", "content");
  EXPECT_EQ(sftp({false, true}, "get a b\n-put a c\n-rm a\n-mkdir d\n-rename a z\nls\n"), 0) << get("sftp.log");
  EXPECT_EQ(get("b"), "content");
  EXPECT_EQ(get("c"), "<none>");
  EXPECT_EQ(get("a"), "content");
  EXPECT_NE(events.told().find("open c refused; "), std::string::npos) << events.told();
  EXPECT_NE(events.told().find("remove a refused; mkdir d refused; rename a refused; "), std::string::npos) << events.told();
}

TEST_F(FilesTest, the_stock_client_writes_only_where_download_is_not_allowed) {
  put("a", "content");
  EXPECT_EQ(sftp({true, false}, "put a c\n-get a b\n"), 0) << get("sftp.log");
  EXPECT_EQ(get("c"), "content");
  EXPECT_EQ(fs::exists(folder / "b") ? get("b") : "", "");
  EXPECT_NE(events.told().find("open a refused; "), std::string::npos) << events.told();
}

TEST_F(FilesTest, starts_nothing_without_a_right_and_says_why_a_server_is_missing) {
  const auto none = FilesRun::start(loop.get_executor(), *reaper, session, tool, {}, gate, events, account);
  EXPECT_EQ(none.error().code, Errc::not_allowed);
  tool.server = "/no/such/sftp-server";
  const auto missing = FilesRun::start(loop.get_executor(), *reaper, session, tool, {true, true}, gate, events, account);
  EXPECT_EQ(missing.error().code, Errc::not_found);
}

// ---- a client of our own ----

std::string u32(std::uint32_t v) { std::string s; sftp::put32(s, v); return s; }
std::string u64(std::uint64_t v) { std::string s; sftp::put64(s, v); return s; }
std::string text(std::string_view t) { std::string s; sftp::put_text(s, t); return s; }

Awaitable<std::string> next_packet(Operator* op) {
  std::string got;
  const auto want = [&got] { return got.size() < 4 ? std::size_t{4} : 4 + sftp::Reader(got).u32(); };
  std::vector<char> part(64 * 1024);
  while (got.size() < want()) {
    const auto n = co_await op->output.read({part.data(), std::min(part.size(), want() - got.size())});
    if (!n || *n == 0) co_return "";
    got.append(part.data(), *n);
  }
  co_return got.substr(4);
}

Awaitable<std::string> greet_and_open(Operator* op, std::string path, std::uint32_t flags) {
  co_await op->type(sftp::packet(sftp::init, u32(3)));
  co_await next_packet(op);
  co_await op->type(sftp::packet(sftp::open, u32(0) + text(path) + u32(flags) + u32(0)));
  const auto reply = co_await next_packet(op);
  sftp::Reader in(reply);
  if (in.u8() != sftp::handle) co_return "";
  in.u32();
  co_return std::string(in.text(256));
}

// As PuTTY: 4 KiB writes, 1 MB ahead of the answers.
Awaitable<void> write_ahead(Operator* op, const std::string* content, std::string handle) {
  std::uint32_t id = 1;
  for (std::size_t at = 0; at < content->size(); at += 4096, ++id)
    co_await op->type(sftp::packet(sftp::write, u32(id) + text(handle) + u64(at) + text(content->substr(at, 4096))));
  co_await op->type(sftp::packet(sftp::close, u32(id) + text(handle)));
}
Awaitable<void> take_answers(Operator* op, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto reply = co_await next_packet(op);
    EXPECT_EQ(reply.empty() ? 0 : reply[0], static_cast<char>(sftp::status));
    if (reply.empty()) co_return;
  }
  op->input.end();
  co_await op->all_output();
}
Awaitable<void> upload_ahead(Operator* op, const std::string* content) {
  auto handle = co_await greet_and_open(op, "ahead", sftp::f_write | sftp::f_creat | sftp::f_trunc);
  auto writing = write_ahead(op, content, handle);
  auto taking = take_answers(op, content->size() / 4096 + 1);
  co_await (std::move(writing) && std::move(taking));
}

TEST_F(FilesTest, a_client_far_ahead_of_the_answers_is_fast) {
  const std::string content = pattern(16 << 20);
  Operator op(loop.get_executor(), 1 << 20);
  auto run = start({true, false});
  const auto begun = std::chrono::steady_clock::now();
  on_loop(both(serving(run.get(), op.end(), &result), upload_ahead(&op, &content)), loop);
  const auto took = std::chrono::steady_clock::now() - begun;
  EXPECT_EQ(get("ahead"), content);
  ASSERT_EQ(events.transfers.size(), 1u);
  EXPECT_EQ(events.transfers[0].sha256, sha256_hex(content));
  EXPECT_EQ(op.status->code, 0);
  RecordProperty("took_ms", static_cast<int>(std::chrono::duration_cast<Millis>(took).count()));
}

Awaitable<void> break_the_rules(Operator* op) {
  const auto handle = co_await greet_and_open(op, "broken", sftp::f_write | sftp::f_creat);
  EXPECT_FALSE(handle.empty());
  co_await op->type(u32(0x7fffffff));
  co_await op->all_output();
}

TEST_F(FilesTest, a_malformed_packet_closes_the_stream_with_its_reason) {
  Operator op(loop.get_executor());
  auto run = start({true, true});
  on_loop(both(serving(run.get(), op.end(), &result), break_the_rules(&op)), loop);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::bad_frame);
  EXPECT_EQ(result.error().what, "SFTP: a packet longer than 256 KiB");
  ASSERT_EQ(events.transfers.size(), 1u);
  EXPECT_FALSE(events.transfers[0].complete);
  EXPECT_FALSE(op.status);
}

Awaitable<void> cut_within_a_packet(Operator* op) {
  co_await greet_and_open(op, "cut", sftp::f_write | sftp::f_creat);
  co_await op->type(u32(100) + "abc");
  op->input.end();
  co_await op->all_output();
}

TEST_F(FilesTest, an_end_within_a_packet_is_an_error) {
  Operator op(loop.get_executor());
  auto run = start({true, true});
  on_loop(both(serving(run.get(), op.end(), &result), cut_within_a_packet(&op)), loop);
  EXPECT_EQ(result.error().what, "SFTP: the stream ends within a packet");
}

Awaitable<void> write_in_pause(Operator* op, SwitchedGate* gate, fs::path file) {
  const auto handle = co_await greet_and_open(op, "paused", sftp::f_write | sftp::f_creat);
  gate->set(GateState::paused);
  co_await op->type(sftp::packet(sftp::write, u32(1) + text(handle) + u64(0) + text("x")));
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, std::chrono::milliseconds(100));
  co_await timer.async_wait(boost::asio::use_awaitable);
  EXPECT_EQ(fs::file_size(file), 0u);
  gate->set(GateState::open);
  EXPECT_EQ((co_await next_packet(op)).empty(), false);
  EXPECT_EQ(fs::file_size(file), 1u);
  op->input.end();
  co_await op->all_output();
}

TEST_F(FilesTest, a_pause_holds_requests) {
  Operator op(loop.get_executor());
  auto run = start({true, true});
  on_loop(both(serving(run.get(), op.end(), &result), write_in_pause(&op, &gate, folder / "paused")), loop);
  EXPECT_TRUE(result);
}

Awaitable<void> leave_open(Operator* op) {
  co_await greet_and_open(op, "left", sftp::f_write | sftp::f_creat);
  op->leave();
}

TEST_F(FilesTest, the_operator_leaving_is_an_incomplete_transfer) {
  Operator op(loop.get_executor());
  auto run = start({true, true});
  on_loop(both(serving(run.get(), op.end(), &result), leave_open(&op)), loop);
  EXPECT_EQ(result.error().code, Errc::closed);
  ASSERT_EQ(events.transfers.size(), 1u);
  EXPECT_FALSE(events.transfers[0].complete);
}

TEST_F(FilesTest, a_server_that_fails_says_why) {
  tool.server = "/bin/sh";
  tool.prefix = {"/bin/sh", "-c", "echo maintenance is unknown >&2; exit 1", "--"};
  Operator op(loop.get_executor());
  auto run = start({true, true});
  on_loop(both(serving(run.get(), op.end(), &result), both(op.type("x"), [](Operator* o) -> Awaitable<void> { co_await o->all_output(); }(&op))), loop);
  EXPECT_EQ(result.error().what, "the file server ended: maintenance is unknown?");
}

// The landing folder lies in `folder`, and in it links that the practice itself made.
TEST_F(FilesTest, a_landing_folder_takes_what_comes_and_links_in_it_lead_nowhere) {
  fs::create_directories(folder / "depot");
  put("outside", "the practice's");
  put("up", pattern(1000));
  fs::create_symlink(folder, folder / "depot" / "way-out");
  fs::create_symlink(folder / "outside", folder / "depot" / "link");
  tool.folder.clear();
  tool.landing = folder / "depot";
  EXPECT_EQ(sftp({true, true}, "-put up way-out/made\n-put up link\n-rm way-out/outside\n-mkdir way-out/d\n-rename link way-out/moved\n"
                               "-symlink up another\n-put up ../made\n-put up " + folder.string() + "/made\nput up kept\nmkdir d\nrename kept d/kept\n"
                               "get link back\n"), 0) << get("sftp.log");
  EXPECT_EQ(get("outside"), "the practice's") << get("sftp.log");
  EXPECT_EQ(get("depot/d/kept"), pattern(1000));
  EXPECT_EQ(get("back"), "the practice's") << "reading stays as the consent says";
  for (const char* name : {"made", "d", "moved", "depot/another"}) EXPECT_FALSE(fs::exists(folder / name)) << name;
}

TEST_F(FilesTest, a_landing_folder_that_is_not_there_is_made_for_its_account_alone) {
  tool.landing = folder / "new";
  ASSERT_TRUE(start({true, true}));
  EXPECT_EQ(fs::status(folder / "new").permissions(), fs::perms::owner_all);
  tool.landing = folder / "other";
  tool.prefix = {"/usr/bin/env"};
  const auto run = FilesRun::start(loop.get_executor(), *reaper, session, tool, {true, true}, gate, events, account);
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().code, Errc::not_found);
  EXPECT_NE(run.error().text().find("the landing folder cannot be used"), std::string::npos) << run.error().text();
}

TEST_F(FilesTest, the_stock_client_meets_the_size_limits_and_goes_on) {
  tool.largest_file_mb = 1;
  tool.largest_session_mb = 2;
  put("big", pattern((1 << 20) + 1));
  put("fits", pattern(1 << 20));
  EXPECT_EQ(sftp({true, true}, "-put big b\nput fits f\n-put fits g\nls\n"), 0) << get("sftp.log");
  EXPECT_EQ(get("f"), pattern(1 << 20));
  EXPECT_LE(fs::file_size(folder / "b"), 1u << 20);
  EXPECT_EQ(std::ranges::count(events.acts, FileOutcome::refused, &FileAct::outcome), 2) << events.told();
}

}  // namespace
}  // namespace pontlevis::agent::testing
