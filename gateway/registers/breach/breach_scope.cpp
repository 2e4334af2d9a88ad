#include "gateway/registers/breach/breach_scope.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "gateway/store.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr std::int64_t rows_a_step = 1000;

// One stretch of rows. An intervention lives from its request to the end of its session; one that is live, until now.
Result<> look_at(sqlite::Database& store, const BreachScope& scope, std::int64_t after, Affected& out) {
  PL_TRY(rows, store.query("SELECT id, practice FROM interventions WHERE rowid > ?1 AND rowid <= ?1 + ?2 AND requested_at <= ?3 AND "
                           "(requested_at >= ?4 OR live = 1 OR json_extract(view, '$.session_end.ended_at') >= ?5) AND (?6 = '' OR system = ?6) AND "
                           "(?7 = '' OR lead = ?7 OR json_extract(view, '$.consent.approver.login') = ?7 OR json_extract(view, '$.consent.approver.name') = ?7 OR "
                           "EXISTS (SELECT 1 FROM json_each(view, '$.request.operators') WHERE json_extract(value, '$.login') = ?7) OR "
                           "EXISTS (SELECT 1 FROM json_each(view, '$.consent.operators') WHERE json_extract(value, '$.name') = ?7))",
                           after, rows_a_step, stored(scope.until), stored(scope.from), to_utc(scope.from), scope.system, scope.person));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return {};
    ++out.count;
    out.practices.insert(rows.text(1));
    if (out.interventions.size() < most_affected) out.interventions.push_back(rows.text(0));
  }
}

}  // namespace

Awaitable<Result<Affected>> find_affected(Core& core, BreachScope scope) {
  Affected out;
  PL_CO_TRY(last, core.store->integer("SELECT max(rowid) FROM interventions"));
  for (std::int64_t after = 0; after < last.value_or(0); after += rows_a_step) {
    PL_CO_CHECK(look_at(*core.store, scope, after, out));
    co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::use_awaitable);
  }
  co_return out;
}

Result<std::vector<std::string>> affected_of(Core& core, const std::vector<std::string>& interventions, const std::string& practice) {
  std::vector<std::string> out;
  for (const auto& id : interventions) {
    PL_TRY(of, core.store->text("SELECT practice FROM interventions WHERE id=?", id));
    if (of == practice) out.push_back(id);
  }
  return out;
}

}  // namespace pontlevis::gateway
