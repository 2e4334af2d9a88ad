#include "protocol/host_words.hpp"

#include <algorithm>
#include <string_view>

#include "protocol/crypto/sha256.hpp"

namespace pontlevis {

std::string proquint(unsigned value) {
  constexpr std::string_view consonants = "bdfghjklmnprstvz", vowels = "aiou";
  std::string out;
  for (const auto& [shift, letters] : {std::pair(12, consonants), std::pair(10, vowels), std::pair(6, consonants),
                                       std::pair(4, vowels), std::pair(0, consonants)})
    out += letters[(value >> shift) & (letters.size() - 1)];
  return out;
}

std::string host_words(std::vector<std::string> fingerprints) {
  std::sort(fingerprints.begin(), fingerprints.end());
  std::string all = "pontlevis-host-words-v1\n";
  for (const auto& print : fingerprints) all += print + "\n";
  const auto digest = sha256(all);
  const auto bytes = digest.view();
  std::string out;
  for (std::size_t i = 0; i < 8; i += 2) {
    const auto high = static_cast<unsigned char>(bytes[i]), low = static_cast<unsigned char>(bytes[i + 1]);
    out += (i == 0 ? "" : " ") + proquint(static_cast<unsigned>(high << 8 | low));
  }
  return out;
}

}  // namespace pontlevis
