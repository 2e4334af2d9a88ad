// What people see of the drawbridge: the command line's status and requests, the page's views.
#include "agent/drawbridge_item.hpp"
#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {

namespace {
json::object summary(const AccessRequest& request, Phase phase, const PendingRequest* pending) {
  json::array people;
  if (pending)
    for (const auto& op : pending->operators)
      people.push_back(json::object{{"login", op.login.text()}, {"name", op.name}, {"employer", op.employer}, {"role", word(op.role)}});
  return {{"intervention", request.intervention.text()}, {"phase", word(phase)}, {"operators", std::move(people)},
          {"system", request.system.text()}, {"tools", texts_json(request.tools)}, {"reason", request.reason},
          {"minutes", request.minutes}, {"ticket", request.ticket}, {"requested_at", to_utc(request.requested_at)},
          {"expires_at", to_utc(request.expires_at)},
          {"opens_from", request.opens_from ? json::value(to_utc(*request.opens_from)) : json::value(nullptr)}};
}
}  // namespace

json::array Drawbridge::requests() const {
  json::array out;
  for (const auto& [id, item] : items_)
    if (item->phase == Phase::requested && item->pending) out.push_back(summary(item->request, item->phase, &*item->pending));
  return out;
}

json::object Drawbridge::status() const {
  json::array live;
  for (const auto& [id, item] : items_) {
    if (item->phase == Phase::closed || item->phase == Phase::ended) continue;
    json::object one = summary(item->request, item->phase, item->pending ? &*item->pending : nullptr);
    if (item->session) one.emplace("session", item->session->status());
    live.push_back(std::move(one));
  }
  return {{"practice", parts_.identity.practice.text()}, {"drawbridge", down() ? "DOWN" : "UP"},
          {"link", parts_.link.up() ? "UP" : "DOWN"}, {"link_problem", parts_.link.last_problem()},
          {"journal", parts_.session.journal.healthy() ? "OK" : "FAILED"}, {"alarm", parts_.watch.alarmed()}, {"witness", parts_.watch.status()},
          {"last_attempt", last_attempt_}, {"interventions", std::move(live)}};
}

Result<const PendingRequest*> Drawbridge::pending(const InterventionId& id) const {
  const auto found = items_.find(id);
  if (found == items_.end() || !found->second->pending) return fail(Errc::not_found, "there is no request " + id.text(), "show");
  return &*found->second->pending;
}

Result<InterventionId> Drawbridge::find(std::string_view prefix, Phase from, Phase to) const {
  std::vector<InterventionId> fits;
  for (const auto& [id, item] : items_)
    if (item->phase >= from && item->phase <= to && id.text().starts_with(prefix)) fits.push_back(id);
  if (fits.size() == 1) return fits.front();
  if (fits.empty())
    return fail(Errc::not_found, prefix.empty() ? "there is none at the moment" : "no intervention begins with " + printable(prefix, 40), {}, "pontlevis-agent status");
  return fail(Errc::conflict, "several interventions fit", {}, "give more of its number; pontlevis-agent status lists them");
}

bool Drawbridge::down() const {
  return std::any_of(items_.begin(), items_.end(), [](const auto& entry) { return entry.second->session != nullptr; });
}

InterventionView Drawbridge::view_of(const Item& item) const {
  return {item.request, item.phase, item.pending ? &*item.pending : nullptr, item.consented ? &*item.consented : nullptr,
          item.session.get(), item.why_closed, item.accepted, item.in_charge,
          !too_early(item.request, parts_.session.clock.now())};
}

std::vector<InterventionView> Drawbridge::views() const {
  std::vector<InterventionView> out;
  for (const auto& [id, item] : items_) out.push_back(view_of(*item));
  return out;
}

std::optional<InterventionView> Drawbridge::view(const InterventionId& id) const {
  const auto found = items_.find(id);
  if (found == items_.end()) return std::nullopt;
  return view_of(*found->second);
}

}  // namespace pontlevis::agent
