#include "gateway/review/review_list.hpp"

#include "gateway/review/mark_rows.hpp"
#include "gateway/store.hpp"
#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

std::string text_of_code(const ReviewIndex& index, WordCode code) {
  const auto* known = index.word(code);
  return known ? known->word : std::string();
}

json::value text_or_null(const ReviewIndex& index, WordCode code) {
  auto text = text_of_code(index, code);
  return text.empty() ? json::value(nullptr) : json::value(text);
}

json::array texts_of_codes(const ReviewIndex& index, const std::vector<WordCode>& codes) {
  json::array out;
  for (auto code : codes) out.emplace_back(text_of_code(index, code));
  return out;
}

json::value time_or_null(const std::optional<std::int64_t>& at) { return at ? json::value(to_utc(read_time(*at))) : json::value(nullptr); }

// What the practice calls a system: as it offers it now, else as the last consent did.
std::string label_of_system(const Core& core, const ReviewIndex& index, const std::string& practice, WordCode code) {
  const auto word = text_of_code(index, code);
  const auto id = PracticeId::parse(practice);
  const auto system = SystemId::parse(word);
  const auto* known = id ? core.practices.find(*id) : nullptr;
  if (const auto* offered = known && system ? known->system(*system) : nullptr) return offered->label;
  const auto* kept = index.word(code);
  return kept && !kept->label.empty() ? kept->label : word;
}

std::string name_of_practice(const Core& core, const std::string& practice) {
  const auto id = PracticeId::parse(practice);
  const auto* known = id ? core.practices.find(*id) : nullptr;
  return known ? known->name : practice;
}

json::object marks_json(const ReviewIndex::Marks& marks) {
  return {{"seen", marks.seen}, {"questions", marks.questions}, {"findings", marks.findings}};
}

}  // namespace

json::object row_json(const Core& core, const ReviewIndex& index, const ReviewRow& r) {
  const auto practice = text_of_code(index, r.practice);
  const auto* person = index.word(r.in_charge);
  return {{"id", r.id}, {"requested_at", to_utc(read_time(r.requested_at))}, {"started_at", time_or_null(r.started_at)},
          {"active_seconds", r.active_seconds ? json::value(*r.active_seconds) : json::value(nullptr)}, {"state", text_of_code(index, r.state)},
          {"end_cause", text_or_null(index, r.end)}, {"practice", practice}, {"practice_name", name_of_practice(core, practice)},
          {"system", text_of_code(index, r.system)}, {"system_label", label_of_system(core, index, practice, r.system)},
          {"tools", texts_of_codes(index, r.tools)}, {"ticket", r.ticket}, {"purpose", text_of_code(index, r.purpose)},
          {"criticality", text_of_code(index, r.criticality)}, {"pair", r.pair}, {"emergency", r.emergency},
          {"watched", r.watched ? json::value(*r.watched) : json::value(nullptr)}, {"in_charge", person ? person->label : std::string()},
          {"outcome", text_or_null(index, r.outcome)}, {"nonconformities", texts_of_codes(index, r.nonconformities)},
          {"marks", marks_json(index.marks(r.number))}};
}

ApiRoutes ReviewList::routes() {
  const auto to = handlers_of(this);
  return {
      {"GET", "/api/v1/review/interventions", review_readers, Scope::read, false, to(&ReviewList::list)},
      {"GET", "/api/v1/review/choices", review_readers, Scope::read, false, to(&ReviewList::choices)},
      {"GET", "/api/v1/review/overview", review_readers, Scope::read, false, to(&ReviewList::overview)},
  };
}

// ---- the list ----

namespace {

// A place is the number of the last row: numbers are never given again while the row stands.
Result<std::uint32_t> place_of(const std::string& cursor) {
  if (cursor.empty()) return UINT32_MAX;
  const auto number = parse_decimal(cursor, UINT32_MAX);
  if (!number || *number == 0) return fail(Errc::bad_input, "is not a place in this list", "cursor", "give `next` of the page before");
  return static_cast<std::uint32_t>(*number);
}

}  // namespace

ApiAnswer ReviewList::list(ApiCall call) {
  auto read = read_for(call.request);
  if (!read) co_return purpose_missing(read.error());
  const auto page = page_asked(call.request);
  const auto filter = page ? ReviewFilter::from_query(call.request) : std::unexpected(page.error());
  const auto place = filter ? place_of(page->cursor) : std::unexpected(filter.error());
  if (!place) co_return api_problem(place.error());
  auto index = keeper_.ready();
  if (!index) co_return api_problem(index.error());
  const auto found = (*index)->find(filter->resolve(**index));
  const auto total = found.cardinality();
  Views::View view{"list", filter->text(), std::nullopt, total};
  auto recorded = co_await views_.record(call.person, *std::move(read), std::move(view));
  if (!recorded) co_return api_problem(recorded.error());
  if (index = keeper_.ready(); !index) co_return api_problem(index.error());
  auto numbers = highest(found, *place, page->limit + 1);
  const bool more = numbers.size() > page->limit;
  if (more) numbers.pop_back();
  const auto rows = keeper_.rows(numbers);
  if (!rows) co_return api_problem(rows.error());
  json::array items;
  for (const auto& row : *rows) items.push_back(row_json(core_, **index, row));
  co_return api_answer({{"items", std::move(items)}, {"next", more ? json::value(std::to_string(numbers.back())) : json::value(nullptr)},
                        {"total", total}, {"log_size", core_.log->size()}});
}

