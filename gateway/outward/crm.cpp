#include "gateway/outward/crm.hpp"

#include <set>

#include "audit/destruction.hpp"
#include "gateway/outward/crm_message.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {

Result<> Crm::make_tables() {
  return core_.store->script(R"sql(
    -- What the CRM holds of an intervention, as far as we know: nothing of a person stands here.
    CREATE TABLE IF NOT EXISTS crm(
      intervention TEXT PRIMARY KEY, practice TEXT NOT NULL, state TEXT NOT NULL, crm_ref TEXT NOT NULL,
      version INTEGER NOT NULL, content_sha256 TEXT NOT NULL, withheld TEXT NOT NULL,
      refusal_told INTEGER NOT NULL, withdrawal_told INTEGER NOT NULL,
      tried INTEGER NOT NULL DEFAULT 0,                        -- 1: something was sent, so there may be a copy
      record_index INTEGER, report_index INTEGER) STRICT;  -- places of its records in the log
    CREATE INDEX IF NOT EXISTS crm_of_practice ON crm(practice);
    CREATE INDEX IF NOT EXISTS crm_by_record ON crm(record_index);
    CREATE INDEX IF NOT EXISTS crm_by_report ON crm(report_index);
  )sql");
}

namespace {

CrmState state_of(const std::string& text) {
  const auto& words = Spelling<CrmState>::words;
  for (std::size_t i = 0; i < words.size(); ++i)
    if (words[i] == text) return static_cast<CrmState>(i);
  return CrmState::none;
}

std::vector<std::string> members_of(const std::string& list) {
  std::vector<std::string> out;
  boost::system::error_code broken;
  const auto value = json::parse(list, broken);
  if (broken || !value.is_array()) return out;
  for (const auto& item : value.get_array())
    if (item.is_string()) out.emplace_back(item.get_string());
  return out;
}

}  // namespace

Result<std::optional<Crm::Row>> Crm::row(const std::string& id) {
  PL_TRY(rows, core_.store->query("SELECT practice, state, crm_ref, version, content_sha256, withheld, refusal_told, withdrawal_told, tried FROM crm WHERE intervention = ?", id));
  PL_TRY(found, rows.next());
  if (!found) return std::nullopt;
  Row out{id, rows.text(0), rows.text(2), rows.text(4), state_of(rows.text(1)), rows.integer(3), members_of(rows.text(5)), rows.integer(6) != 0, rows.integer(7) != 0, rows.integer(8) != 0};
  return out;
}

Result<> Crm::save(const Row& r) {
  return core_.store->run("INSERT INTO crm(intervention, practice, state, crm_ref, version, content_sha256, withheld, refusal_told, withdrawal_told) "
                          "VALUES(?,?,?,?,?,?,?,?,?) ON CONFLICT(intervention) DO UPDATE SET state = excluded.state, crm_ref = excluded.crm_ref, "
                          "version = excluded.version, content_sha256 = excluded.content_sha256, withheld = excluded.withheld, "
                          "refusal_told = excluded.refusal_told, withdrawal_told = excluded.withdrawal_told",
                          r.intervention, r.practice, word(r.state), r.crm_ref, r.version, r.content_sha256, json::serialize(texts_json(r.withheld)), r.refusal_told, r.withdrawal_told);
}

// Where its personal words stand in the log: a destruction names places.
Result<> Crm::note_places(const std::string& id) {
  std::optional<std::int64_t> record, report;
  PL_CHECK(core_.log->read([&](sqlite::Database& log) -> Result<> {
    PL_TRY(first, log.integer("SELECT max(idx) FROM records WHERE intervention = ? AND type = 'intervention'", id));
    PL_TRY(second, log.integer("SELECT max(idx) FROM records WHERE intervention = ? AND type = 'report'", id));
    record = first, report = second;
    return {};
  }));
  return core_.store->run("UPDATE crm SET record_index = ?, report_index = ? WHERE intervention = ?", record, report, id);
}

// ---- messages ----

