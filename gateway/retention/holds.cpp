#include "gateway/retention/holds.hpp"

#include "gateway/store.hpp"
#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

json::value text_or_null(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }

template <class Id>
json::value id_or_null(const std::optional<Id>& id) {
  return id ? json::value(id->text()) : json::value(nullptr);
}

bool in_days(const Hold& hold, std::string_view day) {
  return (hold.from.empty() || hold.from <= day) && (hold.until.empty() || day <= hold.until);
}

bool covers(const Hold& hold, const std::optional<std::string>& practice, const std::optional<std::string>& intervention, std::string_view day) {
  if (hold.practice && practice != hold.practice->text()) return false;
  if (hold.intervention && intervention != hold.intervention->text()) return false;
  return in_days(hold, day);
}

bool covers(const PendingRequest& request, const std::optional<std::string>& practice, const std::optional<std::string>& intervention) {
  if (request.practice) return practice == request.practice->text();
  return std::any_of(request.interventions.begin(), request.interventions.end(), [&](const auto& id) { return intervention == id.text(); });
}

Result<Hold> read_hold(const sqlite::Rows& row) {
  Hold out{.id = row.text(0), .practice = {}, .intervention = {}, .from = row.text(3), .until = row.text(4), .reason = row.text(5), .review_on = row.text(6),
           .by = row.text(7), .placed_at = read_time(row.integer(8)), .lifted_at = {}};
  if (!row.is_null(1)) {
    PL_TRY(practice, PracticeId::parse(row.text(1)));
    out.practice = std::move(practice);
  }
  if (!row.is_null(2)) {
    PL_TRY(intervention, InterventionId::parse(row.text(2)));
    out.intervention = std::move(intervention);
  }
  if (!row.is_null(9)) out.lifted_at = read_time(row.integer(9));
  return out;
}

}  // namespace

std::optional<std::string> HeldNow::by(const audit::DueField& field) const {
  for (const auto& hold : holds_)
    if (covers(hold, field.practice, field.intervention, std::string_view(field.time).substr(0, 10))) return "hold " + hold.id;
  for (const auto& request : requests_)
    if (covers(request, field.practice, field.intervention)) return "request " + request.ref;
  return std::nullopt;
}

std::optional<std::string> HeldNow::by(const PracticeId& practice, const InterventionId& intervention, Time at) const {
  return by(audit::DueField{.index = 0, .cls = audit::FieldClass::text, .type = "request", .time = to_utc(at), .expires_on = {},
                            .practice = practice.text(), .intervention = intervention.text()});
}

std::optional<std::string> HeldNow::any(const std::optional<PracticeId>& practice) const {
  for (const auto& hold : holds_)
    if (!practice || !hold.practice || hold.practice == practice) return "hold " + hold.id;
  for (const auto& request : requests_)
    if (!practice || !request.practice || request.practice == practice) return "request " + request.ref;
  return std::nullopt;
}

Result<> Holds::make_tables() {
  PL_CHECK(make_deferral_tables(*store_));
  return store_->script(R"sql(
    -- Records that must not be destroyed yet: those of a practice, an intervention, some days, or all three at once.
    CREATE TABLE IF NOT EXISTS holds(
      id TEXT PRIMARY KEY, practice TEXT, intervention TEXT, from_day TEXT NOT NULL, until_day TEXT NOT NULL,
      reason TEXT NOT NULL, review_on TEXT NOT NULL, by TEXT NOT NULL, placed_at INTEGER NOT NULL, lifted_at INTEGER) STRICT;
  )sql");
}

Result<> Holds::put(const Hold& h) {
  const auto practice = h.practice ? std::optional(h.practice->text()) : std::nullopt;
  const auto intervention = h.intervention ? std::optional(h.intervention->text()) : std::nullopt;
  const auto lifted = h.lifted_at ? std::optional(stored(*h.lifted_at)) : std::nullopt;
  return store_->run("INSERT OR REPLACE INTO holds(id, practice, intervention, from_day, until_day, reason, review_on, by, placed_at, lifted_at) "
                     "VALUES(?,?,?,?,?,?,?,?,?,?)",
                     h.id, practice, intervention, h.from, h.until, h.reason, h.review_on, h.by, stored(h.placed_at), lifted);
}

Result<std::optional<Hold>> Holds::find(const std::string& id) const {
  PL_TRY(rows, store_->query("SELECT id, practice, intervention, from_day, until_day, reason, review_on, by, placed_at, lifted_at FROM holds WHERE id=?", id));
  PL_TRY(found, rows.next());
  if (!found) return std::nullopt;
  PL_TRY(hold, read_hold(rows));
  return std::optional(std::move(hold));
}

Result<std::vector<Hold>> Holds::all(bool lifted_too) const {
  PL_TRY(rows, store_->query("SELECT id, practice, intervention, from_day, until_day, reason, review_on, by, placed_at, lifted_at FROM holds "
                             "WHERE ? OR lifted_at IS NULL ORDER BY placed_at DESC, id", lifted_too));
  std::vector<Hold> out;
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    PL_TRY(hold, read_hold(rows));
    out.push_back(std::move(hold));
  }
}

Result<std::shared_ptr<const HeldNow>> Holds::now() const {
  PL_TRY(holds, all(false));
  PL_TRY(requests, pending_requests(*store_));
  return std::make_shared<const HeldNow>(std::move(holds), std::move(requests));
}

namespace {

// The first record that was written at `day` or later; the log's size when there is none yet.
Result<audit::LeafIndex> first_at(const audit::Log& log, const std::string& day) {
  std::optional<std::int64_t> found;
  PL_CHECK(log.read([&](sqlite::Database& db) -> Result<> {
    PL_TRY(index, db.integer("SELECT min(idx) FROM records WHERE time >= ?", day));
    found = index;
    return {};
  }));
  return found ? static_cast<audit::LeafIndex>(*found) : log.size();
}

}  // namespace

Result<json::object> recorded_scope(const Hold& h, const audit::Log& log) {
  json::object out;
  if (h.practice) out["practice"] = h.practice->text();
  if (h.intervention) out["intervention"] = h.intervention->text();
  if (h.from.empty() && h.until.empty()) return out;
  PL_TRY(first, first_at(log, h.from));
  out["first"] = static_cast<std::int64_t>(first);
  out["last"] = INT64_MAX;  // records that are still to come
  const auto until = from_date(h.until);
  if (!until) return out;
  PL_TRY(behind, first_at(log, to_date(*until + std::chrono::days(1))));
  if (behind < log.size()) out["last"] = static_cast<std::int64_t>(behind) - 1;
  return out;
}

json::object hold_json(const Hold& h, Time now) {
  return {{"id", h.id}, {"practice", id_or_null(h.practice)}, {"intervention", id_or_null(h.intervention)}, {"from", text_or_null(h.from)},
          {"until", text_or_null(h.until)}, {"reason", h.reason}, {"review_on", h.review_on}, {"by", h.by}, {"placed_at", to_utc(h.placed_at)},
          {"lifted_at", h.lifted_at ? json::value(to_utc(*h.lifted_at)) : json::value(nullptr)}, {"late", !h.lifted_at && h.review_on < to_date(now)}};
}

}  // namespace pontlevis::gateway
