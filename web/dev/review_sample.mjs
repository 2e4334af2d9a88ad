// Plain sample data for the compliance review: nobody and nothing here exists. The records of interventions are
// sealed for real (dev/sample.mjs), so that the browser's own verification has something to verify.
import { createHash } from "node:crypto";
import { intervention as console_intervention, interventions as console_interventions, iso } from "./console_sample.mjs";
import { intervention as sealed_intervention, lines } from "./sample.mjs";

const minute = 60_000, hour = 60 * minute, day = 24 * hour;
const now = Date.now();
export const date = (ms) => iso(ms).slice(0, 10);
const sha = (text) => createHash("sha256").update(text).digest("hex");
const id_of = (n) => `${String(n).padStart(8, "0")}-5d1c-4b7e-8a21-6c0e4f7a9b30`;

// ---- the main courante: a few hundred rows that look like a year of work ----
const practices = [["cabinet-exemple", "Cabinet Exemple"], ["maison-exemple", "Maison de santé Exemple"], ["centre-exemple", "Centre de radiologie Exemple"], ["ancien-exemple", "Ancien cabinet Exemple"]];
const systems = [["srv1", "Serveur du cabinet"], ["accueil", "Poste d'accueil"], ["imagerie", "Console d'imagerie"]];
const tool_sets = [["shell", "files"], ["desktop"], ["shell"], ["shell", "tcp:postgres"]];
const people = ["Alice Exemple", "Bruno Exemple", "Chloé Exemple"];
const pick = (list, n) => list[n % list.length];

function row(n) {
  const requested = now - n * 31 * hour - (n % 7) * 47 * minute;
  const state = n === 0 ? "OPEN" : n % 17 === 5 ? "REFUSED" : n % 23 === 7 ? "EXPIRED" : n % 29 === 3 ? "CANCELLED" : n % 11 === 4 ? "ENDED" : "CLOSED";
  const worked = ["OPEN", "ENDED", "CLOSED"].includes(state);
  const criticality = n % 13 === 6 ? "CRITICAL" : n % 5 === 2 ? "SENSITIVE" : "STANDARD";
  const [practice, practice_name] = pick(practices, n * 3 + (n >> 2));
  const [system, system_label] = pick(systems, n);
  return {
    id: id_of(n), requested_at: iso(requested), started_at: worked ? iso(requested + 4 * minute) : null, active_seconds: state === "CLOSED" || state === "ENDED" ? 240 + ((n * 97) % 2400) : null, state, end_cause: state === "CLOSED" || state === "ENDED" ? (n % 19 === 8 ? "WITHDRAWN" : "DONE") : null,
    practice, practice_name, system, system_label, tools: pick(tool_sets, n), ticket: `DOS-2026-${1600 - n}`, purpose: n % 3 ? "SUPPORT" : "MAINTENANCE", criticality, pair: criticality === "CRITICAL", emergency: n % 31 === 9, watched: worked ? n % 14 !== 10 : null,
    in_charge: n > 230 ? "" : pick(people, n), outcome: state === "CLOSED" ? (n % 9 === 1 ? "PARTLY_SOLVED" : "SOLVED") : null, nonconformities: n % 26 === 19 ? ["CRITICAL_NONE_CONSULTED"] : [],
    marks: { seen: n > 9 && n % 8 !== 0, questions: n === 12 ? 1 : 0, findings: n === 19 ? 1 : 0 },
  };
}
export const rows = Array.from({ length: 260 }, (_, n) => row(n));
export const known = new Map();  // id → Reviewed, made when first asked for

const choice = (pairs) => pairs.map(([value, label]) => ({ value, label }));
export const choices = () => ({
  practices: choice(practices), people: choice([["alice", "Alice Exemple"], ["bruno", "Bruno Exemple"], ["chloe", "Chloé Exemple"]]), systems: choice(systems), tools: choice([["shell", ""], ["files", ""], ["desktop", ""], ["tcp:postgres", ""]]),
  states: choice([...new Set(rows.map((r) => r.state))].map((s) => [s, s])), outcomes: choice([["SOLVED", ""], ["PARTLY_SOLVED", ""]]), ends: choice([["DONE", ""], ["WITHDRAWN", ""]]), nonconformities: choice([["CRITICAL_NONE_CONSULTED", ""]]),
});

