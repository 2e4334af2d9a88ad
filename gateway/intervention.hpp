// What the gateway knows of one intervention, and how each signed fact of the agent changes it. A value;
// no I/O. The phase moves only along protocol/conversation.hpp; the state is the word people read
// (requirements §4.1 `state`).
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "protocol/access_request.hpp"
#include "protocol/conversation.hpp"
#include "protocol/json_values.hpp"

namespace pontlevis::gateway {

namespace json = boost::json;

enum class State { requested, refused, expired, not_asked, cancelled, approved, open, paused, ended, closed };

}  // namespace pontlevis::gateway
template <> struct pontlevis::Spelling<pontlevis::gateway::State> {
  static constexpr std::array<std::string_view, 10> words{"REQUESTED", "REFUSED", "EXPIRED", "NOT_ASKED", "CANCELLED",
                                                          "APPROVED", "OPEN", "PAUSED", "ENDED", "CLOSED"};
};
namespace pontlevis::gateway {

// A statement of the agent that verified.
struct TakenFact {
  FrameKind kind;
  std::string type;
  json::object body;
  std::string sha256;  // hex, of the whole note
  std::uint64_t index = 0;  // in the gateway's log
};

struct Intervention {
  explicit Intervention(AccessRequest asked) : request(std::move(asked)) {}

  AccessRequest request;
  Phase phase = Phase::none;
  State state = State::requested;
  std::optional<json::object> consent;  // bodies of the signed statements
  std::string consent_sha256;
  std::uint64_t consent_index = 0;
  std::optional<json::object> session_open;
  std::optional<json::object> session_end;
  std::optional<Login> handed_to;    // in charge instead of the lead (A40)
  std::string accepted_at;           // the date of a planned one suits the practice
  std::string why;  // of a refusal, a cancellation, a question that was not asked
  std::int64_t extended_minutes = 0;  // by consents that extend it
  std::optional<Report> report;
  bool report_received = false;  // the practice has it

  const InterventionId& id() const { return request.intervention; }
  bool waiting() const { return phase == Phase::requested; }
  bool is_open() const { return phase == Phase::open; }
  // Nothing more will be said about it on a link.
  bool done() const { return phase == Phase::closed && (!report || report_received); }
  bool ran() const { return session_open.has_value(); }
  bool report_due() const { return phase == Phase::ended && ran() && !report; }

  const Login& in_charge() const { return handed_to ? *handed_to : lead_of(request).login; }
  bool names(const Login& login) const;                // in the request, in any role
  bool may_take_over(const Login& login) const;        // an operator of the request who connects and acts
  bool connected_operator(const Login& login) const;   // in the consent once there is one, else in the request
};

// Applies a fact whose place in the conversation was checked. REQUIRES: rule_for(phase, agent, kind).
void apply(Intervention& intervention, const TakenFact& fact);

json::object view_of(const Intervention& intervention);  // for the store
Result<Intervention> intervention_from(std::string_view view);

// Number and text members of a signed body, or empty: an agent's body is data, never trusted in shape.
std::optional<std::int64_t> number_of(const json::object& body, std::string_view name);
std::vector<std::string> texts_of(const json::object& body, std::string_view name);

}  // namespace pontlevis::gateway
