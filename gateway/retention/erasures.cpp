#include "gateway/retention/erasures.hpp"

#include "gateway/retention/policy.hpp"
#include "gateway/store.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr auto many = StrictObject::Lines::many;
constexpr std::array<std::string_view, 2> asked_reasons{"ERASURE_REQUEST", "SPONTANEOUS_HEALTH_DATA"};
constexpr std::array<std::string_view, 4> asked_classes{"person", "ip", "text", "statement"};

bool given(StrictObject& in, std::string_view name) { return in.has(name) && !in.is_null(name); }

std::string legal_basis(std::string_view reason) {
  if (reason == "SPONTANEOUS_HEALTH_DATA") return "RGPD art. 5(1)(c) et 9 ; politique, § 3 (transmission spontanée)";
  if (reason == "CONTRACT_END") return "RGPD art. 28(3)(g) ; charte, § 1.3 et 2.1";
  return "RGPD art. 17";
}

bool addresses_only(const Erasure& e) { return e.cls == audit::FieldClass::ip; }

void read_what(StrictObject& in, Erasure& out) {
  if (given(in, "field")) out.field = in.text("field", 1, 64);
  if (given(in, "class")) out.cls = audit::class_from(asked_classes[in.choice("class", asked_classes)]);
  if (in.has("whole_record")) out.whole_record = in.boolean("whole_record");
  if (!out.field.empty() + out.cls.has_value() + out.whole_record > 1) in.blame("field", "goes with neither a class nor the whole record");
}

// The thread's part: which records are meant.
struct ScopeJob {
  const audit::Log* log;
  Erasure erasure;

  Result<std::vector<audit::DestructionScope>> operator()() const {
    PL_TRY(scope, named());
    if (erasure.whole_record) return scope;
    for (auto& one : scope) one.cls = erasure.cls, one.field = erasure.field;
    return scope;
  }
  Result<std::vector<audit::DestructionScope>> named() const {
    if (erasure.intervention) return audit::scope_of(*log, *erasure.intervention, erasure.whole_record);
    if (erasure.practice) return audit::scope_of(*log, *erasure.practice, erasure.whole_record);
    audit::DestructionScope one;
    one.first = one.last = *erasure.record;
    one.whole_record = erasure.whole_record;
    return std::vector{one};
  }
};

struct WordsJob {
  const audit::Log* log;
  LeafIndex record;
  std::string field;
  Result<SameWords> operator()() const { return same_words(*log, record, field); }
};

}  // namespace

Result<Erasure> read_erasure(const json::object& request, const std::string& by) {
  StrictObject in(request, "erasure");
  Erasure out;
  out.by = by;
  if (in.has("verb")) static_cast<void>(in.text("verb", 1, 40));
  if (in.has("done_by")) static_cast<void>(in.text("done_by", 1, 64));
  if (given(in, "intervention")) out.intervention = in.id<InterventionId>("intervention");
  if (given(in, "practice")) out.practice = in.id<PracticeId>("practice");
  if (given(in, "record")) out.record = static_cast<LeafIndex>(in.integer("record", 0, INT64_MAX));
  read_what(in, out);
  out.reason = asked_reasons[in.choice("reason", asked_reasons)];
  out.words = in.text("words", 0, 1000, many);
  if (out.intervention.has_value() + out.practice.has_value() + out.record.has_value() != 1) in.blame("record", "is to be said: an intervention, a practice or a record, exactly one");
  PL_CHECK(in.finish());
  return out;
}

Result<> Erasures::make_table() {
  return p_.core.store->script(R"sql(
    -- Why something was destroyed on request, in the vendor's words: the log has the number alone.
    CREATE TABLE IF NOT EXISTS erasures(id TEXT PRIMARY KEY, at INTEGER NOT NULL, reason TEXT NOT NULL, words TEXT NOT NULL, by TEXT NOT NULL,
      certificates TEXT NOT NULL) STRICT;
  )sql");
}

Result<> Erasures::nothing_holds(const Erasure& e, const HeldNow& held) const {
  if (addresses_only(e) || held.empty()) return {};
  std::optional<std::string> by;
  if (e.intervention) {
    PL_TRY(iv, p_.core.interventions.find(*e.intervention));
    if (iv) by = held.by(iv->request.practice, *e.intervention, iv->request.requested_at);
  } else if (e.record) {
    PL_TRY(record, p_.core.log->record(*e.record));
    PL_TRY(opened, record.open());
    const auto said = [&opened](std::string_view name) { return opened.if_contains(name) && opened.at(name).is_string() ? std::optional(text_of(opened, name)) : std::nullopt; };
    by = held.by(audit::DueField{*e.record, audit::FieldClass::text, record.type(), text_of(opened, "time"), {}, said("practice"), said("intervention")});
  } else {
    by = held.any(e.practice);
  }
  if (!by) return {};
  return fail(Errc::conflict, "must be kept: " + *by + " stands on it", "erasure", "lift the hold or answer the request first; network addresses can go alone (class ip)");
}

