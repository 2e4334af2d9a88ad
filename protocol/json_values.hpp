// Small steps between C++ values and JSON that every folder takes. Pure; any thread.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pontlevis {

namespace json = boost::json;

inline json::value or_null(const std::optional<std::string>& text) {
  return text ? json::value(*text) : json::value(nullptr);
}

inline json::array texts_json(std::span<const std::string> texts) {
  json::array out;
  for (const auto& text : texts) out.emplace_back(text);
  return out;
}

// A text member, or empty when there is none or it is no text: for JSON that was judged elsewhere.
inline std::string text_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace pontlevis
