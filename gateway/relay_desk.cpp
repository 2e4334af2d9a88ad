#include "gateway/relay_desk.hpp"

#include "gateway/events.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

namespace asio = boost::asio;

class SshOperatorEnd final : public OperatorEnd {
 public:
  explicit SshOperatorEnd(io::DirectTcpipReply reply) : reply_(std::move(reply)) {}
  Result<io::ByteStream*> accept() override {
    PL_TRY(channel, reply_.accept());
    channel_ = std::move(channel);
    return channel_.get();
  }
  void refuse(std::string_view why) override { reply_.refuse_as_ssh(why); }

 private:
  io::DirectTcpipReply reply_;
  io::SshChannelPtr channel_;
};

}  // namespace

std::unique_ptr<OperatorEnd> operator_end(io::DirectTcpipReply reply) { return std::make_unique<SshOperatorEnd>(std::move(reply)); }

void RelayDesk::want(RelayWanted wanted, std::unique_ptr<OperatorEnd> end) {
  if (waiting_.size() + running_.size() >= static_cast<std::size_t>(core_.options.integer("limits.relays")))
    return end->refuse("the gateway relays as many connections as it may; try again later");
  if (auto ready = core_.ready(); !ready) return end->refuse(ready.error().what);
  const auto name = to_hex(core_.random.bytes(16));
  const frame::RelayWanted question{wanted.intervention, name, wanted.login};
  if (auto sent = links_.send(wanted.practice, question); !sent) return end->refuse(sent.error().what);
  const auto within = std::chrono::seconds(core_.options.integer("relay.dial_seconds"));
  asio::steady_timer deadline(executor_, within);
  std::shared_ptr<Waiting> waiting(new Waiting{std::move(wanted), std::move(end), std::move(deadline)});
  waiting_.emplace(name, waiting);
  asio::co_spawn(executor_, time_out(name, waiting), asio::detached);
}

Awaitable<void> RelayDesk::time_out(std::string name, std::shared_ptr<Waiting> waiting) {
  const auto [cancelled] = co_await waiting->deadline.async_wait(asio::as_tuple(asio::use_awaitable));
  if (!cancelled) turn_away(name, "the practice did not dial in time; its link may be slow or gone");
}

void RelayDesk::turn_away(const std::string& name, std::string_view why) {
  const auto at = waiting_.find(name);
  if (at == waiting_.end()) return;
  const auto waiting = at->second;
  waiting_.erase(at);
  waiting->deadline.cancel();
  event("relay.refused", {{"intervention", waiting->wanted.intervention.text()}});
  waiting->end->refuse(why);
}

std::optional<io::HttpResponse> RelayDesk::gate(const io::HttpRequest& request) const {
  const auto at = waiting_.find(request.id);
  const bool good = request.peer && at != waiting_.end() && at->second->wanted.practice.text() == request.peer->common_name &&
                    !core_.certificates.is_revoked(request.peer->serial);
  if (good) return std::nullopt;
  return io::HttpResponse::problem(Error{Errc::not_found, "no such relay waits for this certificate", "relay", "a relay is good once, for some seconds"});
}

Awaitable<void> RelayDesk::serve(io::HttpRequest request, std::unique_ptr<io::ByteStream> stream) {
  const auto at = waiting_.find(request.id);
  if (at == waiting_.end()) co_return;  // spent between gate and here
  const auto waiting = at->second;
  waiting_.erase(at);
  waiting->deadline.cancel();
  auto operator_stream = waiting->end->accept();
  if (!operator_stream) co_return;
  const auto number = ++total_;
  auto& running = running_.emplace(number, Running{waiting->wanted, *operator_stream, stream.get(), {}}).first->second;
  event("relay.opened", {{"intervention", waiting->wanted.intervention.text()}, {"relay", number}});
  co_await io::splice(**operator_stream, *stream, &running.count);
  const auto count = running.count;
  running_.erase(number);
  bytes_before_ += count.a_to_b + count.b_to_a;
  event("relay.closed", {{"intervention", waiting->wanted.intervention.text()}, {"relay", number},
                         {"bytes_in", count.a_to_b}, {"bytes_out", count.b_to_a}});
}

void RelayDesk::agent_refused(const frame::RelayRefused& refused) {
  const auto at = waiting_.find(refused.relay);
  if (at == waiting_.end() || at->second->wanted.intervention != refused.intervention) return;
  turn_away(refused.relay, "the practice refused: " + printable(refused.why));
}

void RelayDesk::end_where(const std::function<bool(const RelayWanted&)>& matches, std::string_view why) {
  std::vector<std::string> names;
  for (const auto& [name, waiting] : waiting_)
    if (matches(waiting->wanted)) names.push_back(name);
  for (const auto& name : names) turn_away(name, why);
  for (auto& [number, running] : running_) {
    if (!matches(running.wanted)) continue;
    running.operator_stream->close();
    running.agent_stream->close();
  }
}

void RelayDesk::end_intervention(const InterventionId& id) {
  end_where([&](const RelayWanted& w) { return w.intervention == id; }, "the session has ended");
}
void RelayDesk::end_practice(const PracticeId& practice) {
  end_where([&](const RelayWanted& w) { return w.practice == practice; }, "the practice's certificate was revoked");
}
void RelayDesk::end_person(const Login& login) {
  end_where([&](const RelayWanted& w) { return w.login == login; }, "this staff card was revoked");
}
void RelayDesk::end_all() {
  end_where([](const RelayWanted&) { return true; }, "the gateway is stopping");
}

std::uint64_t RelayDesk::bytes() const {
  auto sum = bytes_before_;
  for (const auto& [number, running] : running_) sum += running.count.a_to_b + running.count.b_to_a;
  return sum;
}

}  // namespace pontlevis::gateway
