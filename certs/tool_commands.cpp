#include "certs/tool_commands.hpp"

#include <boost/json.hpp>
#include <filesystem>
#include <ostream>

#include "certs/agent_ca.hpp"
#include "certs/enrolment_code.hpp"
#include "certs/log_successor.hpp"
#include "certs/openssh_key.hpp"
#include "certs/staff_card.hpp"
#include "protocol/io/system.hpp"
#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::certs::tool {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
constexpr std::size_t max_note = 64 * 1024;
constexpr std::size_t max_revocation_file = 64 << 20;
constexpr auto default_card_life = std::chrono::days(365);

Error at(Error error, const std::string& where) {
  if (error.where.empty()) error.where = where;
  return error;
}

// A key once lost to an overwrite is lost for every practice that pinned it.
Result<> refuse_overwrite(const fs::path& path) {
  std::error_code ec;
  if (!fs::exists(path, ec)) return {};
  return fail(Errc::conflict, "exists already", path.string(), "name another place, or move the old file away first");
}

// A folder of keys is private when we make it; one that is there already keeps its mode.
Result<> make_folder(const fs::path& path) {
  std::error_code ec;
  if (fs::is_directory(path, ec)) return {};
  return io::make_private_folder(path);
}

Result<NoteSigner> read_signer(const std::string& path) {
  PL_TRY(text, io::read_secret_file(path));
  auto signer = NoteSigner::parse(text);
  if (!signer) return std::unexpected(at(signer.error(), path));
  return signer;
}

// A public key as text, or the name of a file that holds it.
Result<NoteVerifier> read_verifier(const std::string& text) {
  if (auto key = NoteVerifier::parse(text)) return key;
  auto content = io::read_file(text, 4096);
  if (!content) return fail(Errc::bad_input, "is neither a staff key nor a file that holds one", "--staff", "staff.vkey, as staff init wrote it");
  while (content->ends_with('\n')) content->pop_back();
  auto key = NoteVerifier::parse(*content);
  if (!key) return std::unexpected(at(key.error(), text));
  return key;
}

Result<Time> read_date(const std::string& text, const std::string& option) {
  if (const auto day = from_date(text)) return *day;
  return fail(Errc::bad_input, "is not a date", option, "such as 2026-11-22");
}

Result<std::vector<std::string>> read_ssh_keys(const std::vector<std::string>& files) {
  std::vector<std::string> out;
  for (const auto& file : files) {
    PL_TRY(text, io::read_file(file, 16 * 1024));
    auto key = ssh_key_from_file_text(text);
    if (!key) return std::unexpected(at(key.error(), file));
    out.push_back(*std::move(key));
  }
  return out;
}

Result<Commitment> read_commitment(const std::string& ref, const std::string& date, const std::string& option) {
  PL_TRY(day, read_date(date, option));
  return Commitment{ref, day};
}

Result<CardFields> card_of(const Arguments& a, World& world) {
  PL_TRY(id, CardId::parse(make_uuid(world.random)));
  auto login = Login::parse(a.login);
  if (!login) return std::unexpected(at(login.error(), "--login"));
  PL_TRY(confidentiality, read_commitment(a.confidentiality_ref, a.confidentiality_date, "--confidentiality-date"));
  PL_TRY(action_limit, read_commitment(a.action_limit_ref, a.action_limit_date, "--action-limit-date"));
  PL_TRY(keys, read_ssh_keys(a.ssh_keys));
  const Time now = world.clock.now();
  Time expires = now + default_card_life;
  if (!a.expires.empty()) {
    PL_TRY(day, read_date(a.expires, "--expires"));
    expires = day;
  }
  std::optional<std::string> subprocessor;
  if (!a.subprocessor.empty()) subprocessor = a.subprocessor;
  return CardFields{id, *login, a.name, a.employer, subprocessor, a.country, a.qualification, confidentiality, action_limit,
                    std::move(keys), now, expires};
}

