#include "protocol/io/tls/tls_words.hpp"

#include <openssl/sslerr.h>

namespace pontlevis::io {
namespace {

struct Words {
  int code;
  Errc errc;
  const char* what;
  const char* hint;
};

// The other side's certificate, as we judged it.
constexpr Words verdicts[] = {
    {X509_V_ERR_CERT_HAS_EXPIRED, Errc::expired, "the other side's certificate has expired",
     "renew it, or check this machine's clock"},
    {X509_V_ERR_CERT_NOT_YET_VALID, Errc::not_allowed, "the other side's certificate is not valid yet",
     "check this machine's clock"},
    {X509_V_ERR_HOSTNAME_MISMATCH, Errc::not_allowed, "the server's certificate is for another name",
     "use a host name that the gateway's certificate lists"},
    {X509_V_ERR_IP_ADDRESS_MISMATCH, Errc::not_allowed, "the server's certificate is for another address",
     "use a host name that the gateway's certificate lists"},
    {X509_V_ERR_CERT_REVOKED, Errc::not_allowed, "the other side's certificate has been revoked",
     "enrol again with a new code"},
    {X509_V_ERR_INVALID_PURPOSE, Errc::not_allowed, "the other side's certificate is for another use", ""},
};

// Our certificate or offer, as the other side judged it.
constexpr Words alerts[] = {
    {SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED, Errc::expired, "the other side says our certificate has expired",
     "enrol again with a new code"},
    {SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED, Errc::not_allowed, "the other side says our certificate has been revoked",
     "enrol again with a new code"},
    {SSL_R_TLSV1_ALERT_UNKNOWN_CA, Errc::not_allowed, "the other side does not know the authority of our certificate",
     "was this agent enrolled with this gateway?"},
    {SSL_R_SSLV3_ALERT_BAD_CERTIFICATE, Errc::not_allowed, "the other side refuses our certificate", ""},
    {SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN, Errc::not_allowed, "the other side refuses our certificate", ""},
    {SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE, Errc::not_allowed, "the other side refuses our kind of certificate", ""},
    {SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED, Errc::not_allowed, "the other side wants a certificate", ""},
    {SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, Errc::not_allowed, "the other side does not speak TLS 1.3", ""},
    {SSL_R_UNSUPPORTED_PROTOCOL, Errc::not_allowed, "the other side does not speak TLS 1.3", ""},
    {SSL_R_VERSION_TOO_LOW, Errc::not_allowed, "the other side does not speak TLS 1.3", ""},
    {SSL_R_WRONG_VERSION_NUMBER, Errc::bad_input, "the other side does not speak TLS",
     "check the address and the port"},
    {SSL_R_HTTP_REQUEST, Errc::bad_input, "the other side speaks HTTP without TLS", "use https://"},
    {SSL_R_UNEXPECTED_EOF_WHILE_READING, Errc::closed, "the connection was cut", ""},
    {SSL_R_NO_SHARED_CIPHER, Errc::not_allowed, "the other side shares no cipher with us", ""},
};

Error spoken(const Words& w) { return Error{w.errc, w.what, "TLS", w.hint}; }

Error other_verdict(long code) {
  // Unknown authority has many codes, according to where the chain stops.
  return Error{Errc::not_allowed, "the other side's certificate is not signed by an authority trusted here", "TLS",
               std::string("is it the right gateway? (") + X509_verify_cert_error_string(code) + ")"};
}

}  // namespace

Error tls_failure(const SSL* ssl) {
  const unsigned long error = ERR_peek_last_error();
  const int reason = ERR_GET_LIB(error) == ERR_LIB_SSL ? ERR_GET_REASON(error) : 0;
  const long verdict = SSL_get_verify_result(ssl);
  ERR_clear_error();
  if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED) {
    for (const auto& w : verdicts)
      if (w.code == verdict) return spoken(w);
    return other_verdict(verdict);
  }
  for (const auto& w : alerts)
    if (w.code == reason) return spoken(w);
  const char* text = reason != 0 ? ERR_reason_error_string(error) : nullptr;
  if (!text) return Error{Errc::closed, "the connection was cut", "TLS", {}};
  return Error{Errc::closed, std::string("the connection ended: ") + text, "TLS", {}};
}

std::unexpected<Error> openssl_failure(std::string what) {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  if (reason) what += std::string(" (") + reason + ")";
  ERR_clear_error();
  return fail(Errc::bad_input, std::move(what));
}

}  // namespace pontlevis::io
