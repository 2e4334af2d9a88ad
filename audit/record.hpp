// From a fact to 34 bytes (docs/record-format.md §1–§4):
//   field    D_i = base64url(["salt","name",value])        an RFC 9901 disclosure, 16 random bytes of salt
//   record   B   = "pontlevis-record-v1\n" + base64url(SHA-256(D_i)) "\n" …    r = SHA-256(B)
//   entry    E   = 0x01 | class | r                        34 bytes, no personal datum, kept for ever
// Deleting D_i destroys the field and leaves every proof whole (requirements T1, A24).
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/merkle.hpp"
#include "audit/schema.hpp"
#include "protocol/clock.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/ids.hpp"
#include "protocol/random.hpp"
#include "protocol/result.hpp"

namespace pontlevis::audit {

namespace json = boost::json;

constexpr std::size_t max_disclosure_bytes = 192 * 1024;  // a 64 KiB statement, escaped and encoded

struct Field {
  std::string name;
  json::value value;
  FieldClass cls{};
};

// A fact to be appended: the fields of one type, without salt, time or index.
class Record {
 public:
  // Unknown type or field, or a value for `type` or `time` = error; absent fields are null.
  //   Record::make("refusal", {{"intervention", id.text()}, {"practice", "…"}, {"approver", "…"}})
  static Result<Record> make(std::string_view type, const json::object& fields);

  // The same for the facts a party signed: fills `statement` (the note) and `statement_sha256`.
  static Result<Record> of_statement(std::string_view type, const json::object& fields, std::string_view note);

  std::string_view type() const noexcept { return schema_->type; }
  const RecordSchema& schema() const noexcept { return *schema_; }
  const json::value& value(std::string_view name) const;  // null when the type has no such field
  // Every field in schema order, `time` = `recorded`.
  std::vector<Field> fields(Time recorded) const;

 private:
  Record(const RecordSchema& schema, std::vector<json::value> values)
      : schema_(&schema), values_(std::move(values)) {}
  const RecordSchema* schema_;
  std::vector<json::value> values_;
};

struct OpenedField {
  std::string name;
  json::value value;
};

// RFC 9901 disclosures, in their one canonical form.
std::string disclose(const Field& field, Random& random);
Result<OpenedField> open_disclosure(std::string_view disclosure);
Digest disclosure_digest(std::string_view disclosure);

std::string record_body(std::span<const Digest> digests);                  // B
std::string record_entry(EntryClass cls, std::span<const Digest> digests);  // E
Result<EntryClass> parse_entry(std::string_view entry);                    // strict: 34 bytes, known class

// One field as a store or a bundle keeps it: open (disclosure), closed by destruction (digest only), or there
// and not to be opened: its key is gone without a destruction, or its ciphertext was changed.
enum class FieldState : unsigned char { open, closed, no_key, altered };

struct StoredField {
  std::string name;
  FieldClass cls{};
  std::optional<std::string> expires_on;  // date
  std::string disclosure;                 // empty unless open
  Digest digest;                          // always set
  FieldState unread = FieldState::closed;  // why it is not open: closed, no_key or altered
  bool is_open() const noexcept { return !disclosure.empty(); }
  FieldState state() const noexcept { return is_open() ? FieldState::open : unread; }
  bool is_unreadable() const noexcept { return state() == FieldState::no_key || state() == FieldState::altered; }
};

struct StoredRecord {
  LeafIndex index{};
  std::string entry;  // 34 bytes
  std::vector<StoredField> fields;  // none: the whole record was destroyed, its entry stays
  bool is_gone() const noexcept { return fields.empty(); }

  // Every open field. Nothing is verified here but the form: see check_record(). A field whose ciphertext was
  // changed is Errc::bad_signature; one whose key was lost is left out.
  Result<json::object> open() const;
  std::string type() const;  // empty when closed or malformed
};

// E ↔ B ↔ D_i: the digests make the entry, each open field has the name its place demands, the class
// and the last day of each field are those of the table, and none is there that cannot be opened.
// Errc::bad_signature otherwise, also for a record that is gone: whether it may be is for audit/verify.cpp.
Result<> check_record(const StoredRecord& record);

// A record as text for a proof: one line a field, a disclosure or "sha256:<base64url digest>".
std::string print_disclosures(const StoredRecord& record);
Result<std::vector<std::string>> parse_disclosures(std::string_view text);

}  // namespace pontlevis::audit
