// What a technician asks and a practice answers: the objects that are shown, hashed and signed.
// Encoding is canonical JSON in the order of the members; decode(encode(x)) == x, and the SHA-256
// of the encoding is what a consent binds (requirements A09, A30, A33, A37).
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "protocol/clock.hpp"
#include "protocol/ids.hpp"
#include "protocol/words.hpp"

namespace pontlevis {

namespace json = boost::json;

// One operator as the gateway names them. `card` is the staff card's note, verbatim: the agent
// believes what a valid card says and nothing else.
struct RequestedOperator {
  Login login;
  OperatorRole role;
  OperatorMode mode;
  std::string card;
};

struct AccessRequest {
  InterventionId intervention;
  PracticeId practice;
  SystemId system;
  std::vector<std::string> tools;          // "shell", "files", "desktop", "tcp:<name>"
  std::vector<AccessType> access_types;
  std::vector<std::string> data_categories;
  Purpose purpose;
  std::string reason;                      // 10 to 500 bytes
  std::string planned_tasks;               // 5 to 1000 bytes
  std::string ticket;                      // the vendor's file reference
  int minutes;                             // 1 to 480
  Criticality criticality;
  Difficulty difficulty;
  std::optional<std::string> emergency;    // its justification; null = not an emergency
  std::string contract;                    // reference, valid when asked (A03)
  std::string vendor;                      // the processor's name, for the notice
  std::vector<RequestedOperator> operators;  // 1 to 8; exactly one LEAD (A40)
  Time requested_at;
  Time expires_at;                         // silence until then is a lapse
  std::optional<Time> opens_from = std::nullopt;  // planned: not before, and by an act of the practice then
};

// PAIR, and CRITICAL always (A35, A36): input only with two different people.
bool needs_pair(const AccessRequest& request) noexcept;
// Connects and acts, so counts for the pair and may be in charge; additional staff look on (A36, A40).
bool acts(const RequestedOperator& op) noexcept;
// A planned one whose window has not begun: it may be accepted in advance, never opened.
inline bool too_early(const AccessRequest& request, Time now) noexcept { return request.opens_from && now < *request.opens_from; }

boost::json::object to_json(const AccessRequest& request);
Result<AccessRequest> access_request_from(const boost::json::object& object, const std::string& where);
std::string request_sha256(const AccessRequest& request);  // hex, over the canonical encoding

bool is_tool_name(std::string_view text) noexcept;

// The person in charge (A40). REQUIRES: a decoded request, which has exactly one.
const RequestedOperator& lead_of(const AccessRequest& request);

// What the person in charge writes at the end (A44, A45).
struct AdditionalStaff {
  std::string name;
  std::string qualification;
};
struct Report {
  InterventionId intervention;
  Login author;
  std::string tasks_summary;               // 20 to 1000 bytes
  Outcome outcome;
  Cleanup residual_cleanup;
  std::vector<AdditionalStaff> additional_staff;
  std::optional<std::string> none_consulted_reason;  // CRITICAL without staff: a non-conformity
  Time reported_at;
};
boost::json::object to_json(const Report& report);
Result<Report> report_from(const boost::json::object& object, const std::string& where);

}  // namespace pontlevis
