#include "gateway/gateway.hpp"

#include "gateway/api/console_page.hpp"
#include "gateway/api/review_page.hpp"
#include "gateway/events.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/io/system.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

namespace asio = boost::asio;
constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
constexpr Millis links_drain{3'000}, https_drain{6'000};
constexpr auto house_every = std::chrono::seconds(30);

Result<audit::Record> start_record(const Core& core) {
  json::array changed;
  for (const auto& key : core.options.changed()) changed.emplace_back(key);
  const json::object fields{{"program", "pontlevis-gateway"}, {"version", PONTLEVIS_VERSION}, {"origin", core.log->verifier().name()},
                            {"size_before", core.log->size()}, {"console_sha256", console_sha256()}, {"review_sha256", review_sha256()}, {"settings_sha256", sha256_hex(core.options.all_text())},
                            {"defaults_changed", std::move(changed)}};
  return audit::Record::make("log_start", fields);
}

Result<audit::Record> stop_record(const std::string& cause) {
  const json::object fields{{"program", "pontlevis-gateway"}, {"version", PONTLEVIS_VERSION}, {"cause", cause}};
  return audit::Record::make("log_stop", fields);
}

void report_fault(const std::string& what) { event(Level::error, "https.fault", {{"what", what}}); }

// The practices end the sessions of a revoked person themselves and tell that person why; what is still
// there a second later is cut. Nothing new passes meanwhile: each act asks for a valid card first.
Awaitable<void> cut_after_farewell(PeopleDesk& people, RelayDesk& relays, Front& front, Login person) {
  asio::steady_timer farewell(co_await asio::this_coro::executor, std::chrono::seconds(1));
  co_await farewell.async_wait(quietly);
  people.end_person(person);
  relays.end_person(person);
  front.end_person(person, "your staff card was revoked");
}

Awaitable<Result<json::object>> act(Admin& admin, json::object request) { return admin.act(std::move(request)); }

}  // namespace

Gateway::Gateway(asio::io_context& io, std::unique_ptr<Core> core, ReadOptions read_options)
    : io_(io), core_(std::move(core)), read_options_(std::move(read_options)), hub_(*core_, io.get_executor()),
      desk_(*core_, hub_, io.get_executor()), relays_(*core_, hub_, io.get_executor()),
      front_(*core_, desk_, hub_, relays_, io.get_executor()), parts_{*core_, hub_, desk_, relays_, front_},
      admin_(make_admin()), memory_(*core_), api_(*core_, desk_, hub_, relays_, front_, admin_), house_timer_(io) {
  hub_.use(desk_);
  hub_.on_relay_refused([this](const frame::RelayRefused& refused) { relays_.agent_refused(refused); });
  desk_.on_session_end([this](const InterventionId& id) { relays_.end_intervention(id); });
}

Gateway::~Gateway() = default;

Admin Gateway::make_admin() {
  LiveEffects live;
  live.link_up = [this](const PracticeId& practice) { return hub_.up(practice); };
  live.revoked_card = [this](const std::string& note, const std::optional<Login>& person) {
    hub_.broadcast(frame::Revocation{note});
    if (!person) return;
    asio::co_spawn(io_, cut_after_farewell(api_.people(), relays_, front_, *person), asio::detached);
  };
  live.ended_account = [this](const Login& login) { api_.people().end_person(login); };
  live.revoked_agent = [this](const PracticeId& practice, const std::vector<std::string>& serials) {
    relays_.end_practice(practice);
    hub_.end_link(practice, "this certificate was revoked", "the vendor can give a new enrolment code");
    for (const auto& serial : serials) https_->close_peer(serial);
  };
  return Admin(*core_, std::move(live));
}

Result<io::TlsContext> Gateway::tls() const {
  PL_TRY(chain, io::read_file(core_->folder.server_certificate()));
  PL_TRY(key, io::read_secret_file(core_->folder.server_key()));
  const io::TlsIdentity identity{std::move(chain), std::move(key)};
  io::ClientTrust clients{core_->ca.certificate_pem(), [core = core_.get()](std::string_view serial) { return core->certificates.is_revoked(serial); }};
  return io::TlsContext::for_server(identity, std::move(clients));
}

