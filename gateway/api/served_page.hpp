// A page of web/ as the gateway serves it: its files under one policy, and the hashes that name them. What a
// browser runs comes from here, so its bytes are published (docs/threat-model.md). Any thread.
#pragma once

#include <span>
#include <string>

#include "protocol/io/http/router.hpp"
#include "web/assets.hpp"

namespace pontlevis::gateway {

// One line a file, "<sha256>  <path>", in the order of the paths: what `sha256sum` prints and checks.
std::string sums_of(std::span<const web::Asset> assets);

// Each file at `base` + its path: "" and "/assets/main.js", or "/review" and "/review/", "/review/assets/main.js".
// REQUIRES: constant data, as web/assets.hpp gives it.
void add_page(io::Router& router, const std::string& base, std::span<const web::Asset> assets);

}  // namespace pontlevis::gateway
