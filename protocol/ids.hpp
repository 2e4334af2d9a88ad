// Identifiers that the compiler keeps apart. An Id can only be made by parse(), so every Id in
// the program has the form its rule states; equal text is equal identity.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "protocol/result.hpp"

namespace pontlevis {

// A name: 1 to 63 of [a-z0-9-], first and last not '-'. A UUID: 8-4-4-4-12 lower-case hex.
bool is_name(std::string_view text) noexcept;
bool is_uuid(std::string_view text) noexcept;

template <class Tag>
class Id {
 public:
  static Result<Id> parse(std::string_view text) {
    if (!Tag::valid(text))
      return fail(Errc::bad_input, "is not a valid " + std::string(Tag::what), {}, Tag::rule);
    return Id(std::string(text));
  }
  const std::string& text() const noexcept { return text_; }
  auto operator<=>(const Id&) const = default;

 private:
  explicit Id(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

struct NameTag {
  static constexpr const char* rule = "1 to 63 characters of a-z, 0-9 and '-'";
  static bool valid(std::string_view t) noexcept { return is_name(t); }
};
struct PracticeTag : NameTag { static constexpr const char* what = "practice name"; };
struct SystemTag : NameTag { static constexpr const char* what = "system name"; };
struct LoginTag : NameTag { static constexpr const char* what = "login"; };
struct InterventionTag {
  static constexpr const char* what = "intervention number";
  static constexpr const char* rule = "a UUID such as 6f1c2b7e-…, as `status` prints it";
  static bool valid(std::string_view t) noexcept { return is_uuid(t); }
};

using PracticeId = Id<PracticeTag>;          // a customer's site
using SystemId = Id<SystemTag>;              // one machine or application of a practice
using Login = Id<LoginTag>;                  // a technician, or an approver of one practice
using InterventionId = Id<InterventionTag>;  // one row of the main courante

static_assert(!std::is_convertible_v<std::string, PracticeId>);
static_assert(!std::is_convertible_v<PracticeId, SystemId>);

}  // namespace pontlevis
