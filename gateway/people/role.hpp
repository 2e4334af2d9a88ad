// Who a person is at the vendor, and what a token of theirs may do (design §1). No role can open a
// session: only the practice opens. Values; any thread.
#pragma once

#include "protocol/ids.hpp"
#include "protocol/words.hpp"

namespace pontlevis::gateway {

enum class Role : unsigned char { technician, administrator, compliance, auditor };

// What a personal access token was made for; a person at the console may do all that their role may.
enum class Scope : unsigned char { read, ask, report, administer };

// A set of roles, for the table of routes.
class Roles {
 public:
  constexpr Roles() = default;
  constexpr Roles(Role role) : bits_(static_cast<unsigned char>(1u << static_cast<unsigned>(role))) {}  // NOLINT: implicit on purpose
  constexpr Roles operator|(Roles other) const { Roles out; out.bits_ = static_cast<unsigned char>(bits_ | other.bits_); return out; }
  constexpr bool has(Role role) const { return (bits_ & (1u << static_cast<unsigned>(role))) != 0; }
  constexpr bool operator==(const Roles&) const = default;

 private:
  unsigned char bits_ = 0;
};
constexpr Roles operator|(Role a, Role b) { return Roles(a) | Roles(b); }
inline constexpr Roles everyone = Role::technician | Role::administrator | Role::compliance | Role::auditor;

struct Person {
  Login login;
  std::string name;
  Role role;
};

}  // namespace pontlevis::gateway
template <> struct pontlevis::Spelling<pontlevis::gateway::Role> {
  static constexpr std::array<std::string_view, 4> words{"technician", "administrator", "compliance", "auditor"};
};
template <> struct pontlevis::Spelling<pontlevis::gateway::Scope> {
  static constexpr std::array<std::string_view, 4> words{"read", "ask", "report", "administer"};
};
