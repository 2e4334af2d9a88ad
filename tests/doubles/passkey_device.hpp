// A passkey's device and the browser around it: what they answer to WebAuthn options, right or wrong.
#pragma once

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include <boost/json.hpp>
#include <string>

#include "protocol/crypto/sha256.hpp"
#include "protocol/text.hpp"

namespace pontlevis::doubles {

namespace json = boost::json;

// An authenticator: a P-256 key that signs what a browser gives it.
class PasskeyDevice {
 public:
  PasskeyDevice() : key_(EVP_EC_gen("P-256")) {}
  ~PasskeyDevice() { EVP_PKEY_free(key_); }
  std::string point() const {
    std::string out(65, '\0');
    std::size_t size = 0;
    EVP_PKEY_get_octet_string_param(key_, OSSL_PKEY_PARAM_PUB_KEY, reinterpret_cast<unsigned char*>(out.data()), out.size(), &size);
    return out;
  }
  std::string data(bool with_key, std::string_view rp = "localhost", unsigned char flags = 0x05) {
    ++count;
    std::string out(sha256(rp).view());
    out += static_cast<char>(flags | (with_key ? 0x40 : 0));
    for (int shift : {24, 16, 8, 0}) out += static_cast<char>(count >> shift);
    if (!with_key) return out;
    out += std::string(16, '\0') + std::string("\0\x10", 2) + id;
    return out + "\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20" + point().substr(1, 32) + "\x22\x58\x20" + point().substr(33, 32);
  }
  std::string sign(const std::string& message) {
    EVP_MD_CTX* ctx = EVP_MD_CTX_new();
    EVP_DigestSignInit(ctx, nullptr, EVP_sha256(), nullptr, key_);
    std::size_t size = 128;
    std::string out(size, '\0');
    EVP_DigestSign(ctx, reinterpret_cast<unsigned char*>(out.data()), &size, reinterpret_cast<const unsigned char*>(message.data()), message.size());
    EVP_MD_CTX_free(ctx);
    out.resize(size);
    return out;
  }
  std::string id = "0123456789abcdef";
  unsigned count = 0;

 private:
  EVP_PKEY* key_;
};

inline std::string attestation(const std::string& data) {
  const std::string size{static_cast<char>(data.size() >> 8), static_cast<char>(data.size())};
  return std::string("\xa3\x63") + "fmt\x64none\x67" + "attStmt\xa0\x68" + "authData\x59" + size + data;
}

inline std::string client_data(std::string_view type, const json::object& options, std::string_view origin) {
  return json::serialize(json::object{{"type", type}, {"challenge", options.at("publicKey").at("challenge")}, {"origin", origin}, {"crossOrigin", false}});
}

}  // namespace pontlevis::doubles
