// One destruction from its intent to its record. Private to audit/destruction*.cpp.
#pragma once

#include <set>

#include "audit/destruction.hpp"

namespace pontlevis::audit {

// What stands in destructions_open while a destruction runs, and all that a later start needs to finish it.
struct DestructionIntent {
  std::string id;  // of the certificate
  DestructionOrder order;
  RemanencePaths look_at;
  std::string begun_at;
  std::uint64_t fields{}, keys{};  // met before anything went
  std::string oldest, newest;      // times of their records

  json::object to_json() const;
  static Result<DestructionIntent> from_json(std::string_view text);
};

// A field as it lies in the table, opened or not.
struct LyingField {
  std::size_t position{};
  std::string name;
  FieldClass cls{};
  std::string expires_on;
  std::string disclosure, ct, digest;  // bytes; empty: NULL
  bool is_there() const noexcept { return !disclosure.empty() || !ct.empty(); }
};
struct LyingRecord {
  LeafIndex index{};
  std::string time;
  json::object open;  // type, practice, intervention: what a scope may name
  std::vector<LyingField> fields;
};

// What one scope destroys of one record.
struct DoomedRecord {
  LeafIndex index{};
  std::string time, type, intervention;
  bool whole = false;
  std::vector<LyingField> fields;
  std::set<std::size_t> staying;  // encrypted fields that are kept
};

// Every record of the scope of which something is there to destroy, in order.
using DoomedVisitor = std::function<Result<>(DoomedRecord)>;
Result<> each_doomed(const Log& log, std::span<const DestructionScope> scope, const DoomedVisitor& visit);
Result<std::vector<LyingField>> lying_fields(const Log& log, LeafIndex index);

class DestructionWork {
 public:
  DestructionWork(Log& log, DestructionIntent intent, bool resumed, std::stop_token stop, std::chrono::seconds patience = destruction_patience)
      : log_(log), intent_(std::move(intent)), resumed_(resumed), stop_(std::move(stop)), patience_(patience) {}
  ~DestructionWork() { forget_last_keys(); }

  Result<> declare();              // the intent is durable
  Result<> erase();                // ciphertext, then keys, in bounded steps; again after a crash
  Result<Certificate> certify();   // files truncated, looked through, the record written
  Result<> truncate();
  std::uint64_t erased() const noexcept { return erased_; }

 private:
  Result<> erase_chunk();
  Result<> drop_orphaned_keys();
  Result<> drop_orphans_in(const DestructionScope& scope);
  Result<> rewrite();
  Result<RemanenceReport> look();
  Result<RemanenceReport> look_once(std::uint64_t& in_own);
  Result<> remember(const DoomedRecord& record);
  Result<json::object> record_of(const RemanenceReport& looked) const;

  Log& log_;
  DestructionIntent intent_;
  bool resumed_;
  std::stop_token stop_;
  std::chrono::seconds patience_;
  std::vector<DoomedRecord> chunk_;
  std::size_t chunk_fields_ = 0;
  std::uint64_t erased_ = 0;
  Needles needles_;      // openings, salts and keys
  Needles ciphertexts_;
  Time performed_at_{};
};

}  // namespace pontlevis::audit
