// The words the gateway and the compliance review page exchange under /api/v1, beside those of web/console/contract.ts
// (sign-in, Me, Page, Problem, Intervention): docs/api.md, member by member. Times are RFC 3339 in UTC, days are
// 2026-01-31. Readers: compliance and auditor. Writers: compliance, unless a line says otherwise; [now]: presence proved.
//
// Every request that shows a record says what for, in the header
//   pontlevis-purpose: CONTROL | INCIDENT | RIGHTS_REQUEST | AUTHORITY | CONTRACT | TRAINING   [" " reference of at most 60 characters]
// Without it the answer is 400 purpose_missing. Each is itself a record (`viewed`) with that purpose (requirements B12); pages of
// one list asked with one filter within five minutes are one record.
export type Purpose = "CONTROL" | "INCIDENT" | "RIGHTS_REQUEST" | "AUTHORITY" | "CONTRACT" | "TRAINING";

// ---- the main courante ----
// GET /api/v1/review/interventions?<Filter>&limit=1..200&cursor=  [purpose]     -> Found
export interface Filter {
  from?: string; until?: string;            // days (Europe/Paris) on which it was requested, both included
  practice?: string; person?: string;       // a code; a login (operator in any role)
  system?: string; tool?: string;
  criticality?: "STANDARD" | "SENSITIVE" | "CRITICAL";
  state?: string;                           // State of the console's contract
  outcome?: string;                         // SOLVED, PARTLY_SOLVED, NOT_SOLVED, or NONE: no report
  end?: string;                             // end_cause
  nonconformity?: string;                   // a code, or ANY
  mark?: "UNSEEN" | "SEEN" | "QUESTION" | "FINDING";   // UNSEEN: by nobody; QUESTION, FINDING: still open
  emergency?: "true"; not_watched?: "true"; pair?: "true";
  text?: string;                            // beginning of an intervention's number or of a ticket
}
export interface Row {
  id: string; requested_at: string; started_at: string | null; active_seconds: number | null; state: string; end_cause: string | null;
  practice: string; practice_name: string; system: string; system_label: string; tools: string[]; ticket: string; purpose: string;
  criticality: string; pair: boolean; emergency: boolean; watched: boolean | null; in_charge: string;   // a name; "" once destroyed
  outcome: string | null; nonconformities: string[]; marks: { seen: boolean; questions: number; findings: number };
}
export interface Found { items: Row[]; next: string | null; total: number; log_size: number }
// What can be chosen in the filters, with how many interventions each has; no ranking of people.
// GET /api/v1/review/choices                                                     -> Choices
export interface Choice { value: string; label: string }
export interface Choices { practices: Choice[]; people: Choice[]; systems: Choice[]; tools: Choice[]; states: Choice[]; outcomes: Choice[]; ends: Choice[]; nonconformities: Choice[] }

// Counts of a period and the heat map: by weekday and hour of day (Europe/Paris) and by month; never by technician (requirements T11).
// GET /api/v1/review/overview?from=&until=                                       -> Overview
export interface Overview {
  from: string; until: string; total: number;
  by_state: Record<string, number>; by_criticality: Record<string, number>; by_tool: Record<string, number>; by_outcome: Record<string, number>;
  by_nonconformity: Record<string, number>; by_month: { month: string; count: number }[];
  heat: number[][];                         // [7 weekdays, Monday first][24 hours]
  pairs: number; emergencies: number; not_watched: number; median_active_seconds: number | null;
  questions_open: number; findings_open: number; findings_late: number;
}

// ---- one intervention ----
// GET /api/v1/review/interventions/<id>  [purpose]                               -> Reviewed
export interface Field { name: string; class: "open" | "person" | "ip" | "text" | "statement"; value: unknown; state: "OPEN" | "DESTROYED" | "QUARANTINED" | "UNREADABLE"; expires_on: string | null; certificate: string | null }
export interface LogRecord { index: number; type: string; time: string; fields: Field[] }
// Both sides: what the practice signed (the statements in this log, verified with the practice's key) and what the gateway wrote. closed: statements destroyed at their day, which nobody can compare any more.
export interface Difference { what: "MISSING_HERE" | "NOT_SIGNED" | "BAD_SIGNATURE" | "ORDER" | "VALUE"; fact: string; field: string; practice: unknown; gateway: unknown; index: number | null }
export interface Reviewed {
  row: Row; intervention: import("../console/contract").Intervention | null; events: import("../console/contract").Event[];
  records: LogRecord[];
  journals: { agree: boolean; facts: number; closed: number; last_sequence: number | null; missing: number[]; differences: Difference[] };
  marks: Mark[]; certificates: CertificateRow[]; hold: string | null;
}   // intervention: null once the gateway's own row was destroyed
// GET /api/v1/review/interventions/<id>/evidence  [purpose]                      -> Evidence of web/shared/verify.ts: the reader's own browser verifies
// GET /api/v1/review/interventions/<id>/record?language=fr|en&format=pdf|text  [purpose]  -> the printed record (application/pdf or text/plain)

