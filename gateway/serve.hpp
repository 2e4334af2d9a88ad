// `serve`: runs a gateway until SIGTERM or SIGINT, drains, and gives the exit status. Also the quiet verbs that
// only look: `check` and `healthcheck`. Blocking; called by main's thread.
#pragma once

#include <functional>

#include "gateway/data_folder.hpp"
#include "gateway/options.hpp"

namespace pontlevis::gateway {

Result<> serve(const DataFolder& folder, const std::function<Result<Options>()>& read_options);

// One line per thing that is in order; the error is the first thing that is not.
Result<std::vector<std::string>> check(const DataFolder& folder, const std::function<Result<Options>()>& read_options);

// Asks the serving gateway's loopback port whether it is ready.
Result<> healthcheck(const DataFolder& folder);

}  // namespace pontlevis::gateway
