#include "audit/destruction.hpp"

#include <algorithm>
#include <thread>

#include "audit/destruction_work.hpp"
#include "audit/log_store.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/json_values.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

constexpr std::size_t chunk_limit = 2000;  // fields a transaction: the writer never waits for long
constexpr std::size_t max_json_bytes = 64 * 1024;
constexpr std::chrono::milliseconds pause{50};
constexpr std::size_t salt_chars = 22;
constexpr std::size_t salted_prefix = 32;  // characters of a disclosure that hold `["` and the salt

std::unexpected<Error> refuse(Errc code, std::string what, std::string hint = {}) {
  return fail(code, std::move(what), "destruction", std::move(hint));
}

Result<> check_scope(const DestructionScope& s, TreeSize size) {
  if (s.last < s.first || s.last >= size) return refuse(Errc::bad_input, "names records " + std::to_string(s.first) + " to " + std::to_string(s.last) + ", the log has " + std::to_string(size));
  if (!s.whole_record && (s.field == "type" || s.field == "time" || (s.field.empty() && s.cls == FieldClass::open)))
    return refuse(Errc::not_allowed, "would close what names and dates a record", "destroy the whole record, or name one other field");
  return {};
}

Result<> check_order(const DestructionOrder& order, TreeSize size) {
  if (std::ranges::find(destruction_reasons, order.reason) == std::end(destruction_reasons))
    return refuse(Errc::bad_input, "has no known reason", "one of requirements §4.4, as RETENTION or ERASURE_REQUEST");
  if (order.scope.empty() || order.scope.size() > max_scopes) return refuse(Errc::bad_input, "names no records, or more than " + std::to_string(max_scopes) + " ranges", "destroy them in parts");
  if (json::serialize(scope_json(order.scope)).size() > max_json_bytes || json::serialize(order.deferrals).size() > max_json_bytes)
    return refuse(Errc::bad_input, "has a scope that does not fit in its record", "destroy it in parts");
  for (const auto& scope : order.scope) PL_CHECK(check_scope(scope, size));
  PL_CHECK(parse_scope(scope_json(order.scope)));
  return {};
}

Result<bool> was_opened(const Log& log, const std::string& intervention) {
  bool out = false;
  PL_CHECK(log.read([&](sqlite::Database& db) -> Result<> {
    PL_TRY(found, db.integer("SELECT 1 FROM records WHERE intervention = ? AND type = 'session_open' LIMIT 1", intervention));
    out = found.has_value();
    return {};
  }));
  return out;
}

Result<> check_never_opened(const Log& log, const DoomedRecord& record) {
  const auto at = from_utc(record.time);
  PL_TRY(opened, was_opened(log, record.intervention));
  if (record.type == "request" && !record.whole && at && !opened && never_opened_from(*at) <= log.clock().now()) return {};
  return refuse(Errc::not_allowed, "record " + std::to_string(record.index) + " is no request of a year ago that never opened");
}

// Before anything goes: how much it is, and that nothing goes before its day which may not.
Result<> survey(const Log& log, DestructionIntent& intent) {
  const bool early = may_come_early(intent.order.reason), unopened = intent.order.reason == never_opened;
  const auto today = to_date(log.clock().now());
  std::set<FieldClass> classes;
  PL_CHECK(each_doomed(log, intent.order.scope, [&](const DoomedRecord& record) -> Result<> {
    if (unopened) PL_CHECK(check_never_opened(log, record));
    for (const auto& field : record.fields) {
      if (!early && !unopened && (field.expires_on.empty() || today < field.expires_on))
        return refuse(Errc::not_allowed, "field '" + field.name + "' of record " + std::to_string(record.index) + " is not due: " + intent.order.reason + " comes at the last day, not before");
      ++intent.fields;
      classes.insert(field.cls);
      intent.keys += field.ct.empty() ? 0 : 1;
    }
    if (intent.oldest.empty() || record.time < intent.oldest) intent.oldest = record.time;
    intent.newest = std::max(intent.newest, record.time);
    return {};
  }));
  if (auto& said = intent.order.retention_class; said.empty())
    for (const auto cls : classes) said += (said.empty() ? "" : ", ") + std::string(class_name(cls));
  if (intent.fields == 0) return refuse(Errc::not_found, "finds nothing there any more", "it was destroyed before: see the certificates");
  return {};
}

json::value time_or_null(const std::optional<Time>& time) { return time ? json::value(to_utc(*time)) : json::value(nullptr); }

}  // namespace

