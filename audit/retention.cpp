#include "audit/retention.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

constexpr std::size_t page_fields = 2000, round_fields = 40'000;
constexpr FieldClass personal[] = {FieldClass::ip, FieldClass::person, FieldClass::text, FieldClass::statement};

struct Rule {
  std::string_view name, reason, legal_basis;
};
constexpr Rule rules[] = {
    {"ip-150-days", "IP_6_MONTHS", "charte 2.1; RGPD art. 5(1)(e)"},
    {"security-180-days", "RETENTION", "charte 2.1; CNIL 2021-122; RGPD art. 5(1)(e)"},
    {"request-1-year", "RETENTION", "RGPD art. 5(1)(e), art. 7(1)"},
    {"intervention-5-years", "RETENTION", "Code civil art. 2224; RGPD art. 5(1)(e)"},
};

const Rule& rule_for(std::string_view type, FieldClass cls) {
  if (cls == FieldClass::ip) return rules[0];
  const auto* schema = find_schema(type);
  const unsigned days = schema ? schema->keep_days : 0;
  return days == 0 || days > 365 ? rules[3] : days > 180 ? rules[2] : rules[1];
}

// Where a walk over the due fields of one class stands.
struct Cursor {
  std::string day;
  std::int64_t index = -1, position = -1;
};

Result<std::vector<DueField>> page_of(const Log& log, FieldClass cls, const std::string& today, Cursor& at) {
  std::vector<DueField> out;
  PL_CHECK(log.read([&](sqlite::Database& db) -> Result<> {
    PL_TRY(rows, db.query("SELECT f.idx, f.pos, f.expires_on, r.type, r.time, r.practice, r.intervention FROM fields f JOIN records r ON r.idx = f.idx "
                          "WHERE f.class = ? AND f.ct IS NOT NULL AND f.expires_on <= ? AND (f.expires_on, f.idx, f.pos) > (?, ?, ?) "
                          "ORDER BY f.expires_on, f.idx, f.pos LIMIT ?", class_name(cls), today, at.day, at.index, at.position, page_fields));
    for (;;) {
      PL_TRY(more, rows.next());
      if (!more) return {};
      at = {rows.text(2), rows.integer(0), rows.integer(1)};
      out.push_back({static_cast<LeafIndex>(rows.integer(0)), cls, rows.text(3), rows.text(4), at.day, rows.optional_text(5), rows.optional_text(6)});
    }
  }));
  return out;
}

// What one rule destroys in one round. Ranges by type and class: within one of these, days follow the records'
// order, so a range holds nothing but what is due, or gone already; it ends where something must wait.
class RuleRound {
 public:
  void destroy(const DueField& field) {
    auto& line = lines_[{field.type, field.cls}];
    line.due.emplace(field.index, false);
    oldest_ = oldest_.empty() ? field.expires_on : std::min(oldest_, field.expires_on);
    ++fields_;
  }
  void defer(const DueField& field, const std::string& ref) {
    lines_[{field.type, field.cls}].due.insert_or_assign(field.index, true);
    auto& d = deferred_[{ref, field.type, field.cls}];
    d.first = d.count == 0 ? field.index : std::min(d.first, field.index);
    d.last = std::max(d.last, field.index);
    ++d.count;
  }
  std::uint64_t fields() const { return fields_; }
  const std::string& oldest() const { return oldest_; }
  std::vector<DestructionScope> scope() const;
  json::array deferrals() const;

 private:
  struct Line {
    std::map<LeafIndex, bool> due;  // true: must wait
  };
  struct Deferral {
    LeafIndex first{}, last{};
    std::uint64_t count{};
  };
  std::map<std::pair<std::string, FieldClass>, Line> lines_;
  std::map<std::tuple<std::string, std::string, FieldClass>, Deferral> deferred_;
  std::uint64_t fields_ = 0;
  std::string oldest_;
};

std::vector<DestructionScope> RuleRound::scope() const {
  std::vector<DestructionScope> out;
  for (const auto& [key, line] : lines_) {
    bool open = false;
    for (const auto& [index, waits] : line.due) {
      if (waits) open = false;
      else if (open) out.back().last = index;
      else out.push_back({index, index, key.second, {}, false, key.first, {}, {}}), open = true;
    }
  }
  return out;
}

json::array RuleRound::deferrals() const {
  constexpr std::size_t most = 200;
  json::array out;
  for (const auto& [key, d] : deferred_) {
    const auto& [ref, type, cls] = key;
    if (out.size() == most) break;  // the rest stands in the holds' own records
    out.push_back(json::object{{"ref", ref}, {"type", type}, {"class", json::string(class_name(cls))}, {"first", d.first}, {"last", d.last}, {"count", d.count}});
  }
  return out;
}

struct Round {
  std::map<std::string_view, RuleRound> by_rule;
  std::uint64_t fields = 0, deferred = 0;
};

Result<> collect(const Log& log, FieldClass cls, const std::string& today, const Holds& holds, Round& round) {
  for (Cursor at; round.fields < round_fields;) {
    PL_TRY(page, page_of(log, cls, today, at));
    for (const auto& field : page) {
      auto& rule = round.by_rule[rule_for(field.type, cls).name];
      const auto ref = holds && cls != FieldClass::ip ? holds(field) : std::nullopt;
      ref ? rule.defer(field, *ref) : rule.destroy(field);
      ++(ref ? round.deferred : round.fields);
    }
    if (page.size() < page_fields) return {};
  }
  return {};
}

