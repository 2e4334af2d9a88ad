#include "protocol/io/http/admission.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>

namespace pontlevis::io {

bool still_there(LeanStream::Socket& socket) {
  tcp_info info{};
  socklen_t size = sizeof info;
  return ::getsockopt(socket.native_handle(), IPPROTO_TCP, TCP_INFO, &info, &size) == 0 &&
         info.tcpi_state == TCP_ESTABLISHED;
}

void Admission::Slot::release() {
  if (const auto owner = std::move(owner_)) {
    --owner->under_way_;
    owner->admit();
  }
}

void Admission::add(LeanStream::Socket socket) {
  if (!start_) return;
  waiting_.push_back(std::move(socket));
  if (waiting_.size() > max_waiting_) {
    waiting_.pop_front();
    ++dropped_;
  }
  admit();
}

void Admission::admit() {
  while (start_ && under_way_ < limit_ && !waiting_.empty()) {
    LeanStream::Socket newest = std::move(waiting_.back());
    waiting_.pop_back();
    if (!still_there(newest)) {
      ++dropped_;
      continue;
    }
    ++under_way_;
    start_(std::move(newest), std::make_shared<Slot>(shared_from_this()));
  }
}

void Admission::clear() {
  start_ = nullptr;
  waiting_.clear();
}

}  // namespace pontlevis::io