// ---- the intent ----

json::object DestructionIntent::to_json() const {
  json::array also;
  for (const auto& path : look_at.also) also.emplace_back(path.string());
  return {{"id", id}, {"begun_at", begun_at}, {"fields", fields}, {"keys", keys}, {"oldest", oldest}, {"newest", newest},
          {"rule", order.rule}, {"rule_version", order.rule_version}, {"reason", order.reason}, {"legal_basis", order.legal_basis},
          {"trigger", order.trigger}, {"operator", order.operator_login}, {"retention_class", order.retention_class},
          {"deadline", time_or_null(order.deadline)}, {"backup_expiry", time_or_null(order.backup_expiry)},
          {"practice", order.practice ? json::value(order.practice->text()) : json::value(nullptr)},
          {"intervention", order.intervention ? json::value(order.intervention->text()) : json::value(nullptr)},
          {"deferrals", order.deferrals}, {"scope", scope_json(order.scope)}, {"also", std::move(also)}};
}

Result<DestructionIntent> DestructionIntent::from_json(std::string_view text) {
  PL_TRY(object, parse_object(text, 1 << 20, "intent"));
  const auto number = [&](const char* name) { return object.contains(name) && object.at(name).is_number() ? object.at(name).to_number<std::uint64_t>() : 0; };
  DestructionIntent out;
  out.id = text_of(object, "id");
  out.begun_at = text_of(object, "begun_at");
  out.fields = number("fields"), out.keys = number("keys");
  out.oldest = text_of(object, "oldest"), out.newest = text_of(object, "newest");
  auto& order = out.order;
  for (const auto& [name, member] : {std::pair{"rule", &DestructionOrder::rule}, std::pair{"rule_version", &DestructionOrder::rule_version},
                                     std::pair{"reason", &DestructionOrder::reason}, std::pair{"legal_basis", &DestructionOrder::legal_basis},
                                     std::pair{"trigger", &DestructionOrder::trigger}, std::pair{"operator", &DestructionOrder::operator_login},
                                     std::pair{"retention_class", &DestructionOrder::retention_class}})
    order.*member = text_of(object, name);
  order.deadline = from_utc(text_of(object, "deadline"));
  order.backup_expiry = from_utc(text_of(object, "backup_expiry"));
  if (const auto practice = PracticeId::parse(text_of(object, "practice"))) order.practice = *practice;
  if (const auto intervention = InterventionId::parse(text_of(object, "intervention"))) order.intervention = *intervention;
  if (const auto* deferrals = object.if_contains("deferrals"); deferrals && deferrals->is_array()) order.deferrals = deferrals->get_array();
  PL_TRY(scope, scope_of_intent(text));
  order.scope = std::move(scope);
  if (const auto* also = object.if_contains("also"); also && also->is_array())
    for (const auto& path : also->get_array())
      if (path.is_string()) out.look_at.also.emplace_back(std::string(path.get_string()));
  return out;
}

// ---- the work ----

Result<> DestructionWork::declare() {
  const auto text = json::serialize(intent_.to_json());
  return log_.run_now([&](sqlite::Database& db) {
    return db.run("INSERT INTO destructions_open(id, intent, begun_at) VALUES (?, ?, ?)", intent_.id, text, intent_.begun_at);
  });
}

// What to look for afterwards, while it can still be read.
Result<> DestructionWork::remember(const DoomedRecord& record) {
  PL_TRY(keys, log_.keys().of(record.index));
  for (const auto& field : record.fields) {
    const auto key = keys.of(field.position);
    auto disclosure = field.ct.empty() ? std::optional(field.disclosure) : key ? open_field(*key, record.index, field.position, field.ct) : std::nullopt;
    ciphertexts_.add(field.ct);
    if (!disclosure) continue;
    needles_.add(std::string_view(*disclosure).substr(0, salted_prefix));
    auto text = from_base64url(*disclosure).value_or("");
    if (text.size() > 2 + salt_chars) needles_.add(std::string_view(text).substr(2, salt_chars));
    wipe_bytes(text);
    wipe_bytes(*disclosure);
  }
  return {};
}

