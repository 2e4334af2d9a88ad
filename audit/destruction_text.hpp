// A destruction certificate as a doctor or an authority reads it: what was destroyed, why, when, how it was
// looked for, what proves it, and what it does not prove. Pure; any thread.
#pragma once

#include <string>

#include "audit/destruction.hpp"
#include "audit/fiche.hpp"
#include "audit/page.hpp"

namespace pontlevis::audit {

// Lines of at most 92 columns. Times in Paris and UTC; every text of the record made printable.
std::string certificate_text(const Certificate& certificate, Language language);
// The same, for those who lay it out otherwise.
Page certificate_page(const Certificate& certificate, Language language);

}  // namespace pontlevis::audit
