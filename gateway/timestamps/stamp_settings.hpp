// Who is asked for the time: from the options timestamp.command, timestamp.url and timestamp.ca.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/options.hpp"
#include "protocol/io/outward/https_call.hpp"

namespace pontlevis::gateway {

struct StampSettings {
  std::vector<std::string> command;      // program and arguments
  std::optional<io::HttpsCall> address;  // or an authority over HTTPS
  std::string ca_file;                   // the authority's own CA: its replies are judged by it

  bool asked_for() const noexcept { return !command.empty() || address; }
  // Errc::bad_input: two ways at once, a way without a CA, or an address that is not https.
  static Result<StampSettings> read(const Options& options);
};

// 5 minutes, then twice as long each time, at most 6 hours.
Millis wait_after(int failures);

}  // namespace pontlevis::gateway
