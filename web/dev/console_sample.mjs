// Plain sample data for the console: "Cabinet Exemple", "Éditeur Exemple". Nobody here exists.
import { createHash, generateKeyPairSync } from "node:crypto";

export const iso = (ms) => new Date(ms).toISOString().replace(/\.\d{3}Z$/, "Z");
const minute = 60_000, hour = 60 * minute, day = 24 * hour;
const date = (ms) => iso(ms).slice(0, 10);
const now = Date.now();

export const door = { vendor: "Éditeur Exemple", version: "0.1.0", language: "fr", oidc: { name: "Annuaire Exemple" }, console_sha256: "4f".repeat(32), serving: true, ssh_host: "passerelle.editeur.example", ssh_port: 2222 };
export const people = {
  alice: { login: "alice", name: "Alice Exemple", role: "technician" },
  admin: { login: "admin", name: "Ambre Exemple", role: "administrator" },
  dpo: { login: "dpo", name: "Diane Exemple", role: "compliance" },
  audit: { login: "audit", name: "Auguste Exemple", role: "auditor" },
};
export const me = (login) => ({ ...people[login], signed_in_at: iso(now - 40 * minute), expires_at: iso(now + 7 * hour), idle_seconds: 1800, method: "password", step_up_until: null, must_change_password: false });

// Real keys, made anew at each start: the browser computes their words and fingerprints itself.
const field = (bytes) => Buffer.concat([Buffer.from(Uint32Array.of(bytes.length).buffer).reverse(), bytes]);
const keys = new Map();
function make_key() {
  const { x, y } = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" });
  const point = Buffer.concat([Buffer.from([4]), Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]);
  const blob = Buffer.concat([field(Buffer.from("ecdsa-sha2-nistp256")), field(Buffer.from("nistp256")), field(point)]);
  return { line: `ecdsa-sha2-nistp256 ${blob.toString("base64")}`, fingerprint: `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}` };
}
const key = (n) => keys.get(n) ?? (keys.set(n, make_key()), keys.get(n));
const commitments = { confidentiality: { reference: "EC-2026-014", date: "2026-01-12" }, action_limit: { reference: "EL-2026-014", date: "2026-01-12" } };
const card_of = (login, name, more = {}) => ({ login, name, employer: "Éditeur Exemple", subprocessor: null, country: "FR", qualification: "technicienne de maintenance", issued_at: iso(now - 100 * day), expires_at: iso(now + 265 * day), ...commitments, keys: [key(1), key(2)], valid: true, why: "", ...more });
export const card = card_of("alice", "Alice Exemple");
export const technicians = [
  { ...card, trained_on: "2026-02-03", locked: false, account: true },
  { ...card_of("bruno", "Bruno Exemple", { qualification: "administrateur de bases de données", country: "BE" }), trained_on: "2026-02-03", locked: false, account: true },
  { ...card_of("chloe", "Chloé Exemple", { qualification: "ingénieure réseau", employer: "Sous-traitant Exemple", subprocessor: "reseaux-exemple" }), trained_on: null, locked: true, account: true },
  { ...card_of("denis", "Denis Exemple", { valid: false, why: "la carte a expiré", expires_at: iso(now - 3 * day) }), trained_on: "2025-01-10", locked: false, account: false },
];

const contract = (reference, from, until) => ({ reference, valid_from: date(now + from * day), valid_until: date(now + until * day), valid: from <= 0 && until >= 0 });
export const practices = [
  { id: "cabinet-exemple", name: "Cabinet Exemple", link: "UP", hosting: "LOCAL", contract: contract("C-2026-001", -200, 165), enrolled_at: iso(now - 190 * day), host_keys: [{ line: `ssh-ed25519 ${"A".repeat(32)}`, fingerprint: `SHA256:${"e".repeat(43)}` }, key(7)],
    systems: [{ id: "srv1", label: "Serveur du cabinet", hosting: "LOCAL", tools: ["shell", "files", "desktop", "tcp:postgres"] }, { id: "accueil", label: "Poste d'accueil", hosting: "LOCAL", tools: ["desktop"] }] },
  { id: "maison-exemple", name: "Maison de santé Exemple", link: "DOWN", hosting: "HDS", contract: contract("C-2026-014", -90, 275), enrolled_at: iso(now - 80 * day), host_keys: [key(8)], systems: [{ id: "appli", label: "Application hébergée", hosting: "HDS", tools: ["shell"] }] },
  { id: "ancien-exemple", name: "Ancien cabinet Exemple", link: "UP", hosting: "LOCAL", contract: contract("C-2024-090", -700, -12), enrolled_at: iso(now - 600 * day), host_keys: [key(9)], systems: [{ id: "srv", label: "Serveur", hosting: "LOCAL", tools: ["shell", "files"] }] },
  { id: "nouveau-exemple", name: "Nouveau cabinet Exemple", link: "DOWN", hosting: "LOCAL", contract: contract("C-2026-060", 20, 385), enrolled_at: null, host_keys: [], systems: [] },
];

