#include "gateway/interventions.hpp"

#include "gateway/store.hpp"
#include "protocol/text.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::gateway {

Result<std::vector<Intervention>> Interventions::read_all(sqlite::Rows rows) const {
  std::vector<Intervention> out;
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    PL_TRY(intervention, intervention_from(rows.text(0)));
    out.push_back(std::move(intervention));
  }
}

Result<Interventions> Interventions::load(sqlite::Database& db) {
  bool made = false;
  PL_TRY(found, ReviewRows::open(db, made));
  Interventions out(db, std::move(found));
  // A store of before the review: every intervention gets its row, in the order of the requests.
  for (std::optional<std::int64_t> at = made ? std::optional<std::int64_t>(0) : std::nullopt; at;) {
    PL_TRY(next, out.rebuild_rows(*at, 1000));
    at = next;
  }
  PL_TRY(rows, db.query("SELECT view FROM interventions WHERE live = 1"));
  PL_TRY(live, out.read_all(std::move(rows)));
  for (auto& intervention : live) {
    auto id = intervention.id();
    out.live_.emplace(std::move(id), std::move(intervention));
  }
  return out;
}

Intervention* Interventions::live(const InterventionId& id) {
  const auto at = live_.find(id);
  return at == live_.end() ? nullptr : &at->second;
}

Result<std::optional<Intervention>> Interventions::find(const InterventionId& id) const {
  if (const auto at = live_.find(id); at != live_.end()) return at->second;
  PL_TRY(view, db_->text("SELECT view FROM interventions WHERE id=?", id.text()));
  if (!view) return std::nullopt;
  PL_TRY(intervention, intervention_from(*view));
  return std::optional(std::move(intervention));
}

Result<std::vector<Intervention>> Interventions::recent(const std::optional<Login>& login, std::size_t limit) const {
  // The lead is a column; the other operators stand in the view. The limit bounds what is parsed.
  if (!login) {
    PL_TRY(rows, db_->query("SELECT view FROM interventions ORDER BY requested_at DESC LIMIT ?", limit));
    return read_all(std::move(rows));
  }
  PL_TRY(rows, db_->query("SELECT view FROM interventions WHERE lead = ?1 OR EXISTS (SELECT 1 FROM "
                          "json_each(view, '$.request.operators') WHERE json_extract(value, '$.login') = ?1) "
                          "ORDER BY requested_at DESC LIMIT ?2",
                          login->text(), limit));
  return read_all(std::move(rows));
}

namespace {

// A place in the list: the number of a row of the main courante, which follows the time of the request.
Result<std::int64_t> place_of(const std::string& cursor) {
  if (cursor.empty()) return INT64_MAX;
  const auto number = parse_decimal(cursor, UINT32_MAX);
  if (!number || *number == 0) return fail(Errc::bad_input, "is not a place in this list", "cursor", "give `next` of the page before");
  return static_cast<std::int64_t>(*number);
}

// Each way into the list begins at the index that narrows it most; the rest is asked of each row. ?1 person, ?2 practice,
// ?3 ?4 time, ?5 ?6 text, ?7 place, ?8 limit.
#define PL_COLUMNS "SELECT i.view, r.number FROM "
#define PL_REST                                                                                                                    \
  " JOIN interventions i ON i.id = r.intervention WHERE (?1 = 0 OR EXISTS (SELECT 1 FROM review_people p WHERE p.person = ?1 AND " \
  "p.number = r.number)) AND (?2 = 0 OR r.practice = ?2) AND r.requested_at >= ?3 AND r.requested_at < ?4 AND (?5 = '' OR "        \
  "(r.ticket >= ?5 AND r.ticket < ?6) OR (r.intervention >= ?5 AND r.intervention < ?6)) AND r.number < ?7 "
#define PL_ORDER " ORDER BY r.number DESC LIMIT ?8"
constexpr sqlite::Sql of_all = PL_COLUMNS "review_rows r" PL_REST PL_ORDER;
constexpr sqlite::Sql of_live = PL_COLUMNS "(SELECT id FROM interventions WHERE live = 1) l CROSS JOIN review_rows r ON r.intervention = l.id" PL_REST PL_ORDER;
constexpr sqlite::Sql of_person = PL_COLUMNS "review_people q CROSS JOIN review_rows r ON r.number = q.number" PL_REST
    "AND q.person = ?1 AND q.number < ?7 ORDER BY q.number DESC LIMIT ?8";
constexpr sqlite::Sql of_practice = PL_COLUMNS "review_rows r INDEXED BY review_by_practice" PL_REST "AND r.practice = ?2" PL_ORDER;
constexpr sqlite::Sql of_text = PL_COLUMNS
    "(SELECT number FROM review_rows WHERE ticket >= ?5 AND ticket < ?6 UNION SELECT number FROM review_rows WHERE intervention >= ?5 AND intervention < ?6) t "
    "CROSS JOIN review_rows r ON r.number = t.number" PL_REST PL_ORDER;
#undef PL_COLUMNS
#undef PL_REST
#undef PL_ORDER

sqlite::Sql way_into(const InterventionPage& asked) {
  if (asked.live) return of_live;
  if (!asked.text.empty()) return of_text;
  if (asked.who) return of_person;
  return asked.practice ? of_practice : of_all;
}

}  // namespace

