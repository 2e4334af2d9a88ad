#include "audit/schema.hpp"

#include <array>

#include "audit/schema_memory.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

using enum FieldClass;

constexpr FieldRule common[] = {
    {"type", open, "which fields follow"},
    {"time", open, "A41: when the log wrote it, UTC; never earlier than the record before"},
    {"intervention", open, "the row of the main courante it belongs to"},
    {"practice", open, "the site's code; REQUIRES: chosen without a person's name"},
    {"sequence", open, "place of the fact in its intervention, as its author counts"},
};

// A key that counts from now on: a practice, witness, staff key or log.
constexpr FieldRule enrolment_fields[] = {
    {"kind", open, "practice, witness, host, staff, log or approver"},
    {"key_name", open, "name of the key; never a person"},
    {"verifier_key", open, "the public key"},
    {"fingerprint", open, "what both sides read to each other"},
    {"replaces", open, "fingerprint of the key it replaces"},
    {"revoked", open, "true when the key ends here"},
    {"contract_ref", open, "the contract under which the practice joins"},
    {"enrolled_by", person, "who did it"},
    {"holder", person, "the person a key belongs to"},
    {"valid_from", open, "first moment"},
    {"valid_until", open, "last moment"},
    {"statement", statement, "the signed note itself, verbatim: anyone can verify it with the public key"},
    {"statement_sha256", open, "names the signed note after its text is gone"},
};

// A staff card given, renewed or revoked (A10, A31).
constexpr FieldRule technician_fields[] = {
    {"event", open, "issued, renewed, suspended or revoked"},
    {"login", person, "the technician"},
    {"display_name", person, "first and last name"},
    {"employer", open, "company"},
    {"subprocessor_ref", open, "A19: entry of the sub-processor register"},
    {"country", open, "A11: country of work"},
    {"qualification", open, "A36: what the person is trained for"},
    {"role", open, "technician, administrator, compliance or auditor"},
    {"card_sha256", open, "names the card"},
    {"key_fingerprints", person, "public keys on the card"},
    {"confidentiality_commitment_ref", open, "A10: commitment to confidentiality"},
    {"confidentiality_commitment_date", open, "when it was signed"},
    {"action_limit_commitment_ref", open, "A10: commitment to limit actions"},
    {"action_limit_commitment_date", open, "when it was signed"},
    {"trained_on", open, "when the person was last trained"},
    {"valid_until", open, "end of the card"},
    {"done_by", person, "who did it"},
    {"reason", text, "why"},
    {"statement", statement, "the signed note itself, verbatim: anyone can verify it with the public key"},
    {"statement_sha256", open, "names the signed note after its text is gone"},
};

// A customer site made, changed, suspended or ended (A03, A07, A17).
constexpr FieldRule practice_fields[] = {
    {"event", open, "created, changed, approver_added, approver_removed, suspended or ended"},
    {"display_name", person, "name of the practice"},
    {"controller_name", person, "A01: the controller"},
    {"contract_ref", open, "contract"},
    {"contract_from", open, "first day"},
    {"contract_until", open, "last day"},
    {"approver", person, "A07: who may decide"},
    {"approver_role", open, "owner, delegate or observer"},
    {"systems", open, "A42: the inventory"},
    {"settings_sha256", open, "A08: names the settings in force"},
    {"done_by", person, "who did it"},
    {"reason", text, "why"},
    {"statement", statement, "the signed note itself, verbatim: anyone can verify it with the public key"},
    {"statement_sha256", open, "names the signed note after its text is gone"},
};

// A sub-processor proposed, notified, objected to or authorised (A19).
constexpr FieldRule subprocessor_fields[] = {
    {"event", open, "added or changed"},
    {"subprocessor_ref", open, "its entry in the register; REQUIRES: chosen without a person's name"},
    {"name", open, "company"},
    {"country", open, "A11: country of work"},
    {"guarantee", open, "A19: what makes a transfer lawful; EEA needs none"},
    {"task", open, "what it does for the vendor"},
    {"state", open, "PROPOSED, NOTIFIED, OBJECTED or AUTHORISED"},
    {"done_by", person, "who did it"},
};

// An account of the vendor's console made, reset, linked or removed (A13).
constexpr FieldRule account_fields[] = {
    {"event", open, "added, reset, linked, unlinked or removed"},
    {"login", person, "whose account"},
    {"display_name", person, "first and last name"},
    {"role", open, "technician, administrator, compliance or auditor"},
    {"valid_until", open, "last moment of an account for a time"},
    {"done_by", person, "who did it"},
};

// What the vendor tells every practice about itself, changed (A14, A16).
constexpr FieldRule settings_fields[] = {
    {"dpo_contact", person, "who answers for data protection"},
    {"vendor_address", open, "where the vendor is"},
    {"recipients", open, "who receives what is recorded"},
    {"notice_version", open, "version of the notice in force"},
    {"settings_sha256", open, "A08: names the settings in force"},
    {"done_by", person, "who did it"},
};