json::object card_json(const CardFields& card) {
  json::object out = card_body(card);
  json::array prints;
  for (const auto& key : card.keys) prints.emplace_back(ssh_fingerprint(key));
  out["fingerprints"] = std::move(prints);
  out["eea"] = country_is_eea(card.country);
  return out;
}

void print_card(std::ostream& out, const CardFields& c) {
  out << "card            " << c.id.text() << "\nlogin           " << c.login.text() << "\nname            " << c.name
      << "\nemployer        " << c.employer << "\nsub-processor   " << c.subprocessor.value_or("none") << "\ncountry         "
      << c.country << (country_is_eea(c.country) ? "" : " (outside the EEA)") << "\nqualification   " << c.qualification
      << "\nconfidentiality " << c.confidentiality.ref << ", signed on " << to_date(c.confidentiality.signed_on)
      << "\naction limit    " << c.action_limit.ref << ", signed on " << to_date(c.action_limit.signed_on)
      << "\nissued          " << to_utc(c.issued_at) << "\nexpires         " << to_utc(c.expires_at) << "\n";
  for (const auto& key : c.keys) out << "key             " << key.substr(0, key.find(' ')) << " " << ssh_fingerprint(key) << "\n";
}

Result<RevocationList> read_revocations(const std::string& file, const NoteVerifier& staff) {
  RevocationList out;
  if (file.empty()) return out;
  PL_TRY(text, io::read_file(file, max_revocation_file));
  if (auto added = out.add_all(text, staff); !added) return std::unexpected(at(added.error(), file));
  return out;
}

void print_json(World& world, const json::value& value) { world.out << json::serialize(value) << "\n"; }

}  // namespace

Result<int> staff_init(const Arguments& a, World& world) {
  PL_CHECK(make_folder(a.out));
  const fs::path key_file = fs::path(a.out) / "staff.key", public_file = fs::path(a.out) / "staff.vkey";
  PL_CHECK(refuse_overwrite(key_file));
  const NoteSigner signer(a.name, NoteKeyType::ed25519, Ed25519Key::generate(world.random));
  if (auto read_back = NoteVerifier::parse(signer.verifier().text()); !read_back)
    return fail(Errc::bad_input, "is not a name for a key", "--name", "such as staff.vendor.example");
  const Secret text = signer.text();
  PL_CHECK(io::write_file(key_file, text.expose(), io::FileMode::owner_only));
  PL_CHECK(io::write_file(public_file, signer.verifier().text() + "\n", io::FileMode::everyone_reads));
  if (a.as_json) print_json(world, json::object{{"key", key_file.string()}, {"vkey", signer.verifier().text()}});
  else world.out << signer.verifier().text() << "\n";
  world.err << "Keep " << key_file.string() << " offline, with a copy in a second place: whoever holds it names the people "
            << "that practices trust.\n";
  return done;
}

Result<int> card_issue(const Arguments& a, World& world) {
  PL_CHECK(refuse_overwrite(a.out));
  PL_TRY(signer, read_signer(a.staff_key));
  PL_TRY(card, card_of(a, world));
  PL_TRY(note, StaffCard::issue(card, signer));
  PL_CHECK(io::write_file(a.out, note, io::FileMode::everyone_reads));
  if (!country_is_eea(card.country)) world.err << "warning: " << card.country << " is outside the EEA: gateways refuse this person by default\n";
  if (card.expires_at <= world.clock.now()) world.err << "warning: this card has expired already\n";
  if (a.as_json) print_json(world, card_json(card));
  else print_card(world.out, card);
  return done;
}

Result<int> card_show(const Arguments& a, World& world) {
  PL_TRY(note, io::read_file(a.file, max_note));
  auto card = StaffCard::peek(note);
  if (!card) return std::unexpected(at(card.error(), a.file));
  if (a.as_json) print_json(world, card_json(*card));
  else print_card(world.out, *card);
  world.err << "nothing here is verified: use card verify --staff staff.vkey\n";
  return done;
}

