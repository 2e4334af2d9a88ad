// One record after another, as a verifier of a million sees them: entry ↔ body ↔ disclosures, the schema, and what
// the later checks want to know. One RecordChecker belongs to one thread. See audit-log design §2.5, check 5.
#pragma once

#include <bitset>
#include <boost/json.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "audit/record_view.hpp"

namespace pontlevis::audit {

constexpr std::size_t max_record_fields = 256;

struct RecordFacts {
  LeafIndex index{};
  std::string fault;    // why it is not the record it should be; empty: sound
  bool here = false;    // the source holds it
  bool gone = false;    // here, and nothing but the entry is left
  EntryClass cls{};
  const RecordSchema* schema = nullptr;  // none when its type is closed or unknown
  std::optional<Time> time;
  std::string intervention, practice;
  json::object said;    // of the fields that a check asks for, those that are open
  struct Closed {
    std::string name;
    FieldClass cls{};
    std::string expires_on;
  };
  std::vector<Closed> closed;
  std::optional<Closed> overdue;  // the first field that is open past its last day
  std::size_t open = 0, unreadable = 0;

  std::string_view type() const { return schema ? schema->type : std::string_view(); }
};

class RecordChecker {
 public:
  explicit RecordChecker(std::string today) : today_(std::move(today)) {}  // "2026-11-22"
  // `leaf` is what the tree says. Nothing in `record` is believed.
  void check(const RecordView& record, const Digest& leaf, RecordFacts& out);

 private:
  bool digest_fields(const RecordView& record, RecordFacts& out);
  bool read_type(const RecordView& record, RecordFacts& out);
  void check_field(const FieldView& field, std::size_t position, RecordFacts& out);
  void check_days(const RecordView& record, RecordFacts& out);
  void note_value(const FieldRule& rule, std::size_t position, std::string_view value, RecordFacts& out);
  void note_days(const FieldView& field, RecordFacts& out);
  const std::string& last_day(unsigned keep_days, Time time);

  std::string today_;
  std::string body_, text_;
  struct Plan {  // of a type: its schema, and which of its fields a later check asks for
    const RecordSchema* schema = nullptr;
    std::bitset<max_record_fields> wanted;
  };
  const Plan& plan_of(std::string_view type, std::size_t fields);
  std::map<std::pair<std::string, std::size_t>, Plan> plans_;
  const Plan* plan_ = nullptr;  // of the record at hand
  std::map<std::pair<std::int64_t, unsigned>, std::string> days_;  // (day, days kept) → last day
};

}  // namespace pontlevis::audit
