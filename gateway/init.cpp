#include "gateway/init.hpp"

#include "gateway/core.hpp"
#include "protocol/io/ssh/ssh_keys.hpp"
#include "protocol/io/system.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

using io::FileMode;

Result<NoteVerifier> staff_key(const std::string& text) {
  std::string line = text;
  while (line.ends_with('\n')) line.pop_back();
  auto key = NoteVerifier::parse(line);
  if (!key || key->type() != NoteKeyType::ed25519)
    return fail(Errc::bad_input, "is not the public half of a staff key", "--staff-vkey", "pontlevis-certs staff-key init prints it");
  return key;
}

bool is_domain(std::string_view text) {
  return !text.empty() && text.size() <= 253 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
}

Result<> check_request(const InitRequest& r) {
  if (std::filesystem::exists(r.folder.trust()))
    return fail(Errc::conflict, "holds a gateway already", r.folder.root.string(), "choose another --data, or use this one");
  if (!is_domain(r.domain)) return fail(Errc::bad_input, "is not a domain name", "--domain", "--domain vendor.example");
  if (!is_name(r.log_name)) return fail(Errc::bad_input, "is not a log name", "--log-name", "a-z, 0-9 and '-'");
  if (r.hosts.empty()) return fail(Errc::bad_input, "is missing", "--host", "--host gateway.vendor.example, once for each name");
  auto options = Options::defaults();
  for (const auto& [key, value] : r.options) PL_CHECK(options.set(key, value, flag_name(key)));
  if (options.text("vendor.name").empty()) return fail(Errc::bad_input, "is missing", "--vendor", "the name practices read in requests");
  return {};
}

Result<certs::AgentCa> make_certificates(const InitRequest& r, const Clock& clock, Random& random) {
  PL_TRY(ca, certs::AgentCa::create(r.options.at("vendor.name"), clock.now(), random));
  PL_TRY(server, ca.issue_server(r.hosts, clock.now(), random));
  PL_TRY(ca_key, ca.key_pem());
  PL_CHECK(io::write_file(r.folder.ca_certificate(), ca.certificate_pem(), FileMode::everyone_reads));
  PL_CHECK(io::write_file(r.folder.ca_key(), ca_key.expose(), FileMode::owner_only));
  PL_CHECK(io::write_file(r.folder.server_certificate(), server.chain_pem, FileMode::everyone_reads));
  PL_CHECK(io::write_file(r.folder.server_key(), server.key_pem.expose(), FileMode::owner_only));
  return ca;
}

Result<> make_host_keys(const DataFolder& folder) {
  for (const auto& [type, file] : {std::pair{io::SshHostKeyType::ed25519, folder.ssh_ed25519()}, {io::SshHostKeyType::ecdsa_p256, folder.ssh_ecdsa()}}) {
    PL_TRY(key, io::SshHostKey::generate(type));
    PL_TRY(text, key.private_text());
    PL_CHECK(io::write_file(file, text.expose(), FileMode::owner_only));
  }
  return {};
}

std::vector<std::string> addresses(const InitRequest& r) {
  const auto port = r.options.find("listen.https_port");
  const std::string shown = port == r.options.end() ? "8443" : port->second;
  std::vector<std::string> out;
  for (const auto& host : r.hosts) out.push_back(shown == "0" ? host : host + ":" + shown);
  return out;
}

// The keys that count from now on are the log's first records.
Result<> begin_log(const InitRequest& r, const Clock& clock, Random& random) {
  PL_TRY(options, Options::read(r.folder.config(), {}, nullptr));
  PL_TRY(core, Core::open(r.folder, std::move(options), clock, random));
  for (const auto& [kind, key] : {std::pair<std::string_view, const NoteVerifier*>{"log", &core->trust.log}, {"staff", &core->trust.staff}}) {
    const json::object fields{{"kind", kind}, {"key_name", key->name()}, {"verifier_key", key->text()}};
    PL_TRY(record, audit::Record::make("enrolment", fields));
    PL_CHECK(core->log->append_now(std::move(record)));
  }
  return {};
}

}  // namespace

Result<> init_gateway(const InitRequest& r, const Clock& clock, Random& random) {
  PL_CHECK(check_request(r));
  PL_TRY(staff, staff_key(r.staff_vkey));
  PL_CHECK(io::make_private_folder(r.folder.root));
  PL_CHECK(io::make_private_folder(r.folder.keys()));
  PL_TRY(ca, make_certificates(r, clock, random));
  PL_CHECK(make_host_keys(r.folder));
  const NoteSigner log_key("audit." + r.domain + "/" + r.log_name, NoteKeyType::ed25519, Ed25519Key::generate(random));
  PL_CHECK(io::write_file(r.folder.log_key(), log_key.text().expose(), FileMode::owner_only));
  PL_CHECK(io::write_file(r.folder.config(), commented_options(r.options), FileMode::owner_only));
  const certs::TrustBundle trust{ca.pin(), std::move(staff), log_key.verifier(), addresses(r)};
  // Last: a folder without trust.json is not a gateway yet, and init may be run again.
  PL_CHECK(io::write_file(r.folder.trust(), trust.text(), FileMode::everyone_reads));
  return begin_log(r, clock, random);
}

Result<> renew_server_certificate(const DataFolder& folder, const Clock& clock, Random& random) {
  PL_TRY(old_pem, io::read_file(folder.server_certificate()));
  PL_TRY(old, certs::read_certificate(old_pem));
  PL_TRY(ca_pem, io::read_file(folder.ca_certificate()));
  PL_TRY(ca_key, io::read_secret_file(folder.ca_key()));
  PL_TRY(ca, certs::AgentCa::load(ca_pem, ca_key));
  PL_TRY(server, ca.issue_server(old.hosts, clock.now(), random));
  PL_CHECK(io::write_file(folder.server_key(), server.key_pem.expose(), FileMode::owner_only));
  return io::write_file(folder.server_certificate(), server.chain_pem, FileMode::everyone_reads);
}

}  // namespace pontlevis::gateway
