// A text in both languages, side by side: a sentence that lacks one of them does not compile. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pontlevis::gateway {

enum class Tongue { french, english };

struct Two {
  std::string_view fr, en;
  std::string in(Tongue tongue) const { return std::string(tongue == Tongue::french ? fr : en); }
};

// The same for texts made at run time.
struct Both {
  std::string fr, en;
  Both() = default;
  Both(Two two) : fr(two.fr), en(two.en) {}  // NOLINT: implicit on purpose
  Both(std::string french, std::string english) : fr(std::move(french)), en(std::move(english)) {}
  static Both same(std::string text) { return {text, text}; }
  const std::string& in(Tongue tongue) const { return tongue == Tongue::french ? fr : en; }
  Both& operator+=(const Both& more) { return fr += more.fr, en += more.en, *this; }
};

// "fr", "en", or nothing at all, which is French.
inline std::optional<Tongue> tongue_from(std::string_view word) {
  if (word.empty() || word == "fr") return Tongue::french;
  return word == "en" ? std::optional(Tongue::english) : std::nullopt;
}
inline std::string_view code_of(Tongue tongue) { return tongue == Tongue::french ? "fr" : "en"; }

}  // namespace pontlevis::gateway
