// Who may start a TLS handshake now: at most `limit` at once, the newest waiting connection first, and none whose
// client has already left. First come first served would collapse after a restart: the server would
// spend itself on clients that have given up (decision 0006). Private to the server; its thread.
#pragma once

#include <deque>
#include <functional>
#include <memory>

#include "protocol/io/tls/lean_stream.hpp"

namespace pontlevis::io {

class Admission : public std::enable_shared_from_this<Admission> {
 public:
  // A place among the handshakes under way; given back by release() or at its end.
  class Slot {
   public:
    explicit Slot(std::shared_ptr<Admission> owner) : owner_(std::move(owner)) {}
    Slot(Slot&&) noexcept = default;
    Slot& operator=(Slot&&) = delete;
    ~Slot() { release(); }
    void release();

   private:
    std::shared_ptr<Admission> owner_;
  };
  using Start = std::function<void(LeanStream::Socket, std::shared_ptr<Slot>)>;

  Admission(std::size_t limit, std::size_t max_waiting, Start start)
      : limit_(limit), max_waiting_(max_waiting), start_(std::move(start)) {}

  void add(LeanStream::Socket socket);  // when too many wait, the oldest is dropped
  void clear();                         // drops all who wait and starts nobody any more
  std::size_t under_way() const noexcept { return under_way_; }
  std::size_t waiting() const noexcept { return waiting_.size(); }
  std::uint64_t dropped() const noexcept { return dropped_; }

 private:
  void admit();
  std::size_t limit_;
  std::size_t max_waiting_;
  Start start_;
  std::deque<LeanStream::Socket> waiting_;  // newest at the back
  std::size_t under_way_ = 0;
  std::uint64_t dropped_ = 0;
};

// TCP_INFO: established, and nothing says that the peer has closed.
bool still_there(LeanStream::Socket& socket);

}  // namespace pontlevis::io