const marked = (r, kind) => (kind === "UNSEEN" ? !r.marks.seen : kind === "SEEN" ? r.marks.seen : kind === "QUESTION" ? r.marks.questions > 0 : r.marks.findings > 0);
const tests = {
  from: (r, v) => date(Date.parse(r.requested_at)) >= v, until: (r, v) => date(Date.parse(r.requested_at)) <= v, practice: (r, v) => r.practice === v, person: (r, v) => r.in_charge.toLowerCase().startsWith(v.slice(0, 4)), system: (r, v) => r.system === v, tool: (r, v) => r.tools.includes(v),
  criticality: (r, v) => r.criticality === v, state: (r, v) => r.state === v, outcome: (r, v) => (v === "NONE" ? !r.outcome : r.outcome === v), end: (r, v) => r.end_cause === v, nonconformity: (r, v) => (v === "ANY" ? r.nonconformities.length > 0 : r.nonconformities.includes(v)), mark: marked,
  emergency: (r) => r.emergency, not_watched: (r) => r.watched === false, pair: (r) => r.pair, text: (r, v) => r.id.startsWith(v) || r.ticket.toLowerCase().startsWith(v.toLowerCase()),
};
export const search = (query) => rows.filter((r) => Object.entries(tests).every(([name, test]) => !query.get(name) || test(r, query.get(name))));

export function found(query) {
  const all = search(query);
  const from = Number(query.get("cursor") ?? 0), limit = Number(query.get("limit") ?? 50);
  return { items: all.slice(from, from + limit), next: from + limit < all.length ? String(from + limit) : null, total: all.length, log_size: 48_213 };
}

const counted = (list, of) => list.reduce((sum, r) => { for (const key of [of(r)].flat()) if (key) sum[key] = (sum[key] ?? 0) + 1; return sum; }, {});
export function overview(query) {
  const list = search(query);
  const heat = Array.from({ length: 7 }, () => Array(24).fill(0));
  for (const [n, r] of list.entries()) {
    const at = new Date(r.requested_at);
    heat[(at.getUTCDay() + 6) % 7 < 5 ? (at.getUTCDay() + 6) % 7 : n % 5][8 + ((at.getUTCHours() + n) % 11)]++;
  }
  const by_month = Object.entries(counted(list, (r) => r.requested_at.slice(0, 7))).sort().map(([month, count]) => ({ month, count }));
  return {
    from: query.get("from"), until: query.get("until"), total: list.length, by_state: counted(list, (r) => r.state), by_criticality: counted(list, (r) => r.criticality), by_tool: counted(list, (r) => r.tools), by_outcome: counted(list, (r) => r.outcome ?? "NONE"),
    by_nonconformity: counted(list, (r) => r.nonconformities), by_month, heat, pairs: list.filter((r) => r.pair).length, emergencies: list.filter((r) => r.emergency).length, not_watched: list.filter((r) => r.watched === false).length, median_active_seconds: 1140, questions_open: 1, findings_open: 1, findings_late: 0,
  };
}

// ---- one intervention ----
const classes = { approver: "person", operator: "person", requested_by: "person", withdrawn_by: "person", by: "person", author: "person", reason: "text", tasks_summary: "text", name: "text", source_ip: "ip" };
function field(name, value, gone) {
  const cls = classes[name] ?? "open";
  const expires_on = cls === "open" ? null : date(now + (cls === "ip" ? 90 : 1700) * day);
  return gone ? { name, class: cls, value: null, state: gone, expires_on, certificate: gone === "DESTROYED" ? certificates[0].id : null } : { name, class: cls, value, state: "OPEN", expires_on, certificate: null };
}

