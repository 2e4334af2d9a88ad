#include "gateway/registers/breach/breach_desk.hpp"

#include "gateway/events.hpp"
#include "gateway/registers/breach/breach_scope.hpp"
#include "gateway/registers/breach/breach_triggers.hpp"
#include "gateway/registers/common/in_hand.hpp"
#include "gateway/store.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

using Answer = Awaitable<Result<json::object>>;
constexpr std::size_t most_evidence = 100, most_evidence_bytes = 500;

std::unexpected<Error> no_file(const std::string& id) { return fail(Errc::not_found, "is not a breach file", printable(id, 40)); }

BreachEvidence evidence_of(const json::object& facts) {
  BreachEvidence out{printable(json::serialize(facts), most_evidence_bytes), std::nullopt};
  if (const auto* index = facts.if_contains("index"); index && (index->is_int64() || index->is_uint64())) out.index = index->to_number<std::uint64_t>();
  return out;
}

}  // namespace

Result<> BreachDesk::open() {
  return core_.store->script(R"sql(
    -- Breach files (requirements §4.6) as JSON; a draft that opened itself has its word and day, once.
    CREATE TABLE IF NOT EXISTS breaches(
      id TEXT PRIMARY KEY, opened_at INTEGER NOT NULL, open INTEGER NOT NULL, closed_at INTEGER, word TEXT, day TEXT, body TEXT NOT NULL,
      UNIQUE(word, day)) STRICT;
    CREATE INDEX IF NOT EXISTS breaches_open ON breaches(open) WHERE open = 1;
  )sql");
}

// ---- the store ----

Result<BreachFile> BreachDesk::find(const std::string& id) const {
  if (!is_uuid(id)) return no_file(id);
  PL_TRY(body, core_.store->text("SELECT body FROM breaches WHERE id=?", id));
  if (!body) return no_file(id);
  return breach_from(*body);
}

Result<BreachFile> BreachDesk::find_live(const std::string& id) const {
  PL_TRY(file, find(id));
  if (!file.live()) return fail(Errc::conflict, "is " + std::string(word(file.state)), "breach " + id, "new facts are a new file");
  return file;
}

Result<BreachFile> BreachDesk::find_confirmed(const std::string& id) const {
  PL_TRY(file, find_live(id));
  if (file.state != BreachState::confirmed) return fail(Errc::conflict, "is not confirmed", "breach " + id, "confirm it with the moment from which you knew, or dismiss it");
  return file;
}

Result<> BreachDesk::save(const BreachFile& f) {
  auto kept = core_.store->run("UPDATE breaches SET open=?, closed_at=?, body=? WHERE id=?", f.live(), f.closed_at ? std::optional(stored(*f.closed_at)) : std::nullopt, breach_text(f), f.id);
  if (kept) return {};
  return std::unexpected(core_.store_refused(kept.error()));
}

Awaitable<Result<>> BreachDesk::record(BreachFile& f, std::string_view what, json::object more, const ActBy& by) {
  more["breach_id"] = f.id;
  more["event"] = what;
  more["detected_at"] = to_utc(f.detected_at);
  if (f.aware_at) more["aware_at"] = to_utc(*f.aware_at);
  more["cause"] = f.trigger;
  more["file_sha256"] = sha256_hex(breach_text(f));
  more["done_by"] = by.record();
  PL_CO_TRY(recorded, co_await core_.append(audit::Record::make("breach", more)));
  f.steps.push_back({core_.clock.now(), std::string(what), by.login, recorded.index});
  PL_CO_CHECK(save(f));
  tell_clocks(f);
  event("breach.step", {{"breach", f.id}, {"step", what}, {"log_index", recorded.index}});
  co_return Result<>{};
}

// ---- drafts that open themselves ----

