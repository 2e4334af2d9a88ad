#include "gateway/retention/annual_review.hpp"

#include "gateway/events.hpp"
#include "gateway/retention/policy.hpp"
#include "gateway/store.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr auto time_to_sign = std::chrono::days(60);
constexpr auto warn_before = std::chrono::days(15);

int year_of(Time t) { return static_cast<int>(std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(t)).year()); }

json::array read_list(const std::string& text) {
  auto wrapped = parse_object("{\"list\":" + text + "}", 1 << 20, "store, annual review");
  return wrapped ? std::move(wrapped->at("list").as_array()) : json::array();
}

Result<ReviewYear> read_review(const sqlite::Rows& row) {
  ReviewYear out{static_cast<int>(row.integer(0)), read_time(row.integer(1)), read_time(row.integer(2)), read_list(row.text(3)),
                 row.text(4), row.text(5), row.text(6), {}};
  if (!row.is_null(7)) out.signed_at = read_time(row.integer(7));
  return out;
}

// What the campaign starts from: every class of the policy, with what the last purge counted.
json::array classes_of(const json::object& counts) {
  json::array out;
  const auto* found = counts.if_contains("classes");
  for (const auto& c : policy_classes()) {
    if (!c.in_log) continue;
    json::object row{{"id", c.id}, {"open", 0}, {"oldest", nullptr}, {"due", 0}, {"decision", nullptr}};
    const auto* counted = found && found->is_object() ? found->get_object().if_contains(c.id) : nullptr;
    if (counted && counted->is_object())
      for (auto name : {"open", "oldest", "due"}) row[name] = counted->get_object().at(name);
    out.push_back(std::move(row));
  }
  return out;
}

// The report that is signed: the same bytes for everybody who makes it again from its facts.
std::string report_of(const ReviewYear& r) {
  const json::object report{{"schema", "pontlevis-annual-review-1"}, {"year", r.year}, {"opened_at", to_utc(r.opened_at)}, {"policy_version", policy_version()},
                            {"classes", r.classes}, {"signed_by", r.signed_by}, {"signed_at", to_utc(*r.signed_at)}};
  return json::serialize(report);
}

std::unexpected<Error> signed_already(const ReviewYear& r) {
  return fail(Errc::conflict, "was signed on " + to_date(*r.signed_at), "annual review " + std::to_string(r.year));
}

// Every record type whose fields follow that rule.
void add_types(std::string_view rule, audit::LeafIndex last, std::vector<audit::DestructionScope>& out) {
  for (const auto& schema : audit::schemas())
    for (auto cls : {audit::FieldClass::person, audit::FieldClass::ip, audit::FieldClass::text, audit::FieldClass::statement}) {
      bool has = false;
      for (std::size_t i = 0; i < schema.size(); ++i) has = has || schema.field(i).cls == cls;
      if (!has || audit::rule_of(schema.type, cls) != rule) continue;
      audit::DestructionScope one;
      one.first = 0, one.last = last, one.cls = cls, one.type = std::string(schema.type);
      out.push_back(std::move(one));
    }
}

}  // namespace

json::object review_json(const ReviewYear& r, Time now) {
  const auto or_null = [](const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); };
  return {{"year", r.year}, {"opened_at", to_utc(r.opened_at)}, {"due", to_date(r.due)}, {"late", !r.signed_at && now > r.due}, {"signed_by", or_null(r.signed_by)},
          {"signed_at", r.signed_at ? json::value(to_utc(*r.signed_at)) : json::value(nullptr)}, {"report_sha256", or_null(r.report_sha256)}, {"classes", r.classes}};
}

Result<> AnnualReviews::make_table() {
  return p_.core.store->script(R"sql(
    -- The yearly look at what is kept; `classes` is JSON, `report` the text that was signed.
    CREATE TABLE IF NOT EXISTS annual_reviews(
      year INTEGER PRIMARY KEY, opened_at INTEGER NOT NULL, due INTEGER NOT NULL, classes TEXT NOT NULL,
      signed_by TEXT NOT NULL, report TEXT NOT NULL, report_sha256 TEXT NOT NULL, signed_at INTEGER) STRICT;
  )sql");
}

Result<> AnnualReviews::keep(const ReviewYear& r) {
  const auto at = r.signed_at ? std::optional(stored(*r.signed_at)) : std::nullopt;
  return p_.core.store->run("INSERT OR REPLACE INTO annual_reviews(year, opened_at, due, classes, signed_by, report, report_sha256, signed_at) VALUES(?,?,?,?,?,?,?,?)",
                            r.year, stored(r.opened_at), stored(r.due), json::serialize(r.classes), r.signed_by, r.report, r.report_sha256, at);
}

Result<std::vector<ReviewYear>> AnnualReviews::all() const {
  PL_TRY(rows, p_.core.store->query("SELECT year, opened_at, due, classes, signed_by, report, report_sha256, signed_at FROM annual_reviews ORDER BY year DESC"));
  std::vector<ReviewYear> out;
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    PL_TRY(one, read_review(rows));
    out.push_back(std::move(one));
  }
}

Result<ReviewYear> AnnualReviews::find(int year) const {
  PL_TRY(found, all());
  for (auto& one : found)
    if (one.year == year) return std::move(one);
  return fail(Errc::not_found, "has no review", "year " + std::to_string(year));
}

