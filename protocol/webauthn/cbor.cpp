#include "protocol/webauthn/cbor.hpp"

namespace pontlevis::webauthn {

// The number beside the major type; indefinite lengths are not for us.
std::optional<std::uint64_t> CborReader::head(unsigned wanted) {
  if (rest_.empty() || major() != wanted) return std::nullopt;
  const unsigned low = static_cast<unsigned char>(rest_[0]) & 0x1f;
  if (low < 24) return rest_.remove_prefix(1), low;
  if (low > 27) return std::nullopt;
  const std::size_t width = std::size_t{1} << (low - 24);
  if (rest_.size() < 1 + width) return std::nullopt;
  std::uint64_t out = 0;
  for (std::size_t i = 1; i <= width; ++i) out = out << 8 | static_cast<unsigned char>(rest_[i]);
  rest_.remove_prefix(1 + width);
  return out;
}

std::optional<std::int64_t> CborReader::integer() {
  if (rest_.empty() || major() > 1) return std::nullopt;
  const bool negative = major() == 1;
  const auto value = head(negative ? 1 : 0);
  if (!value || *value > INT64_MAX) return std::nullopt;
  return negative ? -1 - static_cast<std::int64_t>(*value) : static_cast<std::int64_t>(*value);
}

std::optional<std::string_view> CborReader::string(unsigned wanted) {
  const auto size = head(wanted);
  if (!size || *size > rest_.size()) return std::nullopt;
  const auto out = rest_.substr(0, *size);
  rest_.remove_prefix(*size);
  return out;
}

std::optional<std::string_view> CborReader::bytes() { return string(2); }
std::optional<std::string_view> CborReader::text() { return string(3); }
std::optional<std::uint64_t> CborReader::map() { return head(5); }

bool CborReader::skip(int depth) {
  if (rest_.empty() || depth == 0) return false;
  switch (major()) {
    case 0:
    case 1: return integer().has_value();
    case 2: return bytes().has_value();
    case 3: return text().has_value();
    case 4:
    case 5: {
      const unsigned kind = major();
      const auto count = head(kind);
      if (!count || *count > rest_.size()) return false;
      for (std::uint64_t i = 0; i < *count * (kind == 5 ? 2 : 1); ++i)
        if (!skip(depth - 1)) return false;
      return true;
    }
    case 7: return head(7).has_value();
    default: return false;
  }
}

}  // namespace pontlevis::webauthn
