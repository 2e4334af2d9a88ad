#include "protocol/crypto/signed_note.hpp"

#include <algorithm>

#include "protocol/crypto/sha256.hpp"
#include "protocol/text.hpp"

namespace pontlevis {
namespace {

constexpr std::string_view dash = "\xe2\x80\x94 ";  // "— "

std::string big_endian(std::uint64_t value, int bytes) {
  std::string out;
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i) & 255);
  return out;
}

std::uint64_t from_big_endian(std::string_view bytes) {
  std::uint64_t out = 0;
  for (char c : bytes) out = out << 8 | static_cast<unsigned char>(c);
  return out;
}

std::string typed(NoteKeyType type, std::string_view key) {
  return static_cast<char>(type) + std::string(key);
}

std::uint32_t key_id(std::string_view name, std::string_view typed_key) {
  return static_cast<std::uint32_t>(from_big_endian(sha256({name, "\n", typed_key}).view().substr(0, 4)));
}

// White space beyond ASCII, which Go's note package refuses in a name too.
bool has_unicode_space(std::string_view name) {
  constexpr std::string_view spaces[] = {"\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",
                                         "\u2007", "\u2008", "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};
  return std::any_of(std::begin(spaces), std::end(spaces), [name](auto s) { return name.find(s) != name.npos; });
}

bool valid_name(std::string_view name) {
  return !name.empty() && name.size() <= 200 && is_utf8(name) && !has_control(name) &&
         name.find_first_of(" +") == name.npos && !has_unicode_space(name);
}

// name, hash and typed key of "name+hash+base64"; the base64 part may hold '+', so split left.
struct KeyText {
  std::string name;
  std::string key;
};
Result<KeyText> split_key(std::string_view text) {
  const auto bad = [] { return fail(Errc::bad_input, "is not a note key", {}, "name+hash+base64"); };
  const auto first = text.find('+');
  const auto second = first == text.npos ? first : text.find('+', first + 1);
  if (second == text.npos) return bad();
  KeyText out{std::string(text.substr(0, first)), {}};
  const auto hash = from_hex(text.substr(first + 1, second - first - 1));
  auto key = from_base64(text.substr(second + 1));
  if (!hash || hash->size() != 4 || !key || key->size() != 33 || !valid_name(out.name)) return bad();
  if ((*key)[0] != 0x01 && (*key)[0] != 0x04) return bad();
  out.key = *std::move(key);
  return out;
}

std::string_view hash_part(std::string_view text) { return text.substr(text.find('+') + 1, 8); }

// The message a cosignature signs (C2SP tlog-cosignature).
std::string cosigned(std::string_view text, std::uint64_t seconds) {
  return "cosignature/v1\ntime " + std::to_string(seconds) + "\n" + std::string(text);
}

std::string signature_line(const NoteVerifier& key, std::string_view bytes) {
  return std::string(dash) + key.name() + " " + to_base64(big_endian(key.id(), 4) + std::string(bytes)) + "\n";
}

Result<NoteSignature> parse_signature(std::string_view line) {
  const auto bad = [] { return fail(Errc::bad_input, "has a malformed signature line"); };
  if (!line.starts_with(dash)) return bad();
  line.remove_prefix(dash.size());
  const auto space = line.find(' ');
  if (space == line.npos) return bad();
  const auto bytes = from_base64(line.substr(space + 1));
  if (!bytes || bytes->size() < 5 || !valid_name(line.substr(0, space))) return bad();
  return NoteSignature{std::string(line.substr(0, space)),
                       static_cast<std::uint32_t>(from_big_endian(bytes->substr(0, 4))), bytes->substr(4)};
}

}  // namespace

NoteVerifier::NoteVerifier(std::string name, NoteKeyType type, Ed25519Public key)
    : name_(std::move(name)), type_(type), id_(key_id(name_, typed(type, key.view()))), key_(key) {}

Result<NoteVerifier> NoteVerifier::parse(std::string_view vkey) {
  PL_TRY(parts, split_key(vkey));
  Ed25519Public key;
  std::copy(parts.key.begin() + 1, parts.key.end(), key.bytes.begin());
  NoteVerifier out(std::move(parts.name), static_cast<NoteKeyType>(parts.key[0]), key);
  if (out.text() != vkey) return fail(Errc::bad_input, "is a note key whose hash does not match");
  return out;
}

std::string NoteVerifier::text() const {
  return name_ + "+" + to_hex(big_endian(id_, 4)) + "+" + to_base64(typed(type_, key_.view()));
}

