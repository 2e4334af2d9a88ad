#include "gateway/registers/rights/rights_desk.hpp"

#include "gateway/events.hpp"
#include "gateway/registers/common/deadlines.hpp"
#include "gateway/registers/common/in_hand.hpp"
#include "gateway/registers/rights/rights_letters.hpp"
#include "gateway/retention/deferrals.hpp"
#include "gateway/store.hpp"
#include "protocol/io/system.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

using Answer = Awaitable<Result<json::object>>;
constexpr auto many = StrictObject::Lines::many;

std::unexpected<Error> no_case(const std::string& id) { return fail(Errc::not_found, "is not a request of a person", printable(id, 40)); }

bool is_mail_address(const std::string& text) {
  const auto at = text.find('@');
  return at != 0 && at != text.npos && text.find('@', at + 1) == text.npos && at + 1 < text.size() && text.find_first_of(" \t,;<>") == text.npos;
}

}  // namespace

Result<> RightsDesk::open() {
  PL_CHECK(make_deferral_tables(*core_.store));
  return core_.store->script(R"sql(
    -- Requests of persons (requirements A27): `body` holds who asks and what, as JSON; five years after the answer it goes.
    CREATE TABLE IF NOT EXISTS rights_requests(
      id TEXT PRIMARY KEY, received_at INTEGER NOT NULL, open INTEGER NOT NULL, closed_at INTEGER, body TEXT NOT NULL) STRICT;
    CREATE INDEX IF NOT EXISTS rights_open ON rights_requests(open) WHERE open = 1;
  )sql");
}

Result<RightsCase> RightsDesk::find(const std::string& id) const {
  if (!is_uuid(id)) return no_case(id);
  PL_TRY(body, core_.store->text("SELECT body FROM rights_requests WHERE id=?", id));
  if (!body) return no_case(id);
  return case_from(*body);
}

Result<RightsCase> RightsDesk::find_open(const std::string& id) const {
  PL_TRY(c, find(id));
  if (!c.open()) return fail(Errc::conflict, "was answered on " + to_date(c.answered_at), "rights request " + id, "a new letter is a new request");
  return c;
}

Result<> RightsDesk::save(const RightsCase& c) {
  return core_.store->run("INSERT OR REPLACE INTO rights_requests(id, received_at, open, closed_at, body) VALUES(?,?,?,?,?)", c.id, stored(c.received_at), c.open(),
                          c.open() ? std::nullopt : std::optional(stored(c.answered_at)), case_text(c));
}

json::object RightsDesk::view(const RightsCase& c) const { return case_view(c, core_.clock.now(), search_.running(c.id)); }

Awaitable<Result<>> RightsDesk::record(RightsCase& c, std::string_view event, json::object more, const ActBy& by) {
  more["request_id"] = c.id;
  more["event"] = event;
  more["status"] = word(c.status);
  more["route"] = word(c.route());
  more["due"] = to_date(c.due());
  more["done_by"] = by.record();
  if (c.practice) more["practice"] = c.practice->text();
  PL_CO_TRY(recorded, co_await core_.append(audit::Record::make("rights_step", more)));
  c.steps.push_back({core_.clock.now(), std::string(event), by.login, recorded.index});
  if (auto kept = save(c); !kept) co_return std::unexpected(core_.store_refused(kept.error()));
  pontlevis::gateway::event("rights.step", {{"request", c.id}, {"step", event}, {"log_index", recorded.index}});
  co_return Result<>{};
}

// ---- reading ----

