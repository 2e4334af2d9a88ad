// The only source of unpredictable bytes. Tests pass a fixed one.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace pontlevis {

class Random {
 public:
  virtual ~Random() = default;
  // Fills `out`; a failure of the system's generator ends the process (closed on every doubt).
  virtual void fill(std::span<unsigned char> out) = 0;

  std::string bytes(std::size_t n) {
    std::string out(n, '\0');
    fill({reinterpret_cast<unsigned char*>(out.data()), n});
    return out;
  }
};

std::string make_uuid(Random& random);  // version 4, lower case

}  // namespace pontlevis
