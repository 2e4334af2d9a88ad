// What a client may ask, one function per message. Everything not named here is refused.
#include "protocol/io/ssh/ssh_connection_impl.hpp"
#include "protocol/text.hpp"

namespace pontlevis::io {
namespace {

constexpr std::size_t longest_command = 32 * 1024;
constexpr std::size_t longest_env_value = 4096;

std::string_view text_or_empty(const char* text) {
  return text ? std::string_view(text) : std::string_view();
}

bool matches(std::string_view pattern, std::string_view name) {
  if (pattern.ends_with('*')) return name.starts_with(pattern.substr(0, pattern.size() - 1));
  return pattern == name;
}

bool is_term(std::string_view term) {
  return !term.empty() && term.size() <= 64 && std::ranges::all_of(term, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' ||
           c == '_' || c == '+' || c == '-';
  });
}

WindowSize window_size(ssh_message message) {
  const auto side = [](int value) { return static_cast<std::uint32_t>(std::clamp(value, 0, 10000)); };
  return {side(ssh_message_channel_request_pty_width(message)),
          side(ssh_message_channel_request_pty_height(message)),
          side(ssh_message_channel_request_pty_pxwidth(message)),
          side(ssh_message_channel_request_pty_pxheight(message))};
}

// Shows why nothing runs, then ends the channel as a program that failed would.
Awaitable<void> say_why_and_close(SshChannelPtr channel, std::string text) {
  text += "\r\n";
  static_cast<void>(co_await channel->write_stderr(text));
  channel->exit_status(255);
  channel->shutdown_write();
  channel->close();
}

}  // namespace

// ---- authentication -----------------------------------------------------------------------------

void SshConnectionImpl::service_request(ssh_message message) {
  const auto name = text_or_empty(ssh_message_service_service(message));
  if (name != "ssh-userauth" || authenticated()) return disconnect("No such service here.");
  static_cast<void>(ssh_message_service_reply_success(message));  // paramiko asks before every method
  if (!std::exchange(userauth_begun_, true)) packets_at_userauth_ = packets_.in_packets;
  if (!config_->banner.empty() && !std::exchange(banner_sent_, true)) {
    auto text = config_->banner;
    if (!text.ends_with('\n')) text += "\r\n";
    const LibsshString banner(ssh_string_from_char(text.c_str()));
    if (banner) static_cast<void>(ssh_send_issue_banner(session_.get(), banner.get()));
  }
}

void SshConnectionImpl::auth_request(ssh_message message) {
  silence_.cancel();
  if (authenticated() || ending_) return;
  // RFC 4252 opens with the service request; libssh does not insist on it.
  if (!userauth_begun_) return disconnect("Ask for the service first.");
  answer_auth(message, climb(message));
}

SshAuthLadder::Reply SshConnectionImpl::climb(ssh_message message) {
  const auto user = text_or_empty(ssh_message_auth_user(message));
  switch (ssh_message_subtype(message)) {
    case SSH_AUTH_METHOD_PUBLICKEY: return climb_key(message);
    case SSH_AUTH_METHOD_INTERACTIVE:
      return ssh_message_auth_kbdint_is_response(message) ? climb_response() : ladder_.interactive(user);
    case SSH_AUTH_METHOD_PASSWORD: {
      const Secret answer(text_or_empty(ssh_message_auth_password(message)));
      return ladder_.password(user, answer);
    }
    default: return ladder_.none(user);
  }
}

SshAuthLadder::Reply SshConnectionImpl::climb_key(ssh_message message) {
  const auto user = text_or_empty(ssh_message_auth_user(message));
  const auto key = public_key_of(ssh_message_auth_pubkey(message));
  if (!key) return ladder_.none(user);
  switch (ssh_message_auth_publickey_state(message)) {
    case SSH_PUBLICKEY_STATE_NONE: return ladder_.query(user, *key);
    case SSH_PUBLICKEY_STATE_VALID: return ladder_.signature(user, *key);
    default: return ladder_.none(user);
  }
}

SshAuthLadder::Reply SshConnectionImpl::climb_response() {
  std::optional<Secret> answer;
  const int count = ssh_userauth_kbdint_getnanswers(session_.get());
  for (int i = 0; i < count; ++i) {
    const char* text = ssh_userauth_kbdint_getanswer(session_.get(), static_cast<unsigned>(i));
    if (!text) continue;
    const std::string_view view(text);
    if (count == 1) answer.emplace(view);
    // libssh keeps the answer as long as the session; nobody needs it there.
    wipe_bytes({const_cast<char*>(text), view.size()});
  }
  return ladder_.response(std::move(answer));
}

