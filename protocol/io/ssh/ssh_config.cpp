#include "protocol/io/ssh/ssh_config.hpp"

#include "protocol/io/ssh/libssh_handles.hpp"
#include "protocol/io/ssh/ssh_offered.hpp"

namespace pontlevis::io {
namespace {

// One modern list (design §6). AEAD ciphers first; aes256-ctr, with a MAC over the ciphertext, is there for
// paramiko before 3.5, which has no AEAD.
constexpr const char* key_exchanges = "curve25519-sha256,curve25519-sha256@libssh.org";
constexpr const char* key_exchanges_with_nist =
    "curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384";
constexpr const char* host_key_algorithms = "ssh-ed25519,ecdsa-sha2-nistp256";
constexpr const char* ciphers =
    "chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-gcm@openssh.com,aes256-ctr";
constexpr const char* macs = "hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com";
// Operators' keys. FIDO keys count as one factor like the others: libssh does not look at the touch.
// Certificates are not in the list, since no authority, principal or date of theirs would be checked.
constexpr const char* operator_key_algorithms =
    "ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,"
    "sk-ssh-ed25519@openssh.com,sk-ecdsa-sha2-nistp256@openssh.com,rsa-sha2-512,rsa-sha2-256";
constexpr int smallest_rsa_bits = 3072;

bool is_software_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 &&
         std::ranges::all_of(name, [](char c) { return c > ' ' && c < 0x7f && c != '-'; });
}

Error bind_error(ssh_bind bind, std::string what) {
  return {Errc::internal, std::move(what) + ": " + ssh_get_error(bind), "ssh_config", {}};
}

Result<> set_text(ssh_bind bind, ssh_bind_options_e option, const char* value) {
  if (ssh_bind_options_set(bind, option, value) == SSH_OK) return {};
  return std::unexpected(bind_error(bind, std::string("libssh refuses the setting ") + value));
}

Result<> set_algorithms(ssh_bind bind, bool nist_curves) {
  const auto exchanges = nist_curves ? key_exchanges_with_nist : key_exchanges;
  PL_CHECK(set_text(bind, SSH_BIND_OPTIONS_KEY_EXCHANGE, exchanges));
  PL_CHECK(set_text(bind, SSH_BIND_OPTIONS_HOSTKEY_ALGORITHMS, host_key_algorithms));
  PL_CHECK(set_text(bind, SSH_BIND_OPTIONS_CIPHERS_C_S, ciphers));
  PL_CHECK(set_text(bind, SSH_BIND_OPTIONS_CIPHERS_S_C, ciphers));
  PL_CHECK(set_text(bind, SSH_BIND_OPTIONS_HMAC_C_S, macs));
  PL_CHECK(set_text(bind, SSH_BIND_OPTIONS_HMAC_S_C, macs));
  PL_CHECK(set_text(bind, SSH_BIND_OPTIONS_PUBKEY_ACCEPTED_KEY_TYPES, operator_key_algorithms));
  if (ssh_bind_options_set(bind, SSH_BIND_OPTIONS_RSA_MIN_SIZE, &smallest_rsa_bits) == SSH_OK) return {};
  return std::unexpected(bind_error(bind, "libssh refuses the RSA size"));
}

Result<> add_host_keys(ssh_bind bind, const std::vector<SshHostKey>& keys) {
  for (const auto& key : keys) {
    LibsshKey copy(ssh_key_dup(key.key().handle.get()));
    if (!copy || ssh_bind_options_set(bind, SSH_BIND_OPTIONS_IMPORT_KEY, copy.get()) != SSH_OK)
      return std::unexpected(bind_error(bind, "a host key cannot be used"));
    static_cast<void>(copy.release());  // the bind frees it
  }
  return {};
}

Result<LibsshBind> make_bind(const SshServerConfig& config) {
  LibsshBind bind(ssh_bind_new());
  if (!bind) return fail(Errc::internal, "no memory for an SSH server");
  // Before anything else: libssh would read /etc/ssh/libssh_server_config and let it add algorithms.
  const bool read_system_file = false;
  if (ssh_bind_options_set(bind.get(), SSH_BIND_OPTIONS_PROCESS_CONFIG, &read_system_file) != SSH_OK)
    return std::unexpected(bind_error(bind.get(), "libssh insists on its system file"));
  PL_CHECK(set_text(bind.get(), SSH_BIND_OPTIONS_BANNER, config.software.c_str()));
  PL_CHECK(set_algorithms(bind.get(), config.nist_curves));
  PL_CHECK(add_host_keys(bind.get(), config.host_keys));
  return bind;
}

}  // namespace

Result<> SshServerConfig::check() const {
  if (host_keys.empty())
    return fail(Errc::bad_input, "an SSH server needs a host key", {},
                "generate one with generate_host_key()");
  for (const auto type : {SshHostKeyType::ed25519, SshHostKeyType::ecdsa_p256})
    if (std::ranges::count(host_keys, type, &SshHostKey::type) > 1)
      return fail(Errc::bad_input, "an SSH server takes one host key of each kind");
  if (!is_software_name(software))
    return fail(Errc::bad_input, "the SSH software name has a space, a '-' or other than ASCII");
  if (banner.size() > 4096) return fail(Errc::bad_input, "the SSH banner is longer than 4096 bytes");
  return {};
}

Result<LibsshSession> make_session(const SshServerConfig& config, int fd) {
  PL_CHECK(config.check());
  PL_TRY(bind, make_bind(config));
  LibsshSession session(ssh_new());
  if (!session) return fail(Errc::internal, "no memory for an SSH session");
  // After it, libssh closes `fd` with the session.
  if (ssh_bind_accept_fd(bind.get(), session.get(), fd) != SSH_OK)
    return std::unexpected(bind_error(bind.get(), "the SSH session cannot start"));
  // "no" would mean none,zlib@openssh.com; only "none" is none.
  if (ssh_options_set(session.get(), SSH_OPTIONS_COMPRESSION, "none") != SSH_OK)
    return fail(Errc::internal, "libssh refuses to leave compression out", "ssh_config");
  ssh_set_blocking(session.get(), 0);
  return session;
}

std::string ssh_algorithms_offered() {
  const std::string next = "; ";
  return key_exchanges_with_nist + next + host_key_algorithms + next + ciphers + next + macs;
}

}  // namespace pontlevis::io
