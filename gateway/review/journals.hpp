// Both sides' journals compared: what the practice signed (its statements, verified here with its key) against what the
// gateway wrote beside them and made of them (design §9: double entry). Every difference is named, none is smoothed over.
// Pure; the loop's thread or a worker's.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "audit/record.hpp"
#include "protocol/crypto/signed_note.hpp"
#include "protocol/words.hpp"

namespace pontlevis::gateway {

namespace json = boost::json;

enum class DifferenceKind : unsigned char { missing_here, not_signed, bad_signature, order, value };

struct Difference {
  DifferenceKind what{};
  std::string fact, field;       // type of the record; the field where it is about one
  json::value practice, gateway; // what each side says
  std::optional<std::uint64_t> index;
};

struct JournalsCompared {
  std::size_t facts = 0;  // statements of the practice that could be read
  std::size_t closed = 0; // whose text was destroyed at its day: nothing can be compared any more
  std::optional<std::int64_t> last_sequence;
  std::vector<std::int64_t> missing;  // numbers that the practice counted and that are not here
  std::vector<Difference> differences;
  bool agree() const { return differences.empty() && missing.empty(); }
};

// `records`: of one intervention, in the order of the log. `keys`: every key the practice ever enrolled, as it stands in
// the gateway's log or store; empty: nothing it signed can be verified, and that is said.
JournalsCompared compare_journals(const std::vector<audit::StoredRecord>& records, const std::vector<NoteVerifier>& keys);
json::object to_json(const JournalsCompared& compared);

}  // namespace pontlevis::gateway
template <> struct pontlevis::Spelling<pontlevis::gateway::DifferenceKind> {
  static constexpr std::array<std::string_view, 5> words{"MISSING_HERE", "NOT_SIGNED", "BAD_SIGNATURE", "ORDER", "VALUE"};
};
