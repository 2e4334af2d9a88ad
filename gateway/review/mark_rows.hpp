// Marks of readers as the store keeps them: which, about what, until when, and where the record is. Who and in which
// words stand in the log alone, so that they go with it (requirements A15, A24). Owned by Review; one thread a Database.
#pragma once

#include "gateway/review/review_index.hpp"
#include "protocol/words.hpp"

namespace pontlevis::gateway {

enum class MarkKind : unsigned char { seen, question, finding, answer, resolved };

struct MarkRow {
  std::string id;
  InterventionId intervention;
  MarkKind kind{};
  std::string about, due;  // id of a mark; a day; empty: none
  std::int64_t at{};
  std::uint64_t index{};   // of the record
  bool resolved = false;
};

Result<> make_mark_tables(sqlite::Database& db);
// The mark, and what it answers or resolves, in one transaction.
Result<> add_mark(sqlite::Database& db, const MarkRow& mark);
Result<std::optional<MarkRow>> find_mark(sqlite::Database& db, const std::string& id);
Result<std::vector<MarkRow>> marks_of(sqlite::Database& db, const InterventionId& id);
// Newest first, after that place in the log; `open`: questions and findings that nobody resolved.
Result<std::vector<MarkRow>> read_marks(sqlite::Database& db, bool open, std::int64_t before, std::size_t count);
Result<std::vector<MarkRow>> open_findings(sqlite::Database& db);

Result<> read_marks_into(sqlite::Database& db, ReviewIndex& index);
Result<> put_marks_of(sqlite::Database& db, const ReviewRow& row, ReviewIndex& index);

}  // namespace pontlevis::gateway
template <> struct pontlevis::Spelling<pontlevis::gateway::MarkKind> {
  static constexpr std::array<std::string_view, 5> words{"SEEN", "QUESTION", "FINDING", "ANSWER", "RESOLVED"};
};