// A technician asks; logged before the practice is told (A09, A30).
constexpr FieldRule request_fields[] = {
    {"requested_by", person, "login of the technician who asked"},
    {"person_in_charge", person, "A40: the one person in charge, by real name {login, name}"},
    {"participants", person, "A31, A35, A36: each person: login, name, role, mode, qualification, employer, sub-processor, country, commitments"},
    {"purpose", open, "A30: MAINTENANCE or SUPPORT"},
    {"reason", text, "why the intervention is needed"},
    {"planned_tasks", text, "what will be done"},
    {"ticket_ref", open, "A30: number of the support case"},
    {"crm_ref", open, "A39: number in the customer-relations system"},
    {"contract_ref", open, "A03: the contract that allows it"},
    {"criticality", open, "STANDARD, SENSITIVE or CRITICAL"},
    {"difficulty", open, "A35: what decided whether a pair is needed"},
    {"pair_required", open, "A35: true when two people must be connected"},
    {"emergency", open, "T10: shortens notice, never skips the signature"},
    {"emergency_justification", text, "why it could not wait"},
    {"systems", open, "A42: systems of the practice: id, label, hosting context"},
    {"tools", open, "A43: ways in that are asked for: name, version, protocol"},
    {"access_types", open, "A02: VIEW, CONTROL, TRANSFER_IN, TRANSFER_OUT"},
    {"permissions", open, "A14: files, clipboard, forwarding"},
    {"data_categories", open, "A04: categories of data that may be seen"},
    {"minutes", open, "A03: time asked for"},
    {"window_start", open, "start of the window asked for"},
    {"window_end", open, "end of the window asked for"},
    {"channel", open, "web or ssh"},
    {"source_ip", ip, "A21: where the request came from, for security only"},
    {"request_sha256", open, "names the request as it is shown to the practice"},
    {"lapse_at", open, "when silence becomes a lapse"},
    {"statement", statement, "the signed note itself, verbatim: anyone can verify it with the public key"},
    {"statement_sha256", open, "names the signed note after its text is gone"},
};

// A request that policy forbids: the practice is not disturbed (A11, A31).
constexpr FieldRule request_refused_fields[] = {
    {"requested_by", person, "login of the technician who asked"},
    {"person_in_charge", person, "A40: the one person in charge, by real name {login, name}"},
    {"participants", person, "A31, A35, A36: each person: login, name, role, mode, qualification, employer, sub-processor, country, commitments"},
    {"purpose", open, "A30: MAINTENANCE or SUPPORT"},
    {"reason", text, "why the intervention is needed"},
    {"planned_tasks", text, "what will be done"},
    {"ticket_ref", open, "A30: number of the support case"},
    {"crm_ref", open, "A39: number in the customer-relations system"},
    {"contract_ref", open, "A03: the contract that allows it"},
    {"criticality", open, "STANDARD, SENSITIVE or CRITICAL"},
    {"difficulty", open, "A35: what decided whether a pair is needed"},
    {"pair_required", open, "A35: true when two people must be connected"},
    {"emergency", open, "T10: shortens notice, never skips the signature"},
    {"emergency_justification", text, "why it could not wait"},
    {"systems", open, "A42: systems of the practice: id, label, hosting context"},
    {"tools", open, "A43: ways in that are asked for: name, version, protocol"},
    {"access_types", open, "A02: VIEW, CONTROL, TRANSFER_IN, TRANSFER_OUT"},
    {"permissions", open, "A14: files, clipboard, forwarding"},
    {"data_categories", open, "A04: categories of data that may be seen"},
    {"minutes", open, "A03: time asked for"},
    {"window_start", open, "start of the window asked for"},
    {"window_end", open, "end of the window asked for"},
    {"channel", open, "web or ssh"},
    {"source_ip", ip, "A21: where the request came from, for security only"},
    {"request_sha256", open, "names the request as it is shown to the practice"},
    {"rule", open, "the rule that forbids it"},
    {"explanation", text, "what the technician was told"},
};

