// The table of a server's addresses. A path is exact, or has one `<id>` segment that matches
// 1 to 128 of [A-Za-z0-9._~-]: "/relay/<id>", "/api/requests/<id>/cancel".
// Filled at start, then read only; lives on the server's thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "protocol/io/byte_stream.hpp"
#include "protocol/io/http/http_message.hpp"

namespace pontlevis::io {

using HttpHandler = std::function<Awaitable<HttpResponse>(HttpRequest)>;
// Decides before a connection changes its protocol: an answer refuses, nothing lets it through.
// It is the place to check the session cookie, `Origin`, the peer certificate and the id.
using UpgradeGate = std::function<Awaitable<std::optional<HttpResponse>>(const HttpRequest&)>;
// An answer of the server itself: no such address, another method, a body too long.
using Refusal = std::function<HttpResponse(unsigned status, const Error& error)>;
// The connection is closed when the handler returns.
using FrameHandler = std::function<Awaitable<void>(HttpRequest, std::unique_ptr<FrameStream>)>;
using BytesHandler = std::function<Awaitable<void>(HttpRequest, std::unique_ptr<ByteStream>)>;

class Router {
 public:
  struct WebSocketRoute { UpgradeGate gate; FrameHandler handler; };        // text messages
  struct WebSocketBytesRoute { UpgradeGate gate; BytesHandler handler; };   // binary messages as a byte stream
  struct RelayRoute { UpgradeGate gate; BytesHandler handler; };            // Upgrade: pontlevis-relay/1
  struct PlainRoute { std::string method; HttpHandler handler; };

  void get(std::string path, HttpHandler handler) { on("GET", std::move(path), std::move(handler)); }
  void post(std::string path, HttpHandler handler) { on("POST", std::move(path), std::move(handler)); }
  void on(std::string method, std::string path, HttpHandler handler);
  void websocket(std::string path, UpgradeGate gate, FrameHandler handler);
  void websocket_bytes(std::string path, UpgradeGate gate, BytesHandler handler);
  void relay(std::string path, UpgradeGate gate, BytesHandler handler);
  void otherwise(HttpHandler handler);  // GET of any other path
  // How the server's own refusals read at the addresses that begin so: an API has one form of them.
  void refuse_with(std::string prefix, Refusal form) { forms_.emplace_back(std::move(prefix), std::move(form)); }
  HttpResponse refusal(std::string_view path, unsigned status, const Error& error) const;

  using Route = std::variant<PlainRoute, WebSocketRoute, WebSocketBytesRoute, RelayRoute>;
  // The route for `request` (its method, path and Upgrade header), with request.id filled; or the answer that says why not.
  std::variant<const Route*, HttpResponse> find(HttpRequest& request) const;

 private:
  struct Entry { std::string path; Route route; };
  std::vector<Entry> entries_;
  std::optional<Route> fallback_;
  std::vector<std::pair<std::string, Refusal>> forms_;
};

// A gate that lets everyone through, for routes whose handler proves its peer itself.
Awaitable<std::optional<HttpResponse>> open_gate(const HttpRequest& request);

}  // namespace pontlevis::io
