// What went out, what waits, what was put aside, and what a person does about it: the administrator's verbs and the routes of
// web/review/contract.ts. Owned by Outward; the loop's thread.
#pragma once

#include "gateway/memory/area.hpp"
#include "gateway/outward/csv_drop.hpp"
#include "gateway/outward/post_office.hpp"

namespace pontlevis::gateway {

class Deliveries {
 public:
  Deliveries(Core& core, Outbox& outbox, Crm& crm, PostOffice& post) : core_(core), outbox_(outbox), crm_(crm), post_(post) {}
  void on_retry(std::function<void()> wake) { wake_ = std::move(wake); }

  VerbTable verbs();
  ApiRoutes routes();
  // A `delivery` record for each message that is done with and has none (requirements A39).
  Awaitable<Result<>> record_settled();

 private:
  using Answer = Awaitable<Result<json::object>>;
  Answer list(json::object request);
  Answer retry(json::object request);
  Answer drop(json::object request);
  Answer resend(json::object request);
  Answer set_contact(json::object request);
  Answer remove_contact(json::object request);
  Answer list_contacts(json::object request);
  ApiAnswer list_page(ApiCall call);
  ApiAnswer retry_one(ApiCall call);
  ApiAnswer drop_one(ApiCall call);

  Result<json::object> shown(const std::string& id);
  Answer change_contact(PracticeId practice, std::string address, std::string by);
  Result<bool> in_log(const Delivery& delivery) const;
  Awaitable<Result<>> record_one(Delivery delivery);

  Core& core_;
  Outbox& outbox_;
  Crm& crm_;
  PostOffice& post_;
  std::function<void()> wake_ = [] {};
  bool recording_ = false;
  bool after_crash_ = true;  // until the first round is over
};

json::object delivery_view(const Delivery& delivery);

}  // namespace pontlevis::gateway
