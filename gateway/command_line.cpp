#include "gateway/command_line.hpp"

#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

std::unexpected<Error> bad(std::string what, std::string hint = {}) {
  return fail(Errc::bad_input, std::move(what), "command line", std::move(hint));
}

constexpr std::string_view quote_hint =
    "begin and end a text with the same quote, and quote the whole command once more for your own shell: "
    "ssh gateway 'request … --reason \"two words\"'";

// The quoted word that starts at line[at]; moves `at` behind its closing quote.
Result<std::string> quoted_word(std::string_view line, std::size_t& at) {
  const char quote = line[at++];
  std::string out;
  for (; at < line.size() && line[at] != quote; ++at) {
    if (quote == '"' && line[at] == '\\' && at + 1 < line.size() && (line[at + 1] == '"' || line[at + 1] == '\\')) ++at;
    out += line[at];
  }
  if (at == line.size()) return bad(std::string("a text that begins with ") + quote + " has no end", std::string(quote_hint));
  ++at;
  if (at < line.size() && line[at] != ' ')
    return bad("text goes on behind a closing quote", std::string(quote_hint));
  return out;
}

const CommandOption* find_option(const CommandGrammar& grammar, std::string_view name) {
  static constexpr CommandOption common[] = {{"--json", OptionShape::flag}, {"--lang", OptionShape::word}};
  for (const auto& option : grammar.options)
    if (option.name == name) return &option;
  for (const auto& option : common)
    if (option.name == name) return &option;
  return nullptr;
}

std::string list_options(const CommandGrammar& grammar) {
  std::string out;
  for (const auto& option : grammar.options) out += std::string(option.name) + ", ";
  return out + "--json, --lang";
}

bool is_option(std::string_view word) { return word.starts_with("--") && word.size() > 2; }

// The value that follows option words[at]; moves `at` to the value's last word.
Result<std::string> value_after(const CommandOption& option, std::span<const std::string> words, std::size_t& at) {
  if (option.shape == OptionShape::flag) return std::string("yes");
  const std::string name(option.name);
  if (at + 1 >= words.size() || is_option(words[at + 1])) return bad("'" + name + "' needs a value", name + " VALUE");
  std::string out = words[++at];
  if (option.shape != OptionShape::text && option.shape != OptionShape::texts) return out;
  while (at + 1 < words.size() && !is_option(words[at + 1])) out += " " + words[++at];
  return out;
}

Result<> check_count(const CommandGrammar& grammar, const Arguments& out) {
  const std::string name(grammar.name), wanted(grammar.words_are);
  if (out.words.size() < grammar.min_words) return bad("'" + name + "' needs " + wanted, name + " " + wanted + " …; see: help " + name);
  if (out.words.size() > grammar.max_words)
    return bad("'" + printable(out.words[grammar.max_words], 40) + "' is one word too many for '" + name + "'",
               grammar.max_words == 0 ? "'" + name + "' takes options only" : "only " + wanted + " and options; see: help " + name);
  return {};
}

}  // namespace

Result<std::vector<std::string>> split_words(std::string_view line) {
  if (line.size() > max_command_bytes) return bad("is longer than 8192 bytes");
  if (!is_utf8(line)) return bad("is not UTF-8");
  std::string visible(line);
  for (char& c : visible)
    if (c == '\n' || c == '\t') c = ' ';
  if (has_control(visible)) return bad("holds a control character");
  std::vector<std::string> out;
  for (std::size_t at = 0; at < visible.size();) {
    if (visible[at] == ' ') {
      ++at;
      continue;
    }
    if (out.size() == max_command_words) return bad("has more than 1024 words");
    if (visible[at] == '\'' || visible[at] == '"') {
      PL_TRY(word, quoted_word(visible, at));
      out.push_back(std::move(word));
      continue;
    }
    const auto end = std::min(visible.find(' ', at), visible.size());
    out.push_back(visible.substr(at, end - at));
    at = end;
  }
  return out;
}

std::string Arguments::one(std::string_view option, std::string_view otherwise) const {
  const auto at = options_.find(std::string(option));
  return at == options_.end() ? std::string(otherwise) : at->second.front();
}

std::vector<std::string> Arguments::all(std::string_view option) const {
  const auto at = options_.find(std::string(option));
  return at == options_.end() ? std::vector<std::string>{} : at->second;
}

Result<Arguments> parse_arguments(const CommandGrammar& grammar, std::span<const std::string> words) {
  Arguments out;
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (!is_option(words[at])) {
      out.words.push_back(words[at]);
      continue;
    }
    const auto* option = find_option(grammar, words[at]);
    if (!option)
      return bad("'" + printable(words[at], 40) + "' is not an option of '" + std::string(grammar.name) + "'",
                 "its options: " + list_options(grammar));
    const bool again = option->shape == OptionShape::many || option->shape == OptionShape::texts;
    if (out.has(option->name) && !again) return bad("'" + std::string(option->name) + "' is given twice");
    PL_TRY(value, value_after(*option, words, at));
    out.put(option->name, std::move(value));
  }
  PL_CHECK(check_count(grammar, out));
  if (const auto lang = out.one("--lang", "en"); lang != "en" && lang != "fr")
    return bad("'--lang' must be en or fr");
  return out;
}

}  // namespace pontlevis::gateway
