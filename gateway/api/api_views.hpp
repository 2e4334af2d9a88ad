// What the API shows of things: web/console/contract.ts, member by member. Pure; the loop's thread.
#pragma once

#include "gateway/api/api_call.hpp"
#include "gateway/desk.hpp"

namespace pontlevis::gateway {

json::object practice_view(const Core& core, const Practice& practice, bool link_up);
// As this person sees it. `facts`: what the practice signed about it, in its order.
json::object intervention_view(const Core& core, const Links& links, const Intervention& intervention,
                               const std::vector<TakenFact>& facts, const Person& viewer);
json::object card_view(const Core& core, const std::string& note);
json::object technician_view(const Core& core, const Login& login);
json::object subprocessor_view(const Subprocessor& subprocessor);

// The OpenSSH lines that the practice offers and its signed consent names: what a technician may trust.
std::vector<std::string> consented_host_keys(const Intervention& intervention, const Practice& practice);

}  // namespace pontlevis::gateway
