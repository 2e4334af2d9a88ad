#include "certs/agent_ca.hpp"

#include <arpa/inet.h>

#include "protocol/io/tls/openssl.hpp"

namespace pontlevis::certs {
using namespace pontlevis::io;  // the OpenSSL handles

struct AgentCa::Keys {
  EvpPkey key;
  X509Cert certificate;
};

namespace {

constexpr auto backdate = std::chrono::minutes(5);  // clocks of practices are not all right
constexpr std::size_t serial_bytes = 16;

std::unexpected<Error> openssl_error(std::string what, std::string hint = {}) {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  if (reason) what += std::string(" (") + reason + ")";
  ERR_clear_error();
  return fail(Errc::bad_input, std::move(what), {}, std::move(hint));
}

Result<EvpPkey> new_key() {
  EvpPkey key(EVP_EC_gen("P-256"));
  if (!key) return openssl_error("cannot make a key");
  return key;
}

Result<Secret> key_text(EVP_PKEY* key) {
  const Bio out(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_PKCS8PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1)
    return openssl_error("cannot write the key");
  char* data = nullptr;
  const long n = BIO_get_mem_data(out.get(), &data);
  Secret text(std::string_view(data, static_cast<std::size_t>(n)));
  OPENSSL_cleanse(data, static_cast<std::size_t>(n));
  return text;
}

std::string certificate_text(X509* certificate) {
  const Bio out(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(out.get(), certificate);
  return bio_text(out.get());
}

X509Cert first_certificate(std::string_view pem) {
  const Bio text = memory_bio(pem.substr(0, max_pem_bytes));
  return next_certificate(text.get());
}

void set_time(ASN1_TIME* out, Time t) {
  ASN1_TIME_set(out, static_cast<time_t>(std::chrono::duration_cast<std::chrono::seconds>(t.time_since_epoch()).count()));
}

// Random 128 bits, positive and never zero.
void set_serial(X509* certificate, Random& random) {
  std::string bytes = random.bytes(serial_bytes);
  bytes[0] = static_cast<char>((bytes[0] & 0x7f) | 0x40);
  const BigNumber number(BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()), serial_bytes, nullptr));
  BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate));
}

void set_common_name(X509_NAME* name, const std::string& text) {
  X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(text.data()),
                             static_cast<int>(text.size()), -1, 0);
}

// The values are constants of this file, never text from outside: OpenSSL's extension syntax is a language.
bool add_extension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const X509Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

struct Extension {
  int nid;
  const char* value;
};
constexpr Extension ca_extensions[] = {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                                       {NID_key_usage, "critical,keyCertSign,cRLSign"},
                                       {NID_subject_key_identifier, "hash"}};
constexpr Extension server_extensions[] = {{NID_basic_constraints, "critical,CA:FALSE"},
                                           {NID_key_usage, "critical,digitalSignature"},
                                           {NID_ext_key_usage, "serverAuth"},
                                           {NID_subject_key_identifier, "hash"},
                                           {NID_authority_key_identifier, "keyid"}};
constexpr Extension client_extensions[] = {{NID_basic_constraints, "critical,CA:FALSE"},
                                           {NID_key_usage, "critical,digitalSignature"},
                                           {NID_ext_key_usage, "clientAuth"},
                                           {NID_subject_key_identifier, "hash"},
                                           {NID_authority_key_identifier, "keyid"}};

struct Wanted {
  std::string common_name;
  EVP_PKEY* key;
  Time from;
  Time until;
  std::span<const Extension> extensions;
};

// A certificate with everything but what is special to its kind, not signed yet. A null issuer signs itself.
Result<X509Cert> new_certificate(const Wanted& wanted, X509* issuer, Random& random) {
  X509Cert out(X509_new());
  X509* c = out.get();
  X509_set_version(c, X509_VERSION_3);
  set_serial(c, random);
  set_time(X509_getm_notBefore(c), wanted.from);
  set_time(X509_getm_notAfter(c), wanted.until);
  set_common_name(X509_get_subject_name(c), wanted.common_name);
  X509_set_issuer_name(c, X509_get_subject_name(issuer ? issuer : c));
  X509_set_pubkey(c, wanted.key);
  for (const auto& [nid, value] : wanted.extensions)
    if (!add_extension(c, issuer ? issuer : c, nid, value)) return openssl_error("cannot make a certificate");
  return out;
}

