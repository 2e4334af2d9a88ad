#include "gateway/review/review_index.hpp"

#include <date/tz.h>

#include <algorithm>

namespace pontlevis::gateway {
namespace {

const RowSet no_rows;

// What changes in the life of an intervention; the rest is said once.
constexpr WordKind changing[] = {WordKind::state, WordKind::outcome, WordKind::end, WordKind::tool, WordKind::nonconformity, WordKind::person};
bool changes(WordKind kind) { return std::find(std::begin(changing), std::end(changing), kind) != std::end(changing); }

const date::time_zone* paris() {
  static const date::time_zone* zone = [] {
    try {
      return date::locate_zone("Europe/Paris");
    } catch (const std::exception&) {
      return static_cast<const date::time_zone*>(nullptr);
    }
  }();
  return zone;
}

// The offset of a moment; the span it holds for is kept, because neighbours share it.
std::chrono::seconds paris_offset(date::sys_seconds at) {
  thread_local date::sys_info known{};
  if (!paris()) return std::chrono::seconds(0);
  if (at < known.begin || at >= known.end) known = paris()->get_info(at);
  return known.offset;
}

}  // namespace

std::size_t paris_hour_of_week(std::int64_t milliseconds) {
  const auto utc = std::chrono::floor<std::chrono::seconds>(std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(milliseconds)));
  const auto local = utc.time_since_epoch() + paris_offset(utc);
  const auto hours = std::chrono::floor<std::chrono::hours>(local).count() + 3 * 24;  // 1970-01-01 was a Thursday
  return static_cast<std::size_t>((hours % 168 + 168) % 168);
}

std::vector<std::uint32_t> highest(const RowSet& rows, std::uint32_t below, std::size_t limit) {
  std::vector<std::uint32_t> out;
  std::uint64_t left = below == 0 ? 0 : rows.rank(below - 1);
  while (left > 0 && out.size() < limit) {
    std::uint32_t number = 0;
    if (!rows.select(static_cast<std::uint32_t>(--left), &number)) break;
    out.push_back(number);
  }
  return out;
}

// ---- texts ----

void TextColumn::put(std::uint32_t number, std::string_view text) {
  if (number >= places_.size()) places_.resize(number + 1);
  places_[number] = {static_cast<std::uint32_t>(pool_.size()), static_cast<std::uint32_t>(text.size())};
  pool_ += text;
}

std::string_view TextColumn::at(std::uint32_t number) const {
  if (number >= places_.size()) return {};
  return std::string_view(pool_).substr(places_[number].first, places_[number].size);
}

// ---- words ----

void ReviewIndex::put_word(ReviewWord word) {
  codes_[{word.kind, word.word}] = word.code;
  const auto code = word.code;
  if (changes(word.kind)) changing_.insert(code);
  words_.insert_or_assign(code, std::move(word));
}

const ReviewWord* ReviewIndex::word(WordCode code) const {
  const auto at = words_.find(code);
  return at == words_.end() ? nullptr : &at->second;
}

WordCode ReviewIndex::code(WordKind kind, const std::string& word) const {
  const auto at = codes_.find({kind, word});
  return at == codes_.end() ? 0 : at->second;
}

std::vector<const ReviewWord*> ReviewIndex::words(WordKind kind) const {
  std::vector<const ReviewWord*> out;
  for (auto at = codes_.lower_bound({kind, std::string()}); at != codes_.end() && at->first.first == kind; ++at)
    if (!with(at->second).isEmpty()) out.push_back(&words_.at(at->second));
  return out;
}

const RowSet& ReviewIndex::with(WordCode code) const {
  const auto at = by_word_.find(code);
  return at == by_word_.end() ? no_rows : at->second;
}

// A person whom no row names any more is forgotten here too (requirements A24).
void ReviewIndex::forget_unused(WordCode code) {
  const auto at = words_.find(code);
  if (at == words_.end() || at->second.kind != WordKind::person || !with(code).isEmpty()) return;
  by_word_.erase(code);
  changing_.erase(code);
  codes_.erase({at->second.kind, at->second.word});
  words_.erase(at);
}

// ---- rows ----

std::vector<WordCode> ReviewIndex::take_out(std::uint32_t number, bool whole) {
  std::vector<WordCode> touched;
  const auto take = [&](WordCode code, RowSet& rows) {
    if (rows.removeChecked(number)) touched.push_back(code);
  };
  if (whole)
    for (auto& [code, rows] : by_word_) take(code, rows);
  else
    for (auto code : changing_)
      if (const auto at = by_word_.find(code); at != by_word_.end()) take(code, at->second);
  for (auto* rows : {&not_watched_, &nonconforming_, &with_outcome_}) rows->remove(number);
  return touched;
}

void ReviewIndex::remove(std::uint32_t number) {
  for (auto code : take_out(number, true)) forget_unused(code);
  for (auto* rows : {&present_, &pair_, &emergency_, &seen_, &questions_, &findings_}) rows->remove(number);
  for (auto& rows : heat_) rows.remove(number);
  open_.erase(number);
}

