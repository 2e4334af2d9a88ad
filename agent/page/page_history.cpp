// « Mes interventions » (docs/page.md §7): lines made from the journal, kept for a quick search.
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "agent/page/page.hpp"
#include "audit/source.hpp"
#include "certs/staff_card.hpp"
#include "protocol/json_values.hpp"
#include "protocol/statement.hpp"
#include "protocol/io/events/events.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {

namespace net = boost::asio;

namespace {

struct Lead {
  std::string name, employer;
};

// The name the staff card certifies, even of a card that has expired since; the login when there is no telling.
Lead lead_from_card(const AccessRequest& request, const NoteVerifier& staff) {
  const auto& lead = lead_of(request);
  const auto body = open_statement(lead.card, certs::card_type, staff);
  const auto text = [&](std::string_view name) { return body ? text_of(*body, name) : std::string(); };
  const auto name = text("name");
  return {name.empty() ? lead.login.text() : name, text("employer")};
}

bool is_date(const std::string& text) { return text.empty() || from_date(text).has_value(); }

}  // namespace

Result<> Page::refresh_line(const InterventionId& id) {
  PL_TRY(request, parts_.store.request(id));
  if (!request) return {};
  PL_TRY(source, audit::open_folder(parts_.data));
  PL_TRY(fiche, audit::read_fiche(*source, id.text()));
  const Lead lead = lead_from_card(*request, parts_.identity.staff);
  const auto* system = parts_.inventory.find(request->system);
  const auto state = state_of_line(*request, fiche);
  const auto line = line_json(*request, state, system ? system->label : request->system.text(), lead.name, lead.employer, fiche);
  return parts_.page_store.put_line(id.text(), to_utc(request->requested_at), state, line);
}

// The journal says nothing of a request that the vendor took back: nobody here decided anything.
std::string Page::state_of_line(const AccessRequest& request, const audit::Fiche& fiche) const {
  if (!fiche.state.empty()) return fiche.state;
  const auto live = parts_.bridge.view(request.intervention);
  const bool over = live ? live->phase == Phase::closed : parts_.clock.now() >= request.expires_at;
  return over ? "CANCELLED" : "REQUESTED";
}

void Page::mark_unsettled_lines() {
  const auto all = parts_.store.all_requests();
  const auto settled = parts_.page_store.settled();
  if (!all) return;
  for (const auto& id : *all)
    if (!settled || !settled->contains(id.text())) stale_lines_.insert(id);
}

void Page::start() {
  parts_.bridge.on_phase = [this](const InterventionId& id, Phase) {
    stale_lines_.insert(id);
  };
  parts_.rehearsal.on_change = [this] { announce(); };
  parts_.rehearsal.on_done = [this](Rehearsal::Outcome outcome) {
    parts_.journal.keep_soon("rehearsal", outcome.record());
    static_cast<void>(parts_.page_store.set_rehearsed(outcome.person, parts_.clock.now()));
    announce();
  };
  mark_unsettled_lines();
  net::co_spawn(parts_.io, keep_lines(), net::detached);
}

// One at a time, so that acts and sessions come between; also wakes the news at every change.
io::Awaitable<void> Page::keep_lines() {
  std::weak_ptr<bool> alive = alive_;
  for (;;) {
    while (!stale_lines_.empty()) {
      const InterventionId id = *stale_lines_.begin();
      stale_lines_.erase(stale_lines_.begin());
      if (const auto done = refresh_line(id); !done)
        io::event(io::Level::warn, "page.line_not_made", {{"intervention", id.text()}, {"what", done.error().what}});
      co_await net::post(parts_.io, net::use_awaitable);
      if (alive.expired()) co_return;
    }
    announce();
    co_await parts_.bridge.changed();
    if (alive.expired()) co_return;
  }
}

Page::Answer Page::interventions(PageCall call) {
  const auto parameter = [&](std::string_view name) { return call.request.parameter(name).value_or(""); };
  LineQuery query{parameter("text"), parameter("from"), parameter("to"), parameter("state")};
  const auto offset = parse_decimal(parameter("offset").empty() ? "0" : parameter("offset"), 1'000'000);
  if (query.text.size() > 200 || query.state.size() > 20 || !is_date(query.from) || !is_date(query.to) || !offset)
    co_return refusal(PageFault::bad_input, "this search cannot be read", "?text=…&from=2026-01-01&to=2026-12-31&offset=0");
  query.offset = *offset;
  auto found = parts_.page_store.lines(query);
  if (!found) co_return refusal(PageFault::internal, found.error());
  json::array lines;
  for (auto& line : found->lines) lines.push_back(std::move(line));
  co_return answer({{"total", found->total}, {"lines", std::move(lines)}});
}

Page::Answer Page::calendar(PageCall call) {
  const auto year = call.request.parameter("year").value_or("");
  if (!from_date(year + "-01-01")) co_return refusal(PageFault::bad_input, "which year?", "?year=2026");
  auto days = parts_.page_store.days(year);
  if (!days) co_return refusal(PageFault::internal, days.error());
  json::array out;
  for (auto& day : *days) out.push_back(std::move(day));
  co_return answer({{"days", std::move(out)}});
}

}  // namespace pontlevis::agent