bool is_dns_name(std::string_view host) {
  if (host.empty() || host.size() > 253) return false;
  for (std::size_t at = 0; at <= host.size();) {
    const auto end = std::min(host.find('.', at), host.size());
    std::string label(host.substr(at, end - at));
    for (char& c : label) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    if (!is_name(label)) return false;
    at = end + 1;
  }
  return true;
}

// The bytes of an IP address, 4 or 16, or nothing.
std::optional<std::string> ip_bytes(const std::string& host) {
  std::string out(16, '\0');
  if (::inet_pton(AF_INET6, host.c_str(), out.data()) == 1) return out;
  out.resize(4);
  if (::inet_pton(AF_INET, host.c_str(), out.data()) == 1) return out;
  return std::nullopt;
}

Result<> add_host(GENERAL_NAMES* names, const std::string& host) {
  const auto ip = ip_bytes(host);
  if (!ip && !is_dns_name(host))
    return fail(Errc::bad_input, "is not a host name or an IP address", printable(host, 80), "such as gateway.vendor.example");
  const std::string& bytes = ip ? *ip : host;
  ASN1_STRING* value = ip ? ASN1_OCTET_STRING_new() : ASN1_IA5STRING_new();
  ASN1_STRING_set(value, bytes.data(), static_cast<int>(bytes.size()));
  GENERAL_NAME* name = GENERAL_NAME_new();
  GENERAL_NAME_set0_value(name, ip ? GEN_IPADD : GEN_DNS, value);
  sk_GENERAL_NAME_push(names, name);
  return {};
}

Result<> add_hosts(X509* certificate, const std::vector<std::string>& hosts) {
  if (hosts.empty() || hosts.size() > 16)
    return fail(Errc::bad_input, "a server certificate needs 1 to 16 hosts", {}, "--host gateway.vendor.example");
  const GeneralNames names(sk_GENERAL_NAME_new_null());
  for (const auto& host : hosts) PL_CHECK(add_host(names.get(), host));
  if (X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, X509V3_ADD_DEFAULT) != 1)
    return openssl_error("cannot name the hosts of a certificate");
  return {};
}

std::vector<std::string> hosts_of(const X509* certificate) {
  const GeneralNames names(static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::vector<std::string> out;
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    int type = 0;
    const auto* value = static_cast<ASN1_STRING*>(GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &type));
    const auto size = static_cast<std::size_t>(ASN1_STRING_length(value));
    char text[INET6_ADDRSTRLEN] = {};
    if (type == GEN_DNS) out.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)), size);
    if (type == GEN_IPADD && ::inet_ntop(size == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(value), text, sizeof text))
      out.emplace_back(text);
  }
  return out;
}

Result<> sign(X509* certificate, EVP_PKEY* key) {
  if (X509_sign(certificate, key, EVP_sha256()) == 0) return openssl_error("cannot sign a certificate");
  return {};
}

}  // namespace

Result<CertificateInfo> read_certificate(std::string_view pem) {
  const X509Cert certificate = first_certificate(pem);
  if (!certificate) return fail(Errc::bad_input, "is not a certificate", {}, "a PEM text that begins with BEGIN CERTIFICATE");
  X509* c = certificate.get();
  return CertificateInfo{common_name_of(c), serial_of(c), hosts_of(c), time_of(X509_get0_notBefore(c)),
                         time_of(X509_get0_notAfter(c)), X509_check_ca(c) == 1, digest_of(c), spki_digest_of(c)};
}

Result<Digest> spki_pin(std::string_view certificate_pem) {
  PL_TRY(info, read_certificate(certificate_pem));
  return info.spki_sha256;
}

bool renewal_due(const CertificateInfo& certificate, Time now) noexcept {
  return certificate.not_after - now < (certificate.not_after - certificate.not_before) / 3;
}

