#include "gateway/retention/copies.hpp"

#include <boost/asio/post.hpp>

#include "gateway/events.hpp"
#include "gateway/people/accounts.hpp"
#include "gateway/store.hpp"
#include "protocol/io/system.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

namespace asio = boost::asio;
constexpr auto month = std::chrono::days(30);
// As long as the shortest text that the store accepts in their place.
constexpr std::string_view reworded = "(effacé sur demande)";

// Texts that hold a value, or a text of it as JSON inside a note would write it.
bool holds(std::string_view text, const std::vector<std::string>& values) {
  return std::any_of(values.begin(), values.end(), [&](const auto& v) { return text.find(v) != text.npos; });
}

void reword_in(json::value& value, const std::vector<std::string>& values) {
  if (value.is_string() && holds(value.get_string(), values)) value = reworded;
  if (value.is_array())
    for (auto& item : value.get_array()) reword_in(item, values);
  if (value.is_object())
    for (auto& member : value.get_object()) reword_in(member.value(), values);
}

Awaitable<void> breathe() { co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable); }

bool going_on(const Intervention& iv) { return !iv.done() && iv.phase != Phase::closed && !iv.report_due(); }

}  // namespace

Result<> Copies::strip(const InterventionId& id) {
  PL_TRY(iv, core_.interventions.find(id));
  if (!iv) return {};
  if (going_on(*iv))
    return fail(Errc::conflict, "is still going on", "intervention " + id.text(), "wait for its end, or cancel it");
  PL_CHECK(core_.interventions.strip(stripped(*iv)));
  return drop_answers(id.text());
}

Result<> Copies::reword(const InterventionId& id, const std::vector<std::string>& values) {
  PL_TRY(iv, core_.interventions.find(id));
  if (!iv) return {};
  json::value view = view_of(*iv);
  reword_in(view, values);
  auto changed = intervention_from(json::serialize(view));
  if (!changed) return strip(id);  // a text that is a name or number by form: the whole row goes
  PL_TRY(facts, core_.interventions.facts_of(id));
  for (auto& fact : facts) {
    json::value body = std::move(fact.body);
    reword_in(body, values);
    fact.body = std::move(body.get_object());
  }
  PL_CHECK(core_.interventions.reword(*changed, facts));
  return drop_answers(id.text());
}

Awaitable<Result<std::vector<InterventionId>>> Copies::strip_practice(PracticeId practice) {
  std::vector<InterventionId> gone;
  Interventions::Nameable next{.before = core_.clock.now() + std::chrono::days(1), .practice = practice};
  for (;;) {
    PL_CO_TRY(some, core_.interventions.nameable(next));
    if (some.empty()) break;
    next.after = some.back().request.requested_at, next.after_id = some.back().id().text();
    for (const auto& iv : some) {
      PL_CO_CHECK(core_.interventions.strip(stripped(iv)));
      gone.push_back(iv.id());
    }
    co_await breathe();
  }
  PL_CO_CHECK(core_.practices.forget(practice));
  PL_CO_CHECK(drop_answers(practice.text()));
  co_return gone;
}

Awaitable<Result<>> Copies::strip_older(Time before, bool never_opened_only, std::shared_ptr<const HeldNow> held, std::vector<InterventionId>& gone) {
  Interventions::Nameable next{.before = before, .never_opened = never_opened_only};
  for (;;) {
    PL_CO_TRY(some, core_.interventions.nameable(next));
    if (some.empty()) co_return Result<>{};
    next.after = some.back().request.requested_at, next.after_id = some.back().id().text();
    for (const auto& iv : some) {
      if (going_on(iv)) continue;
      if (held->by(iv.request.practice, iv.id(), iv.request.requested_at)) continue;
      PL_CO_CHECK(core_.interventions.strip(stripped(iv)));
      gone.push_back(iv.id());
    }
    co_await breathe();
  }
}

Awaitable<Result<std::vector<InterventionId>>> Copies::strip_due(std::shared_ptr<const HeldNow> held) {
  std::vector<InterventionId> gone;
  const auto tomorrow = std::chrono::floor<std::chrono::days>(core_.clock.now()) + std::chrono::days(1);
  const auto term = [&](std::string_view type) { return Time(tomorrow) - std::chrono::days(audit::find_schema(type)->keep_days); };
  PL_CO_CHECK(co_await strip_older(term("request"), false, held, gone));
  PL_CO_CHECK(co_await strip_older(term("refusal"), true, held, gone));
  co_return gone;
}

