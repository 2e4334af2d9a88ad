// Whatever the bytes: a receipt is refused with a reason, or verified and printed. And whatever a practice
// signs as a consent, the receipt made of it verifies and is printed.
#include "audit/fact_record.hpp"
#include "audit/receipt.hpp"
#include "protocol/statement.hpp"
#include "tests/doubles/fixed_random.hpp"
#include "tests/fuzz/fuzz_support.hpp"

namespace {

using namespace pontlevis;
using namespace pontlevis::audit;

NoteSigner signer(const char* name, char byte) {
  return NoteSigner(name, NoteKeyType::ed25519, Ed25519Key::from_seed(Secret(std::string(32, byte))).value());
}
const NoteSigner& practice() {
  static const auto key = signer("practice.cabinet-exemple", 7);
  return key;
}
const NoteSigner& journal() {
  static const auto key = signer("journal.cabinet-exemple", 8);
  return key;
}

// A journal of one record, in memory.
std::optional<Proved> one_record(const json::object& body) {
  const auto note = sign_statement("consent", body, practice());
  if (!open_statement(note, "consent", practice().verifier())) return std::nullopt;
  const auto record = fact_record("consent", body, "cabinet-exemple", note);
  if (!record) return std::nullopt;
  doubles::FixedRandom random;
  Proved out;
  std::vector<Digest> digests;
  for (const auto& field : record->fields(Time{})) {
    const auto disclosure = disclose(field, random);
    if (disclosure.size() > max_disclosure_bytes) return std::nullopt;
    digests.push_back(disclosure_digest(disclosure));
    out.record.fields.push_back({field.name, field.cls, record->schema().expires_on(field.cls, Time{}), disclosure, digests.back()});
  }
  out.record.entry = record_entry(record->schema().entry_class, digests);
  out.proof.checkpoint = sign_checkpoint({journal().verifier().name(), 1, leaf_hash(out.record.entry), {}}, journal());
  return out;
}

void try_signed(std::string_view text) {
  boost::system::error_code ec;
  const auto value = json::parse(text, ec);
  if (ec || !value.is_object()) return;
  json::object body{{"intervention", "0d9a3f52-6f7e-4c6b-9a57-6a5fd2f4a001"}};
  for (const auto& member : value.get_object()) body.emplace(member.key(), member.value());
  if (!body.at("intervention").is_string()) return;
  const auto proved = one_record(body);
  if (!proved) return;
  const auto receipt = consent_receipt(std::span(&*proved, 1), journal().verifier(), practice(), {"Cabinet Exemple", "Éditeur Exemple", "", "", "", "", ""}, Time{});
  if (!receipt) return;
  const auto again = verify_receipt(json::serialize(*receipt));
  fuzz::require(again.has_value(), "what a practice gives verifies");
  for (auto language : {Language::french, Language::english}) {
    fuzz::require(!print_receipt(*receipt, language).empty(), "it is printed");
    fuzz::require(!print_check(*again, language).empty(), "it is printed");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::input(data, size);
  if (const auto checked = verify_receipt(text)) {
    static_cast<void>(print_check(*checked, Language::french));
  } else {
    fuzz::require(!checked.error().what.empty(), "a refusal says why");
  }
  boost::system::error_code ec;
  const auto value = json::parse(text, ec);
  if (!ec && value.is_object()) static_cast<void>(print_receipt(value.get_object(), Language::french));
  try_signed(text);
  return 0;
}
