// Everything a third party can check of a log without trusting whoever keeps it (audit-log design §2.5):
//   signature   the checkpoint is signed by the log's key, and the origin is its name
//   tree        every tile and the root, recomputed from the entries
//   history     every older checkpoint, stored or brought along, is a prefix of the same tree
//   records     entry ↔ digests ↔ disclosures, the fixed schema, nothing closed before its day
//   witnesses   every cosignature, by a key that is enrolled; the agent's own memory of the gateway's log
//   life        consent before session, an end or a recovery after it, times that never go back
// A finding is a failure; a remark is something a person may want to know.
#pragma once

#include <boost/json.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "audit/source.hpp"

namespace pontlevis::audit {

struct Finding {
  std::string check;
  std::optional<LeafIndex> index;  // the first bad one
  std::string what;
};

struct VerifyReport {
  std::string source, origin, root;
  TreeSize size{};
  std::uint64_t records{}, open_fields{}, closed_fields{}, checkpoints{}, cosignatures{}, witnesses{}, interventions{}, sessions{}, witnessed{};
  std::string first_time, last_time;
  std::vector<Finding> findings, remarks;

  bool verified() const noexcept { return findings.empty(); }
  json::object to_json() const;
  std::string to_text() const;
};

struct VerifyOptions {
  std::optional<NoteVerifier> key;            // pinned by the verifier; else the log.vkey that lies there
  std::vector<std::string> older_checkpoints;  // notes the verifier kept
};

// An Error means that the check could not be made (unreadable); what is wrong stands in the findings.
Result<VerifyReport> verify_source(Source& source, const VerifyOptions& options);
// The same with the witness memory of an agent (DIR/log/witness.db) where there is one.
Result<VerifyReport> verify_folder(const std::filesystem::path& data, const VerifyOptions& options);
Result<VerifyReport> verify_bundle(const std::filesystem::path& bundle, const VerifyOptions& options);

}  // namespace pontlevis::audit
