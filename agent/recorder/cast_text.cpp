#include "agent/recorder/cast_text.hpp"

#include <boost/json.hpp>

#include "protocol/strict_json.hpp"

namespace pontlevis::agent {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD
// Each byte may become six characters (\u001b) or a three-byte mark: the line stays below its limit.
constexpr std::size_t bytes_per_line = 8 * 1024;
constexpr unsigned most_cells = 10'000;

// 1.234: seconds, in the one form this writer has.
std::string seconds_text(Millis at) {
  const auto ms = std::max<std::int64_t>(at.count(), 0);
  std::string fraction = std::to_string(ms % 1000);
  return std::to_string(ms / 1000) + "." + std::string(3 - fraction.size(), '0') + fraction;
}

std::string event_line(Millis at, std::string_view kind, std::string_view text) {
  return "[" + seconds_text(at) + ", \"" + std::string(kind) + "\", " + json::serialize(json::string(text)) + "]\n";
}

// How many bytes a character that begins so has; 0 when none may begin so.
std::size_t length_of(unsigned char lead) noexcept {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

// Whether `byte` may stand at `place` of a character that begins with `lead`: no overlong form, no surrogate.
bool may_follow(unsigned char lead, std::size_t place, unsigned char byte) noexcept {
  if (place == 1 && lead == 0xe0) return byte >= 0xa0 && byte <= 0xbf;
  if (place == 1 && lead == 0xed) return byte >= 0x80 && byte <= 0x9f;
  if (place == 1 && lead == 0xf0) return byte >= 0x90 && byte <= 0xbf;
  if (place == 1 && lead == 0xf4) return byte >= 0x80 && byte <= 0x8f;
  return byte >= 0x80 && byte <= 0xbf;
}

struct Next {
  std::size_t used;  // bytes, at least one
  bool good;         // they are a character
  bool cut;          // they may be the beginning of one
};
Next next_character(std::string_view bytes) noexcept {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const std::size_t length = length_of(at(0));
  if (length == 0) return {1, false, false};
  for (std::size_t i = 1; i < length; ++i) {
    if (i == bytes.size()) return {i, false, true};
    if (!may_follow(at(0), i, at(i))) return {i, false, false};
  }
  return {length, true, false};
}

}  // namespace

std::string cast_header(unsigned stream, const StreamOf& of, Time began) {
  const json::object head{{"version", 2},
                          {"width", of.cols},
                          {"height", of.rows},
                          {"timestamp", std::chrono::duration_cast<std::chrono::seconds>(began.time_since_epoch()).count()},
                          {"pontlevis", {{"stream", stream}, {"kind", of.kind}, {"login", of.login}}}};
  return json::serialize(head) + "\n";
}

std::string cast_resize(Millis at, unsigned cols, unsigned rows) {
  return event_line(at, "r", std::to_string(std::min(cols, most_cells)) + "x" + std::to_string(std::min(rows, most_cells)));
}

std::string CastOutput::lines(Millis at, std::span<const char> bytes) {
  std::string out, text;
  waiting_.append(bytes.data(), bytes.size());
  std::string_view rest = waiting_;
  while (!rest.empty()) {
    const auto next = next_character(rest);
    if (next.cut) break;
    text += next.good ? rest.substr(0, next.used) : replacement;
    rest.remove_prefix(next.used);
    if (text.size() >= bytes_per_line) out += event_line(at, "o", std::exchange(text, {}));
  }
  if (!text.empty()) out += event_line(at, "o", text);
  waiting_ = std::string(rest);
  return out;
}

std::string CastOutput::rest(Millis at) {
  return std::exchange(waiting_, {}).empty() ? std::string() : event_line(at, "o", replacement);
}

// ---- reading it back ----

namespace {

std::unexpected<Error> bad(std::size_t line, std::string what) {
  return fail(Errc::bad_input, std::move(what), "recording, line " + std::to_string(line));
}

Result<CastHead> read_head(std::string_view line) {
  PL_TRY(object, parse_object(line, max_cast_line, "recording, line 1"));
  StrictObject in(object, "recording, line 1");
  in.integer("version", 2, 2);
  CastHead out;
  out.of.cols = static_cast<unsigned>(in.integer("width", 0, most_cells));
  out.of.rows = static_cast<unsigned>(in.integer("height", 0, most_cells));
  out.began = Time(std::chrono::seconds(in.integer("timestamp", 0, 253402300799)));
  const auto& own = in.object("pontlevis");
  PL_CHECK(in.finish());
  StrictObject of(own, "recording, line 1, pontlevis");
  out.stream = static_cast<unsigned>(of.integer("stream", 0, 0x7fff'ffff));
  out.of.kind = of.text("kind", 1, 32);
  out.of.login = of.text("login", 0, 64);
  PL_CHECK(of.finish());
  return out;
}

bool is_size(std::string_view text) {
  const auto x = text.find('x');
  return x != text.npos && parse_decimal(text.substr(0, x), most_cells) && parse_decimal(text.substr(x + 1), most_cells);
}

// Parsed, printed again and compared: one event has one form.
Result<Millis> read_event(std::string_view line, std::size_t number) {
  const auto comma = line.find(", ");
  const auto dot = line.find('.');
  if (line.size() < 2 || line[0] != '[' || line.back() != ']' || comma == line.npos || dot == line.npos || comma != dot + 4)
    return bad(number, "is not an event of asciicast v2");
  const auto whole = parse_decimal(line.substr(1, dot - 1), 1'000'000'000);
  if (!whole) return bad(number, "has no time");
  std::int64_t fraction = 0;
  for (char c : line.substr(dot + 1, 3)) {
    if (c < '0' || c > '9') return bad(number, "has no time");
    fraction = fraction * 10 + (c - '0');
  }
  const Millis at(static_cast<std::int64_t>(*whole) * 1000 + fraction);
  const std::string_view rest = line.substr(comma + 2, line.size() - comma - 3);
  if (!rest.starts_with("\"o\", ") && !rest.starts_with("\"r\", ")) return bad(number, "is an event that no recording of ours has");
  boost::system::error_code ec;
  const auto text = json::parse(rest.substr(5), ec);
  if (ec || !text.is_string()) return bad(number, "does not say what was shown");
  const std::string_view kind = rest.substr(1, 1);
  if (kind == "r" && !is_size(text.get_string())) return bad(number, "does not say a size");
  if (event_line(at, kind, text.get_string()) != std::string(line) + "\n") return bad(number, "is not in canonical form");
  return at;
}

}  // namespace

Result<CastHead> read_cast(std::string_view text) {
  auto end = text.find('\n');
  if (end == text.npos) return bad(1, "has no header");
  PL_TRY(head, read_head(text.substr(0, end)));
  if (cast_header(head.stream, head.of, head.began) != text.substr(0, end + 1)) return bad(1, "is not in canonical form");
  text.remove_prefix(end + 1);
  for (std::size_t number = 2; !text.empty(); ++number, text.remove_prefix(end + 1)) {
    end = text.find('\n');
    if (end == text.npos || end > max_cast_line) return bad(number, "has no end");
    PL_TRY(at, read_event(text.substr(0, end), number));
    if (at < head.lasted) return bad(number, "is earlier than the line before");
    head.lasted = at;
  }
  return head;
}

}  // namespace pontlevis::agent