export function reviewed(id) {
  if (known.has(id)) return known.get(id);
  const r = rows.find((one) => one.id === id);
  if (!r) return null;
  const sealed = sealed_intervention({ ...lines()[0], intervention: id, requested_at: r.requested_at, end_cause: r.end_cause ?? "DONE" });
  const worked = r.started_at !== null;
  const i = console_intervention(0, r.state, { ...(worked ? console_interventions()[6] : {}), ...r, operators: console_interventions()[6].operators, ended_at: worked ? iso(Date.parse(r.requested_at) + 24 * minute) : null, opened_at: r.started_at, reported_at: r.outcome ? iso(Date.parse(r.requested_at) + 40 * minute) : null, emergency: r.emergency ? "L'agenda ne répond plus, consultations en cours." : null, watch: r.watched === null ? null : r.watched ? "WATCHED" : "NOT_WATCHED", mine: false, to_do: [], state: r.state });
  const start = Date.parse(r.requested_at);
  const at = (s) => iso(start + s * 1000);
  const claire = { login: "claire", name: "Dr Claire Exemple" };
  const events = !worked ? [] : [
    { type: "consent", at: at(100), approver: claire, minutes: 30 }, { type: "session_open", at: at(102) }, { type: "connection", at: at(150), login: "alice", what: "JOINED" }, { type: "connection", at: at(190), login: "bruno", what: "JOINED" },
    { type: "transfer", at: at(300), login: "alice", direction: "IN", name: "pilote-imprimante.tar.gz", bytes: 48213 }, { type: "pause", at: at(500), what: "PAUSED", why: "PAUSED" }, { type: "pause", at: at(600), what: "RESUMED", why: "RESUMED" }, { type: "connection", at: at(1100), login: "bruno", what: "LEFT" },
    ...(r.state === "OPEN" ? [] : [{ type: "session_end", at: at(1200), cause: r.end_cause }]), ...(i.reported_at ? [{ type: "report_received", at: i.reported_at }, { type: "comment", at: i.reported_at, author: claire, text: "Impression vérifiée avec la secrétaire.", contested: false }] : []),
  ];
  const differs = id === id_of(19);
  const made = {
    row: r, intervention: i, events, evidence: sealed.evidence, records: sealed.records.map(({ index, fields }) => ({ index, type: fields.type, time: fields.time, fields: Object.entries(fields).map(([name, value]) => field(name, value)) })),
    journals: differs ? { agree: false, facts: 11, last_sequence: 12, missing: [7], differences: [{ what: "VALUE", fact: "transfer", field: "size", practice: 48213, gateway: 48000, index: 5 }, { what: "MISSING_HERE", fact: "pause", field: "", practice: null, gateway: null, index: null }] } : { agree: true, facts: 11, last_sequence: 12, missing: [], differences: [] },
    marks: marks.filter((m) => m.intervention === id), certificates: [], hold: null,
  };
  known.set(id, made);
  return made;
}

export const marks = [
  { id: "m1", intervention: id_of(12), mark: "QUESTION", text: "Pourquoi le bureau à distance a-t-il été demandé en plus du terminal ?", about: null, due: null, by: "audit", by_name: "Auguste Exemple", at: iso(now - 3 * day), index: 47_980, resolved: false, late: false },
  { id: "m2", intervention: id_of(19), mark: "FINDING", text: "Intervention critique sans personnel qualifié consulté : rappeler la règle à l'équipe.", about: null, due: date(now + 2 * day), by: "dpo", by_name: "Diane Exemple", at: iso(now - 5 * day), index: 47_801, resolved: false, late: false },
  { id: "m3", intervention: id_of(12), mark: "SEEN", text: "", about: null, due: null, by: "dpo", by_name: "Diane Exemple", at: iso(now - 4 * day), index: 47_900, resolved: false, late: false },
  { id: "m4", intervention: id_of(19), mark: "ANSWER", text: "Rappel fait en réunion d'équipe.", about: "m2", due: null, by: "dpo", by_name: "Diane Exemple", at: iso(now - 4 * day), index: 47_899, resolved: false, late: false },
];

export const searches = [{ id: "s1", label: "Critiques du mois", filter: { criticality: "CRITICAL", from: date(now - 30 * day), until: date(now) }, created_at: iso(now - 20 * day) }];
export const export_file = (one) => (one.format === "CSV" ? "﻿numero;cabinet;demandee_le\r\n00000001;Cabinet Exemple;2026-11-20\r\n" : JSON.stringify({ sample: one.format }));
export const make_export = (n, format, count, change = {}) => {
  const one = { id: `e${n}`, format, state: "READY", file: `interventions-${n}.${{ CSV: "csv", JSON: "json", PDF: "pdf", PROOF_PACK: "zip" }[format]}`, bytes: 0, sha256: "", count, made_at: iso(now - n * day), expires_on: date(now + (30 - n) * day), why: "", ...change };
  const content = Buffer.from(export_file(one));
  return { ...one, bytes: content.length, sha256: createHash("sha256").update(content).digest("hex") };
};
export const exports = [make_export(1, "CSV", 42), make_export(2, "PROOF_PACK", 1), make_export(3, "PDF", 12, { state: "FAILED", why: "le disque est plein" }), make_export(40, "JSON", 120, { state: "EXPIRED" })];

