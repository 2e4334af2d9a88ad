#include "gateway/serve.hpp"

#include <csignal>

#include "gateway/backup/pipeline.hpp"
#include "gateway/events.hpp"
#include "gateway/gateway.hpp"
#include "gateway/init.hpp"
#include "protocol/io/http/http_client.hpp"
#include "protocol/io/system.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::gateway {
namespace {

namespace asio = boost::asio;
constexpr auto quietly = asio::as_tuple(asio::use_awaitable);

Awaitable<void> obey_signals(asio::io_context& io, asio::signal_set& signals, Gateway& gateway) {
  for (;;) {
    const auto [ec, signal] = co_await signals.async_wait(quietly);
    if (ec) co_return;
    if (signal == SIGHUP) {
      gateway.reload();
      continue;
    }
    co_await gateway.drain(signal == SIGTERM ? "SIGTERM" : "SIGINT");
    io.stop();
    co_return;
  }
}

}  // namespace

Result<> serve(const DataFolder& folder, const std::function<Result<Options>()>& read_options) {
  PL_TRY(options, read_options());
  start_events(options.text("log.level"));
  if (options.text("vendor.name").empty()) return fail(Errc::bad_input, "'vendor.name' is missing", folder.config().string(), "practices read it in every request");
  SystemClock clock;            // time comes in through the constructor
  io::SystemRandom random;
  asio::io_context loop(1);     // one thread: no lock but the log's own
  PL_TRY(core, Core::open(folder, std::move(options), clock, random));
  Gateway gateway(loop, std::move(core), read_options);
  PL_CHECK(gateway.start());
  asio::signal_set signals(loop, SIGTERM, SIGINT, SIGHUP);
  asio::co_spawn(loop, obey_signals(loop, signals, gateway), asio::detached);
  loop.run();
  return {};
}

// ---- check ----

namespace {

Result<std::string> check_certificate(const DataFolder& folder, Time now) {
  PL_TRY(pem, io::read_file(folder.server_certificate()));
  PL_TRY(certificate, certs::read_certificate(pem));
  const auto until = to_date(certificate.not_after);
  if (certificate.not_after <= now)
    return fail(Errc::expired, "ended on " + until, folder.server_certificate().string(), "pontlevis-gateway renew-certificate --data " + folder.root.string());
  return "server certificate good until " + until + (certs::renewal_due(certificate, now) ? " (renew it soon: renew-certificate)" : "");
}

Result<std::string> check_backups(const Options& options) {
  const auto& recipient = options.text("backup.recipient");
  if (options.text("backup.folder").empty()) return std::string("no backups are made: backup.folder is empty (docs/backup.md)");
  if (!is_age_recipient(recipient)) return fail(Errc::bad_input, "is not the public half of a recovery key", "backup.recipient", "age-keygen prints it: age1…");
  return "backups go to " + options.text("backup.folder") + ", sealed for " + recipient;
}

Result<std::string> check_core(const DataFolder& folder, const Options& options, const Clock& clock, Random& random) {
  auto core = Core::open(folder, options, clock, random);
  if (!core && core.error().code == Errc::conflict && std::filesystem::exists(folder.ports()))
    return std::string("log and store are in use by the serving gateway: not opened");
  if (!core) return std::unexpected(std::move(core).error());
  PL_CHECK((*core)->ready());
  return "log of " + std::to_string((*core)->log->size()) + " records and store are sound";
}

}  // namespace

Result<std::vector<std::string>> check(const DataFolder& folder, const std::function<Result<Options>()>& read_options) {
  SystemClock clock;
  io::SystemRandom random;
  std::vector<std::string> out;
  PL_TRY(options, read_options());
  if (options.text("vendor.name").empty()) return fail(Errc::bad_input, "'vendor.name' is missing", folder.config().string());
  out.emplace_back("configuration is sound");
  PL_TRY(certificate, check_certificate(folder, clock.now()));
  out.push_back(std::move(certificate));
  for (const auto& file : {folder.ca_key(), folder.server_key(), folder.log_key(), folder.ssh_ed25519(), folder.ssh_ecdsa()})
    PL_CHECK(io::read_secret_file(file));
  out.emplace_back("keys are there and readable by their owner only");
  PL_TRY(backups, check_backups(options));
  out.push_back(std::move(backups));
  PL_TRY(core, check_core(folder, options, clock, random));
  out.push_back(std::move(core));
  return out;
}

// ---- healthcheck ----

namespace {

Awaitable<Result<>> ask_ready(asio::io_context& io, unsigned short port) {
  io::HttpEndpoint endpoint{"127.0.0.1", port, "127.0.0.1"};
  PL_CO_TRY(client, co_await io::HttpClient::connect_plain(io, std::move(endpoint), Millis(3000)));
  PL_CO_TRY(answer, co_await client->request("GET", "/readyz"));
  if (answer.status == 200) co_return Result<>{};
  co_return fail(Errc::unavailable, "is not ready: " + printable(answer.body, 200), "gateway");
}

Result<unsigned short> metrics_port(const DataFolder& folder) {
  auto text = io::read_file(folder.ports(), 4096);
  if (!text) return fail(Errc::unavailable, "is not serving", folder.root.string(), "pontlevis-gateway serve --data " + folder.root.string());
  while (text->ends_with('\n')) text->pop_back();
  PL_TRY(object, parse_object(*text, 4096, folder.ports().string(), JsonForm::any));
  StrictObject in(object, folder.ports().string());
  static_cast<void>(in.integer("https", 1, 65535));
  static_cast<void>(in.integer("ssh", 1, 65535));
  const auto port = in.integer("metrics", 1, 65535);
  PL_CHECK(in.finish());
  return static_cast<unsigned short>(port);
}

}  // namespace

Result<> healthcheck(const DataFolder& folder) {
  PL_TRY(port, metrics_port(folder));
  asio::io_context io(1);
  Result<> result = fail(Errc::unavailable, "does not answer", "gateway");
  asio::co_spawn(io, ask_ready(io, port), [&](std::exception_ptr, Result<> answer) { result = std::move(answer); });
  io.run_for(std::chrono::seconds(5));
  return result;
}

}  // namespace pontlevis::gateway
