// Makes a gateway's data folder: keys, certificates, log, store, trust.json and gateway.toml. Blocking; once.
#pragma once

#include <string>
#include <vector>

#include "gateway/data_folder.hpp"
#include "gateway/options.hpp"
#include "protocol/clock.hpp"
#include "protocol/random.hpp"

namespace pontlevis::gateway {

struct InitRequest {
  DataFolder folder;
  std::string domain;            // the log is named audit.<domain>/<log_name>
  std::string log_name = "log";
  std::string staff_vkey;        // the offline staff key's public half
  std::vector<std::string> hosts;  // names and addresses of the server certificate
  OptionTexts options;           // what stands uncommented in gateway.toml; vendor.name at least
};
Result<> init_gateway(const InitRequest& request, const Clock& clock, Random& random);

// A new server certificate of the same CA for the same hosts; SIGHUP takes it up.
Result<> renew_server_certificate(const DataFolder& folder, const Clock& clock, Random& random);

}  // namespace pontlevis::gateway
