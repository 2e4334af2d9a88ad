#include "gateway/api/console_page.hpp"

#include "gateway/api/served_page.hpp"
#include "protocol/crypto/sha256.hpp"

namespace pontlevis::gateway {
namespace {

io::Awaitable<io::HttpResponse> answer_sums() { co_return io::HttpResponse::text(console_sums()); }

}  // namespace

const std::string& console_sums() {
  static const std::string sums = sums_of(web::console_assets());
  return sums;
}

const std::string& console_sha256() {
  static const std::string sum = sha256_hex(console_sums());
  return sum;
}

void add_console_page(io::Router& router) {
  add_page(router, "", web::console_assets());
  router.get("/console.sha256", [](io::HttpRequest) { return answer_sums(); });
}

}  // namespace pontlevis::gateway
