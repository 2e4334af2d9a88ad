// One SSH session channel of an operator, joined to the tool it asks for: `shell` (also exec), or
// `files` (the sftp subsystem), each only when the consent grants it. Owned by the SSH connection;
// the tool's run outlives it until its processes are gone. Lives on the loop.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "agent/endpoint.hpp"
#include "agent/tools/shell.hpp"

namespace pontlevis::agent {

class ToolChannel final : public io::SessionChannelHandler {
 public:
  ToolChannel(std::shared_ptr<Endpoint> endpoint, io::SshChannelPtr channel);
  ~ToolChannel() override;

  io::SshVerdict pty(const io::PtyRequest& request) override;
  void window_change(const io::WindowSize& size) override;
  io::SshVerdict env(std::string_view name, std::string_view value) override;
  io::SshVerdict shell() override;
  io::SshVerdict exec(std::string_view command) override;
  io::SshVerdict subsystem(std::string_view name) override;
  void signal(std::string_view name) override;
  void closed() noexcept override;

  struct Run;  // what goes on when the channel has gone

 private:
  io::SshVerdict start_shell(std::optional<std::string> command_line);
  std::shared_ptr<Run> run_;
};

}  // namespace pontlevis::agent
