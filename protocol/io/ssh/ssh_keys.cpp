#include "protocol/io/ssh/ssh_keys.hpp"

#include "protocol/crypto/sha256.hpp"
#include "protocol/io/ssh/libssh_handles.hpp"
#include "protocol/text.hpp"

namespace pontlevis::io {
namespace {

constexpr std::size_t max_key_line = 16 * 1024;
constexpr const char* key_hint = "give an unencrypted Ed25519 or ECDSA P-256 key (ssh-keygen -t ed25519)";

std::string_view next_word(std::string_view& rest) {
  const auto start = rest.find_first_not_of(" \t");
  if (start == std::string_view::npos) return {};
  const auto end = std::min(rest.find_first_of(" \t\r\n", start), rest.size());
  const auto word = rest.substr(start, end - start);
  rest.remove_prefix(end);
  return word;
}

// The blob opens with the type as an SSH string: text and blob must agree.
bool blob_is_of_type(std::string_view blob, std::string_view type) {
  if (blob.size() < 4 + type.size()) return false;
  std::size_t length = 0;
  for (int i = 0; i < 4; ++i)
    length = length << 8 | static_cast<unsigned char>(blob[static_cast<std::size_t>(i)]);
  return length == type.size() && blob.substr(4, length) == type;
}

Result<SshHostKeyType> host_key_type(ssh_key key) {
  switch (ssh_key_type(key)) {
    case SSH_KEYTYPE_ED25519: return SshHostKeyType::ed25519;
    case SSH_KEYTYPE_ECDSA_P256: return SshHostKeyType::ecdsa_p256;
    default: return fail(Errc::bad_input, "the host key is of a kind that is not offered", {}, key_hint);
  }
}

Result<std::shared_ptr<const SshHostKey::Key>> describe(LibsshKey handle) {
  PL_TRY(type, host_key_type(handle.get()));
  PL_TRY(public_key, public_key_of(handle.get()));
  auto key = std::make_shared<SshHostKey::Key>();
  key->handle = std::move(handle);
  key->type = type;
  key->public_key = std::move(public_key);
  return key;
}

}  // namespace

Result<SshPublicKey> public_key_of(ssh_key key) {
  char* raw = nullptr;
  if (ssh_pki_export_pubkey_base64(key, &raw) != SSH_OK || raw == nullptr)
    return fail(Errc::bad_input, "the SSH key cannot be printed");
  const LibsshText base64(raw);
  const auto blob = from_base64(base64.get());
  if (!blob || blob->size() < 8) return fail(Errc::bad_input, "the SSH key has no readable blob");
  // The type is what the blob says: libssh's own name drops the curve of an ECDSA key.
  std::size_t length = 0;
  for (std::size_t i = 0; i < 4; ++i) length = length << 8 | static_cast<unsigned char>((*blob)[i]);
  if (length == 0 || length > 64 || blob->size() < 4 + length)
    return fail(Errc::bad_input, "the SSH key's blob has no type");
  return SshPublicKey{blob->substr(4, length), base64.get()};
}

Result<SshPublicKey> SshPublicKey::parse(std::string_view line) {
  constexpr const char* hint = "give a line like: ssh-ed25519 AAAA… name";
  if (line.size() > max_key_line) return fail(Errc::bad_input, "the SSH public key is too long", {}, hint);
  auto rest = line;
  const auto type = next_word(rest), base64 = next_word(rest);
  const auto blob = from_base64(base64);
  if (type.empty() || !blob || !blob_is_of_type(*blob, type))
    return fail(Errc::bad_input, "not an SSH public key", {}, hint);
  const auto comment = rest.substr(std::min(rest.find_first_not_of(" \t\r\n"), rest.size()));
  if (comment.find('\n') != std::string_view::npos && comment.find('\n') + 1 != comment.size())
    return fail(Errc::bad_input, "more than one line where one SSH public key was expected", {}, hint);
  return SshPublicKey{std::string(type), std::string(base64)};
}

std::string host_key_fingerprint(const SshPublicKey& key) {
  const auto blob = from_base64(key.base64);
  auto text = to_base64(sha256(blob ? std::string_view(*blob) : std::string_view()).view());
  while (!text.empty() && text.back() == '=') text.pop_back();
  return "SHA256:" + text;
}

std::string SshPublicKey::fingerprint() const { return host_key_fingerprint(*this); }

Result<SshHostKey> SshHostKey::from_private_text(const Secret& text) {
  // libssh wants a NUL at the end; the copy wipes itself.
  std::vector<char> copy(text.expose().begin(), text.expose().end());
  copy.push_back('\0');
  const Secret terminated(std::move(copy));
  ssh_key raw = nullptr;
  const char* no_passphrase = "";  // never ask on a terminal
  if (ssh_pki_import_privkey_base64(terminated.expose().data(), no_passphrase, nullptr, nullptr, &raw) !=
      SSH_OK)
    return fail(Errc::bad_input, "not a private host key that can be read", {}, key_hint);
  PL_TRY(key, describe(LibsshKey(raw)));
  return SshHostKey(std::move(key));
}

Result<SshHostKey> SshHostKey::generate(SshHostKeyType type) {
  ssh_key raw = nullptr;
  const auto kind = type == SshHostKeyType::ed25519 ? SSH_KEYTYPE_ED25519 : SSH_KEYTYPE_ECDSA;
  if (ssh_pki_generate(kind, type == SshHostKeyType::ed25519 ? 0 : 256, &raw) != SSH_OK)
    return fail(Errc::internal, "a host key could not be made");
  PL_TRY(key, describe(LibsshKey(raw)));
  return SshHostKey(std::move(key));
}

SshHostKeyType SshHostKey::type() const noexcept { return key_->type; }
const SshPublicKey& SshHostKey::public_key() const noexcept { return key_->public_key; }

std::string SshHostKey::known_hosts_line(std::string_view host) const {
  return std::string(host) + " " + public_key().line();
}

Result<Secret> SshHostKey::private_text() const {
  char* raw = nullptr;
  if (ssh_pki_export_privkey_base64(key_->handle.get(), nullptr, nullptr, nullptr, &raw) != SSH_OK ||
      raw == nullptr)
    return fail(Errc::internal, "a host key could not be printed");
  const LibsshText text(raw);
  Secret secret{std::string_view(raw)};
  wipe_bytes({raw, secret.expose().size()});
  return secret;
}

}  // namespace pontlevis::io