// The practice says yes: instruction and consent record in one (A33, A37, B13; requirements §4.2).
constexpr FieldRule consent_fields[] = {
    {"schema_version", open, "version of this consent record"},
    {"record_id", open, "ISO/IEC TS 27560 record"},
    {"receipt_id", open, "number on the receipt"},
    {"instruction_id", open, "A09: the documented instruction"},
    {"approver", person, "who said yes {login, name}"},
    {"approver_role", open, "owner or delegate"},
    {"national_id", person, "RPPS or ADELI, optional (A20)"},
    {"responsible_person", person, "under whose responsibility the access takes place"},
    {"supervised_by", person, "who will follow it"},
    {"approver_auth", open, "A13: how the approver signed in"},
    {"acr", open, "level of that authentication"},
    {"request_sha256", open, "the request as shown"},
    {"displayed_text_sha256", open, "the text that stood on the screen"},
    {"notice_ref", open, "B08: version of the notice"},
    {"notice_sha256", open, "names its text"},
    {"language", open, "of the notice"},
    {"purpose", open, "A30"},
    {"legal_basis", open, "T8"},
    {"instruction_type", open, "INSTRUCTION_ART28 and EXPLICIT_CONSENT"},
    {"data_categories", open, "what may be seen"},
    {"special_category", open, "health data"},
    {"storage_location", open, "where data stay"},
    {"retention_period", open, "how long"},
    {"processing_location", open, "where the operators are"},
    {"geographic_restriction", open, "A11: EEA"},
    {"jurisdiction", open, "applicable law"},
    {"recipients", open, "A25: categories and countries"},
    {"withdrawal_method", open, "B14"},
    {"rights", open, "A27"},
    {"authority", open, "CNIL"},
    {"controllers", person, "party: id, name, address, contact, type"},
    {"processor", person, "party"},
    {"subprocessors", open, "parties"},
    {"reason", text, "as asked"},
    {"planned_tasks", text, "as asked"},
    {"ticket_ref", open, "as asked"},
    {"criticality", open, "as asked"},
    {"pair_required", open, "A35"},
    {"person_in_charge", person, "A40"},
    {"participants", person, "named people with their certified names and keys"},
    {"systems", open, "A42"},
    {"tools", open, "A43"},
    {"access_types", open, "A02"},
    {"permissions", open, "A14"},
    {"minutes", open, "A03: time granted"},
    {"window_start", open, "from"},
    {"window_end", open, "until"},
    {"changes", open, "what the practitioner lowered or dropped"},
    {"live_view", open, "A38: WATCHED or NOT_WATCHED"},
    {"recording", open, "A14: on or off"},
    {"recording_days", open, "how long a recording is kept"},
    {"host_key_fingerprint", open, "end of the encrypted connection"},
    {"asked_at", open, "notice shown"},
    {"decided_at", open, "moment of the act"},
    {"expression_method", open, "local page, button"},
    {"acts_count", open, "T15"},
    {"emergency", open, "T10"},
    {"extends", open, "intervention whose time it extends"},
    {"key_id", open, "practice key that signed"},
    {"statement", statement, "the signed note itself, verbatim: anyone can verify it with the public key"},
    {"statement_sha256", open, "names the signed note after its text is gone"},
};

// A person of the practice says no (A33).
constexpr FieldRule refusal_fields[] = {
    {"approver", person, "who said no"},
    {"approver_role", open, "owner or delegate"},
    {"approver_auth", open, "A13"},
    {"request_sha256", open, "the request as shown"},
    {"notice_ref", open, "notice"},
    {"notice_sha256", open, "its text"},
    {"language", open, "of the notice"},
    {"asked_at", open, "notice shown"},
    {"decided_at", open, "moment of the act"},
    {"expression_method", open, "local page, button"},
    {"comment", text, "optional words"},
    {"key_id", open, "practice key that signed"},
    {"statement", statement, "the signed note itself, verbatim: anyone can verify it with the public key"},
    {"statement_sha256", open, "names the signed note after its text is gone"},
};

// Nobody answered in time: silence, not refusal (A33).
constexpr FieldRule lapse_fields[] = {
    {"request_sha256", open, "the request"},
    {"asked_at", open, "notice shown"},
    {"lapsed_at", open, "end of the wait"},
    {"page_open", open, "whether a page was there to show it"},
    {"key_id", open, "practice key that signed"},
    {"statement", statement, "the signed note itself, verbatim: anyone can verify it with the public key"},
    {"statement_sha256", open, "names the signed note after its text is gone"},
};

// The practice could not be asked.
constexpr FieldRule not_asked_fields[] = {
    {"request_sha256", open, "the request"},
    {"cause", open, "agent offline, page closed, link lost"},
    {"last_seen_at", open, "agent last seen"},
    {"given_up_at", open, "end of the tries"},
    {"statement", statement, "the signed note itself, verbatim: anyone can verify it with the public key"},
    {"statement_sha256", open, "names the signed note after its text is gone"},
};

// The vendor takes the request back before the decision.
constexpr FieldRule cancelled_fields[] = {
    {"cancelled_by", person, "who"},
    {"cancelled_at", open, "when"},
    {"cause", open, "why, in one of a few words"},
    {"reason", text, "why, in free words"},
    {"source_ip", ip, "for security only"},
};

// The practice's end exists from now on; passwords are minted (A32, A34).
constexpr FieldRule session_open_fields[] = {
    {"opened_at", open, "start"},
    {"deadline", open, "A03: hard end"},
    {"minutes", open, "time granted"},
    {"consent_index", open, "leaf of the consent in the gateway's log"},
    {"consent_sha256", open, "the consent"},
    {"checkpoint_size", open, "checkpoint whose proof opened the door"},
    {"checkpoint_root", open, "its root"},
    {"operators", person, "who may connect"},
    {"systems", open, "A42"},
    {"tools", open, "A43"},
    {"pair_required", open, "A35"},
    {"live_view", open, "A38"},
    {"recording", open, "A14"},
    {"host_key_fingerprint", open, "end of the encrypted connection"},
    {"secret_events", open, "A34: passwords made: when, length, alphabet, entropy; never the value"},
    {"clock_offset_ms", open, "difference of the two clocks"},
    {"key_id", open, "practice key that signed"},
    {"statement", statement, "the signed note itself, verbatim: anyone can verify it with the public key"},
    {"statement_sha256", open, "names the signed note after its text is gone"},
};

