// Frames: what travels on an agent's link, one JSON object a message. A frame's bytes have one
// form (canonical JSON), at most max_frame_bytes. docs/protocol.md is the grammar with a worked
// example; the order of frames is protocol/conversation.hpp.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "protocol/access_request.hpp"
#include "protocol/conversation.hpp"
#include "protocol/result.hpp"

namespace pontlevis {

constexpr int protocol_version = 1;
constexpr std::size_t max_frame_bytes = 256 * 1024;
constexpr std::size_t max_facts_checked = 16;  // in one question
constexpr std::array<std::string_view, 4> alarm_causes{"TWO_HISTORIES", "ROLLED_BACK", "NO_PROOF", "MISSING_RECORD"};

namespace frame {

// ---- about the link ----
struct OfferedSystem {
  SystemId id;
  std::string label;
  std::string hosting;             // "LOCAL" or "HDS" (A42)
  std::vector<std::string> tools;  // tool names as in AccessRequest
};
struct Hello {                     // agent, first frame of a link
  int protocol;
  std::string version;
  PracticeId practice;
  std::vector<OfferedSystem> systems;
  std::vector<std::string> host_keys;        // OpenSSH public key lines of the practice's endpoint
  std::vector<InterventionId> live;          // what this agent holds in phase requested, consented or open
  std::string log;                           // key of the gateway's log that this agent watches
  std::string checkpoint;                    // the last one it cosigned, as the log signed it; empty at first
};
struct Welcome {                   // gateway's answer
  int protocol;
  Time gateway_time;
  std::vector<std::string> revocations;      // staff-card revocations, signed by the staff key
};
struct Revocation { std::string note; };                                   // gateway
struct Recorded { std::string statement_sha256; std::uint64_t index; };    // gateway: durable in its log
struct Cosignature { int status; std::string body; };                      // agent: tlog-witness answer
struct Checkpoint { std::string add_checkpoint; };                         // gateway: tlog-witness request body, verbatim
struct FactCheck { std::vector<std::uint64_t> indexes; };                  // agent: acknowledged facts, ascending
struct FactProof {                                                         // gateway: one proof an index asked for, in that order
  struct One {
    std::vector<std::string> record;         // a line a field: a disclosure, or "sha256:…" for one kept back
    std::string tlog_proof;                  // c2sp.org/tlog-proof@v1, verbatim
  };
  std::vector<One> proofs;
};
// Agent: two notes the log signed that cannot both stand, or what it acknowledged and does not hold. cause is one
// of alarm_causes; the notes are the log's own, `conflicting` empty where there is none.
struct Alarm { std::string cause; std::uint64_t size; std::string known; std::string conflicting; };
struct LogSuccessor { std::string note; };                                 // gateway: a statement of the staff key
struct Drain { std::string reason; };                                      // gateway stops; come back later
struct Refused { std::string what; std::string hint; };                    // either side; the link ends

// ---- about one intervention ----
struct Request { AccessRequest request; };                                 // gateway
struct RequestCancelled { InterventionId intervention; Login by; };        // gateway
// Agent: a signed statement. kind is acceptance, consent, refusal, lapse, not_asked, session_open,
// event, session_end or report_received; the statement's own type must fit (see statement_fits).
struct Fact { FrameKind kind; InterventionId intervention; std::string note; };
struct Proof {                                                             // gateway
  InterventionId intervention;
  std::vector<std::string> disclosures;      // every field of the consent's record
  std::string tlog_proof;                    // c2sp.org/tlog-proof@v1, verbatim
  std::string add_checkpoint;                // tlog-witness request body, verbatim
};
struct RelayWanted { InterventionId intervention; std::string relay; Login login; };  // gateway; relay: 32 hex
struct RelayRefused { InterventionId intervention; std::string relay; std::string why; };
struct Finish { InterventionId intervention; Login by; };                  // gateway
struct Handover { InterventionId intervention; Login by; Login to; };         // gateway: who is in charge from now on
struct ReportGiven { Report report; };                                     // gateway

}  // namespace frame

using Frame = std::variant<frame::Hello, frame::Welcome, frame::Revocation, frame::Recorded, frame::Cosignature,
                           frame::Drain, frame::Refused, frame::Request, frame::RequestCancelled, frame::Fact,
                           frame::Proof, frame::RelayWanted, frame::RelayRefused, frame::Finish, frame::Handover,
                           frame::ReportGiven, frame::Checkpoint, frame::FactCheck, frame::FactProof, frame::Alarm,
                           frame::LogSuccessor>;

FrameKind kind_of(const Frame& frame);
std::optional<InterventionId> intervention_of(const Frame& frame);  // none for frames about the link
std::string encode(const Frame& frame);
Result<Frame> decode_frame(std::string_view bytes);  // Errc::bad_frame, with what and where

// The statement types that each kind of Fact may carry: `event` carries several.
bool statement_fits(FrameKind kind, std::string_view statement_type);
FrameKind fact_kind(std::string_view statement_type);  // the frame that carries it

}  // namespace pontlevis
