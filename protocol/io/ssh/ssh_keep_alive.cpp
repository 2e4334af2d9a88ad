// Is the client still there? A machine that lost its network leaves a TCP connection that stays open for
// hours, and behind a relay not even that is seen. So a signed-in client is asked (keepalive@openssh.com,
// which every client answers, most with a no), and a connection on which nothing came for
// `alive_silences` questions ends: in a pair, input stops with it (requirements A35). Anything that comes is
// an answer, also data. Tests: tests/unit/ssh/channel_test.py (AliveTest), scenario_pair_cut.
#include "protocol/io/ssh/ssh_connection_impl.hpp"

namespace pontlevis::io {

void SshConnectionImpl::watch_for_life() {
  if (config_->limits.alive_every.count() == 0) return;
  alive_.expires_after(config_->limits.alive_every);
  alive_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    if (!error) self->guard([&self] { self->look_for_life(); });
  });
}

void SshConnectionImpl::look_for_life() {
  if (ending_ || !session_) return;
  silences_ = heard_ == wire_.in_bytes ? silences_ + 1 : 0;
  heard_ = wire_.in_bytes;
  if (silences_ >= config_->limits.alive_silences) return disconnect("The client does not answer any more.");
  ask_for_life();
  watch_for_life();
}

// libssh keeps one question at a time: a call that finds the answer to the last one only takes it, and the
// next call asks. Without an answer neither call sends anything: the question is on its way.
void SshConnectionImpl::ask_for_life() {
  const auto before = wire_.in_bytes, sent = packets_.out_packets;
  for (int i = 0; i < 2 && packets_.out_packets == sent && !session_has_failed(); ++i)
    static_cast<void>(ssh_send_keepalive(session_.get()));
  after_call(before);
}

}  // namespace pontlevis::io
