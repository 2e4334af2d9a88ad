#include "agent/tools/fd_stream.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace pontlevis::agent {
namespace {

using boost::asio::as_tuple;
using boost::asio::use_awaitable;
using Descriptor = boost::asio::posix::stream_descriptor;

std::unexpected<Error> os_error(const char* doing) {
  return fail(Errc::io, std::string("cannot ") + doing + ": " + std::strerror(errno), "tool");
}
std::unexpected<Error> ended() { return fail(Errc::closed, "the stream is closed", "tool"); }
bool would_block(int error) noexcept { return error == EAGAIN || error == EWOULDBLOCK; }

}  // namespace

Fd& Fd::operator=(Fd&& other) noexcept {
  if (this != &other) {
    reset();
    fd_ = other.release();
  }
  return *this;
}

void Fd::reset() noexcept {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

FdStream::FdStream(boost::asio::any_io_executor executor, Fd fd, Kind kind)
    : descriptor_(std::move(executor), fd.release()), kind_(kind) {
  boost::system::error_code ignored;
  descriptor_.native_non_blocking(true, ignored);
}

// A program that always has output would otherwise keep the loop to itself: a pause or a stop must
// get its turn after a few reads.
io::Awaitable<void> FdStream::be_fair() {
  if (++without_waiting_ < 4) co_return;
  without_waiting_ = 0;
  co_await boost::asio::post(descriptor_.get_executor(), use_awaitable);
}

io::Awaitable<Result<std::size_t>> FdStream::read_some(std::span<char> out) {
  co_await be_fair();
  while (!closed_) {
    const auto n = ::read(descriptor_.native_handle(), out.data(), out.size());
    if (n >= 0) co_return static_cast<std::size_t>(n);
    if (errno == EINTR) continue;
    if (errno == EIO && kind_ == Kind::pty) co_return 0;  // the last holder of the terminal has gone
    if (!would_block(errno)) co_return os_error("read from the tool");
    if (end_when_empty_) co_return 0;
    without_waiting_ = 0;
    co_await descriptor_.async_wait(Descriptor::wait_read, as_tuple(use_awaitable));
  }
  co_return ended();
}

io::Awaitable<Result<>> FdStream::until_writable() {
  without_waiting_ = 0;
  co_await descriptor_.async_wait(Descriptor::wait_write, as_tuple(use_awaitable));
  co_return Result<>{};
}

io::Awaitable<Result<>> FdStream::write_all(std::span<const char> bytes) {
  co_await be_fair();
  while (!bytes.empty()) {
    if (closed_ || write_ended_) co_return ended();
    // Nothing suspends between this look and the write below.
    if (gate_ && gate_->state() != GateState::open) {
      const auto decided = co_await gate_->until_decided();
      if (decided == GateState::closed) co_return ended();
      continue;
    }
    const int fd = descriptor_.native_handle();
    const auto n = kind_ == Kind::socket ? ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL)
                                         : ::write(fd, bytes.data(), bytes.size());
    if (n >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(n));
    } else if (would_block(errno)) {
      PL_CO_CHECK(co_await until_writable());
    } else if (errno == EPIPE || errno == EIO || errno == ECONNRESET) {
      co_return ended();
    } else if (errno != EINTR) {
      co_return os_error("write to the tool");
    }
  }
  co_return Result<>{};
}

void FdStream::shutdown_write() {
  if (closed_ || write_ended_) return;
  write_ended_ = true;
  if (kind_ == Kind::pipe) return close();
  if (kind_ == Kind::socket) {
    ::shutdown(descriptor_.native_handle(), SHUT_WR);
    return;
  }
  // A terminal has no half-close. A program that reads lines gets its end of file as from a
  // keyboard; one in raw mode (an editor, a shell's prompt) must not be typed at.
  termios modes{};
  if (::tcgetattr(descriptor_.native_handle(), &modes) == 0 && (modes.c_lflag & ICANON) != 0) {
    const char eof = static_cast<char>(modes.c_cc[VEOF]);
    [[maybe_unused]] const auto n = ::write(descriptor_.native_handle(), &eof, 1);
  }
}

void FdStream::end_when_empty() {
  end_when_empty_ = true;
  boost::system::error_code ignored;
  if (!closed_) descriptor_.cancel(ignored);
}

void FdStream::close() noexcept {
  closed_ = true;
  boost::system::error_code ignored;
  if (descriptor_.is_open()) descriptor_.close(ignored);
}

}  // namespace pontlevis::agent