Result<int> card_verify(const Arguments& a, World& world) {
  PL_TRY(staff, read_verifier(a.staff));
  PL_TRY(note, io::read_file(a.file, max_note));
  PL_TRY(revoked, read_revocations(a.revocations, staff));
  const auto card = StaffCard::open(note, staff, world.clock.now(), revoked);
  if (!card) {
    if (a.as_json) print_json(world, json::object{{"verified", false}, {"what", card.error().what}});
    else world.out << "NOT VERIFIED: " << card.error().text() << "\n";
    return not_verified;
  }
  if (a.as_json) print_json(world, json::object{{"verified", true}, {"card", card_json(card->fields())}});
  else world.out << "verified: signed by " << staff.name() << (a.revocations.empty() ? "; revocations were not looked at\n" : "\n");
  if (!a.as_json) print_card(world.out, card->fields());
  return done;
}

// The file is a list that only grows: what it holds already stays.
Result<int> card_revoke(const Arguments& a, World& world) {
  PL_TRY(signer, read_signer(a.staff_key));
  PL_TRY(note, io::read_file(a.card, max_note));
  auto card = StaffCard::peek(note);
  if (!card) return std::unexpected(at(card.error(), a.card));
  std::error_code ec;
  PL_TRY(list, read_revocations(fs::exists(a.out, ec) ? a.out : "", signer.verifier()));
  PL_TRY(is_new, list.add(RevocationList::sign({card->id, a.reason, world.clock.now()}, signer), signer.verifier()));
  PL_CHECK(io::write_file(a.out, list.text(), io::FileMode::everyone_reads));
  if (a.as_json) print_json(world, json::object{{"card_id", card->id.text()}, {"new", is_new}, {"revocations", list.size()}});
  else world.out << card->id.text() << (is_new ? " revoked; " : " was revoked already; ") << list.size() << " in " << a.out << "\n";
  return done;
}

Result<int> ca_init(const Arguments& a, World& world) {
  PL_CHECK(make_folder(a.out));
  const fs::path key_file = fs::path(a.out) / "ca.key", certificate_file = fs::path(a.out) / "ca.pem";
  PL_CHECK(refuse_overwrite(key_file));
  PL_TRY(ca, AgentCa::create(a.name, world.clock.now(), world.random));
  PL_TRY(key, ca.key_pem());
  PL_CHECK(io::write_file(key_file, key.expose(), io::FileMode::owner_only));
  PL_CHECK(io::write_file(certificate_file, ca.certificate_pem(), io::FileMode::everyone_reads));
  if (a.as_json) print_json(world, json::object{{"certificate", certificate_file.string()}, {"spki_sha256", to_hex(ca.pin().view())}});
  else world.out << certificate_file.string() << "\nspki sha256 " << to_hex(ca.pin().view()) << "\n";
  return done;
}

Result<int> ca_server(const Arguments& a, World& world) {
  PL_TRY(certificate, io::read_file(fs::path(a.ca) / "ca.pem", max_pem_bytes));
  PL_TRY(key, io::read_secret_file(fs::path(a.ca) / "ca.key", max_pem_bytes));
  PL_TRY(ca, AgentCa::load(certificate, key));
  PL_TRY(server, ca.issue_server(a.hosts, world.clock.now(), world.random));
  PL_CHECK(make_folder(a.out));
  const fs::path out(a.out);
  PL_CHECK(io::write_file(out / "server.key", server.key_pem.expose(), io::FileMode::owner_only));
  PL_CHECK(io::write_file(out / "server.pem", server.chain_pem, io::FileMode::everyone_reads));
  PL_TRY(info, read_certificate(server.chain_pem));
  if (a.as_json) print_json(world, json::object{{"certificate", (out / "server.pem").string()}, {"expires", to_utc(info.not_after)}});
  else world.out << (out / "server.pem").string() << "\nexpires " << to_utc(info.not_after) << "\n";
  return done;
}

