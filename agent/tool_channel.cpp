#include "agent/tool_channel.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "agent/tools/files.hpp"
#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {

namespace net = boost::asio;

namespace {

// A tool's error stream as SSH's extended data.
class ErrorStream final : public io::ByteStream {
 public:
  explicit ErrorStream(io::SshChannelPtr channel) : channel_(std::move(channel)) {}
  io::Awaitable<Result<std::size_t>> read_some(std::span<char>) override {
    co_return fail(Errc::closed, "an error stream is written only");
  }
  io::Awaitable<Result<>> write_all(std::span<const char> bytes) override { co_return co_await channel_->write_stderr(bytes); }
  void shutdown_write() override {}
  void close() noexcept override {}

 private:
  io::SshChannelPtr channel_;
};

std::string_view direction_word(Direction direction) { return direction == Direction::upload ? "IN" : "OUT"; }

// What sftp-server does, as facts of the session.
class FileRecorder final : public FileEvents {
 public:
  explicit FileRecorder(std::shared_ptr<Endpoint> endpoint) : endpoint_(std::move(endpoint)) {}

  void transfer_done(const TransferDone& t) override {
    write({{"name", t.path}, {"direction", direction_word(t.direction)}, {"bytes", t.bytes},
           {"sha256", or_null(t.sha256)}, {"complete", t.complete}});
  }

  // Listing and looking is not an act on the practice's data; what changes or was refused is.
  void file_act(const FileAct& act) override {
    const std::string what = act.act + " " + act.path + (act.target.empty() ? "" : " → " + act.target);
    if (act.outcome == FileOutcome::refused) return endpoint_->refuse("files: " + what, act.why.empty() ? "this right was not consented" : act.why);
    if (act.outcome != FileOutcome::done || act.act == "open" || act.act == "list") return;
    write({{"name", what}, {"direction", "IN"}, {"bytes", 0}, {"sha256", nullptr}, {"complete", true}});
  }

 private:
  void write(json::object body) {
    json::object whole{{"login", endpoint_->who().login.text()}, {"tool", "files"}};
    for (auto& member : body) whole.emplace(member.key(), std::move(member.value()));
    endpoint_->session().record_soon("transfer", std::move(whole));
  }
  std::shared_ptr<Endpoint> endpoint_;
};

}  // namespace

struct ToolChannel::Run : std::enable_shared_from_this<Run> {
  Run(std::shared_ptr<Endpoint> e, io::SshChannelPtr c) : endpoint(std::move(e)), channel(std::move(c)), err(channel) {}

  std::shared_ptr<Endpoint> endpoint;
  io::SshChannelPtr channel;
  ErrorStream err;
  ShellRequest asked;
  std::shared_ptr<Tap> tap;  // what the practitioner sees of it; outlives the shell
  std::unique_ptr<ShellRun> shell;
  std::shared_ptr<SharedTerminal> shared;  // instead of a shell of its own, in a pair
  std::unique_ptr<FilesRun> files;
  std::unique_ptr<FileRecorder> events;

  net::any_io_executor executor() { return endpoint->session().parts().io.get_executor(); }
  const std::string& session_name() { return endpoint->session().id().text(); }

  ChannelEnd end_of_channel() {
    ChannelEnd end;
    end.data = channel.get();
    end.err = &err;
    end.send_exit = [c = channel](const ExitStatus& status) {
      if (status.signal.empty()) c->exit_status(status.code);
      else c->exit_signal(status.signal, status.core_dumped);
    };
    return end;
  }

  io::Awaitable<void> fail_with(std::string why) {
    const std::string line = "pontlevis: " + why + "\r\n";
    static_cast<void>(co_await channel->write_stderr(line));
    channel->exit_status(255);
    channel->close();
  }

  io::Awaitable<void> run_shell() {
    auto self = shared_from_this();
    if (!co_await endpoint->recorded()) co_return channel->close();
    auto& session = endpoint->session();
    if (session.shares_terminal() && asked.pty && !asked.command_line) co_return co_await join_shared();
    const auto size = asked.pty.value_or(PtySize{});
    tap = session.view().open_stream(asked.pty ? "shell" : "command", endpoint->who().login.text(), size.cols, size.rows);
    auto started = ShellRun::start(executor(), session.parts().reaper, session_name(), *session.system().shell, asked,
                                   session.gate(endpoint->who().login, "shell"), tap.get());
    if (!started) co_return co_await fail_with(started.error().what);
    shell = *std::move(started);
    if (asked.pty) endpoint->add_terminal(channel);
    static_cast<void>(co_await shell->serve(end_of_channel()));
    shell.reset();
    tap.reset();
    channel->close();
  }

