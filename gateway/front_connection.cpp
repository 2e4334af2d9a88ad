#include "gateway/front_connection.hpp"

#include "gateway/command_channel.hpp"
#include "gateway/events.hpp"
#include "gateway/records.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {

FrontConnection::FrontConnection(Front& front, std::unique_ptr<io::SshAdmission> place)
    : front_(front), registry_(front.connections_), place_(std::move(place)) {
  registry_->insert(this);
}

FrontConnection::~FrontConnection() { registry_->erase(this); }

void FrontConnection::end(std::string why) {
  if (auto connection = connection_.lock()) connection->disconnect(std::move(why));
}

void FrontConnection::record(std::string_view event_name, std::string_view user, std::string_view detail) {
  constexpr int records_a_connection = 16;
  if (++records_ > records_a_connection) return;
  front_.core_.append_and_go_on(security_record(event_name, "ssh", printable(user, 64), address(), printable(detail, 300)));
}

// ---- who ----

bool FrontConnection::accepts_key(std::string_view user, const io::SshPublicKey& key) {
  const auto login = Login::parse(user);
  if (!login) return false;
  const auto card = front_.core_.technicians.valid_card(*login);
  return card && card->has_key(key.line());
}

io::SecondFactorPrompt FrontConnection::second_factor_prompt(std::string_view, const io::SshPublicKey&) {
  return {"Pontlevis: the code of your authenticator app.", "Code: ", false};
}

io::SecondFactor FrontConnection::check_second_factor(std::string_view user, const io::SshPublicKey&, const Secret& answer) {
  const auto login = Login::parse(user);
  if (!login) return io::SecondFactor::wrong;
  const auto verdict = front_.core_.technicians.check_code(*login, answer, front_.core_.lockout_rule());
  if (!verdict) {  // the store could not spend the code: nobody comes in
    event(Level::error, "store.failed", {{"what", verdict.error().what}});
    return io::SecondFactor::wrong;
  }
  switch (*verdict) {
    case CodeVerdict::accepted: return io::SecondFactor::accepted;
    case CodeVerdict::wrong: return io::SecondFactor::wrong;
    case CodeVerdict::now_locked:
      event(Level::warn, "signin.locked", {{"login", login->text()}});
      record("locked", user, "too many wrong codes");
      return io::SecondFactor::locked;
    case CodeVerdict::locked: return io::SecondFactor::locked;
  }
  return io::SecondFactor::wrong;
}

void FrontConnection::on_authenticated(std::string_view user, const io::SshPublicKey&) {
  login_ = *Login::parse(user);
  if (place_) place_->authenticated();
  event("signin.done", {{"login", login_->text()}});
}

void FrontConnection::on_auth_failed(std::string_view user, io::SshAuthStep step, io::SshAuthFailure why) {
  ++front_.failures_;
  const bool known = Login::parse(user) && front_.core_.technicians.knows(*Login::parse(user));
  event("signin.failed", {{"login", known ? std::string(user) : "(unknown)"}, {"why", io::text_of(why)}});
  // A client offers several keys in a row; only what follows a right key says something about a person.
  const bool rude = why == io::SshAuthFailure::too_many_tries || why == io::SshAuthFailure::out_of_order || why == io::SshAuthFailure::user_changed;
  if (step == io::SshAuthStep::second_factor || rude) record("signin_failed", user, io::text_of(why));
}

void FrontConnection::on_closed(std::string_view why) noexcept {
  if (login_) event(Level::debug, "connection.closed", {{"login", login_->text()}, {"why", why}});
}

void FrontConnection::refused(std::string_view what) {
  if (login_) record("refused", login_->text(), what);
}

// ---- what ----

std::unique_ptr<io::SessionChannelHandler> FrontConnection::open_session(io::SshChannelPtr channel) {
  if (!login_) return nullptr;
  return make_command_channel(front_.counter_, *login_, std::move(channel), front_.executor_);
}

namespace {

const Intervention* newest_of(const Core& core, const Login& login, const SystemAddress& where) {
  const Intervention* found = nullptr;
  for (const auto& [id, iv] : core.interventions.all_live()) {
    if (iv.request.practice != where.practice || iv.request.system != where.system || !iv.names(login)) continue;
    if (iv.state == State::cancelled) continue;
    if (!found || iv.request.requested_at > found->request.requested_at) found = &iv;
  }
  return found;
}

std::string not_open_yet(const Intervention& iv, const Login& login, bool up) {
  const auto id = short_id(iv.id());
  if (iv.waiting())
    return "waiting for the practice's consent since " + clock_text(iv.request.requested_at) + (up ? "" : "; the practice is not connected now");
  if (iv.phase == Phase::consented) return "the practice has agreed and its session is being opened: try again in a moment";
  if (iv.report_due()) return "the session has ended; `report " + id + "` closes the intervention, `request` asks for another";
  if (iv.phase == Phase::open && !iv.connected_operator(login)) return "you are named as consulted, not as connected";
  return "the intervention is over; ask for another with `request`";
}

}  // namespace

std::expected<RelayWanted, std::string> way_through(const Core& core, const Links& links, const Login& login,
                                                    std::string_view host, std::uint16_t port) {
  const auto where = parse_address(host);
  if (!where || port != 22) return std::unexpected("only <system>.<practice> on port 22 can be reached through this gateway; `systems` lists them");
  const auto* practice = core.practices.find(where->practice);
  if (!practice || !practice->system(where->system)) return std::unexpected("no system is named " + printable(host, 100) + "; `systems` lists them");
  const auto card = core.technicians.valid_card(login);
  if (!card) return std::unexpected("your staff card does not count any more: " + card.error().what);
  const auto* iv = newest_of(core, login, *where);
  if (!iv) return std::unexpected("no intervention of yours is open on " + std::string(host) + "; ask first, see `help request`");
  const bool up = links.up(where->practice);
  if (!iv->is_open() || !iv->connected_operator(login)) return std::unexpected(not_open_yet(*iv, login, up));
  if (!up) return std::unexpected("the practice's link is down; its agent connects again by itself, try in a moment");
  return RelayWanted{iv->id(), where->practice, login};
}

void FrontConnection::open_direct_tcpip(const io::DirectTcpip& where, io::DirectTcpipReply reply) {
  if (!login_) return reply.refuse();
  auto way = way_through(front_.core_, front_.counter_.links, *login_, where.host, where.port);
  if (way) return front_.relays_.want(*std::move(way), operator_end(std::move(reply)));
  event("forward.refused", {{"login", login_->text()}});
  record("forward_refused", login_->text(), where.host + ": " + way.error());
  // Port 22 speaks SSH: its client prints our words. Any other port gets the bare refusal.
  if (where.port == 22) return reply.refuse_as_ssh(way.error());
  reply.refuse(way.error());
}

}  // namespace pontlevis::gateway
