#include "gateway/timestamps/stamp_settings.hpp"

#include <algorithm>
#include <boost/url/parse.hpp>

namespace pontlevis::gateway {
namespace {

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find(' ', at), text.size());
    if (end > at) out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

Result<io::HttpsCall> address_of(const std::string& text) {
  const auto bad = [](const char* what) { return fail(Errc::bad_input, what, "timestamp.url", "https://host/path"); };
  const auto url = boost::urls::parse_uri(text);
  if (!url || url->scheme() != "https" || url->host().empty()) return bad("is not an https address");
  if (url->has_userinfo() || url->has_fragment()) return bad("may not hold a name, a password or a fragment");
  if (url->has_port() && url->port_number() == 0) return bad("has no valid port");
  io::HttpsCall out;
  out.host = url->host();
  if (url->has_port()) out.port = url->port_number();
  out.target = std::string(url->encoded_path());
  if (out.target.empty()) out.target = "/";
  if (url->has_query()) out.target += "?" + std::string(url->encoded_query());
  out.headers = {{"Content-Type", "application/timestamp-query"}, {"Accept", "application/timestamp-reply"}};
  out.most_answer_bytes = 64 * 1024;
  return out;
}

}  // namespace

Result<StampSettings> StampSettings::read(const Options& options) {
  StampSettings out;
  out.command = words_of(options.text("timestamp.command"));
  out.ca_file = options.text("timestamp.ca");
  const auto& url = options.text("timestamp.url");
  if (!out.command.empty() && !url.empty()) return fail(Errc::bad_input, "is set beside timestamp.url", "timestamp.command", "choose one way to ask");
  if (!url.empty()) {
    PL_TRY(address, address_of(url));
    out.address = std::move(address);
  }
  if (out.asked_for() && out.ca_file.empty())
    return fail(Errc::bad_input, "is not set: a reply that nobody checks proves nothing", "timestamp.ca", "the file with the CA of the authority's certificate");
  return out;
}

Millis wait_after(int failures) {
  constexpr Millis first{5 * 60'000}, longest{6 * 3600'000};
  return failures > 6 ? longest : std::min(longest, first * (1 << std::max(0, failures - 1)));
}

}  // namespace pontlevis::gateway
