#include "gateway/review/marks.hpp"

#include "gateway/people/accounts.hpp"
#include "gateway/review/journals.hpp"
#include "gateway/review/review_list.hpp"
#include "gateway/review/review_one.hpp"
#include "gateway/store.hpp"
#include "audit/local_time.hpp"
#include "protocol/json_values.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::gateway {
namespace {

constexpr std::size_t longest_words = 4000;  // bytes: a thousand characters of any script

std::string name_of(Core& core, const std::string& login) {
  const auto id = Login::parse(login);
  const auto account = id ? Accounts(*core.store).find(*id) : std::unexpected(id.error());
  return account && *account ? (*account)->name : login;
}

json::object opened_mark(Core& core, const MarkRow& mark) {
  const auto record = core.log->record(mark.index);
  const auto fields = record ? record->open() : std::unexpected(record.error());
  return fields ? *fields : json::object();
}

struct NewMark {
  MarkKind kind{};
  std::string words, about, due;
};

Result<NewMark> mark_from(const json::object& body) {
  StrictObject in(body, "mark");
  NewMark out;
  out.kind = static_cast<MarkKind>(in.choice("mark", Spelling<MarkKind>::words));
  out.words = in.text("text", 0, longest_words, StrictObject::Lines::many);
  if (!in.is_null("about")) out.about = in.text("about", 36, 36);
  if (!in.is_null("due")) out.due = in.text("due", 10, 10);
  const bool answers = out.kind == MarkKind::answer || out.kind == MarkKind::resolved, finding = out.kind == MarkKind::finding;
  if (answers == out.about.empty()) in.blame("about", answers ? "says which question or finding this is about" : "only an answer or a resolution is about another mark");
  if (finding == out.due.empty()) in.blame("due", finding ? "is missing: a finding has a last day" : "only a finding has a last day");
  if (!out.due.empty() && !paris_midnight(out.due)) in.blame("due", "is not a day", "2026-01-31");
  if (out.words.empty() && out.kind != MarkKind::seen && out.kind != MarkKind::resolved) in.blame("text", "is missing: say it in words");
  PL_CHECK(in.finish());
  return out;
}

}  // namespace

Result<json::object> mark_json(Core& core, const MarkRow& m) {
  const auto fields = opened_mark(core, m);
  const auto by = text_of(fields, "marked_by");
  const bool late = m.kind == MarkKind::finding && !m.resolved && m.due < to_date(core.clock.now());
  const auto text_or_null = [](const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); };
  return json::object{{"id", m.id}, {"intervention", m.intervention.text()}, {"mark", word(m.kind)}, {"text", text_of(fields, "text")}, {"about", text_or_null(m.about)},
                      {"due", text_or_null(m.due)}, {"by", by}, {"by_name", by.empty() ? by : name_of(core, by)}, {"at", to_utc(read_time(m.at))}, {"index", m.index},
                      {"resolved", m.resolved}, {"late", late}};
}

Result<json::array> marks_json(Core& core, const InterventionId& id) {
  PL_TRY(marks, marks_of(*core.store, id));
  json::array out;
  for (const auto& mark : marks) {
    PL_TRY(one, mark_json(core, mark));
    out.push_back(std::move(one));
  }
  return out;
}

Result<std::optional<std::string>> hold_of(sqlite::Database& store, const InterventionId& id, std::int64_t requested_at, const std::string& practice) {
  PL_TRY(there, store.integer("SELECT 1 FROM sqlite_master WHERE type='table' AND name='holds'"));
  if (!there) return std::nullopt;
  return store.text("SELECT id FROM holds WHERE lifted_at IS NULL AND (practice IS NULL OR practice = ?1) AND (intervention IS NULL OR intervention = ?2) "
                    "AND (from_day = '' OR from_day <= ?3) AND (until_day = '' OR ?3 <= until_day) LIMIT 1",
                    practice, id.text(), to_date(read_time(requested_at)));
}

// ---- on paper ----

