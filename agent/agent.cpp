#include "agent/agent.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <csignal>

#include "agent/desk_commands.hpp"
#include "agent/notifier.hpp"
#include "agent/page/page.hpp"
#include "agent/retention.hpp"
#include "certs/agent_ca.hpp"
#include "protocol/io/events/events.hpp"
#include "protocol/io/http/http_server.hpp"
#include "protocol/io/system.hpp"

namespace pontlevis::agent {

namespace net = boost::asio;

namespace {

Result<std::shared_ptr<const io::SshServerConfig>> ssh_config(const Identity& identity, const Config& options) {
  auto config = std::make_shared<io::SshServerConfig>();
  config->host_keys = identity.host_keys;
  config->limits.grace = std::chrono::minutes(2);  // a person on the phone reads the password out
  config->limits.alive_every = std::chrono::seconds(options.integer("link.operator_alive_seconds"));
  PL_CHECK(config->check());
  return config;
}

Result<certs::RevocationList> load_revocations(Store& store, const Identity& identity) {
  certs::RevocationList out;
  PL_TRY(notes, store.revocations());
  if (!notes.empty()) PL_CHECK(out.add_all(notes, identity.staff));
  return out;
}

Result<std::optional<io::HttpProxy>> proxy_of(const Config& config) {
  const auto& text = config.text("link.proxy");
  if (text.empty()) return std::nullopt;
  PL_TRY(address, GatewayAddress::parse(text));
  return io::HttpProxy{address.host, address.port, {}};
}

// `localhost` is two addresses. Both are ours, or another user of the machine could take the other one and
// show a page that looks like ours.
Result<> listen_for_page(io::HttpServer& page, io::HttpServer& page6, const Config& config) {
  PL_CHECK(page.listen_plain(config.text("page.address"), static_cast<unsigned short>(config.integer("page.port"))));
  const auto second = page6.listen_plain("::1", page.port());
  if (second || second.error().code != Errc::io) return second;  // io: this machine has no IPv6
  io::event(io::Level::info, "page.no_ipv6", {{"what", second.error().what}});
  return {};
}

// Recordings past their day are destroyed, with a certificate for each (requirements B16, B20).
io::Awaitable<void> keep_certificates(RecordingVault::Purged purged, RecordingVault& vault, Journal& journal) {
  for (const auto& gone : purged.destroyed) {
    json::object certificate = gone.certificate;
    certificate.insert_or_assign("intervention", gone.intervention.text());
    const auto kept = co_await journal.keep("destruction", std::move(certificate));
    if (kept) vault.kept(gone);  // until then the next purge brings it again
  }
  if (purged.failures > 0) io::event(io::Level::error, "recordings.not_purged", {{"count", purged.failures}});
}

io::Awaitable<void> purge_daily(net::io_context& loop, RecordingVault& vault, Journal& journal, const Clock& clock) {
  for (;;) {
    auto purged = vault.purge(clock.now());
    co_await keep_certificates(std::move(purged), vault, journal);
    net::steady_timer tomorrow(loop, std::chrono::hours(24));
    co_await tomorrow.async_wait(net::as_tuple(net::use_awaitable));
  }
}

Result<> write_ports(const std::filesystem::path& data, unsigned short page) {
  return io::write_file(data / "ports.json", json::serialize(json::object{{"page", page}}) + "\n", io::FileMode::everyone_reads);
}

// One signal drains: every session is ended in order; a second one changes nothing.
io::Awaitable<void> wait_for_end(net::io_context& loop, Drawbridge& bridge, GatewayLink& link, Journal& journal) {
  net::signal_set signals(loop, SIGTERM, SIGINT);
  static_cast<void>(co_await signals.async_wait(net::as_tuple(net::use_awaitable)));
  co_await bridge.close_all("the agent stops");
  static_cast<void>(co_await journal.keep("log_stop", json::object{{"program", "pontlevis-agent"}, {"version", PONTLEVIS_VERSION}, {"cause", "signal"}}));
  link.stop();
  loop.stop();
}

Result<> check_desktops(const Inventory& inventory, const std::string& file) {
  for (const auto& system : inventory.systems)
    if (const auto missing = system.desktop ? missing_program(*system.desktop) : std::nullopt)
      return fail(Errc::not_found, "the desktop of `" + system.id.text() + "` needs " + *missing + ", which is not on this machine", file,
                  "install it (on Debian: x11vnc, or tigervnc-standalone-server), or change [system.desktop]");
  return {};
}

io::Awaitable<void> start_link_after_recovery(Drawbridge& bridge, GatewayLink& link, net::io_context& loop, Result<>* outcome) {
  *outcome = co_await bridge.recover();
  if (!*outcome) co_return loop.stop();  // a journal that cannot say what happened opens nothing
  link.start(bridge.callbacks());
}

}  // namespace

Result<> serve(const std::filesystem::path& data, const Config& config) {
  ::signal(SIGPIPE, SIG_IGN);
  io::start_events("info");
  net::io_context loop(1);                                             // one thread; ends last, with what still waits
  SystemClock clock;                                                   // calendar, and time since boot
  io::SystemRandom random;
  PL_TRY(identity, KeyFolder(data).load());                            // who this practice is, whom it trusts
  PL_TRY(inventory, read_inventory(config.systems_file()));            // what it offers
  PL_TRY(store, Store::open(data));                                    // what survives a restart
  PL_TRY(journal, Journal::open(data, identity, store, clock, random));  // the practice's own memory
  PL_TRY(watch, WitnessWatch::open(data, identity, *journal, clock));  // what it has seen of the gateway's
  PL_TRY(revoked, load_revocations(store, identity));
  PL_TRY(proxy, proxy_of(config));
  PL_TRY(ssh, ssh_config(identity, config));
  PL_CHECK(journal->keep_now("log_start", json::object{{"program", "pontlevis-agent"}, {"version", PONTLEVIS_VERSION},
                                                       {"origin", journal->log().verifier().name()}, {"size_before", journal->log().size()}}));
  PL_TRY(reaper, Reaper::create(loop.get_executor()));                 // nothing stays behind
  ConsentDesk desk(identity, inventory, revoked, config.parties(), *journal, clock);
  GatewayLink link(loop, identity, KeyFolder(data), *journal, clock, random,
                   {.longest_wait = std::chrono::seconds(config.integer("link.longest_wait_seconds")), .proxy = std::move(proxy)});
  PL_TRY(recordings, RecordingVault::open(data, clock, random));       // what was asked to be kept, encrypted
  SessionParts parts{loop, clock, random, *journal, store, *reaper, ssh, *recordings, config.profile(),
                     std::chrono::seconds(config.integer("link.grace_seconds"))};
  Drawbridge bridge({loop, identity, inventory, desk, *watch, revoked, link, parts});
  Notifier notifier(loop, *reaper, {config.language(), config.text("notify.desktop") == "auto" && Notifier::has_desktop(), config.text("notify.command")});
  bridge.on_request = [&notifier](const PendingRequest& pending) { notifier.request_waits(pending); };
  Team team(store, *journal, clock, random);                           // who may decide here
  DeskCommands commands(bridge, team, desk, identity, config.language());
  PL_TRY(control, io::ControlServer::listen(loop.get_executor(), data / "agent.sock", commands.handler()));
  PL_TRY(page_store, PageStore::open(data));
  Rehearsal rehearsal({.executor = loop.get_executor(), .clock = clock, .random = random, .reaper = *reaper});
  Page page({loop, bridge, team, desk, identity, inventory, *journal, store, page_store, *recordings, rehearsal, clock, random,
             config.language(), data, std::chrono::minutes(config.integer("page.lock_after_minutes"))});
  const io::HttpLimits limits{.connections = 256};
  io::HttpServer page_server(loop, page.routes(), limits), page_server6(loop, page.routes(), limits);  // loopback only
  PL_CHECK(listen_for_page(page_server, page_server6, config));
  page.set_port(page_server.port());
  page.start();
  PL_CHECK(write_ports(data, page_server.port()));
  PL_TRY(retention, JournalRetention::make(*journal, store, page_store, data, clock));  // what is due is forgotten
  Result<> recovered;
  net::co_spawn(loop, reaper->run(), net::detached);
  net::co_spawn(loop, start_link_after_recovery(bridge, link, loop, &recovered), net::detached);
  net::co_spawn(loop, purge_daily(loop, *recordings, *journal, clock), net::detached);
  net::co_spawn(loop, retention->run_daily(), net::detached);
  net::co_spawn(loop, wait_for_end(loop, bridge, link, *journal), net::detached);
  loop.run();
  control.close();
  reaper->stop();
  return recovered;
}

Result<> check(const std::filesystem::path& data, const Config& config) {
  SystemClock clock;
  PL_TRY(identity, KeyFolder(data).load());
  PL_TRY(inventory, read_inventory(config.systems_file()));
  PL_CHECK(check_desktops(inventory, config.systems_file().string()));
  PL_TRY(certificate, certs::read_certificate(identity.tls.chain_pem));
  if (certificate.not_after < clock.now())
    return fail(Errc::expired, "the link certificate has expired", (data / "keys").string(), "ask the vendor for a new enrolment code");
  PL_TRY(store, Store::open(data));
  PL_TRY(team, store.team());
  const bool somebody = std::any_of(team.begin(), team.end(), [](const auto& m) { return !m.removed_at && m.role != ApproverRole::observer; });
  if (!somebody) return fail(Errc::not_found, "nobody here may decide yet", data.string(), "pontlevis-agent approver add");
  return {};
}

}  // namespace pontlevis::agent
