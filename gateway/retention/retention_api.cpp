#include "gateway/retention/retention_api.hpp"

#include "protocol/crypto/sha256.hpp"
#include "protocol/io/system.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

using Act = Awaitable<Result<json::object>> (RetentionDesk::*)(json::object);

// How a request becomes an act's: its body, the number in its path, the parameters it may carry.
struct Shape {
  RetentionDesk* desk = nullptr;
  Act act = nullptr;
  std::string id_member{};                   // what stood for <id>; empty: nothing did
  std::vector<std::string> parameters{};     // of the query, as members of the same name
  bool has_body = false, is_number = false;  // the <id> is a number
  unsigned status = 200;
};

Result<json::object> asked_of(const Shape& shape, ApiCall& call) {
  json::object body;
  if (shape.has_body) {
    PL_TRY(read, api_body(call.request));
    body = std::move(read);
  } else if (call.request.method != "GET") {
    PL_CHECK(api_no_body(call.request));
  }
  for (auto reserved : {"verb", "done_by"})
    if (body.contains(reserved)) return fail(Errc::bad_input, "is not a member of this request", reserved);
  auto out = verb_by(call, "api");
  for (auto& member : body) out.emplace(member.key(), std::move(member.value()));
  for (const auto& name : shape.parameters)
    if (const auto value = call.request.parameter(name)) out[name] = *value == "true" ? json::value(true) : json::value(*value);
  if (shape.id_member.empty()) return out;
  const auto number = shape.is_number ? parse_decimal(call.request.id, INT64_MAX) : std::nullopt;
  if (shape.is_number && !number) return fail(Errc::not_found, "is not known here", printable(call.request.id, 40));
  out[shape.id_member] = shape.is_number ? json::value(*number) : json::value(call.request.id);
  return out;
}

ApiAnswer answer_one(Shape shape, ApiCall call) {
  auto asked = asked_of(shape, call);
  if (!asked) co_return api_problem(asked.error());
  auto request = *std::move(asked);
  const auto done = co_await (shape.desk->*shape.act)(std::move(request));
  co_return done ? api_answer(*done, shape.status) : api_problem(done.error());
}

// {"items": […]} as pages; the cursor is a place in the list.
ApiAnswer answer_page(Shape shape, ApiCall call) {
  const auto page = page_asked(call.request);
  if (!page) co_return api_problem(page.error());
  const auto from = page->cursor.empty() ? std::optional<std::uint64_t>(0) : parse_decimal(page->cursor, 1'000'000);
  if (!from) co_return api_problem(Error{Errc::bad_input, "is not a place in this list", "cursor", "give `next` of the page before"});
  auto asked = asked_of(shape, call);
  if (!asked) co_return api_problem(asked.error());
  auto request = *std::move(asked);
  const auto done = co_await (shape.desk->*shape.act)(std::move(request));
  if (!done) co_return api_problem(done.error());
  const auto& all = done->at("items").as_array();
  json::array items;
  for (std::size_t i = *from; i < all.size() && items.size() < page->limit; ++i) items.push_back(all[i]);
  const auto end = *from + items.size();
  co_return api_page(std::move(items), end < all.size() ? std::to_string(end) : std::string());
}

ApiHandler one(Shape shape) {
  return [shape](ApiCall call) { return answer_one(shape, std::move(call)); };
}
ApiHandler pages(Shape shape) {
  return [shape](ApiCall call) { return answer_page(shape, std::move(call)); };
}

// A browser that opens it as a page may do nothing with it.
io::HttpResponse no_page(io::HttpResponse answer) {
  answer.headers.emplace_back("content-security-policy", "default-src 'none'; frame-ancestors 'none'; sandbox");
  return answer;
}

constexpr Roles readers = Role::compliance | Role::auditor;
// Compliance alone, at the console's page: no token was ever made for it.
constexpr Roles writer = Role::compliance;

}  // namespace

