// Whatever the bytes: a card, revocation, permit, trust bundle, code or SSH key is refused or has one form.
#include "certs/enrolment_code.hpp"
#include "certs/openssh_key.hpp"
#include "certs/staff_card.hpp"
#include "protocol/statement.hpp"
#include "tests/fuzz/fuzz_support.hpp"

namespace {

using namespace pontlevis;

const NoteSigner& staff() {
  static const NoteSigner signer("staff.vendor.example", NoteKeyType::ed25519, Ed25519Key::from_seed(Secret(std::string(32, 's'))).value());
  return signer;
}

// The body is signed here, so that the fuzzer reaches the rules behind the signature.
void try_body(std::string_view text) {
  boost::system::error_code ec;
  const auto value = boost::json::parse(text, ec);
  if (ec || !value.is_object()) return;
  const auto note = sign_statement(certs::card_type, value.as_object(), staff());
  const auto card = certs::StaffCard::open(note, staff().verifier(), Time{}, certs::RevocationList());
  if (const auto fields = certs::StaffCard::peek(note))
    fuzz::require(certs::StaffCard::issue(*fields, staff()).value() == note, "one card has one form");
  else fuzz::require(!card, "what cannot be read cannot be verified");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::input(data, size);
  try_body(text);
  static_cast<void>(certs::StaffCard::open(text, staff().verifier(), Time{}, certs::RevocationList()));
  certs::RevocationList list;
  if (list.add_all(text, staff().verifier())) fuzz::require(list.size() > 0 || text.empty(), "only notes are added");
  static_cast<void>(certs::open_code_permit(text, staff().verifier(), Time{}));
  if (const auto key = certs::check_ssh_key(text)) fuzz::require(*key == text, "one key has one form");
  if (const auto bundle = certs::TrustBundle::parse(text))
    fuzz::require(certs::TrustBundle::parse(bundle->text()).has_value(), "a bundle is read as it is printed");
  if (const auto code = certs::EnrolmentCode::parse(text))
    fuzz::require(certs::EnrolmentCode::parse(code->text().expose()).has_value(), "a code is read as it is printed");
  return 0;
}
