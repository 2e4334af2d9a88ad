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
  Interventions out(db);
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

struct PlaceInList { std::int64_t time = INT64_MAX; std::string id; };

Result<PlaceInList> place_of(const std::string& cursor) {
  if (cursor.empty()) return PlaceInList{};
  const auto dash = cursor.find('-');
  const auto time = parse_decimal(std::string_view(cursor).substr(0, dash), INT64_MAX);
  const auto id = dash == cursor.npos ? fail(Errc::bad_input, "") : InterventionId::parse(std::string_view(cursor).substr(dash + 1));
  if (!time || !id) return fail(Errc::bad_input, "is not a place in this list", "cursor", "give `next` of the page before");
  return PlaceInList{static_cast<std::int64_t>(*time), id->text()};
}

}  // namespace

Result<InterventionsFound> Interventions::page(const InterventionPage& asked) const {
  PL_TRY(place, place_of(asked.after));
  PL_TRY(rows, db_->query("SELECT view FROM interventions WHERE (?1 = '' OR lead = ?1 OR EXISTS (SELECT 1 FROM "
                          "json_each(view, '$.request.operators') WHERE json_extract(value, '$.login') = ?1)) "
                          "AND (?2 = 0 OR live = 1) AND (requested_at, id) < (?3, ?4) ORDER BY requested_at DESC, id DESC LIMIT ?5",
                          asked.who ? asked.who->text() : std::string(), asked.live, place.time, place.id, asked.limit + 1));
  InterventionsFound out;
  PL_TRY(found, read_all(std::move(rows)));
  out.items = std::move(found);
  if (out.items.size() <= asked.limit) return out;
  out.items.pop_back();
  const auto& last = out.items.back();
  out.next = std::to_string(stored(last.request.requested_at)) + "-" + last.id().text();
  return out;
}

Result<Intervention*> Interventions::add(Intervention iv) {
  PL_CHECK(db_->run("INSERT INTO interventions(id, practice, system, lead, phase, state, requested_at, live, view) "
                    "VALUES(?,?,?,?,?,?,?,1,?)",
                    iv.id().text(), iv.request.practice.text(), iv.request.system.text(),
                    lead_of(iv.request).login.text(), word(iv.phase), word(iv.state), stored(iv.request.requested_at),
                    json::serialize(view_of(iv))));
  auto id = iv.id();
  auto* kept = &live_.emplace(std::move(id), std::move(iv)).first->second;
  tell(*kept);
  return kept;
}

Result<> Interventions::drop(const InterventionId& id) {
  PL_CHECK(db_->run("DELETE FROM interventions WHERE id=?", id.text()));
  live_.erase(id);
  return {};
}

void Interventions::tell(const Intervention& iv) const {
  for (const auto& listener : listeners_) listener(iv);
}

Result<> Interventions::save(const Intervention& iv) {
  PL_CHECK(write(iv));
  tell(iv);
  return {};
}

Result<> Interventions::write(const Intervention& iv) {
  return db_->run("UPDATE interventions SET phase=?, state=?, live=?, view=? WHERE id=?", word(iv.phase),
                  word(iv.state), !iv.done(), json::serialize(view_of(iv)), iv.id().text());
}

Result<> Interventions::save_with_fact(const Intervention& iv, const TakenFact& fact) {
  PL_TRY(transaction, sqlite::Transaction::begin(*db_));
  PL_CHECK(db_->run("INSERT INTO facts(sha256, intervention, type, body, log_index) VALUES(?,?,?,?,?)", fact.sha256,
                    iv.id().text(), fact.type, json::serialize(fact.body), fact.index));
  PL_CHECK(write(iv));
  PL_CHECK(transaction.commit());
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

Result<std::vector<Intervention>> Interventions::nameable(Time before, const Place& after, std::size_t limit) const {
  PL_TRY(rows, db_->query("SELECT view FROM interventions WHERE live = 0 AND lead <> '' AND requested_at < ? AND (requested_at, id) > (?, ?) "
                          "ORDER BY requested_at, id LIMIT ?",
                          stored(before), stored(after.requested_at), after.id, limit));
  return read_all(std::move(rows));
}

Result<> Interventions::strip(const Intervention& stripped) {
  const auto id = stripped.id().text();
  PL_TRY(transaction, sqlite::Transaction::begin(*db_));
  PL_CHECK(write(stripped));
  PL_CHECK(db_->run("UPDATE interventions SET lead = '' WHERE id=?", id));
  PL_CHECK(db_->run("UPDATE facts SET body = '{}' WHERE intervention=?", id));
  PL_CHECK(db_->run("DELETE FROM report_drafts WHERE intervention=?", id));
  PL_CHECK(transaction.commit());
  if (auto* kept = live(stripped.id())) *kept = stripped;
  tell(stripped);
  return {};
}

Result<> Interventions::reword(const Intervention& iv, const std::vector<TakenFact>& facts) {
  PL_TRY(transaction, sqlite::Transaction::begin(*db_));
  PL_CHECK(write(iv));
  for (const auto& fact : facts) PL_CHECK(db_->run("UPDATE facts SET body=? WHERE sha256=?", json::serialize(fact.body), fact.sha256));
  PL_CHECK(db_->run("DELETE FROM report_drafts WHERE intervention=?", iv.id().text()));
  PL_CHECK(transaction.commit());
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