const alice = { login: "alice", name: "Alice Exemple", role: "LEAD", mode: "CONNECTED", qualification: "technicienne de maintenance", employer: "Éditeur Exemple", country: "FR" };
const bruno = { login: "bruno", name: "Bruno Exemple", role: "PAIR", mode: "CONNECTED", qualification: "administrateur de bases de données", employer: "Éditeur Exemple", country: "BE" };
const chloe = { login: "chloe", name: "Chloé Exemple", role: "ADDITIONAL", mode: "CONSULTED", qualification: "ingénieure réseau", employer: "Sous-traitant Exemple", country: "FR" };

const id_of = (n) => `${String(n).padStart(8, "0")}-0f7e-4c1e-9a43-2f8f1f6f9f10`;
export const intervention = (n, state, more = {}) => ({
  id: id_of(n), state, practice: "cabinet-exemple", practice_name: "Cabinet Exemple", system: "srv1", system_label: "Serveur du cabinet", tools: ["shell", "files"], access_types: ["VIEW", "CONTROL", "TRANSFER_IN"],
  data_categories: ["données affichées à l'écran, dont données de santé", "ordonnances et documents"], purpose: "SUPPORT", reason: "Les ordonnances ne s'impriment plus depuis ce matin.",
  planned_tasks: "Impression et numérisation [PRINTING] ; Lecture des journaux techniques [LOGS] ; relancer le service d'impression", ticket: `T-${1000 + n}`, minutes: 30, granted_minutes: null, criticality: "STANDARD", pair: false,
  emergency: null, planned: null, operators: [alice], in_charge: "alice", requested_at: iso(now - 6 * minute), expires_at: iso(now + 24 * minute), opened_at: null, ends_at: null, ended_at: null, end_cause: null,
  why: "", watch: null, recording: null, mine: true, link: "UP", to_do: [], host_keys: [], connected: [], reported_at: null, report: null, nonconformities: [], ...more,
});

const begun = (ago, length) => ({ requested_at: iso(now - (ago + 3) * minute), opened_at: iso(now - ago * minute), granted_minutes: 30, ends_at: iso(now + (30 - ago) * minute), watch: "WATCHED", recording: false, host_keys: [key(7)], ...(length ? { ended_at: iso(now - (ago - length) * minute), ends_at: null } : {}) });
const report = { tasks: "– Impression et numérisation [PRINTING]\nLe service d'impression a été relancé, une page d'essai est sortie.", outcome: "SOLVED", cleanup: "DONE", consulted: [{ name: "Chloé Exemple", qualification: "ingénieure réseau" }], none_consulted: null };
const ended = { end_cause: "DONE", ...begun(90, 22) };

