// One line of RAII per OpenSSL handle. Included by the .cpp files that wrap OpenSSL, and by nobody else.
#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <string>
#include <string_view>

#include "protocol/c_handle.hpp"

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

}  // namespace pontlevis::io
