// The agent's operational store, DATA/agent.db: what must survive a restart and is no evidence.
// Evidence is the journal; where the two differ the journal is right. Lives on the loop.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "agent/consented.hpp"
#include "audit/sqlite.hpp"
#include "certs/staff_card.hpp"
#include "protocol/access_request.hpp"

namespace pontlevis::agent {

// A person of the practice who may decide (A07), as the team list keeps them.
struct TeamMember {
  Login login;
  std::string name;
  ApproverRole role;
  std::string password_hash;
  Time added_at;
  std::optional<Time> removed_at;
  std::string added_by;               // a person's login, or the machine's user on the command line
  std::optional<std::string> until;   // last day, YYYY-MM-DD (UTC): a delegation has an end
  std::string removed_by;
};

class Store {
 public:
  static Result<Store> open(const std::filesystem::path& data);

  // Requests that are not closed yet.
  Result<> keep_request(const AccessRequest& request);
  Result<> close_request(const InterventionId& id);
  Result<std::vector<AccessRequest>> open_requests();
  Result<std::optional<AccessRequest>> request(const InterventionId& id);  // closed ones too
  Result<std::vector<InterventionId>> all_requests();
  Result<bool> knows(const InterventionId& id);
  Result<> seen_alive(const InterventionId& id, Time now);  // heartbeat of an open session
  Result<std::optional<Time>> last_seen(const InterventionId& id);

  // Its term is over: the request and the proof kept for it. Whoever forgot empties the write-ahead log after.
  Result<> forget_request(const InterventionId& id);
  Result<> truncate();

  // Proofs and disclosures of the gateway's records about this practice: the practice can prove alone.
  Result<> keep_proof(const InterventionId& id, const frame::Proof& proof);

  Result<> add_member(const TeamMember& member);
  Result<> remove_member(const Login& login, Time now, const std::string& by);
  Result<> change_password(const Login& login, const std::string& hash);
  // Not the removed, nor those whose last day is over.
  Result<std::optional<TeamMember>> member(const Login& login, Time now);
  Result<std::vector<TeamMember>> team();

  Result<> keep_revocations(const std::string& notes);
  Result<std::string> revocations();

  // The gateway has recorded every fact of the journal below this index.
  Result<> set_recorded_below(audit::LeafIndex index);
  Result<audit::LeafIndex> recorded_below();

 private:
  explicit Store(sqlite::Database db) : db_(std::move(db)) {}
  Result<> set(std::string_view key, const std::string& value);
  Result<std::optional<std::string>> get(std::string_view key);
  sqlite::Database db_;
};

}  // namespace pontlevis::agent