Awaitable<Result<>> Erasures::forget_copies(const Erasure& e) {
  if (addresses_only(e)) co_return Result<>{};
  if (e.intervention) PL_CO_CHECK(p_.copies.strip(*e.intervention));
  if (e.practice) {
    const auto* practice = p_.core.practices.find(*e.practice);
    if (practice && practice->contract.valid_at(p_.core.clock.now()) && e.reason != "CONTRACT_END")
      co_return fail(Errc::conflict, "has a contract that is valid today", "practice " + e.practice->text(), "end the contract first: contract-end");
    PL_CO_CHECK(co_await p_.copies.strip_practice(*e.practice));
  }
  p_.copies.drop_exports_about(e.intervention ? e.intervention->text() : e.practice ? e.practice->text() : std::string());
  co_return p_.copies.truncate();
}

audit::DestructionOrder Erasures::order_of(const Erasure& e) const {
  audit::DestructionOrder out;
  out.rule = e.reason == "CONTRACT_END" ? "contract-end" : "on-request";
  out.rule_version = policy_version();
  out.reason = e.reason;
  out.legal_basis = legal_basis(e.reason);
  out.trigger = e.trigger.empty() ? "erasure " + make_uuid(p_.core.random) : e.trigger;
  out.operator_login = e.by;
  out.practice = e.practice;
  out.intervention = e.intervention;
  return out;
}

Awaitable<Result<std::vector<std::string>>> Erasures::finish(audit::DestructionOrder order, std::string words) {
  const auto id = order.trigger, reason = order.reason, by = order.operator_login;
  std::vector<InterventionId> none;
  PL_CO_TRY(certificates, co_await p_.destroyer.destroy(std::move(order), std::move(none)));
  if (certificates.empty()) co_return fail(Errc::not_found, "holds nothing that is still open", "erasure");
  PL_CO_CHECK(p_.core.store->run("INSERT OR REPLACE INTO erasures(id, at, reason, words, by, certificates) VALUES(?,?,?,?,?,?)", id,
                                 stored(p_.core.clock.now()), reason, words, by, json::serialize(texts_json(certificates))));
  co_return certificates;
}

Awaitable<Result<std::vector<std::string>>> Erasures::erase(Erasure e) {
  PL_CO_CHECK(p_.destroyer.may_write());
  PL_CO_TRY(held, p_.holds.now());
  PL_CO_CHECK(nothing_holds(e, *held));
  if (e.record && !e.field.empty() && !e.whole_record) {
    WordsJob job{p_.core.log.get(), *e.record, e.field};
    PL_CO_TRY(words, co_await p_.worker.run(std::move(job)));
    co_return co_await erase_words(std::move(words), std::move(e));
  }
  if (e.record) {  // the copies of a whole record are those of its intervention
    PL_CO_TRY(record, p_.core.log->record(*e.record));
    PL_CO_TRY(opened, record.open());
    if (auto id = InterventionId::parse(text_of(opened, "intervention")); id && !addresses_only(e)) PL_CO_CHECK(p_.copies.strip(*id));
  }
  PL_CO_CHECK(co_await forget_copies(e));
  ScopeJob job{p_.core.log.get(), e};
  PL_CO_TRY(scope, co_await p_.worker.run(std::move(job)));
  auto order = order_of(e);
  order.scope = std::move(scope);
  co_return co_await finish(std::move(order), e.words);
}

Awaitable<Result<std::vector<std::string>>> Erasures::erase_words(SameWords words, Erasure meta) {
  PL_CO_CHECK(p_.destroyer.may_write());
  if (words.intervention && !meta.copies_forgot) PL_CO_CHECK(words.values.empty() ? p_.copies.strip(*words.intervention) : p_.copies.reword(*words.intervention, words.values));
  p_.copies.drop_exports_about(words.intervention ? words.intervention->text() : std::string());
  PL_CO_CHECK(p_.copies.truncate());
  meta.intervention = words.intervention, meta.practice = words.practice;
  auto order = order_of(meta);
  for (const auto& field : words.fields) {
    audit::DestructionScope one;
    one.first = one.last = field.record;
    one.field = field.field;
    order.scope.push_back(std::move(one));
  }
  co_return co_await finish(std::move(order), meta.words);
}

}  // namespace pontlevis::gateway
