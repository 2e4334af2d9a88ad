#include "gateway/api/api_practices.hpp"

#include "gateway/api/api_views.hpp"
#include "protocol/json_values.hpp"
#include "protocol/text.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::gateway {
namespace {

constexpr std::size_t most_search_bytes = 200;

Result<PracticeId> practice_named(const ApiCall& call) {
  auto id = PracticeId::parse(call.request.id);
  if (!id) return fail(Errc::not_found, "no practice has this number", printable(call.request.id, 40));
  return id;
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

bool fits(const Practice& p, const std::string& search) {
  if (lower(p.name).find(search) != std::string::npos || p.id.text().find(search) != std::string::npos) return true;
  return std::any_of(p.systems.begin(), p.systems.end(), [&](const auto& s) { return lower(s.label).find(search) != std::string::npos || s.id.text().find(search) != std::string::npos; });
}

}  // namespace

ApiRoutes ApiPractices::routes() {
  const auto to = handlers_of(this);
  const Roles administrator = Role::administrator;
  return {
      {"GET", "/api/v1/practices", everyone, Scope::read, false, to(&ApiPractices::list)},
      {"GET", "/api/v1/practices/<id>", everyone, Scope::read, false, to(&ApiPractices::show)},
      {"POST", "/api/v1/practices", administrator, Scope::administer, true, to(&ApiPractices::add)},
      {"PUT", "/api/v1/practices/<id>/contract", administrator, Scope::administer, true, to(&ApiPractices::set_contract)},
      {"POST", "/api/v1/enrolment-codes", administrator, Scope::administer, true, to(&ApiPractices::add_code)},
      {"POST", "/api/v1/practices/<id>/revoke-agent", administrator, Scope::administer, true, to(&ApiPractices::revoke_agent)},
  };
}

io::HttpResponse ApiPractices::answer(const PracticeId& id, unsigned status) const {
  const auto* practice = core_.practices.find(id);
  if (!practice) return api_problem(Error{Errc::not_found, "no practice has this number", id.text(), {}});
  return api_answer(practice_view(core_, *practice, links_.up(id)), status);
}

ApiAnswer ApiPractices::list(ApiCall call) {
  const auto page = page_asked(call.request);
  if (!page) co_return api_problem(page.error());
  const auto search = lower(call.request.parameter("search").value_or(""));
  if (search.size() > most_search_bytes) co_return api_problem(Error{Errc::bad_input, "is longer than 200 bytes", "search", {}});
  json::array items;
  std::string last, next;
  for (const auto& [id, practice] : core_.practices.all()) {
    if (id.text() <= page->cursor || !fits(practice, search)) continue;
    if (items.size() == page->limit) {
      next = last;
      break;
    }
    items.push_back(practice_view(core_, practice, links_.up(id)));
    last = id.text();
  }
  co_return api_page(std::move(items), next);
}

ApiAnswer ApiPractices::show(ApiCall call) {
  const auto id = practice_named(call);
  co_return id ? answer(*id, 200) : api_problem(id.error());
}

ApiAnswer ApiPractices::add(ApiCall call) {
  const auto body = api_body(call.request);
  if (!body) co_return api_problem(body.error());
  StrictObject in(*body, "practice");
  auto id = in.id<PracticeId>("id");
  const auto name = in.text("name", 1, 200), hosting = in.text("hosting", 1, 10);
  StrictObject contract(in.object("contract"), "practice, contract");
  const auto reference = contract.text("reference", 1, 64), from = contract.text("valid_from", 10, 10), until = contract.text("valid_until", 10, 10);
  if (auto read = in.finish(); !read) co_return api_problem(read.error());
  if (auto read = contract.finish(); !read) co_return api_problem(read.error());
  auto verb = verb_by(call, "practice add");
  for (const auto& [member, value] : {std::pair<std::string_view, std::string>{"id", id->text()}, {"name", name}, {"hosting", hosting}, {"contract", reference}, {"valid_from", from}, {"valid_until", until}})
    verb.emplace(member, value);
  const auto done = co_await admin_.act(std::move(verb));
  co_return done ? answer(*id, 201) : api_problem(done.error());
}

ApiAnswer ApiPractices::set_contract(ApiCall call) {
  const auto id = practice_named(call);
  if (!id) co_return api_problem(id.error());
  const auto* practice = core_.practices.find(*id);
  if (!practice) co_return answer(*id, 200);
  if (auto same = still_as_seen(call.request, practice_view(core_, *practice, links_.up(*id))); !same) co_return api_problem(412, "changed_meanwhile", same.error());
  auto body = api_body(call.request);
  if (!body) co_return api_problem(body.error());
  auto verb = verb_by(call, "practice contract");
  verb.emplace("id", id->text());
  for (const auto& member : *body) verb.emplace(member.key(), member.value());
  const auto done = co_await admin_.act(std::move(verb));
  co_return done ? answer(*id, 200) : api_problem(done.error());
}

ApiAnswer ApiPractices::add_code(ApiCall call) {
  auto body = api_body(call.request);
  if (!body) co_return api_problem(body.error());
  auto verb = verb_by(call, "code add");
  for (const auto& member : *body) verb.emplace(member.key(), member.value());
  const auto done = co_await admin_.act(std::move(verb));
  co_return done ? api_answer(*done, 201) : api_problem(done.error());
}

ApiAnswer ApiPractices::revoke_agent(ApiCall call) {
  const auto id = practice_named(call);
  if (!id) co_return api_problem(id.error());
  if (auto read = api_no_body(call.request); !read) co_return api_problem(read.error());
  auto verb = verb_by(call, "agent revoke");
  verb.emplace("id", id->text());
  const auto done = co_await admin_.act(std::move(verb));
  if (!done) co_return api_problem(done.error());
  co_return api_answer({{"certificates", done->at("certificates_revoked")}});
}

}  // namespace pontlevis::gateway
