#include "gateway/api/api_call.hpp"

#include <algorithm>

#include "protocol/crypto/sha256.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr std::size_t most_body_bytes = 64 * 1024, most_cursor_bytes = 200, most_of_a_page = 200;

std::string_view title_of(unsigned status) {
  switch (status) {
    case 400: return "Bad request";
    case 401: return "Not signed in";
    case 403: return "Not allowed";
    case 404: return "Not found";
    case 405: return "Not this method";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 412: return "Changed meanwhile";
    case 413: return "Too long";
    case 415: return "Not JSON";
    case 421: return "Not this address";
    case 422: return "Cannot be processed";
    case 423: return "Locked";
    case 426: return "Not a page";
    case 429: return "Too many tries";
    case 503: return "Unavailable";
    default: return "Error of the gateway";
  }
}

// The API speaks to programs: no page may be built of its answers.
io::HttpResponse answer_of(unsigned status, std::string_view type, std::string body) {
  io::HttpResponse out{status, {{"content-type", std::string(type)}}, std::move(body)};
  out.headers.emplace_back("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
  return out;
}

// An object's printed form is copied while it grows: what is left behind is wiped by printing into the right size.
std::string printed(const json::object& body) {
  json::serializer serializer;
  serializer.reset(&body);
  std::string out;
  out.reserve(16 * 1024);
  std::array<char, 4096> chunk;
  while (!serializer.done()) out.append(serializer.read(chunk.data(), chunk.size()));
  wipe_bytes(chunk);
  return out;
}

}  // namespace

Result<json::object> api_body(io::HttpRequest& request) {
  auto body = request.body.empty() ? Result<json::object>(json::object{}) : parse_object(request.body, most_body_bytes, "request", JsonForm::any);
  wipe_bytes(request.body);
  request.body.clear();
  return body;
}

Result<> api_no_body(io::HttpRequest& request) {
  PL_TRY(body, api_body(request));
  return StrictObject(body, "request").finish();
}

io::HttpResponse api_answer(const json::object& body, unsigned status) { return answer_of(status, "application/json", json::serialize(body)); }

io::HttpResponse api_secret_answer(json::object body, unsigned status) {
  auto out = answer_of(status, "application/json", printed(body));
  out.secret = true;
  wipe_texts(body);
  return out;
}

io::HttpResponse api_problem(const Error& error) { return api_problem(io::status_of(error.code), io::errc_name(error.code), error); }

io::HttpResponse api_problem(unsigned status, std::string_view code, const Error& error) {
  json::object body{{"type", "urn:pontlevis:problem:" + std::string(code)}, {"title", title_of(status)}, {"status", status},
                    {"detail", error.what}, {"code", code}};
  if (!error.where.empty()) body["where"] = error.where;
  if (!error.hint.empty()) body["hint"] = error.hint;
  return answer_of(status, "application/problem+json", json::serialize(body));
}

std::string api_etag(std::string_view body) { return '"' + to_base64url(sha256(body).view()) + '"'; }

bool names_etag(std::string_view list, std::string_view etag) {
  while (!list.empty()) {
    const auto end = std::min(list.find(','), list.size());
    auto one = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == "*" || one == etag) return true;
  }
  return false;
}

Result<PageAsked> page_asked(const io::HttpRequest& request) {
  PageAsked out;
  if (const auto limit = request.parameter("limit")) {
    const auto number = parse_decimal(*limit, most_of_a_page);
    if (!number || *number == 0) return fail(Errc::bad_input, "must be a whole number from 1 to 200", "limit");
    out.limit = static_cast<std::size_t>(*number);
  }
  out.cursor = request.parameter("cursor").value_or("");
  if (out.cursor.size() > most_cursor_bytes || has_control(out.cursor) || !is_utf8(out.cursor))
    return fail(Errc::bad_input, "is not what `next` said", "cursor");
  return out;
}

io::HttpResponse api_page(json::array items, const std::string& next) {
  return api_answer({{"items", std::move(items)}, {"next", next.empty() ? json::value(nullptr) : json::value(next)}});
}

}  // namespace pontlevis::gateway
