#include "agent/recorder/sealed_file.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "protocol/c_handle.hpp"

namespace pontlevis::agent {
namespace {

using Cipher = CHandle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;
using Hash = CHandle<EVP_MD_CTX, EVP_MD_CTX_free>;

constexpr std::string_view magic = "PLCAST1\n";
constexpr std::size_t header_bytes = 8 + 36 + 4;
constexpr std::size_t length_bytes = 4, tag_bytes = 16, nonce_bytes = 12;
constexpr std::uint32_t last_mark = 0x8000'0000;
constexpr std::uint32_t max_chunks = 0x00ff'ffff;

std::string big_endian(std::uint32_t n) {
  std::string out(4, '\0');
  for (int i = 3; i >= 0; --i, n >>= 8) out[static_cast<std::size_t>(i)] = static_cast<char>(n & 0xff);
  return out;
}
std::uint32_t from_big_endian(std::string_view four) {
  std::uint32_t n = 0;
  for (char c : four) n = n << 8 | static_cast<unsigned char>(c);
  return n;
}

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

std::string header_of(const InterventionId& id, std::uint32_t stream) {
  return std::string(magic) + id.text() + big_endian(stream);
}

// Unique under one key: a stream's number is used once, its chunks are counted.
std::array<unsigned char, nonce_bytes> nonce_of(std::uint32_t stream, std::uint32_t chunk, bool last) {
  const std::string text = big_endian(stream) + big_endian(chunk) + std::string(3, '\0') + (last ? '\1' : '\0');
  std::array<unsigned char, nonce_bytes> out{};
  std::memcpy(out.data(), text.data(), out.size());
  return out;
}

std::unexpected<Error> broken() { return fail(Errc::internal, "the cipher refused", "recording"); }

std::unexpected<Error> os_error(const std::filesystem::path& file, const char* doing) {
  const int e = errno;
  return fail(e == EEXIST ? Errc::conflict : Errc::io, std::string("cannot ") + doing + ": " + std::strerror(e), file.string(),
              e == ENOSPC ? "make room on the disk of the data folder" : "");
}

// Ciphertext and tag. `aad` is the header and the length.
Result<std::string> encrypt(EVP_CIPHER_CTX* ctx, const Secret& key, std::span<const unsigned char> nonce, std::string_view aad,
                            std::string_view plain) {
  std::string out(plain.size() + tag_bytes, '\0');
  int n = 0;
  const bool good =
      EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), nullptr, bytes_of(key.expose()), nonce.data()) == 1 &&
      EVP_EncryptUpdate(ctx, nullptr, &n, bytes_of(aad), static_cast<int>(aad.size())) == 1 &&
      EVP_EncryptUpdate(ctx, bytes_of(out), &n, bytes_of(plain), static_cast<int>(plain.size())) == 1 &&
      EVP_EncryptFinal_ex(ctx, bytes_of(out) + plain.size(), &n) == 1 &&
      EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, tag_bytes, bytes_of(out) + plain.size()) == 1;
  if (!good) return broken();
  return out;
}

Result<std::string> decrypt(EVP_CIPHER_CTX* ctx, const Secret& key, std::span<const unsigned char> nonce, std::string_view aad,
                            std::string_view sealed) {
  const auto cipher = sealed.substr(0, sealed.size() - tag_bytes);
  std::string tag(sealed.substr(cipher.size()));
  std::string out(cipher.size(), '\0');
  int n = 0;
  const bool ready = EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), nullptr, bytes_of(key.expose()), nonce.data()) == 1 &&
                     EVP_DecryptUpdate(ctx, nullptr, &n, bytes_of(aad), static_cast<int>(aad.size())) == 1 &&
                     EVP_DecryptUpdate(ctx, bytes_of(out), &n, bytes_of(cipher), static_cast<int>(cipher.size())) == 1 &&
                     EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, tag_bytes, tag.data()) == 1;
  if (!ready) return broken();
  unsigned char nothing[16];
  if (EVP_DecryptFinal_ex(ctx, nothing, &n) != 1)
    return fail(Errc::bad_signature, "a part of the recording was changed, or its key is another", "recording");
  return out;
}

}  // namespace

struct SealedWriter::State {
  std::filesystem::path path;
  const Secret& key;
  std::string header;
  std::uint32_t stream;
  int fd = -1;
  std::uint32_t chunk = 0;
  std::uint64_t bytes = 0;
  bool finished = false;
  Cipher cipher{EVP_CIPHER_CTX_new()};
  Hash hash{EVP_MD_CTX_new()};

