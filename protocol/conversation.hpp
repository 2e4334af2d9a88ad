// Who may say what, and when: the whole conversation about one intervention, as one table.
// Both sides walk it; a frame outside its row is answered `bad_frame` and ends the link.
// The static_asserts below prove the charter's first sentence over the table (requirements A32,
// A33): no frame of the gateway leads to a consented or an open intervention.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "protocol/words.hpp"

namespace pontlevis {

enum class Phase { none, requested, consented, open, ended, closed };
template <> struct Spelling<Phase> {
  static constexpr std::array<std::string_view, 6> words{"NONE", "REQUESTED", "CONSENTED", "OPEN", "ENDED", "CLOSED"};
};

enum class Speaker { gateway, agent };

enum class FrameKind {
  // about the link; no intervention
  hello, welcome, revocation, recorded, cosignature, drain, refused,
  checkpoint,                                    // gateway: please cosign
  fact_check,                                    // agent: show me that these are in it
  fact_proof,                                    // gateway
  alarm,                                         // agent: the log contradicts itself
  log_successor,                                 // gateway: signed by the staff key
  // about one intervention
  access_request, request_cancelled,             // gateway
  consent, refusal, lapse, not_asked,            // agent, each a signed statement
  proof,                                         // gateway
  session_open, event, session_end,              // agent, each a signed statement
  relay_wanted, finish,                          // gateway
  relay_refused,                                 // agent
  report,                                        // gateway
  report_received,                               // agent, a signed statement
  acceptance,                                    // agent, a signed statement
  handover,                                      // gateway
};
template <> struct Spelling<FrameKind> {
  static constexpr std::array<std::string_view, 29> words{
      "hello", "welcome", "revocation", "recorded", "cosignature", "drain", "refused",
      "checkpoint", "fact_check", "fact_proof", "alarm", "log_successor",
      "access_request", "request_cancelled", "consent", "refusal", "lapse", "not_asked", "proof",
      "session_open", "event", "session_end", "relay_wanted", "finish", "relay_refused", "report",
      "report_received", "acceptance", "handover"};
};

struct FrameRule {
  Phase phase;
  Speaker from;
  FrameKind kind;
  Phase next;
};

constexpr FrameRule conversation[] = {
    {Phase::none,      Speaker::gateway, FrameKind::access_request,    Phase::requested},
    {Phase::requested, Speaker::gateway, FrameKind::request_cancelled, Phase::closed},
    {Phase::requested, Speaker::agent,   FrameKind::not_asked,         Phase::closed},
    {Phase::requested, Speaker::agent,   FrameKind::refusal,           Phase::closed},
    {Phase::requested, Speaker::agent,   FrameKind::lapse,             Phase::closed},
    {Phase::requested, Speaker::agent,   FrameKind::acceptance,        Phase::requested},   // of a date to come; opens nothing
    {Phase::requested, Speaker::agent,   FrameKind::consent,           Phase::consented},
    {Phase::consented, Speaker::gateway, FrameKind::proof,             Phase::consented},
    {Phase::consented, Speaker::agent,   FrameKind::event,             Phase::consented},
    {Phase::consented, Speaker::agent,   FrameKind::session_open,      Phase::open},
    {Phase::consented, Speaker::agent,   FrameKind::session_end,       Phase::ended},
    {Phase::open,      Speaker::gateway, FrameKind::relay_wanted,      Phase::open},
    {Phase::open,      Speaker::agent,   FrameKind::relay_refused,     Phase::open},
    {Phase::open,      Speaker::agent,   FrameKind::event,             Phase::open},
    {Phase::open,      Speaker::gateway, FrameKind::finish,            Phase::open},
    {Phase::open,      Speaker::gateway, FrameKind::handover,          Phase::open},   // another person in charge
    {Phase::open,      Speaker::agent,   FrameKind::consent,           Phase::open},   // more time, agreed to and signed
    {Phase::open,      Speaker::gateway, FrameKind::proof,             Phase::open},
    {Phase::open,      Speaker::agent,   FrameKind::session_end,       Phase::ended},
    {Phase::ended,     Speaker::agent,   FrameKind::event,             Phase::ended},   // a comment, a recording's end
    {Phase::ended,     Speaker::gateway, FrameKind::handover,          Phase::ended},
    {Phase::ended,     Speaker::gateway, FrameKind::report,            Phase::closed},
    {Phase::closed,    Speaker::agent,   FrameKind::event,             Phase::closed},
    {Phase::closed,    Speaker::agent,   FrameKind::report_received,   Phase::closed},
};

// Frames about the link belong to no phase: none of them can move an intervention.
constexpr bool is_about_the_link(FrameKind kind) { return kind <= FrameKind::log_successor; }

constexpr const FrameRule* rule_for(Phase phase, Speaker from, FrameKind kind) {
  for (const auto& rule : conversation)
    if (rule.phase == phase && rule.from == from && rule.kind == kind) return &rule;
  return nullptr;
}

constexpr bool only_the_agent_opens() {
  for (const auto& rule : conversation) {
    const bool opens = rule.next == Phase::consented || rule.next == Phase::open;
    if (opens && rule.next != rule.phase && rule.from != Speaker::agent) return false;
  }
  return true;
}
constexpr bool ended_is_final() {
  for (const auto& rule : conversation)
    if ((rule.phase == Phase::ended || rule.phase == Phase::closed) && rule.next != rule.phase && rule.next != Phase::closed) return false;
  return true;
}
constexpr bool open_needs_consent() {
  for (const auto& rule : conversation)
    if (rule.next == Phase::open && rule.phase != Phase::open && rule.phase != Phase::consented) return false;
  return true;
}
constexpr bool the_link_moves_nothing() {
  for (const auto& rule : conversation)
    if (is_about_the_link(rule.kind)) return false;
  return true;
}
static_assert(only_the_agent_opens());
static_assert(the_link_moves_nothing());
static_assert(ended_is_final());
static_assert(open_needs_consent());
static_assert(rule_for(Phase::requested, Speaker::gateway, FrameKind::session_open) == nullptr);

}  // namespace pontlevis
