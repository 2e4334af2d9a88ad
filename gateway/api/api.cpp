#include "gateway/api/api.hpp"

#include "gateway/api/api_me.hpp"
#include "gateway/api/api_sign_in.hpp"
#include "gateway/api/console_page.hpp"
#include "gateway/api/review_page.hpp"
#include "gateway/front.hpp"

namespace pontlevis::gateway {

Api::Api(Core& core, Desk& desk, Links& links, RelayDesk& relays, Front& front, Admin& admin)
    : core_(core), front_(front), people_(core), guard_(core, people_), interventions_(core, desk, links), practices_(core, links, admin),
      register_(core, admin), accounts_(admin), relay_(core, desk, links, relays, guard_, people_) {
  people_.on_end([&relays](const Login& login) { relays.end_person(login); });
}

DoorFacts Api::door_facts() const {
  const auto seen_port = static_cast<unsigned>(core_.options.integer("public.ssh_port"));
  return {console_sha256(), !core_.vendor_register.settings().dpo_contact.empty(), core_.options.text("public.ssh_host"), seen_port ? seen_port : front_.port()};
}

ApiRoutes Api::routes() {
  const auto facts = [this] { return door_facts(); };
  ApiRoutes out = sign_in_routes(people_, facts);
  for (auto&& part : {me_routes(people_), interventions_.routes(), practices_.routes(), register_.routes(), accounts_.routes(), memory_routes_}) out.insert(out.end(), part.begin(), part.end());
  return out;
}

namespace {

// What no route answers: docs/api.md knows one form of refusal.
io::HttpResponse refusal_of_the_server(unsigned status, const Error& error) {
  switch (status) {
    case 405: return api_problem(status, "not_this_method", error);
    case 413: return api_problem(status, "too_long", error);
    case 426: return api_problem(status, "not_a_page", error);
    default: return api_problem(status, io::errc_name(error.code), error);
  }
}

}  // namespace

void Api::add_to(io::Router& router) {
  router.refuse_with("/api/", refusal_of_the_server);
  served_ = routes();
  add_api_routes(router, guard_, core_, served_);
  relay_.add_routes(router);
  add_console_page(router);
  add_review_page(router);
}

}  // namespace pontlevis::gateway
