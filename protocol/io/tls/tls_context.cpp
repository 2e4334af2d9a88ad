#include "protocol/io/tls/tls_context.hpp"

#include "protocol/io/tls/openssl.hpp"
#include "protocol/io/tls/tls_offered.hpp"
#include "protocol/io/tls/tls_words.hpp"

namespace pontlevis::io {

struct TlsContext::Shared {
  SslCtxPtr ctx;
  bool server = false;
  std::function<bool(std::string_view)> is_revoked;
  std::optional<Digest> pin;
};

ssl_ctx_st* TlsContext::native() const noexcept { return shared_->ctx.get(); }
bool TlsContext::is_server() const noexcept { return shared_->server; }

namespace {

const TlsContext::Shared& shared_of(X509_STORE_CTX* store) {
  const auto* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  return *static_cast<const TlsContext::Shared*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
}

// After OpenSSL's own checks of each certificate: is the client's one revoked?
int refuse_revoked(int good, X509_STORE_CTX* store) {
  if (!good || X509_STORE_CTX_get_error_depth(store) != 0) return good;
  const auto& shared = shared_of(store);
  if (!shared.is_revoked || !shared.is_revoked(serial_of(X509_STORE_CTX_get_current_cert(store)))) return 1;
  X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REVOKED);
  return 0;
}

// Enrolment: the only anchor is the CA of the presented chain whose key is pinned. Everything else
// (signatures, dates, purpose, host name) is checked as ever.
int verify_by_pin(X509_STORE_CTX* store, void*) {
  const auto& pin = *shared_of(store).pin;
  STACK_OF(X509)* presented = X509_STORE_CTX_get0_untrusted(store);
  STACK_OF(X509)* anchors = sk_X509_new_null();
  for (int i = 0; i < sk_X509_num(presented); ++i) {
    X509* one = sk_X509_value(presented, i);
    if (X509_check_ca(one) == 1 && spki_digest_of(one) == pin) sk_X509_push(anchors, one);
  }
  X509_STORE_CTX_set0_trusted_stack(store, anchors);
  const int verdict = X509_verify_cert(store);
  sk_X509_free(anchors);
  return verdict;
}

Result<> use_identity(SSL_CTX* ctx, const TlsIdentity& identity) {
  const Bio key_text = memory_bio(identity.key_pem.expose());
  const EvpPkey key(PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr));
  if (!key) return openssl_failure("the TLS key cannot be read");
  if (!is_p256(key.get())) return fail(Errc::bad_input, "the TLS key is not ECDSA P-256");
  const Bio chain = memory_bio(identity.chain_pem);
  const X509Cert leaf = next_certificate(chain.get());
  if (!leaf || SSL_CTX_use_certificate(ctx, leaf.get()) != 1) return openssl_failure("the TLS certificate cannot be used");
  if (SSL_CTX_use_PrivateKey(ctx, key.get()) != 1 || SSL_CTX_check_private_key(ctx) != 1)
    return openssl_failure("the TLS key does not belong to the certificate");
  while (X509Cert more = next_certificate(chain.get())) SSL_CTX_add1_chain_cert(ctx, more.get());
  return {};
}

// Adds each CA of `pem` as an anchor and answers how many; a certificate that is no CA is an error.
Result<int> trust_cas(SSL_CTX* ctx, std::string_view pem) {
  const Bio text = memory_bio(pem);
  int count = 0;
  while (const X509Cert ca = next_certificate(text.get())) {
    if (X509_check_ca(ca.get()) != 1) return fail(Errc::bad_input, "a trusted certificate is not a CA");
    X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx), ca.get());
    ++count;
  }
  if (count == 0) return fail(Errc::bad_input, "the CA certificate cannot be read");
  return count;
}

constexpr const char* suites = "TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256";
constexpr const char* groups = "X25519:P-256:P-384";

