#include "gateway/retention/contract_end.hpp"

#include "gateway/events.hpp"
#include "gateway/retention/policy.hpp"
#include "gateway/retention/return_pack.hpp"
#include "gateway/store.hpp"
#include "protocol/io/system.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr auto day = std::chrono::days(1);
constexpr auto warn_before = std::chrono::days(10);

struct PackJob {
  std::filesystem::path data;
  PracticeId practice;
  std::filesystem::path work, to;
  Result<ReturnPack> operator()() const { return make_return_pack(data, practice, work, to); }
};

json::value or_null(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }

std::vector<std::string> read_texts(const std::string& text) {
  std::vector<std::string> out;
  const auto wrapped = parse_object("{\"list\":" + text + "}", 1 << 16, "store, contract end");
  if (wrapped && wrapped->at("list").is_array())
    for (const auto& item : wrapped->at("list").get_array()) out.emplace_back(item.is_string() ? item.get_string() : "");
  return out;
}

Result<ContractEnd> read_end(const sqlite::Rows& row) {
  PL_TRY(practice, PracticeId::parse(row.text(0)));
  ContractEnd out{std::move(practice), row.text(1), row.text(2), row.text(3), row.text(4), row.text(5), row.text(6), row.text(7), row.integer(8) != 0, {}, read_texts(row.text(10))};
  if (!row.is_null(9)) out.deleted_at = read_time(row.integer(9));
  return out;
}

}  // namespace

Time a_month_after_the_end(Time from) {
  const auto start = std::chrono::floor<std::chrono::days>(from);
  const std::chrono::year_month_day date(start);
  const auto next = date.year() / date.month() + std::chrono::months(1);
  const auto last = (next / std::chrono::last).day();
  const auto calendar = std::chrono::sys_days(next / std::min(date.day(), last));
  return Time(std::min(calendar, start + std::chrono::days(30)));
}

json::object contract_end_json(const ContractEnd& e, Time now) {
  json::array certificates;
  for (const auto& id : e.certificates) certificates.emplace_back(id);
  return {{"practice", e.practice.text()}, {"contract", e.contract}, {"ended_on", e.ended_on}, {"due", e.due}, {"late", !e.deleted_at && e.due < to_date(now)},
          {"choice", or_null(e.choice)}, {"chosen_by", or_null(e.chosen_by)}, {"export_sha256", or_null(e.export_sha256)}, {"confirmed_by", or_null(e.confirmed_by)},
          {"deleted_at", e.deleted_at ? json::value(to_utc(*e.deleted_at)) : json::value(nullptr)}, {"keys_revoked", e.keys_revoked}, {"certificates", std::move(certificates)}};
}

Result<> ContractEnds::make_table() {
  return p_.core.store->script(R"sql(
    -- Contracts that ended, and how far their end has come; `certificates` is JSON.
    CREATE TABLE IF NOT EXISTS contract_ends(
      practice TEXT PRIMARY KEY, contract TEXT NOT NULL, ended_on TEXT NOT NULL, due TEXT NOT NULL, choice TEXT NOT NULL,
      chosen_by TEXT NOT NULL, export_sha256 TEXT NOT NULL, confirmed_by TEXT NOT NULL, keys_revoked INTEGER NOT NULL,
      deleted_at INTEGER, certificates TEXT NOT NULL) STRICT;
  )sql");
}

Result<> ContractEnds::keep(const ContractEnd& e) {
  const auto at = e.deleted_at ? std::optional(stored(*e.deleted_at)) : std::nullopt;
  return p_.core.store->run("INSERT OR REPLACE INTO contract_ends(practice, contract, ended_on, due, choice, chosen_by, export_sha256, confirmed_by, keys_revoked, "
                            "deleted_at, certificates) VALUES(?,?,?,?,?,?,?,?,?,?,?)",
                            e.practice.text(), e.contract, e.ended_on, e.due, e.choice, e.chosen_by, e.export_sha256, e.confirmed_by, e.keys_revoked, at,
                            json::serialize(texts_json(e.certificates)));
}

Result<std::vector<ContractEnd>> ContractEnds::all() const {
  PL_TRY(rows, p_.core.store->query("SELECT practice, contract, ended_on, due, choice, chosen_by, export_sha256, confirmed_by, keys_revoked, deleted_at, certificates "
                                    "FROM contract_ends ORDER BY ended_on DESC, practice"));
  std::vector<ContractEnd> out;
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    PL_TRY(one, read_end(rows));
    out.push_back(std::move(one));
  }
}