Result<> BreachDesk::draft(std::string_view said, const std::string& day, const json::object& facts) {
  const auto& trigger = trigger_of(said);
  PL_TRY(known, core_.store->text("SELECT id FROM breaches WHERE word=? AND day=?", said, day));
  if (known) {
    PL_TRY(file, find(*known));
    const auto more = evidence_of(facts);
    const bool there = std::any_of(file.evidence.begin(), file.evidence.end(), [&](const auto& e) { return e.what == more.what && e.index == more.index; });
    if (there || file.evidence.size() >= most_evidence || !file.live()) return {};
    file.evidence.push_back(more);
    return save(file);
  }
  BreachFile file;
  file.id = make_uuid(core_.random);
  file.trigger = printable(said, 40);
  file.detected_at = core_.clock.now();
  file.words.types = {trigger.type};
  file.words.description = std::string(trigger.words.fr) + "\n" + std::string(trigger.words.en);
  file.words.cause = file.trigger;
  file.evidence = {evidence_of(facts)};
  if (const auto practice = text_of(facts, "practice"); is_name(practice)) file.practices.insert(practice);
  file.steps = {{file.detected_at, "DRAFTED", "", std::nullopt}};
  PL_CHECK(core_.store->run("INSERT INTO breaches(id, opened_at, open, word, day, body) VALUES(?,?,1,?,?,?)", file.id, stored(file.detected_at), said, day, breach_text(file)));
  event(Level::warn, "breach.drafted", {{"breach", file.id}, {"cause", file.trigger}});
  PL_CHECK(ring(file));
  core_.signals.mail("", "Violation possible / Possible breach: " + file.id, file.words.description + "\n" + file.evidence.front().what + "\n");
  return {};
}

Awaitable<Result<>> BreachDesk::record_late(std::string id) {
  PL_CO_TRY(file, find(id));
  for (std::size_t at = 0; at < file.steps.size(); ++at) {
    if (file.steps[at].index) continue;
    const json::object fields{{"breach_id", file.id}, {"event", file.steps[at].what}, {"detected_at", to_utc(file.detected_at)}, {"cause", file.trigger}, {"file_sha256", sha256_hex(breach_text(file))}};
    PL_CO_TRY(recorded, co_await core_.append(audit::Record::make("breach", fields)));
    file.steps[at].index = recorded.index;
    PL_CO_CHECK(save(file));
  }
  co_return Result<>{};
}

// ---- reading ----

json::object BreachDesk::view(const BreachFile& f) const {
  const auto now = core_.clock.now();
  auto out = breach_export(f, vendor_facts(core_), now);
  for (auto name : {"breach_id", "contact", "trigger", "evidence_refs", "authority_notified"}) out.erase(name);
  out["id"] = f.id;
  out["opened_by"] = f.opened_by.empty() ? json::value(nullptr) : json::value(f.opened_by);
  json::array notices, evidence;
  for (const auto& e : f.evidence) evidence.push_back(json::object{{"what", e.what}, {"index", e.index ? json::value(*e.index) : json::value(nullptr)}});
  for (const auto& n : f.notices)
    notices.push_back(json::object{{"recipient", n.recipient}, {"kind", word(n.kind)}, {"sent_at", to_utc(n.sent_at)}, {"delay_reason", n.delay_reason},
                                   {"delivered", n.delivered.empty() ? json::value(nullptr) : json::value(n.delivered)}, {"sha256", n.sha256}});
  out["evidence"] = std::move(evidence);
  out["notices"] = std::move(notices);
  out["steps"] = steps_json(f.steps);
  return out;
}

Result<json::object> BreachDesk::list(bool only_open, const PageAsked& page) const {
  std::int64_t before = INT64_MAX;
  std::string id;
  if (!page.cursor.empty()) {
    const auto dot = page.cursor.find('.');
    const auto at = parse_decimal(std::string_view(page.cursor).substr(0, dot), INT64_MAX);
    if (!at || dot == page.cursor.npos) return fail(Errc::bad_input, "is not what `next` said", "cursor");
    before = static_cast<std::int64_t>(*at), id = page.cursor.substr(dot + 1);
  }
  PL_TRY(rows, core_.store->query("SELECT body, opened_at, id FROM breaches WHERE open >= ?1 AND (opened_at < ?2 OR (opened_at = ?2 AND id < ?3)) ORDER BY opened_at DESC, id DESC LIMIT ?4",
                                  only_open, before, id, page.limit + 1));
  json::array items;
  std::string last, next;
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) break;
    if (items.size() == page.limit) {
      next = last;
      break;
    }
    PL_TRY(file, breach_from(rows.text(0)));
    items.push_back(view(file));
    last = std::to_string(rows.integer(1)) + "." + rows.text(2);
  }
  return json::object{{"items", std::move(items)}, {"next", next.empty() ? json::value(nullptr) : json::value(next)}};
}