// ---- log, retention, backups, deliveries ----
const checkpoint = "audit.editeur.example/log\n48213\ngVxFaV+Qgt+4HvNnETAqg7XLVSjedW8/sOjRlktiJeM=\n\n— audit.editeur.example/log VDChyuKw/6+VXZxPZqoDDCEjWfJQwnDAurfd8Vo2zfdXK0e5rQzLsxTymby5RH19Ltx2oItw06Kt3ea9qKyzTQVXbQI=\n";
export const log = (change = {}) => ({
  origin: "audit.editeur.example/log", size: 48_213, root: sha("root"), checkpoint, verifier_key: "audit.editeur.example/log+5430a1ca+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c", healthy: true, behind: false,
  witnesses: [{ name: "practice.cabinet-exemple", practice: "cabinet-exemple", size: 48_213, at: iso(now - 9 * minute), current: true, alarm: false }, { name: "practice.maison-exemple", practice: "maison-exemple", size: 48_190, at: iso(now - 70 * minute), current: false, alarm: false }, { name: "practice.centre-exemple", practice: "centre-exemple", size: 48_213, at: iso(now - 8 * minute), current: true, alarm: false }],
  quorum: { needed: 2, have: 2, met: true }, timestamp: { at: iso(now - 14 * hour), authority: "Horodatage Exemple", size: 48_020 }, verification: { at: iso(now - 6 * hour), verified: true, findings: 0, what: null }, alarms: [], ...change,
});
export const alarmed = () => log({ witnesses: log().witnesses.map((w, n) => (n === 1 ? { ...w, alarm: true } : w)), quorum: { needed: 2, have: 1, met: false }, alarms: [{ at: iso(now - 2 * hour), witness: "practice.maison-exemple", cause: "two roots of one size", index: 48_188 }] });

const rule = (id, days, ceiling_days, legal_source, open, oldest_days, due = 0, deferred = 0) => ({ id, days, ceiling_days, legal_source, conditions: "chiffré, lecteurs nommés", format: "enregistrement scellé", open, oldest: oldest_days ? date(now + (days - oldest_days) * day) : null, due, deferred });
export const retention = (validated) => ({
  policy: { version: "retention/1", validated_by: validated ? "Diane Exemple" : null, validated_at: validated ? iso(now - 40 * day) : null },
  classes: [rule("ip-150-days", 150, 150, "charte, § 2.1 ; PGSSI-S 7.2.2.5", 812, 148), rule("security-180-days", 180, 365, "CNIL, journalisation (2021)", 1404, 171), rule("request-1-year", 365, 365, "RGPD, art. 7(1)", 96, 340, 2), rule("intervention-5-years", 1826, 1826, "code civil, art. 2224", 36_214, 900, 3, 41)],
  last_run: { at: iso(now - 8 * hour), destroyed: 131, certificates: 2 }, next_run: iso(now + 16 * hour), late: false, oldest_ip: date(now + 2 * day),
});
const certificate = (n, change) => ({ id: `cert-2026-${String(n).padStart(4, "0")}`, index: 48_000 - n * 400, issued_at: iso(now - n * day), reason: "IP_6_MONTHS", retention_class: "ip-150-days", record_count: 30 + n * 7, oldest_at: iso(now - (150 + n) * day), newest_at: iso(now - (149 + n) * day), state: n > 2 ? "FINAL" : "PARTIAL", backup_expiry_at: date(now + (7 - n) * day), operator: "automate", practice: null, verification_result: "VERIFIED", ...change });
export const certificates = [certificate(1), certificate(2, { reason: "RETENTION", retention_class: "request-1-year", record_count: 6 }), certificate(5, { reason: "ERASURE_REQUEST", retention_class: "text", record_count: 1, operator: "Diane Exemple", practice: "cabinet-exemple" }), certificate(9, { reason: "CONTRACT_END", retention_class: "intervention-5-years", record_count: 1240, practice: "ancien-exemple" })];
export const certificate_whole = (c) => ({ ...c, fields: { certificate_id: c.id, reason: c.reason, policy_version: "retention/1", legal_basis: "charte, § 2.1", record_count: c.record_count, media: ["base", "journaux", "sauvegardes"], method: "KEY_DESTROYED", performed_at: c.issued_at, verified_at: c.issued_at, scope_commitment: sha(c.id), previous_certificate_hash: sha("before") }, proof: `c2sp.org/tlog-proof@v1\nindex ${c.index}\n${Buffer.from(sha("x"), "hex").toString("base64")}\n\n${checkpoint}`, disclosures: [] });
export const certificate_text = (c, language) => (language === "fr" ? `CERTIFICAT DE DESTRUCTION\n\nN° : ${c.id}\nMotif : terme atteint\nNombre de valeurs : ${c.record_count}\nContrôle : relecture de la base, du journal et des clés ; rien trouvé.\n` : `CERTIFICATE OF DESTRUCTION\n\nNo.: ${c.id}\nReason: term reached\nNumber of values: ${c.record_count}\nCheck: database, log and keys read again; nothing found.\n`);