namespace {

std::string say(bool french, std::string_view fr, std::string_view en) { return std::string(french ? fr : en); }

std::string difference_words(const Difference& d, bool french) {
  const auto shown = [](const json::value& value) { return value.is_null() ? std::string("—") : value.is_string() ? std::string(value.get_string()) : json::serialize(value); };
  switch (d.what) {
    case DifferenceKind::not_signed: return say(french, "sans signature du cabinet", "not signed by the practice");
    case DifferenceKind::bad_signature: return say(french, "signature du cabinet non valable", "signature of the practice not valid");
    case DifferenceKind::missing_here: return say(french, "pas de déclaration du cabinet dans ce journal", "no statement of the practice in this log");
    case DifferenceKind::order: return say(french, "dans un autre ordre que le cabinet l'a compté", "in another order than the practice counted");
    default: return say(french, "cabinet : ", "practice: ") + shown(d.practice) + say(french, " ; éditeur : ", "; vendor: ") + shown(d.gateway);
  }
}

audit::PrintedSection journals_section(const JournalsCompared& c, bool french) {
  audit::PrintedSection out{say(french, "LES DEUX JOURNAUX", "BOTH JOURNALS"), {}};
  out.rows.emplace_back(say(french, "Concordance", "Agreement"), c.agree() ? say(french, "le journal de l'éditeur dit ce que le cabinet a signé", "the vendor's log says what the practice signed")
                                                                           : say(french, "** ILS DIFFÈRENT **", "** THEY DIFFER **"));
  out.rows.emplace_back(say(french, "Déclarations vérifiées", "Statements verified"), std::to_string(c.facts));
  if (c.closed) out.rows.emplace_back(say(french, "Déjà détruites", "Destroyed already"), std::to_string(c.closed));
  for (const auto& d : c.differences) out.rows.emplace_back(d.fact + (d.field.empty() ? "" : ", " + d.field), difference_words(d, french));
  return out;
}

audit::PrintedSection marks_section(const json::array& marks, bool french) {
  static const std::map<std::string, std::pair<std::string, std::string>> names{
      {"SEEN", {"Vu", "Seen"}}, {"QUESTION", {"Question", "Question"}}, {"FINDING", {"Constat", "Finding"}}, {"ANSWER", {"Réponse", "Answer"}}, {"RESOLVED", {"Résolu", "Resolved"}}};
  audit::PrintedSection out{say(french, "CONTRÔLES", "REVIEW"), {}};
  for (const auto& item : marks) {
    const auto& m = item.get_object();
    const auto& [fr, en] = names.at(text_of(m, "mark"));
    auto words = audit::paris_time(text_of(m, "at"), french) + ", " + text_of(m, "by_name");
    if (const auto text = text_of(m, "text"); !text.empty()) words += " : " + text;
    if (const auto due = text_of(m, "due"); !due.empty()) words += say(french, " (avant la fin du ", " (by the end of ") + due + ")";
    out.rows.emplace_back(french ? fr : en, words);
  }
  return out;
}

}  // namespace

Result<audit::PrintedExtras> printed_extras(Core& core, const InterventionId& id, bool french) {
  PL_TRY(records, shown_records(core, id));
  std::string practice;
  for (const auto& record : records)
    if (const auto fields = record.open(); fields && practice.empty()) practice = text_of(*fields, "practice");
  const auto known = PracticeId::parse(practice);
  const auto* found = known ? core.practices.find(*known) : nullptr;
  PL_TRY(marks, marks_json(core, id));
  // Printed again on the same day, the same record is the same paper.
  audit::PrintedExtras out{found ? found->name : practice, {}, std::chrono::floor<std::chrono::days>(core.clock.now())};
  out.sections.push_back(journals_section(compare_journals(records, known ? practice_keys(core, *known) : std::vector<NoteVerifier>()), french));
  out.sections.push_back(marks_section(marks, french));
  return out;
}

// ---- routes ----

ApiRoutes ReviewMarks::routes() {
  const auto to = handlers_of(this);
  return {
      {"POST", "/api/v1/review/interventions/<id>/marks", review_readers, Scope::report, false, to(&ReviewMarks::add)},
      {"GET", "/api/v1/review/marks", review_readers, Scope::read, false, to(&ReviewMarks::list)},
  };
}

