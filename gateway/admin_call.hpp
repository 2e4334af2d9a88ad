// One administrator's act from the command line: through the control socket of a serving gateway, or, when
// nobody serves, on the stores themselves under their lock. Blocking.
#pragma once

#include <boost/json.hpp>
#include <functional>

#include "gateway/data_folder.hpp"
#include "gateway/options.hpp"

namespace pontlevis::gateway {

Result<boost::json::object> admin_call(const DataFolder& folder, const std::function<Result<Options>()>& read_options,
                                       const boost::json::object& request);

}  // namespace pontlevis::gateway
