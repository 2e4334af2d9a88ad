// The types of record about the memory itself: what was looked at, marked, exported, held, destroyed, answered,
// notified and stamped (requirements A12, A15, A17, A18, A24, A27, B12, B16-B23, B33). Included by schema.cpp alone.
#pragma once

#include "audit/schema.hpp"

namespace pontlevis::audit::memory_fields {

using enum FieldClass;

// Data destroyed, after a look that nothing is left: never their values nor salts (B20, requirements §4.4).
inline constexpr FieldRule destruction[] = {
    {"certificate_id", open, "N°"},
    {"issued_at", open, "Établi le"},
    {"reason", open, "Motif: RETENTION, IP_6_MONTHS, NEVER_OPENED, CONTRACT_END, ERASURE_REQUEST, SPONTANEOUS_HEALTH_DATA or ANNUAL_REVIEW"},
    {"policy_version", open, "Politique appliquée"},
    {"legal_basis", open, "Fondement"},
    {"retention_class", open, "Catégorie de données"},
    {"record_count", open, "Nombre d'éléments"},
    {"oldest_at", open, "Période couverte, du"},
    {"newest_at", open, "Période couverte, au"},
    {"scope_commitment", open, "Empreinte de la liste"},
    {"media", open, "Supports"},
    {"method", open, "Procédé"},
    {"performed_at", open, "Détruit le"},
    {"operator", person, "Opérateur: AUTOMATON or a login"},
    {"verification_method", open, "Contrôle"},
    {"verified_at", open, "Vérifié le"},
    {"verified_by", person, "Vérifié par"},
    {"verification_result", open, "Résultat: ABSENT or PRESENT"},
    {"backup_expiry_at", open, "Expiration des sauvegardes"},
    {"state", open, "PARTIAL or FINAL"},
    {"deferrals", open, "Éléments différés"},
    {"previous_certificate_hash", open, "Certificat précédent"},
    {"rule", open, "the rule that was applied"},
    {"rule_version", open, "its version"},
    {"deadline", open, "last moment by which it had to be done"},
    {"scope", open, "what is gone: ranges of records, their class, field, type, practice or intervention"},
    {"keys_destroyed", open, "how many keys of fields"},
    {"remanence", open, "the byte scan: files, bytes, what was looked for, what was found"},
    {"trigger", open, "what asked for it: retention, number of a request, end of a contract"},
    {"completes", open, "certificate_id of the PARTIAL certificate that this FINAL one completes"},
};
inline constexpr std::size_t destruction_fields_at_first = 22;  // a record of before has these only

// Somebody read records, and for what purpose (B12, A15).
inline constexpr FieldRule viewed[] = {
    {"viewed_by", person, "who read"},
    {"role", open, "compliance, auditor or administrator"},
    {"purpose", open, "B12: what for, one of a few words"},
    {"reference", text, "number of what it was read for, as the reader gave it"},
    {"view", open, "list, intervention, journal, register or proof"},
    {"filter", text, "what was searched for: may hold a name"},
    {"found", open, "number of rows"},
};

// What a reader noted about an intervention: seen, question, finding, answer or resolved (A15).
inline constexpr FieldRule review_mark[] = {
    {"mark_id", open, "names the mark"},
    {"mark", open, "SEEN, QUESTION, FINDING, ANSWER or RESOLVED"},
    {"about", open, "mark_id of the question or finding it answers or resolves"},
    {"due", open, "last day to answer a finding"},
    {"text", text, "the words"},
    {"marked_by", person, "who"},
    {"role", open, "compliance or auditor"},
};

// A copy left the gateway (A06, A15, A29).
inline constexpr FieldRule exported[] = {
    {"exported_by", person, "who"},
    {"role", open, "compliance, auditor or administrator"},
    {"purpose", open, "B12: what for, one of a few words"},
    {"reference", text, "number of what it was made for, as the reader gave it"},
    {"format", open, "CSV, JSON, PDF or PROOF_PACK"},
    {"filter", text, "what was chosen"},
    {"count", open, "number of interventions"},
    {"sha256", open, "names the file"},
    {"expires_on", open, "T2: day by which the reader must have deleted it"},
};

// Records that must not be destroyed yet (B18). Never network addresses.
inline constexpr FieldRule hold[] = {
    {"hold_id", open, "names the hold"},
    {"event", open, "PLACED, REVIEWED or LIFTED"},
    {"scope", open, "practice, intervention or range of records"},
    {"reason", text, "why"},
    {"review_on", open, "day on which it is looked at again"},
    {"done_by", person, "who"},
};

// Once a year: what is kept, how old it is, and what was decided (B19).
inline constexpr FieldRule annual_review[] = {
    {"year", open, "of the campaign"},
    {"event", open, "OPENED, DECIDED, SIGNED or OVERDUE"},
    {"counts", open, "per class: number, oldest, due"},
    {"decisions", open, "per class: KEEP or DELETE"},
    {"signed_by", person, "who"},
    {"report_sha256", open, "names the report"},
    {"due", open, "last day"},
};

// End of a contract: return or deletion, as the practice chose (A17, A23).
inline constexpr FieldRule contract_end[] = {
    {"event", open, "CHOSEN, RETURNED, CONFIRMED, DELETED or KEYS_REVOKED"},
    {"contract_ref", open, "contract"},
    {"choice", open, "RETURN_THEN_DELETE or DELETE"},
    {"chosen_by", person, "who at the practice, as told to the vendor"},
    {"export_sha256", open, "names what was returned"},
    {"certificates", open, "numbers of the destruction certificates"},
    {"due", open, "A17: last day, one month after the end"},
    {"done_by", person, "who at the vendor"},
};

// Health data that came without being asked for (B33).
inline constexpr FieldRule spontaneous_data[] = {
    {"case_id", open, "names the case"},
    {"event", open, "QUARANTINED or DESTROYED"},
    {"place", open, "field, ticket, attachment or chat"},
    {"record_index", open, "the record, where it is one of this log"},
    {"field", open, "the field, where it is one of this log"},
    {"rule", open, "what found it"},
    {"certificate_id", open, "destruction certificate"},
    {"done_by", person, "who"},
};

// A personal-data breach: opened, changed, notified or closed (A18, B06, requirements §4.6).
inline constexpr FieldRule breach[] = {
    {"breach_id", open, "N°"},
    {"event", open, "DRAFTED, CONFIRMED, CHANGED, SCOPED, NOTIFIED, DELIVERED, DISMISSED or CLOSED"},
    {"notice_kind", open, "INITIALE, COMPLEMENTAIRE or CLOTURE"},
    {"recipient", open, "code of the practice that was told, or CNIL or CSIRT"},
    {"detected_at", open, "when it was detected"},
    {"aware_at", open, "start of the clocks"},
    {"cause", open, "why the draft was opened, one of a few words"},
    {"file_sha256", open, "names the breach file as it stood"},
    {"notice_sha256", open, "names the notice"},
    {"delay_reason", text, "why later than 72 hours"},
    {"reason", text, "why it was dismissed, or what was learned when it was closed"},
    {"delivery_proof", text, "how it is known that the notice arrived"},
    {"done_by", person, "who; empty when opened by itself"},
};

// What became of a request of a person (type rights_request says what was asked): each step of it (A16, B22, B23).
inline constexpr FieldRule rights_step[] = {
    {"request_id", open, "N° of the request"},
    {"event", open, "IDENTITY, EXTENDED, FORWARDED, SEARCHED or ANSWERED"},
    {"status", open, "who asks: PATIENT, PRACTITIONER, PRACTICE_STAFF, TECHNICIAN or OTHER"},
    {"route", open, "B23: who answers, VENDOR or PRACTICE"},
    {"identity_method", text, "B23: how it was checked, in a few words; never a document nor its number"},
    {"identity_result", open, "CONFIRMED, NOT_CONFIRMED or NOT_NEEDED"},
    {"due", open, "B22: last day to answer, as it stands after this step"},
    {"extended_until", open, "B22: last day after an extension"},
    {"extension_reason", text, "why, as the person was told"},
    {"forwarded_to", open, "A16: code of the practice"},
    {"found", open, "records that name the person"},
    {"outcome", open, "GRANTED, PARTLY_GRANTED, REFUSED, NOTHING_HELD, FORWARDED or WITHDRAWN"},
    {"words", text, "what the person was told"},
    {"answer_sha256", open, "B24: names each file of the answer"},
    {"done_by", person, "who"},
};

// A version of the register of processing (B31, requirements §4.5).
inline constexpr FieldRule register_entry[] = {
    {"entry_id", open, "N° de fiche"},
    {"entry_kind", open, "RESPONSABLE or SOUS_TRAITANT"},
    {"version", open, "version"},
    {"event", open, "GENERATED or VALIDATED"},
    {"entry_sha256", open, "names the text"},
    {"validated_by", person, "DPO"},
    {"next_review_on", open, "B31: next review"},
};

// Something was told to the vendor's world, and what came of it (A39, requirements §4.1 crm_sync_state).
inline constexpr FieldRule delivery[] = {
    {"delivery_id", open, "names the message; the same at every try"},
    {"channel", open, "webhook, mail or csv"},
    {"subject", open, "closed, corrected, withdrawn, refused, deletion, report, clock, alarm, notice or day"},
    {"state", open, "ACKNOWLEDGED, REFUSED, GIVEN_UP or DROPPED"},
    {"tries", open, "how often"},
    {"status", open, "what the other side answered, as a number"},
    {"crm_ref", open, "number in the customer-relations system"},
    {"body_sha256", open, "names what was sent"},
    {"reason", text, "why a person dropped it"},
    {"done_by", person, "who dropped it"},
};

// A third party's time on a checkpoint (RFC 3161).
inline constexpr FieldRule timestamp[] = {
    {"checkpoint_size", open, "the checkpoint"},
    {"checkpoint_sha256", open, "what was stamped"},
    {"stamped_at", open, "time in the token"},
    {"authority", open, "name of the authority"},
    {"token_sha256", open, "names the token"},
};

// A copy for the bad day: made, checked, restored or failed (A12).
inline constexpr FieldRule backup[] = {
    {"event", open, "MADE, CHECKED, RESTORED, EXPIRED or FAILED"},
    {"kind", open, "DATA or KEYS"},
    {"sha256", open, "names the file"},
    {"bytes", open, "size"},
    {"log_size", open, "records it covers"},
    {"expires_on", open, "day on which its key is destroyed"},
    {"replayed", open, "destructions done again after a restore"},
    {"cause", open, "why it failed"},
    {"done_by", person, "who; empty when scheduled"},
};

// The first record of a log that follows another whose past was lost (audit-log design §2.3).
inline constexpr FieldRule link[] = {
    {"previous_origin", open, "name of the log that was closed"},
    {"previous_key", open, "its public key"},
    {"last_size", open, "largest size a witness cosigned"},
    {"last_checkpoint", open, "that checkpoint with its cosignatures, verbatim"},
    {"own_size", open, "records that were left"},
    {"missing", open, "records that a witness saw and that are gone"},
    {"cause", open, "restore, rollback or damage"},
    {"done_by", person, "who"},
};

// A witness says that the log contradicts itself, or the log found that it is behind (design §2.3).
inline constexpr FieldRule witness_alarm[] = {
    {"witness", open, "key name"},
    {"cause", open, "TWO_HISTORIES, ROLLED_BACK, NO_PROOF or MISSING_RECORD"},
    {"size", open, "size concerned"},
    {"known", open, "checkpoint that was known, verbatim"},
    {"conflicting", open, "checkpoint that contradicts it, verbatim"},
};

}  // namespace pontlevis::audit::memory_fields
