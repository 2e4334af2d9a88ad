// What the running gateway says of itself for the register of processing: nothing here is typed for the register
// (requirements B31, §4.5). Read from the options, the vendor's register, the cards, the schema and the programs.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "gateway/core.hpp"

namespace pontlevis::gateway {

// One group of records that are kept equally long.
struct KeptFor {
  unsigned days = 0;
  std::vector<std::string> types;  // of records
};

struct ProcessingFacts {
  std::string vendor, address, dpo, version;
  std::vector<std::string> recipients;      // settings
  std::vector<Subprocessor> subprocessors;  // those that may work, or did
  std::set<std::string> countries;          // of the technicians whose card is valid
  std::set<std::string> employers;
  std::set<std::string> hostings;           // of the practices' systems: LOCAL, HDS
  std::vector<KeptFor> kept;                // longest first
  std::int64_t ip_days = 0, backup_days = 0, key_backup_days = 0;
  bool backups = false, webhook = false, syslog = false, csv = false, mail = false, oidc = false, timestamps = false;
  std::int64_t tries = 0, lock_minutes = 0, idle_minutes = 0, session_hours = 0, step_up_minutes = 0, most_minutes = 0;
  std::string tls, ssh;                     // algorithms offered
  std::vector<std::string> changed;         // options that are not at their default
};

ProcessingFacts processing_facts(const Core& core);
// Who the vendor is, and no more: for letters. The whole of it opens every staff card.
ProcessingFacts vendor_facts(const Core& core);

}  // namespace pontlevis::gateway
