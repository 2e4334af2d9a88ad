#include "protocol/io/http/http_wire.hpp"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>
#include <algorithm>
#include <array>
#include <ctime>

#include "protocol/text.hpp"

namespace pontlevis::io {
namespace http = boost::beast::http;
using namespace std::string_view_literals;
namespace {

constexpr std::size_t read_chunk = 8 * 1024;

// For every answer. A handler that needs another policy for one page sets the header itself.
constexpr std::pair<std::string_view, std::string_view> standard_headers[] = {
    {"content-security-policy",
     "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self'"},
    {"x-content-type-options", "nosniff"},
    {"referrer-policy", "no-referrer"},
    {"cross-origin-opener-policy", "same-origin"},
    {"cross-origin-resource-policy", "same-origin"},
    {"permissions-policy", "camera=(), microphone=(), geolocation=(), display-capture=()"},
    {"cache-control", "no-store"},
};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

template <bool is_request>
HttpHeaders headers_of(const http::message<is_request, http::string_body>& message) {
  HttpHeaders out;
  for (const auto& field : message) out.emplace_back(lowered(field.name_string()), std::string(field.value()));
  return out;
}

WireFault cut(Error error) { return {0, std::move(error)}; }

std::unexpected<WireFault> broken(unsigned status, std::string what) {
  return std::unexpected(WireFault{status, Error{Errc::bad_input, std::move(what), "HTTP", {}}});
}

std::unexpected<WireFault> parse_fault(const boost::system::error_code& ec) {
  if (ec == http::error::header_limit) return broken(431, "the header is too long");
  if (ec == http::error::body_limit) return broken(413, "the body is too long");
  if (ec == http::error::bad_version) return broken(505, "is not HTTP/1.1");
  return broken(400, "is not well-formed HTTP: " + ec.message());
}

// One spelling for one path: no escapes, no empty or dot segments.
bool is_plain_path(std::string_view path) {
  if (!path.starts_with('/') || path.find("//") != path.npos) return false;
  if (path.find_first_of("%\\#") != path.npos || has_control(path)) return false;
  for (std::size_t at = 0; at != path.npos; at = path.find('/', at + 1)) {
    const auto segment = path.substr(at + 1, path.find('/', at + 1) - at - 1);
    if (segment == "." || segment == "..") return false;
  }
  return true;
}

WireResult<HttpRequest> to_request(http::request<http::string_body>&& in) {
  HttpRequest out;
  out.method = std::string(in.method_string());
  out.target = std::string(in.target());
  const auto mark = std::min(out.target.find('?'), out.target.size());
  out.path = out.target.substr(0, mark);
  out.query = out.target.substr(std::min(mark + 1, out.target.size()));
  if (in.version() != 11 && in.version() != 10) return broken(505, "is not HTTP/1.1");
  if (!is_plain_path(out.path)) return broken(400, "the address is not in its plain form");
  if (in.count(http::field::host) != (in.version() == 11 ? 1u : in.count(http::field::host)))
    return broken(400, "needs one Host header");
  out.headers = headers_of(in);
  if (in.version() == 10) out.headers.emplace_back("connection", "close");
  out.body = std::move(in.body());
  return out;
}

}  // namespace

void Watchdog::arm(Millis within) {
  timer_.expires_after(within);
  timer_.async_wait([bite = bite_](const boost::system::error_code& ec) {
    if (!ec) bite();
  });
}

Awaitable<WireResult<bool>> MessageReader::wait() {
  if (!buffer_.empty()) co_return true;
  std::array<char, read_chunk> chunk;
  const auto n = co_await stream_.read_some(chunk);
  if (!n) co_return std::unexpected(cut(n.error()));
  buffer_.assign(chunk.data(), *n);
  co_return *n > 0;
}

// Feeds the parser until the header, or the whole message, is there. False: the peer ended before it began.
template <class Parser>
Awaitable<WireResult<bool>> MessageReader::feed(Parser& parser, bool header_only) {
  parser.eager(!header_only);
  std::array<char, read_chunk> chunk;
  for (;;) {
    if (header_only ? parser.is_header_done() : parser.is_done()) co_return true;
    boost::system::error_code ec;
    if (!buffer_.empty()) buffer_.erase(0, parser.put(boost::asio::buffer(buffer_), ec));
    if (ec && ec != http::error::need_more) co_return parse_fault(ec);
    if (!ec && !buffer_.empty()) continue;
    if (header_only ? parser.is_header_done() : parser.is_done()) co_return true;
    const auto n = co_await stream_.read_some(chunk);
    if (!n) co_return std::unexpected(cut(n.error()));
    if (*n == 0) {
      if (!parser.got_some() && buffer_.empty()) co_return false;
      ec = {};
      parser.put_eof(ec);
      if (ec || !parser.is_done()) co_return std::unexpected(cut({Errc::closed, "the message was cut", "HTTP", {}}));
      co_return true;
    }
    buffer_.append(chunk.data(), *n);
  }
}

Awaitable<WireResult<HttpRequest>> MessageReader::read_request(const HttpLimits& limits, std::function<void()> on_header) {
  http::request_parser<http::string_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes));
  parser.body_limit(limits.body_bytes);
  auto header = co_await feed(parser, true);
  if (!header) header.error().target = std::string(parser.get().target());  // a length that is too long is seen here
  if (!header) co_return std::unexpected(std::move(header.error()));
  if (!*header) co_return std::unexpected(cut({Errc::closed, "the other side left", "HTTP", {}}));
  on_header();
  if (lowered(parser.get()[http::field::expect]) == "100-continue") {
    constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    const auto written = co_await stream_.write_all({go_on.data(), go_on.size()});
    if (!written) co_return std::unexpected(cut(written.error()));
  }
  std::string target(parser.get().target());
  auto body = co_await feed(parser, false);
  auto request = body ? to_request(parser.release()) : WireResult<HttpRequest>(std::unexpected(std::move(body.error())));
  if (!request) request.error().target = std::move(target);
  co_return request;
}