Result<InterventionsFound> Interventions::page(const InterventionPage& asked) const {
  InterventionsFound out;
  PL_TRY(place, place_of(asked.after));
  PL_TRY(who, asked.who ? rows_.code_if_known(WordKind::person, asked.who->text()) : Result<WordCode>(0));
  PL_TRY(practice, asked.practice ? rows_.code_if_known(WordKind::practice, asked.practice->text()) : Result<WordCode>(0));
  if ((asked.who && !who) || (asked.practice && !practice)) return out;  // in no intervention
  PL_TRY(rows, db_->query(way_into(asked), who, practice, asked.from ? stored(*asked.from) : INT64_MIN, asked.until ? stored(*asked.until) : INT64_MAX,
                          asked.text, after_prefix(asked.text), place, asked.limit + 1));
  std::int64_t last = 0;
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    if (out.items.size() == asked.limit) break;
    PL_TRY(intervention, intervention_from(rows.text(0)));
    out.items.push_back(std::move(intervention));
    last = rows.integer(1);
  }
  out.next = std::to_string(last);
  return out;
}

// All of `work` or nothing of it; what the rows' codes were is read again after a failure.
Result<> Interventions::in_transaction(const std::function<Result<>()>& work) {
  PL_TRY(transaction, sqlite::Transaction::begin(*db_));
  auto done = work();
  if (done) done = transaction.commit();
  if (!done) rows_.forget();
  return done;
}

Result<Intervention*> Interventions::add(Intervention iv) {
  PL_CHECK(in_transaction([&]() -> Result<> {
    PL_CHECK(db_->run("INSERT INTO interventions(id, practice, system, lead, phase, state, requested_at, live, view) "
                      "VALUES(?,?,?,?,?,?,?,1,?)",
                      iv.id().text(), iv.request.practice.text(), iv.request.system.text(),
                      lead_of(iv.request).login.text(), word(iv.phase), word(iv.state), stored(iv.request.requested_at),
                      json::serialize(view_of(iv))));
    return rows_.add(iv);
  }));
  auto id = iv.id();
  auto* kept = &live_.emplace(std::move(id), std::move(iv)).first->second;
  tell(*kept);
  return kept;
}

Result<> Interventions::drop(const InterventionId& id) {
  PL_CHECK(in_transaction([&]() -> Result<> {
    PL_CHECK(rows_.drop(id));
    return db_->run("DELETE FROM interventions WHERE id=?", id.text());
  }));
  live_.erase(id);
  for (const auto& listener : gone_listeners_) listener(id);
  return {};
}

Result<std::optional<std::int64_t>> Interventions::rebuild_rows(std::int64_t after, std::size_t count) {
  struct Stored { std::int64_t number; std::string view; bool stripped; };
  std::vector<Stored> found;
  PL_TRY(rows, db_->query("SELECT rowid, view, lead = '' FROM interventions WHERE rowid > ? ORDER BY rowid LIMIT ?", after, count));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) break;
    found.push_back({rows.integer(0), rows.text(1), rows.integer(2) != 0});
  }
  PL_CHECK(in_transaction([&]() -> Result<> {
    for (const auto& one : found) {
      PL_TRY(intervention, intervention_from(one.view));
      PL_CHECK(rows_.add(intervention));
      if (one.stripped) PL_CHECK(rows_.forget_people(intervention.id()));
    }
    return {};
  }));
  return found.size() < count ? std::nullopt : std::optional(found.back().number);
}

void Interventions::tell(const Intervention& iv) const {
  for (const auto& listener : listeners_) listener(iv);
}

Result<> Interventions::save(const Intervention& iv) {
  PL_CHECK(in_transaction([&] { return write(iv); }));
  tell(iv);
  return {};
}

Result<> Interventions::write(const Intervention& iv) {
  PL_CHECK(db_->run("UPDATE interventions SET phase=?, state=?, live=?, view=? WHERE id=?", word(iv.phase),
                    word(iv.state), !iv.done(), json::serialize(view_of(iv)), iv.id().text()));
  return rows_.update(iv);
}

