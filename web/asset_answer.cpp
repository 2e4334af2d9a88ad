#include "web/asset_answer.hpp"

namespace pontlevis::web {

io::HttpResponse answer_asset(const io::HttpRequest& request, const Asset& asset) {
  const bool packed = !asset.gzip.empty() && request.header("accept-encoding").find("gzip") != std::string_view::npos;
  io::HttpResponse out;
  if (request.header("if-none-match") == asset.etag) out.status = 304;
  else out.body = std::string(packed ? asset.gzip : asset.bytes);
  out.headers.emplace_back("content-type", asset.content_type);
  out.headers.emplace_back("etag", asset.etag);
  out.headers.emplace_back("vary", "accept-encoding");
  out.headers.emplace_back("cache-control", asset.path == "/" ? "no-store" : "private, max-age=31536000, immutable");
  if (packed && out.status == 200) out.headers.emplace_back("content-encoding", "gzip");
  return out;
}

}  // namespace pontlevis::web
