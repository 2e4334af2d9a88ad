// What people see of the log and its witnesses: GET /api/v1/log, and the verbs `log …` of the command line.
#include "audit/policy.hpp"
#include "gateway/api/api_call.hpp"
#include "gateway/log_link.hpp"
#include "gateway/witnesses/witnesses.hpp"
#include "protocol/json_values.hpp"
#include "protocol/statement.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

using Answer = Result<json::object>;
constexpr Millis lately = std::chrono::hours(24);
constexpr std::size_t shown_alarms = 50;

StrictObject reader(const json::object& request, std::string where) {
  StrictObject in(request, std::move(where));
  static_cast<void>(in.text("verb", 1, 40));
  if (in.has("done_by")) static_cast<void>(in.text("done_by", 1, 64));
  return in;
}

std::optional<Time> last_cosigned(audit::Log& log, const std::string& witness) {
  std::optional<Time> out;
  static_cast<void>(log.read([&](sqlite::Database& db) -> Result<> {
    PL_TRY(ts, db.integer("SELECT max(ts) FROM cosig WHERE witness = ?", witness));
    if (ts) out = Time(std::chrono::seconds(*ts));
    return {};
  }));
  return out;
}

json::value time_or_null(const std::optional<Time>& at) { return at ? json::value(to_utc(*at)) : json::value(nullptr); }

}  // namespace

// ---- what is known ------------------------------------------------------------------------------

std::vector<json::object> Witnesses::last_of(std::string_view type, std::size_t count) const {
  std::vector<audit::LeafIndex> found;
  static_cast<void>(core_.log->read([&](sqlite::Database& db) -> Result<> {
    PL_TRY(rows, db.query("SELECT idx FROM records WHERE type = ? ORDER BY idx DESC LIMIT ?", type, count));
    for (;;) {
      PL_TRY(more, rows.next());
      if (!more) return {};
      found.push_back(static_cast<audit::LeafIndex>(rows.integer(0)));
    }
  }));
  std::vector<json::object> out;
  for (const auto index : found) {
    const auto record = core_.log->record(index);
    auto fields = record ? record->open() : Result<json::object>(std::unexpected(record.error()));
    if (!fields) continue;
    fields->insert_or_assign("index", index);
    out.push_back(*std::move(fields));
  }
  return out;
}

std::vector<Witnesses::Seen> Witnesses::witnesses() const {
  std::map<std::string, audit::LeafIndex> alarm_at;
  for (const auto& record : last_of("witness_alarm", shown_alarms)) alarm_at.try_emplace(text_of(record, "witness"), record.at("index").to_number<audit::LeafIndex>());
  std::vector<Seen> out;
  for (const auto& [id, practice] : core_.practices.all()) {
    if (!practice.enrolment) continue;
    const auto& key = practice.enrolment->witness_key;
    Seen one{key.name(), id.text(), core_.cosignatures.largest(key).value_or(0), last_cosigned(*core_.log, key.name()), {}, false, false};
    const auto heard = seen_.find(one.name);
    one.seen_at = std::max(one.cosigned_at, heard == seen_.end() ? std::nullopt : std::optional(heard->second));
    one.current = one.size > 0 && one.size >= round_size_;
    // A witness that cosigned the record of its own alarm has been satisfied since.
    const auto alarm = alarm_at.find(one.name);
    one.alarm = alarm != alarm_at.end() && one.size <= alarm->second;
    out.push_back(std::move(one));
  }
  return out;
}

std::string Witnesses::policy() const {
  std::string out = "log " + core_.log->verifier().text() + "\n", names;
  std::size_t count = 0;
  const auto now = core_.clock.now();
  for (const auto& one : witnesses()) {
    const auto* practice = core_.practices.find(*PracticeId::parse(one.practice));
    if (!one.seen_at || now - *one.seen_at > lately) continue;
    out += "witness " + one.name + " " + practice->enrolment->witness_key.text() + "\n";
    names += " " + one.name;
    ++count;
  }
  if (count == 0) return out + "quorum none\n";
  return out + "group practices " + std::to_string(count / 2 + 1) + names + "\nquorum practices\n";
}

json::object Witnesses::log_state() const {
  const auto checkpoint = core_.log->checkpoint();
  const auto now = core_.clock.now();
  json::array list, alarms;
  std::size_t lately_seen = 0, have = 0;
  for (const auto& one : witnesses()) {
    const bool counts = one.seen_at && now - *one.seen_at <= lately;
    lately_seen += counts;
    have += counts && one.current && !one.alarm;
    list.push_back(json::object{{"name", one.name}, {"practice", one.practice}, {"size", one.size}, {"at", time_or_null(one.cosigned_at)},
                                {"current", one.current}, {"alarm", one.alarm}});
  }
  for (const auto& r : last_of("witness_alarm", shown_alarms))
    alarms.push_back(json::object{{"at", text_of(r, "time")}, {"witness", text_of(r, "witness")}, {"cause", text_of(r, "cause")}, {"index", r.at("index")}});
  const std::size_t needed = lately_seen == 0 ? 0 : lately_seen / 2 + 1;
  json::value stamp;
  if (const auto stamps = last_of("timestamp", 1); !stamps.empty())
    stamp = json::object{{"at", text_of(stamps[0], "stamped_at")}, {"authority", text_of(stamps[0], "authority")}, {"size", stamps[0].at("checkpoint_size")}};
  return {{"origin", checkpoint.origin}, {"size", checkpoint.size}, {"root", to_base64(checkpoint.root.view())}, {"checkpoint", core_.log->latest_checkpoint()},
          {"verifier_key", core_.log->verifier().text()}, {"healthy", core_.log->healthy()}, {"behind", state_.behind.has_value()},
          {"witnesses", std::move(list)}, {"quorum", json::object{{"needed", needed}, {"have", have}, {"met", needed > 0 && have >= needed}}},
          {"timestamp", std::move(stamp)}, {"verification", verification_.last()}, {"alarms", std::move(alarms)}};
}

