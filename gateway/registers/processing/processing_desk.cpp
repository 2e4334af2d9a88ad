#include "gateway/registers/processing/processing_desk.hpp"

#include "gateway/events.hpp"
#include "gateway/registers/common/deadlines.hpp"
#include "gateway/store.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

using Answer = Awaitable<Result<json::object>>;

constexpr std::string_view ids[] = {traces_id, systems_id};

bool is_entry(std::string_view id) { return std::find(std::begin(ids), std::end(ids), id) != std::end(ids); }

std::unexpected<Error> no_entry(const std::string& id) {
  return fail(Errc::not_found, "is not an entry of the register", printable(id, 60), "maintenance-traces or practice-systems");
}

json::value time_or_null(const std::optional<Time>& at) { return at ? json::value(to_utc(*at)) : json::value(nullptr); }

// One year later, as a day: the next review (B31).
std::string a_year_later(Time now) {
  std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(now));
  day += std::chrono::years(1);
  if (!day.ok()) day = day.year() / day.month() / std::chrono::last;
  return to_date(std::chrono::sys_days(day));
}

json::object register_fields(const ProcessingVersion& v, std::string_view event) {
  return {{"entry_id", v.entry}, {"entry_kind", v.entry == traces_id ? "RESPONSABLE" : "SOUS_TRAITANT"}, {"version", v.version},
          {"event", event}, {"entry_sha256", v.sha256}};
}

}  // namespace

Result<> ProcessingDesk::open() {
  return core_.store->script(R"sql(
    -- Each version of each entry of the register of processing, as it was hashed.
    CREATE TABLE IF NOT EXISTS processing_versions(
      entry TEXT NOT NULL, version INTEGER NOT NULL, created_at INTEGER NOT NULL, fields TEXT NOT NULL, sha256 TEXT NOT NULL,
      validated_by TEXT, validated_at INTEGER, next_review_on TEXT, PRIMARY KEY(entry, version)) STRICT;
    -- What the data-protection officer decided about the impact assessment.
    CREATE TABLE IF NOT EXISTS processing_dpia(
      entry TEXT PRIMARY KEY, required INTEGER NOT NULL, date TEXT NOT NULL, reference TEXT NOT NULL) STRICT;
  )sql");
}

Result<std::vector<ProcessingVersion>> ProcessingDesk::versions(const std::string& id) const {
  PL_TRY(rows, core_.store->query("SELECT version, created_at, fields, sha256, validated_by, validated_at, next_review_on FROM processing_versions "
                                  "WHERE entry=? ORDER BY version DESC", id));
  std::vector<ProcessingVersion> out;
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    const auto validated = rows.optional_integer(5);
    out.push_back({id, rows.integer(0), read_time(rows.integer(1)), rows.text(2), rows.text(3), rows.optional_text(4),
                   validated ? std::optional(read_time(*validated)) : std::nullopt, rows.optional_text(6)});
  }
}

Result<ProcessingVersion> ProcessingDesk::version_of(const std::string& id, std::int64_t version) const {
  PL_TRY(all, versions(id));
  for (auto& one : all)
    if (version == 0 || one.version == version) return std::move(one);
  return fail(Errc::not_found, "has no such version", id);
}

Result<Dpia> ProcessingDesk::dpia_of(const std::string& id) const {
  PL_TRY(rows, core_.store->query("SELECT required, date, reference FROM processing_dpia WHERE entry=?", id));
  PL_TRY(found, rows.next());
  return found ? Dpia{rows.integer(0) != 0, rows.text(1), rows.text(2)} : Dpia{};
}

// ---- a new version when the text has changed ----

Awaitable<Result<>> ProcessingDesk::look() {
  const auto today = to_date(core_.clock.now());
  if (looking_ || looked_on_ == today) co_return Result<>{};
  looking_ = true;
  Result<> done;
  for (const auto id : ids)
    if (done) done = co_await look_at(std::string(id));
  looking_ = false;
  if (done) looked_on_ = today;
  co_return done;
}

Awaitable<Result<>> ProcessingDesk::look_at(std::string id) {
  PL_CO_TRY(dpia, dpia_of(id));
  PL_CO_TRY(known, versions(id));
  const auto text = json::serialize(fields_json(processing_text(id, processing_facts(core_), dpia)));
  const auto sha256 = sha256_hex(text);
  if (!known.empty() && known.front().sha256 == sha256) co_return Result<>{};
  // A review that was due stays due: a new version does not put it off.
  const auto review = known.empty() ? std::nullopt : known.front().next_review_on;
  ProcessingVersion next{id, known.empty() ? 1 : known.front().version + 1, core_.clock.now(), text, sha256, {}, {}, review};
  auto fields = register_fields(next, "GENERATED");
  PL_CO_TRY(recorded, co_await core_.append(audit::Record::make("register_entry", fields)));
  PL_CO_CHECK(core_.store->run("INSERT INTO processing_versions(entry, version, created_at, fields, sha256, next_review_on) VALUES(?,?,?,?,?,?)", next.entry,
                               next.version, stored(next.created_at), next.fields, next.sha256, next.next_review_on));
  event("register.version", {{"entry", id}, {"version", next.version}, {"log_index", recorded.index}});
  co_return Result<>{};
}

