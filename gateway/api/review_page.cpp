#include "gateway/api/review_page.hpp"

#include "gateway/api/served_page.hpp"
#include "protocol/crypto/sha256.hpp"

namespace pontlevis::gateway {
namespace {

constexpr const char* base = "/review";

io::Awaitable<io::HttpResponse> answer_sums() { co_return io::HttpResponse::text(review_sums()); }

// The page names its files from its own folder: without the last slash it is another address.
io::Awaitable<io::HttpResponse> lead_to_folder() {
  auto out = io::HttpResponse::empty(308);
  out.headers.emplace_back("location", "/review/");
  co_return out;
}

}  // namespace

const std::string& review_sums() {
  static const std::string sums = sums_of(web::review_assets());
  return sums;
}

const std::string& review_sha256() {
  static const std::string sum = sha256_hex(review_sums());
  return sum;
}

void add_review_page(io::Router& router) {
  add_page(router, base, web::review_assets());
  router.get(base, [](io::HttpRequest) { return lead_to_folder(); });
  router.get("/review.sha256", [](io::HttpRequest) { return answer_sums(); });
}

}  // namespace pontlevis::gateway
