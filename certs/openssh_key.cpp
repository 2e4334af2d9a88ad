#include "certs/openssh_key.hpp"

#include <array>
#include <optional>
#include <vector>

#include "protocol/crypto/sha256.hpp"
#include "protocol/text.hpp"

namespace pontlevis::certs {
namespace {

constexpr std::size_t max_line = 1024;
constexpr std::string_view hint = "ssh-ed25519 or ecdsa-sha2-nistp256 (sk- too), as ssh-keygen writes it";

// What the parts of a key blob after its type must be: an exact length, an exact text, or 1 to 64 bytes of text.
struct Part {
  std::size_t size;
  std::string_view text;
};
struct Kind {
  std::string_view type;
  std::vector<Part> parts;
};

const std::array<Kind, 4>& kinds() {
  static const std::array<Kind, 4> all{
      Kind{"ssh-ed25519", {{32, {}}}},
      Kind{"ecdsa-sha2-nistp256", {{8, "nistp256"}, {65, {}}}},
      Kind{"sk-ssh-ed25519@openssh.com", {{32, {}}, {0, {}}}},
      Kind{"sk-ecdsa-sha2-nistp256@openssh.com", {{8, "nistp256"}, {65, {}}, {0, {}}}},
  };
  return all;
}

// The next length-prefixed part of an SSH blob.
std::optional<std::string_view> take_part(std::string_view& blob) {
  if (blob.size() < 4) return std::nullopt;
  std::size_t size = 0;
  for (int i = 0; i < 4; ++i) size = size << 8 | static_cast<unsigned char>(blob[static_cast<std::size_t>(i)]);
  if (size > blob.size() - 4) return std::nullopt;
  const auto part = blob.substr(4, size);
  blob.remove_prefix(4 + size);
  return part;
}

bool fits(const Part& wanted, std::string_view part) {
  if (wanted.size == 0) return !part.empty() && part.size() <= 64 && is_utf8(part) && !has_control(part);
  if (!wanted.text.empty()) return part == wanted.text;
  return part.size() == wanted.size && (wanted.size != 65 || part[0] == 4);  // an uncompressed point
}

bool has_parts(const Kind& kind, std::string_view blob) {
  const auto type = take_part(blob);
  if (!type || *type != kind.type) return false;
  for (const auto& wanted : kind.parts) {
    const auto part = take_part(blob);
    if (!part || !fits(wanted, *part)) return false;
  }
  return blob.empty();
}

std::unexpected<Error> refuse(std::string what) { return fail(Errc::bad_input, std::move(what), {}, std::string(hint)); }

}  // namespace

Result<std::string> check_ssh_key(std::string_view line) {
  if (line.size() > max_line) return refuse("is too long for an SSH public key");
  const auto space = line.find(' ');
  if (space == line.npos) return refuse("is not an SSH public key");
  const auto blob = from_base64(line.substr(space + 1));
  if (!blob) return refuse("is not an SSH public key");
  for (const auto& kind : kinds())
    if (kind.type == line.substr(0, space))
      return has_parts(kind, *blob) ? Result<std::string>(std::string(line)) : refuse("is not a whole SSH public key");
  return refuse("is an SSH key of a kind that is not accepted");
}

Result<std::string> ssh_key_from_file_text(std::string_view text) {
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  if (text.find('\n') != text.npos) return refuse("holds more than one line");
  const auto first = text.find(' ');
  const auto second = first == text.npos ? first : text.find(' ', first + 1);
  return check_ssh_key(text.substr(0, second));
}

std::string ssh_fingerprint(std::string_view line) {
  const auto blob = from_base64(line.substr(line.find(' ') + 1)).value_or("");
  std::string text = to_base64(sha256(blob).view());
  while (text.ends_with('=')) text.pop_back();
  return "SHA256:" + text;
}

}  // namespace pontlevis::certs
