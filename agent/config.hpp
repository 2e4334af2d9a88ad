// The agent's options, one table (design §11). /etc/pontlevis/agent.toml prints from it.
#pragma once

#include "agent/notice.hpp"
#include "agent/password_mint.hpp"
#include "protocol/io/options/options.hpp"

namespace pontlevis::agent {

inline constexpr io::OptionRule option_rules[] = {
    {"agent.systems", io::OptionType::text, "systems.toml", 1, 400, "The practice's own list of systems and tools; a path from this file's folder."},
    {"agent.language", io::OptionType::text, "fr", 2, 2, "Language of the notice: fr or en."},
    {"agent.practice_name", io::OptionType::text, "", 0, 200, "The practice, as its people know it; on the page and on receipts."},
    {"agent.password_profile", io::OptionType::text, "phone", 5, 8, "phone (12 characters, 60 bits) or pgssi-s (24 characters of four classes)."},
    {"link.proxy", io::OptionType::text, "", 0, 300, "HTTP CONNECT proxy of the practice, host:port; empty: none."},
    {"link.longest_wait_seconds", io::OptionType::integer, "60", 1, 3600, "Longest pause between two tries to reach the gateway."},
    {"link.grace_seconds", io::OptionType::integer, "60", 1, 600, "How long a session outlives a lost link."},
    {"link.operator_alive_seconds", io::OptionType::integer, "15", 1, 300, "How often an operator's client is asked whether it is there; three times no answer end its connection."},
    {"page.address", io::OptionType::text, "127.0.0.1", 2, 64, "Where the practitioner's page listens; loopback only."},
    {"page.port", io::OptionType::integer, "7070", 0, 65535, "0 takes a free port; ports.json says which."},
    {"page.lock_after_minutes", io::OptionType::integer, "10", 1, 120, "The page locks after so long without an act."},
    {"notify.desktop", io::OptionType::text, "auto", 2, 5, "auto: notify-send where there is a desktop; off: never."},
    {"notify.command", io::OptionType::text, "", 0, 400, "A program to run when a request arrives, with PONTLEVIS_REQUEST and PONTLEVIS_TEXT; empty: none."},
    {"notice.vendor_name", io::OptionType::text, "", 1, 200, "The vendor, as the notice names them. Required."},
    {"notice.vendor_address", io::OptionType::text, "", 1, 300, "The vendor's postal address. Required."},
    {"notice.dpo_contact", io::OptionType::text, "", 3, 200, "The vendor's data protection officer. Required (charter 2.1)."},
    {"notice.recipients", io::OptionType::text, "éditeur (France)", 1, 500, "Who receives maintenance records, with country."},
    {"notice.transfers", io::OptionType::text, "aucun", 1, 500, "Transfers outside the European Union."},
    {"notice.rights_contact", io::OptionType::text, "", 0, 300, "Where rights are exercised; empty: the DPO."},
};
inline constexpr io::OptionTable option_table{"agent", option_rules};

class Config {
 public:
  // Errc::not_found without a file; required options missing are errors with a hint.
  static Result<Config> read(const std::filesystem::path& file, const io::OptionTexts& flags, const char* const* environment);

  std::filesystem::path systems_file() const;
  Language language() const;
  PasswordProfile profile() const;
  NoticeParties parties() const;
  const std::string& text(std::string_view key) const { return values_.text_at(option_table.place(key)); }
  std::int64_t integer(std::string_view key) const { return values_.integer_at(option_table.place(key)); }
  const io::OptionValues& values() const noexcept { return values_; }

 private:
  Config(std::filesystem::path file, io::OptionValues values) : file_(std::move(file)), values_(std::move(values)) {}
  std::filesystem::path file_;
  io::OptionValues values_;
};

}  // namespace pontlevis::agent