export const holds = [
  { id: "h1", practice: "maison-exemple", intervention: null, from: null, until: null, reason: "Litige en cours sur une perte de données, dossier L-2026-4.", review_on: date(now + 20 * day), by: "Diane Exemple", placed_at: iso(now - 160 * day), lifted_at: null, late: false },
  { id: "h2", practice: null, intervention: null, from: date(now - 400 * day), until: date(now - 370 * day), reason: "Contrôle annoncé par l'autorité.", review_on: date(now - 2 * day), by: "Diane Exemple", placed_at: iso(now - 190 * day), lifted_at: null, late: true },
];
export const annual = [
  { year: 2026, opened_at: iso(now - 20 * day), due: date(now + 40 * day), late: false, signed_by: null, signed_at: null, report_sha256: null, classes: [{ id: "ip-150-days", open: 812, oldest: date(now + 2 * day), due: 0, decision: "KEEP" }, { id: "security-180-days", open: 1404, oldest: date(now + 9 * day), due: 0, decision: null }, { id: "request-1-year", open: 96, oldest: date(now - day), due: 2, decision: null }, { id: "intervention-5-years", open: 36_214, oldest: date(now - day), due: 3, decision: "KEEP" }] },
  { year: 2025, opened_at: iso(now - 385 * day), due: date(now - 325 * day), late: false, signed_by: "Diane Exemple", signed_at: iso(now - 350 * day), report_sha256: sha("2025"), classes: [{ id: "intervention-5-years", open: 21_900, oldest: date(now + 20 * day), due: 0, decision: "KEEP" }, { id: "request-1-year", open: 74, oldest: date(now - 3 * day), due: 12, decision: "DELETE" }] },
];
export const contract_ends = [
  { practice: "ancien-exemple", contract: "C-2024-090", ended_on: date(now - 12 * day), due: date(now + 19 * day), late: false, choice: "RETURN_THEN_DELETE", chosen_by: "Dr Ancien Exemple", export_sha256: sha("end"), confirmed_by: null, deleted_at: null, keys_revoked: false, certificates: [] },
  { practice: "parti-exemple", contract: "C-2023-011", ended_on: date(now - 90 * day), due: date(now - 60 * day), late: false, choice: "DELETE", chosen_by: "Dr Parti Exemple", export_sha256: null, confirmed_by: null, deleted_at: iso(now - 80 * day), keys_revoked: true, certificates: [certificates[3].id] },
];
export const spontaneous = [{ id: "c1", record: 47_412, field: "tasks_summary", intervention: id_of(6), found_by: "Diane Exemple", at: iso(now - 2 * day), rule: "PERSON", state: "QUARANTINED", certificate: null }, { id: "c2", record: 44_870, field: "reason", intervention: id_of(80), found_by: "automate", at: iso(now - 33 * day), rule: "NIR", state: "DESTROYED", certificate: certificates[2].id }];
const backup_row = (n, kind, change = {}) => ({ at: iso(now - n * day - 3 * hour), kind, file: `pontlevis-${kind.toLowerCase()}-${date(now - n * day)}.age`, sha256: sha(`${n}${kind}`), bytes: kind === "DATA" ? 41_000_000 - n * 90_000 : 2_400_000, log_size: 48_100 - n * 60, expires_on: date(now + (kind === "DATA" ? 30 - n : 7 - n) * day), state: kind === "KEYS" && n > 7 ? "EXPIRED" : "KEPT", why: "", ...change });
export const backups = { folder: "/var/backups/pontlevis", recipient: true, last: backup_row(0, "DATA"), next: iso(now + 21 * hour), late: false, items: [backup_row(0, "DATA"), backup_row(0, "KEYS"), backup_row(1, "DATA"), backup_row(1, "KEYS"), backup_row(2, "DATA", { state: "FAILED", why: "disque plein", bytes: 0 }), backup_row(3, "DATA"), backup_row(9, "KEYS")], restore_tested_at: iso(now - 200 * day), restore_test_due: date(now + 165 * day) };
export const deliveries = [
  { id: "d1", channel: "webhook", subject: "report", intervention: id_of(3), state: "ACKNOWLEDGED", tries: 1, created_at: iso(now - 4 * hour), next_try: null, last_error: "", crm_ref: "CRM-88123" },
  { id: "d2", channel: "webhook", subject: "deletion", intervention: id_of(90), state: "WAITING", tries: 3, created_at: iso(now - 7 * hour), next_try: iso(now + 20 * minute), last_error: "503 Service Unavailable", crm_ref: null },
  { id: "d3", channel: "mail", subject: "clock", intervention: null, state: "GIVEN_UP", tries: 12, created_at: iso(now - 3 * day), next_try: null, last_error: "550 adresse inconnue", crm_ref: null },
  { id: "d4", channel: "csv", subject: "intervention", intervention: null, state: "ACKNOWLEDGED", tries: 1, created_at: iso(now - day), next_try: null, last_error: "", crm_ref: null },
];

