// Breach files from the first doubt to the lesson: drafts that open themselves, confirmation, who is affected, who was
// told and when, the clocks of 24 hours, 72 hours and a month (requirements A18, B06, §4.6, NIS2). Each step is a record
// with the file's hash. Owned by Registers; the loop's thread.
#pragma once

#include "gateway/registers/breach/breach_file.hpp"
#include "gateway/registers/breach/breach_notice.hpp"
#include "gateway/registers/common/acts.hpp"
#include "gateway/registers/common/bell.hpp"

namespace pontlevis::gateway {

class BreachDesk {
 public:
  BreachDesk(Core& core, Bell& bell) : core_(core), bell_(bell) {}
  Result<> open();
  Awaitable<void> keep_house();

  // A draft by itself: one a word and day, however often it is said; later facts of that day are added to it. Kept at
  // once, also when the log takes nothing; its record follows as soon as it does. `facts` name no person.
  Result<> draft(std::string_view word, const std::string& day, const json::object& facts);

  Result<json::object> list(bool only_open, const PageAsked& page) const;
  Result<json::object> view_of(const std::string& id) const;
  Awaitable<Result<json::object>> list_all(std::string, json::object words, ActBy by);       // {open?}
  Awaitable<Result<json::object>> show(std::string id, json::object words, ActBy by);
  Awaitable<Result<json::object>> add(std::string, json::object words, ActBy by);            // BreachFile
  Awaitable<Result<json::object>> change(std::string id, json::object words, ActBy by);      // BreachFile
  Awaitable<Result<json::object>> confirm(std::string id, json::object words, ActBy by);     // {aware_at}
  Awaitable<Result<json::object>> dismiss(std::string id, json::object words, ActBy by);     // {reason}
  Awaitable<Result<json::object>> scope(std::string id, json::object words, ActBy by);       // {from, until, person, system}
  Awaitable<Result<json::object>> notify(std::string id, json::object words, ActBy by);      // {recipient, kind, delay_reason, address?}
  Awaitable<Result<json::object>> delivered(std::string id, json::object words, ActBy by);   // {recipient, proof}
  Awaitable<Result<json::object>> close(std::string id, json::object words, ActBy by);       // {lessons}

  Result<std::string> notice(const std::string& id, const std::string& recipient, NoticeKind kind, Tongue tongue) const;
  Result<std::string> exported(const std::string& id, bool as_json, Tongue tongue) const;

 private:
  Result<BreachFile> find(const std::string& id) const;
  Result<BreachFile> find_live(const std::string& id) const;       // Errc::conflict when it is dismissed or closed
  Result<BreachFile> find_confirmed(const std::string& id) const;
  Result<> save(const BreachFile& file);
  Awaitable<Result<>> record(BreachFile& file, std::string_view event, json::object more, const ActBy& by);
  Result<NoticeText> write_notice(const BreachFile& file, const std::string& recipient, NoticeKind kind, const std::string& delay, Tongue tongue) const;
  json::object view(const BreachFile& file) const;
  Result<std::vector<std::string>> open_ids() const;
  Awaitable<Result<>> record_late(std::string id);  // what was opened while the log took nothing
  Result<> ring(const BreachFile& file);
  void tell_clocks(const BreachFile& file);

  Core& core_;
  Bell& bell_;
  std::set<std::string> in_hand_;
};

}  // namespace pontlevis::gateway
