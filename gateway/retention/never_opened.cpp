#include "gateway/retention/never_opened.hpp"

#include "gateway/retention/daily_purge.hpp"
#include "gateway/retention/policy.hpp"

namespace pontlevis::gateway {
namespace {

constexpr const char* kept_under = "never_opened";

audit::DestructionOrder order_for(const std::vector<audit::LeafIndex>& indexes, std::optional<Time> backup_expiry) {
  audit::DestructionOrder out;
  out.rule = "never-opened-1-year";
  out.rule_version = policy_version();
  out.reason = audit::never_opened;
  out.legal_basis = "RGPD art. 5(1)(e), art. 7(1)";
  out.trigger = "daily purge";
  out.backup_expiry = backup_expiry;
  for (const auto index : indexes) out.scope.push_back({.first = index, .last = index, .type = "request"});
  return out;
}

}  // namespace

std::vector<audit::LeafIndex> NeverOpened::remembered() const {
  std::vector<audit::LeafIndex> out;
  const auto kept = p_.kept.find(kept_under);
  if (const auto* list = kept.if_contains("indexes"); list && list->is_array())
    for (const auto& index : list->get_array())
      if (index.is_number()) out.push_back(index.to_number<audit::LeafIndex>());
  return out;
}

Result<std::optional<audit::LeafIndex>> NeverOpened::request_of(const InterventionId& id) const {
  std::optional<audit::LeafIndex> out;
  PL_CHECK(p_.core.log->read([&](sqlite::Database& db) -> Result<> {
    PL_TRY(index, db.integer("SELECT idx FROM records WHERE intervention = ? AND type = 'request' ORDER BY idx LIMIT 1", id.text()));
    if (index) out = static_cast<audit::LeafIndex>(*index);
    return {};
  }));
  return out;
}

Awaitable<Result<>> NeverOpened::remember(std::shared_ptr<const HeldNow> held) {
  auto indexes = remembered();
  const Time tomorrow = std::chrono::floor<std::chrono::days>(p_.core.clock.now()) + std::chrono::days(1);
  Interventions::Nameable next{.before = tomorrow - audit::never_opened_after, .never_opened = true};
  for (;;) {
    PL_CO_TRY(some, p_.core.interventions.nameable(next));
    if (some.empty()) break;
    next.after = some.back().request.requested_at, next.after_id = some.back().id().text();
    for (const auto& iv : some) {
      if (held->by(iv.request.practice, iv.id(), iv.request.requested_at)) continue;
      PL_CO_TRY(index, request_of(iv.id()));
      if (index) indexes.push_back(*index);
    }
  }
  json::array list;
  for (const auto index : indexes) list.emplace_back(index);
  co_return p_.kept.keep(kept_under, {{"indexes", std::move(list)}});
}

Awaitable<Result<std::vector<std::string>>> NeverOpened::destroy() {
  const auto indexes = remembered();
  if (indexes.empty()) co_return std::vector<std::string>();
  auto order = order_for(indexes, p_.destroyer.backup_expiry());
  PL_CO_TRY(out, co_await p_.destroyer.destroy(std::move(order), {}));
  PL_CO_CHECK(p_.kept.keep(kept_under, {{"indexes", json::array{}}}));
  co_return out;
}

}  // namespace pontlevis::gateway
