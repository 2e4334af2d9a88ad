// The little of CBOR (RFC 8949) that an authenticator's answer needs: whole numbers, byte and text
// strings, arrays and maps of definite length, in place. Strict and bounded; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace pontlevis::webauthn {

class CborReader {
 public:
  explicit CborReader(std::string_view bytes) : rest_(bytes) {}
  // Each reads one item of that kind, or says no and reads nothing more.
  std::optional<std::int64_t> integer();
  std::optional<std::string_view> bytes();
  std::optional<std::string_view> text();
  std::optional<std::uint64_t> map();  // how many pairs follow
  bool skip(int depth = 4);            // one item of any kind
  bool at_text() const { return !rest_.empty() && major() == 3; }
  std::string_view rest() const noexcept { return rest_; }

 private:
  unsigned major() const { return static_cast<unsigned char>(rest_[0]) >> 5; }
  std::optional<std::uint64_t> head(unsigned major);
  std::optional<std::string_view> string(unsigned major);
  std::string_view rest_;
};

}  // namespace pontlevis::webauthn
