// What the sample terminal of a rehearsal shows: a harmless script of ours for /bin/sh. It prints lines
// at the pace a person works at, reads nothing, writes nothing, and goes on until it is ended.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol/clock.hpp"

namespace pontlevis::agent {

std::string sample_script(std::string_view language, Millis pace);  // "fr", else English

}  // namespace pontlevis::agent
