#include "gateway/retention/retention_desk.hpp"

#include <set>

#include "audit/destruction_text.hpp"
#include "gateway/retention/destructions_list.hpp"
#include "gateway/retention/policy.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr std::array<std::string_view, 2> languages{"fr", "en"};
constexpr std::size_t most_certificates = 20'000;

bool given(StrictObject& in, std::string_view name) { return in.has(name) && !in.is_null(name); }

bool french(StrictObject& in) { return !given(in, "language") || in.choice("language", languages) == 0; }

json::object row_of(const audit::Certificate& c, bool completed) {
  const auto& f = c.fields;
  const auto value = [&f](std::string_view name) { const auto* v = f.if_contains(name); return v ? *v : json::value(nullptr); };
  return {{"id", c.id}, {"index", c.index}, {"issued_at", value("issued_at")}, {"reason", value("reason")}, {"retention_class", value("retention_class")},
          {"record_count", value("record_count")}, {"oldest_at", value("oldest_at")}, {"newest_at", value("newest_at")},
          {"state", completed ? json::value("FINAL") : value("state")}, {"backup_expiry_at", value("backup_expiry_at")}, {"operator", value("operator")},
          {"practice", value("practice")}, {"verification_result", value("verification_result")}};
}

// ---- the thread's part ----

struct ListJob {
  const audit::Log* log;
  std::optional<PracticeId> practice;
  std::string intervention;
  Result<json::object> operator()() const {
    PL_TRY(lines, audit::certificates(*log, practice, most_certificates));
    std::set<std::string> completed;
    for (const auto& line : lines)
      if (!line.completes.empty()) completed.insert(line.completes);
    json::array items;
    for (const auto& line : lines) {
      if (!intervention.empty() && line.intervention != intervention) continue;
      PL_TRY(whole, audit::certificate(*log, line.index));
      items.push_back(row_of(whole, completed.contains(line.id)));
    }
    return json::object{{"items", std::move(items)}};
  }
};

struct OneJob {
  const audit::Log* log;
  std::string id;
  Result<audit::Certificate> operator()() const { return audit::certificate(*log, id); }
};

struct DestructionsJob {
  const audit::Log* log;
  Result<json::object> operator()() const { return list_destructions(*log); }
};

}  // namespace

StrictObject verb_reader(const json::object& request, std::string where) {
  StrictObject in(request, std::move(where));
  static_cast<void>(in.text("verb", 1, 40));
  if (in.has("done_by")) static_cast<void>(in.text("done_by", 1, 64));
  return in;
}

std::string who_asks(const json::object& request) { return text_of(request, "done_by"); }

// ---- state, run, policy ----

json::array RetentionDesk::class_rows(bool in_french) const {
  const auto counts = p_.kept.find("counts");
  const auto* counted = counts.if_contains("classes");
  json::array out;
  for (const auto& cls : policy_classes()) {
    auto row = policy_json(cls, in_french);
    const auto* found = counted && counted->is_object() ? counted->get_object().if_contains(cls.id) : nullptr;
    const auto value = [found](std::string_view name, json::value otherwise) { return found && found->is_object() ? found->get_object().at(name) : std::move(otherwise); };
    row["open"] = value("open", 0), row["oldest"] = value("oldest", nullptr), row["due"] = value("due", 0);
    row["deferred"] = value("due", 0);  // counted after the purge: what is still due waits for somebody
    out.push_back(std::move(row));
  }
  return out;
}

RetentionDesk::Answer RetentionDesk::state(json::object request) {
  auto in = verb_reader(request, "retention state");
  const bool in_french = french(in);
  PL_CO_CHECK(in.finish());
  const auto validated = p_.kept.find("policy"), ran = p_.kept.find("last_run");
  const bool same = text_of(validated, "version") == policy_version();
  json::object policy{{"version", policy_version()}, {"validated_by", same ? validated.at("by") : json::value(nullptr)}, {"validated_at", same ? validated.at("at") : json::value(nullptr)}};
  json::value last;
  if (!ran.empty()) last = json::object{{"at", ran.at("at")}, {"destroyed", ran.at("destroyed")}, {"certificates", ran.at("certificates").as_array().size()}};
  const auto oldest = purge_.oldest_ip();
  co_return json::object{{"policy", std::move(policy)}, {"classes", class_rows(in_french)}, {"last_run", std::move(last)}, {"next_run", to_utc(purge_.next())},
                         {"late", purge_.late()}, {"oldest_ip", oldest.empty() ? json::value(nullptr) : json::value(oldest)}};
}

RetentionDesk::Answer RetentionDesk::run(json::object request) {
  PL_CO_CHECK(verb_reader(request, "retention run").finish());
  PL_CO_TRY(done, co_await purge_.run());
  PL_CO_CHECK(co_await ends_.look());
  co_return done;
}

