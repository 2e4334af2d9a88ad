// The gateway's side of the witnesses: whose cosignatures count, and those received. A cosignature is
// kept only when it verifies over a checkpoint of this log. Any thread.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/log.hpp"

namespace pontlevis::audit {

struct Cosignature {
  std::string witness;    // key name
  std::uint64_t time{};   // Unix seconds, as signed
  std::string line;       // "— name base64\n"
};

class CosignatureStore {
 public:
  explicit CosignatureStore(Log& log) : log_(log) {}  // REQUIRES: log outlives it

  using Done = std::move_only_function<void(Result<>)>;

  // A witness key (type cosignature) that counts from now on. Also append an `enrolment` record.
  void enrol(const NoteVerifier& witness, Done done);
  // The lines a witness answered with for the checkpoint of `size`; unknown names are Errc::not_allowed.
  void add(TreeSize size, std::string_view lines, Done done);
  // The same, blocking: start-up and tests.
  Result<> enrol_now(const NoteVerifier& witness);
  Result<> add_now(TreeSize size, std::string_view lines);

  Result<std::vector<NoteVerifier>> witnesses() const;
  Result<std::vector<Cosignature>> of(TreeSize size) const;
  // The largest size that witness cosigned: where the next consistency proof starts.
  Result<TreeSize> largest(const NoteVerifier& witness) const;
  // The latest checkpoint at or above `size` that has a cosignature, with its lines appended: a proof's checkpoint.
  Result<std::string> cosigned_checkpoint(TreeSize size) const;
  // The add-checkpoint body that takes `witness` from its last size to the latest checkpoint.
  Result<std::string> request_for(const NoteVerifier& witness) const;
  // The same from the size a witness named in its 409, to a checkpoint of this log.
  Result<std::string> request_from(TreeSize old_size, const std::string& checkpoint_note) const;

 private:
  Result<std::vector<Cosignature>> verify(TreeSize size, std::string_view lines) const;
  Log& log_;
};

}  // namespace pontlevis::audit
