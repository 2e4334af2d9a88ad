// The command line's end of a control socket. Blocking; any thread; no state is kept.
#pragma once

#include <boost/json.hpp>
#include <filesystem>
#include <functional>

#include "protocol/result.hpp"

namespace pontlevis::io {

// Asks and waits for the answer; each line that comes before it goes to `on_line` (may be empty).
// Errc::unavailable: nobody serves this socket (then a tool may open the stores itself).
// Any other error is the daemon's own, as it said it.
Result<boost::json::object> control_call(const std::filesystem::path& path, const boost::json::object& request,
                                         const std::function<void(const boost::json::object&)>& on_line = {});

}  // namespace pontlevis::io
