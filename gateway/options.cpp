#include "gateway/options.hpp"

#include <toml.hpp>

#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

const OptionRule* find_rule(std::string_view key) {
  for (const auto& rule : option_table)
    if (rule.key == key) return &rule;
  return nullptr;
}
std::size_t place_of(const OptionRule& rule) { return static_cast<std::size_t>(&rule - option_table); }

std::string list_of_keys(std::string_view section) {
  std::string out;
  for (const auto& rule : option_table)
    if (rule.key.starts_with(section)) out += (out.empty() ? "" : ", ") + std::string(rule.key);
  return out;
}

std::unexpected<Error> unknown_key(std::string_view key, const std::string& where) {
  const auto dot = key.find('.');
  auto known = list_of_keys(key.substr(0, dot == key.npos ? 0 : dot + 1));
  if (known.empty()) known = list_of_keys("");
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

}  // namespace

Result<> Options::set(std::string_view key, std::string_view value, const std::string& where) {
  const auto* rule = find_rule(key);
  if (!rule) return unknown_key(key, where);
  if (rule->type == OptionType::integer) {
    const auto number = parse_number(value);
    if (!number)
      return fail(Errc::bad_input, "'" + std::string(key) + "' must be a whole number from " + bounds_of(*rule), where);
    return set_number(key, *number, where);
  }
  const auto size = static_cast<std::int64_t>(value.size());
  if (size < rule->min || size > rule->max || has_control(value) || !is_utf8(value))
    return fail(Errc::bad_input, "'" + std::string(key) + "' must be a text of " + bounds_of(*rule) + " bytes", where);
  texts_[place_of(*rule)] = value;
  return {};
}

Result<> Options::set_number(std::string_view key, std::int64_t value, const std::string& where) {
  const auto* rule = find_rule(key);
  if (!rule) return unknown_key(key, where);
  if (rule->type != OptionType::integer)
    return fail(Errc::bad_input, "'" + std::string(key) + "' must be a text", where, "put it between quotes");
  if (value < rule->min || value > rule->max)
    return fail(Errc::bad_input, "'" + std::string(key) + "' must be a whole number from " + bounds_of(*rule), where);
  numbers_[place_of(*rule)] = value;
  return {};
}

namespace {

Result<> read_value(Options& out, const std::string& key, const toml::value& value, const std::string& where) {
  const bool text = find_rule(key)->type == OptionType::text;
  if (value.is_integer()) return out.set_number(key, value.as_integer(), where);
  if (value.is_string() && text) return out.set(key, value.as_string().str, where);
  return fail(Errc::bad_input, "'" + key + "' is of the wrong type", where, text ? "a text between quotes" : "a whole number");
}

Result<> read_table(Options& out, const toml::value& root, const std::filesystem::path& file) {
  for (const auto& [section, inner] : root.as_table()) {
    if (!inner.is_table()) return unknown_key(section, place_in(file, inner));
    for (const auto& [name, value] : inner.as_table()) {
      const std::string key = section + "." + name;
      const std::string where = place_in(file, value);
      if (!find_rule(key)) return unknown_key(key, where);
      PL_CHECK(read_value(out, key, value, where));
    }
  }
  return {};
}

// toml11 prints the place as " --> FILE", then lines " N | text"; the number of the first one.
std::string line_in(std::string_view message) {
  const auto bar = message.find(" | ", message.find("-->"));
  std::string out;
  for (auto at = bar; bar != message.npos && at > 0 && message[at - 1] >= '0' && message[at - 1] <= '9'; --at)
    out.insert(out.begin(), message[at - 1]);
  return out;
}

// toml11 reports by exceptions; they end here.
Result<> read_file_into(Options& out, const std::filesystem::path& file) {
  if (!std::filesystem::is_regular_file(file))
    return fail(Errc::not_found, "is not a file", file.string(), "pontlevis-gateway init writes one");
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

Options Options::defaults() {
  Options out;
  for (std::size_t i = 0; i < std::size(option_table); ++i) {
    const auto& rule = option_table[i];
    out.texts_[i] = rule.type == OptionType::text ? rule.initial : "";
    if (rule.type == OptionType::integer) out.numbers_[i] = parse_number(rule.initial).value_or(rule.min);
  }
  return out;
}

Result<Options> Options::read(const std::optional<std::filesystem::path>& file, const OptionTexts& flags,
                              const char* const* environment) {
  Options out = defaults();
  if (file) PL_CHECK(read_file_into(out, *file));
  for (; environment && *environment; ++environment) {
    const std::string_view entry(*environment);
    if (!entry.starts_with("PONTLEVIS_GATEWAY_")) continue;
    const auto name = entry.substr(0, entry.find('='));
    const OptionRule* found = nullptr;
    for (const auto& rule : option_table)
      if (environment_name(rule.key) == name) found = &rule;
    if (!found) return unknown_key(name, "environment");
    PL_CHECK(out.set(found->key, entry.substr(std::min(entry.size(), name.size() + 1)), "environment " + std::string(name)));
  }
  for (const auto& [key, value] : flags) PL_CHECK(out.set(key, value, flag_name(key)));
  const auto& level = out.text("log.level");
  if (level != "debug" && level != "info" && level != "warn" && level != "error")
    return fail(Errc::bad_input, "'log.level' must be debug, info, warn or error", file ? file->string() : "options");
  return out;
}

std::vector<std::string> Options::changed() const {
  const auto initial = defaults();
  std::vector<std::string> out;
  for (std::size_t i = 0; i < std::size(option_table); ++i)
    if (texts_[i] != initial.texts_[i] || numbers_[i] != initial.numbers_[i]) out.emplace_back(option_table[i].key);
  return out;
}

std::string Options::all_text() const {
  std::string out;
  for (std::size_t i = 0; i < std::size(option_table); ++i)
    out += std::string(option_table[i].key) + "=" +
           (option_table[i].type == OptionType::text ? texts_[i] : std::to_string(numbers_[i])) + "\n";
  return out;
}

std::string commented_options(const OptionTexts& set) {
  std::string out = "# Pontlevis gateway. Every option with its default as a comment; a key that is not listed here is an error.\n"
                    "# Flags and PONTLEVIS_GATEWAY_SECTION_NAME in the environment come before this file.\n";
  std::string_view section;
  for (const auto& rule : option_table) {
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

std::string environment_name(std::string_view key) {
  std::string out = "PONTLEVIS_GATEWAY_";
  for (char c : key) out += c == '.' ? '_' : (c >= 'a' && c <= 'z') ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

std::string flag_name(std::string_view key) {
  std::string out = "--";
  for (char c : key) out += (c == '.' || c == '_') ? '-' : c;
  return out;
}

}  // namespace pontlevis::gateway
