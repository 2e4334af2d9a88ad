// The main courante in memory, to be searched at once: one compressed bitmap of row numbers for each coded word, so that
// an answer is an intersection and a page its highest bits (design §12: p99 under 50 ms over a million interventions).
// Holds codes and words, never free text; names of people vanish with the last row that has them. Filled from
// gateway/review_rows.hpp. Owned by IndexKeeper; one thread at a time.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <roaring/roaring.hh>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gateway/review_rows.hpp"

namespace pontlevis::gateway {

using RowSet = Roaring;  // a set of row numbers

enum class MarkSought : unsigned char { unseen, seen, question, finding };

// A Filter of web/review/contract.ts, resolved to codes.
struct ReviewQuery {
  std::optional<std::int64_t> from, until;  // milliseconds; from is included, until is not
  std::vector<WordCode> words;              // each row has all of them
  bool nothing = false;                     // a word that no row has
  bool any_nonconformity = false, no_outcome = false, emergency = false, not_watched = false, pair = false;
  std::optional<MarkSought> mark;
  std::string text;  // beginning of a number or of a ticket
};

// Texts of rows one behind the other, searched by their beginning. A row's text is put once.
class TextColumn {
 public:
  void put(std::uint32_t number, std::string_view text);
  std::string_view at(std::uint32_t number) const;
  void reserve(std::size_t rows, std::size_t bytes) { places_.reserve(rows), pool_.reserve(bytes); }

 private:
  struct Place { std::uint32_t first = 0, size = 0; };
  std::vector<Place> places_;
  std::string pool_;
};

class ReviewIndex {
 public:
  void put_word(ReviewWord word);
  bool knows(WordCode code) const { return words_.contains(code); }
  const ReviewWord* word(WordCode code) const;
  WordCode code(WordKind kind, const std::string& word) const;  // 0: none has it
  std::vector<const ReviewWord*> words(WordKind kind) const;    // in order of the word

  void put(const ReviewRow& row);  // new or changed
  void remove(std::uint32_t number);
  void set_seen(std::uint32_t number) { seen_.add(number); }
  void set_open(std::uint32_t number, std::size_t questions, std::size_t findings);

  RowSet find(const ReviewQuery& query) const;
  std::size_t size() const { return present_.cardinality(); }
  const RowSet& with(WordCode code) const;
  const RowSet& pairs() const { return pair_; }
  const RowSet& emergencies() const { return emergency_; }
  const RowSet& not_watched() const { return not_watched_; }
  const RowSet& in_hour_of_week(std::size_t hour) const { return heat_.at(hour); }  // 0: Monday, midnight in Paris
  RowSet between(std::optional<std::int64_t> from, std::optional<std::int64_t> until) const;
  std::optional<std::int64_t> median_active_seconds(const RowSet& rows) const;
  std::int64_t requested_at(std::uint32_t number) const { return number < times_.size() ? times_[number] : 0; }

  struct Marks { bool seen = false; std::size_t questions = 0, findings = 0; };
  Marks marks(std::uint32_t number) const;

 private:
  std::vector<WordCode> take_out(std::uint32_t number, bool whole);  // the words that lost it
  void put_codes(const ReviewRow& row);
  void put_time(std::uint32_t number, std::int64_t at);
  void keep_text(RowSet& rows, const std::string& text) const;
  void forget_unused(WordCode code);

  std::map<WordCode, ReviewWord> words_;
  std::map<std::pair<WordKind, std::string>, WordCode> codes_;
  std::set<WordCode> changing_;  // words that a row may lose
  std::unordered_map<WordCode, RowSet> by_word_;
  RowSet present_, pair_, emergency_, not_watched_, nonconforming_, with_outcome_, seen_, questions_, findings_;
  std::array<RowSet, 168> heat_;
  std::map<std::uint32_t, std::pair<std::size_t, std::size_t>> open_;  // questions, findings
  std::vector<std::int64_t> times_;
  std::vector<std::int32_t> active_;  // -1: none
  std::int64_t newest_ = INT64_MIN;
  bool in_order_ = true;  // no row's time is before that of a row with a lower number: the clock never went back
  TextColumn ids_, tickets_;
};

// The highest `limit` of `rows` below `below`, highest first.
std::vector<std::uint32_t> highest(const RowSet& rows, std::uint32_t below, std::size_t limit);

// Hour of the week in Paris, 0 to 167, Monday first; without time-zone data, in UTC.
std::size_t paris_hour_of_week(std::int64_t milliseconds);

}  // namespace pontlevis::gateway
