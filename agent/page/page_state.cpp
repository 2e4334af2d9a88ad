// The whole state of the page, as one object (docs/page.md §4).
#include "agent/page/page.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {

namespace {
json::object practice_json(const Identity& identity, const NoticeParties& p, Language language) {
  return {{"id", identity.practice.text()}, {"name", p.practice_name}, {"vendor_name", p.vendor_name}, {"vendor_address", p.vendor_address},
          {"dpo_contact", p.dpo_contact}, {"recipients", p.recipients}, {"transfers", p.transfers}, {"rights_contact", p.rights_contact},
          {"language", language_tag(language)}};
}

json::array lines_json(Result<PageStore::Lines> lines) {
  json::array out;
  if (lines)
    for (auto& line : lines->lines) out.push_back(std::move(line));
  return out;
}

// One that is being torn down is over for whoever looks; its end record comes in a moment.
bool is_live(const InterventionView& view) {
  return (view.phase == Phase::consented || view.phase == Phase::open) && !(view.session && view.session->ended());
}
}  // namespace

json::object Page::state_of(PageSession& session) {
  json::object door = door_json();
  door.emplace("link", parts_.bridge.link().up() ? "UP" : "DOWN");
  door.emplace("link_problem", parts_.bridge.link().up() ? std::string() : parts_.bridge.link().last_problem());
  door.emplace("journal", parts_.bridge.journal_healthy() ? "OK" : "FAILED");
  door.emplace("alarm", parts_.bridge.alarmed());
  door.emplace("witness", parts_.bridge.witness_watch().status());
  json::array requests, sessions, ended, reported;
  const auto views = parts_.bridge.views();
  for (const auto& view : views) {
    if (is_live(view)) sessions.push_back(session.locked ? locked_session_json(view) : session_json(view));
    if (session.locked) continue;
    if (view.phase == Phase::requested && view.pending) requests.push_back(request_json(view));
    if (view.phase == Phase::ended)
      if (auto line = parts_.page_store.line(view.request.intervention.text()); line && *line) ended.push_back(**std::move(line));
  }
  json::array recent;
  json::value rehearsed, rehearsal;
  if (!session.locked) {
    if (auto unread = parts_.page_store.unread())
      for (auto& line : *unread) reported.push_back(std::move(line));
    recent = lines_json(parts_.page_store.lines(LineQuery{{}, {}, {}, {}, 0, 5}));
    if (const auto at = parts_.page_store.rehearsed_at(session.person.login); at && *at) rehearsed = to_utc(**at);
    if (parts_.rehearsal.person() == session.person.login) {
      rehearsal = parts_.rehearsal.status();
      auto* run = rehearsal.is_object() ? rehearsal.get_object().if_contains("session") : nullptr;
      if (run && run->is_object()) run->get_object()["approver"] = json::object{{"login", session.person.login.text()}, {"name", session.person.name}};
    }
  }
  return {{"now", to_utc(parts_.clock.now())}, {"person", person_json(session.person)}, {"locked", session.locked},
          {"door", std::move(door)}, {"practice", practice_json(parts_.identity, parts_.desk.parties(), parts_.language)},
          {"requests", std::move(requests)}, {"sessions", std::move(sessions)}, {"ended", std::move(ended)},
          {"reported", std::move(reported)}, {"recent", std::move(recent)}, {"rehearsed_at", std::move(rehearsed)},
          {"rehearsal", std::move(rehearsal)}};
}

Page::Answer Page::state(PageCall call) { co_return answer(state_of(*call.session)); }

}  // namespace pontlevis::agent
