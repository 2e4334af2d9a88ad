// SSH keys as values: the public half that names an operator, the private half that names a server.
// Public keys are compared by their blob, never by a fingerprint alone. Any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "protocol/result.hpp"
#include "protocol/secret.hpp"

namespace pontlevis::io {

// "ssh-ed25519 AAAA…" taken apart; no comment, no option. One key has one form.
struct SshPublicKey {
  std::string type;    // ssh-ed25519, ecdsa-sha2-nistp256, sk-ssh-ed25519@openssh.com, …
  std::string base64;  // the blob, RFC 4648 §4

  // Accepts one authorized_keys-style line without options; a trailing comment is dropped.
  static Result<SshPublicKey> parse(std::string_view line);
  std::string line() const { return type + " " + base64; }
  std::string fingerprint() const;  // "SHA256:…", as ssh-keygen -l prints it
  bool is_certificate() const { return type.find("-cert-v01@") != std::string::npos; }
  bool operator==(const SshPublicKey&) const = default;
};

enum class SshHostKeyType { ed25519, ecdsa_p256 };

// One private host key. Copies share the key; the last one wipes it.
class SshHostKey {
 public:
  // OpenSSH ("BEGIN OPENSSH PRIVATE KEY") or PEM, without passphrase; Ed25519 or ECDSA P-256 only.
  static Result<SshHostKey> from_private_text(const Secret& text);
  static Result<SshHostKey> generate(SshHostKeyType type);

  SshHostKeyType type() const noexcept;
  const SshPublicKey& public_key() const noexcept;
  std::string fingerprint() const { return public_key().fingerprint(); }
  // "name type base64", for known_hosts. REQUIRES: `host` has no space or control character.
  std::string known_hosts_line(std::string_view host) const;
  Result<Secret> private_text() const;  // OpenSSH form, for write_file(owner_only)

  struct Key;  // libssh's, seen by ssh_*.cpp only
  const Key& key() const noexcept { return *key_; }

 private:
  explicit SshHostKey(std::shared_ptr<const Key> key) : key_(std::move(key)) {}
  std::shared_ptr<const Key> key_;
};

inline Result<SshHostKey> generate_host_key(SshHostKeyType type) { return SshHostKey::generate(type); }
inline std::string host_key_public_line(const SshHostKey& key) { return key.public_key().line(); }
std::string host_key_fingerprint(const SshPublicKey& key);  // "SHA256:…"

}  // namespace pontlevis::io
