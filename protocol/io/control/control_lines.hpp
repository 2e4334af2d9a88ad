// What the two ends of a control socket share: addresses and the form of an error on a line.
#pragma once

#include <sys/un.h>

#include <boost/json.hpp>
#include <filesystem>

#include "protocol/result.hpp"

namespace pontlevis::io {

// Errc::bad_input when the path does not fit sockaddr_un (107 bytes).
Result<sockaddr_un> control_address(const std::filesystem::path& path);

boost::json::object error_line(const Error& error);                // {"error":{…}}
Error error_from_line(const boost::json::object& error);           // of the inner object

}  // namespace pontlevis::io
