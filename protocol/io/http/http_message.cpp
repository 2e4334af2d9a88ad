#include "protocol/io/http/http_message.hpp"

#include <algorithm>

#include "protocol/text.hpp"

namespace pontlevis::io {
namespace {

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// The part before `mark`, which is taken off `rest` together with the mark.
std::string_view take_until(std::string_view& rest, char mark) {
  const auto at = std::min(rest.find(mark), rest.size());
  const auto part = rest.substr(0, at);
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return part;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    std::string pair(text.substr(i + 1, 2));
    for (char& c : pair) c = static_cast<char>(c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
    const auto byte = from_hex(pair);
    if (!byte || byte->size() != 1) return std::nullopt;
    out += *byte;
    i += 2;
  }
  return out;
}

}  // namespace

std::string_view find_header(const HttpHeaders& headers, std::string_view name) {
  const auto at = std::find_if(headers.begin(), headers.end(), [&](const auto& h) { return h.first == name; });
  return at == headers.end() ? std::string_view{} : std::string_view(at->second);
}

std::optional<std::string> HttpRequest::cookie(std::string_view name) const {
  std::string_view rest = header("cookie");
  while (!rest.empty()) {
    std::string_view value = trimmed(take_until(rest, ';'));
    if (take_until(value, '=') == name) return std::string(value);
  }
  return std::nullopt;
}

std::optional<std::string> HttpRequest::parameter(std::string_view name) const {
  std::string_view rest = query;
  while (!rest.empty()) {
    std::string_view value = take_until(rest, '&');
    if (take_until(value, '=') == name) return percent_decoded(value);
  }
  return std::nullopt;
}

HttpResponse HttpResponse::json(const boost::json::value& value, unsigned status) {
  return {status, {{"content-type", "application/json"}}, boost::json::serialize(value)};
}

HttpResponse HttpResponse::text(std::string text, unsigned status) {
  return {status, {{"content-type", "text/plain; charset=utf-8"}}, std::move(text)};
}

HttpResponse HttpResponse::file(std::string content, std::string content_type) {
  return {200, {{"content-type", std::move(content_type)}}, std::move(content)};
}

HttpResponse HttpResponse::empty(unsigned status) { return {status, {}, {}}; }

HttpResponse HttpResponse::problem(const Error& error) { return problem(status_of(error.code), error); }

HttpResponse HttpResponse::problem(unsigned status, const Error& error) {
  const boost::json::object body{{"error", {{"code", errc_name(error.code)},
                                            {"what", error.what},
                                            {"where", error.where},
                                            {"hint", error.hint}}}};
  return json(body, status);
}

unsigned status_of(Errc code) noexcept {
  switch (code) {
    case Errc::bad_input:
    case Errc::bad_frame: return 400;
    case Errc::bad_signature:
    case Errc::not_allowed: return 403;
    case Errc::not_found: return 404;
    case Errc::conflict: return 409;
    case Errc::expired: return 410;
    case Errc::unavailable:
    case Errc::closed: return 503;
    case Errc::io:
    case Errc::internal: return 500;
  }
  return 500;
}

std::string_view errc_name(Errc code) noexcept {
  switch (code) {
    case Errc::bad_input: return "bad_input";
    case Errc::bad_frame: return "bad_frame";
    case Errc::bad_signature: return "bad_signature";
    case Errc::not_found: return "not_found";
    case Errc::not_allowed: return "not_allowed";
    case Errc::conflict: return "conflict";
    case Errc::expired: return "expired";
    case Errc::unavailable: return "unavailable";
    case Errc::io: return "io";
    case Errc::closed: return "closed";
    case Errc::internal: return "internal";
  }
  return "internal";
}

}  // namespace pontlevis::io
