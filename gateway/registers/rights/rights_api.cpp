#include "gateway/registers/rights/rights_api.hpp"

#include "gateway/registers/common/file_answer.hpp"

namespace pontlevis::gateway {

ApiRoutes RightsApi::routes() {
  const auto to = handlers_of(this);
  // What changes something is done by a person at the page, never by a token.
  const Roles readers = Role::compliance | Role::auditor, compliance = Role::compliance;
  constexpr auto page = Door::page;
  const auto act = [this](ActOf<RightsDesk> handler, unsigned status = 200) { return act_handler(&desk_, handler, status); };
  const std::string one = "/api/v1/rights-requests/<id>";
  return {
      {"GET", "/api/v1/rights-requests", readers, Scope::read, false, to(&RightsApi::list)},
      {"POST", "/api/v1/rights-requests", compliance, Scope::read, false, act(&RightsDesk::receive, 201), page},
      {"GET", one, readers, Scope::read, false, act(&RightsDesk::show)},
      {"POST", one + "/identity", compliance, Scope::read, false, act(&RightsDesk::identify), page},
      {"POST", one + "/extend", compliance, Scope::read, true, act(&RightsDesk::extend), page},
      {"POST", one + "/forward", compliance, Scope::read, true, act(&RightsDesk::forward), page},
      {"POST", one + "/search", compliance, Scope::read, false, to(&RightsApi::search), page},
      {"POST", one + "/answer", compliance, Scope::read, true, act(&RightsDesk::answer), page},
      {"GET", one + "/file", readers, Scope::read, false, to(&RightsApi::file)},
  };
}

VerbTable RightsApi::verbs() {
  const auto act = [this](ActOf<RightsDesk> handler) { return act_verb(&desk_, handler); };
  return {{"rights list", act(&RightsDesk::list_all)}, {"rights show", act(&RightsDesk::show)}, {"rights receive", act(&RightsDesk::receive)},
          {"rights identity", act(&RightsDesk::identify)}, {"rights extend", act(&RightsDesk::extend)}, {"rights forward", act(&RightsDesk::forward)},
          {"rights search", act(&RightsDesk::search)}, {"rights answer", act(&RightsDesk::answer)}};
}

ApiAnswer RightsApi::list(ApiCall call) {
  const auto page = page_asked(call.request);
  if (!page) co_return api_problem(page.error());
  const auto open = flag_asked(call.request, "open");
  if (!open) co_return api_problem(open.error());
  const auto found = desk_.list(*open, *page);
  co_return found ? api_answer(*found) : api_problem(found.error());
}

// It shows records, so it says what for.
ApiAnswer RightsApi::search(ApiCall call) {
  if (const auto purpose = purpose_asked(call.request); !purpose) co_return api_problem(400, "purpose_missing", purpose.error());
  auto body = api_body(call.request);
  if (!body) co_return api_problem(body.error());
  std::string id = call.request.id;
  ActBy by{call.person.login.text(), std::string(word(call.person.role)), std::string(call.request.header("pontlevis-purpose"))};
  const auto done = co_await desk_.search(std::move(id), *std::move(body), std::move(by));
  co_return done ? api_answer(*done) : api_problem(done.error());
}

ApiAnswer RightsApi::file(ApiCall call) {
  const auto name = call.request.parameter("name").value_or("");
  auto content = desk_.file(call.request.id, name);
  if (!content) co_return api_problem(content.error());
  co_return file_answer(*std::move(content), name);
}

}  // namespace pontlevis::gateway