// The modes are findings, not habits: decision 0006.
Result<SslCtxPtr> new_context(bool server) {
  SslCtxPtr ctx(SSL_CTX_new(server ? TLS_server_method() : TLS_client_method()));
  if (!ctx) return openssl_failure("OpenSSL has no memory");
  SSL_CTX* c = ctx.get();
  SSL_CTX_set_min_proto_version(c, TLS1_3_VERSION);
  SSL_CTX_set_max_proto_version(c, TLS1_3_VERSION);
  SSL_CTX_set_mode(c, SSL_MODE_NO_AUTO_CHAIN | SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_options(c, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                             SSL_OP_PRIORITIZE_CHACHA);
  SSL_CTX_set_num_tickets(c, 0);
  SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_read_ahead(c, 1);
  if (SSL_CTX_set_ciphersuites(c, suites) != 1 ||
      SSL_CTX_set1_groups_list(c, groups) != 1 || SSL_CTX_set1_sigalgs_list(c, "ECDSA+SHA256") != 1)
    return openssl_failure("OpenSSL lacks an algorithm");
  return ctx;
}

// Servers of others have what certificates and versions they have; below TLS 1.2, and without forward secrecy or
// authenticated encryption, nobody is spoken to.
Result<> trust_public(SSL_CTX* ctx, const PublicCas& cas) {
  SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
  if (SSL_CTX_set_cipher_list(ctx, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1 ||
      SSL_CTX_set1_sigalgs_list(ctx, "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:RSA-PSS+SHA256:RSA-PSS+SHA384:RSA-PSS+SHA512:RSA+SHA256:RSA+SHA384:RSA+SHA512") != 1)
    return openssl_failure("OpenSSL lacks an algorithm");
  if (cas.pem.empty()) return SSL_CTX_set_default_verify_paths(ctx) == 1 ? Result<>{} : openssl_failure("this machine's CAs cannot be read");
  PL_CHECK(trust_cas(ctx, cas.pem));
  return {};
}

}  // namespace

Result<TlsContext> TlsContext::for_server(const TlsIdentity& identity, ClientTrust clients) {
  auto shared = std::make_shared<Shared>();
  PL_TRY(ctx, new_context(true));
  PL_CHECK(use_identity(ctx.get(), identity));
  if (!clients.ca_pem.empty()) {
    PL_CHECK(trust_cas(ctx.get(), clients.ca_pem));
    // The names of our CAs go out with the request, so that a browser without such a certificate asks nobody.
    const Bio text = memory_bio(clients.ca_pem);
    while (const X509Cert ca = next_certificate(text.get())) SSL_CTX_add_client_CA(ctx.get(), ca.get());
    SSL_CTX_set_verify(ctx.get(), SSL_VERIFY_PEER, refuse_revoked);
  }
  shared->is_revoked = std::move(clients.is_revoked);
  shared->server = true;
  SSL_CTX_set_app_data(ctx.get(), shared.get());
  shared->ctx = std::move(ctx);
  return TlsContext(std::move(shared));
}

Result<TlsContext> TlsContext::for_client(const ServerTrust& trust, const TlsIdentity* identity) {
  auto shared = std::make_shared<Shared>();
  PL_TRY(ctx, new_context(false));
  if (identity) PL_CHECK(use_identity(ctx.get(), *identity));
  SSL_CTX_set_verify(ctx.get(), SSL_VERIFY_PEER, nullptr);
  if (const auto* ca = std::get_if<PinnedCa>(&trust)) {
    PL_TRY(count, trust_cas(ctx.get(), ca->pem));
    if (count != 1) return fail(Errc::bad_input, "the pinned CA must be one certificate");
  } else if (const auto* key = std::get_if<PinnedKey>(&trust)) {
    shared->pin = key->spki_sha256;
    SSL_CTX_set_cert_verify_callback(ctx.get(), verify_by_pin, nullptr);
  } else if (const auto* cas = std::get_if<PublicCas>(&trust)) {
    PL_CHECK(trust_public(ctx.get(), *cas));
  } else {
    SSL_CTX_set_verify(ctx.get(), SSL_VERIFY_NONE, nullptr);
  }
  SSL_CTX_set_app_data(ctx.get(), shared.get());
  shared->ctx = std::move(ctx);
  return TlsContext(std::move(shared));
}

std::string tls_algorithms_offered() { return std::string("TLS 1.3; ") + suites + "; " + groups; }

}  // namespace pontlevis::io
