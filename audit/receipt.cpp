#include "audit/receipt.hpp"

#include <algorithm>

#include "audit/receipt_record.hpp"
#include "protocol/statement.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::audit {
namespace {

constexpr std::size_t max_statements = 64;

std::string field_text(const json::object& fields, std::string_view name) { return text_at(fields, name); }

// ---- making one ----

Result<Said> said_in(const StoredRecord& record, const NoteVerifier& key) {
  PL_CHECK(check_record(record));
  PL_TRY(fields, record.open());
  const auto note = field_text(fields, "statement");
  const auto type = record.type();
  if (note.empty())
    return fail(Errc::expired, "the signed statement was destroyed at its day", "receipt, record " + std::to_string(record.index));
  PL_TRY(body, open_statement(note, type, key));
  return Said{type, std::move(body), note, field_text(fields, "practice"), record.index};
}

json::object evidence_of(const Proved& proved, const Said& said) {
  json::array disclosures;
  const auto lines = print_disclosures(proved.record);
  for (std::string_view rest = lines; !rest.empty(); rest.remove_prefix(rest.find('\n') + 1))
    disclosures.emplace_back(rest.substr(0, rest.find('\n')));
  return {{"type", said.type}, {"index", said.index}, {"statement", said.note}, {"disclosures", std::move(disclosures)}, {"tlog_proof", proved.proof.text()}};
}

std::string digest_without_seal(const json::object& receipt) {
  json::object body;
  for (const auto& member : receipt)
    if (member.key() != "seal") body.emplace(member.key(), member.value());
  return sha256_hex(json::serialize(body));
}

}  // namespace

bool belongs_in_receipt(std::string_view type) {
  constexpr std::string_view types[] = {"consent", "refusal", "lapse", "withdrawal", "session_end"};
  return std::ranges::find(types, type) != std::end(types);
}

Result<json::object> consent_receipt(std::span<const Proved> records, const NoteVerifier& journal, const NoteSigner& seal,
                                     const ReceiptParties& parties, Time now) {
  std::vector<Said> said;
  json::array statements;
  for (const auto& proved : records) {
    if (!belongs_in_receipt(proved.record.type())) continue;
    if (said.size() == max_statements) return fail(Errc::bad_input, "has more than " + std::to_string(max_statements) + " statements", "receipt");
    PL_TRY(one, said_in(proved.record, seal.verifier()));
    if (proved.proof.index != one.index) return fail(Errc::bad_input, "a proof is of another record", "receipt");
    statements.push_back(evidence_of(proved, one));
    said.push_back(std::move(one));
  }
  PL_TRY(record, record_from(said, parties, seal.verifier()));
  const auto created_at = to_utc(now);
  json::object out = receipt_frame();
  out.emplace("receipt_id", receipt_id(said, created_at));
  out.emplace("created_at", created_at);
  out.emplace("record", std::move(record));
  out.emplace("evidence", json::object{{"practice_key", seal.verifier().text()}, {"journal_key", journal.text()}, {"statements", std::move(statements)}});
  const json::object body{{"intervention", field_text(said.front().body, "intervention")}, {"receipt_sha256", digest_without_seal(out)}, {"at", created_at}};
  out.emplace("seal", sign_statement("receipt", body, seal));
  // What leaves the practice verifies: a receipt that would not is never given.
  PL_CHECK(verify_receipt(json::serialize(out)));
  return out;
}

// ---- checking one ----

namespace {

std::unexpected<Error> wrong(std::string where, std::string what, std::string hint = "ask the practice for the receipt again") {
  return fail(Errc::bad_signature, std::move(what), "receipt, " + std::move(where), std::move(hint));
}

// The first member in which two values differ; nothing when they are the same.
std::optional<std::string> difference(const json::value& a, const json::value& b, const std::string& path) {
  if (a.is_object() && b.is_object()) {
    for (const auto& member : a.get_object()) {
      const std::string at = path.empty() ? std::string(member.key()) : path + "." + std::string(member.key());
      const auto* other = b.get_object().if_contains(member.key());
      if (!other) return at;
      if (auto found = difference(member.value(), *other, at)) return found;
    }
    for (const auto& member : b.get_object())
      if (!a.get_object().contains(member.key())) return path + "." + printable(std::string_view(member.key()), 64);
    return std::nullopt;
  }
  if (a.is_array() && b.is_array()) {
    const auto& left = a.get_array();
    const auto& right = b.get_array();
    for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i)
      if (auto found = difference(left[i], right[i], path + "[" + std::to_string(i) + "]")) return found;
    return left.size() == right.size() ? std::nullopt : std::optional(path);
  }
  return a == b ? std::nullopt : std::optional(path);
}

Result<NoteVerifier> key_in(StrictObject& in, std::string_view name) {
  const auto text = in.text(name, 1, 512);
  auto key = NoteVerifier::parse(text);
  if (!key) return fail(Errc::bad_input, "is not a public key", "receipt, evidence." + std::string(name));
  return key;
}

struct SignerKeys {
  NoteVerifier practice, journal;
};