// One operator joins, leaves or is turned away (A13, A35).
constexpr FieldRule connection_fields[] = {
    {"event", open, "joined, left, refused or reconnected"},
    {"operator", person, "{login, name}"},
    {"role", open, "LEAD, PAIR or ADDITIONAL"},
    {"connection_id", open, "number within the session"},
    {"auth_method", open, "publickey+password, or reconnection"},
    {"acr", open, "level of authentication"},
    {"key_fingerprint", person, "the operator's public key"},
    {"joined_at", open, "start"},
    {"left_at", open, "end"},
    {"cause", open, "of the end, or of the refusal"},
    {"tries", open, "wrong passwords so far"},
    {"tool", open, "A43"},
    {"system", open, "A42"},
    {"client", open, "name and version of the client program"},
    {"algorithms", open, "A08: as negotiated"},
    {"bytes_in", open, "A02: to the practice"},
    {"bytes_out", open, "A02: from the practice"},
    {"source_ip", ip, "A21: for security only"},
    {"statement", statement, "the signed note itself, verbatim: anyone can verify it with the public key"},
    {"statement_sha256", open, "names the signed note after its text is gone"},
};

// One file that passed (A02, T13).
constexpr FieldRule transfer_fields[] = {
    {"operator", person, "who"},
    {"connection_id", open, "connection"},
    {"tool", open, "A43"},
    {"system", open, "A42"},
    {"direction", open, "IN or OUT"},
    {"name", text, "file name: may name a patient"},
    {"size", open, "bytes"},
    {"sha256", text, "digest of the content: could be matched with a known file"},
    {"outcome", open, "done, refused or broken off"},
    {"started_at", open, "start"},
    {"ended_at", open, "end"},
    {"statement", statement, "the signed note itself, verbatim: anyone can verify it with the public key"},
    {"statement_sha256", open, "names the signed note after its text is gone"},
};

// One use of a declared `tcp` or `desktop` tool (A02).
constexpr FieldRule forward_fields[] = {
    {"operator", person, "who"},
    {"connection_id", open, "connection"},
    {"tool", open, "A43"},
    {"system", open, "A42"},
    {"target", open, "the practice's own label of the declared target"},
    {"target_host", ip, "address of the declared target"},
    {"target_port", open, "port of the declared target"},
    {"outcome", open, "done or refused"},
    {"opened_at", open, "start"},
    {"closed_at", open, "end"},
    {"bytes_in", open, "to the practice"},
    {"bytes_out", open, "from the practice"},
    {"statement", statement, "the signed note itself, verbatim: anyone can verify it with the public key"},
    {"statement_sha256", open, "names the signed note after its text is gone"},
};

// Something tried that was refused (A09: out of scope).
constexpr FieldRule attempt_fields[] = {
    {"operator", person, "who"},
    {"connection_id", open, "connection"},
    {"action", open, "what was tried, in one of a few words"},
    {"tool", open, "A43"},
    {"system", open, "A42"},
    {"rule", open, "what forbids it"},
    {"detail", text, "what exactly"},
    {"attempted_at", open, "when"},
    {"source_ip", ip, "for security only"},
    {"statement", statement, "the signed note itself, verbatim: anyone can verify it with the public key"},
    {"statement_sha256", open, "names the signed note after its text is gone"},
};

// Life of a one-time password (A34): made, used, expired, blocked; never its value.
constexpr FieldRule password_fields[] = {
    {"operator", person, "for whom"},
    {"event", open, "GENERATED, USED, EXPIRED, BLOCKED or WIPED"},
    {"statement", statement, "the signed note itself, verbatim: anyone can verify it with the public key"},
    {"statement_sha256", open, "names the signed note after its text is gone"},
};

// Input stopped or flows again (A35, A38).
constexpr FieldRule pause_fields[] = {
    {"event", open, "PAUSED or RESUMED"},
    {"cause", open, "a person, nobody watches, the pair is not complete, or one tool alone"},
    {"by", person, "who or which rule"},
    {"tool", open, "A43: the one tool that was held or goes on; absent when all were"},
    {"statement", statement, "the signed note itself, verbatim: anyone can verify it with the public key"},
    {"statement_sha256", open, "names the signed note after its text is gone"},
};

// The practice chooses who acts, of several operators (A35, A38).
constexpr FieldRule typist_fields[] = {
    {"operator", person, "the one who may act, or nobody in particular: all of them"},
    {"by", person, "who chose"},
    {"statement", statement, "the signed note itself, verbatim: anyone can verify it with the public key"},
    {"statement_sha256", open, "names the signed note after its text is gone"},
};

// The person in charge hands over to the other operator (A40).
constexpr FieldRule handover_fields[] = {
    {"by", person, "who was in charge"},
    {"person_in_charge", person, "A40: who is from now on {login, name}"},
    {"statement", statement, "the signed note itself, verbatim: anyone can verify it with the public key"},
    {"statement_sha256", open, "names the signed note after its text is gone"},
};

// A planned intervention: its date suits the practice. Opens nothing (A33).
constexpr FieldRule acceptance_fields[] = {
    {"request_sha256", open, "the request as shown"},
    {"window_start", open, "start of the window asked for"},
    {"window_end", open, "end of the window asked for"},
    {"approver", person, "who said so"},
    {"approver_role", open, "owner or delegate"},
    {"approver_auth", open, "A13"},
    {"notice_sha256", open, "the notice as shown"},
    {"language", open, "of the notice"},
    {"decided_at", open, "moment of the act"},
    {"statement", statement, "the signed note itself, verbatim: anyone can verify it with the public key"},
    {"statement_sha256", open, "names the signed note after its text is gone"},
};

