// A note that parses has a text, signatures, and verifies under no key that did not sign it.
#include "protocol/crypto/signed_note.hpp"
#include "tests/fuzz/fuzz_support.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pontlevis;
  const auto text = fuzz::input(data, size);
  const auto note = SignedNote::parse(text);
  if (note) {
    fuzz::require(note->text().ends_with('\n') && !note->signatures().empty(), "a note has a text and a signature");
    fuzz::require(text.starts_with(note->text()), "the text is the start of the note");
    Ed25519Public key;
    key.bytes.fill(7);
    fuzz::require(!note->verify(NoteVerifier("nobody.example", NoteKeyType::ed25519, key)), "nobody signed nothing");
  }
  if (const auto key = NoteVerifier::parse(text)) fuzz::require(key->text() == text, "one key has one form");
  static_cast<void>(NoteSigner::parse(Secret(text)));
  return 0;
}