namespace {

Result<> close_field(sqlite::Database& db, LeafIndex index, const LyingField& field) {
  const auto digest = field.digest.empty() ? disclosure_digest(field.disclosure).text() : field.digest;
  PL_CHECK(db.run("UPDATE fields SET disclosure = NULL, ct = NULL, digest = ? WHERE idx = ? AND pos = ?", sqlite::Blob{digest}, index, field.position));
  if (field.name == "intervention") return db.run("UPDATE records SET intervention = NULL WHERE idx = ?", index);
  if (field.name == "practice") return db.run("UPDATE records SET practice = NULL WHERE idx = ?", index);
  return {};
}

Result<> close_record(sqlite::Database& db, const DoomedRecord& record) {
  if (!record.whole) {
    for (const auto& field : record.fields) PL_CHECK(close_field(db, record.index, field));
    return {};
  }
  PL_CHECK(db.run("DELETE FROM fields WHERE idx = ?", record.index));
  return db.run("DELETE FROM records WHERE idx = ?", record.index);
}

KeyFile::Keep keep_of(const DoomedRecord& record) {
  KeyFile::Keep out{record.index, record.staying, {}};
  for (const auto& field : record.fields)
    if (!field.ct.empty()) out.destroyed.insert(field.position);
  return out;
}

}  // namespace

// The ciphertext first, then its keys: a reader that took the keys before never meets one without the other.
Result<> DestructionWork::erase_chunk() {
  if (chunk_.empty()) return {};
  if (stop_.stop_requested()) return fail(Errc::closed, "was asked to stop", "destruction", "it is finished at the next start");
  for (const auto& record : chunk_) PL_CHECK(remember(record));
  PL_CHECK(log_.run_now([this](sqlite::Database& db) -> Result<> {
    for (const auto& record : chunk_) PL_CHECK(close_record(db, record));
    return {};
  }));
  std::vector<KeyFile::Keep> keep;
  for (const auto& record : chunk_) keep.push_back(keep_of(record));
  std::vector<FieldKey> gone;
  PL_CHECK(log_.keys().keep_only(keep, gone));
  for (const auto& key : gone) needles_.add(key.expose());
  erased_ += chunk_fields_;
  chunk_.clear();
  chunk_fields_ = 0;
  return {};
}

Result<> DestructionWork::erase() {
  PL_CHECK(each_doomed(log_, intent_.order.scope, [this](DoomedRecord record) -> Result<> {
    chunk_fields_ += record.fields.size();
    chunk_.push_back(std::move(record));
    return chunk_fields_ < chunk_limit ? Result<>() : erase_chunk();
  }));
  PL_CHECK(erase_chunk());
  if (resumed_) PL_CHECK(drop_orphaned_keys());
  performed_at_ = log_.clock().now();
  return {};
}

// A crash between the two files leaves keys without a ciphertext; so does an old keys.db that was put back.
Result<> DestructionWork::drop_orphaned_keys() {
  for (const auto& scope : intent_.order.scope) PL_CHECK(drop_orphans_in(scope));
  return {};
}

Result<> DestructionWork::drop_orphans_in(const DestructionScope& scope) {
  const auto last = std::min<LeafIndex>(scope.last, log_.size() == 0 ? 0 : log_.size() - 1);
  for (LeafIndex from = scope.first; from <= last;) {
    PL_TRY(found, log_.keys().with_keys(from, last, chunk_limit));
    if (found.empty()) return {};
    from = found.back() + 1;
    std::vector<KeyFile::Keep> keep;
    for (const auto index : found) {
      PL_TRY(fields, lying_fields(log_, index));
      KeyFile::Keep one{index, {}, {}};
      for (const auto& field : fields)
        if (field.cls != FieldClass::open) (field.ct.empty() ? one.destroyed : one.positions).insert(field.position);
      keep.push_back(std::move(one));
    }
    std::vector<FieldKey> gone;
    PL_CHECK(log_.keys().keep_only(keep, gone));
    for (const auto& key : gone) needles_.add(key.expose());
  }
  return {};
}

// Both files hold all that was written and their write-ahead logs are empty. Readers of other connections are
// waited for: what they still see would stay in the write-ahead log.
Result<> DestructionWork::truncate() {
  const auto until = std::chrono::steady_clock::now() + patience_;
  for (;;) {
    bool log_empty = false;
    PL_CHECK(log_.run_alone([&](sqlite::Database& db) -> Result<> {
      PL_TRY(done, store::truncate_wal(db));
      log_empty = done;
      return {};
    }));
    PL_TRY(keys_empty, log_.keys().truncate_wal());
    if (log_empty && keys_empty) return {};
    if (stop_.stop_requested()) return fail(Errc::closed, "was asked to stop", "destruction", "it is finished at the next start");
    if (std::chrono::steady_clock::now() > until)
      return fail(Errc::unavailable, "somebody reads the log for too long; it is finished by the next purge", "destruction", "end the program that has log.db or keys.db open");
    std::this_thread::sleep_for(pause);
  }
}

