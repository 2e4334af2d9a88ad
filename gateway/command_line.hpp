// A command line as a technician types it after `ssh gateway`: words, quotes, options. The client joins its
// arguments with spaces, so the technician's own shell has already eaten one level of quotes: text
// options therefore take every word up to the next "--option", and a quote inside a word (l'imprimante) is
// an ordinary character. Bounded and strict; errors say what and how. Pure.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/result.hpp"

namespace pontlevis::gateway {

constexpr std::size_t max_command_bytes = 8 * 1024;
constexpr std::size_t max_command_words = 1024;

// Splits at spaces. A word that begins with ' or " ends at the same quote; inside "…", \" and \\ are escapes.
Result<std::vector<std::string>> split_words(std::string_view line);

enum class OptionShape {
  flag,  // no value
  word,  // one word
  text,  // every word up to the next option, joined by a space
  many,  // one word, may be given again
  texts, // text, may be given again
};
struct CommandOption {
  std::string_view name;  // "--tools"
  OptionShape shape;
};
struct CommandGrammar {
  std::string_view name;
  std::size_t min_words, max_words;  // besides options
  std::string_view words_are;        // "SYSTEM.PRACTICE", for messages
  std::span<const CommandOption> options;
};

class Arguments {
 public:
  std::vector<std::string> words;
  bool has(std::string_view option) const { return options_.contains(std::string(option)); }
  std::string one(std::string_view option, std::string_view otherwise = {}) const;
  std::vector<std::string> all(std::string_view option) const;
  void put(std::string_view option, std::string value) { options_[std::string(option)].push_back(std::move(value)); }

 private:
  std::map<std::string, std::vector<std::string>> options_;
};

// `words` without the command's own name. "--json" and "--lang fr|en" belong to every command.
Result<Arguments> parse_arguments(const CommandGrammar& grammar, std::span<const std::string> words);

}  // namespace pontlevis::gateway
