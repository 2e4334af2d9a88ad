#include "gateway/api/api_interventions.hpp"

#include "audit/local_time.hpp"
#include "gateway/api/api_views.hpp"
#include "gateway/report_drafts.hpp"
#include "protocol/json_values.hpp"
#include "protocol/text.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::gateway {
namespace {

constexpr auto many = StrictObject::Lines::many;

bool sees_all(Role role) { return role != Role::technician; }

template <class Word>
std::vector<Word> words_in(StrictObject& in, std::string_view name) {
  std::vector<Word> out;
  const auto& known = Spelling<Word>::words;
  for (const auto& text : in.texts(name, 1, 8, 20)) {
    const auto at = std::find(known.begin(), known.end(), text);
    if (at == known.end()) in.blame(name, "holds '" + printable(text, 20) + "', which is no word of it");
    else out.push_back(static_cast<Word>(at - known.begin()));
  }
  return out;
}

std::vector<Login> logins_in(StrictObject& in, std::string_view name) {
  std::vector<Login> out;
  for (const auto& text : in.texts(name, 0, 8, 64)) {
    auto login = Login::parse(text);
    if (!login) in.blame(name, login.error().what, login.error().hint);
    else out.push_back(*std::move(login));
  }
  return out;
}

std::optional<std::string> text_or_none(StrictObject& in, std::string_view name, std::size_t max) {
  if (in.is_null(name)) return std::nullopt;
  return in.text(name, 1, max, many);
}

std::optional<Asked::Window> window_in(StrictObject& in) {
  if (in.is_null("planned")) return std::nullopt;
  StrictObject window(in.object("planned"), "planned");
  const Asked::Window out{window.time("from"), window.time("until")};
  if (auto done = window.finish(); !done) in.blame("planned", done.error().what, done.error().hint);
  return out;
}

// A parameter that is true or false; false when it is not there.
Result<bool> flag_asked(const io::HttpRequest& request, std::string_view name) {
  const auto text = request.parameter(name).value_or("false");
  if (text == "true" || text == "false") return text == "true";
  return fail(Errc::bad_input, "must be true or false", std::string(name));
}

// Midnight in Paris at the beginning of the day a parameter names; `days` later for the end of a day.
Result<std::optional<Time>> day_asked(const io::HttpRequest& request, std::string_view name, int days) {
  const auto text = request.parameter(name);
  if (!text) return std::nullopt;
  const auto day = from_date(*text);
  const auto at = day ? audit::from_paris_time(to_date(*day + std::chrono::days(days)) + "T00:00") : std::nullopt;
  if (at) return std::optional(*at);
  return fail(Errc::bad_input, "is not a day such as 2026-01-31", std::string(name));
}

// What narrows the list: practice, from, until (days, both included), text (beginning of a number or of a ticket).
Result<> narrow(InterventionPage& asked, const io::HttpRequest& request) {
  if (const auto practice = request.parameter("practice")) {
    auto id = PracticeId::parse(*practice);
    if (!id) return fail(Errc::bad_input, id.error().what, "practice", id.error().hint);
    asked.practice = *std::move(id);
  }
  PL_TRY(from, day_asked(request, "from", 0));
  PL_TRY(until, day_asked(request, "until", 1));
  asked.from = from, asked.until = until;
  asked.text = request.parameter("text").value_or("");
  if (asked.text.size() > 200 || has_control(asked.text) || !is_utf8(asked.text)) return fail(Errc::bad_input, "is longer than 200 bytes, or has control characters", "text");
  return {};
}

io::HttpResponse refusal(const PolicyRefusal& r) {
  const Error said{r.rule.empty() ? Errc::bad_input : Errc::not_allowed, r.en, "request", r.hint_en};
  return r.rule.empty() ? api_problem(said) : api_problem(403, r.rule, said);
}

}  // namespace

