// Scrypt off the loop: a tenth of a second and 64 MiB each on purpose, so two at a time and a bounded number
// waiting. Owned by PeopleDesk or by an administrator's command; called on the loop.
#pragma once

#include <boost/asio/thread_pool.hpp>

#include "protocol/io/byte_stream.hpp"
#include "protocol/random.hpp"
#include "protocol/secret.hpp"

namespace pontlevis::gateway {

class PasswordWork {
 public:
  explicit PasswordWork(Random& random) : random_(random) {}
  ~PasswordWork() { threads_.join(); }
  PasswordWork(const PasswordWork&) = delete;
  PasswordWork& operator=(const PasswordWork&) = delete;

  // Errc::unavailable: many are under way. `stored` empty: nobody's; takes as long and is never right.
  io::Awaitable<Result<bool>> verify(Secret password, std::string stored);
  io::Awaitable<Result<std::string>> hash(Secret password);

 private:
  static constexpr int at_once = 2, most_waiting = 16;
  Random& random_;
  boost::asio::thread_pool threads_{at_once};
  int under_way_ = 0;
};

// 80 bits for reading out once: four groups of four, Crockford base32, as the practice's codes.
Secret make_password(Random& random);

}  // namespace pontlevis::gateway
