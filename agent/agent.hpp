// The whole running agent, wired once. Destruction in reverse order is the shutdown.
#pragma once

#include <filesystem>

#include "agent/config.hpp"
#include "protocol/result.hpp"

namespace pontlevis::agent {

// Serves until SIGTERM or SIGINT; every session is ended before it returns.
Result<> serve(const std::filesystem::path& data, const Config& config);

// Everything serve() would need, tried without serving: keys, inventory, journal, certificate.
Result<> check(const std::filesystem::path& data, const Config& config);

}  // namespace pontlevis::agent
