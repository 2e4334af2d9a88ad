#include "gateway/recovery.hpp"

#include "gateway/core.hpp"
#include "gateway/events.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/statement.hpp"

namespace pontlevis::gateway {
namespace {

Result<> apply_missing_fact(Core& core, Intervention& iv, const audit::StoredRecord& record, const std::string& note) {
  PL_TRY(known, core.interventions.index_of_fact(sha256_hex(note)));
  if (known) return {};
  PL_TRY(statement, peek_statement(note));  // it was verified before it was appended
  TakenFact fact{fact_kind(statement.type), statement.type, std::move(statement.body), sha256_hex(note), record.index};
  apply(iv, fact);
  PL_CHECK(core.interventions.save_with_fact(iv, fact));
  event("recovery.fact_applied", {{"intervention", iv.id().text()}, {"type", fact.type}});
  return {};
}

// What the gateway itself wrote about an intervention and did not get to store.
Result<> apply_own_record(Core& core, Intervention& iv, const std::string& type) {
  const bool was_requested = type == "request" && iv.phase == Phase::none;
  const bool was_cancelled = type == "cancelled" && iv.phase == Phase::requested;
  const bool was_closed = type == "intervention" && iv.state != State::closed && iv.phase >= Phase::ended;
  if (was_requested) iv.phase = Phase::requested;
  if (was_cancelled) iv.phase = Phase::closed, iv.state = State::cancelled;
  if (was_closed) iv.phase = Phase::closed, iv.state = State::closed;
  return was_requested || was_cancelled || was_closed ? core.interventions.save(iv) : Result<>{};
}

Result<> recover_one(Core& core, const InterventionId& id) {
  Intervention& iv = *core.interventions.live(id);
  PL_TRY(records, core.log->find(id));
  for (const auto& record : records) {
    PL_TRY(fields, record.open());
    const auto note = text_of(fields, "statement");
    PL_CHECK(note.empty() ? apply_own_record(core, iv, record.type()) : apply_missing_fact(core, iv, record, note));
  }
  if (iv.phase != Phase::none) return {};
  event("recovery.request_dropped", {{"intervention", id.text()}});
  return core.interventions.drop(id);
}

}  // namespace

Result<> recover(Core& core) {
  std::vector<InterventionId> live;
  for (const auto& [id, iv] : core.interventions.all_live()) live.push_back(id);
  for (const auto& id : live) PL_CHECK(recover_one(core, id));
  core.interventions.forget_done();
  return {};
}

}  // namespace pontlevis::gateway
