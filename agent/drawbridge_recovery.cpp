// What a crash left open is ended, its programs too, before the link starts (design §2).
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "agent/drawbridge_item.hpp"
#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {

namespace net = boost::asio;

namespace {
Phase phase_after(const std::vector<audit::StoredRecord>& facts) {
  Phase phase = Phase::requested;
  for (const auto& fact : facts) {
    const auto type = fact.type();
    if (type == "refusal" || type == "lapse" || type == "not_asked" || type == "report_received") return Phase::closed;
    if (type == "consent") phase = Phase::consented;
    if (type == "session_open") phase = Phase::open;
    if (type == "session_end") phase = Phase::ended;
  }
  return phase;
}

// Who said that the date of a planned one suits.
std::optional<Accepted> accepted_in(const std::vector<audit::StoredRecord>& facts) {
  for (const auto& fact : facts) {
    const auto fields = fact.type() == "acceptance" ? fact.open() : Result<json::object>(json::object{});
    const auto* who = fields ? fields->if_contains("approver") : nullptr;
    if (!who || !who->is_object()) continue;
    const auto login = Login::parse(text_of(who->get_object(), "login"));
    if (login) return Accepted{*login, text_of(who->get_object(), "name"), from_utc(text_of(*fields, "decided_at")).value_or(Time{})};
  }
  return std::nullopt;
}

Login in_charge_after(const std::vector<audit::StoredRecord>& facts, Login lead) {
  for (const auto& fact : facts)
    if (fact.type() == "handover")
      if (const auto fields = fact.open())
        if (auto to = Login::parse(text_of(*fields, "person_in_charge"))) lead = *std::move(to);
  return lead;
}

json::value opened_at(const std::vector<audit::StoredRecord>& facts) {
  for (const auto& fact : facts)
    if (fact.type() == "session_open")
      if (const auto fields = fact.open())
        if (const auto* at = fields->if_contains("opened_at")) return *at;
  return nullptr;
}
}  // namespace

io::Awaitable<Result<>> Drawbridge::recover() {
  PL_CO_TRY(requests, parts_.session.store.open_requests());
  for (const auto& request : requests) {
    const auto recovered = co_await recover_one(request);
    if (!recovered) co_return recovered;
  }
  co_return Result<>{};
}

io::Awaitable<Result<>> Drawbridge::recover_one(const AccessRequest& asked) {
  const AccessRequest request = asked;
  const auto& id = request.intervention;
  PL_CO_TRY(facts, parts_.session.journal.facts_of(id));
  const Phase phase = phase_after(facts);
  auto item = std::make_shared<Item>(request, parts_.io);
  item->accepted = accepted_in(facts);
  item->in_charge = in_charge_after(facts, item->in_charge);
  items_.emplace(id, item);
  set_phase(*item, phase);
  if (phase == Phase::requested) net::co_spawn(parts_.io, put_on_desk(item), net::detached);
  if (phase == Phase::consented) co_await end_unopened(item, EndCause::error, "the agent restarted before the session opened");
  if (phase != Phase::open) co_return Result<>{};
  PL_CO_CHECK(parts_.session.reaper.begin(id.text()));
  const EndCount killed = co_await parts_.session.reaper.end_all(id.text());
  PL_CO_TRY(seen, parts_.session.store.last_seen(id));
  const json::value started = opened_at(facts);
  const auto start = started.is_string() ? from_utc(std::string_view(started.get_string())) : std::nullopt;
  const Time last = std::max(seen.value_or(Time{}), start.value_or(Time{}));
  const auto seconds = start ? std::chrono::round<std::chrono::seconds>(last - *start).count() : 0;
  json::object body{{"cause", word(EndCause::unknown)}, {"detail", "the agent stopped; last seen " + to_utc(last)},
                    {"opened", true}, {"started_at", started}, {"ended_at", to_utc(last)}, {"duration_seconds", seconds},
                    {"active_seconds", 0}, {"cut_ms", 0}, {"processes_ended", killed.total()}, {"processes_left", json::array{}},
                    {"connections", 0}, {"bytes_in", 0}, {"bytes_out", 0}};
  PL_CO_CHECK(co_await parts_.session.journal.record("session_end", id, std::move(body)));
  set_phase(*item, Phase::ended);
  co_return Result<>{};
}

}  // namespace pontlevis::agent
