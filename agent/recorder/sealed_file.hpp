// One encrypted file, written as it happens and readable up to its last whole chunk after a crash
// (docs/record-format.md §13):
//   header  "PLCAST1\n" | intervention, 36 characters | stream, 4 bytes
//   chunk   length and last mark, 4 bytes | ciphertext | tag, 16 bytes          AES-256-GCM
// Nonce = stream | chunk number | last mark, never twice under one key; header and length are
// authenticated with every chunk. A file without its last chunk was cut short, and says so; a chunk
// that was changed, moved or left out does not open. Numbers are big-endian. Chunks hold whole lines.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "protocol/crypto/sha256.hpp"
#include "protocol/ids.hpp"
#include "protocol/result.hpp"
#include "protocol/secret.hpp"

namespace pontlevis::agent {

constexpr std::size_t sealed_key_bytes = 32;
constexpr std::size_t max_chunk_bytes = 64 * 1024;

// Lives on one thread at a time. REQUIRES: `key` outlives it and serves one stream number once.
class SealedWriter {
 public:
  // Makes the file (0600); Errc::conflict when it exists.
  static Result<std::unique_ptr<SealedWriter>> create(const std::filesystem::path& file, const Secret& key,
                                                      const InterventionId& id, unsigned stream);
  ~SealedWriter();
  Result<> write(std::string_view plain);  // one chunk, at most max_chunk_bytes; in the kernel when it returns
  Result<> finish(std::string_view plain); // the last one (may be empty); on the disk when it returns
  Result<> sync();                         // what was written is on the disk
  std::uint64_t bytes() const noexcept;    // of the file so far
  Digest digest() const;                   // SHA-256 of the file so far

 private:
  struct State;
  explicit SealedWriter(std::unique_ptr<State> state);
  Result<> seal(std::string_view plain, bool last);
  std::unique_ptr<State> state_;
};

struct Opened {
  unsigned stream{};
  std::string text;
  bool complete{};  // false: it was cut short, `text` is what came before
};

// REQUIRES: key of sealed_key_bytes. Errc::bad_signature when a chunk does not open, Errc::bad_input
// for a file of another kind or intervention, or more than `max` bytes of text.
Result<Opened> open_sealed(std::string_view file, const Secret& key, const InterventionId& id, std::size_t max);

}  // namespace pontlevis::agent