Awaitable<void> ProcessingDesk::keep_house() {
  const auto looked = co_await look();
  if (!looked) event(Level::error, "register.not_written", {{"what", looked.error().text()}});
  for (const auto id : ids) {
    const auto newest = version_of(std::string(id), 0);
    if (!newest || !newest->next_review_on) continue;
    const auto day = from_date(*newest->next_review_on);
    if (day) static_cast<void>(bell_.look("processing_entry", std::string(id), end_of_day(*day), bell_days, Bell::First::silent));
  }
}

// ---- what is shown ----

json::object ProcessingDesk::view(const std::vector<ProcessingVersion>& all) const {
  const auto& newest = all.front();
  const auto text = processing_text(newest.entry, {}, {});
  const auto review = newest.next_review_on ? from_date(*newest.next_review_on) : std::nullopt;
  return {{"id", newest.entry}, {"kind", text.kind}, {"name", text.name.fr}, {"name_en", text.name.en}, {"version", newest.version},
          {"created_at", to_utc(all.back().created_at)}, {"updated_at", to_utc(newest.created_at)}, {"validated_by", or_null(newest.validated_by)},
          {"validated_at", time_or_null(newest.validated_at)}, {"next_review_on", or_null(newest.next_review_on)},
          {"late", review && core_.clock.now() > end_of_day(*review)}};
}

// 30(2)(a): on whose behalf. Read when it is asked for: a new practice is not a new version of the text.
json::array ProcessingDesk::controllers(const std::string& id) const {
  json::array out;
  if (id != systems_id) return out;
  for (const auto& [practice, p] : core_.practices.all())
    if (p.contract.valid_at(core_.clock.now())) out.push_back(json::object{{"id", practice.text()}, {"name", p.name}, {"contract", p.contract.reference}});
  return out;
}

Result<json::object> ProcessingDesk::whole(const std::string& id, std::int64_t version) const {
  PL_TRY(all, versions(id));
  PL_TRY(chosen, version_of(id, version));
  auto out = view(all);
  out["fields"] = json::parse(chosen.fields);
  out["shown_version"] = chosen.version;
  out["sha256"] = chosen.sha256;
  out["controllers"] = controllers(id);
  json::array list;
  for (const auto& one : all)
    list.push_back(json::object{{"version", one.version}, {"created_at", to_utc(one.created_at)}, {"sha256", one.sha256}, {"validated_by", or_null(one.validated_by)}});
  out["versions"] = std::move(list);
  return out;
}

Answer ProcessingDesk::list(std::string, json::object words, ActBy) {
  PL_CO_CHECK(StrictObject(words, "register").finish());
  PL_CO_CHECK(co_await look());
  json::array items;
  for (const auto id : ids) {
    PL_CO_TRY(all, versions(std::string(id)));
    if (!all.empty()) items.push_back(view(all));
  }
  co_return json::object{{"items", std::move(items)}, {"next", nullptr}};
}

Answer ProcessingDesk::show(std::string id, json::object words, ActBy) {
  if (!is_entry(id)) co_return no_entry(id);
  StrictObject in(words, "register entry");
  const auto version = in.has("version") ? in.integer("version", 1, 1'000'000) : 0;
  PL_CO_CHECK(in.finish());
  PL_CO_CHECK(co_await look());
  co_return whole(id, version);
}

// ---- what the data-protection officer does ----

Answer ProcessingDesk::validate(std::string id, json::object words, ActBy by) {
  if (!is_entry(id)) co_return no_entry(id);
  StrictObject in(words, "register entry");
  const auto version = in.integer("version", 1, 1'000'000);
  PL_CO_CHECK(in.finish());
  PL_CO_CHECK(co_await look());
  PL_CO_TRY(newest, version_of(id, 0));
  if (newest.version != version) co_return fail(Errc::conflict, "is not the newest version any more", id, "read version " + std::to_string(newest.version) + ", then validate it");
  const auto review = a_year_later(core_.clock.now());
  auto fields = register_fields(newest, "VALIDATED");
  fields["validated_by"] = by.record();
  fields["next_review_on"] = review;
  PL_CO_TRY(recorded, co_await core_.append(audit::Record::make("register_entry", fields)));
  PL_CO_CHECK(core_.store->run("UPDATE processing_versions SET validated_by=?, validated_at=?, next_review_on=? WHERE entry=? AND version=?", by.login,
                               stored(core_.clock.now()), review, id, version));
  bell_.settle("processing_entry", id);
  event("register.validated", {{"entry", id}, {"version", version}, {"log_index", recorded.index}});
  co_return whole(id, 0);
}

Answer ProcessingDesk::assess(std::string id, json::object words, ActBy) {
  if (!is_entry(id)) co_return no_entry(id);
  StrictObject in(words, "impact assessment");
  const bool required = in.boolean("required");
  const auto date = in.text("date", 0, 10), reference = in.text("reference", 0, 200);
  if (!date.empty() && !from_date(date)) in.blame("date", "is not a date", "2026-01-31");
  PL_CO_CHECK(in.finish());
  PL_CO_CHECK(core_.store->run("INSERT OR REPLACE INTO processing_dpia(entry, required, date, reference) VALUES(?,?,?,?)", id, required, date, reference));
  PL_CO_CHECK(co_await look_at(id));
  co_return whole(id, 0);
}

}  // namespace pontlevis::gateway
