// What a record may hold. Each type of record has one fixed list of fields, in order, each with its
// class and the purpose it serves (requirements B09, §4.1, §4.2). A record always has every field of
// its type: null when there is nothing to say, so that the number of digests says nothing.
//
// The class decides how long the field may stay open (requirements §3, A24):
//   open       no personal datum                                      for ever
//   person     a name, login, number or key that points to a person   5 years
//   ip         a network address                                      150 days, never more
//   text       free words of a person, file names                     5 years
//   statement  the signed note, verbatim                              5 years
// Refused, lapsed and cancelled requests: 1 year. Security events: 180 days.
// REQUIRES of every caller: a network address stands in a field of class ip and nowhere else, not in
// a statement, not in a text; no password, no patient datum anywhere.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "protocol/clock.hpp"

namespace pontlevis::audit {

// A24: never more than six months, in any copy. 150 days live leave 30 for the last backup of a key.
constexpr unsigned ip_days_live = 150, ip_days_in_all = 180;

enum class FieldClass : unsigned char { open, person, ip, text, statement };
std::string_view class_name(FieldClass cls);
std::optional<FieldClass> class_from(std::string_view name);

// The second byte of an entry.
enum class EntryClass : unsigned char { record = 1, destruction = 2, enrolment = 3, link = 4 };

struct FieldRule {
  std::string_view name;
  FieldClass cls;
  std::string_view purpose;
};

struct RecordSchema {
  std::string_view type;
  EntryClass entry_class;
  std::string_view purpose;
  unsigned keep_days;  // of its person, text and statement fields
  std::span<const FieldRule> own;  // after the common ones

  std::size_t size() const;
  const FieldRule& field(std::size_t position) const;  // common fields first
  std::optional<std::size_t> position(std::string_view name) const;
  // "2031-11-21", or nothing: the first day on which the field must be closed.
  std::optional<std::string> expires_on(FieldClass cls, Time recorded) const;
};

// type, time, intervention, practice, sequence. `time` is set by the Log; `sequence` is the place of
// the fact in its intervention as its author counts, or null.
std::span<const FieldRule> common_fields();
std::span<const RecordSchema> schemas();
const RecordSchema* find_schema(std::string_view type);
// The layout of a stored record: a type that grew has an earlier, shorter one, and old records keep it.
const RecordSchema* find_schema(std::string_view type, std::size_t size);

}  // namespace pontlevis::audit
