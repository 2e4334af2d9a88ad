// What a server decides: the gateway's front and the agent's endpoint each implement SshServerHandler.
// Every function runs on the connection's io_context thread, outside libssh's own callbacks, must
// return at once (spawn a coroutine for work) and may call anything of SshConnection and SshChannel.
// An exception that leaves one of them ends the connection, not the process.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "protocol/io/ssh/ssh_channel.hpp"
#include "protocol/io/ssh/ssh_keys.hpp"

namespace pontlevis::io {

// ---- authentication ---------------------------------------------------------------------------
// The ladder is the same for everyone and stands in ssh_auth_ladder.hpp: 1. public key,
// 2. second factor by keyboard-interactive or password; same user on both steps, in this order.
enum class SshAuthStep { public_key, second_factor };

enum class SecondFactor {
  accepted,
  wrong,   // counted; SshLimits::second_factor_tries of them end the connection
  locked,  // this user has no tries left anywhere: the connection ends now
};

// Shown by keyboard-interactive. Plain text; control characters are removed.
struct SecondFactorPrompt {
  std::string instruction;
  std::string prompt = "One-time password: ";
  bool echo = false;
};

enum class SshAuthFailure {
  unknown_key,       // accepts_key said no
  refused_key_type,  // a user certificate: we do not check authorities, so none is accepted
  wrong_second_factor,
  locked,
  out_of_order,  // a second factor before the key, or a response nobody asked for
  user_changed,  // another user name than in the step before
  too_many_tries,
};
std::string_view text_of(SshAuthFailure failure) noexcept;

// ---- session channels -------------------------------------------------------------------------
struct WindowSize {
  std::uint32_t columns = 80, rows = 24, pixel_width = 0, pixel_height = 0;
};
struct PtyRequest {
  std::string term;  // at most 64 bytes of [A-Za-z0-9._+-]
  WindowSize size;
};

// The answer to a request. With a message, a refused shell, exec or subsystem shows it on the
// client's error stream and ends with exit status 255; without, the client prints its own words.
struct SshVerdict {
  bool accepted = false;
  std::string message;
  static SshVerdict accept() { return {true, {}}; }
  static SshVerdict refuse(std::string why = {}) { return {false, std::move(why)}; }
};

// One per session channel; the connection owns it until closed() has returned. The channel given to
// open_session() is readable and writable from the first shell/exec/subsystem that was accepted.
class SessionChannelHandler {
 public:
  virtual ~SessionChannelHandler() = default;
  virtual SshVerdict pty(const PtyRequest&) { return SshVerdict::refuse(); }
  virtual void window_change(const WindowSize&) {}
  virtual SshVerdict env(std::string_view /*name*/, std::string_view /*value*/) {  // allow-listed names only
    return SshVerdict::refuse();
  }
  // Only one of these three is accepted in a channel's life; a second request is refused for you.
  virtual SshVerdict shell() { return SshVerdict::refuse(); }
  virtual SshVerdict exec(std::string_view /*command*/) { return SshVerdict::refuse(); }
  virtual SshVerdict subsystem(std::string_view /*name*/) { return SshVerdict::refuse(); }
  virtual void signal(std::string_view /*name_without_sig*/) {}
  virtual void closed() noexcept {}  // once: the peer, close() or the connection ended the channel
};

// ---- forwards ---------------------------------------------------------------------------------
struct DirectTcpip {
  std::string host;  // as the client wrote it: a name to match, never to trust
  std::uint16_t port = 0;
  std::string originator;
  std::uint16_t originator_port = 0;
};

// The answer to one direct-tcpip, given now or later. Move-only; destroyed unanswered = refused.
// Safe to use after the connection has gone (accept() then says Errc::closed).
class DirectTcpipReply {
 public:
  class Pending;
  explicit DirectTcpipReply(std::shared_ptr<Pending> pending) noexcept;
  DirectTcpipReply(DirectTcpipReply&&) noexcept;
  DirectTcpipReply& operator=(DirectTcpipReply&&) noexcept;
  ~DirectTcpipReply();

  bool waiting() const noexcept;  // the client is still there and not answered
  Result<SshChannelPtr> accept();
  // SSH "administratively prohibited". libssh cannot carry a text here, so `why` goes ahead of it as
  // a debug message (ssh -v and PuTTY's event log show it).
  void refuse(std::string_view why = {});
  // For a target that speaks SSH (ssh -J): opens the channel, answers as an SSH server that
  // disconnects with `why`, which every client prints, and closes. No key is needed or shown.
  void refuse_as_ssh(std::string_view why);

 private:
  std::shared_ptr<Pending> pending_;
};

// ---- the server -------------------------------------------------------------------------------
class SshServerHandler {
 public:
  virtual ~SshServerHandler() = default;

  // Asked for the client's query and again for the verified signature. `user` is 1..64 printable
  // ASCII characters. A yes to a query proves nothing.
  virtual bool accepts_key(std::string_view user, const SshPublicKey& key) = 0;
  // Asked once after a verified signature; true skips step 2 (the 60 s reconnect of design §6).
  virtual bool waives_second_factor(std::string_view /*user*/, const SshPublicKey& /*key*/) { return false; }
  virtual SecondFactorPrompt second_factor_prompt(std::string_view user, const SshPublicKey& key) = 0;
  virtual SecondFactor check_second_factor(std::string_view user, const SshPublicKey& key,
                                           const Secret& answer) = 0;

  virtual void on_authenticated(std::string_view user, const SshPublicKey& key) = 0;
  virtual void on_auth_failed(std::string_view /*user*/, SshAuthStep /*step*/, SshAuthFailure /*why*/) {}
  // The last call of all, exactly once after a successful start(). `why` names no address.
  virtual void on_closed(std::string_view why) noexcept = 0;

  // Null = refused. Keep the channel as long as you like; the handler is the connection's.
  virtual std::unique_ptr<SessionChannelHandler> open_session(SshChannelPtr /*channel*/) { return nullptr; }
  virtual void open_direct_tcpip(const DirectTcpip& /*where*/, DirectTcpipReply reply) { reply.refuse(); }
  // X11 and remote forwarding, an agent channel, an env outside the list, an unknown channel or request.
  // Not "auth-agent-req" (ssh -A): libssh answers that one itself, with a failure, and tells nobody.
  virtual void refused(std::string_view /*what*/) {}
};

}  // namespace pontlevis::io
