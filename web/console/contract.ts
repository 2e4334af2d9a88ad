// The words the gateway and the console exchange under /api/v1: docs/api.md, member by member.
// Times are RFC 3339 in UTC. A refusal is application/problem+json (Problem). A list is a Page.
export type Role = "technician" | "administrator" | "compliance" | "auditor";
export interface Problem {
  type: string;   // urn:pontlevis:problem:<code>
  title: string; status: number; detail: string; code: string; where?: string; hint?: string;
}
export interface Page<T> { items: T[]; next: string | null }  // ?limit=1..200&cursor=<next>

// ---- the door, before signing in ----
// GET /api/v1/door
export interface Door { vendor: string; version: string; language: "fr" | "en"; oidc: { name: string } | null; console_sha256: string; serving: boolean; ssh_host: string; ssh_port: number }
// POST /api/v1/sign-in  {login, password, code}                     -> SignedIn; 401 not_signed_in, 423 locked, 429 too_many
// POST /api/v1/sign-in/passkey/start {login}                         -> PasskeyQuestion
// POST /api/v1/sign-in/passkey/finish {ticket, credential}           -> SignedIn
// GET  /api/v1/sign-in/oidc                                          -> 302 to the provider
// GET  /api/v1/sign-in/oidc/callback?code&state                      -> 302 to "/" or to "/?problem=<code>"
// POST /api/v1/sign-out {}                                           -> {}
// POST /api/v1/step-up {code} | {ticket, credential}                 -> Me  (needed by asking, and by what administrators change)
export interface PasskeyQuestion { ticket: string; options: unknown }
export interface SignedIn { me: Me }
// GET /api/v1/me
export interface Me {
  login: string; name: string; role: Role; signed_in_at: string; expires_at: string; idle_seconds: number; method: "password" | "passkey" | "oidc" | "token";
  step_up_until: string | null; must_change_password: boolean;
}

// ---- my card, keys and tokens ----
// GET /api/v1/me/card                                                -> Card (404 not_found: none)
export interface Card {
  login: string; name: string; employer: string; subprocessor: string | null; country: string; qualification: string; issued_at: string; expires_at: string;
  confidentiality: { reference: string; date: string }; action_limit: { reference: string; date: string };
  keys: { line: string; fingerprint: string }[]; valid: boolean; why: string;
}
// POST /api/v1/me/password {old, new}                                -> {}
// GET  /api/v1/me/passkeys                                           -> Page<Passkey>
// POST /api/v1/me/passkeys/start {}                                  -> PasskeyQuestion
// POST /api/v1/me/passkeys/finish {ticket, label, credential}        -> {}
// DELETE /api/v1/me/passkeys/<id>                                    -> {}
export interface Passkey { id: string; label: string; created_at: string; last_used_at: string | null }
// GET  /api/v1/me/tokens                                             -> Page<Token>
// POST /api/v1/me/tokens {label, scopes, days}                       -> NewToken (the secret is shown once)
// DELETE /api/v1/me/tokens/<id>                                      -> {}
export type Scope = "read" | "ask" | "report" | "administer";
export interface Token { id: string; label: string; scopes: Scope[]; created_at: string; expires_at: string; last_used_at: string | null }
export interface NewToken extends Token { secret: string }

// ---- practices ----
// GET /api/v1/practices?search=                                      -> Page<Practice>
// GET /api/v1/practices/<id>                                         -> Practice (ETag); dates of a contract are days: 2026-01-31
export interface System { id: string; label: string; hosting: "LOCAL" | "HDS"; tools: string[] }
export interface Practice {
  id: string; name: string; link: "UP" | "DOWN"; hosting: "LOCAL" | "HDS";
  contract: { reference: string; valid_from: string; valid_until: string; valid: boolean };
  enrolled_at: string | null; systems: System[];
  host_keys: { line: string; fingerprint: string }[];  // the four words stand for all of them; the console speaks to the ECDSA P-256 one
}

