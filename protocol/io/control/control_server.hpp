// How a person at the machine speaks to a running daemon: a Unix socket, one JSON object a line each
// way. The daemon owns one ControlServer; its command line uses control_call (control_client.hpp).
// Lives on one executor. It promises: only this user and root are heard (mode 0600 and SO_PEERCRED),
// a line has at most 64 KiB, at most 32 callers at once, a socket file that a crash left is replaced,
// one that a living daemon serves is not.
//
// Lines back: {"line":{…}} any number of times, then {"answer":{…}} or
// {"error":{"code","what","where","hint"}}. A caller may ask again on the same connection.
#pragma once

#include <sys/types.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>
#include <filesystem>
#include <functional>
#include <memory>

#include "protocol/result.hpp"

namespace pontlevis::io {

constexpr std::size_t max_control_line = 64 * 1024;

// Who is at the other end, as the kernel says.
struct PeerUser {
  uid_t uid;
  gid_t gid;
  pid_t pid;
};

// Lines before the answer, for commands that watch. Valid while the handler runs.
class ReplyStream {
 public:
  virtual ~ReplyStream() = default;
  // Errc::closed when the caller has gone: the handler should then return.
  virtual boost::asio::awaitable<Result<>> send(boost::json::object line) = 0;
};

using ControlHandler = std::function<boost::asio::awaitable<Result<boost::json::object>>(
    boost::json::object request, PeerUser peer, ReplyStream& lines)>;

class ControlServer {
 public:
  // Errc::conflict when another process serves this path.
  static Result<ControlServer> listen(boost::asio::any_io_executor executor, const std::filesystem::path& path,
                                      ControlHandler handler);
  ControlServer(ControlServer&&) noexcept;
  ControlServer& operator=(ControlServer&&) noexcept;
  ~ControlServer();
  void close() noexcept;  // removes the socket file; running handlers see Errc::closed at their next line

 private:
  struct Core;
  explicit ControlServer(std::shared_ptr<Core> core);
  std::shared_ptr<Core> core_;
};

}  // namespace pontlevis::io
