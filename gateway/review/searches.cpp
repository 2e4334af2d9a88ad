#include "gateway/review/searches.hpp"

#include "gateway/review/filter.hpp"
#include "gateway/review/review_list.hpp"
#include "gateway/store.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {

Result<> ReviewSearches::open() {
  return core_.store->script(R"sql(
    -- Searches of a reader; they go with the account.
    CREATE TABLE IF NOT EXISTS review_searches(
      id TEXT PRIMARY KEY, login TEXT NOT NULL, label TEXT NOT NULL, filter TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT;
    CREATE INDEX IF NOT EXISTS review_searches_of ON review_searches(login, created_at);
  )sql");
}

ApiRoutes ReviewSearches::routes() {
  const auto to = handlers_of(this);
  return {
      {"GET", "/api/v1/review/searches", review_readers, Scope::read, false, to(&ReviewSearches::list)},
      {"POST", "/api/v1/review/searches", review_readers, Scope::report, false, to(&ReviewSearches::add)},
      {"DELETE", "/api/v1/review/searches/<id>", review_readers, Scope::report, false, to(&ReviewSearches::remove)},
  };
}

void ReviewSearches::forget_those_who_left() {
  static_cast<void>(core_.store->run("DELETE FROM review_searches WHERE login NOT IN (SELECT login FROM accounts)"));
}

ApiAnswer ReviewSearches::list(ApiCall call) {
  const auto page = page_asked(call.request);
  if (!page) co_return api_problem(page.error());
  auto rows = core_.store->query("SELECT id, label, filter, created_at FROM review_searches WHERE login=? AND id > ? ORDER BY id LIMIT ?",
                                 call.person.login.text(), page->cursor, page->limit + 1);
  if (!rows) co_return api_problem(rows.error());
  json::array items;
  std::string last, next;
  for (;;) {
    const auto more = rows->next();
    if (!more) co_return api_problem(more.error());
    if (!*more) break;
    if (items.size() == page->limit) {
      next = last;
      break;
    }
    last = rows->text(0);
    auto filter = parse_object(rows->text(2), 16 * 1024, "store, search");
    if (!filter) co_return api_problem(filter.error());
    items.push_back(json::object{{"id", last}, {"label", rows->text(1)}, {"filter", *std::move(filter)}, {"created_at", to_utc(read_time(rows->integer(3)))}});
  }
  co_return api_page(std::move(items), next);
}

ApiAnswer ReviewSearches::add(ApiCall call) {
  const auto body = api_body(call.request);
  if (!body) co_return api_problem(body.error());
  StrictObject in(*body, "search");
  const auto label = in.text("label", 1, 200);
  const auto filter_body = in.object("filter");
  if (auto read = in.finish(); !read) co_return api_problem(read.error());
  const auto filter = ReviewFilter::from_json(filter_body);
  if (!filter) co_return api_problem(filter.error());
  const auto count = core_.store->integer("SELECT count(*) FROM review_searches WHERE login=?", call.person.login.text());
  if (!count || count->value_or(0) >= most_of_one_person) co_return api_problem(Error{Errc::conflict, "a hundred searches are kept already", "search", "delete one first"});
  const auto id = make_uuid(core_.random);
  const auto now = core_.clock.now();
  const auto kept = core_.store->run("INSERT INTO review_searches(id, login, label, filter, created_at) VALUES(?,?,?,?,?)", id, call.person.login.text(), label, filter->text(), stored(now));
  if (!kept) co_return api_problem(core_.store_refused(kept.error()));
  co_return api_answer({{"id", id}, {"label", label}, {"filter", filter->json()}, {"created_at", to_utc(now)}}, 201);
}

ApiAnswer ReviewSearches::remove(ApiCall call) {
  const auto kept = core_.store->run("DELETE FROM review_searches WHERE id=? AND login=?", call.request.id, call.person.login.text());
  if (!kept) co_return api_problem(core_.store_refused(kept.error()));
  if (core_.store->changes() == 0) co_return api_problem(Error{Errc::not_found, "no search of yours has this number", printable(call.request.id, 40), {}});
  co_return api_answer({});
}

}  // namespace pontlevis::gateway
