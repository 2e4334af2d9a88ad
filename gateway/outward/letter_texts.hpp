// What our letters say, French first and English after it. Pure; any thread. requirements A44, §2 PGSSI-S 6.1.1.5 (report to
// the beneficiary after each intervention).
#pragma once

#include <string>

#include "gateway/core.hpp"

namespace pontlevis::gateway {

struct LetterText {
  std::string subject, text;
};

// To the practice. REQUIRES: it has a report.
LetterText report_letter(const Intervention& iv, const Practice* practice, const std::string& vendor, const std::string& dpo_contact);
// To the compliance mailbox.
LetterText clock_letter(const ClockNotice& notice);
LetterText alarm_letter(const std::string& kind, Time at);
LetterText put_aside_letter(const std::string& delivery, const std::string& subject, bool deletion);

}  // namespace pontlevis::gateway