void SshConnectionImpl::ask(ssh_message message) {
  const auto prompt = ladder_.prompt();
  const auto instruction = screen_text(prompt.instruction), question = screen_text(prompt.prompt);
  const char* questions[] = {question.c_str()};
  char echo[] = {static_cast<char>(prompt.echo ? 1 : 0)};
  static_cast<void>(
      ssh_message_auth_interactive_request(message, "", instruction.c_str(), 1, questions, echo));
}

void SshConnectionImpl::answer_auth(ssh_message message, SshAuthLadder::Reply reply) {
  const auto next = ladder_.key_passed() ? SSH_AUTH_METHOD_INTERACTIVE | SSH_AUTH_METHOD_PASSWORD
                                         : SSH_AUTH_METHOD_PUBLICKEY;
  ssh_message_auth_set_methods(message, static_cast<int>(next));
  switch (reply) {
    case SshAuthLadder::Reply::key_ok: static_cast<void>(ssh_message_auth_reply_pk_ok_simple(message)); break;
    case SshAuthLadder::Reply::partial: static_cast<void>(ssh_message_auth_reply_success(message, 1)); break;
    case SshAuthLadder::Reply::ask: ask(message); break;
    case SshAuthLadder::Reply::refuse: static_cast<void>(ssh_message_reply_default(message)); break;
    case SshAuthLadder::Reply::success:
      static_cast<void>(ssh_message_auth_reply_success(message, 0));
      now_authenticated();
      break;
    case SshAuthLadder::Reply::end:
      notice(ladder_.farewell());
      static_cast<void>(ssh_message_reply_default(message));
      farewell_ = ladder_.farewell();
      start_ending("authentication failed");
  }
}

void SshConnectionImpl::now_authenticated() {
  grace_.cancel();
  silence_.cancel();
  watch_for_life();
  handler_->on_authenticated(ladder_.user(), ladder_.key());
}

// ---- channels -----------------------------------------------------------------------------------

void SshConnectionImpl::refuse(ssh_message message, std::string_view what) {
  static_cast<void>(ssh_message_reply_default(message));
  handler_->refused(what);
}

void SshConnectionImpl::channel_open(LibsshMessage message) {
  if (!authenticated()) return start_ending("protocol error");
  if (channel_count() >= config_->limits.channels) return refuse(message.get(), "too many channels");
  switch (ssh_message_subtype(message.get())) {
    case SSH_CHANNEL_SESSION: return open_session(message.get());
    case SSH_CHANNEL_DIRECT_TCPIP: return open_direct_tcpip(std::move(message));
    case SSH_CHANNEL_X11: return refuse(message.get(), "X11 channel");
    case SSH_CHANNEL_AUTH_AGENT: return refuse(message.get(), "agent channel");
    case SSH_CHANNEL_FORWARDED_TCPIP: return refuse(message.get(), "forwarded-tcpip channel");
    default: return refuse(message.get(), "unknown channel type");
  }
}

std::shared_ptr<SshChannelCore> SshConnectionImpl::new_core() {
  const ssh_channel raw = ssh_channel_new(session_.get());
  if (!raw) return nullptr;
  auto core = std::make_shared<SshChannelCore>(*this, raw, next_channel_++);
  if (core->watch()) return core;
  core->detach();
  ssh_channel_free(raw);
  return nullptr;
}

Result<std::shared_ptr<SshChannelCore>> SshConnectionImpl::confirm_open(
    ssh_message message, std::shared_ptr<SshChannelCore> core) {
  const ssh_channel raw = core->raw();
  channels_.emplace(raw, core);
  const int rc = ssh_message_channel_request_open_reply_accept_channel(message, raw);
  if (rc == SSH_ERROR) {
    start_ending("closed by the client");
    return fail(Errc::closed, "the SSH connection has ended");
  }
  if (core->peer_packets_too_small()) {
    start_ending("protocol error");
    return fail(Errc::bad_input, "the client wants packets too small to be useful");
  }
  if (!pumping_) pump_later();
  return core;
}

void SshConnectionImpl::open_session(ssh_message message) {
  const auto core = new_core();
  if (!core) return refuse(message, "session channel");
  core->is_session = true;
  core->facade_kept = channel_facade(core);
  core->handler = handler_->open_session(core->facade_kept);
  if (!core->handler) {
    const ssh_channel raw = core->raw();
    core->detach();
    ssh_channel_free(raw);
    return refuse(message, "session channel");
  }
  static_cast<void>(confirm_open(message, core));
}

