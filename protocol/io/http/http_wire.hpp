// HTTP/1.1 messages on a ByteStream, parsed by Beast's parser. One reader per connection; it keeps what
// followed a message. Private to protocol/io/http. Lives on the connection's thread.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>

#include "protocol/io/byte_stream.hpp"
#include "protocol/io/http/http_message.hpp"
#include "protocol/io/tls/lean_stream.hpp"

namespace pontlevis::io {

// Closes the stream when a phase takes too long. One timer a connection, armed anew for each phase.
class Watchdog {
 public:
  explicit Watchdog(LeanStream& stream) : timer_(stream.get_executor()), bite_(stream.closer()) {}
  void arm(Millis within);
  void disarm() { timer_.cancel(); }

 private:
  boost::asio::steady_timer timer_;
  std::function<void()> bite_;
};

// A message that cannot be accepted. `status` is the answer to give, 0 when there is nobody to answer.
struct WireFault {
  unsigned status = 0;
  Error error;
  std::string target = {};  // when the header came as far as that
};
template <class T>
using WireResult = std::expected<T, WireFault>;

class MessageReader {
 public:
  explicit MessageReader(ByteStream& stream) : stream_(stream) {}
  // True when at least one byte of the next message is there; false at the peer's end.
  Awaitable<WireResult<bool>> wait();
  // `on_header` runs between header and body (it re-arms the watchdog). Expect: 100-continue is answered.
  Awaitable<WireResult<HttpRequest>> read_request(const HttpLimits& limits, std::function<void()> on_header);
  // `bodiless`: the answer to HEAD, or to a CONNECT that succeeded.
  Awaitable<WireResult<HttpResponse>> read_response(const HttpLimits& limits, bool bodiless);
  std::string take_rest() { return std::exchange(buffer_, {}); }

 private:
  template <class Parser>
  Awaitable<WireResult<bool>> feed(Parser& parser, bool header_only);
  ByteStream& stream_;
  std::string buffer_;
};

bool keeps_alive(const HttpRequest& request);
bool has_token(std::string_view list, std::string_view token);  // comma-separated, case-insensitive

enum class Sealed { no, yes };
enum class After { keep, close };
// The standard headers (security, length, connection) with those of the handler.
std::string response_head(const HttpResponse& response, Sealed sealed, After after);
Awaitable<Result<>> write_response(ByteStream& stream, const HttpResponse& response, bool head_only, Sealed sealed,
                                   After after);
std::string request_head(std::string_view method, std::string_view target, std::string_view host,
                         const HttpHeaders& headers, std::optional<std::size_t> body_size);
// A method, target or header that would break out of its line.
bool breaks_line(std::string_view text);

}  // namespace pontlevis::io
