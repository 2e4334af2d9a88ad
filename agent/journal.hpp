// The practice's own memory (requirements T2, PGSSI-S 6.1.2.4): every fact is signed with the
// practice key and durable here before it has an effect and before the gateway hears of it.
// The journal is also the spool of the link: what the gateway has not recorded yet is sent again.
// Lives on the loop; the log below has its own writer thread.
#pragma once

#include <boost/json.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "agent/identity.hpp"
#include "agent/store.hpp"
#include "audit/log.hpp"
#include "protocol/frame.hpp"

namespace pontlevis::agent {

// A fact on its way to the gateway.
struct SpooledFact {
  frame::Fact fact;
  std::string sha256;  // of the note, hex
  audit::LeafIndex index;
};

class Journal {
 public:
  // Opens DATA/log and reads the facts the gateway has not recorded yet.
  static Result<std::unique_ptr<Journal>> open(const std::filesystem::path& data, const Identity& identity,
                                               Store& store, const Clock& clock, Random& random);

  // Signs {intervention, …body, at} as a statement of `type`, makes it durable, spools it; answers the
  // note. Facts of one caller keep their order.
  io::Awaitable<Result<std::string>> record(std::string type, InterventionId intervention, json::object body);
  // A record of the practice alone, unsigned and not sent: security, log_start, log_stop, team.
  io::Awaitable<Result<>> keep(std::string type, json::object fields);
  void keep_soon(std::string type, json::object fields);     // nobody waits for it; its failure ends the log
  Result<> keep_now(std::string type, json::object fields);  // start-up only

  // The link asks for what to send, in order, and says what was recorded.
  const std::deque<SpooledFact>& unsent() const noexcept { return spool_; }
  void recorded(const std::string& statement_sha256);
  std::function<void(const SpooledFact&)> on_new;  // set by the link

  Result<std::vector<audit::StoredRecord>> facts_of(const InterventionId& id) const { return log_->find(id); }
  bool healthy() const { return log_->healthy(); }
  audit::Log& log() noexcept { return *log_; }

 private:
  Journal(const Identity& identity, Store& store, const Clock& clock) : identity_(identity), store_(store), clock_(clock) {}
  Result<> read_spool();
  void spool(const std::string& type, const InterventionId& id, const std::string& note, audit::LeafIndex index);

  const Identity& identity_;
  Store& store_;
  const Clock& clock_;
  std::unique_ptr<audit::Log> log_;
  std::deque<SpooledFact> spool_;
};

}  // namespace pontlevis::agent
