// What the tests of keys, destruction and retention share.
#pragma once

#include <fstream>
#include <iterator>

#include "audit/destruction.hpp"
#include "audit/log_store.hpp"
#include "audit/retention.hpp"
#include "audit/verify.hpp"
#include "protocol/json_values.hpp"
#include "tests/unit/audit/sample_life.hpp"

namespace pontlevis::audit::test {

inline std::string read_all(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
inline void write_all(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

// Every file of the folder whose bytes hold `canary`.
inline std::vector<std::string> files_with(const std::filesystem::path& folder, std::string_view canary) {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file() && read_all(entry.path()).find(canary) != std::string::npos) out.push_back(entry.path().filename().string());
  return out;
}

inline DestructionOrder erasure(std::vector<DestructionScope> scope) {
  DestructionOrder out;
  out.rule = "erasure-request", out.rule_version = "1", out.reason = "ERASURE_REQUEST", out.legal_basis = "RGPD art. 17", out.trigger = "request 42";
  out.operator_login = "conformite";
  out.scope = std::move(scope);
  return out;
}
inline DestructionScope field_of_record(LeafIndex index, std::string field) {
  DestructionScope out;
  out.first = out.last = index;
  out.field = std::move(field);
  return out;
}
inline DestructionScope whole(LeafIndex index) {
  DestructionScope out;
  out.first = out.last = index;
  out.whole_record = true;
  return out;
}

class MemoryTest : public ::testing::Test {
 protected:
  std::filesystem::path data() const { return folder_.path() / "data"; }
  std::filesystem::path log_folder() const { return data() / "log"; }
  std::unique_ptr<Log> open(Keys keys = Keys::required) {
    return must(Log::open({.folder = log_folder(), .keys = keys, .keys_ahead = 512}, log_signer(), clock_, random_));
  }
  Result<std::unique_ptr<Log>> try_open(Keys keys = Keys::required) {
    return Log::open({.folder = log_folder(), .keys = keys, .keys_ahead = 512}, log_signer(), clock_, random_);
  }
  sqlite::Database raw(sqlite::Access access = sqlite::Access::read_write) {
    return must(sqlite::Database::open(log_folder() / "log.db", {.application_id = 0x504c6f67, .user_version = store::current_version, .access = access}));
  }
  static const StoredField& field(const StoredRecord& record, std::string_view name) {
    for (const auto& f : record.fields)
      if (f.name == name) return f;
    throw std::runtime_error("no field " + std::string(name));
  }
  // The record of each leaf is what the tree says, whatever is closed in it.
  static void expect_proved(const Log& log, LeafIndex index) {
    const auto record = must(log.record(index));
    EXPECT_TRUE(verify_inclusion_proof(must(log.prove(index, log.size())), index, log.size(), leaf_hash(record.entry), log.checkpoint().root)) << index;
    if (!record.is_gone()) EXPECT_TRUE(check_record(record)) << index << ": " << check_record(record).error().what;
  }

  // A stranger, with this machine's clock set to the test's, finds nothing wrong.
  void expect_verified() {
    const auto report = must(verify_folder(data(), {.now = clock_.now()}));
    EXPECT_TRUE(report.verified()) << report.to_text();
  }

  TemporaryFolder folder_;
  SteppingClock clock_;
  io::SystemRandom random_;
};

}  // namespace pontlevis::audit::test
