#include "certs/trust_bundle.hpp"

#include <algorithm>

#include "protocol/json_values.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::certs {
namespace {

constexpr std::size_t max_bundle_bytes = 16 * 1024;
constexpr std::string_view pin_domain = "pontlevis enrolment trust v1\n";

std::optional<NoteVerifier> read_key(StrictObject& in, std::string_view name) {
  const auto key = NoteVerifier::parse(in.text(name, 1, 400));
  if (!key) in.blame(name, key.error().what, key.error().hint);
  else if (key->type() != NoteKeyType::ed25519) in.blame(name, "is not an Ed25519 signing key");
  else return *key;
  return std::nullopt;
}

bool is_host(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return c == ' ' || c == '/' || c == '@' || c == '"'; });
}

}  // namespace

Result<TrustBundle> TrustBundle::parse(std::string_view text) {
  PL_TRY(body, parse_object(text, max_bundle_bytes, "trust bundle", JsonForm::any));
  StrictObject in(body, "trust bundle");
  const auto pin = from_hex(in.text("ca_spki_sha256", 64, 64));
  if (!pin) in.blame("ca_spki_sha256", "is not 64 hexadecimal digits");
  const auto staff = read_key(in, "staff_vkey");
  const auto log = read_key(in, "log_vkey");
  auto hosts = in.texts("gateway_hosts", 1, 16, 260);
  if (!std::all_of(hosts.begin(), hosts.end(), is_host)) in.blame("gateway_hosts", "holds something else than host or host:port");
  PL_CHECK(in.finish());
  return TrustBundle{Digest::from(*pin), *staff, *log, std::move(hosts)};
}

std::string TrustBundle::text() const {
  const json::object body{{"ca_spki_sha256", to_hex(ca_spki_sha256.view())},
                          {"staff_vkey", staff.text()},
                          {"log_vkey", log.text()},
                          {"gateway_hosts", texts_json(gateway_hosts)}};
  return json::serialize(body) + "\n";
}

TrustPin trust_pin(const TrustBundle& bundle, const PracticeId& practice) {
  const json::object pinned{{"ca_spki_sha256", to_hex(bundle.ca_spki_sha256.view())},
                            {"staff_vkey", bundle.staff.text()},
                            {"log_vkey", bundle.log.text()},
                            {"practice", practice.text()}};
  const Digest digest = sha256({pin_domain, json::serialize(pinned)});
  TrustPin out;
  std::copy_n(digest.bytes.begin(), out.size(), out.begin());
  return out;
}

}  // namespace pontlevis::certs
