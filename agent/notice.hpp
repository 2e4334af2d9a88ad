// The notice a person reads before deciding (requirements §4.3, B07, B08), in French and English
// from the same facts. Level 1 is shown in full before the two answers; level 2 is « En savoir
// plus ». The consent binds version, language and SHA-256 of exactly the text that was shown.
#pragma once

#include <string>
#include <vector>

#include "agent/operator.hpp"
#include "protocol/access_request.hpp"

namespace pontlevis::agent {

enum class Language { french, english };
constexpr std::string_view language_tag(Language l) { return l == Language::french ? "fr" : "en"; }

// What the practice's configuration says about the vendor; the same for every request.
struct NoticeParties {
  std::string practice_name;       // as its people know it; may be empty
  std::string vendor_name;
  std::string vendor_address;
  std::string dpo_contact;         // mandatory (A26)
  std::string recipients;          // names or categories, with country (A25)
  std::string transfers;           // outside the EU: "aucun" or detail and guarantees (A11)
  std::string rights_contact;      // where to exercise one's rights
};

struct Notice {
  std::string version;
  Language language;
  std::string level1;
  std::string level2;
  std::string sha256() const;      // hex, over level1 + "\n" + level2
};

constexpr std::string_view notice_version = "2026-2";
constexpr int recording_days = 30;  // how long a recording that was asked for is kept, at the practice

Notice write_notice(Language language, const AccessRequest& request, const std::string& system_label,
                    const std::vector<KnownOperator>& operators, const NoticeParties& parties);

// What is read before time is added to an open session: the same people and tools, `minutes` more.
Notice write_extension_notice(Language language, const AccessRequest& request, const std::string& system_label,
                              const std::vector<KnownOperator>& operators, int minutes, const NoticeParties& parties);

}  // namespace pontlevis::agent