Result<> Interventions::save_with_fact(const Intervention& iv, const TakenFact& fact) {
  PL_CHECK(in_transaction([&]() -> Result<> {
    PL_CHECK(db_->run("INSERT INTO facts(sha256, intervention, type, body, log_index) VALUES(?,?,?,?,?)", fact.sha256,
                      iv.id().text(), fact.type, json::serialize(fact.body), fact.index));
    return write(iv);
  }));
  tell(iv);
  return {};
}

Result<> Interventions::revive(const InterventionId& id) {
  if (live_.contains(id)) return {};
  PL_TRY(found, find(id));
  if (found) live_.emplace(id, *std::move(found));
  return {};
}

void Interventions::forget_done() {
  std::erase_if(live_, [](const auto& entry) { return entry.second.done(); });
}

namespace {

#define PL_NAMEABLE "SELECT view FROM interventions WHERE lead <> '' AND requested_at < ?1 AND (requested_at, id) > (?2, ?3) "
#define PL_OLDEST "ORDER BY requested_at, id LIMIT ?4"
constexpr sqlite::Sql nameable_all = PL_NAMEABLE PL_OLDEST;
constexpr sqlite::Sql nameable_never_opened = PL_NAMEABLE "AND state IN ('REFUSED', 'EXPIRED', 'NOT_ASKED', 'CANCELLED') " PL_OLDEST;
constexpr sqlite::Sql nameable_practice = PL_NAMEABLE "AND practice = ?5 " PL_OLDEST;
#undef PL_NAMEABLE
#undef PL_OLDEST

}  // namespace

Result<std::vector<Intervention>> Interventions::nameable(const Nameable& a) const {
  if (a.practice) {
    PL_TRY(rows, db_->query(nameable_practice, stored(a.before), stored(a.after), a.after_id, a.limit, a.practice->text()));
    return read_all(std::move(rows));
  }
  PL_TRY(rows, db_->query(a.never_opened ? nameable_never_opened : nameable_all, stored(a.before), stored(a.after), a.after_id, a.limit));
  return read_all(std::move(rows));
}

Result<> Interventions::strip(const Intervention& stripped) {
  const auto id = stripped.id().text();
  PL_CHECK(in_transaction([&]() -> Result<> {
    PL_CHECK(write(stripped));
    PL_CHECK(rows_.forget_people(stripped.id()));
    PL_CHECK(db_->run("UPDATE interventions SET lead = '' WHERE id=?", id));
    PL_CHECK(db_->run("UPDATE facts SET body = '{}' WHERE intervention=?", id));
    return db_->run("DELETE FROM report_drafts WHERE intervention=?", id);
  }));
  if (auto* kept = live(stripped.id())) *kept = stripped;
  tell(stripped);
  return {};
}

Result<> Interventions::reword(const Intervention& iv, const std::vector<TakenFact>& facts) {
  PL_CHECK(in_transaction([&]() -> Result<> {
    PL_CHECK(write(iv));
    for (const auto& fact : facts) PL_CHECK(db_->run("UPDATE facts SET body=? WHERE sha256=?", json::serialize(fact.body), fact.sha256));
    return db_->run("DELETE FROM report_drafts WHERE intervention=?", iv.id().text());
  }));
  if (auto* kept = live(iv.id())) *kept = iv;
  tell(iv);
  return {};
}

Result<std::optional<std::uint64_t>> Interventions::index_of_fact(const std::string& sha256) const {
  PL_TRY(index, db_->integer("SELECT log_index FROM facts WHERE sha256=?", sha256));
  return index ? std::optional(static_cast<std::uint64_t>(*index)) : std::nullopt;
}

Result<std::size_t> Interventions::count_facts(const InterventionId& id) const {
  PL_TRY(count, db_->integer("SELECT count(*) FROM facts WHERE intervention=?", id.text()));
  return static_cast<std::size_t>(count.value_or(0));
}

Result<std::vector<TakenFact>> Interventions::facts_of(const InterventionId& id) const {
  std::vector<TakenFact> out;
  PL_TRY(rows, db_->query("SELECT type, body, sha256, log_index FROM facts WHERE intervention=? ORDER BY log_index",
                          id.text()));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    PL_TRY(body, parse_object(rows.text(1), 64 * 1024, "store, fact"));
    out.push_back({FrameKind::event, rows.text(0), std::move(body), rows.text(2),
                   static_cast<std::uint64_t>(rows.integer(3))});
  }
}

}  // namespace pontlevis::gateway
