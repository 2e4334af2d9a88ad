// The configuration of a program as one table: key, type, default, bounds, and the sentence that
// explains it. The table prints the commented file, names the environment variables and flags, and
// refuses unknown keys with file and line. Precedence: flags, PONTLEVIS_<PROGRAM>_…, file, default.
// Values, after reading; any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/result.hpp"

namespace pontlevis::io {

enum class OptionType { integer, text };

struct OptionRule {
  std::string_view key;  // "section.name"
  OptionType type;
  std::string_view initial;
  std::int64_t min;      // of the number, or of the text's length in bytes
  std::int64_t max;
  std::string_view comment;
};

struct OptionTable {
  std::string_view program;  // "gateway", "agent"
  std::span<const OptionRule> rules;

  constexpr std::size_t place(std::string_view key) const {
    std::size_t at = 0;
    while (rules[at].key != key) ++at;  // in a constant expression: not in the table does not compile
    return at;
  }
};

using OptionTexts = std::map<std::string, std::string>;  // key → value, as written

class OptionValues {
 public:
  explicit OptionValues(const OptionTable& table);  // the defaults
  // Every error names file and line, variable or flag.
  static Result<OptionValues> read(const OptionTable& table, const std::optional<std::filesystem::path>& file,
                                   const OptionTexts& flags, const char* const* environment);

  std::int64_t integer_at(std::size_t place) const { return numbers_[place]; }
  const std::string& text_at(std::size_t place) const { return texts_[place]; }
  std::vector<std::string> changed() const;  // keys that differ from their default (requirements A14)
  std::string all_text() const;              // every key=value, for the digest in the log

  Result<> set(std::string_view key, std::string_view value, const std::string& where);
  Result<> set_number(std::string_view key, std::int64_t value, const std::string& where);
  const OptionTable& table() const noexcept { return *table_; }

 private:
  const OptionTable* table_;
  std::vector<std::int64_t> numbers_;
  std::vector<std::string> texts_;
};

// The file with every default as a comment; what `set` names stands uncommented.
std::string commented_options(const OptionTable& table, const OptionTexts& set);
std::string environment_name(const OptionTable& table, std::string_view key);  // PONTLEVIS_GATEWAY_LISTEN_SSH_PORT
std::string flag_name(std::string_view key);                                   // --listen-ssh-port

}  // namespace pontlevis::io