// ---- marks: records themselves ----
// POST /api/v1/review/interventions/<id>/marks NewMark  (compliance and auditor)  -> 201 Mark
// GET  /api/v1/review/marks?open=true                                            -> Page<Mark>
export type MarkKind = "SEEN" | "QUESTION" | "FINDING" | "ANSWER" | "RESOLVED";   // ANSWER and RESOLVED: compliance alone, `about` says which
export interface NewMark { mark: MarkKind; text: string; about: string | null; due: string | null }   // text: 0 to 1000; a FINDING has a due day
export interface Mark extends NewMark { id: string; intervention: string; by: string; by_name: string; at: string; index: number; resolved: boolean; late: boolean }

// ---- saved searches: a person's own ----
// GET /api/v1/review/searches -> Page<Search>; POST /api/v1/review/searches {label, filter} -> 201 Search; DELETE /api/v1/review/searches/<id> -> {}
// (compliance and auditor)
export interface Search { id: string; label: string; filter: Filter; created_at: string }

// ---- exports: each is a record, and has a day on which the reader must have deleted it ----
// POST /api/v1/review/exports NewExport  [purpose] (compliance and auditor)      -> 202 Export
// GET  /api/v1/review/exports                                                    -> Page<Export>   (mine)
// GET  /api/v1/review/exports/<id>                                               -> Export
// GET  /api/v1/review/exports/<id>/file                                          -> the file, as an attachment
export type ExportFormat = "CSV" | "JSON" | "PDF" | "PROOF_PACK";
export interface NewExport { format: ExportFormat; filter: Filter; intervention: string | null; language: "fr" | "en" }
export interface Export { id: string; format: ExportFormat; state: "MAKING" | "READY" | "FAILED" | "EXPIRED"; file: string; bytes: number; sha256: string; count: number; made_at: string; expires_on: string; why: string }

// ---- the log itself ----
// GET /api/v1/log  (compliance, auditor, administrator)                          -> LogState
export interface LogState {
  origin: string; size: number; root: string; checkpoint: string; verifier_key: string; healthy: boolean; behind: boolean;
  witnesses: { name: string; practice: string; size: number; at: string | null; current: boolean; alarm: boolean }[];
  quorum: { needed: number; have: number; met: boolean };
  timestamp: { at: string; authority: string; size: number } | null;
  verification: { at: string; verified: boolean; findings: number; what: string | null } | null;   // the last of the daily ones
  alarms: { at: string; witness: string; cause: string; index: number }[];
}

