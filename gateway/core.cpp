#include "gateway/core.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "gateway/events.hpp"
#include "gateway/log_link.hpp"
#include "gateway/recovery.hpp"
#include "gateway/store.hpp"
#include "protocol/io/system.hpp"

namespace pontlevis::gateway {

Result<FolderLock> FolderLock::take(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    return fail(Errc::io, "cannot be opened for locking", file.string(), "is this the data folder of a gateway, and yours?");
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return FolderLock(fd);
  ::close(fd);
  return fail(Errc::conflict, "is in use by another process", file.string(), "a gateway is starting or stopping: try again in a moment");
}

FolderLock::~FolderLock() {
  if (fd_ >= 0) ::close(fd_);
}

namespace {

Result<certs::AgentCa> load_ca(const DataFolder& folder) {
  PL_TRY(certificate, io::read_file(folder.ca_certificate()));
  PL_TRY(key, io::read_secret_file(folder.ca_key()));
  return certs::AgentCa::load(certificate, key);
}

Result<NoteSigner> load_log_key(const DataFolder& folder) {
  PL_TRY(text, io::read_secret_file(folder.log_key()));
  return NoteSigner::parse(text);
}

}  // namespace

Result<std::unique_ptr<Core>> Core::open(const DataFolder& folder, Options options, const Clock& clock, Random& random) {
  PL_TRY(lock, FolderLock::take(folder.lock()));
  PL_CHECK(move_to_new_log(folder));
  PL_TRY(trust_text, io::read_file(folder.trust()));
  PL_TRY(trust, certs::TrustBundle::parse(trust_text));
  PL_TRY(ca, load_ca(folder));
  PL_TRY(log_key, load_log_key(folder));
  if (log_key.verifier() != trust.log)
    return fail(Errc::conflict, "is not the key that trust.json names", folder.log_key().string(), "restore both from the same backup");
  PL_TRY(database, open_store(folder.store()));
  auto store = std::make_unique<sqlite::Database>(std::move(database));
  PL_TRY(practices, Practices::load(*store));
  PL_TRY(certificates, Certificates::load(*store));
  PL_TRY(technicians, Technicians::load(*store, trust.staff, clock));
  PL_TRY(interventions, Interventions::load(*store));
  PL_TRY(vendor_register, VendorRegister::load(*store, {options.text("vendor.dpo_contact"), options.text("vendor.address"), {}, {}}));
  audit::LogSettings settings;
  settings.folder = folder.log();
  PL_TRY(log, audit::Log::open(std::move(settings), std::move(log_key), clock, random));
  auto& db = *store;
  auto& opened_log = *log;
  std::unique_ptr<Core> core(new Core{folder, std::move(options), clock, random, std::move(lock), std::move(trust),
                                      std::move(ca), std::move(store), std::move(practices), std::move(certificates),
                                      Codes(db), std::move(technicians), std::move(interventions), std::move(vendor_register), std::move(log),
                                      audit::CosignatureStore(opened_log)});
  PL_CHECK(begin_linked_log(folder, *core->log, core->cosignatures, core->practices, core->trust));
  PL_CHECK(recover(*core));
  return core;
}

namespace {

Error log_refused(const Error& cause) {
  return {cause.code, "nothing can be recorded at the moment, so nothing is done (" + cause.what + ")", "audit log",
          "the administrator sees why in the gateway's log; a full disk is the usual reason"};
}

}  // namespace

Awaitable<Result<audit::Appended>> Core::append(Result<audit::Record> record) {
  if (!record) {
    event(Level::error, "log.record_malformed", {{"what", record.error().text()}});
    co_return std::unexpected(std::move(record).error());
  }
  if (log_closed) co_return std::unexpected(*log_closed);
  const auto started = clock.since_boot();
  auto appended = co_await log->append(*std::move(record));
  ++appends;
  append_time += clock.since_boot() - started;
  if (appended) co_return appended;
  event(Level::error, "log.append_failed", {{"what", appended.error().what}});
  co_return std::unexpected(log_refused(appended.error()));
}

void Core::append_and_go_on(Result<audit::Record> record) {
  if (!record) return event(Level::error, "log.record_malformed", {{"what", record.error().text()}});
  if (log_closed) return event(Level::warn, "log.closed", {{"type", record->type()}});
  const auto now = clock.since_boot();
  if (now - hour_began > std::chrono::hours(1)) hour_began = now, records_this_hour = 0;
  if (++records_this_hour > strangers_records_an_hour) {
    if (++records_dropped; records_this_hour == strangers_records_an_hour + 1) event(Level::warn, "log.flood", {{"type", record->type()}});
    return;
  }
  log->append(*std::move(record), [](Result<audit::Appended> done) {
    if (!done) event(Level::error, "log.append_failed", {{"what", done.error().what}});
  });
}

Error Core::store_refused(const Error& cause) {
  event(Level::error, "store.failed", {{"what", cause.what}});
  store_problem = log_refused(cause);
  return *store_problem;
}

Result<> Core::ready() const {
  if (store_problem) return std::unexpected(*store_problem);
  if (log_closed) return std::unexpected(*log_closed);
  if (auto health = log->health(); !health) return std::unexpected(log_refused(health.error()));
  return {};
}

LockoutRule Core::lockout_rule() const {
  const auto locked_for = std::chrono::minutes(options.integer("signin.lock_minutes"));
  return {static_cast<int>(options.integer("signin.tries")), locked_for, locked_for};
}

}  // namespace pontlevis::gateway
