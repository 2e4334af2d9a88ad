// Erasure on request (requirements A27, B33, T1, T12): one field, one class, one record, one intervention or one practice,
// with a reason and a certificate. The copies forget first. A hold stops it, but for network addresses (B18).
// Owned by Retention; the loop's thread.
#pragma once

#include "gateway/retention/daily_purge.hpp"
#include "gateway/retention/same_words.hpp"

namespace pontlevis::gateway {

struct Erasure {
  std::optional<InterventionId> intervention;
  std::optional<PracticeId> practice;
  std::optional<LeafIndex> record;   // exactly one of the three
  std::string field;                 // or a class, or neither: every personal field
  std::optional<audit::FieldClass> cls;
  bool whole_record = false;
  std::string reason;                // one of audit::destruction_reasons that may come early
  std::string words;                 // why, for the vendor's own file; never in the log
  std::string by;
  std::string trigger;               // the number of what asked for it; empty: this erasure's own
  bool copies_forgot = false;        // they lost it before
};
// Of the API and the command line: strict.
Result<Erasure> read_erasure(const json::object& request, const std::string& by);

class Erasures {
 public:
  explicit Erasures(RetentionParts parts) : p_(parts) {}
  Result<> make_table();
  // Numbers of the certificates. Errc::conflict: a hold, or it is still going on; Errc::not_found: nothing is open there.
  Awaitable<Result<std::vector<std::string>>> erase(Erasure erasure);
  // What same_words() found, as one order: the same words everywhere go together.
  // `meta`: its reason, words, by and trigger count.
  Awaitable<Result<std::vector<std::string>>> erase_words(SameWords words, Erasure meta);

 private:
  Result<> nothing_holds(const Erasure& erasure, const HeldNow& held) const;
  Awaitable<Result<>> forget_copies(const Erasure& erasure);
  Awaitable<Result<std::vector<std::string>>> finish(audit::DestructionOrder order, std::string words);
  audit::DestructionOrder order_of(const Erasure& erasure) const;

  RetentionParts p_;
};

}  // namespace pontlevis::gateway
