#include "gateway/retention/deferrals.hpp"

#include "gateway/store.hpp"

namespace pontlevis::gateway {

Result<> make_deferral_tables(sqlite::Database& store) {
  return store.script(R"sql(
    -- What waits for the answer to a request of a person: everything of a practice, or one intervention a row.
    CREATE TABLE IF NOT EXISTS pending_requests(
      ref TEXT NOT NULL, practice TEXT, intervention TEXT, since INTEGER NOT NULL,
      CHECK((practice IS NULL) <> (intervention IS NULL))) STRICT;
    CREATE INDEX IF NOT EXISTS pending_requests_by_ref ON pending_requests(ref);
  )sql");
}

Result<> defer_for_request(sqlite::Database& store, const PendingRequest& request, Time now) {
  PL_CHECK(make_deferral_tables(store));
  PL_TRY(transaction, sqlite::Transaction::begin(store));
  PL_CHECK(store.run("DELETE FROM pending_requests WHERE ref=?", request.ref));
  if (request.practice)
    PL_CHECK(store.run("INSERT INTO pending_requests(ref, practice, since) VALUES(?,?,?)", request.ref, request.practice->text(), stored(now)));
  for (const auto& id : request.interventions)
    PL_CHECK(store.run("INSERT INTO pending_requests(ref, intervention, since) VALUES(?,?,?)", request.ref, id.text(), stored(now)));
  return transaction.commit();
}

Result<> request_answered(sqlite::Database& store, const std::string& ref) {
  PL_CHECK(make_deferral_tables(store));
  return store.run("DELETE FROM pending_requests WHERE ref=?", ref);
}

Result<std::vector<PendingRequest>> pending_requests(sqlite::Database& store) {
  std::vector<PendingRequest> out;
  PL_TRY(rows, store.query("SELECT ref, practice, intervention FROM pending_requests ORDER BY ref"));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    if (out.empty() || out.back().ref != rows.text(0)) out.push_back({rows.text(0), {}, {}});
    if (!rows.is_null(1)) {
      PL_TRY(practice, PracticeId::parse(rows.text(1)));
      out.back().practice = std::move(practice);
      continue;
    }
    PL_TRY(intervention, InterventionId::parse(rows.text(2)));
    out.back().interventions.push_back(std::move(intervention));
  }
}

}  // namespace pontlevis::gateway