Result<Asked> asked_from(const json::object& body, const Login& lead) {
  StrictObject in(body, "request");
  auto practice = in.id<PracticeId>("practice");
  auto system = in.id<SystemId>("system");
  auto tools = in.texts("tools", 1, 16, 80);
  auto access = words_in<AccessType>(in, "access_types");
  auto data = in.texts("data_categories", 1, 16, 200);
  const auto purpose = static_cast<Purpose>(in.choice("purpose", Spelling<Purpose>::words));
  auto reason = in.text("reason", 1, 2000, many);
  auto tasks = in.text("planned_tasks", 1, 4000, many);
  auto ticket = in.text("ticket", 1, 200);
  const auto minutes = in.integer("minutes", 1, 100'000);
  const auto criticality = static_cast<Criticality>(in.choice("criticality", Spelling<Criticality>::words));
  std::optional<Login> pair;
  if (!in.is_null("pair")) pair = in.id<Login>("pair");
  auto additional = logins_in(in, "additional");
  auto consulted = logins_in(in, "consulted");
  auto emergency = text_or_none(in, "emergency", 2000);
  auto planned = window_in(in);
  PL_CHECK(in.finish());
  return Asked{lead, *std::move(system), *std::move(practice), std::move(tools), std::move(access), std::move(data), purpose, std::move(reason),
               std::move(tasks), std::move(ticket), minutes, criticality, std::move(emergency), std::move(pair), std::move(additional),
               std::move(consulted), planned};
}

ApiRoutes ApiInterventions::routes() {
  const auto to = handlers_of(this);
  const std::string one = "/api/v1/interventions/<id>";
  const Roles technician = Role::technician;
  return {
      {"GET", "/api/v1/interventions", everyone, Scope::read, false, to(&ApiInterventions::list)},
      {"GET", one, everyone, Scope::read, false, to(&ApiInterventions::show)},
      {"GET", one + "/events", everyone, Scope::read, false, to(&ApiInterventions::events)},
      {"POST", "/api/v1/interventions", technician, Scope::ask, true, to(&ApiInterventions::ask)},
      {"POST", one + "/cancel", technician, Scope::ask, false, to(&ApiInterventions::cancel)},
      {"POST", one + "/finish", technician, Scope::ask, false, to(&ApiInterventions::finish)},
      {"POST", one + "/hand-over", technician, Scope::ask, false, to(&ApiInterventions::hand_over)},
      {"GET", one + "/draft", technician, Scope::report, false, to(&ApiInterventions::draft)},
      {"PUT", one + "/draft", technician, Scope::report, false, to(&ApiInterventions::keep_draft)},
      {"POST", one + "/report", technician, Scope::report, false, to(&ApiInterventions::report)},
  };
}

// ---- reading ----

Result<Intervention> ApiInterventions::seen(const ApiCall& call) const {
  const auto unknown = [&] { return fail(Errc::not_found, "no intervention that you may see has this number", printable(call.request.id, 40)); };
  const auto id = InterventionId::parse(call.request.id);
  if (!id) return unknown();
  PL_TRY(found, core_.interventions.find(*id));
  if (!found || !(sees_all(call.person.role) || found->names(call.person.login))) return unknown();
  return *std::move(found);
}

io::HttpResponse ApiInterventions::answer(const InterventionId& id, const Person& viewer, unsigned status) const {
  const auto found = core_.interventions.find(id);
  if (!found) return api_problem(found.error());
  if (!*found) return api_problem(Error{Errc::not_found, "is gone", id.text(), {}});
  const auto facts = core_.interventions.facts_of(id);
  if (!facts) return api_problem(facts.error());
  return api_answer(intervention_view(core_, links_, **found, *facts, viewer), status);
}

io::HttpResponse ApiInterventions::after(const Result<>& done, const InterventionId& id, const Person& viewer) const {
  return done ? answer(id, viewer) : api_problem(done.error());
}

ApiAnswer ApiInterventions::list(ApiCall call) {
  const auto page = page_asked(call.request);
  if (!page) co_return api_problem(page.error());
  const auto mine = flag_asked(call.request, "mine"), live = flag_asked(call.request, "live");
  if (!mine || !live) co_return api_problem(mine ? live.error() : mine.error());
  const bool own = *mine || !sees_all(call.person.role);
  InterventionPage asked{.who = own ? std::optional(call.person.login) : std::nullopt, .live = *live, .after = page->cursor, .limit = page->limit};
  if (auto read = narrow(asked, call.request); !read) co_return api_problem(read.error());
  auto found = core_.interventions.page(asked);
  if (!found) co_return api_problem(found.error());
  json::array items;
  for (const auto& iv : found->items) items.push_back(intervention_view(core_, links_, iv, {}, call.person));
  co_return api_page(std::move(items), found->next);
}

ApiAnswer ApiInterventions::show(ApiCall call) {
  const auto found = seen(call);
  if (!found) co_return api_problem(found.error());
  co_return answer(found->id(), call.person);
}

ApiAnswer ApiInterventions::events(ApiCall call) {
  const auto found = seen(call);
  if (!found) co_return api_problem(found.error());
  const auto facts = core_.interventions.facts_of(found->id());
  if (!facts) co_return api_problem(facts.error());
  json::array items;
  for (const auto& fact : *facts) {
    json::object item{{"type", fact.type}};
    for (const auto& member : fact.body)
      if (member.key() != "intervention" && member.key() != "type") item.emplace(member.key(), member.value());
    items.push_back(std::move(item));
  }
  co_return api_page(std::move(items), "");
}

// ---- asking and ending ----

ApiAnswer ApiInterventions::ask(ApiCall call) {
  const auto body = api_body(call.request);
  if (!body) co_return api_problem(body.error());
  auto asked = asked_from(*body, call.person.login);
  if (!asked) co_return api_problem(asked.error());
  const auto id = co_await desk_.ask(*std::move(asked));
  if (id) co_return answer(*id, call.person, 201);
  if (const auto* no = std::get_if<PolicyRefusal>(&id.error())) co_return refusal(*no);
  co_return api_problem(std::get<Error>(id.error()));
}

ApiAnswer ApiInterventions::cancel(ApiCall call) {
  const auto found = seen(call);
  if (!found) co_return api_problem(found.error());
  if (auto read = api_no_body(call.request); !read) co_return api_problem(read.error());
  const auto done = co_await desk_.cancel(found->id(), call.person.login);
  co_return after(done, found->id(), call.person);
}

ApiAnswer ApiInterventions::finish(ApiCall call) {
  const auto found = seen(call);
  if (!found) co_return api_problem(found.error());
  if (auto read = api_no_body(call.request); !read) co_return api_problem(read.error());
  const auto done = co_await desk_.finish(found->id(), call.person.login);
  co_return after(done, found->id(), call.person);
}

ApiAnswer ApiInterventions::hand_over(ApiCall call) {
  const auto found = seen(call);
  if (!found) co_return api_problem(found.error());
  const auto body = api_body(call.request);
  if (!body) co_return api_problem(body.error());
  StrictObject in(*body, "hand-over");
  auto to = in.id<Login>("to");
  if (auto read = in.finish(); !read) co_return api_problem(read.error());
  const auto done = co_await desk_.hand_over(found->id(), call.person.login, *std::move(to));
  co_return after(done, found->id(), call.person);
}

// ---- the report ----

ApiAnswer ApiInterventions::draft(ApiCall call) {
  const auto found = seen(call);
  if (!found) co_return api_problem(found.error());
  auto kept = ReportDrafts(*core_.store).find(found->id(), call.person.login);
  if (!kept) co_return api_problem(kept.error());
  co_return api_answer({{"draft", *kept ? json::value(**kept) : json::value(nullptr)}});
}

ApiAnswer ApiInterventions::keep_draft(ApiCall call) {
  const auto found = seen(call);
  if (!found) co_return api_problem(found.error());
  const auto body = api_body(call.request);
  if (!body) co_return api_problem(body.error());
  StrictObject in(*body, "draft");
  const auto draft = in.object("draft");
  if (auto read = in.finish(); !read) co_return api_problem(read.error());
  auto sound = draft_report(draft, found->id(), call.person.login, core_.clock.now());
  if (!sound) co_return api_problem(sound.error());
  if (found->report) co_return api_problem(Error{Errc::conflict, "has its report already", "draft", {}});
  const auto kept = ReportDrafts(*core_.store).keep(found->id(), call.person.login, draft, core_.clock.now());
  co_return kept ? api_answer({}) : api_problem(kept.error());
}

ApiAnswer ApiInterventions::report(ApiCall call) {
  const auto found = seen(call);
  if (!found) co_return api_problem(found.error());
  const auto body = api_body(call.request);
  if (!body) co_return api_problem(body.error());
  auto drafted = draft_report(*body, found->id(), call.person.login, core_.clock.now());
  if (!drafted) co_return api_problem(drafted.error());
  // Once the practice has it, the desk no longer keeps it among the live ones.
  if (found->report) co_return api_problem(Error{Errc::conflict, "has its report already", "report", {}});
  if (drafted->tasks.empty() || !drafted->outcome || !drafted->cleanup)
    co_return api_problem(Error{Errc::bad_input, "needs the tasks done, the outcome and the cleanup of residual data", "report", {}});
  const auto done = co_await desk_.report(std::move(*drafted).complete());
  if (done) static_cast<void>(ReportDrafts(*core_.store).drop(found->id()));
  co_return after(done, found->id(), call.person);
}

}  // namespace pontlevis::gateway
