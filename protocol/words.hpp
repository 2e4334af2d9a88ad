// The words of an intervention that both sides exchange, each an enum with one spelling on the
// wire and in records (requirements §4.1). A word outside its list is refused where it is read.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace pontlevis {

// Spelling<Enum>::words[i] is the wire form of the enum's i-th value.
template <class Enum>
struct Spelling;

template <class Enum>
constexpr std::string_view word(Enum value) noexcept {
  return Spelling<Enum>::words[static_cast<std::size_t>(value)];
}

enum class Purpose { maintenance, support };  // A30
template <> struct Spelling<Purpose> {
  static constexpr std::array<std::string_view, 2> words{"MAINTENANCE", "SUPPORT"};
};

enum class Criticality { standard, sensitive, critical };  // A45
template <> struct Spelling<Criticality> {
  static constexpr std::array<std::string_view, 3> words{"STANDARD", "SENSITIVE", "CRITICAL"};
};

enum class Difficulty { single, pair };  // A35
template <> struct Spelling<Difficulty> {
  static constexpr std::array<std::string_view, 2> words{"SINGLE", "PAIR"};
};

enum class OperatorRole { lead, pair, additional };  // A35, A36, A40
template <> struct Spelling<OperatorRole> {
  static constexpr std::array<std::string_view, 3> words{"LEAD", "PAIR", "ADDITIONAL"};
};

enum class OperatorMode { connected, consulted };
template <> struct Spelling<OperatorMode> {
  static constexpr std::array<std::string_view, 2> words{"CONNECTED", "CONSULTED"};
};

enum class AccessType { view, control, transfer_in, transfer_out };  // A02
template <> struct Spelling<AccessType> {
  static constexpr std::array<std::string_view, 4> words{"VIEW", "CONTROL", "TRANSFER_IN", "TRANSFER_OUT"};
};

enum class Watch { watched, not_watched };  // A38, T9
template <> struct Spelling<Watch> {
  static constexpr std::array<std::string_view, 2> words{"WATCHED", "NOT_WATCHED"};
};

enum class ApproverRole { owner, delegate, observer };  // A07
template <> struct Spelling<ApproverRole> {
  static constexpr std::array<std::string_view, 3> words{"OWNER", "DELEGATE", "OBSERVER"};
};

enum class EndCause { done, withdrawn, timeout, error, policy, link_lost, unknown };
template <> struct Spelling<EndCause> {
  static constexpr std::array<std::string_view, 7> words{"DONE", "WITHDRAWN", "TIMEOUT", "ERROR",
                                                         "POLICY", "LINK_LOST", "UNKNOWN"};
};

enum class Outcome { solved, partly_solved, not_solved };
template <> struct Spelling<Outcome> {
  static constexpr std::array<std::string_view, 3> words{"SOLVED", "PARTLY_SOLVED", "NOT_SOLVED"};
};

enum class Cleanup { done, not_applicable };  // Clausier: residual data deleted after intervention
template <> struct Spelling<Cleanup> {
  static constexpr std::array<std::string_view, 2> words{"DONE", "NOT_APPLICABLE"};
};

}  // namespace pontlevis