Result<int> ca_show(const Arguments& a, World& world) {
  PL_TRY(text, io::read_file(a.file, max_pem_bytes));
  auto info = read_certificate(text);
  if (!info) return std::unexpected(at(info.error(), a.file));
  const json::object all{{"common_name", info->common_name},       {"serial", info->serial},
                         {"ca", info->is_ca},                      {"hosts", texts_json(info->hosts)},
                         {"not_before", to_utc(info->not_before)}, {"not_after", to_utc(info->not_after)},
                         {"sha256", to_hex(info->sha256.view())},  {"spki_sha256", to_hex(info->spki_sha256.view())},
                         {"renewal_due", renewal_due(*info, world.clock.now())}};
  if (a.as_json) return print_json(world, all), done;
  for (const auto& [name, value] : all)
    world.out << std::string(name) << std::string(14 - name.size(), ' ')
              << (value.is_string() ? std::string(value.get_string()) : json::serialize(value)) << "\n";
  return done;
}

Result<int> code_issue(const Arguments& a, World& world) {
  PL_CHECK(refuse_overwrite(a.out));
  PL_TRY(signer, read_signer(a.staff_key));
  PL_TRY(text, io::read_file(a.trust));
  auto bundle = TrustBundle::parse(text);
  if (!bundle) return std::unexpected(at(bundle.error(), a.trust));
  auto practice = PracticeId::parse(a.practice);
  if (!practice) return std::unexpected(at(practice.error(), "--practice"));
  if (bundle->staff != signer.verifier())
    return fail(Errc::not_allowed, "pins another staff key than the one that signs", a.trust, "use the staff.key whose staff.vkey the gateway was set up with");
  const auto code = EnrolmentCode::mint(world.random, *bundle, *practice);
  const Time now = world.clock.now();
  const CodePermit permit{*practice, code.secret_hash(), code.pin(), now, now + code_life};
  PL_CHECK(io::write_file(a.out, sign_code_permit(permit, signer), io::FileMode::everyone_reads));
  const Secret shown = code.text();
  if (a.as_json) print_json(world, json::object{{"code", shown.expose()}, {"practice", practice->text()}, {"expires_at", to_utc(permit.expires_at)}});
  else world.out << shown.expose() << "\n";
  world.err << "This code is shown once and works once, until " << to_utc(permit.expires_at) << ". Give it to the practice, and "
            << a.out << " to the gateway.\n";
  return done;
}

namespace {

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

void print_successor(World& world, bool as_json, const LogSuccessor& s) {
  if (as_json)
    return print_json(world, json::object{{"old_log", s.old_log.text()}, {"new_log", s.new_log.text()}, {"last_size", s.last_size}, {"cause", s.cause}, {"issued_at", to_utc(s.issued_at)}});
  world.out << "closed     " << s.old_log.text() << "\nfollows    " << s.new_log.text() << "\nlast size  " << s.last_size << "\ncause      " << s.cause
            << "\nissued     " << to_utc(s.issued_at) << "\n";
}

}  // namespace

Result<int> log_successor_issue(const Arguments& a, World& world) {
  PL_CHECK(refuse_overwrite(a.out));
  PL_TRY(signer, read_signer(a.staff_key));
  PL_TRY(old_log, read_verifier(a.old_log));
  PL_TRY(new_log, read_verifier(a.new_log));
  const LogSuccessor successor{std::move(old_log), std::move(new_log), a.last_size, upper(a.cause), world.clock.now()};
  PL_TRY(note, sign_log_successor(successor, signer));
  PL_CHECK(io::write_file(a.out, note, io::FileMode::everyone_reads));
  world.err << "Every practice will show its people that the log was replaced, and why.\n";
  print_successor(world, a.as_json, successor);
  return done;
}

Result<int> log_successor_show(const Arguments& a, World& world) {
  PL_TRY(staff, read_verifier(a.staff));
  PL_TRY(note, io::read_file(a.file, max_note));
  const auto successor = open_log_successor(note, staff);
  if (!successor) return world.out << "NOT VERIFIED: " << successor.error().text() << "\n", not_verified;
  print_successor(world, a.as_json, *successor);
  return done;
}

}  // namespace pontlevis::certs::tool