void ReviewIndex::put_codes(const ReviewRow& row) {
  for (auto code : {row.practice, row.system, row.state, row.outcome, row.end, row.purpose, row.criticality, row.in_charge})
    if (code) by_word_[code].add(row.number);
  for (const auto* list : {&row.tools, &row.nonconformities, &row.people})
    for (auto code : *list) by_word_[code].add(row.number);
  if (row.outcome) with_outcome_.add(row.number);
  if (!row.nonconformities.empty()) nonconforming_.add(row.number);
  if (row.watched == false) not_watched_.add(row.number);
}

void ReviewIndex::put_time(std::uint32_t number, std::int64_t at) {
  if (number >= times_.size()) times_.resize(number + 1, newest_), active_.resize(number + 1, -1);
  times_[number] = at;
  in_order_ = in_order_ && at >= newest_ && number + 1 == times_.size();
  newest_ = std::max(newest_, at);
}

void ReviewIndex::put(const ReviewRow& row) {
  if (present_.contains(row.number) && ids_.at(row.number) != row.id) remove(row.number);  // a number that was free again
  std::vector<WordCode> touched;
  if (present_.addChecked(row.number)) {
    put_time(row.number, row.requested_at);
    ids_.put(row.number, row.id);
    tickets_.put(row.number, row.ticket);
    heat_[paris_hour_of_week(row.requested_at)].add(row.number);
    if (row.pair) pair_.add(row.number);
    if (row.emergency) emergency_.add(row.number);
  } else {
    touched = take_out(row.number, false);
  }
  active_[row.number] = row.active_seconds ? static_cast<std::int32_t>(std::clamp<std::int64_t>(*row.active_seconds, 0, INT32_MAX)) : -1;
  put_codes(row);
  for (auto code : touched) forget_unused(code);
}

void ReviewIndex::set_open(std::uint32_t number, std::size_t questions, std::size_t findings) {
  questions ? questions_.add(number) : questions_.remove(number);
  findings ? findings_.add(number) : findings_.remove(number);
  if (questions + findings == 0) open_.erase(number);
  else open_[number] = {questions, findings};
}

ReviewIndex::Marks ReviewIndex::marks(std::uint32_t number) const {
  const auto at = open_.find(number);
  return at == open_.end() ? Marks{seen_.contains(number)} : Marks{seen_.contains(number), at->second.first, at->second.second};
}

// ---- searching ----

RowSet ReviewIndex::between(std::optional<std::int64_t> from, std::optional<std::int64_t> until) const {
  if (!from && !until) return present_;
  const auto low = from.value_or(INT64_MIN), high = until.value_or(INT64_MAX);
  RowSet out;
  if (!in_order_) {
    for (auto number : present_)
      if (times_[number] >= low && times_[number] < high) out.add(number);
    return out;
  }
  const auto first = std::lower_bound(times_.begin(), times_.end(), low), last = std::lower_bound(first, times_.end(), high);
  out.addRange(static_cast<std::uint64_t>(first - times_.begin()), static_cast<std::uint64_t>(last - times_.begin()));
  return out & present_;
}

void ReviewIndex::keep_text(RowSet& rows, const std::string& text) const {
  std::vector<std::uint32_t> numbers(rows.cardinality()), kept;
  rows.toUint32Array(numbers.data());
  for (auto number : numbers)
    if (tickets_.at(number).starts_with(text) || ids_.at(number).starts_with(text)) kept.push_back(number);
  rows = RowSet(kept.size(), kept.data());
}

RowSet ReviewIndex::find(const ReviewQuery& q) const {
  if (q.nothing) return {};
  std::vector<const RowSet*> all;
  for (auto code : q.words) all.push_back(&with(code));
  if (q.emergency) all.push_back(&emergency_);
  if (q.pair) all.push_back(&pair_);
  if (q.not_watched) all.push_back(&not_watched_);
  if (q.any_nonconformity) all.push_back(&nonconforming_);
  if (q.mark == MarkSought::seen) all.push_back(&seen_);
  if (q.mark == MarkSought::question) all.push_back(&questions_);
  if (q.mark == MarkSought::finding) all.push_back(&findings_);
  std::sort(all.begin(), all.end(), [](auto* a, auto* b) { return a->cardinality() < b->cardinality(); });
  RowSet out = between(q.from, q.until);
  for (const auto* rows : all) out &= *rows;
  if (q.mark == MarkSought::unseen) out -= seen_;
  if (q.no_outcome) out -= with_outcome_;
  if (!q.text.empty()) keep_text(out, q.text);
  return out;
}

std::optional<std::int64_t> ReviewIndex::median_active_seconds(const RowSet& rows) const {
  std::vector<std::int32_t> seconds;
  for (auto number : rows)
    if (active_[number] >= 0) seconds.push_back(active_[number]);
  if (seconds.empty()) return std::nullopt;
  const auto middle = seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 2);
  std::nth_element(seconds.begin(), middle, seconds.end());
  return *middle;
}

}  // namespace pontlevis::gateway
