#include "protocol/io/control/control_client.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "protocol/io/control/control_lines.hpp"
#include "protocol/io/control/control_server.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::io {
namespace {

struct Socket {
  int fd;
  ~Socket() {
    if (fd >= 0) ::close(fd);
  }
};

std::unexpected<Error> lost(std::string_view doing) {
  return fail(Errc::closed, "the running daemon ended the conversation while we were " + std::string(doing),
              "control socket", "its log says why");
}

Result<> send_line(int fd, const json::object& request) {
  std::string text = json::serialize(request);
  if (text.size() >= max_control_line) return fail(Errc::bad_input, "is too long for the control socket", "request");
  text += '\n';
  for (std::string_view rest = text; !rest.empty();) {
    const auto n = ::send(fd, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return lost("asking");
    rest.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

// Answers are ours and may be long lists: a wider bound than for requests.
constexpr std::size_t max_answer = 16 << 20;

Result<std::string> read_line(int fd, std::string& pending) {
  for (std::size_t seen = 0;;) {
    if (const auto end = pending.find('\n', seen); end != pending.npos) {
      std::string line = pending.substr(0, end);
      pending.erase(0, end + 1);
      return line;
    }
    seen = pending.size();
    if (seen > max_answer) return fail(Errc::bad_input, "is too long", "answer of the daemon");
    char buffer[16 * 1024];
    const auto n = ::recv(fd, buffer, sizeof buffer, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return lost("waiting for the answer");
    pending.append(buffer, static_cast<std::size_t>(n));
  }
}

}  // namespace

Result<json::object> control_call(const std::filesystem::path& path, const json::object& request,
                                  const std::function<void(const json::object&)>& on_line) {
  PL_TRY(address, control_address(path));
  const Socket socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  if (socket.fd < 0 || ::connect(socket.fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    if (errno == EACCES)
      return fail(Errc::not_allowed, "belongs to another user", path.string(), "run this as the daemon's user");
    return fail(Errc::unavailable, "nobody serves this control socket", path.string(), "start the daemon first");
  }
  PL_CHECK(send_line(socket.fd, request));
  for (std::string pending;;) {
    PL_TRY(line, read_line(socket.fd, pending));
    PL_TRY(reply, parse_object(line, max_answer, "answer of the daemon", JsonForm::any));
    if (auto* answer = reply.if_contains("answer"); answer && answer->is_object()) return answer->get_object();
    if (auto* error = reply.if_contains("error"); error && error->is_object())
      return std::unexpected(error_from_line(error->get_object()));
    if (auto* more = reply.if_contains("line"); more && more->is_object() && on_line) on_line(more->get_object());
  }
}

}  // namespace pontlevis::io
