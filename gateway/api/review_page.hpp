// The compliance review as this program carries it, under /review/ with assets of its own. The reader's browser
// verifies proofs with this very code, so its bytes are named and published as the console's are
// (docs/review-page.md). Any thread.
#pragma once

#include <string>

#include "protocol/io/http/router.hpp"

namespace pontlevis::gateway {

// One line a file, "<sha256>  <path>": what `sha256sum` prints and checks.
const std::string& review_sums();
const std::string& review_sha256();  // of those lines, hex: it stands in the log at each start

// "/review/", its assets, "/review" that leads there, and /review.sha256 with the lines.
void add_review_page(io::Router& router);

}  // namespace pontlevis::gateway
