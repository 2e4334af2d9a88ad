// What people ask about holds, the annual review, the end of a contract and health data that came unasked.
#include "gateway/retention/retention_desk.hpp"

#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr auto many = StrictObject::Lines::many;

bool given(StrictObject& in, std::string_view name) { return in.has(name) && !in.is_null(name); }

// Empty when it may be left out and is.
std::string day_in(StrictObject& in, std::string_view name) {
  if (!given(in, name)) return {};
  auto text = in.text(name, 10, 10);
  if (!from_date(text)) in.blame(name, "is not a date", "2026-01-31");
  return text;
}

}  // namespace

// ---- holds ----

RetentionDesk::Answer RetentionDesk::holds(json::object request) {
  auto in = verb_reader(request, "hold list");
  const bool lifted = in.has("lifted") && in.boolean("lifted");
  PL_CO_CHECK(in.finish());
  PL_CO_TRY(found, p_.holds.all(lifted));
  json::array items;
  for (const auto& hold : found) items.push_back(hold_json(hold, p_.core.clock.now()));
  co_return json::object{{"items", std::move(items)}};
}

RetentionDesk::Answer RetentionDesk::change_hold(Hold hold, std::string what, std::string words, std::string by) {
  PL_CO_TRY(scope, recorded_scope(hold, *p_.core.log));
  json::object fields{{"hold_id", hold.id}, {"event", what}, {"scope", std::move(scope)}, {"reason", words}, {"review_on", hold.review_on},
                      {"done_by", by.empty() ? json::value(nullptr) : json::value(by)}};
  if (hold.practice) fields["practice"] = hold.practice->text();
  if (hold.intervention) fields["intervention"] = hold.intervention->text();
  PL_CO_CHECK(co_await p_.core.append(audit::Record::make("hold", fields)));
  PL_CO_CHECK(p_.holds.put(hold));
  p_.core.signals.clock(ClockNotice{"hold", hold.id, *from_date(hold.review_on), false, true});
  co_return hold_json(hold, p_.core.clock.now());
}

RetentionDesk::Answer RetentionDesk::place_hold(json::object request) {
  auto in = verb_reader(request, "hold");
  Hold hold;
  if (given(in, "practice")) hold.practice = in.id<PracticeId>("practice");
  if (given(in, "intervention")) hold.intervention = in.id<InterventionId>("intervention");
  hold.from = day_in(in, "from"), hold.until = day_in(in, "until");
  hold.reason = in.text("reason", 10, 1000, many);
  hold.review_on = in.text("review_on", 10, 10);
  if (!from_date(hold.review_on)) in.blame("review_on", "is not a date", "2027-01-31");
  const auto today = to_date(p_.core.clock.now());
  if (hold.review_on <= today || hold.review_on > to_date(p_.core.clock.now() + std::chrono::days(366))) in.blame("review_on", "must be a day within the next year", "2027-01-31");
  if (!hold.practice && !hold.intervention && hold.from.empty() && hold.until.empty()) in.blame("practice", "or an intervention or days must say what is held");
  if (!hold.from.empty() && !hold.until.empty() && hold.until < hold.from) in.blame("until", "is before `from`");
  PL_CO_CHECK(in.finish());
  if (hold.practice && !p_.core.practices.find(*hold.practice)) co_return fail(Errc::not_found, "is not a practice of this gateway", "practice " + hold.practice->text());
  if (hold.intervention) {
    PL_CO_TRY(known, p_.core.interventions.find(*hold.intervention));
    if (!known) co_return fail(Errc::not_found, "is not an intervention of this gateway", "intervention " + hold.intervention->text());
  }
  hold.id = make_uuid(p_.core.random);
  hold.by = who_asks(request);
  hold.placed_at = p_.core.clock.now();
  const auto reason = hold.reason, by = hold.by;
  co_return co_await change_hold(std::move(hold), "PLACED", reason, by);
}

namespace {

Result<Hold> standing(const Holds& holds, const std::string& id) {
  PL_TRY(found, holds.find(id));
  if (!found) return fail(Errc::not_found, "no hold has this number", printable(id, 40));
  if (found->lifted_at) return fail(Errc::conflict, "was lifted on " + to_date(*found->lifted_at), "hold " + id);
  return *std::move(found);
}

}  // namespace

RetentionDesk::Answer RetentionDesk::review_hold(json::object request) {
  auto in = verb_reader(request, "hold review");
  const auto id = in.text("id", 1, 128), on = in.text("review_on", 10, 10);
  if (!from_date(on)) in.blame("review_on", "is not a date", "2027-01-31");
  PL_CO_CHECK(in.finish());
  PL_CO_TRY(hold, standing(p_.holds, id));
  if (on <= to_date(p_.core.clock.now()) || on > to_date(p_.core.clock.now() + std::chrono::days(366)))
    co_return fail(Errc::bad_input, "must be a day within the next year", "hold, review_on", "2027-01-31");
  hold.review_on = on;
  co_return co_await change_hold(std::move(hold), "REVIEWED", "", who_asks(request));
}

RetentionDesk::Answer RetentionDesk::lift_hold(json::object request) {
  auto in = verb_reader(request, "hold lift");
  const auto id = in.text("id", 1, 128), reason = in.text("reason", 10, 1000, many);
  PL_CO_CHECK(in.finish());
  PL_CO_TRY(hold, standing(p_.holds, id));
  hold.lifted_at = p_.core.clock.now();
  co_return co_await change_hold(std::move(hold), "LIFTED", reason, who_asks(request));
}