// The practice has the report.
constexpr FieldRule report_received_fields[] = {
    {"report_sha256", open, "names the report"},
    {"statement", statement, "the signed note itself, verbatim: anyone can verify it with the public key"},
    {"statement_sha256", open, "names the signed note after its text is gone"},
};

// The practice takes its consent back, in one act (A37, B14).
constexpr FieldRule withdrawal_fields[] = {
    {"withdrawn_by", person, "who"},
    {"approver_role", open, "owner, delegate or observer"},
    {"act", open, "withdraw or stop"},
    {"withdrawn_at", open, "the click"},
    {"cut_at", open, "all sockets and processes dead"},
    {"cut_latency_ms", open, "A37: from click to dead"},
    {"gateway_reachable", open, "B14: works without it"},
    {"propagation", open, "B11: agent, gateway, CRM"},
    {"comment", text, "optional words"},
    {"key_id", open, "practice key that signed"},
    {"statement", statement, "the signed note itself, verbatim: anyone can verify it with the public key"},
    {"statement_sha256", open, "names the signed note after its text is gone"},
};

// The practice's end is gone (A32, A41).
constexpr FieldRule session_end_fields[] = {
    {"started_at", open, "start"},
    {"ended_at", open, "end"},
    {"duration_seconds", open, "A41"},
    {"active_seconds", open, "A41: without pauses"},
    {"pauses", open, "A35, A38: from, until, cause"},
    {"end_cause", open, "DONE, WITHDRAWN, TIMEOUT, ERROR or POLICY"},
    {"end_detail", open, "cause in one of a few words"},
    {"ended_by", person, "person whose act ended it"},
    {"cut_latency_ms", open, "from the cause to the end"},
    {"secret_events", open, "A34: life of the passwords, never their value"},
    {"live_view", open, "A38: intervals, lag"},
    {"supervised_by", person, "who watched"},
    {"recording", open, "digest, duration, last day"},
    {"operators", person, "who connected, from when to when"},
    {"connections", open, "number"},
    {"transfers", open, "number of files"},
    {"forwards", open, "number"},
    {"attempts", open, "number of refused tries"},
    {"bytes_in", open, "to the practice"},
    {"bytes_out", open, "from the practice"},
    {"processes_ended", open, "what was still running"},
    {"processes_left", open, "what could not be ended"},
    {"residual_cleanup", open, "done or not needed"},
    {"clock_offset_ms", open, "difference of the two clocks"},
    {"key_id", open, "practice key that signed"},
    {"statement", statement, "the signed note itself, verbatim: anyone can verify it with the public key"},
    {"statement_sha256", open, "names the signed note after its text is gone"},
};

// What was done, by the person in charge; and what the practice says about it (A44, A45).
constexpr FieldRule report_fields[] = {
    {"author", person, "who writes"},
    {"author_side", open, "vendor or practice"},
    {"person_in_charge", person, "A40"},
    {"tasks_summary", text, "A44: tasks done, 20 to 1000 characters"},
    {"task_codes", open, "A44: structured codes"},
    {"outcome", open, "result"},
    {"additional_staff_consulted", person, "A45: name and qualification of each"},
    {"none_consulted_justification", text, "A45: why nobody was consulted"},
    {"residual_cleanup", open, "what was left behind is gone"},
    {"nonconformities", open, "list"},
    {"practice_comment", text, "what the practice adds"},
    {"contested", open, "true when the practice disagrees"},
    {"amends", open, "index of the report it corrects (B10)"},
    {"report_sent_at", open, "to the practice"},
    {"statement", statement, "the signed note itself, verbatim: anyone can verify it with the public key"},
    {"statement_sha256", open, "names the signed note after its text is gone"},
};

