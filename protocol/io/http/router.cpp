#include "protocol/io/http/router.hpp"

#include <algorithm>

#include "protocol/io/http/http_wire.hpp"

namespace pontlevis::io {
namespace {

constexpr std::string_view hole = "<id>";
constexpr std::size_t max_id = 128;

bool is_id(std::string_view text) {
  if (text.empty() || text.size() > max_id || text == "." || text == "..") return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '~' || c == '-';
  });
}

// What stands for `<id>` (empty for an exact path), or nothing when the path is another one.
std::optional<std::string> match(std::string_view pattern, std::string_view path) {
  const auto at = pattern.find(hole);
  if (at == pattern.npos) return pattern == path ? std::optional(std::string{}) : std::nullopt;
  const auto tail = pattern.substr(at + hole.size());
  if (path.size() <= at + tail.size() || path.substr(0, at) != pattern.substr(0, at) || !path.ends_with(tail))
    return std::nullopt;
  const auto id = path.substr(at, path.size() - at - tail.size());
  return is_id(id) ? std::optional(std::string(id)) : std::nullopt;
}

enum class Wants { answer, websocket, relay };

// An upgrade we do not know may be ignored (RFC 9110 §7.8).
Wants wants(const HttpRequest& request) {
  if (!has_token(request.header("connection"), "upgrade")) return Wants::answer;
  if (has_token(request.header("upgrade"), "websocket")) return Wants::websocket;
  return has_token(request.header("upgrade"), "pontlevis-relay/1") ? Wants::relay : Wants::answer;
}

struct Fits {
  Wants want;
  std::string_view method;
  bool operator()(const Router::PlainRoute& r) const {
    return want == Wants::answer && (r.method == method || (method == "HEAD" && r.method == "GET"));
  }
  bool operator()(const Router::WebSocketRoute&) const { return want == Wants::websocket && method == "GET"; }
  bool operator()(const Router::WebSocketBytesRoute&) const { return want == Wants::websocket && method == "GET"; }
  bool operator()(const Router::RelayRoute&) const { return want == Wants::relay && method == "GET"; }
};

// The path is there, and this is not the way to use it.
HttpResponse wrong_use(const Router& router, const std::string& path, const std::vector<const Router::Route*>& routes) {
  const auto refused = [&](unsigned status, std::string what, std::string hint) {
    return router.refusal(path, status, Error{Errc::not_allowed, std::move(what), {}, std::move(hint)});
  };
  std::string methods;
  for (const auto* route : routes)
    if (const auto* plain = std::get_if<Router::PlainRoute>(route))
      methods += (methods.empty() ? "" : ", ") + plain->method;
  if (methods.empty()) {
    HttpResponse out = refused(426, "is not a page", "connect with the protocol that this address speaks");
    const bool relay = std::holds_alternative<Router::RelayRoute>(*routes.front());
    out.headers.emplace_back("upgrade", relay ? "pontlevis-relay/1" : "websocket");
    return out;
  }
  HttpResponse out = refused(405, "does not take this method", "use " + methods);
  out.headers.emplace_back("allow", methods);
  return out;
}

}  // namespace

void Router::on(std::string method, std::string path, HttpHandler handler) {
  entries_.push_back({std::move(path), PlainRoute{std::move(method), std::move(handler)}});
}
void Router::websocket(std::string path, UpgradeGate gate, FrameHandler handler) {
  entries_.push_back({std::move(path), WebSocketRoute{std::move(gate), std::move(handler)}});
}
void Router::websocket_bytes(std::string path, UpgradeGate gate, BytesHandler handler) {
  entries_.push_back({std::move(path), WebSocketBytesRoute{std::move(gate), std::move(handler)}});
}
void Router::relay(std::string path, UpgradeGate gate, BytesHandler handler) {
  entries_.push_back({std::move(path), RelayRoute{std::move(gate), std::move(handler)}});
}
void Router::otherwise(HttpHandler handler) { fallback_ = PlainRoute{"GET", std::move(handler)}; }

std::variant<const Router::Route*, HttpResponse> Router::find(HttpRequest& request) const {
  const Fits fits{wants(request), request.method};
  std::vector<const Route*> others;
  for (const auto& entry : entries_) {
    auto id = match(entry.path, request.path);
    if (!id) continue;
    if (!std::visit(fits, entry.route)) {
      others.push_back(&entry.route);
      continue;
    }
    request.id = *std::move(id);
    return &entry.route;
  }
  if (!others.empty()) return wrong_use(*this, request.path, others);
  if (fallback_ && std::visit(fits, *fallback_)) return &*fallback_;
  return refusal(request.path, 404, Error{Errc::not_found, "there is nothing at this address", {}, {}});
}

HttpResponse Router::refusal(std::string_view path, unsigned status, const Error& error) const {
  for (const auto& [prefix, form] : forms_)
    if (path.starts_with(prefix)) return form(status, error);
  return HttpResponse::problem(status, error);
}

Awaitable<std::optional<HttpResponse>> open_gate(const HttpRequest&) { co_return std::nullopt; }

}  // namespace pontlevis::io
