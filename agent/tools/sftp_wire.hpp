// The numbers and the byte order of SFTP version 3 (draft-ietf-secsh-filexfer-02), and a reader that
// cannot run past the end of a packet. Private to the decoder and its tests. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pontlevis::agent::sftp {

enum Type : std::uint8_t {
  init = 1, version = 2, open = 3, close = 4, read = 5, write = 6, lstat = 7, fstat = 8, setstat = 9,
  fsetstat = 10, opendir = 11, readdir = 12, remove = 13, mkdir = 14, rmdir = 15, realpath = 16,
  stat = 17, rename = 18, readlink = 19, symlink = 20,
  status = 101, handle = 102, data = 103, name = 104, attrs = 105,
  extended = 200, extended_reply = 201,
};

enum Status : std::uint32_t { ok = 0, eof = 1, no_such_file = 2, permission_denied = 3, failure = 4, bad_message = 5, op_unsupported = 8 };

enum OpenFlag : std::uint32_t { f_read = 1, f_write = 2, f_append = 4, f_creat = 8, f_trunc = 16, f_excl = 32 };
constexpr std::uint32_t all_open_flags = 63;

enum AttrFlag : std::uint32_t { a_size = 1, a_owner = 2, a_mode = 4, a_times = 8, a_extended = 0x8000'0000 };

// After a fault every value is empty and good() is false: look once, at the end.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}
  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  std::uint64_t u64() { return number(8); }
  std::string_view text(std::size_t max) {
    const std::size_t n = u32();
    if (!good_ || n > max || n > rest_.size()) return good_ = false, std::string_view{};
    return take(n);
  }
  void spoil() noexcept { good_ = false; }
  bool good() const noexcept { return good_; }
  bool whole() const noexcept { return good_ && rest_.empty(); }  // read to the last byte, no more

 private:
  std::string_view take(std::size_t n) {
    const auto out = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return out;
  }
  std::uint64_t number(std::size_t width) {
    if (!good_ || rest_.size() < width) return good_ = false, 0;
    std::uint64_t value = 0;
    for (char c : take(width)) value = value << 8 | static_cast<unsigned char>(c);
    return value;
  }
  std::string_view rest_;
  bool good_ = true;
};

inline void put32(std::string& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xff);
}
inline void put64(std::string& out, std::uint64_t value) {
  put32(out, static_cast<std::uint32_t>(value >> 32));
  put32(out, static_cast<std::uint32_t>(value));
}
inline void put_text(std::string& out, std::string_view text) {
  put32(out, static_cast<std::uint32_t>(text.size()));
  out += text;
}
// A whole packet: length, type, body.
inline std::string packet(std::uint8_t type, std::string_view body) {
  std::string out;
  put32(out, static_cast<std::uint32_t>(body.size() + 1));
  out += static_cast<char>(type);
  out += body;
  return out;
}

struct Attrs {
  std::uint32_t flags = 0;
  std::uint64_t size = 0;
  std::uint32_t mode = 0;
};
Attrs read_attrs(Reader& in);
std::string describe(const Attrs& attrs);  // "mode=0644 size=10 owner times"

}  // namespace pontlevis::agent::sftp
