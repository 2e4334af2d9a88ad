// The practices this gateway serves: contract, keys, and the inventory their agents offer. Owned by
// Core; the loop's thread. What is read stands in memory, what changes is written first.
// requirements A03 (contract valid today), A42 (systems from an inventory).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "audit/sqlite.hpp"
#include "protocol/crypto/signed_note.hpp"
#include "protocol/frame.hpp"

namespace pontlevis::gateway {

struct Contract {
  std::string reference;
  Time valid_from{};   // midnight UTC of its first day
  Time valid_until{};  // midnight UTC of its last day, which still counts
  bool valid_at(Time now) const { return now >= valid_from && now < valid_until + std::chrono::days(1); }
};

// What the agent gave when it enrolled.
struct Enrolment {
  NoteVerifier practice_key;  // name "practice.<id>": signs statements
  NoteVerifier witness_key;   // cosigns checkpoints
  Time at{};
};

struct Practice {
  PracticeId id;
  std::string name;
  Contract contract;
  std::string hosting;  // LOCAL or HDS
  std::optional<Enrolment> enrolment;
  std::vector<std::string> host_keys;           // OpenSSH lines of the practice's endpoint, as last offered
  std::vector<frame::OfferedSystem> systems;    // as last offered

  const frame::OfferedSystem* system(const SystemId& system_id) const;
};

class Practices {
 public:
  static Result<Practices> load(sqlite::Database& db);

  const Practice* find(const PracticeId& id) const;
  const std::map<PracticeId, Practice>& all() const { return practices_; }
  Result<> add(Practice practice);  // Errc::conflict when the id is taken
  Result<> set_contract(const PracticeId& id, Contract contract);
  Result<> enrol(const PracticeId& id, Enrolment enrolment, std::vector<std::string> host_keys);
  Result<> offer(const PracticeId& id, std::vector<frame::OfferedSystem> systems, std::vector<std::string> host_keys);
  // After the end of its contract: name, inventory and keys go, the code stays.
  Result<> forget(const PracticeId& id);

 private:
  explicit Practices(sqlite::Database& db) : db_(&db) {}
  Result<> read_row(const sqlite::Rows& row);
  sqlite::Database* db_;
  std::map<PracticeId, Practice> practices_;
};

}  // namespace pontlevis::gateway
