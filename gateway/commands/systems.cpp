// `systems`: what can be asked for, and whether the practice is there to be asked.
#include "gateway/commands/all.hpp"
#include "protocol/json_values.hpp"

namespace pontlevis::gateway {
namespace {

constexpr CommandGrammar grammar{"systems", 0, 0, "", {}};

std::string tool_list(const frame::OfferedSystem& system) {
  std::string out;
  for (const auto& tool : system.tools) out += (out.empty() ? "" : ",") + tool;
  return out;
}

json::object system_json(const Practice& practice, const frame::OfferedSystem& system, bool up, bool valid) {
  return {{"system", system.id.text() + "." + practice.id.text()}, {"label", system.label}, {"hosting", system.hosting},
          {"tools", texts_json(system.tools)}, {"practice_name", practice.name}, {"connected", up}, {"contract_valid", valid}};
}

// Room for accents: counts characters, not bytes.
std::size_t width_of(std::string_view text) {
  std::size_t n = 0;
  for (char c : text) n += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return n;
}
std::string padded(const std::string& text, std::size_t width) {
  const auto has = width_of(text);
  return text + std::string(has < width ? width - has : 0, ' ') + "  ";
}

}  // namespace

std::string print_table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i == widths.size()) widths.push_back(0);
      widths[i] = std::max(widths[i], width_of(row[i]));
    }
  std::string out;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += i + 1 < row.size() ? padded(row[i], widths[i]) : row[i];
    while (line.ends_with(' ')) line.pop_back();
    out += line + "\n";
  }
  return out;
}

namespace {

Awaitable<Exit> run(CommandCall& call) {
  json::array list;
  std::vector<std::vector<std::string>> rows{
      {std::string(call.say("SYSTEM", "SYSTÈME")), std::string(call.say("TOOLS", "OUTILS")), std::string(call.say("LINK", "LIEN")),
       std::string(call.say("WHAT", "DÉSIGNATION"))}};
  for (const auto& [id, practice] : call.counter.core.practices.all()) {
    if (!practice.enrolment) continue;
    const bool up = call.counter.links.up(id);
    const bool valid = practice.contract.valid_at(call.counter.core.clock.now());
    for (const auto& system : practice.systems) {
      list.push_back(system_json(practice, system, up, valid));
      const auto link = !valid ? call.say("no contract", "sans contrat") : up ? call.say("connected", "connecté") : call.say("away", "absent");
      rows.push_back({system.id.text() + "." + id.text(), tool_list(system), std::string(link), system.label + " – " + practice.name});
    }
  }
  if (call.json()) show_json(call, {{"systems", std::move(list)}});
  else if (rows.size() == 1) call.io.out(std::string(call.say("No practice is enrolled yet.", "Aucun cabinet n'est encore inscrit.")) + "\n");
  else call.io.out(print_table(rows));
  co_return Exit::done;
}

}  // namespace

constexpr Command systems_command_value{
    grammar, run, "systems", "the systems you can ask for, and whether their practice is connected",
    "les systèmes que vous pouvez demander, et si leur cabinet est connecté", "", ""};
const Command& systems_command() { return systems_command_value; }

}  // namespace pontlevis::gateway
