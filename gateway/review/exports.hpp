// Copies that a reader asks for: CSV, JSON, PDF and proof packs, made beside the loop, kept in DATA/exports under a name
// that begins with their last day, and gone after it (requirements A15, B12, T2). Each is a record `exported` with its
// purpose, before anybody can have it. Owned by Review; the loop's thread.
#pragma once

#include "gateway/memory/worker.hpp"
#include "gateway/review/export_job.hpp"
#include "gateway/review/index_keeper.hpp"
#include "gateway/review/views.hpp"

namespace pontlevis::gateway {

class ReviewExports {
 public:
  ReviewExports(Core& core, IndexKeeper& keeper) : core_(core), keeper_(keeper) {}
  Result<> open();
  ApiRoutes routes();
  void drop_expired();
  void stop() { *stop_ = true; }

  static constexpr std::chrono::days kept_for{30};  // with the 150 days of an address never more than 180 (A24)
  static constexpr int most_of_one_person = 100;

 private:
  struct Asked;
  ApiAnswer add(ApiCall call);
  ApiAnswer list(ApiCall call);
  ApiAnswer show(ApiCall call);
  ApiAnswer file(ApiCall call);

  Result<Asked> asked_in(ApiCall& call);
  Awaitable<Result<std::shared_ptr<ExportOrder>>> order_for(const Asked& asked, std::string id);
  Awaitable<void> make(std::string id, std::shared_ptr<ExportOrder> order, std::shared_ptr<const Asked> asked, Person person);
  Awaitable<Result<>> finish(const std::string& id, const ExportMade& made, const Asked& asked, const Person& person, std::string expires_on);
  Awaitable<Result<std::shared_ptr<const NoteSigner>>> signer();
  void set_state(const std::string& id, std::string_view state, const std::string& why);
  Result<std::optional<json::object>> find(const std::string& id, const Login& login);
  std::filesystem::path folder() const { return core_.folder.root / "exports"; }

  Core& core_;
  IndexKeeper& keeper_;
  std::shared_ptr<std::atomic<bool>> stop_ = std::make_shared<std::atomic<bool>>(false);
  std::shared_ptr<const NoteSigner> signer_;
  Worker worker_;
};

}  // namespace pontlevis::gateway