Result<ContractEnd> ContractEnds::find(const PracticeId& practice) const {
  PL_TRY(found, all());
  for (auto& one : found)
    if (one.practice == practice) return std::move(one);
  return fail(Errc::not_found, "has no contract that ended", "practice " + practice.text(), "the administrator sets its last day: the end opens by itself the day after");
}

std::filesystem::path ContractEnds::pack_of(const PracticeId& practice) const { return p_.core.folder.root / "returns" / (practice.text() + ".zip"); }

Awaitable<Result<>> ContractEnds::record(ContractEnd e, std::string what, std::string by) {
  const json::object fields{{"practice", e.practice.text()}, {"event", what}, {"contract_ref", e.contract}, {"choice", or_null(e.choice)}, {"chosen_by", or_null(what == "CONFIRMED" ? e.confirmed_by : e.chosen_by)},
                            {"export_sha256", or_null(e.export_sha256)}, {"certificates", texts_json(e.certificates)}, {"due", e.due}, {"done_by", or_null(by)}};
  PL_CO_CHECK(co_await p_.core.append(audit::Record::make("contract_end", fields)));
  event("contract_end." + what, {{"practice", e.practice.text()}});
  co_return Result<>{};
}

// ---- the case ----

Awaitable<Result<>> ContractEnds::look() {
  const auto now = p_.core.clock.now();
  PL_CO_TRY(known, all());
  std::map<PracticeId, ContractEnd> by_practice;
  for (auto& end : known) by_practice.emplace(end.practice, end);
  std::vector<Practice> ended;
  for (const auto& [id, practice] : p_.core.practices.all())
    if (now >= practice.contract.valid_until + day && !by_practice.contains(id)) ended.push_back(practice);
  for (auto& practice : ended) PL_CO_CHECK(co_await open_case(std::move(practice)));
  for (auto& [id, end] : by_practice) {
    const auto* practice = p_.core.practices.find(id);
    if (practice && !end.deleted_at && practice->contract.valid_at(now)) PL_CO_CHECK(co_await close_renewed(end));
    else if (!end.deleted_at && told_ != to_date(now) && now + warn_before >= *from_date(end.due))
      p_.core.signals.clock(ClockNotice{"contract_end", id.text(), *from_date(end.due), end.due < to_date(now)});
  }
  told_ = to_date(now);
  co_return Result<>{};
}

// Addresses always; the events of security unless something holds them: then their own day counts.
audit::DestructionOrder ContractEnds::technical_order(const PracticeId& practice, bool held) const {
  audit::DestructionOrder out;
  out.rule = "contract-end-technical", out.rule_version = policy_version(), out.reason = "CONTRACT_END", out.legal_basis = "charte, § 2.1 : au plus tard lors de la résiliation";
  out.trigger = "end of contract", out.practice = practice;
  const auto size = p_.core.log->size();
  if (size == 0) return out;
  audit::DestructionScope addresses;
  addresses.last = size - 1, addresses.practice = practice.text(), addresses.cls = audit::FieldClass::ip;
  auto security = addresses;
  security.cls.reset(), security.type = "security";
  out.scope.push_back(std::move(addresses));
  if (!held) out.scope.push_back(std::move(security));
  return out;
}

Awaitable<Result<>> ContractEnds::open_case(Practice practice) {
  ContractEnd opened{practice.id, practice.contract.reference, to_date(practice.contract.valid_until), to_date(a_month_after_the_end(practice.contract.valid_until + day)), {}, {}, {}, {}, false, {}, {}};
  PL_CO_TRY(held, p_.holds.now());
  auto order = technical_order(practice.id, held->any(practice.id).has_value());
  std::vector<InterventionId> none;
  auto destroyed = co_await p_.destroyer.destroy(std::move(order), std::move(none));
  if (!destroyed) co_return std::unexpected(std::move(destroyed).error());
  opened.certificates = *std::move(destroyed);
  PL_CO_CHECK(co_await record(opened, "OPENED", ""));
  co_return keep(opened);
}

Awaitable<Result<>> ContractEnds::close_renewed(ContractEnd end) {
  PL_CO_CHECK(co_await record(end, "RENEWED", ""));
  std::error_code ignored;
  std::filesystem::remove(pack_of(end.practice), ignored);
  p_.core.signals.clock(ClockNotice{"contract_end", end.practice.text(), *from_date(end.due), false, true});
  co_return p_.core.store->run("DELETE FROM contract_ends WHERE practice=?", end.practice.text());
}

// ---- return ----

