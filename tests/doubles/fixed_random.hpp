// Bytes that look random and are the same in every run.
#pragma once

#include "protocol/random.hpp"

namespace pontlevis::doubles {

class FixedRandom final : public Random {
 public:
  explicit FixedRandom(std::uint64_t seed = 1) : state_(seed * 0x9e3779b97f4a7c15u + 1) {}
  void fill(std::span<unsigned char> out) override {
    for (auto& byte : out) {
      state_ ^= state_ << 13, state_ ^= state_ >> 7, state_ ^= state_ << 17;
      byte = static_cast<unsigned char>(state_ >> 24);
    }
  }

 private:
  std::uint64_t state_;
};

}  // namespace pontlevis::doubles