// Live pages only are written again: what lay in free space is gone, whatever it was.
Result<> DestructionWork::rewrite() {
  PL_CHECK(log_.run_alone([](sqlite::Database& db) { return db.run("VACUUM"); }));
  PL_CHECK(log_.keys().rewrite());
  return truncate();
}

// Openings and keys must be nowhere. A ciphertext without its key may stand in a backup; here it must be gone too.
Result<RemanenceReport> DestructionWork::look_once(std::uint64_t& in_own) {
  std::vector<std::filesystem::path> own;
  for (const auto* name : {"log.db", "log.db-wal", "keys.db", "keys.db-wal"}) own.push_back(log_.folder() / name);
  PL_TRY(out, look_for(needles_, own, stop_));
  PL_TRY(sealed, look_for(ciphertexts_, own, stop_));
  PL_TRY(elsewhere, look_for(needles_, intent_.look_at.also, stop_));
  in_own = out.found + sealed.found;
  out.files = std::max(out.files, sealed.files) + elsewhere.files;
  out.bytes = std::max(out.bytes, sealed.bytes) + elsewhere.bytes;
  out.needles += sealed.needles;
  out.found = in_own + elsewhere.found;
  for (auto* more : {&sealed, &elsewhere}) out.found_in.insert(out.found_in.end(), more->found_in.begin(), more->found_in.end());
  return out;
}

Result<RemanenceReport> DestructionWork::look() {
  std::uint64_t in_own = 0;
  PL_TRY(first, look_once(in_own));
  if (in_own == 0) return first;
  resumed_ = true;  // and the certificate says that the files were written again
  PL_CHECK(rewrite());
  return look_once(in_own);
}

Result<Certificate> DestructionWork::certify() {
  PL_CHECK(resumed_ ? rewrite() : truncate());
  PL_TRY(looked, look());
  PL_TRY(fields, record_of(looked));
  PL_TRY(record, Record::make("destruction", fields));
  const bool partial = text_of(fields, "state") == "PARTIAL";
  PL_TRY(appended, log_.append_now(std::move(record), [&](sqlite::Database& db) -> Result<> {
    PL_CHECK(db.run("DELETE FROM destructions_open WHERE id = ?", intent_.id));
    if (!partial) return {};
    const auto expiry = intent_.order.backup_expiry ? to_utc(*intent_.order.backup_expiry) : to_utc(performed_at_);
    return db.run("INSERT INTO destructions_partial(idx, backup_expiry, found_in) SELECT max(idx), ?, ? FROM entries", expiry,
                  json::serialize(texts_json(looked.found_in)));
  }));
  return certificate(log_, appended.index);
}

// ---- what others call ----

Result<Certificate> destroy(Log& log, const DestructionOrder& order, const RemanencePaths& look_at, std::stop_token stop) {
  const std::lock_guard turn(log.destruction_turn());
  PL_CHECK(check_order(order, log.size()));
  DestructionIntent intent;
  intent.id = make_uuid(log.random());
  intent.order = order;
  intent.look_at = look_at;
  intent.begun_at = to_utc(log.clock().now());
  PL_CHECK(survey(log, intent));
  DestructionWork work(log, std::move(intent), false, std::move(stop));
  PL_CHECK(work.declare());
  PL_CHECK(work.erase());
  return work.certify();
}

Result<std::vector<Certificate>> finish_open(Log& log, std::stop_token stop, std::chrono::seconds patience) {
  const std::lock_guard turn(log.destruction_turn());
  std::vector<std::string> intents;
  PL_CHECK(log.read([&](sqlite::Database& db) -> Result<> {
    PL_TRY(rows, db.query("SELECT intent FROM destructions_open ORDER BY begun_at, id"));
    for (;;) {
      PL_TRY(more, rows.next());
      if (!more) return {};
      intents.push_back(rows.text(0));
    }
  }));
  std::vector<Certificate> out;
  for (const auto& text : intents) {
    PL_TRY(intent, DestructionIntent::from_json(text));
    DestructionWork work(log, std::move(intent), true, stop, patience);
    PL_CHECK(work.erase());
    PL_TRY(done, work.certify());
    out.push_back(std::move(done));
  }
  return out;
}

}  // namespace pontlevis::audit
