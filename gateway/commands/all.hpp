// The commands, one file each; table.cpp puts them in order.
#pragma once

#include "gateway/commands/command.hpp"

namespace pontlevis::gateway {

const Command& systems_command();
const Command& request_command();
const Command& status_command();
const Command& config_command();
const Command& finish_command();
const Command& handover_command();
const Command& report_command();
const Command& cancel_command();
const Command& help_command();

// Aligned columns, two spaces apart; the first row is the heading.
std::string print_table(const std::vector<std::vector<std::string>>& rows);

// One intervention as `status --json` prints it, and as `request --wait` follows it.
json::object intervention_json(const Intervention& intervention, const std::string& to_do);

}  // namespace pontlevis::gateway
