#include "protocol/io/control/control_lines.hpp"

#include <cstring>

#include "protocol/json_values.hpp"

namespace pontlevis::io {

namespace json = boost::json;

Result<sockaddr_un> control_address(const std::filesystem::path& path) {
  sockaddr_un out{};
  out.sun_family = AF_UNIX;
  const std::string& text = path.native();
  if (text.empty() || text.size() >= sizeof out.sun_path)
    return fail(Errc::bad_input, "is too long for a Unix socket (107 bytes at most)", text,
                "choose a data folder with a shorter path");
  std::memcpy(out.sun_path, text.data(), text.size());
  return out;
}

json::object error_line(const Error& e) {
  json::object inner{{"code", static_cast<int>(e.code)}, {"what", e.what}, {"where", e.where}, {"hint", e.hint}};
  return {{"error", std::move(inner)}};
}

namespace {
}  // namespace

Error error_from_line(const json::object& e) {
  const auto* code = e.if_contains("code");
  const auto number = code && code->is_int64() ? code->get_int64() : 0;
  const bool known = number >= static_cast<int>(Errc::bad_input) && number <= static_cast<int>(Errc::internal);
  return {known ? static_cast<Errc>(number) : Errc::internal, text_of(e, "what"), text_of(e, "where"),
          text_of(e, "hint")};
}

}  // namespace pontlevis::io
