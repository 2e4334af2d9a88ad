#include "gateway/enrolment.hpp"

#include "certs/openssh_key.hpp"
#include "gateway/events.hpp"
#include "gateway/records.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::gateway {
namespace {

constexpr auto many = StrictObject::Lines::many;

struct Joining {
  Digest code;
  PracticeId practice;
  NoteVerifier practice_key, witness_key;
  std::vector<std::string> host_keys;
  std::string csr;
};

Result<Digest> hash_of_secret(const std::string& hex) {
  const auto bytes = from_hex(hex);
  if (!bytes || bytes->size() != 10) return fail(Errc::bad_input, "'code_secret' is not 20 hexadecimal digits", "enrol");
  return certs::EnrolmentCode::hash_of(Secret(*bytes));
}

Result<NoteVerifier> key_named(const std::string& vkey, const std::string& name, NoteKeyType type) {
  PL_TRY(key, NoteVerifier::parse(vkey));
  if (key.name() != name || key.type() != type) return fail(Errc::bad_input, "is not a key named " + name, "enrol");
  return key;
}

Result<Joining> read_joining(std::string_view body) {
  PL_TRY(object, parse_object(body, 64 * 1024, "enrol", JsonForm::any));
  StrictObject in(object, "enrol");
  const auto secret = in.text("code_secret", 20, 20);
  auto practice = in.id<PracticeId>("practice");
  const auto practice_vkey = in.text("practice_vkey", 1, 300);
  const auto witness_vkey = in.text("witness_vkey", 1, 300);
  auto host_keys = in.texts("host_keys", 1, 4, 1000);
  auto csr = in.text("csr", 1, 16 * 1024, many);
  PL_CHECK(in.finish());
  PL_TRY(code, hash_of_secret(secret));
  PL_TRY(practice_key, key_named(practice_vkey, "practice." + practice->text(), NoteKeyType::ed25519));
  PL_TRY(witness_key, key_named(witness_vkey, "witness." + practice->text(), NoteKeyType::cosignature));
  for (const auto& line : host_keys) PL_CHECK(certs::ssh_key_from_file_text(line));
  return Joining{code, *std::move(practice), std::move(practice_key), std::move(witness_key), std::move(host_keys), std::move(csr)};
}

Result<audit::Record> key_record(std::string_view kind, const NoteVerifier& key, const Practice& practice) {
  const json::object fields{{"practice", practice.id.text()}, {"kind", kind}, {"key_name", key.name()},
                            {"verifier_key", key.text()}, {"contract_ref", practice.contract.reference}};
  return audit::Record::make("enrolment", fields);
}

Result<audit::Record> host_key_record(const std::string& line, const Practice& practice) {
  PL_TRY(key, certs::ssh_key_from_file_text(line));
  const json::object fields{{"practice", practice.id.text()}, {"kind", "host"}, {"verifier_key", key}, {"fingerprint", certs::ssh_fingerprint(key)}};
  return audit::Record::make("enrolment", fields);
}

Awaitable<Result<>> record_keys(Core& core, const Joining& joining, const Practice& practice) {
  PL_CO_TRY(first, co_await core.append(key_record("practice", joining.practice_key, practice)));
  PL_CO_TRY(second, co_await core.append(key_record("witness", joining.witness_key, practice)));
  for (const auto& line : joining.host_keys) {
    PL_CO_TRY(host, co_await core.append(host_key_record(line, practice)));
  }
  co_return Result<>{};
}

Result<std::string> certify(Core& core, const std::string& csr, const PracticeId& practice) {
  PL_TRY(pem, core.ca.sign_agent(csr, practice, core.clock.now(), core.random));
  PL_TRY(info, certs::read_certificate(pem));
  PL_CHECK(core.certificates.issued(info.serial, practice, info.not_after));
  return pem;
}

Awaitable<Result<std::string>> join(Core& core, Joining joining) {
  PL_CO_CHECK(core.ready());
  PL_CO_CHECK(core.codes.use(joining.code, joining.practice, core.clock.now()));
  const auto* practice = core.practices.find(joining.practice);
  if (!practice) co_return fail(Errc::not_allowed, "is not a practice of this gateway", "enrol");
  PL_CO_CHECK(co_await record_keys(core, joining, *practice));
  core.cosignatures.enrol(joining.witness_key, [](Result<> done) {
    if (!done) event(Level::error, "witness.not_enrolled", {{"what", done.error().what}});
  });
  Enrolment enrolment{joining.practice_key, joining.witness_key, core.clock.now()};
  // A practice that enrols anew leaves its old certificates behind.
  PL_CO_TRY(ended, core.certificates.revoke(joining.practice, core.clock.now()));
  PL_CO_CHECK(core.practices.enrol(joining.practice, std::move(enrolment), joining.host_keys));
  co_return certify(core, joining.csr, joining.practice);
}

}  // namespace

Awaitable<io::HttpResponse> enrol(Core& core, io::HttpRequest request) {
  auto joining = read_joining(request.body);
  if (!joining) co_return io::HttpResponse::problem(joining.error());
  const auto practice = joining->practice;
  auto certificate = co_await join(core, *std::move(joining));
  if (!certificate) {
    event(Level::warn, "enrolment.refused", {{"practice", practice.text()}, {"what", certificate.error().what}});
    core.append_and_go_on(security_record("enrolment_refused", "link", {}, request.remote_address, certificate.error().what, practice));
    co_return io::HttpResponse::problem(certificate.error());
  }
  event("enrolment.done", {{"practice", practice.text()}});
  const json::object answer{{"certificate", *certificate}, {"ca", core.ca.certificate_pem()}, {"staff_vkey", core.trust.staff.text()},
                            {"log_vkey", core.trust.log.text()}, {"gateway_time", to_utc(core.clock.now())}};
  co_return io::HttpResponse::json(answer);
}

Awaitable<io::HttpResponse> renew(Core& core, io::HttpRequest request) {
  auto object = parse_object(request.body, 64 * 1024, "renew", JsonForm::any);
  if (!object) co_return io::HttpResponse::problem(object.error());
  StrictObject in(*object, "renew");
  const auto csr = in.text("csr", 1, 16 * 1024, many);
  if (auto finished = in.finish(); !finished) co_return io::HttpResponse::problem(finished.error());
  const auto practice = PracticeId::parse(request.peer->common_name);
  if (!practice) co_return io::HttpResponse::problem(practice.error());
  constexpr std::size_t certificates_a_practice = 16;  // two are enough for an honest agent
  if (core.certificates.good_ones(*practice, core.clock.now()) >= certificates_a_practice)
    co_return io::HttpResponse::problem(Error{Errc::unavailable, "has renewed too often", "renew", "use the certificate you have"});
  auto certificate = certify(core, csr, *practice);
  if (!certificate) co_return io::HttpResponse::problem(certificate.error());
  event("certificate.renewed", {{"practice", practice->text()}});
  co_return io::HttpResponse::json(json::object{{"certificate", *certificate}});
}

}  // namespace pontlevis::gateway