Result<json::object> RightsDesk::list(bool only_open, const PageAsked& page) const {
  // The cursor is "<received_at>.<id>" of the last one shown.
  std::int64_t before = INT64_MAX;
  std::string id;
  if (!page.cursor.empty()) {
    const auto dot = page.cursor.find('.');
    const auto at = parse_decimal(std::string_view(page.cursor).substr(0, dot), INT64_MAX);
    if (!at || dot == page.cursor.npos) return fail(Errc::bad_input, "is not what `next` said", "cursor");
    before = static_cast<std::int64_t>(*at), id = page.cursor.substr(dot + 1);
  }
  PL_TRY(rows, core_.store->query("SELECT body, received_at, id FROM rights_requests WHERE open >= ?1 AND (received_at < ?2 OR (received_at = ?2 AND id < ?3)) "
                                  "ORDER BY received_at DESC, id DESC LIMIT ?4", only_open, before, id, page.limit + 1));
  json::array items;
  std::string last, next;
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) break;
    if (items.size() == page.limit) {
      next = last;
      break;
    }
    PL_TRY(c, case_from(rows.text(0)));
    items.push_back(view(c));
    last = std::to_string(rows.integer(1)) + "." + rows.text(2);
  }
  return json::object{{"items", std::move(items)}, {"next", next.empty() ? json::value(nullptr) : json::value(next)}};
}

Answer RightsDesk::list_all(std::string, json::object words, ActBy) {
  StrictObject in(words, "rights list");
  const bool only_open = in.has("open") && in.boolean("open");
  PL_CO_CHECK(in.finish());
  co_return list(only_open, PageAsked{200, ""});
}

Answer RightsDesk::show(std::string id, json::object words, ActBy) {
  PL_CO_CHECK(StrictObject(words, "rights show").finish());
  PL_CO_TRY(c, find(id));
  co_return view(c);
}

// ---- the steps ----

Answer RightsDesk::receive(std::string, json::object words, ActBy by) {
  PL_CO_TRY(c, new_case(words, make_uuid(core_.random), core_.clock.now()));
  if (c.practice && !core_.practices.find(*c.practice)) co_return fail(Errc::not_found, "is not a practice of this gateway", "practice " + c.practice->text());
  json::object fields{{"request_id", c.id}, {"requested_by", c.requester}, {"request_type", word(c.type)}, {"channel", word(c.channel)},
                      {"text", c.text}, {"received_at", to_utc(c.received_at)}, {"due", to_date(c.due())}};
  if (c.practice) fields["practice"] = c.practice->text();
  PL_CO_TRY(recorded, co_await core_.append(audit::Record::make("rights_request", fields)));
  c.steps.push_back({core_.clock.now(), "RECEIVED", by.login, recorded.index});
  if (auto kept = save(c); !kept) co_return std::unexpected(core_.store_refused(kept.error()));
  event("rights.received", {{"request", c.id}, {"type", word(c.type)}, {"log_index", recorded.index}});
  PL_CO_CHECK(bell_.look("rights_request", c.id, end_of_day(c.due()), bell_days));
  // What they ask for must still be there when it is answered (B17); who wants it gone defers nothing.
  if (c.practice && c.type != RightsType::erasure) PL_CO_CHECK(defer_for_request(*core_.store, {c.id, c.practice, {}}, core_.clock.now()));
  // About patients: the practice answers, and hears of it at once (A16).
  if (c.practice && c.route() == RightsRoute::practice) PL_CO_CHECK(co_await pass_on(c, *c.practice, "", by));
  co_return view(c);
}

Answer RightsDesk::identify(std::string id, json::object words, ActBy by) {
  StrictObject in(words, "identity check");
  const auto method = in.text("method", 1, 120);
  const auto result = static_cast<IdentityResult>(in.choice("result", Spelling<IdentityResult>::words));
  PL_CO_CHECK(in.finish());
  InHand turn(in_hand_, id);
  PL_CO_CHECK(turn.check());
  PL_CO_TRY(c, find_open(id));
  c.identity = IdentityCheck{method, result, core_.clock.now()};
  PL_CO_CHECK(co_await record(c, "IDENTITY", {{"identity_method", method}, {"identity_result", word(result)}}, by));
  co_return view(c);
}