// ---- what can be chosen ----

namespace {

json::array choice_list(const ReviewIndex& index, WordKind kind, const std::function<std::string(const ReviewWord&)>& label) {
  json::array out;
  for (const auto* one : index.words(kind)) out.push_back(json::object{{"value", one->word}, {"label", label(*one)}});
  return out;
}

std::string own_label(const ReviewWord& one) { return one.label.empty() ? one.word : one.label; }

}  // namespace

ApiAnswer ReviewList::choices(ApiCall) {
  const auto index = keeper_.ready();
  if (!index) co_return api_problem(index.error());
  const auto practice = [this](const ReviewWord& one) { return name_of_practice(core_, one.word); };
  json::object out;
  out["practices"] = choice_list(**index, WordKind::practice, practice);
  constexpr std::pair<std::string_view, WordKind> lists[] = {{"people", WordKind::person}, {"systems", WordKind::system}, {"tools", WordKind::tool},
                                                             {"states", WordKind::state}, {"outcomes", WordKind::outcome}, {"ends", WordKind::end},
                                                             {"nonconformities", WordKind::nonconformity}};
  for (const auto& [name, kind] : lists) out[name] = choice_list(**index, kind, own_label);
  co_return api_answer(out);
}

// ---- counts of a period ----

namespace {

json::object counts(const ReviewIndex& index, WordKind kind, const RowSet& rows) {
  json::object out;
  for (const auto* one : index.words(kind))
    if (const auto count = index.with(one->code).and_cardinality(rows)) out[one->word] = count;
  return out;
}

json::array heat_of(const ReviewIndex& index, const RowSet& rows) {
  json::array out;
  for (std::size_t day = 0; day < 7; ++day) {
    json::array hours;
    for (std::size_t hour = 0; hour < 24; ++hour) hours.emplace_back(index.in_hour_of_week(day * 24 + hour).and_cardinality(rows));
    out.push_back(std::move(hours));
  }
  return out;
}

std::string next_month(const std::string& month) {
  const int year = std::stoi(month.substr(0, 4)), number = std::stoi(month.substr(5, 2));
  const int next = number % 12 + 1;
  return std::to_string(number == 12 ? year + 1 : year) + (next < 10 ? "-0" : "-") + std::to_string(next);
}

json::array by_month(const ReviewIndex& index, const RowSet& rows, const std::string& from, const std::string& until) {
  json::array out;
  for (auto month = from.substr(0, 7); month <= until.substr(0, 7); month = next_month(month)) {
    const auto in_month = index.between(paris_midnight(month + "-01"), paris_midnight(next_month(month) + "-01"));
    out.push_back(json::object{{"month", month}, {"count", in_month.and_cardinality(rows)}});
  }
  return out;
}

struct Period { std::string from, until; };

// The last twelve months unless said; at most ten years, so that the answer stays short.
Result<Period> period_of(const io::HttpRequest& request, Time now) {
  const auto today = to_date(now);
  Period out{request.parameter("from").value_or(to_date(now - std::chrono::days(364))), request.parameter("until").value_or(today)};
  for (const auto& [name, day] : {std::pair("from", out.from), std::pair("until", out.until)})
    if (!paris_midnight(day)) return fail(Errc::bad_input, "is not a day such as 2026-01-31", name);
  if (out.from > out.until || *from_date(out.until) - *from_date(out.from) > std::chrono::days(3660))
    return fail(Errc::bad_input, "must not be before `from`, nor ten years after it", "until");
  return out;
}

std::size_t late_findings(Core& core) {
  const auto open = open_findings(*core.store);
  const auto today = to_date(core.clock.now());
  return open ? static_cast<std::size_t>(std::count_if(open->begin(), open->end(), [&](const MarkRow& m) { return m.due < today; })) : 0;
}

}  // namespace

ApiAnswer ReviewList::overview(ApiCall call) {
  const auto period = period_of(call.request, core_.clock.now());
  if (!period) co_return api_problem(period.error());
  const auto ready = keeper_.ready();
  if (!ready) co_return api_problem(ready.error());
  const auto& index = **ready;
  const auto rows = index.between(paris_midnight(period->from), paris_midnight(day_after(period->until)));
  const auto marked = [&](MarkSought mark) {
    ReviewQuery query;
    query.mark = mark;
    return index.find(query).and_cardinality(rows);
  };
  const auto median = index.median_active_seconds(rows);
  co_return api_answer({{"from", period->from}, {"until", period->until}, {"total", rows.cardinality()},
                        {"by_state", counts(index, WordKind::state, rows)}, {"by_criticality", counts(index, WordKind::criticality, rows)},
                        {"by_tool", counts(index, WordKind::tool, rows)}, {"by_outcome", counts(index, WordKind::outcome, rows)},
                        {"by_nonconformity", counts(index, WordKind::nonconformity, rows)}, {"by_month", by_month(index, rows, period->from, period->until)},
                        {"heat", heat_of(index, rows)}, {"pairs", index.pairs().and_cardinality(rows)},
                        {"emergencies", index.emergencies().and_cardinality(rows)}, {"not_watched", index.not_watched().and_cardinality(rows)},
                        {"median_active_seconds", median ? json::value(*median) : json::value(nullptr)},
                        {"questions_open", marked(MarkSought::question)}, {"findings_open", marked(MarkSought::finding)}, {"findings_late", late_findings(core_)}});
}

}  // namespace pontlevis::gateway