  // A pair has one terminal: whoever comes second looks at, and types into, the first one's.
  io::Awaitable<void> join_shared() {
    auto& session = endpoint->session();
    const auto& who = endpoint->who().login;
    auto terminal = session.shared_terminal(asked, who);
    if (!terminal) co_return co_await fail_with(terminal.error().what);
    shared = *std::move(terminal);
    const auto others = shared->members();
    endpoint->add_terminal(channel);
    shared->join(who, channel, asked.pty->cols, asked.pty->rows);
    if (!others.empty()) session.say(endpoint->who().name + " shares this terminal.");
  }

  io::Awaitable<void> run_files() {
    auto self = shared_from_this();
    if (!co_await endpoint->recorded()) co_return channel->close();
    auto& session = endpoint->session();
    events = std::make_unique<FileRecorder>(endpoint);
    const FileRights rights{.upload = session.grants(AccessType::transfer_in), .download = session.grants(AccessType::transfer_out)};
    auto started = FilesRun::start(executor(), session.parts().reaper, session_name(), *session.system().files, rights,
                                   session.gate(endpoint->who().login, "files"), *events, session.uploads());
    if (!started) co_return co_await fail_with(started.error().what);
    files = *std::move(started);
    const auto result = co_await files->serve(end_of_channel());
    if (!result && result.error().code == Errc::bad_frame) endpoint->refuse("files", result.error().what);
    files.reset();
    channel->close();
  }
};

ToolChannel::ToolChannel(std::shared_ptr<Endpoint> endpoint, io::SshChannelPtr channel)
    : run_(std::make_shared<Run>(std::move(endpoint), std::move(channel))) {}

ToolChannel::~ToolChannel() = default;

io::SshVerdict ToolChannel::pty(const io::PtyRequest& request) {
  // A list of commands means these alone: on a terminal many would start a pager, and that a shell.
  const auto& shell = run_->endpoint->session().system().shell;
  if (shell && !shell->commands.empty()) return io::SshVerdict::refuse();
  run_->asked.pty = PtySize{request.term, request.size.columns, request.size.rows};
  return io::SshVerdict::accept();
}

void ToolChannel::window_change(const io::WindowSize& size) {
  if (run_->asked.pty) run_->asked.pty->cols = size.columns, run_->asked.pty->rows = size.rows;
  if (run_->shell) static_cast<void>(run_->shell->resize(size.columns, size.rows));
  if (run_->shared) run_->shared->resize(*run_->channel, size.columns, size.rows);
}

io::SshVerdict ToolChannel::env(std::string_view name, std::string_view value) {
  run_->asked.env.insert_or_assign(std::string(name), std::string(value));
  return io::SshVerdict::accept();
}

io::SshVerdict ToolChannel::shell() { return start_shell(std::nullopt); }
io::SshVerdict ToolChannel::exec(std::string_view command) { return start_shell(std::string(command)); }

io::SshVerdict ToolChannel::start_shell(std::optional<std::string> command_line) {
  auto& session = run_->endpoint->session();
  const bool granted = session.grants("shell") && session.grants(AccessType::control) && session.system().shell;
  if (!granted) {
    run_->endpoint->refuse("shell", "the practice did not consent to this tool");
    return io::SshVerdict::refuse("the practice did not consent to the tool `shell`");
  }
  if (auto why = not_listed(*session.system().shell, command_line); !why.empty()) {
    run_->endpoint->refuse(command_line ? "shell: " + printable(*command_line, 200) : "shell: interactive", "not on the practice's list of commands");
    return io::SshVerdict::refuse("pontlevis: " + why);
  }
  if (session.only_looks_on(run_->endpoint->who().login) && (command_line || !run_->asked.pty)) {
    run_->endpoint->refuse("shell", only_looks_on);
    return io::SshVerdict::refuse("pontlevis: " + std::string(only_looks_on));
  }
  run_->asked.command_line = std::move(command_line);
  net::co_spawn(run_->executor(), run_->run_shell(), net::detached);
  return io::SshVerdict::accept();
}

io::SshVerdict ToolChannel::subsystem(std::string_view name) {
  auto& session = run_->endpoint->session();
  if (name != "sftp" || !session.grants("files") || !session.system().files) {
    run_->endpoint->refuse("subsystem " + printable(name, 40), "the practice did not consent to this tool");
    return io::SshVerdict::refuse("the practice did not consent to the tool `files`");
  }
  if (session.only_looks_on(run_->endpoint->who().login)) {
    run_->endpoint->refuse("files", only_looks_on);
    return io::SshVerdict::refuse("pontlevis: " + std::string(only_looks_on));
  }
  net::co_spawn(run_->executor(), run_->run_files(), net::detached);
  return io::SshVerdict::accept();
}

void ToolChannel::signal(std::string_view name) {
  if (run_->shell) static_cast<void>(run_->shell->signal(name));
  if (run_->shared && run_->endpoint->session().may_act(run_->endpoint->who().login)) static_cast<void>(run_->shared->signal(name));
}

void ToolChannel::closed() noexcept {}

}  // namespace pontlevis::agent