Answer RightsDesk::extend(std::string id, json::object words, ActBy by) {
  StrictObject in(words, "extension");
  const auto reason = in.text("reason", 10, 1000, many);
  PL_CO_CHECK(in.finish());
  InHand turn(in_hand_, id);
  PL_CO_CHECK(turn.check());
  PL_CO_TRY(c, find_open(id));
  if (c.extended_until) co_return fail(Errc::conflict, "was extended already", "rights request " + id, "60 days in all is the end");
  if (core_.clock.now() > end_of_day(c.due()))
    co_return fail(Errc::expired, "the first due date is over: an extension must be told before it", "rights request " + id, "answer it now");
  c.extended_until = extended_due(c.received_at);
  c.extension_reason = reason;
  PL_CO_CHECK(co_await record(c, "EXTENDED", {{"extended_until", to_date(c.due())}, {"extension_reason", reason}}, by));
  // The person is told with the reason before the first due date: both languages, by mail where they gave an address.
  const auto facts = vendor_facts(core_);
  const auto fr = extension_letter(c, facts, Tongue::french), en = extension_letter(c, facts, Tongue::english);
  core_.signals.mail(is_mail_address(c.contact) ? c.contact : "", fr.subject, fr.text + "\n---\n\n" + en.text);
  co_return view(c);
}

Answer RightsDesk::forward(std::string id, json::object words, ActBy by) {
  StrictObject in(words, "forwarding");
  const auto to = in.id<PracticeId>("to");
  const auto address = in.has("address") ? in.text("address", 0, 200) : std::string();
  if (!address.empty() && !is_mail_address(address)) in.blame("address", "is not a mail address", "cabinet@example.org");
  PL_CO_CHECK(in.finish());
  InHand turn(in_hand_, id);
  PL_CO_CHECK(turn.check());
  PL_CO_TRY(c, find_open(id));
  PL_CO_CHECK(co_await pass_on(c, *to, address, by));
  co_return view(c);
}

Awaitable<Result<>> RightsDesk::pass_on(RightsCase& c, PracticeId to, std::string address, const ActBy& by) {
  if (!core_.practices.find(to)) co_return fail(Errc::not_found, "is not a practice of this gateway", "practice " + to.text());
  c.forwarded_to = to;
  c.forwarded_at = core_.clock.now();
  PL_CO_CHECK(co_await record(c, "FORWARDED", {{"forwarded_to", to.text()}}, by));
  const auto facts = vendor_facts(core_);
  const auto fr = forward_letter(c, facts, Tongue::french), en = forward_letter(c, facts, Tongue::english);
  // Without an address: where the practice's reports go (pontlevis-gateway contact).
  core_.signals.mail(address.empty() ? to.text() : address, fr.subject, fr.text + "\n---\n\n" + en.text);
  co_return Result<>{};
}

// ---- the answer ----

namespace {

// Which outcomes the case allows. What is given out goes to the person, so that they must be known first (B23).
Result<> check_outcome(const RightsCase& c, RightsOutcome outcome, const std::string& words) {
  const bool gives = outcome == RightsOutcome::granted || outcome == RightsOutcome::partly_granted;
  const auto where = "rights request " + c.id;
  if (gives && c.route() == RightsRoute::practice)
    return fail(Errc::not_allowed, "is for the practice to answer: the vendor holds no patient's data", where, "forward it, then close it as FORWARDED");
  if (gives && (!c.identity || c.identity->result == IdentityResult::not_confirmed))
    return fail(Errc::conflict, "cannot be granted before the person's identity was checked", where, "rights identity");
  if (outcome == RightsOutcome::forwarded && !c.forwarded_to) return fail(Errc::conflict, "was not forwarded to anybody", where, "rights forward");
  if (outcome == RightsOutcome::nothing_held && c.found.value_or(0) > 0)
    return fail(Errc::conflict, "the search found " + std::to_string(*c.found) + " records", where, "GRANTED, PARTLY_GRANTED or REFUSED, with the reason");
  if (gives && (c.type == RightsType::access || c.type == RightsType::portability) && !c.found)
    return fail(Errc::conflict, "cannot be granted before the search", where, "rights search");
  if ((outcome == RightsOutcome::refused || outcome == RightsOutcome::partly_granted) && words.empty())
    return fail(Errc::bad_input, "needs the reason, in words for the person", where);
  return {};
}

std::string hashes(const std::vector<AnswerFile>& files) {
  std::string out;
  for (const auto& f : files) out += (out.empty() ? "" : " ") + f.name + ":" + f.sha256;
  return out;
}

}  // namespace

