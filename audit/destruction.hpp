// Destruction that leaves a proof (audit-log design §2.4; requirements A24, B16, B20, T1, T5, T16, §4.4).
// Ciphertext and keys go, the digests stay (a whole record keeps its 34-byte entry alone), the files are
// looked through byte by byte, then a `destruction` record says what was destroyed, why and in time: it and
// its proof are the certificate. Never the destroyed values or their salts.
//
// The intent is durable before anything goes (table destructions_open): a crash at any point ends, when the
// log is opened again, in a destruction that is complete and recorded. One destruction at a time a log.
// Every function here blocks for the disk: a thread of its own, never a loop, never the log's writer thread.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "audit/log.hpp"
#include "audit/remanence.hpp"
#include "protocol/clock.hpp"
#include "protocol/ids.hpp"

namespace pontlevis::audit {

// Which fields, said so that a stranger can check it on records whose personal fields are gone. Records
// first … last; of those only the ones of `type`, `practice`, `intervention` where given (open fields, which
// stay); of these the field `field`, or all of class `cls`, or every personal field. `whole_record`: all
// disclosures and digests of exactly first … last, without any other condition.
struct DestructionScope {
  LeafIndex first{}, last{};  // both included
  std::optional<FieldClass> cls{};
  std::string field{};
  bool whole_record = false;
  std::string type{}, practice{}, intervention{};

  // What a verifier asks. `record` holds the open fields: type, practice, intervention.
  bool covers(LeafIndex index, const json::object& record, FieldClass field_class, std::string_view field_name) const;
  bool covers_whole(LeafIndex index) const noexcept { return whole_record && first <= index && index <= last; }
  bool operator==(const DestructionScope&) const = default;
};

// JSON: [{"first","last","class"?,"field"?,"whole_record"?,"type"?,"practice"?,"intervention"?}]. The decoder is strict.
constexpr std::size_t max_scopes = 800;
json::array scope_json(std::span<const DestructionScope> scope);
Result<std::vector<DestructionScope>> parse_scope(const json::value& scope);
// The scope of an intent that is not yet recorded (table destructions_open).
Result<std::vector<DestructionScope>> scope_of_intent(std::string_view intent);

// Motif (requirements §4.4). The first two only at or after the last day of each field. NEVER_OPENED a year after a
// `request` whose intervention never had a session (requirements §3). The others may come at any time.
constexpr std::string_view never_opened = "NEVER_OPENED";
constexpr std::chrono::days never_opened_after{365};
constexpr Time never_opened_from(Time asked) { return Time(std::chrono::floor<std::chrono::days>(asked)) + never_opened_after; }
constexpr std::string_view destruction_reasons[] = {"RETENTION",     "IP_6_MONTHS",   never_opened, "CONTRACT_END", "ERASURE_REQUEST",
                                                    "SPONTANEOUS_HEALTH_DATA", "ANNUAL_REVIEW"};
bool may_come_early(std::string_view reason) noexcept;

// A `destruction` record as a verifier reads it. Errc::bad_input when it is malformed.
struct DestructionClaim {
  std::string certificate_id, reason, state;  // PARTIAL or FINAL
  std::vector<DestructionScope> scope;        // empty: it is about something outside the log, or completes another
  std::optional<Time> performed_at, deadline, backup_expiry;
  std::string completes;                      // certificate_id of the PARTIAL one that this FINAL one refers to
  std::uint64_t found = 0;                    // copies the byte scan met
};
Result<DestructionClaim> read_claim(const json::object& record);

struct DestructionOrder {
  std::string rule, rule_version, reason, legal_basis;
  std::string trigger;         // retention, the number of a request, the end of a contract …
  std::string operator_login;  // empty: the automaton
  std::vector<DestructionScope> scope;
  std::optional<Time> deadline;       // last moment by which it had to be done
  std::optional<Time> backup_expiry;  // until then a backup may still hold a key: the certificate is PARTIAL
  json::array deferrals;              // what was due and is kept, and for whom: [{"ref","class",…}]
  std::optional<PracticeId> practice;            // when it is about one
  std::optional<InterventionId> intervention;    // when it is about one
  std::string retention_class;                   // empty: the classes that were met: "ip", "person, text" …
};

struct Certificate {
  std::string id;
  LeafIndex index{};    // of the `destruction` record
  json::object fields;  // that record's open fields, requirements §4.4
  std::vector<std::string> disclosures;  // its openings, in order
  std::string proof;    // c2sp tlog-proof text; its checkpoint carries the cosignatures there are
};

// Errc::not_found: nothing in the scope is open any more (no record is written); Errc::not_allowed: `type` and
// `time` close only with their record; Errc::unavailable: somebody reads the files for too long, it will be
// finished later (finish_open); Errc::closed: `stop` was asked for, likewise.
Result<Certificate> destroy(Log& log, const DestructionOrder& order, const RemanencePaths& look_at, std::stop_token stop = {});

// What a crash, a reader or a full disk left half done. Log::open() calls it; retention too. `patience`: how long
// other programs that read the files are waited for.
constexpr std::chrono::seconds destruction_patience{30};
Result<std::vector<Certificate>> finish_open(Log& log, std::stop_token stop = {}, std::chrono::seconds patience = destruction_patience);
// A FINAL record for every PARTIAL one whose backups have expired by `now`, and whose found copies are gone.
Result<std::vector<Certificate>> finalise_due(Log& log, Time now);

// After a restore: what this log's own destruction records and `more` of them (from agents, or from the log
// that was lost) say is destroyed, is destroyed again, without a new record. Answers how many fields it met.
// REQUIRES: whoever brings `more` has verified that this log wrote it.
Result<std::uint64_t> replay_destructions(Log& log, std::span<const json::object> more = {});

// Every personal field (or, `whole`, every record) of one practice or one intervention up to now. `whole` may
// give more than max_scopes: destroy them in parts.
Result<std::vector<DestructionScope>> scope_of(const Log& log, const PracticeId& practice, bool whole);
Result<std::vector<DestructionScope>> scope_of(const Log& log, const InterventionId& intervention, bool whole);

// Certificates of this log, newest first: those about one practice, or all.
struct CertificateLine {
  LeafIndex index{};
  std::string id, state, reason, performed_at, completes;
  std::optional<std::string> practice, intervention, backup_expiry;
  std::uint64_t fields{};
};
Result<std::vector<CertificateLine>> certificates(const Log& log, const std::optional<PracticeId>& practice = {},
                                                  std::size_t limit = 1000);
Result<Certificate> certificate(const Log& log, LeafIndex index);
Result<Certificate> certificate(const Log& log, std::string_view id);  // Errc::not_found

// For a person's file: {"certificate", "disclosures", "proof", "log_key"}. The text: audit/destruction_text.hpp.
json::object certificate_json(const Certificate& certificate, const NoteVerifier& log);

}  // namespace pontlevis::audit
