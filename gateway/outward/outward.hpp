// What the vendor's world hears: the CRM, syslog, files, mail (requirements A39, A44, B11, T2; docs/outward.md).
// Owned by Memory; the loop's thread.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <optional>

#include "gateway/memory/area.hpp"
#include "gateway/outward/deliveries.hpp"
#include "gateway/outward/follower.hpp"
#include "gateway/outward/siem.hpp"

namespace pontlevis::gateway {

class Outward final : public Area {
 public:
  explicit Outward(Core& core);
  Result<> open() override;
  Result<> start(Hub& hub) override;
  // The same over a bare loop, for tests.
  Result<> start_on(boost::asio::any_io_executor executor);
  Awaitable<void> keep_house() override;
  ApiRoutes routes() override { return deliveries_.routes(); }
  VerbTable verbs() override { return deliveries_.verbs(); }
  void stop() override;

 private:
  Result<> check_options() const;
  void listen();
  void look_soon();            // once, behind what is being done now
  Awaitable<void> look_around();
  Awaitable<void> watch_log();  // for syslog: what no listener is told of
  Result<> take_changes();     // notes of changes become messages
  Result<bool> follow_log();   // yes: there is more to read
  Result<> take_change(const Change& change);
  Result<> take_record(const Follower::Seen& seen);
  void told(const Message& message, const Settled& how);
  void wake();
  template <class Write>
  void write(Write work);

  Core& core_;
  Outbox outbox_;
  Crm crm_;
  PostOffice post_;
  CsvDrop csv_;
  Deliveries deliveries_;
  Follower follower_;
  Courier webhooks_, letters_;
  std::optional<Siem> siem_;
  std::optional<boost::asio::any_io_executor> executor_;
  std::optional<boost::asio::steady_timer> log_timer_;
  Time swept_at_{};
  bool looking_ = false, look_again_ = false, stopping_ = false;
};

}  // namespace pontlevis::gateway