Awaitable<Result<>> AnnualReviews::record(ReviewYear r, std::string what, std::string by) {
  json::object counts, decisions;
  for (const auto& row : r.classes) {
    const auto& o = row.as_object();
    counts[o.at("id").as_string()] = json::object{{"open", o.at("open")}, {"oldest", o.at("oldest")}, {"due", o.at("due")}};
    decisions[o.at("id").as_string()] = o.at("decision");
  }
  const json::object fields{{"year", r.year}, {"event", what}, {"counts", std::move(counts)}, {"decisions", std::move(decisions)}, {"due", to_date(r.due)},
                            {"signed_by", by.empty() ? json::value(nullptr) : json::value(by)},
                            {"report_sha256", r.report_sha256.empty() ? json::value(nullptr) : json::value(r.report_sha256)}};
  PL_CO_CHECK(co_await p_.core.append(audit::Record::make("annual_review", fields)));
  co_return Result<>{};
}

Awaitable<Result<>> AnnualReviews::open_year(int year) {
  const auto now = p_.core.clock.now();
  ReviewYear opened{year, now, now + time_to_sign, classes_of(p_.kept.find("counts")), {}, {}, {}, {}};
  PL_CO_CHECK(co_await record(opened, "OPENED", ""));
  event("annual_review.opened", {{"year", year}});
  co_return keep(opened);
}

void AnnualReviews::say_clock(const ReviewYear& r) {
  const auto now = p_.core.clock.now();
  const auto subject = std::to_string(r.year);
  if (r.signed_at) return;
  if (now + warn_before < r.due) return;
  p_.core.signals.clock(ClockNotice{"annual_review", subject, r.due, now > r.due});
}

Awaitable<Result<>> AnnualReviews::look() {
  const auto now = p_.core.clock.now();
  if (told_ == to_date(now)) co_return Result<>{};
  PL_CO_TRY(found, all());
  const int year = year_of(now);
  if (found.empty() || found.front().year < year) PL_CO_CHECK(co_await open_year(year));
  for (const auto& review : found) {
    say_clock(review);
    // The first day past its due day is a record; later ones are notices.
    if (!review.signed_at && now > review.due && now < review.due + std::chrono::days(1)) PL_CO_CHECK(co_await record(review, "OVERDUE", ""));
  }
  told_ = to_date(now);
  co_return Result<>{};
}

Awaitable<Result<ReviewYear>> AnnualReviews::decide(int year, json::object decisions, std::string by) {
  PL_CO_TRY(review, find(year));
  if (review.signed_at) co_return signed_already(review);
  for (auto& row : review.classes) {
    auto& o = row.as_object();
    const auto* decision = decisions.if_contains(o.at("id").as_string());
    if (!decision) continue;
    if (!decision->is_string() || (*decision != "KEEP" && *decision != "DELETE"))
      co_return fail(Errc::bad_input, "must be KEEP or DELETE", "decisions, " + std::string(o.at("id").as_string()));
    o["decision"] = *decision;
    decisions.erase(o.at("id").as_string());
  }
  if (!decisions.empty()) co_return fail(Errc::bad_input, "is not a class of this review", "decisions, " + printable(decisions.begin()->key(), 60));
  PL_CO_CHECK(co_await record(review, "DECIDED", by));
  PL_CO_CHECK(keep(review));
  co_return review;
}

// Everything of the classes that was written until now; the copies go with the interventions.
Awaitable<Result<>> AnnualReviews::destroy_classes(ReviewYear r, std::string by) {
  std::vector<audit::DestructionScope> scope;
  bool people = false;
  for (const auto& row : r.classes) {
    const auto& o = row.as_object();
    if (o.at("decision") != "DELETE") continue;
    add_types(std::string_view(o.at("id").as_string()), p_.core.log->size() - 1, scope);
    people = people || o.at("id") != "ip-150-days";
  }
  if (scope.empty()) co_return Result<>{};
  PL_CO_TRY(held, p_.holds.now());
  if (const auto by_hold = held->any({}); people && by_hold)
    co_return fail(Errc::conflict, "must be kept: " + *by_hold + " stands on it", "annual review", "decide KEEP, or lift it first");
  audit::DestructionOrder order;
  order.rule = "annual-review", order.rule_version = policy_version(), order.reason = "ANNUAL_REVIEW", order.legal_basis = "RGPD art. 5(1)(e) ; politique, § 3 (revue annuelle)";
  order.trigger = "annual review " + std::to_string(r.year), order.operator_login = std::move(by);
  order.scope = std::move(scope);
  for (const auto& row : r.classes) {
    const auto& o = row.as_object();
    const bool all = o.at("id") == "intervention-5-years";
    if (o.at("decision") == "DELETE" && (all || o.at("id") == "request-1-year")) PL_CO_CHECK(co_await p_.copies.strip_over(!all));
  }
  p_.copies.drop_exports_about({});
  PL_CO_CHECK(p_.copies.truncate());
  std::vector<InterventionId> none;
  PL_CO_CHECK(co_await p_.destroyer.destroy(std::move(order), std::move(none)));
  co_return Result<>{};
}

Awaitable<Result<ReviewYear>> AnnualReviews::sign(int year, std::string by) {
  PL_CO_TRY(review, find(year));
  if (review.signed_at) co_return signed_already(review);
  for (const auto& row : review.classes)
    if (row.at("decision").is_null())
      co_return fail(Errc::conflict, "has no decision for " + std::string(row.at("id").as_string()), "annual review " + std::to_string(year), "decide on each class first");
  PL_CO_CHECK(co_await destroy_classes(review, by));
  review.signed_by = by;
  review.signed_at = p_.core.clock.now();
  review.report = report_of(review);
  review.report_sha256 = sha256_hex(review.report);
  PL_CO_CHECK(co_await record(review, "SIGNED", by));
  PL_CO_CHECK(keep(review));
  p_.core.signals.clock(ClockNotice{"annual_review", std::to_string(year), review.due, false, true});
  co_return review;
}

}  // namespace pontlevis::gateway
