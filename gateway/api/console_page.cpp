#include "gateway/api/console_page.hpp"

#include <map>

#include "protocol/crypto/sha256.hpp"
#include "web/asset_answer.hpp"

namespace pontlevis::gateway {
namespace {

// Nothing from elsewhere, no inline script or style, and no way for text to become script.
constexpr std::string_view policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

io::Awaitable<io::HttpResponse> answer(io::HttpRequest request, const web::Asset* asset) {
  auto out = web::answer_asset(request, *asset);
  out.headers.emplace_back("content-security-policy", policy);
  out.headers.emplace_back("x-frame-options", "DENY");
  out.headers.emplace_back("cross-origin-opener-policy", "same-origin");
  co_return out;
}

io::Awaitable<io::HttpResponse> answer_sums() { co_return io::HttpResponse::text(console_sums()); }

std::string file_name(std::string_view path) { return path == "/" ? "index.html" : std::string(path.substr(1)); }

std::string make_sums() {
  std::map<std::string, std::string> sums;
  for (const auto& asset : web::console_assets()) sums.emplace(file_name(asset.path), sha256_hex(std::string(asset.bytes)));
  std::string out;
  for (const auto& [name, sum] : sums) out += sum + "  " + name + "\n";
  return out;
}

}  // namespace

const std::string& console_sums() {
  static const std::string sums = make_sums();
  return sums;
}

const std::string& console_sha256() {
  static const std::string sum = sha256_hex(console_sums());
  return sum;
}

void add_console_page(io::Router& router) {
  for (const auto& asset : web::console_assets())
    router.get(std::string(asset.path), [shown = &asset](io::HttpRequest request) { return answer(std::move(request), shown); });
  router.get("/console.sha256", [](io::HttpRequest) { return answer_sums(); });
}

}  // namespace pontlevis::gateway
