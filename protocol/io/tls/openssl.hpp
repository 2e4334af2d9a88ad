// One line of RAII per OpenSSL handle. Included by the .cpp files that wrap OpenSSL, and by nobody else.
#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <string>
#include <string_view>

#include "protocol/c_handle.hpp"
#include "protocol/clock.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/text.hpp"

namespace pontlevis::io {

inline void free_extensions(STACK_OF(X509_EXTENSION) * list) { sk_X509_EXTENSION_pop_free(list, X509_EXTENSION_free); }
inline void free_general_names(GENERAL_NAMES* names) { GENERAL_NAMES_free(names); }

using Bio = CHandle<BIO, BIO_free_all>;
using EvpPkey = CHandle<EVP_PKEY, EVP_PKEY_free>;
using EvpPkeyCtx = CHandle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using X509Cert = CHandle<X509, X509_free>;
using X509Request = CHandle<X509_REQ, X509_REQ_free>;
using X509Extension = CHandle<X509_EXTENSION, X509_EXTENSION_free>;
using X509Extensions = CHandle<STACK_OF(X509_EXTENSION), free_extensions>;
using GeneralNames = CHandle<GENERAL_NAMES, free_general_names>;
using Asn1Integer = CHandle<ASN1_INTEGER, ASN1_INTEGER_free>;
using Asn1Time = CHandle<ASN1_TIME, ASN1_TIME_free>;
using BigNumber = CHandle<BIGNUM, BN_free>;
using SslPtr = CHandle<SSL, SSL_free>;
using SslCtxPtr = CHandle<SSL_CTX, SSL_CTX_free>;

inline Bio memory_bio(std::string_view text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

inline std::string bio_text(BIO* bio) {
  char* data = nullptr;
  const long n = BIO_get_mem_data(bio, &data);
  return n > 0 ? std::string(data, static_cast<std::size_t>(n)) : std::string();
}

// The next certificate of a PEM text; null at its end.
inline X509Cert next_certificate(BIO* pem) {
  X509Cert out(PEM_read_bio_X509(pem, nullptr, nullptr, nullptr));
  if (!out) ERR_clear_error();
  return out;
}

inline std::string serial_of(const X509* certificate) {  // lower-case hex
  const BigNumber number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
  std::string bytes(number ? static_cast<std::size_t>(BN_num_bytes(number.get())) : 0, '\0');
  if (number) BN_bn2bin(number.get(), reinterpret_cast<unsigned char*>(bytes.data()));
  return to_hex(bytes);
}

inline std::string common_name_of(const X509* certificate) {
  const X509_NAME* subject = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  unsigned char* text = nullptr;
  const int n = at < 0 ? -1 : ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
  std::string out(reinterpret_cast<char*>(text), n < 0 ? 0 : static_cast<std::size_t>(n));
  OPENSSL_free(text);
  return out;
}

inline Time time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return Time{};
  return Time{std::chrono::seconds(::timegm(&parts))};
}

inline Digest digest_of(const X509* certificate) {  // of the DER
  Digest digest;
  unsigned size = static_cast<unsigned>(digest.bytes.size());
  X509_digest(certificate, EVP_sha256(), digest.bytes.data(), &size);
  return digest;
}

inline Digest spki_digest_of(const X509* certificate) {
  unsigned char* der = nullptr;
  const int n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
  const Digest out = sha256({reinterpret_cast<const char*>(der), n > 0 ? static_cast<std::size_t>(n) : 0});
  OPENSSL_free(der);
  return out;
}

inline bool is_p256(const EVP_PKEY* key) {
  char group[32] = {};
  return EVP_PKEY_is_a(key, "EC") && EVP_PKEY_get_group_name(key, group, sizeof group, nullptr) == 1 &&
         std::string_view(group) == SN_X9_62_prime256v1;
}

}  // namespace pontlevis::io
