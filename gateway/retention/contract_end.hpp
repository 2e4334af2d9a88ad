// The end of a contract (requirements A17, A23): technical data go at once; the practice has a month to choose between
// its records back and then their deletion, or deletion; what it gets back it confirms; then everything of it is destroyed,
// copies included, its agent's certificates are revoked, and a certificate says so. A contract that is renewed before the
// deletion closes the case. Owned by Retention; the loop's thread.
#pragma once

#include <functional>

#include "gateway/retention/erasures.hpp"

namespace pontlevis::gateway {

struct ContractEnd {
  PracticeId practice;
  std::string contract, ended_on, due;  // days
  std::string choice, chosen_by, export_sha256, confirmed_by;
  bool keys_revoked = false;
  std::optional<Time> deleted_at;
  std::vector<std::string> certificates;
};

class ContractEnds {
 public:
  ContractEnds(RetentionParts parts, Erasures& erasures) : p_(parts), erasures_(erasures) {}
  Result<> make_table();
  // What a serving gateway does to an agent's link; nothing when nobody serves.
  void on_revoked(std::function<void(const PracticeId&)> effect) { revoked_ = std::move(effect); }

  // Opens the cases of contracts that ended, says whose month runs out.
  Awaitable<Result<>> look();
  Result<std::vector<ContractEnd>> all() const;  // newest end first
  Result<ContractEnd> find(const PracticeId& practice) const;
  // `choice`: RETURN_THEN_DELETE makes the pack, DELETE deletes. Errc::conflict: chosen already, or a hold stands.
  Awaitable<Result<ContractEnd>> choose(PracticeId practice, std::string choice, std::string chosen_by, std::string by);
  // The practice says that what it got is whole: deletion follows.
  Awaitable<Result<ContractEnd>> confirm(PracticeId practice, std::string confirmed_by, std::string by);
  std::filesystem::path pack_of(const PracticeId& practice) const;

 private:
  Result<> keep(const ContractEnd& end);
  Awaitable<Result<>> record(ContractEnd end, std::string event, std::string by);
  Awaitable<Result<>> open_case(Practice practice);
  Awaitable<Result<>> close_renewed(ContractEnd end);
  Awaitable<Result<ContractEnd>> make_pack(ContractEnd end, std::string by);
  Awaitable<Result<ContractEnd>> remove_all(ContractEnd end, std::string by);
  Awaitable<Result<>> revoke_keys(PracticeId practice, std::string by);
  audit::DestructionOrder technical_order(const PracticeId& practice, bool held) const;

  RetentionParts p_;
  Erasures& erasures_;
  std::function<void(const PracticeId&)> revoked_;
  std::string told_;
};

json::object contract_end_json(const ContractEnd& end, Time now);
// The earlier of thirty days and a calendar month.
Time a_month_after_the_end(Time day);

}  // namespace pontlevis::gateway