bool NoteVerifier::verify(std::string_view text, std::string_view signature) const {
  if (type_ == NoteKeyType::ed25519) return key_.verify(text, signature);
  return signature.size() == 72 &&
         key_.verify(cosigned(text, from_big_endian(signature.substr(0, 8))), signature.substr(8));
}

NoteSigner::NoteSigner(std::string name, NoteKeyType type, Ed25519Key key)
    : key_(std::move(key)), verifier_(std::move(name), type, key_.public_key()) {}

Result<NoteSigner> NoteSigner::parse(const Secret& skey) {
  std::string_view text = skey.expose();
  constexpr std::string_view prefix = "PRIVATE+KEY+";
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (!text.starts_with(prefix)) return fail(Errc::bad_input, "is not a private note key");
  text.remove_prefix(prefix.size());
  PL_TRY(parts, split_key(text));
  Secret seed{std::string_view(parts.key).substr(1)};
  const auto type = static_cast<NoteKeyType>(parts.key[0]);
  wipe_bytes(parts.key);
  PL_TRY(key, Ed25519Key::from_seed(std::move(seed)));
  NoteSigner out(std::move(parts.name), type, std::move(key));
  // Go hashes the public key into the private key's text; the same here.
  if (to_hex(big_endian(out.verifier_.id(), 4)) != hash_part(text))
    return fail(Errc::bad_input, "is a private note key whose hash does not match");
  return out;
}

Secret NoteSigner::text() const {
  std::string secret = typed(verifier_.type(), key_.seed());
  std::string encoded = to_base64(secret);
  std::string out = "PRIVATE+KEY+" + verifier_.name() + "+" + to_hex(big_endian(verifier_.id(), 4)) + "+" + encoded + "\n";
  Secret result{std::string_view(out)};
  wipe_bytes(secret);
  wipe_bytes(encoded);
  wipe_bytes(out);
  return result;
}

std::string NoteSigner::sign_line(std::string_view text) const {
  const auto signature = key_.sign(text);
  return signature_line(verifier_, {signature.data(), signature.size()});
}

std::string NoteSigner::cosign_line(std::string_view text, std::uint64_t unix_seconds) const {
  const auto signature = key_.sign(cosigned(text, unix_seconds));
  return signature_line(verifier_, big_endian(unix_seconds, 8) + std::string(signature.data(), signature.size()));
}

Result<SignedNote> SignedNote::parse(std::string_view note) {
  const auto bad = [](std::string what) { return fail(Errc::bad_input, std::move(what), "signed note"); };
  if (note.size() > max_bytes) return bad("is longer than 1 MiB");
  std::string without_newlines(note);
  std::erase(without_newlines, '\n');
  if (!is_utf8(note) || has_control(without_newlines)) return bad("holds a character that is not allowed");
  const auto split = note.rfind("\n\n");
  if (split == note.npos || !note.ends_with('\n')) return bad("has no signature");
  SignedNote out;
  out.text_ = note.substr(0, split + 1);
  for (auto rest = note.substr(split + 2); !rest.empty();) {
    const auto end = rest.find('\n');
    PL_TRY(signature, parse_signature(rest.substr(0, end)));
    out.signatures_.push_back(std::move(signature));
    if (out.signatures_.size() > max_signatures) return bad("has more than 100 signatures");
    rest.remove_prefix(end + 1);
  }
  if (out.signatures_.empty()) return bad("has no signature");
  return out;
}

Result<> SignedNote::verify(const NoteVerifier& key) const {
  bool signed_by_key = false;
  for (const auto& s : signatures_) {
    if (s.name != key.name() || s.key_id != key.id()) continue;
    if (!key.verify(text_, s.bytes))
      return fail(Errc::bad_signature, "has a wrong signature of " + key.name());
    signed_by_key = true;
  }
  if (!signed_by_key) return fail(Errc::bad_signature, "is not signed by " + key.name());
  return {};
}

Result<std::uint64_t> SignedNote::verify_cosignature(const NoteVerifier& key) const {
  PL_CHECK(verify(key));
  for (const auto& s : signatures_)
    if (s.name == key.name() && s.key_id == key.id() && s.bytes.size() == 72)
      return from_big_endian(std::string_view(s.bytes).substr(0, 8));
  return fail(Errc::bad_signature, "has no cosignature of " + key.name());
}

std::string sign_note(std::string_view text, const NoteSigner& signer) {
  return std::string(text) + "\n" + signer.sign_line(text);
}

}  // namespace pontlevis
