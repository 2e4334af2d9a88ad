#include "gateway/api/api_accounts.hpp"

#include "protocol/json_values.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::gateway {
namespace {

// The account as the contract shows it: where its record lies in the log is for the command line.
io::HttpResponse made(json::object account, unsigned status) {
  account.erase("log_index");
  if (!account.contains("password")) account["password"] = nullptr;
  return api_secret_answer(std::move(account), status);
}

Result<json::object> new_account(const json::object& body, json::object verb) {
  StrictObject in(body, "account");
  verb["login"] = in.text("login", 1, 64);
  verb["role"] = in.text("role", 1, 20);
  const auto name = in.text("name", 0, 200);  // a technician's stands on the card
  if (!name.empty()) verb["name"] = name;
  if (!in.is_null("until")) verb["until"] = in.text("until", 10, 24);
  PL_CHECK(in.finish());
  return verb;
}

}  // namespace

ApiRoutes ApiAccounts::routes() {
  const auto to = handlers_of(this);
  const Roles administrator = Role::administrator;
  return {
      {"GET", "/api/v1/accounts", administrator, Scope::administer, false, to(&ApiAccounts::list)},
      {"POST", "/api/v1/accounts", administrator, Scope::administer, true, to(&ApiAccounts::add)},
      {"POST", "/api/v1/accounts/<id>/reset", administrator, Scope::administer, true, to(&ApiAccounts::reset)},
      {"DELETE", "/api/v1/accounts/<id>", administrator, Scope::administer, true, to(&ApiAccounts::remove)},
  };
}

ApiAnswer ApiAccounts::list(ApiCall call) {
  const auto page = page_asked(call.request);
  if (!page) co_return api_problem(page.error());
  const auto found = co_await admin_.act({{"verb", "user list"}, {"after", page->cursor}, {"limit", page->limit + 1}});
  if (!found) co_return api_problem(found.error());
  auto items = found->at("accounts").as_array();
  if (items.size() <= page->limit) co_return api_page(std::move(items), "");
  items.resize(page->limit);
  const auto next = text_of(items.back().as_object(), "login");
  co_return api_page(std::move(items), next);
}

ApiAnswer ApiAccounts::add(ApiCall call) {
  const auto body = api_body(call.request);
  if (!body) co_return api_problem(body.error());
  auto verb = new_account(*body, verb_by(call, "user add"));
  if (!verb) co_return api_problem(verb.error());
  auto done = co_await admin_.act(*std::move(verb));
  co_return done ? made(*std::move(done), 201) : api_problem(done.error());
}

ApiAnswer ApiAccounts::reset(ApiCall call) {
  if (auto read = api_no_body(call.request); !read) co_return api_problem(read.error());
  auto verb = verb_by(call, "user reset");
  verb["login"] = call.request.id;
  auto done = co_await admin_.act(std::move(verb));
  co_return done ? made(*std::move(done), 200) : api_problem(done.error());
}

ApiAnswer ApiAccounts::remove(ApiCall call) {
  auto verb = verb_by(call, "user remove");
  verb["login"] = call.request.id;
  const auto done = co_await admin_.act(std::move(verb));
  co_return done ? api_answer({}) : api_problem(done.error());
}

}  // namespace pontlevis::gateway
