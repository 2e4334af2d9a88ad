// Everything a third party can check of a log without trusting whoever keeps it, and without a network: the eleven
// checks of audit-log design §2.5, on a live folder, on a bundle, or on the proof of one record. See docs/verify.md.
// A finding fails its check; a remark is something a person may want to know.
#pragma once

#include <array>
#include <atomic>
#include <boost/json.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "audit/policy.hpp"
#include "audit/source.hpp"
#include "audit/timestamp.hpp"

namespace pontlevis::audit {

enum class Check : unsigned char {
  signature = 1,  // the log's key signed the checkpoint, and the origin is its name
  witnesses,      // every cosignature verifies, and the policy's quorum is met
  tree,           // every tile and the root, recomputed from the entries
  history,        // every older checkpoint, stored or brought along, is a prefix
  records,        // entry ↔ digests ↔ disclosures, the fixed schema
  destruction,    // what is closed or gone was declared destroyed: later in the tree, in its scope, in time
  retention,      // no personal field is open past its last day
  times,          // claimed times go forward and fit the times of witnesses and authorities
  life,           // consent before session, an end for every beginning, two people where two are needed
  timestamps,     // RFC 3161 tokens over checkpoints
  enrolment,      // a witness's key stands in the log before it counts
  witness,        // an agent's folder: its memory of the gateway's log
  files,          // a data folder: the database as such, its pages, indexes and schema
};
constexpr std::size_t check_count = 13;
std::string_view check_name(Check check);

enum class CheckState { passed, failed, not_applicable };

struct CheckResult {
  CheckState state = CheckState::not_applicable;
  std::string what;  // what was seen, what is wrong first, or why it does not apply
};

struct Finding {
  Check check{};
  std::optional<LeafIndex> index;  // the first bad one
  std::string what;
};

struct VerifyReport {
  std::string source, origin, root, as_of;
  TreeSize size{};
  std::uint64_t records{}, open_fields{}, closed_fields{}, gone_records{}, destructions{}, checkpoints{}, cosignatures{}, witnesses{},
      interventions{}, sessions{}, witnessed{}, timestamps{};
  std::string first_time, last_time;
  std::array<CheckResult, check_count> checks;
  std::vector<Finding> findings, remarks;  // the first of each check; a forged log has one for each record

  bool verified() const noexcept { return findings.empty(); }
  std::optional<LeafIndex> first_bad_index() const;
  const CheckResult& of(Check check) const { return checks[static_cast<std::size_t>(check) - 1]; }
  void find(Check check, std::optional<LeafIndex> index, std::string what);
  void note(Check check, std::optional<LeafIndex> index, std::string what);
  // A check that failed stays failed.
  void settle(Check check, CheckState state, std::string what);
  json::object to_json() const;
  std::string to_text() const;
};

struct VerifyOptions {
  std::optional<NoteVerifier> key{};             // pinned by the verifier; else the log.vkey that lies there
  std::vector<std::string> older_checkpoints{};  // notes the verifier kept
  std::optional<Policy> policy{};                // the verifier's own quorum
  std::optional<Time> now{};                     // for days; else this machine's clock on live data, the log's own time on a bundle
  const TimestampTrust* tsa = nullptr;           // authorities of timestamps the verifier believes
  Millis skew = std::chrono::minutes(10);        // by which honest clocks may differ
  unsigned threads = 2;                          // of check 5
  const std::atomic<bool>* stop = nullptr;       // set by another thread: the checks end with Errc::unavailable

  bool is_stopped() const noexcept { return stop && *stop; }
};

// An Error means that the check could not be made (unreadable); what is wrong stands in the findings.
Result<VerifyReport> verify_source(Source& source, const VerifyOptions& options);
// The same with the witness memory of an agent (DIR/log/witness.db) where there is one.
Result<VerifyReport> verify_folder(const std::filesystem::path& data, const VerifyOptions& options);
Result<VerifyReport> verify_bundle(const std::filesystem::path& bundle, const VerifyOptions& options);
// One record: its proof (c2sp.org/tlog-proof@v1) and disclosures, against a key the verifier has.
VerifyReport verify_proof(std::string_view proof, std::string_view disclosures, const NoteVerifier& key, const VerifyOptions& options,
                          json::object* fields = nullptr);

// The checkpoints of a gateway that an agent's witness.db remembers, as older checkpoints of the gateway's log.
Result<std::vector<std::string>> witnessed_checkpoints(const std::filesystem::path& witness_db);

}  // namespace pontlevis::audit
