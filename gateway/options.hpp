// The configuration as one table: key, type, default, bounds, and the sentence that explains it. The table
// prints gateway.toml with every default commented, names the environment variables and flags, and
// refuses unknown keys. Order of precedence: flags, PONTLEVIS_GATEWAY_…, file, default. A value; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/result.hpp"

namespace pontlevis::gateway {

enum class OptionType { integer, text };

struct OptionRule {
  std::string_view key;  // "section.name"
  OptionType type;
  std::string_view initial;
  std::int64_t min;  // of the number, or of the text's length in bytes
  std::int64_t max;
  std::string_view comment;
};

inline constexpr OptionRule option_table[] = {
    {"vendor.name", OptionType::text, "", 1, 200, "The vendor's name, as practices read it in every request. Required."},
    {"listen.https_address", OptionType::text, "0.0.0.0", 2, 64, "Where agents connect: an IP address."},
    {"listen.https_port", OptionType::integer, "8443", 0, 65535, "0 takes a free port; ports.json says which."},
    {"listen.ssh_address", OptionType::text, "0.0.0.0", 2, 64, "Where technicians connect: an IP address."},
    {"listen.ssh_port", OptionType::integer, "2222", 0, 65535, "0 takes a free port."},
    {"listen.metrics_address", OptionType::text, "127.0.0.1", 2, 64, "Prometheus metrics; a loopback address only."},
    {"listen.metrics_port", OptionType::integer, "9464", 0, 65535, "0 takes a free port."},
    {"public.ssh_host", OptionType::text, "localhost", 1, 253, "The name under which technicians reach the SSH port."},
    {"public.ssh_port", OptionType::integer, "0", 0, 65535, "Its port as technicians see it; 0: the one listened on."},
    {"request.lifetime_minutes", OptionType::integer, "30", 1, 1440, "How long a practice has to answer before a request lapses."},
    {"request.max_minutes", OptionType::integer, "480", 1, 480, "The longest intervention a technician may ask for."},
    {"relay.dial_seconds", OptionType::integer, "15", 1, 60, "How long an agent has to dial the relay it was asked for."},
    {"limits.relays", OptionType::integer, "256", 1, 10000, "Operator connections relayed at one time."},
    {"limits.agents", OptionType::integer, "20000", 1, 100000, "HTTPS connections at one time."},
    {"limits.live_interventions", OptionType::integer, "20000", 1, 100000, "Interventions that are not closed, in all."},
    {"limits.ssh_connections", OptionType::integer, "512", 1, 10000, "Technicians' connections at one time."},
    {"limits.ssh_per_source", OptionType::integer, "8", 1, 512, "Connections of one address that have not signed in yet."},
    {"signin.tries", OptionType::integer, "5", 2, 10, "Wrong one-time codes before an account is locked."},
    {"signin.lock_minutes", OptionType::integer, "15", 1, 1440, "How long it stays locked, and the time in which tries count."},
    {"log.level", OptionType::text, "info", 4, 5, "debug, info, warn or error."},
};

// A key of the table, checked when the program is compiled.
class OptionKey {
 public:
  consteval OptionKey(const char* key) : at_(0) {  // NOLINT: implicit on purpose
    while (option_table[at_].key != key) ++at_;    // not in the table: does not compile
  }
  std::size_t at() const { return at_; }

 private:
  std::size_t at_;
};

using OptionTexts = std::map<std::string, std::string>;  // key → value, as written

class Options {
 public:
  // Every error names file and line, variable or flag.
  static Result<Options> read(const std::optional<std::filesystem::path>& file, const OptionTexts& flags,
                              const char* const* environment);
  static Options defaults();

  std::int64_t integer(OptionKey key) const { return numbers_[key.at()]; }
  const std::string& text(OptionKey key) const { return texts_[key.at()]; }
  // key=value, one a line, for those that differ from their default (requirements A14).
  std::vector<std::string> changed() const;
  std::string all_text() const;  // every key=value, for the digest in the log

  Result<> set(std::string_view key, std::string_view value, const std::string& where);
  Result<> set_number(std::string_view key, std::int64_t value, const std::string& where);

 private:
  std::array<std::int64_t, std::size(option_table)> numbers_{};
  std::array<std::string, std::size(option_table)> texts_;
};

// gateway.toml with every default as a comment; `set` stands uncommented.
std::string commented_options(const OptionTexts& set);
std::string environment_name(std::string_view key);  // PONTLEVIS_GATEWAY_LISTEN_SSH_PORT
std::string flag_name(std::string_view key);         // --listen-ssh-port

}  // namespace pontlevis::gateway