Awaitable<Result<>> Copies::strip_over(bool never_opened_only) {
  std::vector<InterventionId> gone;
  auto nothing = std::make_shared<const HeldNow>(std::vector<Hold>(), std::vector<PendingRequest>());
  co_return co_await strip_older(core_.clock.now() + std::chrono::days(1), never_opened_only, std::move(nothing), gone);
}

Result<> Copies::forget(const Login& login) {
  PL_CHECK(core_.technicians.forget(login));
  PL_CHECK(core_.vendor_register.forget_training(login));
  Accounts accounts(*core_.store);
  PL_TRY(account, accounts.find(login));
  return account ? accounts.remove(login) : Result<>{};
}

Result<std::size_t> Copies::forget_people() {
  const auto now = core_.clock.now();
  std::size_t gone = 0;
  for (const auto& login : core_.technicians.logins()) {
    const auto card = certs::StaffCard::peek(core_.technicians.card_note(login));
    if (!card) continue;
    const auto* revoked = core_.technicians.revocations().find(card->id);
    const auto left = revoked ? std::min(revoked->revoked_at, card->expires_at) : card->expires_at;
    if (left + month > now) continue;
    PL_CHECK(forget(login));
    ++gone;
  }
  PL_TRY(accounts, Accounts(*core_.store).after("", 10'000));
  for (const auto& account : accounts)
    if (account.until && *account.until + month <= now) {
      PL_CHECK(forget(account.login));
      ++gone;
    }
  return gone;
}

namespace {

// The first day in a file's name: its day of expiry.
std::optional<Time> day_in(std::string_view name) {
  for (std::size_t at = 0; at + 10 <= name.size(); ++at)
    if (const auto day = from_date(name.substr(at, 10))) return day;
  return std::nullopt;
}

}  // namespace

std::size_t Copies::drop_old_exports() {
  std::error_code ec;
  std::size_t gone = 0;
  const auto today = std::chrono::floor<std::chrono::days>(core_.clock.now());
  for (const auto& entry : std::filesystem::directory_iterator(core_.folder.root / "exports", ec)) {
    const auto day = day_in(entry.path().filename().string());
    const auto written = std::chrono::file_clock::to_sys(entry.last_write_time(ec));
    if (day ? *day >= Time(today) : written + month > core_.clock.now()) continue;
    gone += std::filesystem::remove_all(entry.path(), ec) > 0;
  }
  return gone;
}

std::size_t Copies::drop_exports_about(const std::string& about) {
  std::error_code ec;
  std::size_t gone = 0;
  for (const auto& entry : std::filesystem::directory_iterator(core_.folder.root / "exports", ec)) {
    const bool answer = entry.path().filename().string().starts_with("rights-");
    // An answer that cannot be read is not left in doubt.
    const auto content = answer ? io::read_file(entry.path(), 256u << 20) : Result<std::string>();
    if (answer && content && (about.empty() || content->find(about) == content->npos)) continue;
    gone += std::filesystem::remove_all(entry.path(), ec) > 0;
  }
  return gone;
}

Result<> Copies::drop_old_drafts() {
  return core_.store->run("DELETE FROM report_drafts WHERE at < ?", stored(core_.clock.now() - std::chrono::days(365)));
}

Result<> Copies::drop_old_reasons() {
  const auto before = stored(core_.clock.now() - std::chrono::days(audit::find_schema("hold")->keep_days));
  PL_CHECK(core_.store->run("DELETE FROM erasures WHERE at < ?", before));
  return core_.store->run("DELETE FROM holds WHERE lifted_at < ?", before);
}

Result<> Copies::drop_answers(const std::string& text) {
  return core_.store->run("DELETE FROM kept_answers WHERE instr(body, ?) > 0", text);
}

Result<> Copies::truncate() {
  PL_TRY(rows, core_.store->query("PRAGMA wal_checkpoint(TRUNCATE)"));
  PL_TRY(row, rows.next());
  if (row && rows.integer(0) == 0) return {};
  return fail(Errc::unavailable, "is read by somebody: its write-ahead log could not be emptied", core_.folder.store().string(), "the next run tries again");
}

}  // namespace pontlevis::gateway