Awaitable<Result<MarkRow>> ReviewMarks::make(ApiCall call) {
  const auto body = api_body(call.request);
  const auto asked = body ? mark_from(*body) : std::unexpected(body.error());
  if (!asked) co_return std::unexpected(asked.error());
  auto id = InterventionId::parse(call.request.id);
  const auto row = id ? core_.interventions.rows().find(*id) : std::unexpected(id.error());
  if (!row || !*row) co_return fail(Errc::not_found, "no intervention has this number", printable(call.request.id, 40));
  const bool settles = asked->kind == MarkKind::answer || asked->kind == MarkKind::resolved;
  if (settles && call.person.role != Role::compliance) co_return fail(Errc::not_allowed, "only compliance answers and resolves", "mark", "an auditor asks, and marks as seen");
  if (settles) {
    const auto about = find_mark(*core_.store, asked->about);
    const bool fits = about && *about && (*about)->intervention == *id && ((*about)->kind == MarkKind::finding || (*about)->kind == MarkKind::question);
    if (!fits) co_return fail(Errc::not_found, "is no question or finding of this intervention", "about");
    if ((*about)->resolved) co_return fail(Errc::conflict, "is settled already", "about");
  }
  MarkRow mark{make_uuid(core_.random), *std::move(id), asked->kind, asked->about, asked->due, stored(core_.clock.now())};
  json::object fields{{"intervention", mark.intervention.text()}, {"mark_id", mark.id}, {"mark", word(mark.kind)}, {"text", asked->words},
                      {"marked_by", call.person.login.text()}, {"role", word(call.person.role)}};
  if (!mark.about.empty()) fields["about"] = mark.about;
  if (!mark.due.empty()) fields["due"] = mark.due;
  const auto recorded = co_await core_.append(audit::Record::make("review_mark", fields));
  if (!recorded) co_return std::unexpected(recorded.error());
  mark.index = recorded->index;
  if (auto kept = add_mark(*core_.store, mark); !kept) co_return std::unexpected(core_.store_refused(kept.error()));
  co_return mark;
}

ApiAnswer ReviewMarks::add(ApiCall call) {
  const auto mark = co_await make(std::move(call));
  if (!mark) co_return api_problem(mark.error());
  keeper_.marks_changed(mark->intervention);
  if (mark->kind == MarkKind::finding) tell_clock(*mark, false);
  if (mark->kind == MarkKind::resolved)
    if (const auto about = find_mark(*core_.store, mark->about); about && *about && (*about)->kind == MarkKind::finding) tell_clock(**about, true);
  const auto out = mark_json(core_, *mark);
  co_return out ? api_answer(*out, 201) : api_problem(out.error());
}

ApiAnswer ReviewMarks::list(ApiCall call) {
  const auto page = page_asked(call.request);
  if (!page) co_return api_problem(page.error());
  const auto open = call.request.parameter("open").value_or("false");
  if (open != "true" && open != "false") co_return api_problem(Error{Errc::bad_input, "must be true or false", "open", {}});
  const auto place = page->cursor.empty() ? std::optional<std::uint64_t>(INT64_MAX) : parse_decimal(page->cursor, INT64_MAX);
  if (!place) co_return api_problem(Error{Errc::bad_input, "is not a place in this list", "cursor", "give `next` of the page before"});
  auto marks = read_marks(*core_.store, open == "true", static_cast<std::int64_t>(*place), page->limit + 1);
  if (!marks) co_return api_problem(marks.error());
  const bool more = marks->size() > page->limit;
  if (more) marks->pop_back();
  json::array items;
  for (const auto& mark : *marks) {
    auto one = mark_json(core_, mark);
    if (!one) co_return api_problem(one.error());
    items.push_back(*std::move(one));
  }
  co_return api_page(std::move(items), more ? std::to_string(marks->back().index) : "");
}

// ---- clocks ----

void ReviewMarks::tell_clock(const MarkRow& finding, bool settled) const {
  const auto day = from_date(finding.due);
  if (!day) return;
  core_.signals.clock({"finding", finding.intervention.text() + "/" + finding.id, *day + std::chrono::days(1), finding.due < to_date(core_.clock.now()), settled});
}

void ReviewMarks::tell_clocks() {
  const auto open = open_findings(*core_.store);
  if (!open) return;
  for (const auto& finding : *open) tell_clock(finding, false);
}

}  // namespace pontlevis::gateway
