// The technician's console as this program carries it: its files, and the hash that names all of them.
// The gateway serves the very code that a technician's browser runs, so its bytes are published, stand in
// the audit log at each start, and can be installed elsewhere (docs/threat-model.md). Any thread.
#pragma once

#include <string>

#include "protocol/io/http/router.hpp"

namespace pontlevis::gateway {

// One line a file, "<sha256>  <path>", in the order of the paths: what `sha256sum` prints and checks.
const std::string& console_sums();
const std::string& console_sha256();  // of those lines, hex

// "/", its assets, and /console.sha256 with the lines.
void add_console_page(io::Router& router);

}  // namespace pontlevis::gateway
