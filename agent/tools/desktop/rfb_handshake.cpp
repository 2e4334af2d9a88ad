#include "agent/tools/desktop/rfb_handshake.hpp"

#include <string>
#include <vector>

#include "agent/tools/desktop/rfb_wire.hpp"
#include "agent/tools/desktop/vnc_password.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {
namespace {

constexpr std::uint8_t no_security = 1, vnc_password = 2;
constexpr std::size_t longest_reason = 1024;

std::unexpected<Error> not_rfb(const char* who) {
  return fail(Errc::bad_frame, std::string(who) + " does not speak RFB", "desktop", "a VNC server and a VNC client are needed");
}

io::Awaitable<Result<>> read_exactly(io::ByteStream& stream, std::span<char> out) {
  while (!out.empty()) {
    PL_CO_TRY(n, co_await stream.read_some(out));
    if (n == 0) co_return fail(Errc::closed, "the VNC conversation ended early", "desktop");
    out = out.subspan(n);
  }
  co_return Result<>{};
}

io::Awaitable<Result<std::uint32_t>> read_number(io::ByteStream& stream, std::size_t bytes) {
  std::array<char, 4> raw{};
  PL_CO_CHECK(co_await read_exactly(stream, {raw.data(), bytes}));
  co_return rfb::number({raw.data(), bytes});
}

// "RFB 003.xxx\n" → 3, 7 or 8; whatever lies between is treated as the lower one, as the standard says.
Result<int> minor_version(std::string_view text, const char* who) {
  if (!text.starts_with("RFB 003.") || !text.ends_with('\n')) return not_rfb(who);
  const auto digits = text.substr(8, 3);
  if (digits.find_first_not_of("0123456789") != digits.npos) return not_rfb(who);
  const int minor = 100 * (digits[0] - '0') + 10 * (digits[1] - '0') + (digits[2] - '0');
  if (minor < 3) return not_rfb(who);
  return minor >= 8 ? 8 : minor == 7 ? 7 : 3;
}

io::Awaitable<Result<int>> read_version(io::ByteStream& stream, const char* who) {
  std::array<char, 12> text{};
  PL_CO_CHECK(co_await read_exactly(stream, text));
  co_return minor_version({text.data(), text.size()}, who);
}

io::Awaitable<Result<>> why_refused(io::ByteStream& server) {
  PL_CO_TRY(length, co_await read_number(server, 4));
  std::string reason(std::min<std::size_t>(length, longest_reason), '\0');
  PL_CO_CHECK(co_await read_exactly(server, reason));
  co_return fail(Errc::not_allowed, "the VNC server refuses: " + printable(reason, 120), "desktop");
}

std::unexpected<Error> asks_for_no_password() {
  return fail(Errc::not_allowed, "the VNC server does not ask for its password", "desktop",
              "start it with {password_file}: without, every user of this machine could enter");
}

// 3.3: the server alone decides.
io::Awaitable<Result<>> take_security(io::ByteStream& server) {
  PL_CO_TRY(type, co_await read_number(server, 4));
  if (type == 0) co_return co_await why_refused(server);
  if (type != vnc_password) co_return asks_for_no_password();
  co_return Result<>{};
}

io::Awaitable<Result<>> choose_security(io::ByteStream& server) {
  PL_CO_TRY(count, co_await read_number(server, 1));
  if (count == 0) co_return co_await why_refused(server);
  std::string types(count, '\0');
  PL_CO_CHECK(co_await read_exactly(server, types));
  // A server that would let anybody in is not one for a loopback port that all local users reach.
  const bool open_to_all = types.find(static_cast<char>(no_security)) != types.npos;
  if (open_to_all || types.find(static_cast<char>(vnc_password)) == types.npos) co_return asks_for_no_password();
  const std::array choice{static_cast<char>(vnc_password)};
  co_return co_await server.write_all(choice);
}

}  // namespace

io::Awaitable<Result<>> log_in_to_vnc(io::ByteStream& server, const Secret& password) {
  PL_CO_TRY(minor, co_await read_version(server, "the VNC server"));
  const std::string version = "RFB 003.00" + std::to_string(minor) + "\n";
  PL_CO_CHECK(co_await server.write_all(version));
  if (minor == 3) PL_CO_CHECK(co_await take_security(server));
  else PL_CO_CHECK(co_await choose_security(server));
  VncChallenge challenge{};
  PL_CO_CHECK(co_await read_exactly(server, challenge));
  const VncChallenge answer = answer_challenge(password, challenge);
  PL_CO_CHECK(co_await server.write_all(answer));
  PL_CO_TRY(result, co_await read_number(server, 4));
  if (result != 0 && minor == 8) co_return co_await why_refused(server);
  if (result != 0) co_return fail(Errc::not_allowed, "the VNC server refuses its own password", "desktop");
  co_return Result<>{};
}

io::Awaitable<Result<>> welcome_vnc_client(io::ByteStream& client) {
  PL_CO_CHECK(co_await client.write_all(std::string_view("RFB 003.008\n")));
  PL_CO_TRY(minor, co_await read_version(client, "the client"));
  if (minor == 3) {
    const std::string decided = rfb::bytes_of(no_security, 4);
    co_return co_await client.write_all(decided);
  }
  const std::string offer{1, static_cast<char>(no_security)};
  PL_CO_CHECK(co_await client.write_all(offer));
  PL_CO_TRY(choice, co_await read_number(client, 1));
  if (choice != no_security) co_return not_rfb("the client");
  if (minor == 7) co_return Result<>{};
  const std::string good = rfb::bytes_of(0, 4);
  co_return co_await client.write_all(good);
}

}  // namespace pontlevis::agent
