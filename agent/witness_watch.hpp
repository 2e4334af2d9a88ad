// The practice watches the gateway's log. It cosigns what extends what it saw, asks to be shown every fact whose
// record the gateway acknowledged, keeps for ever what cannot be true, and then refuses: the alarm. What the
// specification of witnesses lets pass in silence (a smaller checkpoint, a proof that does not hold) is evidence
// here, because this is one vendor's log, over one authenticated link, and an honest one never needs it
// (audit-log design §2.3; requirements §2.4; docs/decisions/0018).
// Owned by main; lives on the loop. One fsync for each checkpoint cosigned and each fact acknowledged.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agent/fact_ledger.hpp"
#include "agent/identity.hpp"
#include "agent/journal.hpp"
#include "audit/witness.hpp"
#include "certs/log_successor.hpp"
#include "protocol/frame.hpp"

namespace pontlevis::agent {

// The vendor's log was closed and another began; the offline staff key said so.
struct LogChange {
  std::string from, to;  // names
  std::string cause;     // RESTORE, ROLLBACK or DAMAGE
  Time at{};             // when this practice took it
};

class WitnessWatch {
 public:
  // DATA/log/witness.db, or witness-<n>.db after the n-th successor, and DATA/log/acknowledged.db.
  static Result<std::unique_ptr<WitnessWatch>> open(const std::filesystem::path& data, const Identity& identity, Journal& journal, const Clock& clock);

  audit::Witness& witness() noexcept { return *witnesses_.back(); }
  bool alarmed() const;  // of any log this practice has watched

  // What hello says of the log.
  std::string log_key() const { return witnesses_.back()->log().text(); }
  std::string last_checkpoint() const;

  // ---- frames; what is to be said goes out through `send` ----
  void take_checkpoint(const frame::Checkpoint& checkpoint);
  // The same for the add-checkpoint body of a consent's proof, which was cosigned already.
  void weigh(const std::string& add_checkpoint, const audit::WitnessAnswer& answer);
  void acknowledged(const frame::Recorded& recorded);  // REQUIRES: before the journal forgets the fact
  Result<> take_fact_proof(const frame::FactProof& proof);
  Result<> take_successor(const std::string& note);
  void link_changed(bool up);

  // ---- people ----
  json::object status() const;
  std::vector<LogChange> changes() const { return changes_; }
  Result<std::vector<audit::Evidence>> evidence() const;
  Result<json::object> evidence_file() const;  // of one log: the one the alarm is about
  Result<> clear(const audit::Clearing& clearing);

  std::function<void(const Frame&)> send = [](const Frame&) {};
  std::function<void()> on_alarm = [] {};   // once for each new piece of evidence
  std::function<void()> on_change = [] {};  // something that status() shows

 private:
  WitnessWatch(std::filesystem::path data, const Identity& identity, Journal& journal, const Clock& clock, FactLedger ledger)
      : data_(std::move(data)), identity_(identity), journal_(journal), clock_(clock), ledger_(std::move(ledger)) {}
  Result<> open_witnesses();
  Result<> open_next(const NoteVerifier& log);
  Result<> keep_successors() const;
  void after_cosigned(audit::TreeSize size);
  void ask_for_facts(audit::TreeSize size);
  Result<> check_proof(const AcknowledgedFact& fact, const frame::FactProof::One& one) const;
  void miss(const AcknowledgedFact& fact, const std::string& what);
  Result<audit::Witness*> accused() const;
  void tell_evidence();
  void note(std::string_view event, const std::string& detail);

  std::filesystem::path data_;
  const Identity& identity_;
  Journal& journal_;
  const Clock& clock_;
  mutable FactLedger ledger_;  // a query moves its cursor
  std::vector<std::unique_ptr<audit::Witness>> witnesses_;  // one a log, the one in use last
  std::vector<std::string> successors_;                     // notes, in order
  std::vector<LogChange> changes_;
  std::vector<AcknowledgedFact> asked_;                     // the question that waits for its answer
  unsigned questions_ = 0;                                  // since the last checkpoint
  std::size_t told_ = 0;                                    // pieces of evidence the gateway was told of on this link
  std::size_t known_evidence_ = 0;                          // pieces of evidence people were told of
  std::optional<Time> cosigned_at_, up_since_;
};

}  // namespace pontlevis::agent