void SshConnectionImpl::open_direct_tcpip(LibsshMessage message) {
  const auto raw = message.get();
  DirectTcpip where{std::string(text_or_empty(ssh_message_channel_request_open_destination(raw))),
                    static_cast<std::uint16_t>(ssh_message_channel_request_open_destination_port(raw)),
                    std::string(text_or_empty(ssh_message_channel_request_open_originator(raw))),
                    static_cast<std::uint16_t>(ssh_message_channel_request_open_originator_port(raw))};
  if (where.host.empty() || where.host.size() > 255 || has_control(where.host) ||
      where.originator.size() > 255)
    return refuse(raw, "direct-tcpip with a malformed name");
  auto pending = std::make_shared<DirectTcpipReply::Pending>(weak_from_this(), std::move(message));
  pending_opens_.push_back(pending);
  handler_->open_direct_tcpip(where, DirectTcpipReply(std::move(pending)));
}

// ---- requests on a session channel ----------------------------------------------------------------

void SshConnectionImpl::channel_request(ssh_message message) {
  const auto entry = channels_.find(ssh_message_channel_request_channel(message));
  if (entry == channels_.end()) {
    static_cast<void>(ssh_message_reply_default(message));
    return;
  }
  const auto core = entry->second;
  const bool listening = core->is_session && core->handler && core->is_open();
  if (listening && ssh_message_subtype(message) == SSH_CHANNEL_REQUEST_WINDOW_CHANGE) {
    if (core->has_pty) core->handler->window_change(window_size(message));
    return;  // RFC 4254: no reply
  }
  // The reply goes before anything that the handler says on the channel: a CLOSE ahead of it would be
  // an error to every client.
  core->hold();
  if (listening && ++core->requests <= config_->limits.requests_per_channel && decide(*core, message))
    static_cast<void>(ssh_message_channel_request_reply_success(message));
  else
    static_cast<void>(ssh_message_reply_default(message));
  core->release();
}

bool SshConnectionImpl::decide(SshChannelCore& core, ssh_message message) {
  switch (ssh_message_subtype(message)) {
    case SSH_CHANNEL_REQUEST_PTY: {
      PtyRequest pty{std::string(text_or_empty(ssh_message_channel_request_pty_term(message))),
                     window_size(message)};
      if (!is_term(pty.term)) pty.term = "dumb";
      if (core.has_pty || core.program_started) return false;
      return core.has_pty = core.handler->pty(pty).accepted;
    }
    case SSH_CHANNEL_REQUEST_ENV: return decide_env(core, message);
    case SSH_CHANNEL_REQUEST_SHELL:
    case SSH_CHANNEL_REQUEST_EXEC:
    case SSH_CHANNEL_REQUEST_SUBSYSTEM: return start_program(core.shared_from_this(), message);
    case SSH_CHANNEL_REQUEST_X11: handler_->refused("X11 forwarding"); return false;
    default: handler_->refused("unknown channel request"); return false;
  }
}

bool SshConnectionImpl::decide_env(SshChannelCore& core, ssh_message message) {
  const auto name = text_or_empty(ssh_message_channel_request_env_name(message));
  const auto value = text_or_empty(ssh_message_channel_request_env_value(message));
  const bool listed =
      std::ranges::any_of(config_->allowed_env, [&](const auto& p) { return matches(p, name); });
  if (!listed || value.size() > longest_env_value || has_control(value) || core.program_started) {
    handler_->refused("env " + printable(name, 64));
    return false;
  }
  return core.handler->env(name, value).accepted;
}

bool SshConnectionImpl::start_program(std::shared_ptr<SshChannelCore> core, ssh_message message) {
  if (core->program_started) return false;
  core->program_started = true;  // also when refused: the answer below may be its only output
  const auto command = text_or_empty(ssh_message_channel_request_command(message));
  SshVerdict verdict = SshVerdict::refuse("The command is too long.");
  switch (ssh_message_subtype(message)) {
    case SSH_CHANNEL_REQUEST_SHELL: verdict = core->handler->shell(); break;
    case SSH_CHANNEL_REQUEST_EXEC:
      if (command.size() <= longest_command) verdict = core->handler->exec(command);
      break;
    default:
      verdict = core->handler->subsystem(text_or_empty(ssh_message_channel_request_subsystem(message)));
  }
  const auto facade = std::exchange(core->facade_kept, nullptr);  // from here the handler's pointers count
  if (verdict.accepted) return true;
  if (verdict.message.empty()) {
    core->facade_kept = facade;
    return core->program_started = false;
  }
  boost::asio::co_spawn(executor_, say_why_and_close(channel_facade(core), screen_text(verdict.message)),
                        boost::asio::detached);
  return true;
}

void SshConnectionImpl::global_request(ssh_message message) {
  switch (ssh_message_subtype(message)) {
    case SSH_GLOBAL_REQUEST_TCPIP_FORWARD: return refuse(message, "remote forwarding");
    case SSH_GLOBAL_REQUEST_CANCEL_TCPIP_FORWARD: return refuse(message, "cancel of remote forwarding");
    default: return refuse(message, "unknown global request");
  }
}

}  // namespace pontlevis::io