DestructionOrder order_of(const Rule& rule, const RuleRound& round, const RetentionSettings& settings, Time now) {
  DestructionOrder out;
  out.rule = rule.name;
  out.rule_version = settings.policy_version;
  out.reason = rule.reason;
  out.legal_basis = rule.legal_basis;
  out.trigger = "daily purge";
  if (const auto day = from_date(round.oldest())) out.deadline = *day + purge_tolerance;
  if (settings.keys_in_backups.count() > 0) out.backup_expiry = now + settings.keys_in_backups;
  out.deferrals = round.deferrals();
  return out;
}

// More ranges than one record holds make more certificates.
void destroy_round(Log& log, const Rule& rule, const RuleRound& round, const RetentionSettings& settings, std::stop_token stop, PurgeReport& report) {
  const auto scope = round.scope();
  for (std::size_t at = 0; at < scope.size(); at += max_scopes) {
    auto order = order_of(rule, round, settings, log.clock().now());
    order.scope.assign(scope.begin() + static_cast<std::ptrdiff_t>(at), scope.begin() + static_cast<std::ptrdiff_t>(std::min(scope.size(), at + max_scopes)));
    auto done = destroy(log, order, settings.look_at, stop);
    if (done) report.destroyed.push_back(*std::move(done));
    else report.failures.push_back(std::move(done).error());
  }
}

template <class Into>
void take(Result<std::vector<Certificate>> result, Into& into, std::vector<Error>& failures) {
  if (result) into = *std::move(result);
  else failures.push_back(std::move(result).error());
}

}  // namespace

std::string_view rule_of(std::string_view type, FieldClass cls) { return rule_for(type, cls).name; }

Result<Retention> Retention::make(Log& log, RetentionSettings settings, Holds holds) {
  if (settings.keys_in_backups < std::chrono::days(0) || settings.keys_in_backups > longest_backup)
    return fail(Errc::not_allowed, "would keep keys in backups for " + std::to_string(settings.keys_in_backups.count()) + " days", "retention",
                "at most " + std::to_string(longest_backup.count()) + ": an address must be gone from every copy after " + std::to_string(ip_days_in_all) + " days");
  return Retention(log, std::move(settings), std::move(holds));
}

Result<PurgeReport> Retention::run(Time now, std::stop_token stop) {
  PL_CHECK(log_->health());
  PurgeReport report;
  take(finish_open(*log_, stop), report.finished, report.failures);
  const auto today = to_date(now);
  for (bool more = true; more && report.failures.empty() && !stop.stop_requested();) {
    Round round;
    for (const auto cls : personal) PL_CHECK(collect(*log_, cls, today, holds_, round));
    for (const auto& rule : rules)
      if (const auto it = round.by_rule.find(rule.name); it != round.by_rule.end() && it->second.fields() > 0)
        destroy_round(*log_, rule, it->second, settings_, stop, report);
    report.deferred = round.deferred;
    more = round.fields >= round_fields;
  }
  for (const auto& done : report.destroyed) report.fields += done.fields.at("record_count").to_number<std::uint64_t>();
  take(finalise_due(*log_, now), report.completed, report.failures);
  return report;
}

Result<std::vector<DueGroup>> Retention::due(Time now) const {
  std::map<std::pair<std::string_view, FieldClass>, DueGroup> groups;
  PL_CHECK(log_->read([&](sqlite::Database& db) -> Result<> {
    PL_TRY(rows, db.query("SELECT r.type, f.class, count(*), min(f.expires_on), max(f.expires_on) FROM fields f JOIN records r ON r.idx = f.idx "
                          "WHERE f.class IN ('person', 'ip', 'text', 'statement') AND f.ct IS NOT NULL AND f.expires_on <= ? GROUP BY r.type, f.class", to_date(now)));
    for (;;) {
      PL_TRY(more, rows.next());
      if (!more) return {};
      const auto cls = class_from(rows.text(1)).value_or(FieldClass::person);
      const auto rule = rule_of(rows.text(0), cls);
      auto& group = groups[{rule, cls}];
      group.rule = rule;
      group.cls = cls;
      group.fields += static_cast<std::uint64_t>(rows.integer(2));
      group.oldest = group.oldest.empty() ? rows.text(3) : std::min(group.oldest, rows.text(3));
      group.newest = std::max(group.newest, rows.text(4));
    }
  }));
  std::vector<DueGroup> out;
  for (auto& [key, group] : groups) out.push_back(std::move(group));
  return out;
}

Result<std::optional<std::string>> Retention::oldest_day(FieldClass cls) const {
  std::optional<std::string> out;
  PL_CHECK(log_->read([&](sqlite::Database& db) -> Result<> {
    PL_TRY(day, db.text("SELECT min(expires_on) FROM fields WHERE class = ? AND ct IS NOT NULL", class_name(cls)));
    out = std::move(day);
    return {};
  }));
  return out;
}

}  // namespace pontlevis::audit
