#include "agent/tools/files.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <algorithm>
#include <filesystem>

#include "agent/tools/confine.hpp"
#include "agent/tools/environment.hpp"
#include "agent/tools/program_end.hpp"
#include "agent/tools/wakeup.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {
namespace {

using namespace boost::asio::experimental::awaitable_operators;

constexpr std::size_t buffer_bytes = 64 * 1024;
constexpr std::size_t max_waiting_answers = 256 * 1024;

std::unexpected<Error> no_landing(const std::filesystem::path& folder, const std::string& why) {
  return fail(Errc::not_found, "the landing folder cannot be used: " + why, folder.string(),
              "make it for the account that `prefix` names, and let the agent enter it");
}

// Made for the agent's own account where no prefix leads to another one. Its true name, since clients ask
// the server for that and then use it.
Result<std::string> landing_folder(const FilesTool& tool) {
  if (tool.landing.empty()) return std::string();
  namespace fs = std::filesystem;
  const fs::path folder = fs::path(this_user().home) / tool.landing;
  std::error_code error;
  if (tool.prefix.empty() && fs::create_directory(folder, error)) fs::permissions(folder, fs::perms::owner_all, error);
  if (error) return no_landing(folder, error.message());
  const fs::path real = fs::canonical(folder, error);
  if (error || real == "/") return no_landing(folder, error ? error.message() : "it is the root");
  return real.string();
}

FileLimits limits_of(const FilesTool& tool, std::string landing) {
  constexpr std::uint64_t mb = 1024 * 1024;
  return {std::move(landing), tool.largest_file_mb * mb, tool.largest_session_mb * mb};
}

Result<SpawnOptions> spawn_options(const FilesTool& tool, FileRights rights, const std::string& landing) {
  if (!rights.upload && !rights.download)
    return fail(Errc::not_allowed, "the consent allows no transfer", "files", "ask for TRANSFER_IN or TRANSFER_OUT");
  SpawnOptions options;
  options.argv = tool.prefix;
  options.argv.push_back(tool.server);
  if (!rights.upload) options.argv.push_back("-R");  // the server's own read-only mode, as a second lock
  options.env = tool_environment({}, {});
  options.folder = !landing.empty() ? landing : tool.folder.empty() ? this_user().home : tool.folder;
  if (tool.prefix.empty() || lock_spares_privileges()) options.writes_below = landing;
  options.wiring = Wiring::socketpair;
  return options;
}

// Tells the operator of each refusal with a reason: OpenSSH's sftp shows no text of a status, but it does
// show the channel's error stream.
class Explaining final : public FileEvents {
 public:
  explicit Explaining(FileEvents& events) : events_(events) {}
  void transfer_done(const TransferDone& transfer) override { events_.transfer_done(transfer); }
  void file_act(const FileAct& act) override {
    if (!act.why.empty() && said_++ < most_lines) lines_ += "pontlevis: " + act.act + " " + act.path + ": " + act.why + "\r\n";
    events_.file_act(act);
  }
  std::string lines() { return std::exchange(lines_, {}); }

 private:
  static constexpr int most_lines = 20;
  FileEvents& events_;
  std::string lines_;
  int said_ = 0;
};

}  // namespace

// Four coroutines: requests in, answers out of the server, answers to the client (the only writer
// of the channel), and the server's end. Each waits on `changed` for what another one must do first.
struct FilesRun::Impl {
  Impl(const boost::asio::any_io_executor& executor, std::unique_ptr<Process> program, FileRights rights, FileLimits limits,
       InputGate& g, FileEvents& events, UploadAccount& account)
      : process(std::move(program)), gate(g), explaining(events), decoder(rights, explaining, std::move(limits), account),
        changed(executor), end(executor, *process) {}

  io::Awaitable<void> requests();
  io::Awaitable<void> pass_requests();
  io::Awaitable<void> last_answers();
  io::Awaitable<void> answers();
  io::Awaitable<void> to_client();
  io::Awaitable<void> complaints();
  io::Awaitable<void> exit();
  void stop(Error why);
  void leave();

  std::unique_ptr<Process> process;
  InputGate& gate;
  Explaining explaining;
  SftpDecoder decoder;
  Wakeup changed;
  ProgramEnd end;
  ChannelEnd channel;
  std::optional<Error> error;
  std::string said;          // the start of the server's stderr
  bool server_over = false;  // its last answer has been read
  bool over = false;         // nothing more is moved
};

void FilesRun::Impl::stop(Error why) {
  if (!error) error = std::move(why);
  leave();
}

void FilesRun::Impl::leave() {
  over = true;
  end.hang_up();
  changed.notify();
}

