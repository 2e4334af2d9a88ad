// Doubles and small builders for the tests of audit/.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <atomic>

#include "audit/log.hpp"
#include "audit/witness.hpp"
#include "protocol/crypto/signed_note.hpp"
#include "protocol/io/system.hpp"
#include "protocol/text.hpp"
#include "tests/doubles/must.hpp"
#include "tests/doubles/temporary_folder.hpp"

namespace pontlevis::audit::test {

class SteppingClock final : public Clock {
 public:
  explicit SteppingClock(std::string_view start = "2026-11-22T08:00:00.000Z") : now_(*from_utc(start)) {}
  Time now() const override { return now_.load(); }
  Millis since_boot() const override { return now_.load().time_since_epoch(); }
  void advance(Millis by) { now_.store(now_.load() + by); }
  void set(std::string_view utc) { now_.store(*from_utc(utc)); }

 private:
  std::atomic<Time> now_;
};

using pontlevis::test::TemporaryFolder;

inline Ed25519Key key_of(char byte) { return *Ed25519Key::from_seed(Secret(std::string(32, byte))); }
inline NoteSigner log_signer(std::string name = "audit.editeur.example/log", char byte = 1) {
  return NoteSigner(std::move(name), NoteKeyType::ed25519, key_of(byte));
}
inline NoteSigner witness_signer(std::string name = "witness.cabinet-exemple", char byte = 2) {
  return NoteSigner(std::move(name), NoteKeyType::cosignature, key_of(byte));
}

using pontlevis::test::must;

inline std::unique_ptr<Log> open_log(const std::filesystem::path& folder, const Clock& clock, Random& random,
                                     std::size_t queue_limit = 4096) {
  return must(Log::open({.folder = folder, .queue_limit = queue_limit}, log_signer(), clock, random));
}

constexpr const char* intervention_a = "0d9a3f52-6f7e-4c6b-9a57-6a5fd2f4a001";
constexpr const char* intervention_b = "7b1c0f7e-12f3-4f5e-8d11-0c4a5b6d7e02";

inline Record security_record(int n) {
  return must(Record::make("security", {{"event", "sign_in_failed"}, {"subject", "alice"}, {"count", n}, {"source_ip", "203.0.113.7"}}));
}

inline Digest digest_of_hex(std::string_view hex) { return Digest::from(*from_hex(hex)); }
inline Digest digest_of_base64(std::string_view text) { return Digest::from(*from_base64(text)); }
inline Digest number_leaf(std::uint64_t n) { return leaf_hash(std::to_string(n)); }

}  // namespace pontlevis::audit::test
