// The `destruction` record and the certificates made of it (requirements §4.4).
#include <filesystem>

#include "audit/destruction_work.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

constexpr const char* automaton = "AUTOMATON";
constexpr std::size_t max_names = 32;

json::value given(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }
json::value given(const std::optional<Time>& time) { return time ? json::value(to_utc(*time)) : json::value(nullptr); }

json::object remanence_json(const RemanenceReport& looked) {
  json::array names;  // of files, without the folders of this machine
  for (const auto& file : looked.found_in)
    if (names.size() < max_names) names.emplace_back(std::filesystem::path(file).filename().string());
  return {{"files", looked.files}, {"bytes", looked.bytes}, {"looked_for", looked.needles}, {"found", looked.found}, {"found_in", std::move(names)}};
}

json::array media_of(const DestructionIntent& intent) {
  json::array out{"DATABASE", "WRITE_AHEAD_LOG", "KEYS"};
  if (!intent.look_at.also.empty()) out.emplace_back("NAMED_FILES");
  if (intent.order.backup_expiry) out.emplace_back("BACKUPS");
  return out;
}

Result<std::vector<LeafIndex>> destruction_indexes(const Log& log, const std::optional<PracticeId>& practice, std::size_t limit) {
  std::vector<LeafIndex> out;
  const auto code = practice ? practice->text() : std::string();
  PL_CHECK(log.read([&](sqlite::Database& db) -> Result<> {
    PL_TRY(rows, db.query("SELECT idx FROM records WHERE type = 'destruction' AND (?1 = '' OR practice = ?1) ORDER BY idx DESC LIMIT ?2", code, limit));
    for (;;) {
      PL_TRY(more, rows.next());
      if (!more) return {};
      out.push_back(static_cast<LeafIndex>(rows.integer(0)));
    }
  }));
  return out;
}

// SHA-256 of the body of the destruction record before: the second half of its entry, which stays for ever.
Result<json::value> previous_hash(const Log& log) {
  PL_TRY(found, destruction_indexes(log, {}, 1));
  if (found.empty()) return json::value(nullptr);
  PL_TRY(record, log.record(found.front()));
  return json::value(to_hex(std::string_view(record.entry).substr(2)));
}

}  // namespace

Result<json::object> DestructionWork::record_of(const RemanenceReport& looked) const {
  const auto& order = intent_.order;
  const auto now = to_utc(log_.clock().now());
  const bool partial = looked.found > 0 || (order.backup_expiry && performed_at_ < *order.backup_expiry);
  PL_TRY(previous, previous_hash(log_));
  return json::object{
      {"practice", order.practice ? json::value(order.practice->text()) : json::value(nullptr)},
      {"intervention", order.intervention ? json::value(order.intervention->text()) : json::value(nullptr)},
      {"certificate_id", intent_.id}, {"issued_at", now}, {"reason", order.reason}, {"policy_version", given(order.rule_version)},
      {"legal_basis", given(order.legal_basis)}, {"retention_class", given(order.retention_class)}, {"record_count", intent_.fields},
      {"oldest_at", given(intent_.oldest)}, {"newest_at", given(intent_.newest)},
      {"scope_commitment", sha256_hex(json::serialize(scope_json(order.scope)))}, {"media", media_of(intent_)},
      {"method", "KEYS_AND_CIPHERTEXT_DESTROYED"}, {"performed_at", to_utc(performed_at_)},
      {"operator", order.operator_login.empty() ? std::string(automaton) : order.operator_login},
      {"verification_method", resumed_ ? "FILES_REWRITTEN_THEN_BYTE_SCAN" : "BYTE_SCAN"}, {"verified_at", now}, {"verified_by", automaton},
      {"verification_result", looked.found == 0 ? "ABSENT" : "PRESENT"}, {"backup_expiry_at", given(order.backup_expiry)},
      {"state", partial ? "PARTIAL" : "FINAL"}, {"deferrals", order.deferrals}, {"previous_certificate_hash", std::move(previous)},
      {"rule", given(order.rule)}, {"rule_version", given(order.rule_version)}, {"deadline", given(order.deadline)},
      {"scope", scope_json(order.scope)}, {"keys_destroyed", intent_.keys}, {"remanence", remanence_json(looked)},
      {"trigger", given(order.trigger)}};
}

