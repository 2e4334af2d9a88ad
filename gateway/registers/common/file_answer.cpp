#include "gateway/registers/common/file_answer.hpp"

#include "gateway/registers/common/html_page.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

std::string type_of(std::string_view ending) {
  if (ending == "html") return "text/html; charset=utf-8";
  if (ending == "json") return "application/json";
  if (ending == "csv") return "text/csv; charset=utf-8";
  return "text/plain; charset=utf-8";
}

}  // namespace

io::HttpResponse shown_answer(std::string content, std::string_view ending) {
  io::HttpResponse out{200, {{"content-type", type_of(ending)}}, std::move(content)};
  out.headers.emplace_back("content-security-policy", html_page_policy());
  return out;
}

io::HttpResponse file_answer(std::string content, const std::string& name) {
  const auto dot = name.rfind('.');
  auto out = shown_answer(std::move(content), dot == name.npos ? "txt" : std::string_view(name).substr(dot + 1));
  out.headers.emplace_back("content-disposition", "attachment; filename=\"" + name + "\"");
  return out;
}

Result<Tongue> tongue_asked(const io::HttpRequest& request) {
  const auto tongue = tongue_from(request.parameter("language").value_or(""));
  if (!tongue) return fail(Errc::bad_input, "must be fr or en", "language");
  return *tongue;
}

Result<bool> flag_asked(const io::HttpRequest& request, std::string_view name) {
  const auto value = request.parameter(name).value_or("false");
  if (value != "true" && value != "false") return fail(Errc::bad_input, "must be true or false", std::string(name));
  return value == "true";
}

Result<> purpose_asked(const io::HttpRequest& request) {
  constexpr std::string_view words[] = {"CONTROL", "INCIDENT", "RIGHTS_REQUEST", "AUTHORITY", "CONTRACT", "TRAINING"};
  const auto header = request.header("pontlevis-purpose");
  const auto blank = header.find(' ');
  const bool known = std::find(std::begin(words), std::end(words), header.substr(0, blank)) != std::end(words);
  const auto reference = blank == header.npos ? std::string_view() : header.substr(blank + 1);
  if (known && reference.size() <= 240 && !has_control(reference) && is_utf8(reference)) return {};
  return fail(Errc::bad_input, "says what the records are read for", "pontlevis-purpose", "CONTROL, INCIDENT, RIGHTS_REQUEST, AUTHORITY, CONTRACT or TRAINING, and a reference");
}

}  // namespace pontlevis::gateway