// ---- retention ----
// GET /api/v1/retention?language=fr|en                                           -> RetentionState
export interface RetentionClass { id: string; days: number; ceiling_days: number; legal_source: string; conditions: string; format: string; open: number; oldest: string | null; due: number; deferred: number }
export interface RetentionState {
  policy: { version: string; validated_by: string | null; validated_at: string | null };
  classes: RetentionClass[]; last_run: { at: string; destroyed: number; certificates: number } | null; next_run: string; late: boolean; oldest_ip: string | null;
}
// POST /api/v1/retention/validate {} [now] -> RetentionState (the DPO validates the policy);  POST /api/v1/retention/run {} [now] -> 202 {}
// GET /api/v1/certificates?intervention=&practice=                               -> Page<CertificateRow>
// GET /api/v1/certificates/<id>                                                  -> CertificateWhole
// GET /api/v1/certificates/<id>/text?language=fr|en                              -> text/plain
export interface CertificateRow { id: string; index: number; issued_at: string; reason: string; retention_class: string; record_count: number; oldest_at: string | null; newest_at: string | null; state: "PARTIAL" | "FINAL"; backup_expiry_at: string | null; operator: string; practice: string | null; verification_result: string }
export interface CertificateWhole extends CertificateRow { fields: Record<string, unknown>; proof: string; disclosures: string[] }
// POST /api/v1/erasures Erasure [now]                                            -> 202 Erased
export interface Erasure { intervention: string | null; practice: string | null; record: number | null; field: string | null; class: "person" | "ip" | "text" | "statement" | null; whole_record: boolean; reason: "ERASURE_REQUEST" | "SPONTANEOUS_HEALTH_DATA"; words: string }
export interface Erased { certificates: string[] }   // exactly one of intervention, practice and record is given, at most one of field, class and whole_record
// GET /api/v1/holds?lifted=true -> Page<Hold>; POST /api/v1/holds NewHold [now] -> 201 Hold; POST /api/v1/holds/<id>/review {review_on} -> Hold; POST /api/v1/holds/<id>/lift {reason} [now] -> Hold
export interface NewHold { practice: string | null; intervention: string | null; from: string | null; until: string | null; reason: string; review_on: string }
export interface Hold extends NewHold { id: string; by: string; placed_at: string; lifted_at: string | null; late: boolean }
// GET /api/v1/annual-reviews -> Page<AnnualReview>; GET /api/v1/annual-reviews/<year> -> AnnualReview
// PUT /api/v1/annual-reviews/<year> {decisions} -> AnnualReview; POST /api/v1/annual-reviews/<year>/sign {} [now] -> AnnualReview
export interface AnnualReview { year: number; opened_at: string; due: string; late: boolean; signed_by: string | null; signed_at: string | null; report_sha256: string | null; classes: { id: string; open: number; oldest: string | null; due: number; decision: "KEEP" | "DELETE" | null }[] }
// GET /api/v1/contract-ends -> Page<ContractEnd>; POST /api/v1/contract-ends {practice, choice, chosen_by} [now] -> 201 ContractEnd
// POST /api/v1/contract-ends/<practice>/confirm {confirmed_by} -> ContractEnd; GET /api/v1/contract-ends/<practice>/export -> application/zip
export interface ContractEnd { practice: string; contract: string; ended_on: string; due: string; late: boolean; choice: "RETURN_THEN_DELETE" | "DELETE" | null; chosen_by: string | null; export_sha256: string | null; confirmed_by: string | null; deleted_at: string | null; keys_revoked: boolean; certificates: string[] }
// GET /api/v1/spontaneous-data -> Page<SpontaneousData>; POST /api/v1/spontaneous-data {record, field, words} [now] -> 201 SpontaneousData; POST /api/v1/spontaneous-data/<id>/destroy {} [now] -> SpontaneousData
export interface SpontaneousData { id: string; record: number; field: string; intervention: string | null; found_by: string; at: string; rule: string; state: "QUARANTINED" | "DESTROYED"; certificate: string | null }

// ---- backups (compliance, auditor, administrator) ----
// GET /api/v1/backups -> BackupState; POST /api/v1/backups/restore-test {sha256} (administrator, compliance) [now] -> BackupState
export interface BackupState { folder: string; recipient: boolean; last: BackupRow | null; next: string | null; late: boolean; items: BackupRow[]; restore_tested_at: string | null; restore_test_due: string | null }
export interface BackupRow { at: string; kind: "DATA" | "KEYS"; file: string; sha256: string; bytes: number; log_size: number; expires_on: string; state: "KEPT" | "EXPIRED" | "FAILED"; why: string }

// ---- registers: Article 30 ----
// GET /api/v1/processing-entries -> Page<ProcessingEntry>; GET /api/v1/processing-entries/<id>?version= -> ProcessingEntryWhole
// POST /api/v1/processing-entries/<id>/validate {version} [now] -> ProcessingEntryWhole; GET /api/v1/processing-entries/<id>/text?language=fr|en&version= -> text/html, sanitised, no script
// GET /api/v1/practices/<id>/processing-entry?language=fr|en&format=html|json -> the practice's own entry (Art. 30(1)), filled in with what the vendor knows; each copy is a record `exported`
export interface ProcessingEntry { id: string; kind: "RESPONSABLE" | "SOUS_TRAITANT"; name: string; version: number; created_at: string; updated_at: string; validated_by: string | null; validated_at: string | null; next_review_on: string | null; late: boolean }
export interface ProcessingEntryWhole extends ProcessingEntry { fields: { name: string; label_fr: string; label_en: string; value: string[]; value_en: string[] }[]; versions: { version: number; created_at: string; sha256: string; validated_by: string | null }[] }

