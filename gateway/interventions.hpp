// Every intervention this gateway knows: the live ones in memory, all of them in the store, each change
// written before anyone is told. Owned by Core; the loop's thread.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "audit/sqlite.hpp"
#include "gateway/intervention.hpp"
#include "gateway/review_rows.hpp"

namespace pontlevis::gateway {

// One page of the list, newest first.
struct InterventionPage {
  std::optional<Login> who;  // those whose operators name this person; everyone's without
  bool live = false;         // only those about which something may still come
  std::string after;         // `next` of the page before; empty: the first
  std::size_t limit = 50;
  std::optional<PracticeId> practice{};
  std::optional<Time> from{}, until{};  // requested at or after, and before
  std::string text{};                   // beginning of a number or of a ticket
};
struct InterventionsFound {
  std::vector<Intervention> items;
  std::string next;  // empty: there is no more
};

class Interventions {
 public:
  static Result<Interventions> load(sqlite::Database& db);

  Intervention* live(const InterventionId& id);
  const std::map<InterventionId, Intervention>& all_live() const { return live_; }
  Result<std::optional<Intervention>> find(const InterventionId& id) const;  // live or done
  // Newest first; those whose operators name `login`, or everyone's without it.
  Result<std::vector<Intervention>> recent(const std::optional<Login>& login, std::size_t limit) const;

  Result<InterventionsFound> page(const InterventionPage& asked) const;  // Errc::bad_input: no such place

  Result<Intervention*> add(Intervention intervention);  // stays where it is until done
  Result<> drop(const InterventionId& id);               // a request that never reached the log
  Result<> save(const Intervention& intervention);
  // The fact and the row it changes, in one transaction. `intervention` holds the change already.
  Result<> save_with_fact(const Intervention& intervention, const TakenFact& fact);
  Result<> revive(const InterventionId& id);             // a done one, for a late word about it
  void forget_done();  // leaves the store as it is

  // Those whose people still stand in them, oldest first: a purge asks each day, so each way has an index of its own.
  struct Nameable {
    Time before{};                          // requested before
    bool never_opened = false;              // refused, lapsed, not asked or cancelled alone
    std::optional<PracticeId> practice{};   // of one practice; not together with never_opened
    Time after{};                           // behind this place
    std::string after_id{};
    std::size_t limit = 25;
  };
  Result<std::vector<Intervention>> nameable(const Nameable& asked) const;
  // Puts in its place what names nobody: the row, its facts (their digests stay) and any draft. Listeners are told.
  Result<> strip(const Intervention& stripped);
  // The same row and facts with other words in them; both stay readable.
  Result<> reword(const Intervention& intervention, const std::vector<TakenFact>& facts);

  // Told of each intervention that was added or changed, once that is in the store. REQUIRES: does not throw, does not save.
  void on_saved(std::function<void(const Intervention&)> listener) { listeners_.push_back(std::move(listener)); }

  // Told of one that was dropped, likewise.
  void on_gone(std::function<void(const InterventionId&)> listener) { gone_listeners_.push_back(std::move(listener)); }
  // Writes the row of the main courante again of at most `count` interventions whose number in the store follows `after`;
  // answers the last of them, or nothing when there is no more. For `review rebuild`.
  Result<std::optional<std::int64_t>> rebuild_rows(std::int64_t after, std::size_t count);
  const ReviewRows& rows() const { return rows_; }

  Result<std::optional<std::uint64_t>> index_of_fact(const std::string& sha256) const;
  Result<std::size_t> count_facts(const InterventionId& id) const;
  Result<std::vector<TakenFact>> facts_of(const InterventionId& id) const;  // in log order; kind is not kept

 private:
  Interventions(sqlite::Database& db, ReviewRows rows) : db_(&db), rows_(std::move(rows)) {}
  Result<> in_transaction(const std::function<Result<>()>& work);
  Result<std::vector<Intervention>> read_all(sqlite::Rows rows) const;
  Result<> write(const Intervention& intervention);
  void tell(const Intervention& intervention) const;
  sqlite::Database* db_;
  ReviewRows rows_;
  std::map<InterventionId, Intervention> live_;
  std::vector<std::function<void(const Intervention&)>> listeners_;
  std::vector<std::function<void(const InterventionId&)>> gone_listeners_;
};

}  // namespace pontlevis::gateway
