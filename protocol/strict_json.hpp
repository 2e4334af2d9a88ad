// Reads JSON objects that come from outside, strictly: unknown or missing field, wrong type, out of
// range, duplicate name, non-canonical form → an Error that names the field.
//
//   StrictObject in(value, "frame hello");
//   const auto practice = in.id<PracticeId>("practice");
//   const auto minutes = in.integer("minutes", 1, 480);
//   PL_CHECK(in.finish());        // the first fault of any of the above, or an unknown field
//
// Until finish() has said yes the values read are placeholders: use them only after it.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/clock.hpp"
#include "protocol/ids.hpp"
#include "protocol/result.hpp"
#include "protocol/secret.hpp"
#include "protocol/text.hpp"

namespace pontlevis {

namespace json = boost::json;

// Parses one JSON object of at most `max_bytes` and depth 8. With `canonical` (frames, statements)
// the text must be exactly what json::serialize prints, so that one value has one form.
enum class JsonForm { canonical, any };
Result<json::object> parse_object(std::string_view text, std::size_t max_bytes, std::string_view where,
                                  JsonForm form = JsonForm::canonical);

// Overwrites every text of `object`, where it lies: for objects that carried a password.
void wipe_texts(json::object& object) noexcept;

class StrictObject {
 public:
  StrictObject(const json::value& value, std::string where);
  StrictObject(const json::object& object, std::string where) : object_(&object), where_(std::move(where)) {}

  // Text without control characters, min..max bytes of UTF-8. `lines` allows '\n' too.
  enum class Lines { one, many };
  std::string text(std::string_view name, std::size_t min, std::size_t max, Lines lines = Lines::one);
  Secret secret(std::string_view name, std::size_t min, std::size_t max);  // never copied into a string
  std::int64_t integer(std::string_view name, std::int64_t min, std::int64_t max);
  bool boolean(std::string_view name);
  Time time(std::string_view name);
  // One of `words`; its place in the list.
  std::size_t choice(std::string_view name, std::span<const std::string_view> words);
  const json::array& array(std::string_view name, std::size_t min, std::size_t max);
  const json::object& object(std::string_view name);
  std::vector<std::string> texts(std::string_view name, std::size_t min_count, std::size_t max_count,
                                 std::size_t max_bytes);
  bool has(std::string_view name) const { return object_->contains(name); }  // optional fields
  bool is_null(std::string_view name);  // reads the field when it is null

  template <class IdType>
  std::optional<IdType> id(std::string_view name) {
    auto parsed = IdType::parse(text(name, 1, 64));
    if (parsed) return *std::move(parsed);
    blame(name, parsed.error().what, parsed.error().hint);
    return std::nullopt;
  }

  void blame(std::string_view field, std::string what, std::string hint = {});  // the first one stays
  Result<> finish();
  const std::string& where() const { return where_; }

 private:
  const json::value* take(std::string_view name);
  const json::object* object_;
  std::string where_;
  std::vector<std::string> read_;
  std::optional<Error> error_;
};

}  // namespace pontlevis