ApiRoutes RetentionApi::routes() {
  using D = RetentionDesk;
  const auto to = handlers_of(this);
  auto* d = &desk_;
  return {
      {"GET", "/api/v1/retention", readers, Scope::read, false, one({.desk = d, .act = &D::state, .parameters = {"language"}})},
      {"POST", "/api/v1/retention/validate", writer, Scope::read, true, one({.desk = d, .act = &D::validate}), Door::page},
      {"POST", "/api/v1/retention/run", writer, Scope::read, true, to(&RetentionApi::run), Door::page},
      {"GET", "/api/v1/certificates", readers, Scope::read, false, pages({.desk = d, .act = &D::certificates, .parameters = {"intervention", "practice"}})},
      {"GET", "/api/v1/certificates/<id>", readers, Scope::read, false, one({.desk = d, .act = &D::certificate, .id_member = "id"})},
      {"GET", "/api/v1/certificates/<id>/text", readers, Scope::read, false, to(&RetentionApi::certificate_words)},
      {"POST", "/api/v1/erasures", writer, Scope::read, true, one({.desk = d, .act = &D::erase, .has_body = true, .status = 202}), Door::page},
      {"GET", "/api/v1/holds", readers, Scope::read, false, pages({.desk = d, .act = &D::holds, .parameters = {"lifted"}})},
      {"POST", "/api/v1/holds", writer, Scope::read, true, one({.desk = d, .act = &D::place_hold, .has_body = true, .status = 201}), Door::page},
      {"POST", "/api/v1/holds/<id>/review", writer, Scope::read, false, one({.desk = d, .act = &D::review_hold, .id_member = "id", .has_body = true}), Door::page},
      {"POST", "/api/v1/holds/<id>/lift", writer, Scope::read, true, one({.desk = d, .act = &D::lift_hold, .id_member = "id", .has_body = true}), Door::page},
      {"GET", "/api/v1/annual-reviews", readers, Scope::read, false, pages({.desk = d, .act = &D::reviews})},
      {"GET", "/api/v1/annual-reviews/<id>", readers, Scope::read, false, one({.desk = d, .act = &D::review, .id_member = "year", .is_number = true})},
      {"PUT", "/api/v1/annual-reviews/<id>", writer, Scope::read, false, one({.desk = d, .act = &D::decide, .id_member = "year", .has_body = true, .is_number = true}), Door::page},
      {"POST", "/api/v1/annual-reviews/<id>/sign", writer, Scope::read, true, one({.desk = d, .act = &D::sign, .id_member = "year", .is_number = true}), Door::page},
      {"GET", "/api/v1/contract-ends", readers, Scope::read, false, pages({.desk = d, .act = &D::contract_ends})},
      {"POST", "/api/v1/contract-ends", writer, Scope::read, true, one({.desk = d, .act = &D::choose, .has_body = true, .status = 201}), Door::page},
      {"POST", "/api/v1/contract-ends/<id>/confirm", writer, Scope::read, true, one({.desk = d, .act = &D::confirm, .id_member = "practice", .has_body = true}), Door::page},
      {"GET", "/api/v1/contract-ends/<id>/export", readers, Scope::read, false, to(&RetentionApi::return_pack)},
      {"GET", "/api/v1/spontaneous-data", readers, Scope::read, false, pages({.desk = d, .act = &D::spontaneous})},
      {"POST", "/api/v1/spontaneous-data", writer, Scope::read, true, one({.desk = d, .act = &D::quarantine, .has_body = true, .status = 201}), Door::page},
      {"POST", "/api/v1/spontaneous-data/<id>/destroy", writer, Scope::read, true, one({.desk = d, .act = &D::destroy_spontaneous, .id_member = "id"}), Door::page},
  };
}

namespace {

Awaitable<void> run_behind(DailyPurge& purge) { static_cast<void>(co_await purge.run()); }  // it says how it ended

}  // namespace

ApiAnswer RetentionApi::run(ApiCall call) {
  if (auto read = api_no_body(call.request); !read) co_return api_problem(read.error());
  if (purge_.running()) co_return api_problem(Error{Errc::conflict, "is under way already", "retention", {}});
  boost::asio::co_spawn(co_await boost::asio::this_coro::executor, run_behind(purge_), boost::asio::detached);
  co_return api_answer({}, 202);
}

ApiAnswer RetentionApi::certificate_words(ApiCall call) {
  json::object request{{"verb", "api"}, {"id", call.request.id}};
  if (const auto language = call.request.parameter("language")) request["language"] = *language;
  const auto done = co_await desk_.certificate_words(std::move(request));
  if (!done) co_return api_problem(done.error());
  co_return no_page(io::HttpResponse::text(text_of(*done, "text")));
}

// A copy leaves the gateway: that is a record before the first byte does (A15).
ApiAnswer RetentionApi::return_pack(ApiCall call) {
  const auto practice = PracticeId::parse(call.request.id);
  if (!practice) co_return api_problem(Error{Errc::not_found, "no practice has this number", printable(call.request.id, 40), {}});
  const auto end = ends_.find(*practice);
  if (!end) co_return api_problem(end.error());
  auto content = io::read_file(ends_.pack_of(*practice), std::size_t{1} << 30);
  if (!content) co_return api_problem(Error{Errc::not_found, "has no records to give back at the moment", practice->text(), "choose RETURN_THEN_DELETE first; after the deletion it is gone"});
  const json::object fields{{"practice", practice->text()}, {"exported_by", call.person.login.text()}, {"role", word(call.person.role)}, {"purpose", "CONTRACT"},
                            {"format", "PROOF_PACK"}, {"sha256", end->export_sha256}, {"expires_on", end->due}};
  const auto recorded = co_await core_.append(audit::Record::make("exported", fields));
  if (!recorded) co_return api_problem(recorded.error());
  auto out = no_page(io::HttpResponse::file(*std::move(content), "application/zip"));
  out.headers.emplace_back("content-disposition", "attachment; filename=\"" + practice->text() + ".zip\"");
  co_return out;
}

}  // namespace pontlevis::gateway
