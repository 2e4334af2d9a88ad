#include "agent/tools/desktop/vnc_password.hpp"

#include <openssl/evp.h>

#include <cstdlib>
#include <cstring>
#include <vector>

#include "protocol/c_handle.hpp"

namespace pontlevis::agent {
namespace {

using EvpCipher = CHandle<EVP_CIPHER, EVP_CIPHER_free>;
using EvpCipherCtx = CHandle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

constexpr std::size_t key_bytes = 8;
// The key of every VNC password file there is.
constexpr std::string_view file_key("\x17\x52\x6b\x06\x23\x4e\x58\x07", key_bytes);

unsigned char reversed(unsigned char byte) noexcept {
  unsigned out = 0;
  for (int bit = 0; bit < 8; ++bit) out |= ((byte >> bit) & 1U) << (7 - bit);
  return static_cast<unsigned char>(out);
}

// OpenSSL 3 keeps single DES in its legacy provider; triple DES with one key three times is the same.
Secret triple_key(std::string_view key) {
  std::vector<char> out;
  out.reserve(3 * key_bytes);
  for (int round = 0; round < 3; ++round)
    for (char c : key) out.push_back(static_cast<char>(reversed(static_cast<unsigned char>(c))));
  return Secret(std::move(out));
}

void encrypt(std::string_view key, std::string_view plain, std::span<char> out) {
  if (key.size() != key_bytes || plain.size() != out.size() || plain.size() % 8 != 0) std::abort();
  static const EvpCipher cipher(EVP_CIPHER_fetch(nullptr, "DES-EDE3-ECB", nullptr));
  const EvpCipherCtx ctx(EVP_CIPHER_CTX_new());
  const Secret triple = triple_key(key);
  const auto bytes = [](const char* p) { return reinterpret_cast<const unsigned char*>(p); };
  int length = 0;
  const bool good = cipher && ctx && EVP_EncryptInit_ex2(ctx.get(), cipher.get(), bytes(triple.expose().data()), nullptr, nullptr) == 1 &&
                    EVP_CIPHER_CTX_set_padding(ctx.get(), 0) == 1 &&
                    EVP_EncryptUpdate(ctx.get(), reinterpret_cast<unsigned char*>(out.data()), &length, bytes(plain.data()),
                                      static_cast<int>(plain.size())) == 1;
  if (!good || length != static_cast<int>(out.size())) std::abort();  // no cipher, no answer
}

}  // namespace

Secret make_vnc_password(Random& random) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-";
  static_assert(letters.size() == 64);
  std::array<unsigned char, key_bytes> drawn{};
  random.fill(drawn);
  std::vector<char> out;
  for (auto byte : drawn) out.push_back(letters[byte % letters.size()]);
  wipe_bytes({reinterpret_cast<char*>(drawn.data()), drawn.size()});
  return Secret(std::move(out));
}

VncChallenge answer_challenge(const Secret& password, const VncChallenge& challenge) {
  VncChallenge out{};
  encrypt(password.expose(), {challenge.data(), challenge.size()}, out);
  return out;
}

Secret vnc_password_file(const Secret& password) {
  std::vector<char> out(key_bytes);
  encrypt(file_key, password.expose(), out);
  return Secret(std::move(out));
}

}  // namespace pontlevis::agent