RetentionDesk::Answer RetentionDesk::validate(json::object request) {
  PL_CO_CHECK(verb_reader(request, "retention validate").finish());
  const auto by = who_asks(request), at = to_utc(p_.core.clock.now());
  if (by.empty()) co_return fail(Errc::not_allowed, "is signed by a named person", "retention policy", "sign in as compliance, or give --by");
  const json::object fields{{"entry_id", "retention-policy"}, {"entry_kind", "RETENTION_POLICY"}, {"version", policy_version()}, {"event", "VALIDATED"},
                            {"entry_sha256", policy_sha256()}, {"validated_by", by}, {"next_review_on", to_date(p_.core.clock.now() + std::chrono::days(365))}};
  PL_CO_CHECK(co_await p_.core.append(audit::Record::make("register_entry", fields)));
  PL_CO_CHECK(p_.kept.keep("policy", {{"version", policy_version()}, {"by", by}, {"at", at}}));
  json::object again{{"verb", "retention state"}};
  co_return co_await state(std::move(again));
}

RetentionDesk::Answer RetentionDesk::erase(json::object request) {
  const auto by = who_asks(request);
  PL_CO_TRY(erasure, read_erasure(request, by));
  PL_CO_TRY(certificates, co_await erasures_.erase(std::move(erasure)));
  co_return json::object{{"certificates", texts_json(certificates)}};
}

// ---- certificates ----

RetentionDesk::Answer RetentionDesk::certificates(json::object request) {
  auto in = verb_reader(request, "certificate list");
  ListJob job{p_.core.log.get(), {}, {}};
  if (given(in, "practice")) job.practice = in.id<PracticeId>("practice");
  if (given(in, "intervention"))
    if (const auto id = in.id<InterventionId>("intervention")) job.intervention = id->text();
  PL_CO_CHECK(in.finish());
  co_return co_await p_.worker.run(std::move(job));
}

RetentionDesk::Answer RetentionDesk::certificate(json::object request) {
  auto in = verb_reader(request, "certificate show");
  OneJob job{p_.core.log.get(), in.text("id", 1, 128)};
  PL_CO_CHECK(in.finish());
  PL_CO_TRY(found, co_await p_.worker.run(std::move(job)));
  auto out = row_of(found, false);
  out["fields"] = found.fields;
  out["proof"] = found.proof;
  out["disclosures"] = texts_json(found.disclosures);
  co_return out;
}

RetentionDesk::Answer RetentionDesk::certificate_words(json::object request) {
  auto in = verb_reader(request, "certificate text");
  OneJob job{p_.core.log.get(), in.text("id", 1, 128)};
  const auto language = french(in) ? audit::Language::french : audit::Language::english;
  PL_CO_CHECK(in.finish());
  PL_CO_TRY(found, co_await p_.worker.run(std::move(job)));
  const auto text = audit::certificate_text(found, language);
  json::array lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    lines.push_back(json::object{{"line", text.substr(at, end - at)}});
    at = end + 1;
  }
  co_return json::object{{"lines", std::move(lines)}, {"text", text}};
}

RetentionDesk::Answer RetentionDesk::destructions(json::object request) {
  PL_CO_CHECK(verb_reader(request, "destructions export").finish());
  DestructionsJob job{p_.core.log.get()};
  co_return co_await p_.worker.run(std::move(job));
}

VerbTable RetentionDesk::verbs() {
  const auto to = verbs_of(this);
  return {
      {"retention state", to(&RetentionDesk::state)}, {"retention run", to(&RetentionDesk::run)}, {"retention validate", to(&RetentionDesk::validate)},
      {"erase", to(&RetentionDesk::erase)},
      {"certificate list", to(&RetentionDesk::certificates)}, {"certificate show", to(&RetentionDesk::certificate)}, {"certificate text", to(&RetentionDesk::certificate_words)},
      {"destructions export", to(&RetentionDesk::destructions)},
      {"hold list", to(&RetentionDesk::holds)}, {"hold place", to(&RetentionDesk::place_hold)}, {"hold review", to(&RetentionDesk::review_hold)}, {"hold lift", to(&RetentionDesk::lift_hold)},
      {"annual-review list", to(&RetentionDesk::reviews)}, {"annual-review show", to(&RetentionDesk::review)}, {"annual-review decide", to(&RetentionDesk::decide)}, {"annual-review sign", to(&RetentionDesk::sign)},
      {"contract-end list", to(&RetentionDesk::contract_ends)}, {"contract-end choose", to(&RetentionDesk::choose)}, {"contract-end confirm", to(&RetentionDesk::confirm)},
      {"spontaneous-data list", to(&RetentionDesk::spontaneous)}, {"spontaneous-data quarantine", to(&RetentionDesk::quarantine)},
      {"spontaneous-data destroy", to(&RetentionDesk::destroy_spontaneous)}, {"spontaneous-data sweep", to(&RetentionDesk::sweep)},
  };
}

}  // namespace pontlevis::gateway
