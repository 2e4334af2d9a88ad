// `status`: where interventions stand and what is still to do about each.
#include "gateway/commands/all.hpp"
#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {

json::object intervention_json(const Intervention& iv, const std::string& to_do) {
  const auto& r = iv.request;
  json::array operators;
  for (const auto& op : r.operators)
    operators.push_back(json::object{{"login", op.login.text()}, {"role", word(op.role)}, {"mode", word(op.mode)}});
  json::object out{{"intervention", iv.id().text()}, {"state", word(iv.state)}, {"phase", word(iv.phase)},
                   {"system", r.system.text() + "." + r.practice.text()}, {"tools", texts_json(r.tools)}, {"minutes", r.minutes},
                   {"ticket", r.ticket}, {"criticality", word(r.criticality)}, {"operators", std::move(operators)},
                   {"requested_at", to_utc(r.requested_at)}, {"expires_at", to_utc(r.expires_at)}, {"why", iv.why},
                   {"to_do", to_do}};
  if (iv.consent) out["consent"] = json::object{{"at", text_of(*iv.consent, "at")}, {"minutes", number_of(*iv.consent, "minutes").value_or(0)}, {"sha256", iv.consent_sha256}};
  if (iv.session_open) out["window_end"] = text_of(*iv.session_open, "window_end");
  if (iv.session_end)
    out["session_end"] = json::object{{"cause", text_of(*iv.session_end, "cause")}, {"ended_at", text_of(*iv.session_end, "ended_at")},
                                      {"duration_seconds", number_of(*iv.session_end, "duration_seconds").value_or(0)}};
  if (iv.report) out["report"] = to_json(*iv.report);
  return out;
}

namespace {

constexpr CommandGrammar grammar{"status", 0, 1, "[ID]", {}};

void show_one(CommandCall& call, const Intervention& iv) {
  const auto to_do = still_to_do(call.lang, iv, call.login, call.counter.links.up(iv.request.practice));
  if (call.json()) return show_json(call, intervention_json(iv, to_do));
  std::vector<std::vector<std::string>> rows;
  const auto row = [&](std::string_view en, std::string_view fr, std::string value) {
    if (!value.empty()) rows.push_back({std::string(call.say(en, fr)), std::move(value)});
  };
  const auto& r = iv.request;
  row("intervention", "intervention", iv.id().text());
  row("system", "système", r.system.text() + "." + r.practice.text());
  row("state", "état", std::string(state_words(call.lang, iv.state)) + (iv.why.empty() ? "" : ": " + printable(iv.why)));
  row("asked", "demandée", to_date(r.requested_at) + " " + clock_text(r.requested_at) + ", " + std::to_string(r.minutes) + " min, " + r.ticket);
  if (iv.session_open) row("open until", "ouverte jusqu'à", text_of(*iv.session_open, "window_end").substr(11, 5) + " UTC");
  if (iv.session_end) row("ended", "terminée", text_of(*iv.session_end, "cause") + ", " + std::to_string(number_of(*iv.session_end, "duration_seconds").value_or(0)) + " s");
  row("to do", "à faire", to_do);
  call.io.out(print_table(rows));
}

void show_list(CommandCall& call, const std::vector<Intervention>& list) {
  json::array items;
  std::vector<std::vector<std::string>> rows{{"ID", std::string(call.say("SYSTEM", "SYSTÈME")), std::string(call.say("STATE", "ÉTAT")),
                                              std::string(call.say("ASKED", "DEMANDÉE")), std::string(call.say("TO DO", "À FAIRE"))}};
  for (const auto& iv : list) {
    const auto to_do = still_to_do(call.lang, iv, call.login, call.counter.links.up(iv.request.practice));
    items.push_back(intervention_json(iv, to_do));
    rows.push_back({short_id(iv.id()), iv.request.system.text() + "." + iv.request.practice.text(),
                    std::string(state_words(call.lang, iv.state)), to_date(iv.request.requested_at) + " " + clock_text(iv.request.requested_at), to_do});
  }
  if (call.json()) return show_json(call, {{"interventions", std::move(items)}});
  if (list.empty()) return call.io.out(std::string(call.say("No intervention of yours yet.", "Aucune intervention de vous pour l'instant.")) + "\n");
  call.io.out(print_table(rows));
}

Awaitable<Exit> run(CommandCall& call) {
  if (call.arguments.words.empty()) {
    auto list = call.counter.core.interventions.recent(call.login, 20);
    if (!list) co_return show_error(call, list.error());
    show_list(call, *list);
    co_return Exit::done;
  }
  auto one = pick_intervention(call, [](const auto&) { return true; }, "");
  if (!one) co_return show_error(call, one.error());
  show_one(call, *one);
  co_return Exit::done;
}

constexpr Command value{grammar, run, "status [ID]", "your interventions and what is still to do",
                        "vos interventions et ce qui reste à faire", "", ""};

}  // namespace

const Command& status_command() { return value; }

}  // namespace pontlevis::gateway
