// C2SP signed notes: a text, an empty line, signature lines. Every signed thing of Pontlevis is
// one: checkpoints, staff cards, revocations, consents, session starts and ends. One format, one
// decoder, one fuzz target; Debian's golang.org/x/mod/sumdb/note reads them too.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/crypto/ed25519.hpp"
#include "protocol/result.hpp"

namespace pontlevis {

// What follows the key id in a signature line depends on the key's type byte.
enum class NoteKeyType : unsigned char {
  ed25519 = 0x01,       // 64-byte signature over the text
  cosignature = 0x04,   // 8-byte big-endian Unix time, 64-byte signature (tlog-cosignature v1)
};

// A public key with its name: `name+hash+base64(type|key)`.
class NoteVerifier {
 public:
  NoteVerifier(std::string name, NoteKeyType type, Ed25519Public key);
  static Result<NoteVerifier> parse(std::string_view vkey);  // strict: one form
  std::string text() const;
  const std::string& name() const noexcept { return name_; }
  NoteKeyType type() const noexcept { return type_; }
  std::uint32_t id() const noexcept { return id_; }
  const Ed25519Public& key() const noexcept { return key_; }
  bool verify(std::string_view text, std::string_view signature) const;  // bytes after the key id
  bool operator==(const NoteVerifier&) const = default;

 private:
  std::string name_;
  NoteKeyType type_;
  std::uint32_t id_;
  Ed25519Public key_;
};

class NoteSigner {
 public:
  NoteSigner(std::string name, NoteKeyType type, Ed25519Key key);
  // Key file text: "PRIVATE+KEY+name+hash+base64(type|seed)\n", as Go's note package writes it.
  static Result<NoteSigner> parse(const Secret& skey);
  Secret text() const;
  const NoteVerifier& verifier() const noexcept { return verifier_; }
  std::string sign_line(std::string_view text) const;  // type ed25519; "— name base64\n"
  std::string cosign_line(std::string_view text, std::uint64_t unix_seconds) const;  // type cosignature

 private:
  Ed25519Key key_;
  NoteVerifier verifier_;
};

struct NoteSignature {
  std::string name;
  std::uint32_t key_id{};
  std::string bytes;  // after the key id
};

// A parsed note: nothing in it is verified until verify() says so.
class SignedNote {
 public:
  static constexpr std::size_t max_bytes = 1 << 20;
  static constexpr std::size_t max_signatures = 100;
  static Result<SignedNote> parse(std::string_view note);

  const std::string& text() const noexcept { return text_; }  // ends with '\n'
  const std::vector<NoteSignature>& signatures() const noexcept { return signatures_; }
  // Yes when `key` signed; a signature under its name and id that does not verify is an error,
  // signatures of other keys are ignored (golang.org/x/mod/sumdb/note has the same rule).
  Result<> verify(const NoteVerifier& key) const;
  // The time in `key`'s cosignature, verified. REQUIRES: key.type() == cosignature.
  Result<std::uint64_t> verify_cosignature(const NoteVerifier& key) const;

 private:
  std::string text_;
  std::vector<NoteSignature> signatures_;
};

// text + "\n" + signature line. REQUIRES: text ends with '\n'.
std::string sign_note(std::string_view text, const NoteSigner& signer);

}  // namespace pontlevis
