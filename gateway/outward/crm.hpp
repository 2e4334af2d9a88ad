// What the CRM was told and has to be told (requirements A39, B11, T2): notes of changes become messages here, each in one
// transaction with the note it came from, so that a crash loses and doubles nothing. One version a content; a later one takes
// the place of an earlier one that is still waiting. What is destroyed here is ordered to be deleted there.
// Owned by Outward; the loop's thread.
#pragma once

#include "gateway/core.hpp"
#include "gateway/outward/outbox.hpp"

namespace pontlevis::gateway {

// crm_sync_state of requirements §4.1.
enum class CrmState : unsigned char { none, pending, acknowledged, refused, given_up, deletion_pending, deleted };

class Crm {
 public:
  Crm(Core& core, Outbox& outbox) : core_(core), outbox_(outbox) {}
  Result<> make_tables();

  bool wanted() const { return !core_.options.text("webhook.url").empty(); }
  // Whether something about `id` is to be said now that it changed. REQUIRES: inside a transaction of the caller.
  Result<> look_at(const std::string& id);
  // A destruction certificate: its fields, as in the record. Orders deletions of what stands there. Same transaction rule.
  Result<> destroyed(const json::object& certificate);
  // The same content once more, as a correction: a person asks for it. A transaction of its own.
  Result<> say_again(const InterventionId& id);
  // A message is about to be sent: from now on there may be a copy there. Same transaction rule.
  Result<> trying(const Message& message);
  // A message about an intervention was settled. Same transaction rule.
  Result<> settled(const Message& message, const Settled& how);

  struct Row {
    std::string intervention, practice, crm_ref, content_sha256;
    CrmState state{};
    std::int64_t version = 0;
    std::vector<std::string> withheld;
    bool refusal_told = false, withdrawal_told = false, tried = false;
  };
  Result<std::optional<Row>> row(const std::string& id);

 private:
  Result<> say(Row& row, std::string_view what, json::object data);
  Result<> say_content(Row& row, const Intervention& iv);
  Result<> say_deletion(Row& row, const std::string& certificate);
  Result<> withhold(Row& row, const std::string& member);
  Result<> save(const Row& row);
  Result<> note_places(const std::string& id);
  Result<std::vector<std::string>> touched(const json::object& certificate);
  Result<std::vector<std::string>> ids(sqlite::Rows rows);
  Result<bool> names_nobody(const std::string& id);

  Core& core_;
  Outbox& outbox_;
};

}  // namespace pontlevis::gateway
template <> struct pontlevis::Spelling<pontlevis::gateway::CrmState> {
  static constexpr std::array<std::string_view, 7> words{"NONE", "PENDING", "ACKNOWLEDGED", "REFUSED", "GIVEN_UP", "DELETION_PENDING", "DELETED"};
};