io::Awaitable<void> FilesRun::Impl::requests() {
  std::vector<char> buffer(buffer_bytes);
  while (!over) {
    const auto n = co_await channel.data->read_some(buffer);
    if (!n) co_return leave();  // the client went without a goodbye, or to_client() has closed
    if (*n == 0) co_return co_await last_answers();
    if (auto fed = decoder.from_client({buffer.data(), *n}); !fed) co_return stop(std::move(fed).error());
    co_await pass_requests();
  }
}

io::Awaitable<void> FilesRun::Impl::pass_requests() {
  while (!over) {
    auto bytes = decoder.to_server();
    if (!bytes) co_return stop(std::move(bytes).error());
    if (decoder.answers() > 0) changed.notify();
    if (!bytes->empty()) {
      const auto written = co_await process->in().write_all(*bytes);
      if (!written) co_return leave();
    } else if (decoder.governed()) {
      co_await changed.wait();
    } else {
      co_return;
    }
  }
}

// sftp-server exits at its end of input, even with answers unsent: it gets that end only when it
// has answered all.
io::Awaitable<void> FilesRun::Impl::last_answers() {
  if (decoder.held() > 0) {
    auto why = fail(Errc::bad_frame, "SFTP: the stream ends within a packet", "client");
    co_return stop(std::move(why).error());
  }
  while (!over && !server_over && !decoder.idle()) co_await changed.wait();
  process->in().shutdown_write();
}

io::Awaitable<void> FilesRun::Impl::answers() {
  std::vector<char> buffer(buffer_bytes);
  while (!over) {
    const auto n = co_await process->out().read_some(buffer);
    if (!n || *n == 0) break;
    if (auto fed = decoder.from_server({buffer.data(), *n}); !fed) {
      stop(std::move(fed).error());
      break;
    }
    changed.notify();
    while (!over && decoder.answers() >= max_waiting_answers) co_await changed.wait();
  }
  server_over = true;
  changed.notify();
}

io::Awaitable<void> FilesRun::Impl::to_client() {
  for (;;) {
    while (!over && !server_over && decoder.answers() == 0) co_await changed.wait();
    const std::string bytes = decoder.to_client();
    if (over || bytes.empty()) co_return;
    changed.notify();
    const auto decided = co_await gate.until_decided();
    if (decided == GateState::closed) co_return leave();
    const std::string lines = explaining.lines();
    if (!lines.empty() && channel.err) static_cast<void>(co_await channel.err->write_all(lines));
    const auto written = co_await channel.data->write_all(bytes);
    if (!written) co_return leave();
  }
}

io::Awaitable<void> FilesRun::Impl::complaints() {
  std::vector<char> buffer(1024);
  for (;;) {
    const auto n = co_await process->err()->read_some(buffer);
    if (!n || *n == 0) co_return;
    said.append(buffer.data(), std::min(*n, 200 - std::min<std::size_t>(said.size(), 200)));
  }
}

io::Awaitable<void> FilesRun::Impl::exit() {
  co_await (answers() && to_client() && complaints() && end.watch());
  over = true;
  changed.notify();
  if (!end.lost()) {
    channel.data->shutdown_write();
    if (channel.send_exit) channel.send_exit(end.status());
  }
  channel.data->close();
}

FilesRun::FilesRun(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
FilesRun::~FilesRun() = default;

Result<std::unique_ptr<FilesRun>> FilesRun::start(boost::asio::any_io_executor executor, Reaper& reaper,
                                                  const std::string& session, const FilesTool& tool, FileRights rights,
                                                  InputGate& gate, FileEvents& events, UploadAccount& account) {
  if (gate.state() == GateState::closed) return fail(Errc::closed, "the session is over", "files");
  PL_TRY(landing, landing_folder(tool));
  PL_TRY(options, spawn_options(tool, rights, landing));
  PL_TRY(process, reaper.spawn(session, std::move(options)));
  process->guard_input(gate);
  auto impl = std::make_unique<Impl>(executor, std::move(process), rights, limits_of(tool, std::move(landing)), gate, events, account);
  return std::unique_ptr<FilesRun>(new FilesRun(std::move(impl)));
}

void FilesRun::hang_up() { impl_->leave(); }

io::Awaitable<Result<ExitStatus>> FilesRun::serve(ChannelEnd channel) {
  auto& run = *impl_;
  run.channel = std::move(channel);
  co_await (run.requests() && run.exit());
  run.process->in().close();
  run.decoder.finish();
  if (run.error) co_return std::unexpected(*run.error);
  if (run.end.lost()) co_return fail(Errc::closed, "the operator's channel or the session ended first", "files");
  if (run.end.status().code != 0 && !run.said.empty())
    co_return fail(Errc::unavailable, "the file server ended: " + printable(run.said), "files", "check [system.files] in the inventory");
  co_return run.end.status();
}

}  // namespace pontlevis::agent
