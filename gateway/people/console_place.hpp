// Under which names the console and its API answer a browser. A page of another origin, or of another host name
// that leads here (DNS rebinding), is not the console. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol/result.hpp"

namespace pontlevis::gateway {

class ConsolePlace {
 public:
  // `origins`: https origins apart by a blank, the first is the console's own; empty: https://<host>:<port>.
  static Result<ConsolePlace> parse(std::string_view origins, const std::string& host, unsigned port);

  const std::string& origin() const { return origins_.front(); }
  std::string host() const;  // the first origin's name without its port: the passkeys' relying party
  bool is_origin(std::string_view origin) const;
  bool is_host(std::string_view host) const;  // as the header Host says it

 private:
  explicit ConsolePlace(std::vector<std::string> origins) : origins_(std::move(origins)) {}
  std::vector<std::string> origins_;
};

}  // namespace pontlevis::gateway