// ---- API ----------------------------------------------------------------------------------------

ApiRoutes Witnesses::routes() {
  const auto to = handlers_of(this);
  const Roles readers = Roles(Role::compliance) | Role::auditor | Role::administrator;
  return {{"GET", "/api/v1/log", readers, Scope::read, false, to(&Witnesses::show)}};
}

ApiAnswer Witnesses::show(ApiCall) { co_return api_answer(log_state()); }

// ---- the command line ---------------------------------------------------------------------------

VerbTable Witnesses::verbs() {
  const auto to = verbs_of(this);
  return {{"log show", to(&Witnesses::show_verb)},       {"log policy", to(&Witnesses::policy_verb)},   {"log ask", to(&Witnesses::ask_verb)},
          {"log prepare", to(&Witnesses::prepare_verb)}, {"log link", to(&Witnesses::link_verb)},       {"log continue", to(&Witnesses::continue_verb)}};
}

Awaitable<Answer> Witnesses::show_verb(json::object request) {
  auto in = reader(request, "log show");
  PL_CO_CHECK(in.finish());
  auto out = log_state();
  out["closed"] = core_.log_closed ? json::value(core_.log_closed->text()) : json::value(nullptr);
  out["asked"] = state_.asked.size();
  co_return out;
}

Awaitable<Answer> Witnesses::policy_verb(json::object request) {
  auto in = reader(request, "log policy");
  PL_CO_CHECK(in.finish());
  co_return json::object{{"policy", policy()}};
}

Awaitable<Answer> Witnesses::ask_verb(json::object request) {
  auto in = reader(request, "log ask");
  PL_CO_CHECK(in.finish());
  if (!hub_) co_return fail(Errc::unavailable, "nobody serves, so no practice can be asked", "log ask", "pontlevis-gateway serve");
  if (core_.log_closed) co_return std::unexpected(*core_.log_closed);
  round_size_ = core_.log->size();
  hub_->send_checkpoints();
  co_return json::object{{"asked", hub_->count()}, {"size", round_size_}};
}

Awaitable<Answer> Witnesses::prepare_verb(json::object request) {
  auto in = reader(request, "log prepare");
  PL_CO_CHECK(in.finish());
  if (!core_.log_closed) co_return fail(Errc::conflict, "the log has not lost its past: it goes on", "log prepare", "log show says where it stands");
  PL_CO_TRY(next, prepare_link(core_.folder, core_.log->verifier(), core_.random));
  const auto last = state_.behind ? state_.behind->size : core_.log->size();
  co_return json::object{{"old_log", core_.log->verifier().text()}, {"new_log", next.text()}, {"last_size", last}};
}

Awaitable<Answer> Witnesses::link_verb(json::object request) {
  auto in = reader(request, "log link");
  static constexpr std::array<std::string_view, 3> causes{"restore", "rollback", "damage"};
  const auto cause = in.choice("cause", causes);
  LinkRequest link;
  link.successor = in.text("successor", 1, max_statement_bytes, StrictObject::Lines::many);
  PL_CO_CHECK(in.finish());
  if (!core_.log_closed) co_return fail(Errc::conflict, "the log has not lost its past: it goes on", "log link", "log show says where it stands");
  PL_CO_TRY(successor, certs::open_log_successor(link.successor, core_.trust.staff));
  static constexpr std::array<std::string_view, 3> words{"RESTORE", "ROLLBACK", "DAMAGE"};
  if (successor.cause != words[cause]) co_return fail(Errc::bad_input, "is not the cause of the statement, " + successor.cause, "--cause");
  link.own_size = core_.log->size();
  link.last_size = state_.behind ? state_.behind->size : link.own_size;
  link.last_checkpoint = state_.behind ? state_.behind->note : core_.cosignatures.cosigned_checkpoint(0).value_or(core_.log->latest_checkpoint());
  link.done_by = text_of(request, "done_by");
  PL_CO_CHECK(request_link(core_.folder, core_.trust, link));
  co_return json::object{{"linked", successor.new_log.name()}, {"from", successor.old_log.name()}, {"next", "start the gateway again: the old log is put aside, the new one begins with this link"}};
}

// Practices that stay away must not hold a vendor for ever; who goes on without them says why, and it is recorded.
Awaitable<Answer> Witnesses::continue_verb(json::object request) {
  auto in = reader(request, "log continue");
  const auto why = in.text("why", 10, 300);
  PL_CO_CHECK(in.finish());
  if (state_.behind) co_return std::unexpected(*state_.why_closed(core_.folder));
  if (!state_.restored) co_return fail(Errc::conflict, "the log waits for nobody", "log continue");
  const auto asked = state_.asked.size();
  PL_CO_CHECK(go_on("asked " + std::to_string(asked) + " of " + std::to_string(enrolled()) + "; " + why));
  co_return json::object{{"continued", true}, {"asked", asked}, {"enrolled", enrolled()}};
}

}  // namespace pontlevis::gateway
