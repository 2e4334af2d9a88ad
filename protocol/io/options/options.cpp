#include "protocol/io/options/options.hpp"

#include <toml.hpp>

#include "protocol/text.hpp"

namespace pontlevis::io {
namespace {

const OptionRule* find_rule(const OptionTable& table, std::string_view key) {
  for (const auto& rule : table.rules)
    if (rule.key == key) return &rule;
  return nullptr;
}
std::size_t place_of(const OptionTable& table, const OptionRule& rule) {
  return static_cast<std::size_t>(&rule - table.rules.data());
}

std::string list_of_keys(const OptionTable& table, std::string_view section) {
  std::string out;
  for (const auto& rule : table.rules)
    if (rule.key.starts_with(section)) out += (out.empty() ? "" : ", ") + std::string(rule.key);
  return out;
}

std::unexpected<Error> unknown_key(const OptionTable& table, std::string_view key, const std::string& where) {
  const auto dot = key.find('.');
  auto known = list_of_keys(table, key.substr(0, dot == key.npos ? 0 : dot + 1));
  if (known.empty()) known = list_of_keys(table, "");
  return fail(Errc::bad_input, "unknown key '" + printable(key, 80) + "'", where, "known keys: " + known);
}

std::optional<std::int64_t> parse_number(std::string_view text) {
  const auto value = parse_decimal(text, INT64_MAX);
  return value ? std::optional(static_cast<std::int64_t>(*value)) : std::nullopt;
}

std::string bounds_of(const OptionRule& rule) { return std::to_string(rule.min) + " to " + std::to_string(rule.max); }

std::string place_in(const std::filesystem::path& file, const toml::value& value) {
  return file.string() + ":" + std::to_string(value.location().line());
}

Result<> read_table(OptionValues& out, const toml::value& root, const std::filesystem::path& file);

}  // namespace

Result<> OptionValues::set(std::string_view key, std::string_view value, const std::string& where) {
  const auto* rule = find_rule(*table_, key);
  if (!rule) return unknown_key(*table_, key, where);
  if (rule->type == OptionType::integer) {
    const auto number = parse_number(value);
    if (!number)
      return fail(Errc::bad_input, "'" + std::string(key) + "' must be a whole number from " + bounds_of(*rule), where);
    return set_number(key, *number, where);
  }
  const auto size = static_cast<std::int64_t>(value.size());
  if (size < rule->min || size > rule->max || has_control(value) || !is_utf8(value))
    return fail(Errc::bad_input, "'" + std::string(key) + "' must be a text of " + bounds_of(*rule) + " bytes", where);
  texts_[place_of(*table_, *rule)] = value;
  return {};
}

Result<> OptionValues::set_number(std::string_view key, std::int64_t value, const std::string& where) {
  const auto* rule = find_rule(*table_, key);
  if (!rule) return unknown_key(*table_, key, where);
  if (rule->type != OptionType::integer)
    return fail(Errc::bad_input, "'" + std::string(key) + "' must be a text", where, "put it between quotes");
  if (value < rule->min || value > rule->max)
    return fail(Errc::bad_input, "'" + std::string(key) + "' must be a whole number from " + bounds_of(*rule), where);
  numbers_[place_of(*table_, *rule)] = value;
  return {};
}

namespace {

Result<> read_table(OptionValues& out, const toml::value& root, const std::filesystem::path& file) {
  for (const auto& [section, inner] : root.as_table()) {
    if (!inner.is_table()) return unknown_key(out.table(), section, place_in(file, inner));
    for (const auto& [name, value] : inner.as_table()) {
      const std::string key = section + "." + name;
      const std::string where = place_in(file, value);
      const auto* rule = find_rule(out.table(), key);
      if (!rule) return unknown_key(out.table(), key, where);
      if (value.is_integer()) PL_CHECK(out.set_number(key, value.as_integer(), where));
      else if (value.is_string() && rule->type == OptionType::text) PL_CHECK(out.set(key, value.as_string().str, where));
      else return fail(Errc::bad_input, "'" + key + "' is of the wrong type", where, rule->type == OptionType::integer ? "a whole number" : "a text between quotes");
    }
  }
  return {};
}

// toml11 draws the place: " 2 | port = [" below an arrow; the number before the bar is the line.
std::string line_in(std::string_view message) {
  const auto bar = message.find(" | ", message.find("-->"));
  std::string out;
  for (auto at = bar; bar != message.npos && at > 0 && message[at - 1] >= '0' && message[at - 1] <= '9'; --at)
    out.insert(out.begin(), message[at - 1]);
  return out;
}

// toml11 reports by exceptions; they end here.
Result<> read_file_into(OptionValues& out, const std::filesystem::path& file) {
  if (!std::filesystem::is_regular_file(file))
    return fail(Errc::not_found, "is not a file", file.string(), "pontlevis-" + std::string(out.table().program) + (out.table().program == "gateway" ? " init writes one" : " enroll writes one"));
  try {
    const toml::value root = toml::parse(file.string());
    return read_table(out, root, file);
  } catch (const std::exception& e) {
    const std::string_view all = e.what();
    const auto line = line_in(all);
    return fail(Errc::bad_input, "is not TOML", line.empty() ? file.string() : file.string() + ":" + line,
                printable(all.substr(0, all.find('\n')), 160));
  }
}

}  // namespace

OptionValues::OptionValues(const OptionTable& table) : table_(&table) {
  for (const auto& rule : table.rules) {
    const bool is_text = rule.type == OptionType::text;
    texts_.emplace_back(is_text ? rule.initial : "");
    numbers_.push_back(is_text ? 0 : parse_number(rule.initial).value_or(rule.min));
  }
}

Result<OptionValues> OptionValues::read(const OptionTable& table, const std::optional<std::filesystem::path>& file,
                                        const OptionTexts& flags, const char* const* environment) {
  OptionValues out(table);
  if (file) PL_CHECK(read_file_into(out, *file));
  const std::string prefix = environment_name(table, "");
  for (; environment && *environment; ++environment) {
    const std::string_view entry(*environment);
    if (!entry.starts_with(prefix)) continue;
    const auto name = entry.substr(0, entry.find('='));
    const OptionRule* found = nullptr;
    for (const auto& rule : table.rules)
      if (environment_name(table, rule.key) == name) found = &rule;
    if (!found) return unknown_key(table, name, "environment");
    PL_CHECK(out.set(found->key, entry.substr(std::min(entry.size(), name.size() + 1)), "environment " + std::string(name)));
  }
  for (const auto& [key, value] : flags) PL_CHECK(out.set(key, value, flag_name(key)));
  return out;
}

std::vector<std::string> OptionValues::changed() const {
  const OptionValues initial(*table_);
  std::vector<std::string> out;
  for (std::size_t i = 0; i < table_->rules.size(); ++i)
    if (texts_[i] != initial.texts_[i] || numbers_[i] != initial.numbers_[i]) out.emplace_back(table_->rules[i].key);
  return out;
}

std::string OptionValues::all_text() const {
  std::string out;
  for (std::size_t i = 0; i < table_->rules.size(); ++i)
    out += std::string(table_->rules[i].key) + "=" +
           (table_->rules[i].type == OptionType::text ? texts_[i] : std::to_string(numbers_[i])) + "\n";
  return out;
}

std::string commented_options(const OptionTable& table, const OptionTexts& set) {
  std::string out = "# Pontlevis " + std::string(table.program) + ". Every option with its default as a comment; a key that is not listed here is an error.\n"
                    "# Flags and " + environment_name(table, "section.name") + " in the environment come before this file.\n";
  std::string_view section;
  for (const auto& rule : table.rules) {
    const auto dot = rule.key.find('.');
    if (rule.key.substr(0, dot) != section) out += "\n[" + std::string(section = rule.key.substr(0, dot)) + "]\n";
    out += "# " + std::string(rule.comment) + "\n";
    const auto given = set.find(std::string(rule.key));
    std::string value = given == set.end() ? std::string(rule.initial) : given->second;
    if (rule.type == OptionType::text) value = toml::format(toml::value(value));
    out += (given == set.end() ? "#" : "") + std::string(rule.key.substr(dot + 1)) + " = " + value + "\n";
  }
  return out;
}

std::string environment_name(const OptionTable& table, std::string_view key) {
  std::string out = "PONTLEVIS_";
  for (char c : std::string(table.program) + "." + std::string(key)) out += c == '.' ? '_' : (c >= 'a' && c <= 'z') ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

std::string flag_name(std::string_view key) {
  std::string out = "--";
  for (char c : key) out += (c == '.' || c == '_') ? '-' : c;
  return out;
}

}  // namespace pontlevis::io