// One statement: signed by the practice, and exactly what its record in the journal holds.
Result<Said> check_statement(const json::value& value, const SignerKeys& keys, const std::string& where, ReceiptCheck& check) {
  StrictObject in(value, "receipt, " + where);
  const auto type = in.text("type", 1, 32);
  const auto index = static_cast<LeafIndex>(in.integer("index", 0, std::int64_t{1} << 53));
  const auto note = in.text("statement", 1, max_statement_bytes, StrictObject::Lines::many);
  const auto lines = in.texts("disclosures", 1, 256, max_disclosure_bytes);
  const auto proof = in.text("tlog_proof", 1, max_tlog_proof_bytes, StrictObject::Lines::many);
  PL_CHECK(in.finish());
  if (!belongs_in_receipt(type)) return fail(Errc::bad_input, "is of a type that no receipt holds", "receipt, " + where + ".type");
  auto body = open_statement(note, type, keys.practice);
  if (!body) return wrong(where + ".statement", body.error().what);
  auto proven = verify_inclusion(lines, proof, keys.journal);
  if (!proven) return wrong(where + ".tlog_proof", proven.error().what);
  if (proven->index != index) return wrong(where + ".index", "is not the place of the proof");
  if (proven->type != type) return wrong(where + ".type", "is not that of the record in the journal");
  if (field_text(proven->fields, "statement") != note || field_text(proven->fields, "statement_sha256") != sha256_hex(note))
    return wrong(where + ".disclosures", "hold another statement than the one shown");
  if (field_text(proven->fields, "intervention") != field_text(*body, "intervention"))
    return wrong(where + ".disclosures", "are of another intervention than the statement");
  check.journal_size = std::max(check.journal_size, proven->checkpoint.size);
  check.journal_origin = proven->checkpoint.origin;
  return Said{type, *std::move(body), note, field_text(proven->fields, "practice"), index};
}

Result<> are_of_one_story(const std::vector<Said>& said, const SignerKeys& keys) {
  for (std::size_t i = 0; i < said.size(); ++i) {
    const std::string where = "evidence.statements[" + std::to_string(i) + "]";
    if (i > 0 && said[i].index <= said[i - 1].index) return wrong(where + ".index", "is not after the one before it");
    if (field_text(said[i].body, "intervention") != field_text(said[0].body, "intervention"))
      return wrong(where, "is of another intervention than the first");
    if (keys.practice.name() != "practice." + said[i].practice) return wrong("evidence.practice_key", "is the key of another practice");
  }
  return {};
}

Result<> check_seal(const json::object& receipt, const SignerKeys& keys, const std::string& seal, const ReceiptCheck& check) {
  auto sealed = open_statement(seal, "receipt", keys.practice);
  if (!sealed) return wrong("seal", sealed.error().what);
  if (field_text(*sealed, "intervention") != check.intervention) return wrong("seal", "is of another intervention");
  if (field_text(*sealed, "receipt_sha256") != digest_without_seal(receipt))
    return wrong("seal", "does not fit: a member of this receipt was changed after it was made");
  if (field_text(*sealed, "at") != field_text(receipt, "created_at")) return wrong("created_at", "is not the time of the seal");
  return {};
}

Result<> check_pinned(const SignerKeys& keys, std::span<const NoteVerifier> pinned) {
  for (const auto& key : pinned)
    if (key != keys.practice && key != keys.journal)
      return wrong("evidence", "holds other keys than the one you trust, " + printable(key.name(), 80), "compare the key with the practice's, by a way you trust");
  return {};
}

}  // namespace

Result<ReceiptCheck> verify_receipt(std::string_view text, std::span<const NoteVerifier> pinned) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  PL_TRY(receipt, parse_object(text, max_receipt_bytes, "receipt"));
  StrictObject in(receipt, "receipt");
  in.object("@context");
  for (auto name : {"@type", "dct:conformsTo", "schema_version"}) in.text(name, 1, 128);
  const auto id = in.text("receipt_id", 1, 128);
  in.time("created_at");
  const auto& record = in.object("record");
  StrictObject evidence(in.object("evidence"), "receipt, evidence");
  const auto seal = in.text("seal", 1, max_statement_bytes, StrictObject::Lines::many);
  PL_CHECK(in.finish());
  PL_TRY(practice_key, key_in(evidence, "practice_key"));
  PL_TRY(journal_key, key_in(evidence, "journal_key"));
  const auto& statements = evidence.array("statements", 1, max_statements);
  PL_CHECK(evidence.finish());
  const SignerKeys keys{std::move(practice_key), std::move(journal_key)};
  PL_CHECK(check_pinned(keys, pinned));

  ReceiptCheck out;
  std::vector<Said> said;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    PL_TRY(one, check_statement(statements[i], keys, "evidence.statements[" + std::to_string(i) + "]", out));
    said.push_back(std::move(one));
  }
  PL_CHECK(are_of_one_story(said, keys));
  PL_TRY(again, record_from(said, parties_in(record), keys.practice));
  if (const auto at = difference(again, record, "record")) return wrong(*at, "is not what the signed statements say");
  for (const auto& fixed : receipt_frame()) {
    if (const auto at = difference(fixed.value(), receipt.at(fixed.key()), std::string(fixed.key()))) return wrong(*at, "is not that of a receipt");
  }
  if (id != receipt_id(said, field_text(receipt, "created_at"))) return wrong("receipt_id", "is not made of these statements and this time");
  out.intervention = field_text(said.front().body, "intervention");
  PL_CHECK(check_seal(receipt, keys, seal, out));
  out.practice_key = keys.practice.text();
  out.journal_key = keys.journal.text();
  out.key_pinned = !pinned.empty();
  out.record = std::move(again);
  out.statements = said.size();
  return out;
}

}  // namespace pontlevis::audit
