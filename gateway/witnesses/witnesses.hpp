// The practices as witnesses of the gateway's log (audit-log design §2.3): each is asked to cosign at every new link, after
// each session and once in witness.checkpoint_minutes; shown the facts it asks for; and heard when it says no.
// What a witness holds under the log's own signature is believed, what it merely says is only written down: a
// practice cannot close the log with a word, and the gateway cannot go on against its own signature.
// Owned by Memory; the loop's thread.
#pragma once

#include <map>
#include <set>

#include "gateway/hub.hpp"
#include "gateway/memory/area.hpp"
#include "gateway/witnesses/behind.hpp"
#include "gateway/witnesses/daily_verification.hpp"

namespace pontlevis::gateway {

class Witnesses final : public Area, public LinkWitness {
 public:
  explicit Witnesses(Core& core) : core_(core), verification_(core) {}

  Result<> open() override;
  Result<> start(Hub& hub) override;
  Awaitable<void> keep_house() override;
  ApiRoutes routes() override;
  VerbTable verbs() override;
  void stop() override { verification_.stop(); }

  // ---- at a link ----
  Result<> greeted(AgentLink& link, const frame::Hello& hello) override;
  void cosigned(AgentLink& link, audit::TreeSize size) override;
  void refused(AgentLink& link, audit::TreeSize size, const frame::Cosignature& answer) override;
  Result<> asked(AgentLink& link, const frame::FactCheck& question) override;
  Result<> alarmed(AgentLink& link, const frame::Alarm& alarm) override;

  // ---- who looks on (witness_views.cpp) ----
  json::object log_state() const;
  // C2SP tlog-policy: a majority of the practices seen within a day.
  std::string policy() const;

 private:
  struct Seen {
    std::string name, practice;
    audit::TreeSize size{};
    std::optional<Time> cosigned_at, seen_at;
    bool current = false, alarm = false;
  };
  std::vector<Seen> witnesses() const;
  std::vector<json::object> last_of(std::string_view type, std::size_t count) const;  // newest first, with `index`
  ApiAnswer show(ApiCall call);
  Awaitable<Result<json::object>> show_verb(json::object request);
  Awaitable<Result<json::object>> policy_verb(json::object request);
  Awaitable<Result<json::object>> ask_verb(json::object request);
  Awaitable<Result<json::object>> prepare_verb(json::object request);
  Awaitable<Result<json::object>> link_verb(json::object request);
  Awaitable<Result<json::object>> continue_verb(json::object request);

  Result<> lead_to_this_log(AgentLink& link, const frame::Hello& hello);
  Result<> take_checkpoint(AgentLink& link, const std::string& note);
  Result<> close_log(Behind behind, const PracticeId& practice);
  Result<> has_answered(const std::string& witness);
  Result<> go_on(const std::string& why);
  bool is_known_alarm(const std::string& witness, const std::string& what);
  void record_alarm(const AgentLink& link, const frame::Alarm& alarm);
  std::string witness_of(const PracticeId& practice) const;
  std::size_t enrolled() const;

  Core& core_;
  Hub* hub_ = nullptr;
  LogState state_;
  std::map<std::string, Time> seen_;                     // by witness
  std::map<std::string, std::set<std::string>> alarms_;  // by witness: what was recorded since it last cosigned
  std::optional<Millis> last_round_;
  audit::TreeSize round_size_ = 0;  // of the log, when everybody was last asked
  DailyVerification verification_;
};

}  // namespace pontlevis::gateway
