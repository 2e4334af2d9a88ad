// What is left of an intervention that names nobody: numbers, days, words of fixed lists. Pure; any thread.
#pragma once

#include "gateway/intervention.hpp"

namespace pontlevis::gateway {

// The same row without anybody in it, and as readable for the store.
Intervention stripped(const Intervention& intervention);

}  // namespace pontlevis::gateway
