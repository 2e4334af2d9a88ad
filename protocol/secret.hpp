// A secret that wipes itself, moves, and has one door: `grep -rn 'expose()'` lists every reader.
// It has no formatter and no comparison but same_as(), which takes constant time.
// A vector, because a moved-from std::string keeps short text in its inline buffer (decision 0003).
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace pontlevis {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view text) : bytes_(text.begin(), text.end()) {}
  explicit Secret(std::vector<char> bytes) noexcept : bytes_(std::move(bytes)) {}
  Secret(Secret&&) noexcept = default;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { wipe(); }

  std::string_view expose() const noexcept { return {bytes_.data(), bytes_.size()}; }
  bool same_as(std::string_view other) const noexcept;
  bool empty() const noexcept { return bytes_.empty(); }
  void wipe() noexcept;

 private:
  std::vector<char> bytes_;
};

void wipe_bytes(std::span<char> bytes) noexcept;

// Call first in every main(): no core dump, no ptrace by other users of the machine.
void forbid_core_dumps() noexcept;

}  // namespace pontlevis
