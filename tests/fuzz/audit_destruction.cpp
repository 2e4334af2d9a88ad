// A destruction record as a verifier reads it: a scope that is accepted prints to the same bytes, and whatever the
// record holds, its certificate shows no control character.
#include "audit/destruction_text.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"
#include "tests/fuzz/fuzz_support.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pontlevis;
  const auto record = parse_object(fuzz::input(data, size), 64 * 1024, "fuzz", JsonForm::any);
  if (!record) return 0;
  const auto claim = audit::read_claim(*record);
  if (claim && record->contains("scope") && !record->at("scope").is_null())
    fuzz::require(json::serialize(audit::scope_json(claim->scope)) == json::serialize(record->at("scope")), "one scope has one form");
  audit::Certificate certificate;
  certificate.fields = *record;
  for (const auto language : {audit::Language::french, audit::Language::english}) {
    auto page = audit::certificate_text(certificate, language);
    std::erase(page, '\n');
    fuzz::require(!is_utf8(page) || !has_control(page), "no control character reaches a terminal");
  }
  return 0;
}