Result<KeyAndRequest> make_agent_request(const PracticeId& practice) {
  PL_TRY(key, new_key());
  const X509Request request(X509_REQ_new());
  X509_REQ_set_version(request.get(), X509_REQ_VERSION_1);
  set_common_name(X509_REQ_get_subject_name(request.get()), practice.text());
  X509_REQ_set_pubkey(request.get(), key.get());
  if (X509_REQ_sign(request.get(), key.get(), EVP_sha256()) == 0) return openssl_error("cannot sign a request");
  const Bio out(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509_REQ(out.get(), request.get());
  PL_TRY(text, key_text(key.get()));
  return KeyAndRequest{std::move(text), bio_text(out.get())};
}

Result<AgentCa> AgentCa::create(const std::string& name, Time now, Random& random) {
  if (name.empty() || name.size() > 64 || !is_utf8(name) || has_control(name))
    return fail(Errc::bad_input, "is not a name for a certificate authority", printable(name, 80), "1 to 64 bytes");
  PL_TRY(key, new_key());
  const Wanted wanted{name, key.get(), now - backdate, now + ca_life, ca_extensions};
  PL_TRY(certificate, new_certificate(wanted, nullptr, random));
  PL_CHECK(sign(certificate.get(), key.get()));
  const std::string pem = certificate_text(certificate.get());
  const Digest pin = spki_digest_of(certificate.get());
  return AgentCa(std::make_shared<const Keys>(Keys{std::move(key), std::move(certificate)}), pem, pin);
}

Result<AgentCa> AgentCa::load(std::string_view certificate_pem, const Secret& key_pem) {
  X509Cert certificate = first_certificate(certificate_pem);
  if (!certificate || X509_check_ca(certificate.get()) != 1) return fail(Errc::bad_input, "is not the certificate of a CA");
  const Bio text = memory_bio(key_pem.expose());
  EvpPkey key(PEM_read_bio_PrivateKey(text.get(), nullptr, nullptr, nullptr));
  if (!key || !is_p256(key.get())) return openssl_error("the CA's key is not an ECDSA P-256 key");
  if (X509_check_private_key(certificate.get(), key.get()) != 1)
    return openssl_error("the CA's key does not belong to its certificate");
  const std::string pem = certificate_text(certificate.get());
  const Digest pin = spki_digest_of(certificate.get());
  return AgentCa(std::make_shared<const Keys>(Keys{std::move(key), std::move(certificate)}), pem, pin);
}

Result<Secret> AgentCa::key_pem() const { return key_text(keys_->key.get()); }

Result<KeyAndCertificate> AgentCa::issue_server(const std::vector<std::string>& hosts, Time now, Random& random) const {
  PL_TRY(key, new_key());
  const Wanted wanted{"Pontlevis gateway", key.get(), now - backdate, now + server_life, server_extensions};
  PL_TRY(certificate, new_certificate(wanted, keys_->certificate.get(), random));
  PL_CHECK(add_hosts(certificate.get(), hosts));
  PL_CHECK(sign(certificate.get(), keys_->key.get()));
  PL_TRY(text, key_text(key.get()));
  return KeyAndCertificate{std::move(text), certificate_text(certificate.get()) + certificate_pem_};
}

Result<std::string> AgentCa::sign_agent(std::string_view request_pem, const PracticeId& practice, Time now,
                                        Random& random) const {
  if (request_pem.size() > max_pem_bytes) return fail(Errc::bad_input, "the certificate request is too long");
  const Bio text = memory_bio(request_pem);
  const X509Request request(PEM_read_bio_X509_REQ(text.get(), nullptr, nullptr, nullptr));
  if (!request) return openssl_error("is not a certificate request");
  EVP_PKEY* key = X509_REQ_get0_pubkey(request.get());
  if (!key || !is_p256(key)) return openssl_error("the certificate request is not for an ECDSA P-256 key");
  if (X509_REQ_verify(request.get(), key) != 1) {
    ERR_clear_error();
    return fail(Errc::bad_signature, "the certificate request is not signed by its own key");
  }
  const Wanted wanted{practice.text(), key, now - backdate, now + agent_life, client_extensions};
  PL_TRY(certificate, new_certificate(wanted, keys_->certificate.get(), random));
  PL_CHECK(sign(certificate.get(), keys_->key.get()));
  return certificate_text(certificate.get());
}

}  // namespace pontlevis::certs
