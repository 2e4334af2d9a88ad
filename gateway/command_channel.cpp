#include "gateway/command_channel.hpp"

#include "gateway/events.hpp"

namespace pontlevis::gateway {
namespace {

namespace asio = boost::asio;

// A pty expects CR LF; a pipe gets what was written.
std::string for_terminal(std::string text, bool pty) {
  if (!pty) return text;
  std::string out;
  for (char c : text) out += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return out;
}

class ChannelOutput final : public CommandOutput {
 public:
  ChannelOutput(io::SshChannelPtr channel, bool pty) : channel_(std::move(channel)), pty_(pty) {}

  Awaitable<Result<>> flush() override {
    const std::string out = for_terminal(std::exchange(out_, {}), pty_);
    const std::string err = for_terminal(std::exchange(err_, {}), pty_);
    if (!channel_->is_open()) co_return fail(Errc::closed, "the technician has gone");
    if (!out.empty()) PL_CO_CHECK(co_await channel_->write_all(out));
    if (!err.empty() && pty_) PL_CO_CHECK(co_await channel_->write_all(err));
    if (!err.empty() && !pty_) PL_CO_CHECK(co_await channel_->write_stderr(err));
    co_return Result<>{};
  }

  Awaitable<Result<std::string>> read_input(std::size_t max) override {
    std::string all;
    std::vector<char> buffer(4096);
    for (;;) {
      PL_CO_TRY(n, co_await channel_->read_some(buffer));
      if (n == 0) co_return all;
      all.append(buffer.data(), n);
      if (all.size() > max) co_return fail(Errc::bad_input, "is longer than " + std::to_string(max) + " bytes", "standard input");
    }
  }

 private:
  io::SshChannelPtr channel_;
  bool pty_;
};

Awaitable<void> run_and_exit(Counter& counter, Login login, std::string line, std::string lang, io::SshChannelPtr channel, bool pty) {
  ChannelOutput output(channel, pty);
  const int status = co_await run_command(counter, std::move(login), std::move(line), std::move(lang), output);
  channel->exit_status(status);
  channel->close();
}

class CommandChannel final : public io::SessionChannelHandler {
 public:
  CommandChannel(Counter& counter, Login login, io::SshChannelPtr channel, asio::any_io_executor executor)
      : counter_(counter), login_(std::move(login)), channel_(std::move(channel)), executor_(std::move(executor)) {}

  io::SshVerdict pty(const io::PtyRequest&) override {
    pty_ = true;
    return io::SshVerdict::accept();
  }
  io::SshVerdict env(std::string_view name, std::string_view value) override {
    if (name == "LC_ALL" || (name == "LANG" && lang_.empty())) lang_ = value.substr(0, 32);
    return io::SshVerdict::accept();
  }
  io::SshVerdict shell() override { return start("help"); }
  io::SshVerdict exec(std::string_view command) override { return start(command); }
  io::SshVerdict subsystem(std::string_view) override {
    return io::SshVerdict::refuse("this is the gateway: it has commands, no files; `help` lists them, `config` shows the way to a system\n");
  }
  void closed() noexcept override { counter_.desk.changes().announce(); }  // wakes a command that waits

 private:
  io::SshVerdict start(std::string_view line) {
    if (line.size() > max_command_bytes) return io::SshVerdict::refuse("the command is longer than 8192 bytes\n");
    asio::co_spawn(executor_, run_and_exit(counter_, login_, std::string(line), lang_, channel_, pty_), asio::detached);
    return io::SshVerdict::accept();
  }

  Counter& counter_;
  Login login_;
  io::SshChannelPtr channel_;
  asio::any_io_executor executor_;
  std::string lang_;
  bool pty_ = false;
};

}  // namespace

std::unique_ptr<io::SessionChannelHandler> make_command_channel(Counter& counter, Login login, io::SshChannelPtr channel,
                                                                asio::any_io_executor executor) {
  return std::make_unique<CommandChannel>(counter, std::move(login), std::move(channel), std::move(executor));
}

}  // namespace pontlevis::gateway
