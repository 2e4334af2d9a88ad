// What is to be told to the vendor's world, kept in gateway.db until it was taken or a person gave it up. A change of an
// intervention is noted by a trigger, in the transaction of the change itself, so that no crash comes between the two; what
// is to be said about it is made out of that note (crm.hpp). A body stands here only while it may still have to be sent.
// Owned by Outward; the loop's thread. requirements A39, B11, T2.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audit/sqlite.hpp"
#include "protocol/clock.hpp"
#include "protocol/ids.hpp"
#include "protocol/words.hpp"

namespace pontlevis::gateway {

enum class Channel : unsigned char { webhook, mail, csv };
enum class DeliveryState : unsigned char { waiting, acknowledged, refused, given_up, dropped };

struct Message {
  std::string id;  // the same at every try
  Channel channel{};
  std::string subject;  // closed, corrected, withdrawn, refused, deletion; report, clock, alarm, notice; day
  std::optional<InterventionId> intervention;
  std::string practice;
  std::string body;
  std::string body_sha256;  // empty when it is put: that of the body
  int tries = 0;
  Time created_at{};
  Time since{};  // the time in which it is tried begins here
};

// One line of the list, without the body.
struct Delivery {
  Message message;
  DeliveryState state{};
  bool has_body = false;
  std::optional<Time> next_try;
  std::string last_error;
  int status = 0;
  std::string crm_ref, reason, done_by;
};

// What came of a try, or a person's word, for good.
struct Settled {
  DeliveryState state{};
  int status = 0;
  std::string why;      // of a failure
  std::string crm_ref;  // of an acknowledgement
  std::string reason, done_by;  // of a drop
};

// A change of an intervention that was noted and not looked at yet.
struct Change {
  std::int64_t seq = 0;
  std::string intervention;
};

class Outbox {
 public:
  explicit Outbox(sqlite::Database& db) : db_(&db) {}
  Result<> make_tables();

  // ---- notes of changes ----
  Result<std::vector<Change>> changes(std::size_t limit);
  Result<> forget_change(std::int64_t seq);
  // Of an intervention whose row says so itself: also when nothing changed.
  Result<> note_change(const InterventionId& id);

  // ---- messages ----
  Result<bool> put(const Message& message, Time now);  // no: one of this id was put before
  Result<> put_settled(const Message& message, const Settled& how, Time now);
  // The oldest that is due; of one intervention never a later one before an earlier one.
  Result<std::optional<Message>> next(Channel channel, Time now);
  Result<std::optional<Time>> next_due(Channel channel);
  Result<> trying(const std::string& id);  // before each try, so that a crash in it counts
  Result<> later(const std::string& id, Time next_try, const Settled& failed);
  // What came of a try. No: meanwhile it was dropped or destroyed, and that stands. The body goes when nobody can want it any more.
  Result<bool> settle(const std::string& id, const Settled& how);
  Result<> drop(const std::string& id, const std::string& reason, const std::string& done_by);  // Errc::conflict: is done with
  Result<> again(const std::string& id, Time now);             // Errc::conflict: is not put aside, or its body is gone
  Result<std::optional<Delivery>> find(const std::string& id);
  // Newest first, those behind `after` (a seq), of one state or all.
  struct Page {
    std::vector<Delivery> items;
    std::string next;
  };
  Result<Page> list(const std::optional<DeliveryState>& state, const std::string& after, std::size_t limit);

  // ---- an intervention's own ----
  // Waiting and dead messages about it lose their bodies; those that waited are dropped with this reason.
  Result<> forget_bodies(const std::optional<Channel>& channel, const InterventionId& id, const std::string& reason);

  // ---- the record of what came of it ----
  Result<std::vector<Delivery>> unrecorded();  // settled, and not in the log yet
  Result<> recorded(const std::string& id);

  Result<> sweep(Time now);  // lines without a body go after half a year

 private:
  Result<std::vector<Delivery>> read_all(sqlite::Rows rows);
  sqlite::Database* db_;
};

}  // namespace pontlevis::gateway
template <> struct pontlevis::Spelling<pontlevis::gateway::Channel> {
  static constexpr std::array<std::string_view, 3> words{"webhook", "mail", "csv"};
};
template <> struct pontlevis::Spelling<pontlevis::gateway::DeliveryState> {
  static constexpr std::array<std::string_view, 5> words{"WAITING", "ACKNOWLEDGED", "REFUSED", "GIVEN_UP", "DROPPED"};
};
