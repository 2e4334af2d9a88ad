#include "protocol/strict_json.hpp"

#include <algorithm>

namespace pontlevis {
namespace {
const json::object empty_object;
const json::array empty_array;
}  // namespace

Result<json::object> parse_object(std::string_view text, std::size_t max_bytes, std::string_view where,
                                  JsonForm form) {
  const std::string place(where);
  if (text.size() > max_bytes)
    return fail(Errc::bad_input, "is longer than " + std::to_string(max_bytes) + " bytes", place);
  if (!is_utf8(text)) return fail(Errc::bad_input, "is not UTF-8", place);
  json::parse_options options;
  options.max_depth = 8;
  boost::system::error_code ec;
  json::value value = json::parse(text, ec, {}, options);
  if (ec) return fail(Errc::bad_input, "is not JSON: " + ec.message(), place);
  if (!value.is_object()) return fail(Errc::bad_input, "is not a JSON object", place);
  if (form == JsonForm::canonical && json::serialize(value) != text)
    return fail(Errc::bad_input, "is not in canonical form", place,
                "no white space, no duplicate name, shortest escapes");
  return std::move(value.as_object());
}

namespace {
void wipe_value(json::value& value) noexcept {
  if (auto* text = value.if_string()) wipe_bytes({text->data(), text->size()});
  if (auto* list = value.if_array())
    for (auto& item : *list) wipe_value(item);
  if (auto* inner = value.if_object()) wipe_texts(*inner);
}
}  // namespace

void wipe_texts(json::object& object) noexcept {
  for (auto& member : object) wipe_value(member.value());
}

StrictObject::StrictObject(const json::value& value, std::string where)
    : object_(value.is_object() ? &value.get_object() : &empty_object), where_(std::move(where)) {
  if (!value.is_object()) blame("", "is not an object");
}

void StrictObject::blame(std::string_view field, std::string what, std::string hint) {
  if (error_) return;
  const std::string name = printable(field, 64);
  error_ = Error{Errc::bad_input, (name.empty() ? "" : "field '" + name + "' ") + what, where_, std::move(hint)};
}

const json::value* StrictObject::take(std::string_view name) {
  read_.emplace_back(name);
  const auto* value = object_->if_contains(name);
  if (!value) blame(name, "is missing");
  return value;
}

std::string StrictObject::text(std::string_view name, std::size_t min, std::size_t max, Lines lines) {
  const auto* value = take(name);
  if (!value) return {};
  if (!value->is_string()) return blame(name, "is not a text"), std::string{};
  std::string out(value->get_string());
  std::string visible = out;
  if (lines == Lines::many) std::erase(visible, '\n');
  if (out.size() < min || out.size() > max)
    blame(name, "must have " + std::to_string(min) + " to " + std::to_string(max) + " bytes");
  else if (!is_utf8(out) || has_control(visible))
    blame(name, "holds a character that is not allowed", "plain text in UTF-8");
  return out;
}

Secret StrictObject::secret(std::string_view name, std::size_t min, std::size_t max) {
  const auto* value = take(name);
  if (!value) return {};
  const bool good = value->is_string() && value->get_string().size() >= min && value->get_string().size() <= max;
  if (!good) blame(name, "must have " + std::to_string(min) + " to " + std::to_string(max) + " bytes");
  return good ? Secret(std::string_view(value->get_string())) : Secret();
}

std::int64_t StrictObject::integer(std::string_view name, std::int64_t min, std::int64_t max) {
  const auto* value = take(name);
  if (!value) return min;
  boost::system::error_code ec;
  const auto number = value->is_double() ? 0 : value->to_number<std::int64_t>(ec);
  if (value->is_double() || ec || number < min || number > max)
    blame(name, "must be a whole number from " + std::to_string(min) + " to " + std::to_string(max));
  return number;
}

bool StrictObject::boolean(std::string_view name) {
  const auto* value = take(name);
  if (value && !value->is_bool()) blame(name, "must be true or false");
  return value && value->is_bool() && value->get_bool();
}

Time StrictObject::time(std::string_view name) {
  const auto parsed = from_utc(text(name, 24, 24));
  if (!parsed) blame(name, "is not a time", "UTC, such as 2026-11-22T08:30:00.000Z");
  return parsed.value_or(Time{});
}

std::size_t StrictObject::choice(std::string_view name, std::span<const std::string_view> words) {
  const std::string word = text(name, 1, 64);
  const auto at = std::find(words.begin(), words.end(), word);
  if (at != words.end()) return static_cast<std::size_t>(at - words.begin());
  std::string list;
  for (auto w : words) list += (list.empty() ? "" : ", ") + std::string(w);
  blame(name, "is not one of the known words", "one of: " + list);
  return 0;
}

const json::array& StrictObject::array(std::string_view name, std::size_t min, std::size_t max) {
  const auto* value = take(name);
  if (!value) return empty_array;
  if (!value->is_array()) return blame(name, "is not a list"), empty_array;
  const auto& list = value->get_array();
  if (list.size() < min || list.size() > max)
    return blame(name, "must have " + std::to_string(min) + " to " + std::to_string(max) + " items"), empty_array;
  return list;
}

const json::object& StrictObject::object(std::string_view name) {
  const auto* value = take(name);
  if (value && value->is_object()) return value->get_object();
  if (value) blame(name, "is not an object");
  return empty_object;
}

std::vector<std::string> StrictObject::texts(std::string_view name, std::size_t min_count,
                                             std::size_t max_count, std::size_t max_bytes) {
  std::vector<std::string> out;
  for (const auto& item : array(name, min_count, max_count)) {
    const bool good = item.is_string() && !item.get_string().empty() && item.get_string().size() <= max_bytes &&
                      is_utf8(item.get_string()) && !has_control(item.get_string());
    if (!good) return blame(name, "holds an item that is not a plain text"), out;
    out.emplace_back(item.get_string());
  }
  return out;
}

bool StrictObject::is_null(std::string_view name) {
  const auto* value = object_->if_contains(name);
  if (!value || !value->is_null()) return false;
  read_.emplace_back(name);
  return true;
}

Result<> StrictObject::finish() {
  for (const auto& member : *object_)
    if (std::find(read_.begin(), read_.end(), std::string_view(member.key())) == read_.end())
      blame(member.key(), "is not known here");
  if (error_) return std::unexpected(*error_);
  return {};
}

}  // namespace pontlevis
