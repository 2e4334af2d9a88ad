// What the page is told of interventions, as JSON (docs/page.md §4). Pure: it looks and changes nothing.
#pragma once

#include "agent/drawbridge.hpp"
#include "audit/fiche.hpp"
#include "protocol/json_values.hpp"

namespace pontlevis::agent {

json::object person_json(const Approver& person);
json::object request_json(const InterventionView& view);
json::object session_json(const InterventionView& view);         // of a consented or open one
json::object locked_session_json(const InterventionView& view);  // what a locked page may know
// One line of « mes interventions », from the request and what the journal says of it.
json::object line_json(const AccessRequest& request, const std::string& state, const std::string& system_label, const std::string& lead_name,
                       const std::string& employer, const audit::Fiche& fiche);
json::object shown_json(const ShownPassword& shown);

}  // namespace pontlevis::agent