// ---- interventions ----
// GET  /api/v1/interventions?mine=true&live=true                     -> Page<Intervention>
// GET  /api/v1/interventions/<id>                                    -> Intervention
// POST /api/v1/interventions  Ask (Idempotency-Key; step-up)         -> 201 Intervention; 403 refused by a rule (Problem.code = the rule)
// POST /api/v1/interventions/<id>/cancel {}                          -> Intervention
// POST /api/v1/interventions/<id>/finish {}                          -> Intervention
// POST /api/v1/interventions/<id>/hand-over {to}                     -> Intervention
// PUT  /api/v1/interventions/<id>/draft {draft: ReportDraft}         -> {}   (kept until the report is sent)
// GET  /api/v1/interventions/<id>/draft                              -> {draft: ReportDraft | null}
// POST /api/v1/interventions/<id>/report ReportDraft                 -> Intervention
// WebSocket /api/v1/news: text messages {changes: number}; after each, ask again for what is shown
// GET  /api/v1/interventions/<id>/events                             -> {items: Event[]}: what the practice signed, in its order
// WebSocket /relay/<id>: binary messages, the sealed bytes of one SSH connection with the practice; no sub-protocol.
//   When there will be none, the gateway answers as an SSH server that disconnects: version, then SSH_MSG_DISCONNECT with the reason.
export interface Event { type: string; at: string; [member: string]: unknown }  // docs/protocol.md §3, without `intervention`
export type State = "REQUESTED" | "REFUSED" | "EXPIRED" | "NOT_ASKED" | "CANCELLED" | "APPROVED" | "OPEN" | "PAUSED" | "ENDED" | "CLOSED";
export interface Ask {
  practice: string; system: string; tools: string[]; access_types: string[]; data_categories: string[]; purpose: "MAINTENANCE" | "SUPPORT"; reason: string;
  planned_tasks: string; ticket: string; minutes: number; criticality: "STANDARD" | "SENSITIVE" | "CRITICAL"; pair: string | null; additional: string[];
  consulted: string[]; emergency: string | null; planned: { from: string; until: string } | null;
}
export interface Person { login: string; name: string; role: "LEAD" | "PAIR" | "ADDITIONAL"; mode: "CONNECTED" | "CONSULTED"; qualification: string; employer: string; country: string }
export interface Intervention {
  id: string; state: State; practice: string; practice_name: string; system: string; system_label: string; tools: string[]; access_types: string[]; data_categories: string[];
  purpose: string; reason: string; planned_tasks: string; ticket: string; minutes: number; granted_minutes: number | null; criticality: string; pair: boolean;
  emergency: string | null; planned: { from: string; until: string } | null; operators: Person[]; in_charge: string;
  requested_at: string; expires_at: string; opened_at: string | null; ends_at: string | null; ended_at: string | null; end_cause: string | null;
  why: string;            // of a refusal or an end, in the practice's words
  watch: "WATCHED" | "NOT_WATCHED" | null; recording: boolean | null;
  mine: boolean; link: "UP" | "DOWN"; to_do: string[];  // codes: wait, connect, report, name_additional_staff
  host_keys: { line: string; fingerprint: string }[];  // those that the practice's signed consent names; empty before it
  connected: string[];    // logins of those whose connection stands, as the practice said
  reported_at: string | null; report: ReportDraft | null; nonconformities: string[];
  // What the customer-relations system knows: NONE, PENDING, ACKNOWLEDGED, REFUSED, GIVEN_UP, DELETION_PENDING or DELETED; null: told nothing.
  crm?: { state: string; reference: string | null } | null;
}
export interface ReportDraft {
  tasks: string; outcome: "SOLVED" | "PARTLY_SOLVED" | "NOT_SOLVED" | ""; cleanup: "DONE" | "NOT_APPLICABLE" | "";
  consulted: { name: string; qualification: string }[]; none_consulted: string | null;
}

// ---- administration (role administrator; step-up for every write; every write is a record) ----
// POST /api/v1/practices {id, name, contract:{reference, valid_from, valid_until}, hosting}   -> 201 Practice
// PUT  /api/v1/practices/<id>/contract {reference, valid_from, valid_until} (If-Match)        -> Practice
// POST /api/v1/enrolment-codes {note}   a permit made offline by `pontlevis-certs code issue` -> 201 {practice, expires_at}
// POST /api/v1/practices/<id>/revoke-agent {}                                                 -> {certificates: number}
// GET  /api/v1/technicians -> Page<Technician>; POST /api/v1/technicians {card, trained_on}   -> 201 Technician (the card is a note signed offline)
// POST /api/v1/card-revocations {note}                                                        -> 201 {card, login}
export interface Technician extends Card { trained_on: string | null; locked: boolean; account: boolean }
// GET  /api/v1/accounts -> Page<Account>; POST /api/v1/accounts {login, name, role, until}    -> 201 NewAccount (password, seed: shown once)
// POST /api/v1/accounts/<login>/reset {} -> NewAccount; DELETE /api/v1/accounts/<login>
export interface Account { login: string; name: string; role: Role; created_at: string; until: string | null; locked: boolean; oidc_subject: string | null }
export interface NewAccount extends Account { password: string; totp_secret: string | null; otpauth: string | null }  // no seed when the technician has one already
// GET  /api/v1/subprocessors -> Page<Subprocessor>; POST -> 201; GET, PUT /api/v1/subprocessors/<id> (ETag; If-Match)
export type Authorisation = "PROPOSED" | "NOTIFIED" | "OBJECTED" | "AUTHORISED";
export interface Subprocessor { id: string; name: string; country: string; guarantee: string; task: string; state: Authorisation; since: string }
// GET  /api/v1/settings -> Settings; PUT /api/v1/settings (If-Match)
export interface Settings { dpo_contact: string; recipients: string[]; notice_version: string; vendor_address: string }
