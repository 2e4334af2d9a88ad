// From what happened to records of the gateway's log (audit/schema.cpp lists every type's fields). Pure.
// A signed fact keeps its note verbatim; members of its body that have a field of the schema, under the
// same name or a listed other one, stand beside it so that a reader need not open the note.
#pragma once

#include <optional>
#include <vector>

#include "audit/record.hpp"
#include "certs/staff_card.hpp"
#include "gateway/intervention.hpp"
#include "gateway/practices.hpp"
#include "gateway/request_policy.hpp"

namespace pontlevis::gateway {

Result<audit::Record> request_record(const AccessRequest& request, const Practice& practice);
// What was asked and which rule forbids it.
Result<audit::Record> refused_record(const Asked& asked, const PolicyRefusal& refusal);
Result<audit::Record> fact_record(const PracticeId& practice, const TakenFact& fact, const std::string& note);
Result<audit::Record> cancelled_record(const Intervention& intervention, std::string_view by, Time at, std::string_view cause);
Result<audit::Record> report_record(const Intervention& intervention, const Report& report, Time sent_at);
// The closed row of the main courante, from facts (requirements §4.1, A40–A45).
// `crm_sync_state`: PENDING when the customer-relations system is still to be told, NONE without one (A39).
Result<audit::Record> intervention_record(const Intervention& intervention, const std::vector<TakenFact>& facts,
                                          const Practice& practice, std::string_view crm_sync_state = "NONE");
// `source` is a network address and may be empty; `subject` a login and may be empty.
Result<audit::Record> security_record(std::string_view event, std::string_view channel, const std::string& subject,
                                      const std::string& source, const std::string& detail,
                                      const std::optional<PracticeId>& practice = {},
                                      const std::optional<InterventionId>& intervention = {});
// `by` is the administrator at the console, or empty; `trained_on` a date, or empty.
Result<audit::Record> technician_record(std::string_view event, const certs::VerifiedCard& card, const std::string& by = {}, const std::string& trained_on = {});
Result<audit::Record> revocation_record(const certs::Revocation& revocation, const std::string& login, const std::string& note, const std::string& by = {});

// What is not as the charter wants it, in words a report counts (A45).
std::vector<std::string> nonconformities_of(const Intervention& intervention);

}  // namespace pontlevis::gateway