Result<> RightsDesk::write_answer(RightsCase& c, Tongue tongue) {
  const auto exports = core_.folder.root / "exports";
  const auto now = core_.clock.now();
  const auto page = answer_page(c, processing_facts(core_), tongue);
  PL_TRY(html, write_answer_file(exports, c.id, "answer." + std::string(code_of(tongue)) + ".html", page, now));
  json::array files;
  for (const auto& f : c.files) files.push_back(json::object{{"name", f.name}, {"sha256", f.sha256}, {"bytes", f.bytes}});
  const json::object body{{"request", c.id}, {"type", word(c.type)}, {"received_at", to_utc(c.received_at)}, {"answered_at", to_utc(now)},
                          {"outcome", word(*c.outcome)}, {"words", c.words}, {"complaint", cnil_sentence.in(tongue)}, {"files", std::move(files)}};
  PL_TRY(text, write_answer_file(exports, c.id, "answer.json", json::serialize(body) + "\n", now));
  c.files.push_back(std::move(html));
  c.files.push_back(std::move(text));
  return {};
}

Answer RightsDesk::answer(std::string id, json::object words, ActBy by) {
  StrictObject in(words, "answer");
  const auto outcome = static_cast<RightsOutcome>(in.choice("outcome", Spelling<RightsOutcome>::words));
  const auto text = in.text("words", 0, 8000, many);
  const auto tongue = tongue_from(in.text("language", 2, 2));
  if (!tongue) in.blame("language", "must be fr or en");
  PL_CO_CHECK(in.finish());
  InHand turn(in_hand_, id);
  PL_CO_CHECK(turn.check());
  PL_CO_TRY(c, find_open(id));
  if (search_.running(id)) co_return fail(Errc::conflict, "is still being searched for", "rights request " + id, "wait until the search has ended");
  PL_CO_CHECK(check_outcome(c, outcome, text));
  c.outcome = outcome;
  c.words = text;
  c.answered_at = core_.clock.now();
  PL_CO_CHECK(write_answer(c, *tongue));
  PL_CO_CHECK(co_await record(c, "ANSWERED", {{"outcome", word(outcome)}, {"words", text}, {"answer_sha256", hashes(c.files)}}, by));
  PL_CO_CHECK(request_answered(*core_.store, c.id));
  bell_.settle("rights_request", c.id);
  const auto letter = answer_letter(c, vendor_facts(core_), *tongue);
  if (is_mail_address(c.contact)) core_.signals.mail(c.contact, letter.subject, letter.text);
  co_return view(c);
}

Result<std::string> RightsDesk::file(const std::string& id, const std::string& name) const {
  PL_TRY(c, find(id));
  const auto at = std::find_if(c.files.begin(), c.files.end(), [&](const auto& f) { return f.name == name; });
  if (at == c.files.end()) return fail(Errc::not_found, "is not a file of this answer", printable(name, 60));
  auto content = io::read_file(core_.folder.root / "exports" / at->place, 128u << 20);
  if (content) return content;
  return fail(Errc::expired, "was deleted on its last day; its SHA-256 stays in the record", at->name, c.open() ? "search again" : "");
}

// ---- clocks ----

Result<> RightsDesk::ring() {
  PL_TRY(rows, core_.store->query("SELECT body FROM rights_requests WHERE open = 1"));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return {};
    PL_TRY(c, case_from(rows.text(0)));
    PL_CHECK(bell_.look("rights_request", c.id, end_of_day(c.due()), bell_days));
  }
}

void RightsDesk::keep_house() {
  if (auto rung = ring(); !rung) event(Level::error, "rights.clock_unread", {{"what", rung.error().text()}});
}

}  // namespace pontlevis::gateway
