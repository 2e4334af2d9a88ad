// What the eleven checks share while one log is verified. Private to audit/verify*.cpp: everybody else sees
// audit/verify.hpp. Lives on the calling thread; check_records() alone has threads of its own.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "audit/destruction.hpp"
#include "audit/life.hpp"
#include "audit/record_check.hpp"
#include "audit/timestamp.hpp"
#include "audit/verify.hpp"

namespace pontlevis::audit {

// A destruction as the log declares it: by which record, written when.
struct DestructionDeclared {
  LeafIndex at{};
  Time recorded;
  DestructionClaim says;
};

// The scopes that touch the stretch of records that is walked past.
class ClaimIndex {
 public:
  void turn_to(LeafIndex index, const std::vector<DestructionDeclared>& claims);
  const std::vector<std::pair<const DestructionDeclared*, const DestructionScope*>>& near() const noexcept { return near_; }

 private:
  std::optional<LeafIndex> block_;
  std::vector<std::pair<const DestructionDeclared*, const DestructionScope*>> near_;
};

class Verification {
 public:
  Verification(Source& from, const VerifyOptions& how) : source(from), options(how) {}

  Source& source;
  const VerifyOptions& options;
  VerifyReport report;
  std::optional<NoteVerifier> key;
  std::string note;  // the latest checkpoint, with what cosignatures it brought
  Checkpoint checkpoint;
  MemoryTree tree;
  std::vector<EntryClass> classes;  // of each entry
  Time now{};
  std::string today;

  std::vector<DestructionDeclared> claims;  // every one of the log, in order
  std::vector<RecordFacts> keys;   // every enrolment
  std::vector<RecordFacts> stamps; // every `timestamp` record
  std::vector<RecordFacts> holds;
  std::vector<std::optional<Time>> times;  // of each record; none where it is not here or gone
  struct Stamp {
    TreeSize size{};
    Time time;
  };
  std::vector<Stamp> stamped;      // what an authority said, verified

  // Each says in the report what it found. An Error means that the source could not be read.
  Result<bool> check_signature();   // 1; false: nothing more can be checked
  Result<bool> check_tree();        // 3
  Result<> check_history();         // 4
  Result<> check_quorum();          // 2
  Result<> read_claims();           // for 6, 10 and 11, before the records
  Result<> check_records();         // 5, and what 6 to 9 need of each record
  Result<> check_destructions();    // 6
  Result<> check_retention();       // 7
  Result<> check_timestamps();      // 10
  Result<> check_times();           // 8
  Result<> check_life();            // 9
  Result<> check_enrolments();      // 11

  void fail_check(Check check, std::optional<LeafIndex> index, std::string what) { report.find(check, index, std::move(what)); }
  void remark(Check check, std::optional<LeafIndex> index, std::string what) { report.note(check, index, std::move(what)); }
  void passed(Check check, std::string what) { report.settle(check, CheckState::passed, std::move(what)); }
  void not_applicable(Check check, std::string why) { report.settle(check, CheckState::not_applicable, std::move(why)); }

 private:
  void check_prefix(const std::string& text, std::optional<TreeSize> said);
  Result<bool> check_entries();
  LeafIndex first_missing(LeafIndex first, std::size_t count);
  Result<> check_tiles();
  std::string tile_data(unsigned level, std::uint64_t n, unsigned width) const;
  void check_cosignature(const Checkpoint& at, const std::string& name, const std::string& text);
  Result<> check_cosignatures();
  void check_policy();
  Result<std::optional<RecordFacts>> facts_of(LeafIndex index, RecordChecker& checker);
  void take(RecordFacts&& facts);
  void judge_closed(const RecordFacts& facts);
  void judge_gone(const RecordFacts& facts);
  void judge_overdue(const RecordFacts& facts);
  struct Waiting {  // a field that was destroyed late, or is open past its day
    LeafIndex index{};
    std::string field;
    FieldClass cls{};
    std::string practice, intervention;
    Time due, recorded;
    LeafIndex by{};
  };
  const DestructionDeclared* claim_for(const RecordFacts& facts, const RecordFacts::Closed& field, const json::object& open, std::string& why_not);
  std::string why_invalid(const DestructionDeclared& claim, const RecordFacts& facts, const RecordFacts::Closed& field) const;
  bool is_unfinished(const RecordFacts& facts, const RecordFacts::Closed& field, const json::object& open) const;
  bool is_held(const Waiting& field, LeafIndex before) const;
  static bool hold_covers(const json::object& hold, const Waiting& field);
  bool was_off(const Waiting& field) const;
  void check_claims();
  void check_unopened();
  Result<> check_stamp(const TimestampedCheckpoint& stamp);
  void check_stamp_records(const std::vector<TimestampedCheckpoint>& found);
  void check_bounds(TreeSize size, Time at, const std::string& who, Millis skew);
  void contradict(const std::string& who, LeafIndex index, std::string what);
  void judge_clocks();

  struct Cosigned {
    TreeSize size{};
    std::string witness;
    Time time;
  };
  std::optional<Time> first_, last_;  // of the records so far
  LifeCheck life_;
  ClaimIndex claim_index_;
  std::vector<NoteVerifier> witnesses_;
  std::vector<Cosigned> cosigned_;  // verified
  std::vector<Waiting> late_, overdue_;
  std::map<LeafIndex, std::pair<std::string, LeafIndex>> unopened_;  // requests destroyed as never opened: their intervention, by which record
  std::vector<std::pair<LeafIndex, std::string>> life_faults_;  // kept until it is known whether all records are here
  std::vector<Time> dated_;         // times of the records that are here
  std::vector<DestructionScope> unfinished_;
  std::map<std::string, std::pair<LeafIndex, std::string>> contradictions_;  // who, where first, how
  std::size_t bounds_ = 0, closed_good_ = 0, early_good_ = 0, held_ = 0, overdue_count_ = 0;
  friend class RecordPipeline;
};

}  // namespace pontlevis::audit
