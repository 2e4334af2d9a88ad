// What is written to the person and to the practice: plain sentences, French and English (requirements A16, A28, B21,
// B22, B24). Each answer names the authority one can complain to. Pure; any thread.
#pragma once

#include "gateway/registers/processing/processing_entry.hpp"
#include "gateway/registers/rights/rights_case.hpp"

namespace pontlevis::gateway {

struct Letter {
  std::string subject, text;
};

// "Réclamation : CNIL …": in every answer (A28).
extern const Two cnil_sentence;

// The first due day moves, and why (B22).
Letter extension_letter(const RightsCase& c, const ProcessingFacts& facts, Tongue tongue);
// To the practice whose patients or staff it concerns (A16).
Letter forward_letter(const RightsCase& c, const ProcessingFacts& facts, Tongue tongue);
Letter answer_letter(const RightsCase& c, const ProcessingFacts& facts, Tongue tongue);
// The same answer as a page, with what GDPR 15(1) demands when it gives access, and the hash of each file.
std::string answer_page(const RightsCase& c, const ProcessingFacts& facts, Tongue tongue);

}  // namespace pontlevis::gateway
