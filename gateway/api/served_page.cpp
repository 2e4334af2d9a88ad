#include "gateway/api/served_page.hpp"

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

std::string file_name(std::string_view path) { return path == "/" ? "index.html" : std::string(path.substr(1)); }

}  // namespace

std::string sums_of(std::span<const web::Asset> assets) {
  std::map<std::string, std::string> sums;
  for (const auto& asset : assets) sums.emplace(file_name(asset.path), sha256_hex(std::string(asset.bytes)));
  std::string out;
  for (const auto& [name, sum] : sums) out += sum + "  " + name + "\n";
  return out;
}

void add_page(io::Router& router, const std::string& base, std::span<const web::Asset> assets) {
  for (const auto& asset : assets)
    router.get(base + std::string(asset.path), [shown = &asset](io::HttpRequest request) { return answer(std::move(request), shown); });
}

}  // namespace pontlevis::gateway
