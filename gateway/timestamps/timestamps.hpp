// A third party's time on a checkpoint a day (RFC 3161): who keeps the log cannot then have made its past later. The
// newest checkpoint is stamped by a program or an HTTPS authority; the reply is verified, kept in the log's table
// `timestamps` and named by a `timestamp` record. A failure is an event and another try, later and later: never a stop.
// Owned by Memory; the loop's thread, with one thread for the program and the disk. requirements A15; design §2.3.
#pragma once

#include <atomic>
#include <boost/asio/thread_pool.hpp>

#include "audit/timestamp.hpp"
#include "gateway/memory/area.hpp"
#include "gateway/timestamps/stamp_settings.hpp"

namespace pontlevis::gateway {

class Timestamps final : public Area {
 public:
  explicit Timestamps(Core& core) : core_(core) {}
  ~Timestamps() override;

  Result<> open() override;  // refuses settings that cannot work
  Awaitable<void> keep_house() override;
  void stop() override;

  // Stamps the newest checkpoint now, whatever the day: what keep_house() does when it is due.
  Awaitable<Result<audit::TimestampReply>> stamp();

 private:
  using TreeSize = audit::TreeSize;
  struct Last {
    TreeSize size = 0;
    std::string token;
  };
  Result<Last> last() const;
  Result<bool> is_due() const;
  Awaitable<void> try_once();
  Awaitable<Result<std::string>> ask(StampSettings settings, std::string query);
  Awaitable<Result<>> keep(TreeSize size, std::string token);
  Awaitable<Result<>> record(TreeSize size, std::string token, Digest imprint, audit::TimestampReply said);
  Awaitable<Result<>> name_unnamed();

  Core& core_;
  boost::asio::thread_pool thread_{1};
  std::atomic<bool> stopping_ = false;
  bool busy_ = false, looked_back_ = false;
  int failures_ = 0;
  Millis next_try_{0};  // since boot
};

}  // namespace pontlevis::gateway