Result<> Crm::say(Row& r, std::string_view what, json::object data) {
  const auto id = InterventionId::parse(r.intervention);
  if (!id) return fail(Errc::internal, "is no intervention's number", "store, crm");
  ++r.version;
  Message message;
  message.id = make_uuid(core_.random);
  message.channel = Channel::webhook;
  message.subject = what;
  message.intervention = *id;
  message.practice = r.practice;
  message.body = crm_body(what, core_.clock.now(), r.version, std::move(data));
  PL_TRY(fresh, outbox_.put(message, core_.clock.now()));
  if (!fresh) return fail(Errc::internal, "a new message has an old number", "outbox");
  return save(r);
}

Result<> Crm::say_content(Row& r, const Intervention& iv) {
  PL_TRY(facts, core_.interventions.facts_of(iv.id()));
  auto content = crm_content(iv, core_.practices.find(iv.request.practice), last_comment(facts), r.withheld);
  const auto sha256 = sha256_hex(json::serialize(content));
  if (sha256 == r.content_sha256) return note_places(r.intervention);
  // What still waits is older than this: only the last version goes out.
  PL_CHECK(outbox_.forget_bodies(Channel::webhook, iv.id(), "a later version took its place"));
  const bool first = r.content_sha256.empty();
  r.content_sha256 = sha256;
  r.state = CrmState::pending;
  PL_CHECK(say(r, first ? "closed" : "corrected", std::move(content)));
  return note_places(r.intervention);
}

Result<> Crm::say_deletion(Row& r, const std::string& certificate) {
  if (r.state == CrmState::deletion_pending || r.state == CrmState::deleted) return {};
  const auto id = InterventionId::parse(r.intervention);
  if (!id) return fail(Errc::internal, "is no intervention's number", "store, crm");
  PL_CHECK(outbox_.forget_bodies(std::nullopt, *id, "what it said was destroyed"));
  r.content_sha256.clear();
  r.state = r.tried ? CrmState::deletion_pending : CrmState::deleted;  // never tried: nobody holds a copy
  if (r.state == CrmState::deleted) return save(r);
  auto order = crm_deletion(r.intervention, r.practice, r.crm_ref, certificate);
  return say(r, "deletion", std::move(order));
}

// ---- changes ----

// Stripped of whom it names, or gone: retention's way to say that the row is destroyed.
Result<bool> Crm::names_nobody(const std::string& id) {
  PL_TRY(lead, core_.store->text("SELECT lead FROM interventions WHERE id = ?", id));
  return !lead || lead->empty();
}

Result<> Crm::look_at(const std::string& id) {
  PL_TRY(kept, row(id));
  PL_TRY(destroyed, names_nobody(id));
  if (destroyed) return kept ? say_deletion(*kept, "") : Result<>{};
  if (!wanted() && !kept) return {};
  const auto number = InterventionId::parse(id);
  if (!number) return fail(Errc::internal, "is no intervention's number", "store");
  PL_TRY(iv, core_.interventions.find(*number));
  if (!iv || (kept && kept->state >= CrmState::deletion_pending)) return {};
  Row r = kept ? *std::move(kept) : Row{id, iv->request.practice.text(), "", "", CrmState::none, 0, {}, false, false, false};
  // What the store says: in memory it may be closed a moment before its record is in the log.
  PL_TRY(state, core_.store->text("SELECT state FROM interventions WHERE id = ?", id));
  if (state != word(iv->state)) return {};
  if (iv->state == State::closed) return say_content(r, *iv);
  if (iv->state == State::refused && !std::exchange(r.refusal_told, true)) return say(r, "refused", crm_refusal(*iv, to_utc(core_.clock.now())));
  const bool withdrawn = iv->state == State::ended && iv->session_end && text_of(*iv->session_end, "cause") == word(EndCause::withdrawn);
  if (withdrawn && !std::exchange(r.withdrawal_told, true)) return say(r, "withdrawn", crm_withdrawal(*iv));
  return {};
}

