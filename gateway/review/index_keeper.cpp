#include "gateway/review/index_keeper.hpp"

#include "gateway/events.hpp"
#include "gateway/review/mark_rows.hpp"
#include "gateway/store.hpp"

namespace pontlevis::gateway {
namespace {

constexpr std::size_t rows_at_once = 4096;

// The words of a row that came after the index was read.
Result<> put_words(sqlite::Database& db, const ReviewRow& row, ReviewIndex& index) {
  std::vector<WordCode> codes{row.practice, row.system, row.state, row.outcome, row.end, row.purpose, row.criticality, row.in_charge};
  for (const auto* list : {&row.tools, &row.nonconformities, &row.people}) codes.insert(codes.end(), list->begin(), list->end());
  for (auto code : codes) {
    if (code == 0 || index.knows(code)) continue;
    PL_TRY(rows, db.query("SELECT kind, word, label FROM review_words WHERE code=?", code));
    PL_TRY(found, rows.next());
    if (found) index.put_word({code, static_cast<WordKind>(rows.integer(0)), rows.text(1), rows.text(2)});
  }
  return {};
}

Result<std::unique_ptr<ReviewIndex>> read_store(const std::filesystem::path& file) {
  PL_TRY(db, open_store_reader(file));
  return read_index(db);
}

}  // namespace

Result<std::unique_ptr<ReviewIndex>> read_index(sqlite::Database& db) {
  PL_TRY(snapshot, sqlite::Transaction::begin(db, sqlite::Transaction::Kind::deferred));
  auto out = std::make_unique<ReviewIndex>();
  PL_TRY(words, read_review_words(db));
  for (auto& word : words) out->put_word(std::move(word));
  for (std::int64_t after = 0;;) {
    PL_TRY(rows, read_review_rows(db, after, rows_at_once));
    for (const auto& row : rows) out->put(row);
    if (rows.size() < rows_at_once) break;
    after = rows.back().number;
  }
  PL_CHECK(read_marks_into(db, *out));
  return out;
}

void IndexKeeper::listen() {
  core_.interventions.on_saved([this](const Intervention& iv) { take(iv.id()); });
  core_.interventions.on_gone([this](const InterventionId& id) { take(id); });
}

void IndexKeeper::take(const InterventionId& id) {
  if (loading_) missed_.insert(id);
  if (!index_) return;
  if (auto done = put(id, *index_); !done) event(Level::error, "review.index_failed", {{"what", done.error().what}});
}

// Dropped ones are found by what is no longer there: their number is not in the store.
Result<> IndexKeeper::put(const InterventionId& id, ReviewIndex& index) const {
  PL_TRY(row, core_.interventions.rows().find(id));
  if (!row) {
    ReviewQuery query;
    query.text = id.text();
    for (auto number : index.find(query)) index.remove(number);
    return {};
  }
  PL_CHECK(put_words(*core_.store, *row, index));
  index.put(*row);
  return put_marks_of(*core_.store, *row, index);
}

void IndexKeeper::marks_changed(const InterventionId& id) { take(id); }

Awaitable<void> IndexKeeper::load() {
  if (loading_) co_return;
  loading_ = true;
  const auto file = core_.folder.store();
  auto job = [file] { return read_store(file); };
  auto read = co_await worker_.run(std::move(job));
  use(std::move(read));
}

Result<> IndexKeeper::load_now() {
  use(read_index(*core_.store));
  return index_ ? Result<>() : std::unexpected(*problem_);
}

void IndexKeeper::use(Result<std::unique_ptr<ReviewIndex>> read) {
  loading_ = false;
  if (!read) {
    problem_ = read.error();
    return event(Level::error, "review.index_failed", {{"what", read.error().what}});
  }
  index_ = *std::move(read);
  problem_.reset();
  for (const auto& id : std::exchange(missed_, {})) take(id);
  event("review.index_ready", {{"interventions", index_->size()}});
}

Result<ReviewIndex*> IndexKeeper::ready() {
  if (index_) return index_.get();
  if (problem_) return fail(Errc::unavailable, "the main courante cannot be searched (" + problem_->what + ")", "review", "pontlevis-gateway review rebuild");
  return fail(Errc::unavailable, "the main courante is being read", "review", "ask again in a few seconds");
}

Result<std::vector<ReviewRow>> IndexKeeper::rows(const std::vector<std::uint32_t>& numbers) const {
  std::vector<ReviewRow> out;
  for (auto number : numbers) {
    PL_TRY(row, read_review_row(*core_.store, number));
    if (row) out.push_back(*std::move(row));
  }
  return out;
}

}  // namespace pontlevis::gateway
