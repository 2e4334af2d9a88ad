#include "gateway/retention/destroyer.hpp"

#include "gateway/events.hpp"

namespace pontlevis::gateway {
namespace {

using Destroyed = Result<std::vector<audit::Certificate>>;

// The thread's part: an order in as many parts as its scope needs.
struct DestroyJob {
  audit::Log* log;
  audit::DestructionOrder order;
  audit::RemanencePaths look_at;

  Destroyed operator()() {
    std::vector<audit::Certificate> out;
    const auto all = std::move(order.scope);
    for (std::size_t at = 0; at < all.size(); at += audit::max_scopes) {
      const auto end = std::min(all.size(), at + audit::max_scopes);
      order.scope.assign(all.begin() + static_cast<std::ptrdiff_t>(at), all.begin() + static_cast<std::ptrdiff_t>(end));
      auto done = audit::destroy(*log, order, look_at);
      if (!done && done.error().code == Errc::not_found) continue;
      if (!done) return std::unexpected(done.error());
      out.push_back(*std::move(done));
    }
    return out;
  }
};

json::array ids_of(const std::vector<InterventionId>& interventions) {
  json::array out;
  for (const auto& id : interventions) out.emplace_back(id.text());
  return out;
}

}  // namespace

Result<> Destroyer::may_write() const {
  if (core_.log_closed) return std::unexpected(*core_.log_closed);
  return core_.log->health();
}

std::chrono::days Destroyer::keys_in_backups() const {
  if (core_.options.text("backup.folder").empty()) return std::chrono::days(0);
  return std::chrono::days(core_.options.integer("backup.keep_days"));
}

std::optional<Time> Destroyer::backup_expiry() const {
  const auto kept = keys_in_backups();
  return kept.count() == 0 ? std::nullopt : std::optional(core_.clock.now() + kept);
}

audit::RemanencePaths Destroyer::look_at() const {
  const auto& root = core_.folder.root;
  return {{core_.folder.store(), root / "gateway.db-wal", root / "exports"}};
}

void Destroyer::tell(const std::vector<audit::Certificate>& certificates, const std::vector<InterventionId>& interventions) const {
  for (const auto& certificate : certificates) {
    event("retention.destroyed", {{"certificate", certificate.id}, {"reason", certificate.fields.at("reason")}, {"state", certificate.fields.at("state")}});
    // Listeners read the record's own fields, and beside them which interventions lost their people or words.
    json::object fields = certificate.fields;
    fields["certificate_id"] = certificate.id;
    fields["interventions"] = ids_of(interventions);
    core_.signals.destroyed(fields);
  }
}

Awaitable<Result<std::vector<std::string>>> Destroyer::destroy(audit::DestructionOrder order, std::vector<InterventionId> interventions) {
  PL_CO_CHECK(may_write());
  if (order.intervention && interventions.empty()) interventions.push_back(*order.intervention);
  order.backup_expiry = backup_expiry();
  DestroyJob job{core_.log.get(), std::move(order), look_at()};
  PL_CO_TRY(certificates, co_await worker_.run(std::move(job)));
  tell(certificates, interventions);
  std::vector<std::string> out;
  for (const auto& certificate : certificates) out.push_back(certificate.id);
  co_return out;
}

}  // namespace pontlevis::gateway
