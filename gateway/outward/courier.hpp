// Takes the messages of one channel out of the outbox, one at a time and in order, until they are taken, refused or too old.
// A server that cannot be reached makes all of them wait, not each of them try. Owned by Outward; the loop's thread.
// REQUIRES: stop() before it goes, and the io_context runs no more of it after that.
#pragma once

#include <boost/asio/steady_timer.hpp>

#include "gateway/outward/crm.hpp"
#include "gateway/outward/retry.hpp"

namespace pontlevis::gateway {

// What came of one try.
struct Tried {
  enum class Kind : unsigned char { taken, refused, later, away } kind = Kind::later;  // away: nobody was there to say anything
  int status = 0;
  std::string why;
  std::string crm_ref;
  std::optional<Millis> wait;  // as the server asked
};

class Courier {
 public:
  using Send = std::function<Awaitable<Tried>(Message)>;
  using Told = std::function<void(const Message&, const Settled&)>;
  // `wanted`: the channel has somebody to speak to now. `told`: after a message was settled.
  Courier(Core& core, Outbox& outbox, Crm& crm, Channel channel, std::function<bool()> wanted, Send send, Told told);

  void start(boost::asio::any_io_executor executor);
  void wake();   // something is new, or a person said "now"
  void unpause();
  void stop();

 private:
  Awaitable<void> run();
  Awaitable<void> rest(Millis at_most);
  Millis until_next();
  Result<> begin(const Message& message);
  Result<> settle(const Message& message, const Tried& tried);
  Result<> finish(const Message& message, Settled how);
  bool too_old(const Message& message) const;

  Core& core_;
  Outbox& outbox_;
  Crm& crm_;
  Channel channel_;
  std::function<bool()> wanted_;
  Send send_;
  Told told_;
  std::optional<boost::asio::steady_timer> timer_;
  std::optional<Time> away_until_;
  int away_times_ = 0;
  bool stopping_ = false, woken_ = false;
};

}  // namespace pontlevis::gateway
