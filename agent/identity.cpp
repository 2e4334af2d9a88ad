#include "agent/identity.hpp"

#include "protocol/io/system.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::agent {
namespace {

constexpr auto secret_file = io::FileMode::owner_only;
constexpr const char* host_key_files[] = {"ssh_host_ed25519_key", "ssh_host_ecdsa_key"};

Result<NoteSigner> load_signer(const std::filesystem::path& file) {
  PL_TRY(text, io::read_secret_file(file));
  auto signer = NoteSigner::parse(text);
  if (!signer) signer.error().where = file.string();
  return signer;
}

Result<std::vector<io::SshHostKey>> load_host_keys(const std::filesystem::path& folder) {
  std::vector<io::SshHostKey> out;
  for (const char* name : host_key_files) {
    PL_TRY(text, io::read_secret_file(folder / name));
    PL_TRY(key, io::SshHostKey::from_private_text(text));
    out.push_back(std::move(key));
  }
  return out;
}

Result<io::TlsIdentity> load_link_identity(const std::filesystem::path& file) {
  PL_TRY(text, io::read_secret_file(file));
  PL_TRY(object, parse_object(text.expose(), 1 << 16, file.string(), JsonForm::any));
  StrictObject in(object, file.string());
  auto chain = in.text("chain", 1, 1 << 16, StrictObject::Lines::many);
  auto key = in.text("key", 1, 1 << 16, StrictObject::Lines::many);
  PL_CHECK(in.finish());
  io::TlsIdentity out{std::move(chain), Secret(std::string_view(key))};
  wipe_bytes(key);
  return out;
}

struct Pins {
  PracticeId practice;
  GatewayAddress gateway;
  NoteVerifier staff;
  NoteVerifier log;
};

Result<Pins> load_pins(const std::filesystem::path& file) {
  PL_TRY(text, io::read_file(file));
  PL_TRY(object, parse_object(text, 8192, file.string(), JsonForm::any));
  StrictObject in(object, file.string());
  auto practice = in.id<PracticeId>("practice");
  const auto gateway_text = in.text("gateway", 3, 300);
  const auto staff_text = in.text("staff_vkey", 10, 400);
  const auto log_text = in.text("log_vkey", 10, 400);
  PL_CHECK(in.finish());
  PL_TRY(gateway, GatewayAddress::parse(gateway_text));
  PL_TRY(staff, NoteVerifier::parse(staff_text));
  PL_TRY(log, NoteVerifier::parse(log_text));
  return Pins{*std::move(practice), std::move(gateway), std::move(staff), std::move(log)};
}

}  // namespace

Result<GatewayAddress> GatewayAddress::parse(std::string_view text) {
  const auto bad = [&] {
    return fail(Errc::bad_input, "is not a gateway address", printable(text, 80), "host:port, such as gateway.vendor.example:8443");
  };
  if (text.starts_with("https://")) text.remove_prefix(8);
  if (text.ends_with('/')) text.remove_suffix(1);
  const auto colon = text.rfind(':');
  GatewayAddress out{std::string(text.substr(0, colon)), 8443};
  if (colon != text.npos) {
    const auto port = parse_decimal(text.substr(colon + 1), 65535);
    if (!port || *port == 0) return bad();
    out.port = static_cast<unsigned short>(*port);
  }
  if (out.host.empty() || out.host.size() > 253 || out.host.find_first_of("/ @?#") != std::string::npos) return bad();
  return out;
}

std::vector<std::string> Identity::host_key_fingerprints() const {
  std::vector<std::string> out;
  for (const auto& key : host_keys) out.push_back(key.fingerprint());
  return out;
}

bool KeyFolder::exists() const { return std::filesystem::exists(folder_ / "pins.json"); }

Result<Identity> KeyFolder::load() const {
  if (!exists())
    return fail(Errc::not_found, "this practice is not enrolled yet", folder_.string(),
                "pontlevis-agent enroll --code CODE --gateway HOST:PORT --data DIR");
  PL_TRY(pins, load_pins(folder_ / "pins.json"));
  PL_TRY(practice_key, load_signer(folder_ / "practice.key"));
  PL_TRY(journal_key, load_signer(folder_ / "journal.key"));
  PL_TRY(witness_key, load_signer(folder_ / "witness.key"));
  PL_TRY(host_keys, load_host_keys(folder_));
  PL_TRY(ca_pem, io::read_file(folder_ / "ca.crt"));
  PL_TRY(tls, load_link_identity(folder_ / "link.json"));
  return Identity{std::move(pins.practice), std::move(pins.gateway), std::move(practice_key), std::move(journal_key),
                  std::move(witness_key), std::move(pins.staff), std::move(pins.log), std::move(host_keys),
                  std::move(ca_pem), std::move(tls)};
}

Result<KeyFolder::Fresh> KeyFolder::make(const PracticeId& practice, Random& random) {
  const auto& id = practice.text();
  std::vector<io::SshHostKey> host_keys;
  for (auto type : {io::SshHostKeyType::ed25519, io::SshHostKeyType::ecdsa_p256}) {
    PL_TRY(key, io::SshHostKey::generate(type));
    host_keys.push_back(std::move(key));
  }
  return Fresh{NoteSigner("practice." + id, NoteKeyType::ed25519, Ed25519Key::generate(random)),
               NoteSigner("journal." + id, NoteKeyType::ed25519, Ed25519Key::generate(random)),
               NoteSigner("witness." + id, NoteKeyType::cosignature, Ed25519Key::generate(random)),
               std::move(host_keys)};
}

Result<> KeyFolder::complete(const Fresh& fresh, const PracticeId& practice, const GatewayAddress& gateway,
                             const NoteVerifier& staff, const NoteVerifier& log, const std::string& ca_pem,
                             const io::TlsIdentity& tls) const {
  PL_CHECK(io::make_private_folder(folder_));
  PL_CHECK(io::write_file(folder_ / "practice.key", fresh.practice_key.text().expose(), secret_file));
  PL_CHECK(io::write_file(folder_ / "journal.key", fresh.journal_key.text().expose(), secret_file));
  PL_CHECK(io::write_file(folder_ / "witness.key", fresh.witness_key.text().expose(), secret_file));
  for (std::size_t i = 0; i < fresh.host_keys.size(); ++i) {
    PL_TRY(text, fresh.host_keys[i].private_text());
    PL_CHECK(io::write_file(folder_ / host_key_files[i], text.expose(), secret_file));
  }
  PL_CHECK(io::write_file(folder_ / "ca.crt", ca_pem, secret_file));
  PL_CHECK(replace_certificate(tls));
  const json::object pins{{"practice", practice.text()}, {"gateway", gateway.text()},
                          {"staff_vkey", staff.text()}, {"log_vkey", log.text()}};
  return io::write_file(folder_ / "pins.json", json::serialize(pins) + "\n", secret_file);
}

// One file, so that a crash never leaves a certificate beside another one's key.
Result<> KeyFolder::replace_certificate(const io::TlsIdentity& tls) const {
  std::string text = json::serialize(json::object{{"chain", tls.chain_pem}, {"key", tls.key_pem.expose()}}) + "\n";
  auto written = io::write_file(folder_ / "link.json", text, secret_file);
  wipe_bytes(text);
  return written;
}

}  // namespace pontlevis::agent
