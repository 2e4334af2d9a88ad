// The inside of SshConnection: one libssh session, its pump, its channels. See ssh_connection.cpp.
#pragma once

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>

#include "protocol/io/ssh/ssh_auth_ladder.hpp"
#include "protocol/io/ssh/ssh_channel_core.hpp"
#include "protocol/io/ssh/ssh_connection.hpp"

namespace pontlevis::io {

class DirectTcpipReply::Pending {
 public:
  Pending(std::weak_ptr<SshConnectionImpl> connection, LibsshMessage message)
      : connection_(std::move(connection)), message_(std::move(message)) {}
  bool waiting() const noexcept { return message_ != nullptr && !connection_.expired(); }
  Result<SshChannelPtr> accept();
  void refuse(std::string_view why);
  void refuse_as_ssh(std::string_view why);
  void forget() noexcept { message_.reset(); }  // the connection ended

 private:
  std::weak_ptr<SshConnectionImpl> connection_;
  LibsshMessage message_;
};

class SshConnectionImpl final : public SshConnection, public std::enable_shared_from_this<SshConnectionImpl> {
 public:
  SshConnectionImpl(boost::asio::any_io_executor executor, std::shared_ptr<const SshServerConfig> config,
                    std::shared_ptr<SshServerHandler> handler, LibsshSession session, int watch_fd);

  ~SshConnectionImpl() override;  // without end() only when the io_context itself is destroyed

  void begin();
  void disconnect(std::string message) override;
  void notice(std::string_view text) override;
  bool authenticated() const noexcept override { return ladder_.authenticated(); }
  bool closed() const noexcept override { return session_ == nullptr || ending_; }
  const std::string& user() const noexcept override { return ladder_.user(); }
  SshAlgorithms algorithms() const override;
  SshTraffic traffic() const noexcept override { return {wire_.in_bytes, wire_.out_bytes}; }
  std::string client_software() const override;
  std::size_t channel_count() const noexcept override;

  // ---- for channels and pending opens
  const boost::asio::any_io_executor& executor() const noexcept { return executor_; }
  bool output_waits() const;  // libssh holds bytes that the socket did not take
  std::uint64_t bytes_read() const noexcept { return wire_.in_bytes; }
  void after_call(std::uint64_t bytes_read_before);  // a libssh call outside the pump may have read
  void pump_later();
  Result<SshChannelPtr> accept_open(ssh_message message);
  void say_debug(std::string_view text);
  void pending_done(const DirectTcpipReply::Pending* pending);

 private:
  // the pump (ssh_connection.cpp)
  void pump() noexcept;
  void pump_or_throw();
  void handle(LibsshMessage message);
  void settle();
  void arm_waits();
  bool output_is_too_long() const;
  void keep_account(bool had_message);
  void count_swallowed();
  void start_ending(std::string why);
  void finish_ending();
  void end() noexcept;
  void leave();
  void drain();
  void close_socket() noexcept;
  bool session_has_failed() const;
  std::string failure_text() const;
  void guard(const std::function<void()>& work) noexcept;

  // silence (ssh_keep_alive.cpp)
  void watch_for_life();
  void look_for_life();
  void ask_for_life();

  // messages (ssh_messages.cpp)
  void service_request(ssh_message message);
  void auth_request(ssh_message message);
  SshAuthLadder::Reply climb(ssh_message message);
  SshAuthLadder::Reply climb_key(ssh_message message);
  SshAuthLadder::Reply climb_response();
  void answer_auth(ssh_message message, SshAuthLadder::Reply reply);
  void ask(ssh_message message);
  void now_authenticated();
  void channel_open(LibsshMessage message);
  void open_session(ssh_message message);
  void open_direct_tcpip(LibsshMessage message);
  std::shared_ptr<SshChannelCore> new_core();
  Result<std::shared_ptr<SshChannelCore>> confirm_open(ssh_message message,
                                                       std::shared_ptr<SshChannelCore> core);
  void channel_request(ssh_message message);
  bool decide(SshChannelCore& core, ssh_message message);
  bool start_program(std::shared_ptr<SshChannelCore> core, ssh_message message);
  bool decide_env(SshChannelCore& core, ssh_message message);
  void global_request(ssh_message message);
  void refuse(ssh_message message, std::string_view what);

  boost::asio::any_io_executor executor_;
  std::shared_ptr<const SshServerConfig> config_;
  std::shared_ptr<SshServerHandler> handler_;
  SshAuthLadder ladder_;
  LibsshSession session_;
  boost::asio::posix::stream_descriptor socket_;  // a dup(): libssh closes its own when it likes
  boost::asio::steady_timer grace_, linger_, silence_, alive_;
  ssh_counter_struct wire_{}, packets_{};
  std::map<ssh_channel, std::shared_ptr<SshChannelCore>> channels_;
  std::vector<std::shared_ptr<DirectTcpipReply::Pending>> pending_opens_;
  std::uint64_t out_when_empty_ = 0;  // packets_.out_bytes when libssh last held nothing
  std::uint64_t packets_at_userauth_ = 0;
  std::int64_t messages_in_userauth_ = -1;  // the service request itself brings it to 0
  std::int64_t swallowed_ = 0;
  std::uint64_t heard_ = 0;  // wire_.in_bytes at the last look for life
  int silences_ = 0;
  std::uint32_t next_channel_ = 1;
  std::string why_, farewell_;
  bool banner_sent_ = false, userauth_begun_ = false;
  bool pumping_ = false, pump_posted_ = false, read_armed_ = false, write_armed_ = false;
  bool more_to_read_ = false;
  bool ending_ = false, lingering_ = false, ended_ = false;
};

// Text for a client's screen: one line, no control character, bounded.
std::string screen_text(std::string_view text);

}  // namespace pontlevis::io