  ~State() {
    if (fd >= 0) ::close(fd);
  }
  Result<> put(std::string_view content) {
    if (EVP_DigestUpdate(hash.get(), content.data(), content.size()) != 1) return broken();
    bytes += content.size();
    while (!content.empty()) {
      const auto n = ::write(fd, content.data(), content.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return os_error(path, "write");
      content.remove_prefix(static_cast<std::size_t>(n));
    }
    return {};
  }
};

SealedWriter::SealedWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
SealedWriter::~SealedWriter() = default;

Result<std::unique_ptr<SealedWriter>> SealedWriter::create(const std::filesystem::path& file, const Secret& key,
                                                           const InterventionId& id, unsigned stream) {
  if (key.expose().size() != sealed_key_bytes) return fail(Errc::internal, "the key has another length", "recording");
  std::unique_ptr<State> state(new State{file, key, header_of(id, stream), stream});
  state->fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (state->fd < 0) return os_error(file, "make the file");
  if (!state->cipher || EVP_DigestInit_ex(state->hash.get(), EVP_sha256(), nullptr) != 1) return broken();
  PL_CHECK(state->put(state->header));
  return std::unique_ptr<SealedWriter>(new SealedWriter(std::move(state)));
}

// One write(2) a chunk: a crash leaves whole chunks and at most one broken one, at the end.
Result<> SealedWriter::seal(std::string_view plain, bool last) {
  auto& s = *state_;
  if (plain.size() > max_chunk_bytes || s.finished || s.chunk > max_chunks) return fail(Errc::internal, "is not a chunk", "recording");
  const std::string length = big_endian(static_cast<std::uint32_t>(plain.size()) | (last ? last_mark : 0));
  PL_TRY(sealed, encrypt(s.cipher.get(), s.key, nonce_of(s.stream, s.chunk, last), s.header + length, plain));
  ++s.chunk;
  s.finished = last;
  return s.put(length + sealed);
}

Result<> SealedWriter::write(std::string_view plain) { return seal(plain, false); }

Result<> SealedWriter::finish(std::string_view plain) {
  PL_CHECK(seal(plain, true));
  return sync();
}

Result<> SealedWriter::sync() {
  if (::fdatasync(state_->fd) != 0) return os_error(state_->path, "make durable");
  return {};
}

std::uint64_t SealedWriter::bytes() const noexcept { return state_->bytes; }

Digest SealedWriter::digest() const {
  Hash copy(EVP_MD_CTX_new());
  Digest out;
  if (EVP_MD_CTX_copy_ex(copy.get(), state_->hash.get()) != 1 || EVP_DigestFinal_ex(copy.get(), out.bytes.data(), nullptr) != 1) std::abort();
  return out;
}

// What follows the last whole chunk of an unfinished file is the beginning of one that a crash cut off.
Result<Opened> open_sealed(std::string_view file, const Secret& key, const InterventionId& id, std::size_t max) {
  if (key.expose().size() != sealed_key_bytes) return fail(Errc::bad_input, "the key has another length", "recording");
  if (file.size() < header_bytes || !file.starts_with(magic)) return fail(Errc::bad_input, "is not a recording", "recording");
  Opened out;
  out.stream = from_big_endian(file.substr(header_bytes - 4, 4));
  const std::string header(file.substr(0, header_bytes));
  if (header != header_of(id, out.stream)) return fail(Errc::bad_input, "is of another intervention", "recording");
  file.remove_prefix(header_bytes);
  const Cipher cipher(EVP_CIPHER_CTX_new());
  for (std::uint32_t chunk = 0; !out.complete && file.size() >= length_bytes; ++chunk) {
    const std::string_view length = file.substr(0, length_bytes);
    const std::uint32_t word = from_big_endian(length);
    const std::size_t size = word & ~last_mark;
    if (size > max_chunk_bytes || chunk > max_chunks) return fail(Errc::bad_input, "has a part that is too long", "recording");
    if (file.size() < length_bytes + size + tag_bytes) break;
    if (out.text.size() + size > max) return fail(Errc::bad_input, "is longer than " + std::to_string(max) + " bytes", "recording");
    const bool last = (word & last_mark) != 0;
    PL_TRY(plain, decrypt(cipher.get(), key, nonce_of(out.stream, chunk, last), header + std::string(length),
                          file.substr(length_bytes, size + tag_bytes)));
    out.text += plain;
    out.complete = last;
    file.remove_prefix(length_bytes + size + tag_bytes);
  }
  if (out.complete && !file.empty()) return fail(Errc::bad_signature, "goes on after its end", "recording");
  return out;
}

}  // namespace pontlevis::agent
