#include "agent/tools/shell.hpp"

#include <algorithm>

#include "agent/tools/environment.hpp"
#include "agent/tools/pump.hpp"

namespace pontlevis::agent {
namespace {

void choose_program(const ShellTool& tool, const ShellRequest& request, SpawnOptions& options) {
  const std::string login_shell = this_user().shell;
  options.argv = tool.command.empty() ? std::vector{login_shell} : tool.command;
  if (!request.command_line) {
    if (tool.command.empty()) options.shown_name = "-" + login_shell.substr(login_shell.rfind('/') + 1);
    return;
  }
  if (tool.exec.empty()) options.argv.push_back("-c");
  else options.argv = tool.exec;
  options.argv.push_back(*request.command_line);
}

// A terminal's name goes into the environment of the program, and into file names of terminfo.
Result<> check_terminal(const PtySize& pty) {
  const auto good = [](char c) { return c == '-' || c == '_' || c == '.' || c == '+' || (c >= '0' && c <= '9') ||
                                        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (pty.term.empty() || pty.term.size() > 64 || !std::ranges::all_of(pty.term, good) || pty.term.front() == '.')
    return fail(Errc::bad_input, "is not a terminal type", "pty request");
  if (pty.cols > 10'000 || pty.rows > 10'000) return fail(Errc::bad_input, "is not a terminal size", "pty request");
  return {};
}

Result<SpawnOptions> spawn_options(const ShellTool& tool, const ShellRequest& request) {
  SpawnOptions options;
  if (request.command_line && request.command_line->size() > 64 * 1024)
    return fail(Errc::bad_input, "is longer than 65536 bytes", "command line");
  choose_program(tool, request, options);
  auto asked = request.env;
  if (request.pty) {
    PL_CHECK(check_terminal(*request.pty));
    options.wiring = Wiring::pty;
    options.pty = *request.pty;
    asked.erase("TERM");
  }
  options.env = tool_environment(tool.environment, asked, tool.env);
  options.folder = tool.folder.empty() ? this_user().home : tool.folder;
  return options;
}

}  // namespace

std::string not_listed(const ShellTool& tool, const std::optional<std::string>& command_line) {
  if (tool.commands.empty() || (command_line && std::ranges::find(tool.commands, *command_line) != tool.commands.end())) return {};
  std::string out = command_line ? "this command is not on the practice's list; it allows: " : "there is no interactive shell here; the practice allows: ";
  for (const auto& command : tool.commands) out += (&command == &tool.commands.front() ? "`" : ", `") + command + "`";
  return out;
}

struct ShellRun::Impl {
  Impl(const boost::asio::any_io_executor& executor, std::unique_ptr<Process> program, InputGate& gate, Tap* seen_by, ToolRun::WhenPaused when_paused)
      : process(std::move(program)), tap(seen_by), run(executor, *process, gate, when_paused) {}
  std::unique_ptr<Process> process;
  Tap* tap;
  ToolRun run;
};

ShellRun::ShellRun(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ShellRun::~ShellRun() = default;

Result<std::unique_ptr<ShellRun>> ShellRun::start(boost::asio::any_io_executor executor, Reaper& reaper, const std::string& session,
                                                  const ShellTool& tool, const ShellRequest& request, InputGate& gate,
                                                  Tap* tap) {
  if (gate.state() == GateState::closed) return fail(Errc::closed, "the session is over", "shell");
  PL_TRY(options, spawn_options(tool, request));
  PL_TRY(process, reaper.spawn(session, std::move(options)));
  process->guard_input(gate);
  auto impl = std::make_unique<Impl>(executor, std::move(process), gate, tap,
                                     request.pty ? ToolRun::WhenPaused::dropped : ToolRun::WhenPaused::waits);
  return std::unique_ptr<ShellRun>(new ShellRun(std::move(impl)));
}

Result<> ShellRun::resize(unsigned cols, unsigned rows) {
  PL_CHECK(impl_->process->resize(cols, rows));
  if (impl_->tap) impl_->tap->resized(cols, rows);
  return {};
}

Result<> ShellRun::signal(std::string_view name) { return impl_->process->signal(name); }

void ShellRun::hang_up() { impl_->run.hang_up(); }

io::Awaitable<Result<ExitStatus>> ShellRun::serve(ChannelEnd end) {
  const Output out{&impl_->process->out(), end.data, impl_->tap};
  const Output err{impl_->process->err(), end.err, impl_->tap};
  co_return co_await impl_->run.serve(std::move(end), out, err);
}

}  // namespace pontlevis::agent