// The closed row of the main courante (requirements §4.1).
constexpr FieldRule intervention_fields[] = {
    {"schema_version", open, "Version du schéma"},
    {"controller_name", person, "Responsable de traitement"},
    {"contract_ref", open, "Référence du contrat"},
    {"ticket_ref", open, "Référence du dossier"},
    {"crm_ref", open, "Référence relation clients"},
    {"crm_sync_state", open, "État de transmission"},
    {"purpose", open, "Finalité"},
    {"reason", text, "Motif de l'intervention"},
    {"planned_tasks", text, "Tâches prévues"},
    {"criticality", open, "Criticité"},
    {"difficulty", open, "Difficulté"},
    {"pair_required", open, "Binôme exigé"},
    {"emergency", open, "Urgence"},
    {"emergency_justification", text, "Justification de l'urgence"},
    {"person_in_charge", person, "Personne en charge de l'opération (A40)"},
    {"participants", person, "Intervenants (A31, A35, A36)"},
    {"approver", person, "Personne ayant autorisé"},
    {"approver_role", open, "Qualité"},
    {"national_id", person, "N° RPPS/ADELI (facultatif)"},
    {"supervised_by", person, "Personne ayant suivi l'intervention"},
    {"responsible_person", person, "Personne sous la responsabilité de laquelle l'accès a lieu"},
    {"instruction_id", open, "Instruction documentée"},
    {"consent_record_id", open, "Consentement"},
    {"systems", open, "Systèmes impliqués (A42)"},
    {"data_categories", open, "Catégories de données accessibles"},
    {"access_types", open, "Types d'accès autorisés"},
    {"permissions", open, "Droits"},
    {"tool_name", open, "Outil d'accès à distance (A43)"},
    {"tool_version", open, "Version"},
    {"protocol", open, "Protocole"},
    {"host_key_fingerprint", open, "Empreinte du poste"},
    {"algorithms", open, "Algorithmes"},
    {"requested_at", open, "Demandée le"},
    {"decided_at", open, "Décidée le"},
    {"window_start", open, "Fenêtre autorisée, début"},
    {"window_end", open, "Fenêtre autorisée, fin"},
    {"started_at", open, "Début (A41)"},
    {"ended_at", open, "Fin (A41)"},
    {"duration_seconds", open, "Durée (A41)"},
    {"active_seconds", open, "Durée active (A41)"},
    {"pauses", open, "Interruptions"},
    {"end_cause", open, "Cause de fin"},
    {"cut_latency_ms", open, "Délai de coupure"},
    {"clock_offset_ms", open, "Écart d'horloge"},
    {"secret_events", open, "Vie du mot de passe (A34)"},
    {"live_view", open, "Visualisation (A38)"},
    {"recording", open, "Enregistrement"},
    {"transfers", open, "Transferts : nombre, sens, taille"},
    {"bytes_in", open, "Volume entrant"},
    {"bytes_out", open, "Volume sortant"},
    {"ip_refs", ip, "Adresses IP (A24)"},
    {"tasks_summary", text, "Description des tâches effectuées (A44)"},
    {"task_codes", open, "Codes de tâches"},
    {"residual_cleanup", open, "Suppression des données résiduelles"},
    {"outcome", open, "Résultat"},
    {"additional_staff_consulted", person, "Personnels qualifiés additionnels consultés (A45)"},
    {"none_consulted_justification", text, "Absence de consultation justifiée (A45)"},
    {"report_sent_at", open, "Compte rendu transmis le"},
    {"practice_comment", text, "Observation du cabinet"},
    {"nonconformities", open, "Non-conformités"},
    {"state", open, "État"},
    {"amendments", open, "Rectifications (B10)"},
    {"retention_class", open, "Durée de conservation"},
    {"destroy_after", open, "À détruire le"},
    {"legal_hold_ref", open, "Gel juridique"},
    {"leaf_hash", open, "Preuve d'intégrité : feuille du consentement"},
    {"tree_size", open, "Taille du journal"},
    {"checkpoint_ref", open, "Point de contrôle"},
    {"witness_ref", open, "Témoin"},
    {"timestamp_token_ref", open, "Horodatage"},
};

// What is said after a crash about a session that was open: ended, unknown since … (design §2).
constexpr FieldRule recovery_fields[] = {
    {"cause", open, "crash, power or restart"},
    {"state_before", open, "where the intervention stood"},
    {"last_seen_at", open, "last moment known"},
    {"recovered_at", open, "moment of this record"},
    {"outcome", open, "unknown"},
    {"end_cause", open, "ERROR"},
    {"processes_ended", open, "what was still running"},
    {"key_id", open, "key that signed"},
    {"statement", statement, "the signed note itself, verbatim: anyone can verify it with the public key"},
    {"statement_sha256", open, "names the signed note after its text is gone"},
};

// A recording of a session, at the practice only: begun, ended or failed (A14, T3).
constexpr FieldRule recording_fields[] = {
    {"event", open, "STARTED, ENDED or FAILED"},
    {"sha256", open, "names the encrypted files"},
    {"seconds", open, "how long it lasts"},
    {"bytes", open, "size of the encrypted files"},
    {"skipped_bytes", open, "left out of a flood, and marked in the recording"},
    {"expires_at", open, "A14: last moment, then it is destroyed"},
    {"cause", open, "why it failed, in one of a few words"},
    {"statement", statement, "the signed note itself, verbatim: anyone can verify it with the public key"},
    {"statement_sha256", open, "names the signed note after its text is gone"},
};

// Somebody of the practice looked at a recording (T3); kept by the practice alone.
constexpr FieldRule recording_view_fields[] = {
    {"viewed_by", person, "who"},
    {"viewed_at", open, "when"},
};

// What the practice says about a report (A44).
constexpr FieldRule comment_fields[] = {
    {"author", person, "who writes {login, name}"},
    {"text", text, "what the practice adds"},
    {"contested", open, "true when the practice disagrees"},
    {"commented_at", open, "when"},
    {"statement", statement, "the signed note itself, verbatim: anyone can verify it with the public key"},
    {"statement_sha256", open, "names the signed note after its text is gone"},
};

// A person of the practice tried a session before a real one (PGSSI-S 6.1.1.5).
constexpr FieldRule rehearsal_fields[] = {
    {"done_by", person, "who"},
    {"stopped", open, "whether they used stop"},
    {"cut_latency_ms", open, "from click to dead"},
};

// A person asks for their rights (A27, A28, B21, B22).
constexpr FieldRule rights_request_fields[] = {
    {"request_id", open, "N°"},
    {"requested_by", person, "who asks"},
    {"request_type", open, "ACCESS, RECTIFICATION, ERASURE, RESTRICTION, OBJECTION, PORTABILITY or AFTER_DEATH"},
    {"channel", open, "APP, EMAIL, POST, ORAL or PHONE"},
    {"text", text, "what is asked"},
    {"received_at", open, "start of the clock"},
    {"due", open, "B22: last day to answer"},
    {"answered_at", open, "end of the clock"},
    {"outcome", open, "what was done"},
};