Result<> Gateway::listen() {
  const auto& options = core_->options;
  io::HttpLimits limits;
  limits.connections = static_cast<std::size_t>(options.integer("limits.agents"));
  auto routes = agent_routes(parts_);
  api_.add_to(routes);
  https_ = std::make_unique<io::HttpServer>(io_, std::move(routes), limits, report_fault);
  metrics_ = std::make_unique<io::HttpServer>(io_, metrics_routes(parts_), io::HttpLimits{}, report_fault);
  PL_TRY(context, tls());
  PL_CHECK(https_->listen(options.text("listen.https_address"), static_cast<unsigned short>(options.integer("listen.https_port")), context));
  PL_CHECK(metrics_->listen_plain(options.text("listen.metrics_address"), static_cast<unsigned short>(options.integer("listen.metrics_port"))));
  PL_CHECK(api_.people().listens_on(https_->port()));
  PL_CHECK(front_.listen());
  PL_TRY(control, io::ControlServer::listen(io_.get_executor(), core_->folder.control(),
                                            [this](json::object request, io::PeerUser, io::ReplyStream&) { return act(admin_, std::move(request)); }));
  control_ = std::move(control);
  return {};
}

Result<> Gateway::write_ports() const {
  const json::object ports{{"https", https_->port()}, {"ssh", front_.port()}, {"metrics", metrics_->port()}};
  return io::write_file(core_->folder.ports(), json::serialize(ports) + "\n", io::FileMode::everyone_reads);
}

Result<> Gateway::start() {
  // A vendor who cannot be asked about data protection asks nobody for access (requirements §4.5).
  if (core_->vendor_register.settings().dpo_contact.empty())
    return fail(Errc::bad_input, "'vendor.dpo_contact' is missing", core_->folder.config().string(), "say who answers for data protection, such as dpo@vendor.example");
  PL_CHECK(memory_.open());  // says first whether this log may go on at all
  if (!core_->log_closed) {
    PL_TRY(start, start_record(*core_));
    PL_CHECK(core_->log->append_now(std::move(start)));
  }
  PL_CHECK(memory_.start(hub_));
  admin_.use(memory_.verbs());
  api_.use(memory_.routes());
  PL_CHECK(listen());
  PL_CHECK(write_ports());
  asio::co_spawn(io_, keep_house(), asio::detached);
  event("gateway.serving", {{"https", https_->port()}, {"ssh", front_.port()}, {"metrics", metrics_->port()}, {"version", PONTLEVIS_VERSION}});
  return {};
}

Awaitable<void> Gateway::keep_house() {
  co_await desk_.settle_all();
  for (;;) {
    house_timer_.expires_after(house_every);
    const auto [cancelled] = co_await house_timer_.async_wait(quietly);
    if (cancelled) co_return;
    co_await desk_.sweep();
    api_.people().sweep();
    co_await memory_.keep_house();
  }
}

void Gateway::reload() {
  auto options = read_options_();
  if (!options) return event(Level::error, "reload.refused", {{"what", options.error().text()}});
  core_->options = *std::move(options);
  auto context = tls();
  if (!context) return event(Level::error, "reload.refused", {{"what", context.error().text()}});
  https_->replace_tls(*std::move(context));
  if (auto placed = api_.people().listens_on(https_->port()); !placed) event(Level::error, "reload.refused", {{"what", placed.error().text()}});
  event("gateway.reloaded");
}

Awaitable<void> Gateway::drain(std::string reason) {
  event("gateway.stopping", {{"cause", reason}});
  house_timer_.cancel();
  memory_.stop();
  if (control_) control_->close();
  front_.stop_accepting();
  https_->stop_accepting();
  metrics_->stop_accepting();
  co_await hub_.drain("the gateway is stopping; connect again later", links_drain);
  relays_.end_all();
  front_.end_all("the gateway is stopping");
  co_await https_->drain(https_drain);
  co_await metrics_->drain(Millis(500));
  std::error_code ignored;
  std::filesystem::remove(core_->folder.ports(), ignored);
  auto stopped = co_await core_->append(stop_record(reason));
  event("gateway.stopped", {{"recorded", stopped.has_value()}});
}

}  // namespace pontlevis::gateway