Result<> Crm::say_again(const InterventionId& id) {
  PL_TRY(transaction, sqlite::Transaction::begin(*core_.store));
  PL_TRY(kept, row(id.text()));
  if (kept && kept->state >= CrmState::deletion_pending) return fail(Errc::conflict, "was destroyed: nothing of it goes out any more", id.text());
  PL_CHECK(core_.store->run("UPDATE crm SET content_sha256 = 'asked again' WHERE intervention = ?", id.text()));
  PL_CHECK(outbox_.note_change(id));
  return transaction.commit();
}

// ---- destruction ----

Result<std::vector<std::string>> Crm::ids(sqlite::Rows rows) {
  std::vector<std::string> out;
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    out.push_back(rows.text(0));
  }
}

namespace {

// Whether one entry of a scope takes what the CRM was told: words or names of the records of a closed intervention.
bool takes_what_was_told(const audit::DestructionScope& scope) {
  if (scope.whole_record) return true;
  if (!scope.type.empty() && scope.type != "intervention" && scope.type != "report") return false;
  if (!scope.field.empty()) return !crm_member_of(scope.field).empty();
  return !scope.cls || *scope.cls == audit::FieldClass::person || *scope.cls == audit::FieldClass::text;
}

}  // namespace

Result<> Crm::withhold(Row& r, const std::string& member) {
  if (std::find(r.withheld.begin(), r.withheld.end(), member) != r.withheld.end()) return {};
  r.withheld.push_back(member);
  const auto id = InterventionId::parse(r.intervention);
  if (!id || r.state >= CrmState::deletion_pending) return save(r);
  PL_TRY(iv, core_.interventions.find(*id));
  return iv && iv->state == State::closed ? say_content(r, *iv) : save(r);
}

Result<> Crm::destroyed(const json::object& certificate) {
  const auto number = text_of(certificate, "certificate_id");
  const auto* listed = certificate.if_contains("scope");
  if (!listed || listed->is_null()) return {};
  PL_TRY(scopes, audit::parse_scope(*listed));
  for (const auto& scope : scopes) {
    if (!takes_what_was_told(scope)) continue;
    PL_TRY(rows, core_.store->query("SELECT intervention FROM crm WHERE (record_index BETWEEN ?1 AND ?2 OR report_index BETWEEN ?1 AND ?2) "
                                    "AND (?3 = '' OR practice = ?3) AND (?4 = '' OR intervention = ?4)",
                                    static_cast<std::int64_t>(scope.first), static_cast<std::int64_t>(scope.last), scope.practice, scope.intervention));
    PL_TRY(found, ids(std::move(rows)));
    for (const auto& id : found) {
      PL_TRY(kept, row(id));
      if (!kept) continue;
      if (scope.field.empty()) PL_CHECK(say_deletion(*kept, number));
      else PL_CHECK(withhold(*kept, std::string(crm_member_of(scope.field))));
    }
  }
  return {};
}

Result<> Crm::trying(const Message& message) {
  if (message.channel != Channel::webhook || !message.intervention) return {};
  return core_.store->run("UPDATE crm SET tried = 1 WHERE intervention = ?", message.intervention->text());
}

Result<> Crm::settled(const Message& message, const Settled& how) {
  if (message.channel != Channel::webhook || !message.intervention) return {};
  PL_TRY(kept, row(message.intervention->text()));
  if (!kept) return {};
  const bool deletion = message.subject == "deletion";
  if (!deletion && kept->state >= CrmState::deletion_pending) return {};
  if (deletion) {
    if (how.state == DeliveryState::acknowledged) kept->state = CrmState::deleted, kept->crm_ref.clear();
    return save(*kept);
  }
  if (!how.crm_ref.empty()) kept->crm_ref = how.crm_ref;
  if (message.subject == "closed" || message.subject == "corrected") switch (how.state) {
    case DeliveryState::acknowledged: kept->state = CrmState::acknowledged; break;
    case DeliveryState::refused: kept->state = CrmState::refused; break;
    case DeliveryState::given_up:
    case DeliveryState::dropped: kept->state = CrmState::given_up; break;
    case DeliveryState::waiting: kept->state = CrmState::pending; break;
  }
  return save(*kept);
}

}  // namespace pontlevis::gateway