Awaitable<WireResult<HttpResponse>> MessageReader::read_response(const HttpLimits& limits, bool bodiless) {
  http::response_parser<http::string_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes));
  parser.body_limit(limits.body_bytes);
  auto header = co_await feed(parser, true);
  if (!header) co_return std::unexpected(std::move(header.error()));
  if (!*header) co_return std::unexpected(cut({Errc::closed, "the server ended the connection", "HTTP", {}}));
  HttpResponse out{parser.get().result_int(), headers_of(parser.get()), {}};
  if (bodiless || out.status == 101) co_return out;
  auto body = co_await feed(parser, false);
  if (!body) co_return std::unexpected(std::move(body.error()));
  out.body = std::move(parser.get().body());
  co_return out;
}

bool has_token(std::string_view list, std::string_view token) {
  const std::string all = lowered(list);
  for (std::size_t at = 0; at <= all.size();) {
    const auto end = std::min(all.find(',', at), all.size());
    std::string_view one(all.data() + at, end - at);
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    if (one == token) return true;
    at = end + 1;
  }
  return false;
}

bool keeps_alive(const HttpRequest& request) {
  for (const auto& [name, value] : request.headers)
    if (name == "connection" && has_token(value, "close")) return false;
  return true;
}

bool breaks_line(std::string_view text) { return text.find_first_of("\r\n\0"sv) != text.npos; }

namespace {

// RFC 9110 §5.6.7. The process speaks the C locale, so the names are the English ones it asks for.
std::string http_date(std::time_t now) {
  std::tm utc{};
  std::array<char, 40> text{};
  gmtime_r(&now, &utc);
  return {text.data(), std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc)};
}

void add_line(std::string& out, std::string_view name, std::string_view value) {
  if (breaks_line(name) || breaks_line(value)) return;  // a handler's defect must not become a second header
  out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

std::string response_head(const HttpResponse& response, Sealed sealed, After after) {
  const auto status = static_cast<http::status>(response.status);
  std::string out = "HTTP/1.1 " + std::to_string(response.status) + " ";
  out.append(http::obsolete_reason(status)).append("\r\n");
  for (const auto& [name, value] : response.headers) add_line(out, name, value);
  for (const auto& [name, value] : standard_headers)
    if (response.header(name).empty()) add_line(out, name, value);
  if (response.header("date").empty()) add_line(out, "date", http_date(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now())));
  if (sealed == Sealed::yes) add_line(out, "strict-transport-security", "max-age=31536000");
  if (response.status >= 200 && response.status != 204 && response.status != 304)
    add_line(out, "content-length", std::to_string(response.body.size()));
  if (after == After::close) add_line(out, "connection", "close");
  return out + "\r\n";
}

Awaitable<Result<>> write_response(ByteStream& stream, const HttpResponse& response, bool head_only, Sealed sealed,
                                   After after) {
  constexpr std::size_t joined = 16 * 1024;  // small answers leave as one record
  std::string head = response_head(response, sealed, after);
  const bool together = !head_only && response.body.size() <= joined;
  if (together) head += response.body;
  PL_CO_CHECK(co_await stream.write_all(head));
  if (!together && !head_only) co_return co_await stream.write_all(response.body);
  co_return Result<>{};
}

std::string request_head(std::string_view method, std::string_view target, std::string_view host,
                         const HttpHeaders& headers, std::optional<std::size_t> body_size) {
  std::string out = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\n";
  add_line(out, "host", host);
  for (const auto& [name, value] : headers) add_line(out, name, value);
  if (body_size) add_line(out, "content-length", std::to_string(*body_size));
  return out + "\r\n";
}

}  // namespace pontlevis::io