Awaitable<Result<ContractEnd>> ContractEnds::make_pack(ContractEnd end, std::string by) {
  PL_CO_CHECK(io::make_private_folder(pack_of(end.practice).parent_path()));
  const auto work = p_.core.folder.root / "returns" / (end.practice.text() + ".work");
  PackJob job{p_.core.folder.root, end.practice, work, pack_of(end.practice)};
  PL_CO_TRY(made, co_await p_.worker.run(std::move(job)));
  end.export_sha256 = made.sha256;
  PL_CO_CHECK(co_await record(end, "RETURNED", by));
  PL_CO_CHECK(keep(end));
  co_return end;
}

Awaitable<Result<ContractEnd>> ContractEnds::choose(PracticeId practice, std::string choice, std::string chosen_by, std::string by) {
  PL_CO_TRY(end, find(practice));
  if (end.deleted_at || !end.export_sha256.empty()) co_return fail(Errc::conflict, "was chosen already: " + end.choice, "practice " + practice.text());
  PL_CO_TRY(held, p_.holds.now());
  if (const auto hold = held->any(practice); hold && choice == "DELETE")
    co_return fail(Errc::conflict, "must be kept: " + *hold + " stands on it", "practice " + practice.text(), "lift the hold or answer the request first");
  end.choice = std::move(choice);
  end.chosen_by = std::move(chosen_by);
  PL_CO_CHECK(co_await record(end, "CHOSEN", by));
  PL_CO_CHECK(keep(end));
  if (end.choice == "DELETE") co_return co_await remove_all(std::move(end), std::move(by));
  co_return co_await make_pack(std::move(end), std::move(by));
}

Awaitable<Result<ContractEnd>> ContractEnds::confirm(PracticeId practice, std::string confirmed_by, std::string by) {
  PL_CO_TRY(end, find(practice));
  if (end.deleted_at) co_return fail(Errc::conflict, "is deleted already", "practice " + practice.text());
  if (end.export_sha256.empty()) co_return fail(Errc::conflict, "has got nothing back yet", "practice " + practice.text(), "choose RETURN_THEN_DELETE first");
  end.confirmed_by = std::move(confirmed_by);
  PL_CO_CHECK(co_await record(end, "CONFIRMED", by));
  PL_CO_CHECK(keep(end));
  co_return co_await remove_all(std::move(end), std::move(by));
}

// ---- deletion ----

Awaitable<Result<>> ContractEnds::revoke_keys(PracticeId practice, std::string by) {
  PL_CO_CHECK(p_.core.certificates.revoke(practice, p_.core.clock.now()));
  if (revoked_) revoked_(practice);
  const json::object fields{{"practice", practice.text()}, {"kind", "practice"}, {"revoked", true}, {"key_name", "certificate " + practice.text()}, {"enrolled_by", or_null(by)}};
  PL_CO_CHECK(co_await p_.core.append(audit::Record::make("enrolment", fields)));
  co_return Result<>{};
}

Awaitable<Result<ContractEnd>> ContractEnds::remove_all(ContractEnd end, std::string by) {
  PL_CO_TRY(held, p_.holds.now());
  if (const auto hold = held->any(end.practice)) co_return fail(Errc::conflict, "must be kept: " + *hold + " stands on it", "practice " + end.practice.text(), "lift the hold or answer the request first");
  // First the keys: nothing new about the practice may arrive while it is being forgotten.
  PL_CO_CHECK(co_await revoke_keys(end.practice, by));
  end.keys_revoked = true;
  PL_CO_CHECK(co_await record(end, "KEYS_REVOKED", by));
  Erasure erasure;
  erasure.practice = end.practice, erasure.reason = "CONTRACT_END", erasure.trigger = "end of contract " + end.practice.text(), erasure.by = by;
  auto destroyed = co_await erasures_.erase(std::move(erasure));
  if (!destroyed && destroyed.error().code != Errc::not_found) co_return std::unexpected(std::move(destroyed).error());
  if (destroyed) end.certificates.insert(end.certificates.end(), destroyed->begin(), destroyed->end());
  std::error_code ignored;
  std::filesystem::remove(pack_of(end.practice), ignored);
  end.deleted_at = p_.core.clock.now();
  end.chosen_by.clear();  // nobody of the practice is named any more
  if (!end.confirmed_by.empty()) end.confirmed_by = "confirmed";
  PL_CO_CHECK(co_await record(end, "DELETED", by));
  PL_CO_CHECK(keep(end));
  PL_CO_CHECK(p_.copies.truncate());  // who chose stood in this row
  p_.core.signals.clock(ClockNotice{"contract_end", end.practice.text(), *from_date(end.due), false, true});
  co_return end;
}

}  // namespace pontlevis::gateway