// Sign-in failures, lock-outs and the like (A13, A21).
constexpr FieldRule security_fields[] = {
    {"event", open, "what happened, in one of a few words"},
    {"subject", person, "login concerned"},
    {"subject_kind", open, "vendor, practice or agent"},
    {"channel", open, "web, ssh, link or page"},
    {"count", open, "how often"},
    {"until", open, "end of a lock-out"},
    {"rule", open, "limit that was reached"},
    {"detail", text, "more words"},
    {"source_ip", ip, "A21: for security only"},
};

// The program begins to write (2024/2690 annex 3.2.3).
constexpr FieldRule log_start_fields[] = {
    {"program", open, "name"},
    {"version", open, "version"},
    {"origin", open, "of this log"},
    {"size_before", open, "records so far"},
    {"clean", open, "whether the last stop was logged"},
    {"settings_sha256", open, "A08: settings in force"},
    {"console_sha256", open, "names the console's files as this program serves them"},
    {"defaults_changed", open, "A14: settings that differ from their default"},
    {"review_sha256", open, "names the review page's files likewise"},
};
constexpr std::size_t log_start_fields_at_first = 8;

// The program ends in order.
constexpr FieldRule log_stop_fields[] = {
    {"program", open, "name"},
    {"version", open, "version"},
    {"cause", open, "signal, command or error"},
};

constexpr unsigned five_years = 1826, one_year = 365, half_a_year = 180;

constexpr RecordSchema all[] = {
    {"enrolment", EntryClass::enrolment, "A key that counts from now on: a practice, witness, staff key or log.", five_years, enrolment_fields},
    {"technician", EntryClass::record, "A staff card given, renewed or revoked (A10, A31).", five_years, technician_fields},
    {"practice", EntryClass::record, "A customer site made, changed, suspended or ended (A03, A07, A17).", five_years, practice_fields},
    {"subprocessor", EntryClass::record, "A sub-processor proposed, notified, objected to or authorised (A19).", five_years, subprocessor_fields},
    {"account", EntryClass::record, "An account of the vendor's console made, reset, linked or removed (A13).", five_years, account_fields},
    {"settings", EntryClass::record, "What the vendor tells every practice about itself, changed (A14, A16).", five_years, settings_fields},
    {"request", EntryClass::record, "A technician asks; logged before the practice is told (A09, A30).", five_years, request_fields},
    {"request_refused", EntryClass::record, "A request that policy forbids: the practice is not disturbed (A11, A31).", one_year, request_refused_fields},
    {"consent", EntryClass::record, "The practice says yes: instruction and consent record in one (A33, A37, B13; requirements §4.2).", five_years, consent_fields},
    {"refusal", EntryClass::record, "A person of the practice says no (A33).", one_year, refusal_fields},
    {"lapse", EntryClass::record, "Nobody answered in time: silence, not refusal (A33).", one_year, lapse_fields},
    {"not_asked", EntryClass::record, "The practice could not be asked.", one_year, not_asked_fields},
    {"cancelled", EntryClass::record, "The vendor takes the request back before the decision.", one_year, cancelled_fields},
    {"session_open", EntryClass::record, "The practice's end exists from now on; passwords are minted (A32, A34).", five_years, session_open_fields},
    {"connection", EntryClass::record, "One operator joins, leaves or is turned away (A13, A35).", five_years, connection_fields},
    {"transfer", EntryClass::record, "One file that passed (A02, T13).", five_years, transfer_fields},
    {"forward", EntryClass::record, "One use of a declared `tcp` or `desktop` tool (A02).", five_years, forward_fields},
    {"attempt", EntryClass::record, "Something tried that was refused (A09: out of scope).", five_years, attempt_fields},
    {"password", EntryClass::record, "Life of a one-time password, never its value (A34).", five_years, password_fields},
    {"pause", EntryClass::record, "Input stopped or flows again (A35, A38).", five_years, pause_fields},
    {"typist", EntryClass::record, "The practice chooses who of several operators acts (A35, A38).", five_years, typist_fields},
    {"handover", EntryClass::record, "The person in charge hands over (A40).", five_years, handover_fields},
    {"acceptance", EntryClass::record, "A planned date suits the practice; this opens nothing (A33).", five_years, acceptance_fields},
    {"report_received", EntryClass::record, "The practice has the report (A44).", five_years, report_received_fields},
    {"withdrawal", EntryClass::record, "The practice takes its consent back, in one act (A37, B14).", five_years, withdrawal_fields},
    {"session_end", EntryClass::record, "The practice's end is gone (A32, A41).", five_years, session_end_fields},
    {"report", EntryClass::record, "What was done, by the person in charge; and what the practice says about it (A44, A45).", five_years, report_fields},
    {"intervention", EntryClass::record, "The closed row of the main courante (requirements §4.1).", five_years, intervention_fields},
    {"recovery", EntryClass::record, "What is said after a crash about a session that was open: ended, unknown since … (design §2).", five_years, recovery_fields},
    {"recording", EntryClass::record, "A recording of a session, at the practice only: begun, ended or failed (A14, T3).", five_years, recording_fields},
    {"recording_view", EntryClass::record, "Somebody of the practice looked at a recording (T3).", five_years, recording_view_fields},
    {"comment", EntryClass::record, "What the practice says about a report (A44).", five_years, comment_fields},
    {"destruction", EntryClass::destruction, "Data destroyed, after a look that nothing is left (B20, requirements §4.4).", five_years, memory_fields::destruction},
    {"rehearsal", EntryClass::record, "A person of the practice tried a session before a real one (PGSSI-S 6.1.1.5).", five_years, rehearsal_fields},
    {"rights_request", EntryClass::record, "A person asks for their rights (A27, A28, B21, B22).", five_years, rights_request_fields},
    {"rights_step", EntryClass::record, "What became of a request of a person (A16, B22, B23).", five_years, memory_fields::rights_step},
    {"viewed", EntryClass::record, "Somebody read records, and what for (B12, A15).", one_year, memory_fields::viewed},
    {"review_mark", EntryClass::record, "What a reader noted about an intervention (A15).", five_years, memory_fields::review_mark},
    {"exported", EntryClass::record, "A copy left the gateway (A06, A15).", five_years, memory_fields::exported},
    {"hold", EntryClass::record, "Records that must not be destroyed yet (B18).", five_years, memory_fields::hold},
    {"annual_review", EntryClass::record, "Once a year: what is kept, how old it is, what was decided (B19).", five_years, memory_fields::annual_review},
    {"contract_end", EntryClass::record, "End of a contract: return or deletion (A17, A23).", five_years, memory_fields::contract_end},
    {"spontaneous_data", EntryClass::record, "Health data that came without being asked for (B33).", five_years, memory_fields::spontaneous_data},
    {"breach", EntryClass::record, "A personal-data breach: opened, changed, notified or closed (A18, B06).", five_years, memory_fields::breach},
    {"register_entry", EntryClass::record, "A version of the register of processing (B31).", five_years, memory_fields::register_entry},
    {"delivery", EntryClass::record, "Something was told to the vendor's world, and what came of it (A39).", five_years, memory_fields::delivery},
    {"timestamp", EntryClass::record, "A third party's time on a checkpoint (RFC 3161).", five_years, memory_fields::timestamp},
    {"backup", EntryClass::record, "A copy for the bad day: made, checked, restored or failed (A12).", five_years, memory_fields::backup},
    {"link", EntryClass::link, "The first record of a log that follows another whose past was lost.", five_years, memory_fields::link},
    {"witness_alarm", EntryClass::record, "A witness says that the log contradicts itself, or the log found that it is behind.", five_years, memory_fields::witness_alarm},
    {"security", EntryClass::record, "Sign-in failures, lock-outs and the like (A13, A21).", half_a_year, security_fields},
    {"log_start", EntryClass::record, "The program begins to write (2024/2690 annex 3.2.3).", five_years, log_start_fields},
    {"log_stop", EntryClass::record, "The program ends in order.", five_years, log_stop_fields},
};

