// The words the agent and this page exchange: docs/page.md, member by member.
export type Role = "OWNER" | "DELEGATE" | "OBSERVER";
export interface Person { login: string; name: string; role: Role }
export interface Door {
  drawbridge: "UP" | "DOWN"; since: string; waiting: number; open: number; language: "fr" | "en";
  practice: { id: string; name: string }; version: string;
}
export interface Practice {
  id: string; name: string; vendor_name: string; vendor_address: string; dpo_contact: string; recipients: string;
  transfers: string; rights_contact: string; language: "fr" | "en";
}
export interface Operator {
  login: string; name: string; role: "LEAD" | "PAIR" | "ADDITIONAL"; mode: "CONNECTED" | "CONSULTED"; qualification: string;
  employer: string; subprocessor: string | null; country: string;
}
export interface Request {
  intervention: string; phase: "REQUESTED" | "CONSENTED" | "OPEN"; requested_at: string; expires_at: string; purpose: "MAINTENANCE" | "SUPPORT";
  reason: string; planned_tasks: string; ticket: string; minutes: number; criticality: "STANDARD" | "SENSITIVE" | "CRITICAL"; pair: boolean;
  emergency: string | null; data_categories: string[]; system: { id: string; label: string; hosting: "LOCAL" | "HDS" }; tools: string[];
  access_types: string[]; operators: Operator[]; planned: null | { from: string; until: string };
  accepted: null | { at: string; by: { login: string; name: string } }; can_open: boolean; in_charge: string;
}
export type Hold = "NONE" | "PAUSED" | "NOBODY_WATCHES" | "PAIR_INCOMPLETE";
export interface Stream { stream: number; kind: string; login: string; cols: number; rows: number; open: boolean }
export interface Forward { tool: string; target: string; login: string; bytes_in: number; bytes_out: number }
export interface Activity {
  type: "connection" | "transfer" | "forward" | "attempt" | "password" | "pause" | "handover" | "typist" | "acceptance"; at: string; login?: string | null; what?: string; why?: string | null;
  name?: string; direction?: "IN" | "OUT"; bytes?: number; complete?: boolean; sha256?: string; tool?: string; target?: string; by?: unknown; to?: unknown;
  bytes_in?: number; bytes_out?: number;
}
export interface Session extends Request {
  approver: { login: string; name: string }; watch: "WATCHED" | "NOT_WATCHED"; recording: boolean; granted_minutes: number; started_at: string | null;
  seconds_left: number; hold: Hold; connected: string[]; bytes_in: number; bytes_out: number; attempts: number; streams: Stream[];
  forwards: Forward[]; activity: Activity[]; typist: string | null; paused_tools: string[];
}
export interface Line {
  intervention: string; state: string; requested_at: string; started_at: string | null; ended_at: string | null; duration_seconds: number | null;
  person_in_charge: string; employer: string; system: string; tools: string[]; ticket: string; criticality: string; end_cause: string | null;
  reported: boolean; recording: boolean; tasks_summary: string | null;
}
export interface Rehearsal { step: "REQUEST" | "OPEN" | "ENDED"; request: Request; session: Session | null; cut_ms: number | null; stopped: boolean }
export type EvidenceKind = "TWO_HISTORIES" | "ROLLED_BACK" | "NO_PROOF" | "MISSING_RECORD";
// What this practice has seen of the gateway's log; cosigned and evidence are null when that cannot be read.
export interface Witness {
  log: string; cosigned: number | null; cosigned_at: string | null; not_shown_yet: number | null; quiet: boolean; evidence: number | null;
  newest_evidence: null | { kind: EvidenceKind; seen: string; size: number };
  log_changed: null | { from: string; to: string; cause: "RESTORE" | "ROLLBACK" | "DAMAGE"; at: string };
}
export interface State {
  now: string; person: Person; locked: boolean;
  door: { drawbridge: "UP" | "DOWN"; since: string; link: "UP" | "DOWN"; link_problem: string | null; journal: "OK" | "FAILED"; alarm: boolean; witness: Witness };
  practice: Practice; requests: Request[]; sessions: Session[]; ended: Line[]; reported: Line[]; recent: Line[];
  rehearsed_at: string | null; rehearsal: Rehearsal | null;
}
export interface NoticeText { version: string; language: string; sha256: string; level1: string; level2: string }
export interface RequestDetail {
  request: Request; request_sha256: string; notice: NoticeText; host_words: string; host_keys: string[]; form: string; recording_days: number;
}
export interface Password { login: string; name: string; password: string; unused_after: string }
export interface Approved { intervention: string; minutes: number; passwords: Password[]; host_words: string }
export interface ExtensionOffer { notice: { version: string; language: string; sha256: string; level1: string }; form: string; most_minutes: number }
export interface RecordShown { index: number; fields: Record<string, unknown> }
export interface Comment { at: string; by: unknown; text: string; contested: boolean }
export interface Intervention {
  line: Line; fiche: Record<string, unknown>; records: RecordShown[]; evidence: import("../shared/verify").Evidence; comments: Comment[];
  destroyed: { index: number; fields: string[]; at: string | null; certificate: string | null }[];
  recording: null | { days_left: number; seconds: number; streams: number };
}
export interface CertificateLine { id: string; index: number; state: "PARTIAL" | "FINAL"; reason: string; at: string; items: number; intervention: string | null; completes: string | null }
export interface CertificateList { total: number; certificates: CertificateLine[] }
export interface Certificate { certificate: Record<string, unknown>; index: number; disclosures: string[]; proof: string; log_key: string; text: string }
export interface Cast { stream: number; kind: string; login: string; cast: string }
export interface Member {
  login: string; name: string; role: Role; added_at: string; added_by: string; until: string | null; removed_at: string | null; removed_by: string | null;
}
export interface Me { person: Person; passkeys: { id: string; label: string; added_at: string }[]; acts: { at: string; type: string; intervention: string | null; text: string }[] }
export const right_types = ["ACCESS", "RECTIFICATION", "ERASURE", "RESTRICTION", "OBJECTION", "PORTABILITY", "AFTER_DEATH"] as const;
export type RightType = (typeof right_types)[number];
export interface RightRequest { at: string; type: RightType; text: string; due: string }