export const interventions = () => [
  intervention(1, "REQUESTED", { to_do: ["wait"] }),
  intervention(2, "REQUESTED", { to_do: ["wait"], planned: { from: iso(now + day), until: iso(now + day + 2 * hour) }, expires_at: iso(now + day + 2 * hour), system: "accueil", system_label: "Poste d'accueil", tools: ["desktop"] }),
  intervention(3, "APPROVED", { to_do: ["wait"], granted_minutes: 30, watch: "WATCHED", recording: false }),
  intervention(4, "OPEN", { to_do: ["connect"], pair: true, operators: [alice, bruno, chloe], connected: ["alice"], ...begun(7) }),
  intervention(5, "ENDED", { to_do: ["report"], ...ended }),
  intervention(6, "ENDED", { to_do: ["report", "name_additional_staff"], criticality: "CRITICAL", pair: true, operators: [alice, bruno, chloe], ...ended }),
  intervention(7, "CLOSED", { pair: true, operators: [alice, bruno, chloe], ...ended, reported_at: iso(now - 50 * minute), report }),
  intervention(8, "CLOSED", { criticality: "CRITICAL", pair: true, operators: [alice, bruno], ...ended, end_cause: "WITHDRAWN", reported_at: iso(now - 40 * minute), report: { ...report, outcome: "PARTLY_SOLVED", consulted: [], none_consulted: "La personne d'astreinte ne répondait pas." }, nonconformities: ["CRITICAL_NONE_CONSULTED"] }),
  intervention(9, "REFUSED", { why: "Pas avant la fin des consultations", ended_at: iso(now - 5 * minute) }),
  intervention(10, "EXPIRED", { requested_at: iso(now - 3 * hour), expires_at: iso(now - 2 * hour), ended_at: iso(now - 2 * hour) }),
  intervention(11, "PAUSED", { to_do: ["connect"], ...begun(9), connected: ["alice"], system: "accueil", system_label: "Poste d'accueil", tools: ["desktop"] }),
];

const approver = { login: "claire", name: "Dr Claire Exemple" };
export function events(i) {
  const start = Date.parse(i.opened_at ?? i.requested_at);
  const at = (minutes) => iso(start + minutes * minute);
  if (i.state === "REFUSED") return [{ type: "refusal", at: i.ended_at, approver, why: i.why }];
  if (i.state === "EXPIRED") return [{ type: "lapse", at: i.ended_at }];
  if (i.planned) return [{ type: "acceptance", at: at(2), approver }];
  if (!i.opened_at) return [];
  const open = [
    { type: "consent", at: at(-0.2), approver, minutes: 30 }, { type: "session_open", at: at(0), started_at: at(0) }, { type: "password", at: at(0), login: "alice", what: "GENERATED" },
    { type: "connection", at: at(1), login: "alice", what: "JOINED" }, { type: "connection", at: at(2), login: "bruno", what: "JOINED" },
    { type: "transfer", at: at(4), login: "alice", direction: "IN", name: "pilote-imprimante.tar.gz", bytes: 48213 },
    { type: "pause", at: at(5), what: "PAUSED", why: "PAUSED", by: approver }, { type: "pause", at: at(6.5), what: "RESUMED", why: "RESUMED", by: approver },
  ];
  if (!i.ended_at) return open;
  const over = (Date.parse(i.ended_at) - start) / minute;
  return [...open, { type: "connection", at: at(over - 4), login: "bruno", what: "LEFT" }, { type: "session_end", at: at(over), cause: i.end_cause }, ...(i.reported_at ? [{ type: "report_received", at: i.reported_at }, { type: "comment", at: i.reported_at, author: approver, text: "Impression vérifiée.", contested: false }] : [])];
}

export const passkeys = [{ id: "k1", label: "Ordinateur portable", created_at: iso(now - 60 * day), last_used_at: iso(now - day) }];
export const tokens = [{ id: "t1", label: "Tableau de bord", scopes: ["read"], created_at: iso(now - 20 * day), expires_at: iso(now + 10 * day), last_used_at: null }];
export const accounts = [
  { login: "alice", name: "Alice Exemple", role: "technician", created_at: iso(now - 200 * day), until: null, locked: false, oidc_subject: null },
  { login: "admin", name: "Ambre Exemple", role: "administrator", created_at: iso(now - 300 * day), until: null, locked: false, oidc_subject: null },
  { login: "audit", name: "Auguste Exemple", role: "auditor", created_at: iso(now - 10 * day), until: date(now + 20 * day), locked: true, oidc_subject: "8412" },
];
export const subprocessors = [
  { id: "reseaux-exemple", name: "Sous-traitant Exemple", country: "FR", guarantee: "Contrat du 3 février 2026", task: "Réseau des cabinets", state: "AUTHORISED", since: iso(now - 60 * day) },
  { id: "support-exemple", name: "Assistance Exemple", country: "CH", guarantee: "Décision d'adéquation", task: "Assistance de nuit", state: "NOTIFIED", since: iso(now - 5 * day) },
];
export const settings = { dpo_contact: "dpo@editeur.example", recipients: ["Éditeur Exemple (France)", "Sous-traitant Exemple (France)"], notice_version: "1", vendor_address: "1 rue de l'Exemple, 75000 Paris" };