// ---- registers: rights of persons ----
// GET /api/v1/rights-requests?open=true -> Page<RightsRequest>; POST /api/v1/rights-requests NewRightsRequest -> 201 RightsRequest; GET /api/v1/rights-requests/<id> -> RightsRequest
// POST /api/v1/rights-requests/<id>/identity {method, result} -> RightsRequest; …/extend {reason} -> RightsRequest; …/forward {to} -> RightsRequest; …/search {login, name} [purpose] -> RightsRequest (state SEARCHING while it runs: ask again)
// POST /api/v1/rights-requests/<id>/answer {outcome, words, language} [now] -> RightsRequest; GET /api/v1/rights-requests/<id>/file?name= -> a file of the answer, for 28 days
export type RightsType = "ACCESS" | "RECTIFICATION" | "ERASURE" | "RESTRICTION" | "OBJECTION" | "PORTABILITY" | "AFTER_DEATH";
export interface NewRightsRequest { type: RightsType; channel: "APP" | "EMAIL" | "POST" | "ORAL" | "PHONE"; requester: string; requester_status: "PATIENT" | "PRACTITIONER" | "PRACTICE_STAFF" | "TECHNICIAN" | "OTHER"; contact: string; text: string; practice: string | null; received_at: string }
export interface RightsRequest extends NewRightsRequest {
  id: string; due: string; extended_until: string | null; extension_reason: string; route: string; identity: { method: string; result: "CONFIRMED" | "NOT_CONFIRMED" | "NOT_NEEDED"; at: string } | null;
  forwarded_to: string | null; forwarded_at: string | null; found: number | null; answered_at: string | null; outcome: string; files: { name: string; sha256: string; bytes: number }[];
  state: "RECEIVED" | "IDENTITY" | "SEARCHING" | "SEARCHED" | "FORWARDED" | "ANSWERED"; late: boolean; days_left: number; steps: { at: string; what: string; by: string; index: number | null }[];
  // route: "VENDOR" or "PRACTICE" (who answers); outcome: "" or GRANTED, PARTLY_GRANTED, REFUSED, NOTHING_HELD, FORWARDED, WITHDRAWN
}

// ---- registers: breaches ----
// GET /api/v1/breaches?open=true -> Page<Breach>; POST /api/v1/breaches BreachFile -> 201 Breach; GET /api/v1/breaches/<id> -> Breach (ETag); PUT /api/v1/breaches/<id> BreachFile (If-Match) -> Breach
// POST /api/v1/breaches/<id>/confirm {aware_at} [now] -> Breach; …/dismiss {reason} [now]; …/notify {recipient, kind, delay_reason} [now]; …/delivered {recipient, proof}; …/close {lessons} [now]; …/scope {from, until, person, system} -> Breach (computes affected)
// `address` may be left out of notify and forward: a practice is then written to where its reports go.
// recipient: a practice's code, CNIL (the authority: `proof` is its number) or CSIRT (ANSSI or CERT Santé). delay_reason "" unless CNIL is told later than 72 hours.
// GET /api/v1/breaches/<id>/notice?recipient=&language=fr|en&kind= -> text/plain; GET /api/v1/breaches/<id>/file?language=fr|en&format=json|text -> the whole file, in the order of the CNIL's form
export interface BreachFile {
  occurred_from: string | null; occurred_to: string | null; breach_types: ("CONFIDENTIALITE" | "INTEGRITE" | "DISPONIBILITE")[]; cause: string; description: string; data_categories: string[]; special_categories: boolean;
  subjects_categories: string[]; subjects_count_approx: number | null; records_count_approx: number | null; likely_consequences: string; severity: "" | "LOW" | "MEDIUM" | "HIGH" | "SEVERE";
  measures_taken: string[]; measures_planned: string[]; advice_to_controller: string; data_unintelligible: boolean; subjects_informed: string; other_authorities: string[];
  authority_not_notified: string;            // "" or why the CNIL need not be told (GDPR 33(1): no likely risk)
}
export interface Breach extends BreachFile {
  id: string; state: "DRAFT" | "CONFIRMED" | "DISMISSED" | "CLOSED"; opened_by: string | null; detected_at: string; aware_at: string | null; evidence: { what: string; index: number | null }[];
  affected_interventions: string[]; affected_practices: string[]; clocks: { name: "H24" | "H72" | "MONTH"; due: string; met_at: string | null; late: boolean }[];
  notices: { recipient: string; kind: "INITIALE" | "COMPLEMENTAIRE" | "CLOTURE"; sent_at: string; delay_reason: string; delivered: string | null; sha256: string }[];
  steps: { at: string; what: string; by: string; index: number | null }[];   // index null: the log took nothing then; written as soon as it does
  lessons: string; dismiss_reason: string; closed_at: string | null; dpo: string; sender: string;
}

// ---- what went out (compliance, auditor, administrator) ----
// GET /api/v1/deliveries?state= -> Page<Delivery>; POST /api/v1/deliveries/<id>/retry {} (administrator, compliance) -> Delivery; POST /api/v1/deliveries/<id>/drop {reason} [now] -> Delivery
export interface Delivery { id: string; channel: "webhook" | "mail" | "csv"; subject: string; intervention: string | null; state: "WAITING" | "ACKNOWLEDGED" | "REFUSED" | "GIVEN_UP" | "DROPPED"; tries: number; created_at: string; next_try: string | null; last_error: string; crm_ref: string | null }

// ---- everything with a clock, for the first view ----
// GET /api/v1/due  (compliance, auditor)                                         -> Page<Due>, soonest first
export interface Due { kind: "rights_request" | "breach" | "hold" | "annual_review" | "contract_end" | "finding" | "backup" | "restore_test" | "purge" | "processing_entry"; subject: string; due: string; late: boolean; words: string }
