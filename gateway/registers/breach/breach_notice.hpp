// What is written about a breach: to each practice (GDPR 33(2)), to the authority in the order of its form (33(3)), and the
// whole file. French and English. No network address and nobody's name stands in a notice. Pure; any thread.
#pragma once

#include "gateway/registers/breach/breach_file.hpp"
#include "gateway/registers/common/two.hpp"
#include "gateway/registers/processing/processing_facts.hpp"

namespace pontlevis::gateway {

struct NoticeText {
  std::string subject, text;
};

// `mine`: the interventions of that practice among the affected ones; empty for an authority.
NoticeText notice_text(const BreachFile& file, const std::string& recipient, NoticeKind kind, const ProcessingFacts& facts, const std::vector<std::string>& mine,
                       const std::string& delay_reason, Tongue tongue);
// All that requirements §4.6 lists, under its names.
json::object breach_export(const BreachFile& file, const ProcessingFacts& facts, Time now);
std::string breach_export_text(const BreachFile& file, const ProcessingFacts& facts, Time now, Tongue tongue);

}  // namespace pontlevis::gateway