void RetentionDesk::say_holds() {
  const auto found = p_.holds.all(false);
  if (!found) return;
  const auto now = p_.core.clock.now();
  for (const auto& hold : *found) {
    const auto due = from_date(hold.review_on);
    if (due && now + std::chrono::days(7) >= *due) p_.core.signals.clock(ClockNotice{"hold", hold.id, *due, hold.review_on < to_date(now)});
  }
}

// ---- annual review ----

namespace {

int year_in(StrictObject& in) { return static_cast<int>(in.integer("year", 2020, 9999)); }

}  // namespace

RetentionDesk::Answer RetentionDesk::reviews(json::object request) {
  PL_CO_CHECK(verb_reader(request, "annual-review list").finish());
  PL_CO_TRY(found, reviews_.all());
  json::array items;
  for (const auto& one : found) items.push_back(review_json(one, p_.core.clock.now()));
  co_return json::object{{"items", std::move(items)}};
}

RetentionDesk::Answer RetentionDesk::review(json::object request) {
  auto in = verb_reader(request, "annual-review show");
  const auto year = year_in(in);
  PL_CO_CHECK(in.finish());
  PL_CO_TRY(found, reviews_.find(year));
  co_return review_json(found, p_.core.clock.now());
}

RetentionDesk::Answer RetentionDesk::decide(json::object request) {
  auto in = verb_reader(request, "annual-review decide");
  const auto year = year_in(in);
  json::object decisions;
  if (in.has("class")) {  // at the prompt, one at a time
    const auto cls = in.text("class", 1, 64);
    decisions[cls] = in.text("decision", 1, 10);
  } else {
    decisions = in.object("decisions");
  }
  PL_CO_CHECK(in.finish());
  PL_CO_TRY(found, co_await reviews_.decide(year, std::move(decisions), who_asks(request)));
  co_return review_json(found, p_.core.clock.now());
}

RetentionDesk::Answer RetentionDesk::sign(json::object request) {
  auto in = verb_reader(request, "annual-review sign");
  const auto year = year_in(in);
  PL_CO_CHECK(in.finish());
  if (who_asks(request).empty()) co_return fail(Errc::not_allowed, "is signed by a named person", "annual review", "sign in as compliance, or give --by");
  PL_CO_TRY(found, co_await reviews_.sign(year, who_asks(request)));
  co_return review_json(found, p_.core.clock.now());
}

// ---- end of a contract ----

RetentionDesk::Answer RetentionDesk::contract_ends(json::object request) {
  PL_CO_CHECK(verb_reader(request, "contract-end list").finish());
  PL_CO_TRY(found, ends_.all());
  json::array items;
  for (const auto& one : found) items.push_back(contract_end_json(one, p_.core.clock.now()));
  co_return json::object{{"items", std::move(items)}};
}

RetentionDesk::Answer RetentionDesk::choose(json::object request) {
  auto in = verb_reader(request, "contract-end");
  static constexpr std::array<std::string_view, 2> choices{"RETURN_THEN_DELETE", "DELETE"};
  const auto practice = in.id<PracticeId>("practice");
  const auto choice = in.choice("choice", choices);
  auto chosen_by = in.text("chosen_by", 1, 200);
  PL_CO_CHECK(in.finish());
  PL_CO_CHECK(co_await ends_.look());
  PL_CO_TRY(end, co_await ends_.choose(*practice, std::string(choices[choice]), std::move(chosen_by), who_asks(request)));
  co_return contract_end_json(end, p_.core.clock.now());
}

RetentionDesk::Answer RetentionDesk::confirm(json::object request) {
  auto in = verb_reader(request, "contract-end confirm");
  const auto practice = in.id<PracticeId>("practice");
  auto confirmed_by = in.text("confirmed_by", 1, 200);
  PL_CO_CHECK(in.finish());
  PL_CO_TRY(end, co_await ends_.confirm(*practice, std::move(confirmed_by), who_asks(request)));
  co_return contract_end_json(end, p_.core.clock.now());
}

// ---- spontaneous health data ----

namespace {

json::object cases_json(const std::vector<SpontaneousCase>& cases) {
  json::array items;
  for (const auto& one : cases) items.push_back(spontaneous_json(one));
  return {{"items", std::move(items)}};
}

}  // namespace

RetentionDesk::Answer RetentionDesk::spontaneous(json::object request) {
  PL_CO_CHECK(verb_reader(request, "spontaneous-data list").finish());
  PL_CO_TRY(found, spontaneous_.all());
  co_return cases_json(found);
}

RetentionDesk::Answer RetentionDesk::quarantine(json::object request) {
  auto in = verb_reader(request, "spontaneous-data");
  const auto record = static_cast<LeafIndex>(in.integer("record", 0, INT64_MAX));
  auto field = in.text("field", 1, 64);
  if (in.has("words")) static_cast<void>(in.text("words", 0, 1000, many));  // may say again what must not be said: not kept
  PL_CO_CHECK(in.finish());
  PL_CO_TRY(found, co_await spontaneous_.quarantine(record, std::move(field), "READER", who_asks(request)));
  co_return spontaneous_json(found);
}

RetentionDesk::Answer RetentionDesk::destroy_spontaneous(json::object request) {
  auto in = verb_reader(request, "spontaneous-data destroy");
  auto id = in.text("id", 1, 128);
  PL_CO_CHECK(in.finish());
  PL_CO_TRY(found, co_await spontaneous_.destroy(std::move(id), who_asks(request)));
  co_return spontaneous_json(found);
}

RetentionDesk::Answer RetentionDesk::sweep(json::object request) {
  PL_CO_CHECK(verb_reader(request, "spontaneous-data sweep").finish());
  PL_CO_TRY(found, co_await spontaneous_.sweep(who_asks(request)));
  co_return cases_json(found);
}

}  // namespace pontlevis::gateway
