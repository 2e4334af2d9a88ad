// The answers to a direct-tcpip, which may come long after the question (the gateway first waits for
// the agent to dial in).
#include "protocol/io/ssh/ssh_connection_impl.hpp"
#include "protocol/io/ssh/ssh_farewell.hpp"

namespace pontlevis::io {
namespace {

// To close, or only to send an EOF (to which ssh -W answers by ending its input too), would break the pipe
// under a client that still writes its greeting, and it would report that instead of our words: so the
// client ends it, within a time.
Awaitable<void> say_and_let_go(SshChannelPtr channel, std::string bytes) {
  boost::asio::steady_timer patience(co_await boost::asio::this_coro::executor, std::chrono::seconds(5));
  patience.async_wait([channel](const boost::system::error_code&) { channel->close(); });
  static_cast<void>(co_await channel->write_all(bytes));
  std::vector<char> unread(4096);
  for (auto size = co_await channel->read_some(unread); size && *size > 0;)
    size = co_await channel->read_some(unread);
}

}  // namespace

Result<SshChannelPtr> DirectTcpipReply::Pending::accept() {
  const auto connection = connection_.lock();
  if (!connection || !message_ || connection->closed())
    return fail(Errc::closed, "the SSH client has gone before it was answered");
  const auto message = std::move(message_);
  auto channel = connection->accept_open(message.get());
  connection->pending_done(this);
  return channel;
}

void DirectTcpipReply::Pending::refuse(std::string_view why) {
  const auto connection = connection_.lock();
  if (!connection || !message_ || connection->closed()) return message_.reset();
  const auto message = std::move(message_);
  if (!why.empty()) connection->say_debug(why);
  static_cast<void>(ssh_message_reply_default(message.get()));
  connection->pending_done(this);
}

void DirectTcpipReply::Pending::refuse_as_ssh(std::string_view why) {
  const auto connection = connection_.lock();
  const auto text = ssh_farewell(why);
  auto channel = accept();
  if (!connection || !channel) return;
  boost::asio::co_spawn(connection->executor(), say_and_let_go(std::move(*channel), text),
                        boost::asio::detached);
}

Result<SshChannelPtr> SshConnectionImpl::accept_open(ssh_message message) {
  const auto core = new_core();
  if (!core) {
    static_cast<void>(ssh_message_reply_default(message));
    return fail(Errc::unavailable, "no SSH channel can be made");
  }
  PL_TRY(confirmed, confirm_open(message, core));
  return channel_facade(std::move(confirmed));
}

void SshConnectionImpl::pending_done(const DirectTcpipReply::Pending* pending) {
  std::erase_if(pending_opens_, [pending](const auto& other) { return other.get() == pending; });
  pump_later();
}

DirectTcpipReply::DirectTcpipReply(std::shared_ptr<Pending> pending) noexcept
    : pending_(std::move(pending)) {}
DirectTcpipReply::DirectTcpipReply(DirectTcpipReply&&) noexcept = default;
DirectTcpipReply& DirectTcpipReply::operator=(DirectTcpipReply&& other) noexcept {
  std::swap(pending_, other.pending_);
  return *this;
}
DirectTcpipReply::~DirectTcpipReply() { refuse(); }

bool DirectTcpipReply::waiting() const noexcept { return pending_ && pending_->waiting(); }

Result<SshChannelPtr> DirectTcpipReply::accept() {
  const auto pending = std::move(pending_);
  return pending ? pending->accept() : fail(Errc::conflict, "this forward was answered before");
}
void DirectTcpipReply::refuse(std::string_view why) {
  if (const auto pending = std::move(pending_)) pending->refuse(why);
}
void DirectTcpipReply::refuse_as_ssh(std::string_view why) {
  if (const auto pending = std::move(pending_)) pending->refuse_as_ssh(why);
}

}  // namespace pontlevis::io