// ---- registers ----
const entry_fields = [
  { name: "purposes", label_fr: "Finalités", label_en: "Purposes", value: ["Réaliser les interventions demandées", "En garder la preuve", "Sécuriser les accès"], value_en: ["Carry out the interventions asked for", "Keep the proof of them", "Secure the access"] },
  { name: "legal_bases", label_fr: "Bases juridiques", label_en: "Legal grounds", value: ["Exécution du contrat", "Intérêt légitime : sécurité et preuve"], value_en: ["Performance of the contract", "Legitimate interest: security and proof"] },
  { name: "data_subjects", label_fr: "Personnes concernées", label_en: "Data subjects", value: ["Intervenants", "Professionnels de santé et leur personnel"], value_en: ["Operators", "Practitioners and their staff"] },
  { name: "transfers", label_fr: "Transferts hors Union européenne", label_en: "Transfers outside the EU", value: ["Aucun"], value_en: ["None"] },
  { name: "security_measures", label_fr: "Mesures de sécurité", label_en: "Security measures", value: ["TLS 1.3", "Double authentification des intervenants", "Journal scellé, cosigné par les cabinets"], value_en: ["TLS 1.3", "Two factors for operators", "Sealed log, cosigned by the practices"] },
];
export const entries = [
  { id: "T-1", kind: "RESPONSABLE", name: "Traces de télémaintenance", version: 3, created_at: iso(now - 300 * day), updated_at: iso(now - 6 * day), validated_by: null, validated_at: null, next_review_on: date(now + 120 * day), late: false },
  { id: "T-2", kind: "SOUS_TRAITANT", name: "Données vues pendant la télémaintenance", version: 2, created_at: iso(now - 300 * day), updated_at: iso(now - 90 * day), validated_by: "Diane Exemple", validated_at: iso(now - 88 * day), next_review_on: date(now + 277 * day), late: false },
];
export const entry_whole = (e, version) => ({ ...e, version: version ?? e.version, fields: entry_fields, versions: Array.from({ length: e.version }, (_, n) => ({ version: e.version - n, created_at: iso(now - (6 + 80 * n) * day), sha256: sha(`${e.id}${n}`), validated_by: n || e.validated_by ? "Diane Exemple" : null })) });
const step = (back, what, by, index) => ({ at: iso(now - back * day), what, by, index });
export const rights = [
  { id: "r1", type: "ACCESS", channel: "EMAIL", requester: "Bruno Exemple", requester_status: "TECHNICIAN", contact: "bruno@exemple.example", text: "Je souhaite savoir ce que vous conservez sur mes interventions.", practice: null, received_at: iso(now - 26 * day), due: date(now + 2 * day), extended_until: null, extension_reason: "", route: "VENDOR", identity: { method: "CALL_BACK", result: "CONFIRMED", at: iso(now - 24 * day) }, forwarded_to: null, forwarded_at: null, found: 214, answered_at: null, outcome: "", files: [{ name: "reponse.json", sha256: sha("j"), bytes: 61_204 }, { name: "reponse.csv", sha256: sha("c"), bytes: 18_204 }], state: "SEARCHED", late: false, days_left: 2, steps: [step(26, "RECEIVED", "Diane Exemple", 46_100), step(24, "IDENTITY_CHECKED", "Diane Exemple", 46_180), step(20, "SEARCHED", "Diane Exemple", 46_300)] },
  { id: "r2", type: "ERASURE", channel: "POST", requester: "Patiente Exemple", requester_status: "PATIENT", contact: "1 rue de l'Exemple, 75000 Paris", text: "Je demande l'effacement de mes données.", practice: "cabinet-exemple", received_at: iso(now - 35 * day), due: date(now - 5 * day), extended_until: null, extension_reason: "", route: "PRACTICE", identity: null, forwarded_to: null, forwarded_at: null, found: null, answered_at: null, outcome: "", files: [], state: "RECEIVED", late: true, days_left: -5, steps: [step(35, "RECEIVED", "Diane Exemple", 45_800)] },
];
const file = { occurred_from: iso(now - 2 * hour), occurred_to: null, breach_types: ["INTEGRITE"], cause: "", description: "Un témoin a donné l'alarme : deux états du journal de même taille et de racines différentes.", data_categories: ["traces de télémaintenance"], special_categories: false, subjects_categories: ["intervenants"], subjects_count_approx: null, records_count_approx: 23, likely_consequences: "", severity: "", measures_taken: [], measures_planned: [], advice_to_controller: "", data_unintelligible: false, subjects_informed: "", other_authorities: [], authority_not_notified: "" };
export const empty_breach = { state: "DRAFT", opened_by: "Diane Exemple", detected_at: iso(now), aware_at: null, evidence: [], affected_interventions: [], affected_practices: [], clocks: [], notices: [], steps: [], lessons: "", dismiss_reason: "", closed_at: null, dpo: "dpo@editeur.example", sender: "Éditeur Exemple" };
export const breaches = [
  { id: "b-2026-001", ...file, ...empty_breach, opened_by: null, detected_at: iso(now - 2 * hour), evidence: [{ what: "witness_alarm", index: 48_188 }], steps: [step(0.08, "DRAFTED", "", 48_189)] },
  { id: "b-2026-000", ...file, ...empty_breach, state: "CONFIRMED", description: "Un compte d'intervenant a servi depuis un poste volé pendant une heure.", breach_types: ["CONFIDENTIALITE"], cause: "EXTERNAL_MALICIOUS", severity: "HIGH", detected_at: iso(now - 2 * day), aware_at: iso(now - 2 * day), affected_interventions: [id_of(40), id_of(41)], affected_practices: ["cabinet-exemple", "maison-exemple"], measures_taken: ["Carte révoquée", "Compte fermé"],
    clocks: [{ name: "H24", due: iso(now - day), met_at: iso(now - 1.5 * day), late: false }, { name: "H72", due: iso(now + day), met_at: null, late: false }, { name: "MONTH", due: iso(now + 28 * day), met_at: null, late: false }],
    notices: [{ recipient: "cabinet-exemple", kind: "INITIALE", sent_at: iso(now - 1.5 * day), delay_reason: "", delivered: "accusé du courriel", sha256: sha("n1") }, { recipient: "maison-exemple", kind: "INITIALE", sent_at: iso(now - 1.5 * day), delay_reason: "", delivered: null, sha256: sha("n2") }], steps: [step(2, "DRAFTED", "Diane Exemple", 47_700), step(2, "CONFIRMED", "Diane Exemple", 47_702), step(1.5, "NOTIFIED", "Diane Exemple", 47_720)] },
];
export const breach_file = file;

export const due = [
  { kind: "rights_request", subject: "r2", due: date(now - 5 * day), late: true, words: "Patiente Exemple : effacement" }, { kind: "hold", subject: "h2", due: date(now - 2 * day), late: true, words: "Contrôle annoncé par l'autorité" }, { kind: "breach", subject: "b-2026-000", due: iso(now + day), late: false, words: "72 heures : la CNIL" },
  { kind: "rights_request", subject: "r1", due: date(now + 2 * day), late: false, words: "Bruno Exemple : accès" }, { kind: "finding", subject: `${id_of(19)}/m2`, due: date(now + 2 * day), late: false, words: "Intervention critique sans personnel qualifié consulté" }, { kind: "contract_end", subject: "ancien-exemple", due: date(now + 19 * day), late: false, words: "Ancien cabinet Exemple" }, { kind: "annual_review", subject: "2026", due: date(now + 40 * day), late: false, words: "Revue de 2026" },
];