// Layouts of types that have grown since, as old records have them.
constexpr RecordSchema earlier[] = {
    {"destruction", EntryClass::destruction, "Data destroyed (before the scope stood in the record).", five_years,
     std::span(memory_fields::destruction).first(memory_fields::destruction_fields_at_first)},
    {"log_start", EntryClass::record, "The program begins to write (before it named the review page).", five_years,
     std::span(log_start_fields).first(log_start_fields_at_first)},
};

// The ceiling of A24 is a calendar half-year in all copies; 150 days leave 30 for the backups.
static_assert(ip_days_live <= 150 && ip_days_live + 30 <= ip_days_in_all);

constexpr std::array<std::string_view, 5> class_names = {"open", "person", "ip", "text", "statement"};

}  // namespace

std::string_view class_name(FieldClass cls) { return class_names[static_cast<std::size_t>(cls)]; }

std::optional<FieldClass> class_from(std::string_view name) {
  for (std::size_t i = 0; i < class_names.size(); ++i)
    if (class_names[i] == name) return static_cast<FieldClass>(i);
  return std::nullopt;
}

std::size_t RecordSchema::size() const { return std::size(common) + own.size(); }

const FieldRule& RecordSchema::field(std::size_t position) const {
  return position < std::size(common) ? common[position] : own[position - std::size(common)];
}

std::optional<std::size_t> RecordSchema::position(std::string_view name) const {
  for (std::size_t i = 0; i < size(); ++i)
    if (field(i).name == name) return i;
  return std::nullopt;
}

std::optional<std::string> RecordSchema::expires_on(FieldClass cls, Time recorded) const {
  if (cls == FieldClass::open) return std::nullopt;
  const unsigned days = cls == FieldClass::ip ? std::min(ip_days_live, keep_days) : keep_days;
  return to_date(recorded + std::chrono::days(days));
}

std::span<const FieldRule> common_fields() { return common; }
std::span<const RecordSchema> schemas() { return all; }

const RecordSchema* find_schema(std::string_view type) {
  for (const auto& schema : all)
    if (schema.type == type) return &schema;
  return nullptr;
}

const RecordSchema* find_schema(std::string_view type, std::size_t size) {
  for (const auto& schema : earlier)
    if (schema.type == type && schema.size() == size) return &schema;
  return find_schema(type);
}

}  // namespace pontlevis::audit
