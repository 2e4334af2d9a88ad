// HTTP requests and answers as values, for handlers. Nothing here reads a socket.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/io/tls/tls_context.hpp"
#include "protocol/result.hpp"

namespace pontlevis::io {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;  // names in lower case

// The value of the first header of that name (lower case), or empty.
std::string_view find_header(const HttpHeaders& headers, std::string_view name);

struct HttpRequest {
  std::string method;   // GET, POST, …
  std::string target;   // as sent, with its query
  std::string path;     // up to '?'; handlers get no dot segment, no '%', no "//"
  std::string query;    // after '?'; may be empty
  std::string id;       // what stood for `<id>` in the route
  HttpHeaders headers;
  std::string body;     // at most HttpLimits::body_bytes
  std::optional<PeerCertificate> peer;  // a client certificate that verified
  unsigned short remote_port = 0;
  std::string remote_address;  // personal data: only for fields of the IP class (requirements §3)

  std::string_view header(std::string_view name) const { return find_header(headers, name); }
  std::optional<std::string> cookie(std::string_view name) const;
  std::optional<std::string> parameter(std::string_view name) const;  // of the query, percent-decoded
};

struct HttpResponse {
  unsigned status = 200;
  HttpHeaders headers;  // of the handler; a header of the same name as a standard one replaces it
  std::string body;
  bool secret = false;  // the body is wiped once it was sent

  std::string_view header(std::string_view name) const { return find_header(headers, name); }
  static HttpResponse json(const boost::json::value& value, unsigned status = 200);
  static HttpResponse text(std::string text, unsigned status = 200);
  static HttpResponse file(std::string content, std::string content_type);
  static HttpResponse empty(unsigned status = 204);
  // {"error":{"code","what","where","hint"}} with the status that fits the code.
  static HttpResponse problem(const Error& error);
  static HttpResponse problem(unsigned status, const Error& error);
};

unsigned status_of(Errc code) noexcept;
std::string_view errc_name(Errc code) noexcept;  // "bad_input", …

struct HttpLimits {
  std::size_t header_bytes = 16 * 1024;
  std::size_t body_bytes = 64 * 1024;
  std::size_t frame_bytes = 256 * 1024;  // one WebSocket message
  std::size_t connections = 20'000;
  std::size_t handshakes = 64;           // under way at once (decision 0006)
  Millis handshake_timeout{10'000};
  Millis header_timeout{10'000};         // from the first wait for a request's header to its end
  Millis body_timeout{20'000};
  Millis write_timeout{30'000};          // a whole answer
  Millis keep_alive{60'000};             // between two requests
  Millis idle_frames{60'000};            // a silent WebSocket: ping at half of it, end at all of it
};

}  // namespace pontlevis::io
