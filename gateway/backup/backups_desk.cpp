// What people ask of the backups: one now, the list, and that a restore was tried.
#include "gateway/backup/backups.hpp"
#include "gateway/store.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr auto day_long = std::chrono::days(1), year = std::chrono::days(365);

json::value time_or_null(const std::optional<Time>& t) { return t ? json::value(to_utc(*t)) : json::value(nullptr); }

json::object row_json(const BackupRow& r) {
  return {{"at", to_utc(r.at)}, {"kind", word(r.kind)}, {"file", r.file}, {"sha256", r.sha256}, {"bytes", r.bytes}, {"log_size", r.log_size},
          {"expires_on", r.expires_on}, {"state", r.state}, {"why", r.why}};
}

StrictObject reader(const json::object& request, std::string where) {
  StrictObject in(request, std::move(where));
  static_cast<void>(in.text("verb", 1, 40));
  if (in.has("done_by")) static_cast<void>(in.text("done_by", 1, 64));
  return in;
}

}  // namespace

Backups::Answer Backups::make(json::object request) {
  PL_CO_CHECK(reader(request, "backup").finish());
  if (busy_) co_return fail(Errc::conflict, "is under way already", "backup");
  busy_ = true;
  auto made = co_await make_one(text_of(request, "done_by"));
  busy_ = false;
  co_return made;
}

Backups::Answer Backups::state(json::object request) {
  PL_CO_CHECK(reader(request, "backups list").finish());
  PL_CO_TRY(all, rows());
  json::array items;
  for (const auto& row : all) items.push_back(row_json(row));
  const auto tested = core_.store->integer("SELECT max(at) FROM restore_tests");
  const auto test_due = restore_test_due();
  const bool is_late = wanted() && last() && core_.clock.now() >= next() + day_long;
  co_return json::object{{"items", items}, {"folder", core_.options.text("backup.folder")}, {"recipient", !core_.options.text("backup.recipient").empty()},
                         {"last", items.empty() ? json::value(nullptr) : items.front()}, {"next", wanted() ? json::value(to_utc(next())) : json::value(nullptr)}, {"late", is_late},
                         {"restore_tested_at", tested && *tested ? json::value(to_utc(read_time(**tested))) : json::value(nullptr)}, {"restore_test_due", time_or_null(test_due)}};
}

Backups::Answer Backups::tested(json::object request) {
  auto in = reader(request, "backups tested");
  const auto sha256 = in.text("sha256", 64, 64);
  PL_CO_CHECK(in.finish());
  const auto by = text_of(request, "done_by");
  if (by.empty()) co_return fail(Errc::not_allowed, "is signed by a named person", "restore test", "give --by");
  PL_CO_TRY(all, rows());
  const auto at = std::find_if(all.begin(), all.end(), [&](const auto& row) { return row.sha256 == sha256 && row.kind == BackupKind::data; });
  if (at == all.end()) co_return fail(Errc::not_found, "is the sum of no backup of this gateway", "--sha256", "`pontlevis-gateway restore` prints it; `backups list` lists them");
  PL_CO_CHECK(co_await record(*at, "TESTED", by));
  const auto now = core_.clock.now();
  PL_CO_CHECK(core_.store->run("INSERT OR REPLACE INTO restore_tests(at, sha256, by) VALUES(?,?,?)", stored(now), sha256, by));
  core_.signals.clock(ClockNotice{"restore_test", to_date(now), now + year, false, true});
  json::object again{{"verb", "backups list"}};
  co_return co_await state(std::move(again));
}

VerbTable Backups::verbs() {
  const auto to = verbs_of(this);
  return {{"backup", to(&Backups::make)}, {"backups list", to(&Backups::state)}, {"backups tested", to(&Backups::tested)}};
}

ApiRoutes Backups::routes() {
  const auto to = handlers_of(this);
  return {
      {"GET", "/api/v1/backups", Role::compliance | Role::auditor | Role::administrator, Scope::read, false, to(&Backups::list)},
      {"POST", "/api/v1/backups/restore-test", Role::compliance | Role::administrator, Scope::read, true, to(&Backups::record_test), Door::page},
  };
}

ApiAnswer Backups::list(ApiCall call) {
  auto verb = verb_by(call, "backups list");
  auto done = co_await state(std::move(verb));
  co_return done ? api_answer(*done) : api_problem(done.error());
}

ApiAnswer Backups::record_test(ApiCall call) {
  auto body = api_body(call.request);
  if (!body) co_return api_problem(body.error());
  StrictObject in(*body, "restore test");
  const auto sha256 = in.text("sha256", 64, 64);
  if (auto read = in.finish(); !read) co_return api_problem(read.error());
  auto verb = verb_by(call, "backups tested");
  verb["sha256"] = sha256;
  auto done = co_await tested(std::move(verb));
  co_return done ? api_answer(*done) : api_problem(done.error());
}

}  // namespace pontlevis::gateway
