// The entries of the register of processing (GDPR 30; requirements B31, §4.5) written from facts. Pure; any thread.
//   maintenance-traces  RESPONSABLE     30(1): the vendor's own traces of maintenance
//   practice-systems    SOUS_TRAITANT   30(2): what is seen of patients while a practice's systems are maintained
// and, for a practice, its own entry of 30(1) about letting itself be maintained (A06).
#pragma once

#include <boost/json.hpp>

#include "gateway/registers/common/two.hpp"
#include "gateway/registers/processing/processing_facts.hpp"

namespace pontlevis::gateway {

struct EntryField {
  std::string_view name;  // of requirements §4.5
  Two label;
  std::vector<Both> values;
};

// What the data-protection officer says of the impact assessment: the one thing no configuration knows.
struct Dpia {
  std::optional<bool> required;
  std::string date, reference;
};

struct ProcessingText {
  std::string id;
  std::string_view kind;
  Two name;
  std::vector<EntryField> fields;
};

inline constexpr std::string_view traces_id = "maintenance-traces", systems_id = "practice-systems";

// Of either id. REQUIRES: one of the two.
ProcessingText processing_text(std::string_view id, const ProcessingFacts& facts, const Dpia& dpia);
ProcessingText practice_text(const ProcessingFacts& facts, const Practice& practice);

// [{"name","label_fr","label_en","value":[…],"value_en":[…]}]: what is kept, hashed and shown.
boost::json::array fields_json(const ProcessingText& text);

}  // namespace pontlevis::gateway
