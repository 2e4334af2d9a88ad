// What a test needs to go on: the value, or an exception that says why there is none.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include "protocol/result.hpp"

namespace pontlevis::test {

template <class T>
T must(Result<T> result, const std::string& what = "needed") {
  if (!result) throw std::runtime_error(what + ": " + result.error().text());
  return *std::move(result);
}
inline void must(Result<> result, const std::string& what = "needed") {
  if (!result) throw std::runtime_error(what + ": " + result.error().text());
}

}  // namespace pontlevis::test