// ---- certificates ----

namespace {

// The largest checkpoint over the record that a witness cosigned, with those lines; else the latest one.
Result<TlogProof> best_proof(const Log& log, LeafIndex index) {
  std::string note;
  TreeSize size = 0;
  PL_CHECK(log.read([&](sqlite::Database& db) -> Result<> {
    PL_TRY(cosigned, db.integer("SELECT max(size) FROM cosig WHERE size > ?", index));
    if (!cosigned || static_cast<TreeSize>(*cosigned) > log.size()) return {};
    size = static_cast<TreeSize>(*cosigned);
    PL_TRY(text, db.text("SELECT note FROM checkpoints WHERE size = ?", size));
    note = text.value_or("");
    PL_TRY(lines, db.query("SELECT line FROM cosig WHERE size = ? ORDER BY witness, ts", size));
    for (;;) {
      PL_TRY(more, lines.next());
      if (!more) return {};
      note += lines.text(0);
    }
  }));
  if (note.empty()) return log.proof_of(index);
  PL_TRY(path, log.prove(index, size));
  return TlogProof{std::nullopt, index, std::move(path), std::move(note)};
}

std::uint64_t number_of(const json::object& record, std::string_view name) {
  const auto* value = record.if_contains(name);
  return value && value->is_number() ? value->to_number<std::uint64_t>() : 0;
}

std::optional<std::string> given_text(const json::object& record, std::string_view name) {
  auto text = text_of(record, name);
  return text.empty() ? std::nullopt : std::optional(std::move(text));
}

}  // namespace

Result<Certificate> certificate(const Log& log, LeafIndex index) {
  PL_TRY(record, log.record(index));
  if (record.type() != "destruction") return fail(Errc::not_found, "record " + std::to_string(index) + " is not a destruction", "certificate");
  Certificate out;
  out.index = index;
  PL_TRY(fields, record.open());
  out.fields = std::move(fields);
  out.id = text_of(out.fields, "certificate_id");
  PL_TRY(openings, parse_disclosures(print_disclosures(record)));
  out.disclosures = std::move(openings);
  PL_TRY(proof, best_proof(log, index));
  out.proof = proof.text();
  return out;
}

Result<std::vector<CertificateLine>> certificates(const Log& log, const std::optional<PracticeId>& practice, std::size_t limit) {
  PL_TRY(found, destruction_indexes(log, practice, limit));
  std::vector<CertificateLine> out;
  for (const auto index : found) {
    PL_TRY(record, log.record(index));
    PL_TRY(f, record.open());
    out.push_back({index, text_of(f, "certificate_id"), text_of(f, "state"), text_of(f, "reason"), text_of(f, "performed_at"), text_of(f, "completes"),
                   given_text(f, "practice"), given_text(f, "intervention"), given_text(f, "backup_expiry_at"), number_of(f, "record_count")});
  }
  return out;
}

Result<Certificate> certificate(const Log& log, std::string_view id) {
  constexpr std::size_t all = 1'000'000;
  PL_TRY(found, destruction_indexes(log, {}, all));
  for (const auto index : found) {
    PL_TRY(record, log.record(index));
    PL_TRY(fields, record.open());
    if (text_of(fields, "certificate_id") == id) return certificate(log, index);
  }
  return fail(Errc::not_found, "there is no certificate of this number", "certificate");
}

json::object certificate_json(const Certificate& certificate, const NoteVerifier& log) {
  return {{"certificate", certificate.fields}, {"index", certificate.index}, {"disclosures", texts_json(certificate.disclosures)},
          {"proof", certificate.proof}, {"log_key", log.text()}};
}

// ---- PARTIAL to FINAL ----

