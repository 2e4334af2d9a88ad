// A log as a verifier finds it: a data folder (SQLite, perhaps live) or an exported bundle (files).
// Nothing read here is believed before audit/verify.cpp has recomputed it.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audit/cosignatures.hpp"
#include "audit/log_store.hpp"
#include "audit/destruction.hpp"
#include "audit/record_view.hpp"
#include "audit/witness.hpp"

namespace pontlevis::audit {

// A checkpoint as the log signed it, and what an authority answered about it (audit/timestamp.hpp).
struct TimestampedCheckpoint {
  TreeSize size{};
  std::string note, token;
};

class Source {
 public:
  virtual ~Source() = default;
  virtual std::string name() const = 0;
  virtual Result<std::string> key_text() const = 0;           // log.vkey, verbatim
  virtual Result<std::string> latest_checkpoint() = 0;        // with its cosignatures, if they lie there
  virtual Result<TreeSize> size() = 0;
  virtual Result<std::vector<std::string>> entries(LeafIndex first, std::size_t count) = 0;
  virtual bool keeps_partial_tiles() const = 0;
  virtual Result<std::string> tile(unsigned level, std::uint64_t n, unsigned width) = 0;
  virtual Result<std::optional<StoredRecord>> record(LeafIndex index) = 0;
  // Records first … first + count - 1 in order, each that is here shown as it lies, or with the fault that keeps it
  // from being shown. An Error: the source itself cannot be read.
  using RecordVisitor = std::function<void(LeafIndex, const RecordView*, const Error*)>;
  virtual Result<> visit(LeafIndex first, std::size_t count, const RecordVisitor& visitor);
  virtual bool reads_in_parallel() const { return false; }  // visit() and record(): on several threads at once
  virtual bool is_live() const { return false; }            // days are judged by this machine's clock
  virtual Result<std::vector<TimestampedCheckpoint>> timestamps() { return std::vector<TimestampedCheckpoint>(); }  // by size
  // What is wrong with the files themselves, beyond what they say: damaged pages, another schema, rows out of place.
  virtual Result<std::optional<std::string>> fault_of_files() { return std::nullopt; }
  // Destructions whose intent is durable and whose record is not written yet.
  virtual Result<std::vector<DestructionScope>> unfinished() { return std::vector<DestructionScope>(); }
  virtual Result<std::optional<store::Indexed>> indexed(LeafIndex) { return std::nullopt; }
  virtual bool has_index() const { return false; }
  // Numbers that start so, newest first, at most `limit`.
  virtual Result<std::vector<std::string>> interventions(const std::string&, std::size_t) { return std::vector<std::string>(); }
  virtual Result<std::vector<StoredRecord>> of_intervention(const std::string&) { return std::vector<StoredRecord>(); }
  virtual Result<> each_checkpoint(const std::function<Result<>(TreeSize, const std::string&)>&) { return {}; }
  virtual Result<std::vector<NoteVerifier>> witnesses() = 0;
  virtual Result<std::string> policy_text() { return std::string(); }
  // Every stored cosignature, by size.
  virtual Result<> each_cosignature(const std::function<Result<>(TreeSize, const Cosignature&)>&) { return {}; }
};

// DIR/log, read in one transaction: what it shows does not move while the daemon writes.
// Errc::not_found when there is no log.
Result<std::unique_ptr<Source>> open_folder(const std::filesystem::path& data);
Result<std::unique_ptr<Source>> open_bundle(const std::filesystem::path& bundle);

// C2SP tlog-tiles directory, records/, checkpoints/, timestamps/ and policy (docs/record-format.md §9). Only the
// records `wanted` says yes to, and those that a verifier needs to believe them: the destructions that closed their
// fields, the enrolments of witnesses, the records of timestamps.
struct ExportCount {
  TreeSize size{};
  std::size_t records{};
};
Result<ExportCount> export_bundle(Source& from, const std::filesystem::path& to,
                                  const std::function<bool(const StoredRecord&)>& wanted);

}  // namespace pontlevis::audit