Result<json::object> BreachDesk::view_of(const std::string& id) const {
  PL_TRY(file, find(id));
  return view(file);
}

Answer BreachDesk::list_all(std::string, json::object words, ActBy) {
  StrictObject in(words, "breach list");
  const bool only_open = in.has("open") && in.boolean("open");
  PL_CO_CHECK(in.finish());
  co_return list(only_open, PageAsked{200, ""});
}

Answer BreachDesk::show(std::string id, json::object words, ActBy) {
  PL_CO_CHECK(StrictObject(words, "breach show").finish());
  co_return view_of(id);
}

Result<NoticeText> BreachDesk::write_notice(const BreachFile& f, const std::string& recipient, NoticeKind kind, const std::string& delay, Tongue tongue) const {
  PL_TRY(mine, affected_of(core_, f.interventions, recipient));
  return notice_text(f, recipient, kind, vendor_facts(core_), mine, delay, tongue);
}

Result<std::string> BreachDesk::notice(const std::string& id, const std::string& recipient, NoticeKind kind, Tongue tongue) const {
  PL_TRY(file, find(id));
  const auto* sent = file.last_notice(recipient, kind);
  PL_TRY(text, write_notice(file, recipient, kind, sent ? sent->delay_reason : "", tongue));
  return text.text;
}

Result<std::string> BreachDesk::exported(const std::string& id, bool as_json, Tongue tongue) const {
  PL_TRY(file, find(id));
  const auto facts = vendor_facts(core_);
  if (as_json) return json::serialize(breach_export(file, facts, core_.clock.now())) + "\n";
  return breach_export_text(file, facts, core_.clock.now(), tongue);
}

// ---- clocks ----

Result<std::vector<std::string>> BreachDesk::open_ids() const {
  PL_TRY(rows, core_.store->query("SELECT id FROM breaches WHERE open = 1"));
  std::vector<std::string> out;
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    out.push_back(rows.text(0));
  }
}

Result<> BreachDesk::ring(const BreachFile& f) {
  // A draft nobody looked at within a day is late too.
  if (f.state == BreachState::draft) return bell_.look("breach", f.id + "/DRAFT", f.detected_at + std::chrono::hours(24), bell_hours);
  for (const auto& clock : clocks_of(f))
    if (!clock.met) PL_CHECK(bell_.look("breach", f.id + "/" + std::string(clock.name), clock.due, clock.name == "MONTH" ? std::span<const Millis>(bell_days) : std::span<const Millis>(bell_hours)));
  return {};
}

// After each act: what runs rings, what is met or over is settled.
void BreachDesk::tell_clocks(const BreachFile& f) {
  if (f.state != BreachState::draft) bell_.settle("breach", f.id + "/DRAFT");
  for (const auto& clock : clocks_of(f))
    if (clock.met || !f.live()) bell_.settle("breach", f.id + "/" + std::string(clock.name));
  if (f.live()) static_cast<void>(ring(f));
}

Awaitable<void> BreachDesk::keep_house() {
  const auto ids = open_ids();
  if (!ids) co_return event(Level::error, "breach.unread", {{"what", ids.error().text()}});
  for (const auto& id : *ids) {
    const auto file = find(id);
    if (!file) {
      event(Level::error, "breach.unread", {{"what", file.error().text()}});
      continue;
    }
    static_cast<void>(ring(*file));
    const bool unrecorded = std::any_of(file->steps.begin(), file->steps.end(), [](const auto& s) { return !s.index; });
    InHand turn(in_hand_, id);
    if (unrecorded && turn.check() && core_.log->healthy()) static_cast<void>(co_await record_late(id));
  }
}

}  // namespace pontlevis::gateway