namespace {

struct Waiting {
  LeafIndex index{};
  std::vector<std::string> found_in;
};

Result<std::vector<Waiting>> waiting_until(const Log& log, Time now) {
  std::vector<Waiting> out;
  PL_CHECK(log.read([&](sqlite::Database& db) -> Result<> {
    PL_TRY(rows, db.query("SELECT idx, found_in FROM destructions_partial WHERE backup_expiry <= ? ORDER BY idx", to_utc(now)));
    for (;;) {
      PL_TRY(more, rows.next());
      if (!more) return {};
      Waiting one{static_cast<LeafIndex>(rows.integer(0)), {}};
      boost::system::error_code ec;
      const auto files = json::parse(rows.text(1), ec);
      if (!ec && files.is_array())
        for (const auto& file : files.get_array())
          if (file.is_string()) one.found_in.emplace_back(file.get_string());
      out.push_back(std::move(one));
    }
  }));
  return out;
}

bool copies_are_gone(const Waiting& waiting) {
  std::error_code ec;
  for (const auto& file : waiting.found_in)
    if (std::filesystem::exists(file, ec) || ec) return false;
  return true;
}

Result<Certificate> complete(Log& log, const Waiting& waiting, Time now) {
  PL_TRY(first, certificate(log, waiting.index));
  json::object fields;
  for (const auto* name : {"practice", "intervention", "reason", "policy_version", "legal_basis", "retention_class", "record_count", "oldest_at", "newest_at",
                           "scope_commitment", "media", "method", "performed_at", "backup_expiry_at", "rule", "rule_version", "deadline", "trigger"})
    if (const auto* value = first.fields.if_contains(name)) fields[name] = *value;
  PL_TRY(previous, previous_hash(log));
  fields["certificate_id"] = make_uuid(log.random());
  fields["issued_at"] = to_utc(now);
  fields["operator"] = automaton;
  fields["verification_method"] = waiting.found_in.empty() ? "BACKUPS_EXPIRED" : "BACKUPS_EXPIRED_AND_FILES_GONE";
  fields["verified_at"] = to_utc(now);
  fields["verified_by"] = automaton;
  fields["verification_result"] = "ABSENT";
  fields["state"] = "FINAL";
  fields["deferrals"] = json::array{};
  fields["previous_certificate_hash"] = std::move(previous);
  fields["completes"] = first.id;
  PL_TRY(record, Record::make("destruction", fields));
  PL_TRY(appended, log.append_now(std::move(record), [&](sqlite::Database& db) {
    return db.run("DELETE FROM destructions_partial WHERE idx = ?", waiting.index);
  }));
  return certificate(log, appended.index);
}

}  // namespace

Result<std::vector<Certificate>> finalise_due(Log& log, Time now) {
  const std::lock_guard turn(log.destruction_turn());
  PL_TRY(waiting, waiting_until(log, now));
  std::vector<Certificate> out;
  for (const auto& one : waiting) {
    if (!copies_are_gone(one)) continue;
    PL_TRY(done, complete(log, one, now));
    out.push_back(std::move(done));
  }
  return out;
}

// ---- after a restore ----

Result<std::uint64_t> replay_destructions(Log& log, std::span<const json::object> more) {
  const std::lock_guard turn(log.destruction_turn());
  constexpr std::size_t all = 1'000'000;
  PL_TRY(own, destruction_indexes(log, {}, all));
  std::vector<json::object> records(more.begin(), more.end());
  for (const auto index : own) {
    PL_TRY(record, log.record(index));
    PL_TRY(fields, record.open());
    records.push_back(std::move(fields));
  }
  std::uint64_t met = 0;
  for (const auto& fields : records) {
    PL_TRY(claim, read_claim(fields));
    DestructionIntent intent;
    for (auto& scope : claim.scope) {
      if (scope.first >= log.size()) continue;  // of what this copy never had
      scope.last = std::min<LeafIndex>(scope.last, log.size() - 1);
      intent.order.scope.push_back(std::move(scope));
    }
    DestructionWork work(log, std::move(intent), true, {});
    PL_CHECK(work.erase());
    met += work.erased();
  }
  DestructionWork last(log, {}, true, {});
  PL_CHECK(last.truncate());
  return met;
}

}  // namespace pontlevis::audit
