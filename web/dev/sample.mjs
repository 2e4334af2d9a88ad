// Plain sample data for the development server: nobody and nothing here exists. The records are sealed for
// real (docs/record-format.md), with a key made at start, so that the page has something to verify.
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

export const iso = (ms) => new Date(ms).toISOString();
const minute = 60_000;
const sha = (...parts) => parts.reduce((h, p) => h.update(p), createHash("sha256")).digest();

export const practice = {
  id: "cabinet-exemple", name: "Cabinet Exemple", vendor_name: "Éditeur Exemple", vendor_address: "1 rue de l'Exemple, 75000 Paris", dpo_contact: "dpo@editeur.example",
  recipients: "Éditeur Exemple (France)", transfers: "aucun", rights_contact: "droits@editeur.example", language: "fr",
};
export const alice = { login: "alice", name: "Alice Exemple", role: "LEAD", mode: "CONNECTED", qualification: "Ingénieure support", employer: "Éditeur Exemple", subprocessor: null, country: "FR" };
export const bruno = { login: "bruno", name: "Bruno Exemple", role: "PAIR", mode: "CONNECTED", qualification: "Administrateur de bases de données", employer: "Éditeur Exemple", subprocessor: "Hébergeur Exemple", country: "BE" };
export const chloe = { login: "chloe", name: "Chloé Exemple", role: "ADDITIONAL", mode: "CONSULTED", qualification: "Référente sécurité", employer: "Éditeur Exemple", subprocessor: null, country: "FR" };

export const denis = { login: "denis", name: "Denis Exemple", role: "ADDITIONAL", mode: "CONNECTED", qualification: "Ingénieur stagiaire", employer: "Éditeur Exemple", subprocessor: null, country: "FR" };

// A planned one: from 12:30 to 14:00 (of the reader's clock), `days` from now; 0: it has begun.
export function planned(id, days, change = {}) {
  const from = new Date(Date.now() + days * 86_400_000);
  if (days) from.setUTCHours(11, 30, 0, 0);
  else from.setTime(Date.now() - 60_000);
  const until = iso(from.getTime() + 90 * minute);
  return { ...request(id), planned: { from: iso(from), until }, expires_at: until, can_open: days === 0, reason: "Mise à jour 8.2 du logiciel de facturation", planned_tasks: "Sauvegarder, mettre à jour, contrôler une facture d'essai", purpose: "MAINTENANCE", ticket: "DOS-2026-1440", ...change };
}
export const said_yes = () => ({ at: iso(Date.now() - 3_600_000), by: { login: "claire", name: "Dr Claire Exemple" } });

export function request(id = "6f1c2b7e-0f7e-4c1e-9a43-2f8f1f6f9f10") {
  const now = Date.now();
  return {
    intervention: id, phase: "REQUESTED", requested_at: iso(now - 40_000), expires_at: iso(now + 14 * minute), purpose: "SUPPORT", reason: "Les ordonnances ne s'impriment plus depuis ce matin",
    planned_tasks: "Contrôler le service d'impression, relancer la file, vérifier une impression d'essai", ticket: "DOS-2026-1432", minutes: 30, criticality: "STANDARD", pair: true, emergency: null,
    data_categories: ["identité des patients", "ordonnances"], system: { id: "srv1", label: "Serveur du cabinet", hosting: "LOCAL" }, tools: ["shell", "files", "tcp:base"],
    access_types: ["VIEW", "CONTROL", "TRANSFER_IN"], operators: [alice, bruno, chloe], planned: null, accepted: null, can_open: true, in_charge: "alice",
  };
}

const level1 = {
  fr: `Demande d'accès à distance à votre système. Rien n'est ouvert tant que vous n'avez pas accepté.

Qui ? Alice Exemple, Ingénieure support, Éditeur Exemple, depuis FR. En binôme avec Bruno Exemple, Administrateur de bases de données, Éditeur Exemple, depuis BE. Sous-traitant : Hébergeur Exemple. Personnel additionnel qualifié : Chloé Exemple (seulement consulté).

Pourquoi ? Assistance – Les ordonnances ne s'impriment plus depuis ce matin – dossier DOS-2026-1432. Tâches prévues : contrôler le service d'impression, relancer la file, vérifier une impression d'essai.

Sur quoi ? Serveur du cabinet. Outil : shell, files, tcp:base. Droits demandés : voir, agir, déposer des fichiers, que vous pouvez réduire.

Quand ? Dès votre accord, 30 minutes au plus ; fermeture automatique ensuite.

Quelles données peuvent être vues ? Celles affichées à l'écran, y compris des données de santé de vos patients (identité des patients, ordonnances). Aucune copie n'est faite hors de votre cabinet sauf : transfert de fichiers, si vous laissez l'outil « fichiers ». Enregistrement : non.

Votre accord vaut instruction documentée (RGPD, art. 28), limitée à ce qui est écrit ici. Vous suivez l'intervention en direct et pouvez la suspendre ou retirer votre accord à tout moment, en un seul geste, sans motif : l'accès est coupé aussitôt. Le retrait n'efface pas la trace de ce qui a déjà été fait.

Refuser n'a pas d'autre effet que l'absence de cette intervention ; votre contrat n'est pas modifié.`,
  en: `Request for remote access to your system. Nothing is open until you have agreed.

Who? Alice Exemple, Support engineer, Éditeur Exemple, from FR. In a pair with Bruno Exemple, Database administrator, Éditeur Exemple, from BE.

Why? Support – Prescriptions no longer print since this morning – ticket DOS-2026-1432. Planned tasks: check the print service, restart the queue, try a print.

On what? Serveur du cabinet. Tool: shell, files, tcp:base. Rights asked for: view, act, bring files in, which you can lower.

When? From your consent, for at most 30 minutes; closed automatically after that.

Which data may be seen? Those on the screen, including health data of your patients (identity of patients, prescriptions). No copy is made outside your practice except: file transfer, if you leave the tool “files”. Recording: no.

Your consent is a documented instruction (GDPR, art. 28), limited to what is written here. You watch the intervention live and can pause it or withdraw your consent at any time, by one act, without a reason: access is cut at once.

Refusing has no other effect than the absence of this intervention; your contract does not change.`,
};
export const notice = (language) => ({
  version: "1", language, sha256: sha(level1[language]).toString("hex"), level1: level1[language],
  level2: language === "fr" ? "Responsable de traitement de votre cabinet : vous-même ; sous-traitant et responsable du traitement des traces de maintenance : Éditeur Exemple. DPO : dpo@editeur.example. Conservation : adresse IP 150 jours ; fiche d'intervention 5 ans ; mot de passe : jamais conservé. Réclamation : CNIL, www.cnil.fr."
    : "Controller of your practice: yourself; processor, and controller of the maintenance records: Éditeur Exemple. DPO: dpo@editeur.example. Retention: IP address 150 days; record of the intervention 5 years; password: never kept. Complaint: CNIL, www.cnil.fr.",
});

export function session(from, minutes = 30) {
  const now = Date.now();
  return {
    ...from, phase: "OPEN", tools: from.tools, approver: { login: "claire", name: "Dr Claire Exemple" }, watch: "WATCHED", recording: true, granted_minutes: minutes, started_at: iso(now),
    seconds_left: minutes * 60, hold: "NONE", connected: [], bytes_in: 0, bytes_out: 0, attempts: 0, streams: [], forwards: [], activity: [], typist: null, paused_tools: [],
  };
}
export function at_work(open) {
  const now = Date.now();
  const at = (s) => iso(now - s * 1000);
  return {
    ...open, connected: ["alice", "bruno"], bytes_in: 48_213, bytes_out: 1_284_332, attempts: 1,
    forwards: [{ tool: "tcp:base", target: "base de données", login: "bruno", bytes_in: 12_044, bytes_out: 80_311 }],
    activity: [
      { type: "password", at: at(420), login: "alice", what: "GENERATED" }, { type: "password", at: at(420), login: "bruno", what: "GENERATED" },
      { type: "connection", at: at(380), login: "alice", what: "JOINED" }, { type: "connection", at: at(350), login: "bruno", what: "JOINED" },
      { type: "transfer", at: at(200), login: "alice", name: "pilote-imprimante.tar.gz", direction: "IN", bytes: 48_213, complete: true },
      { type: "forward", at: at(150), login: "bruno", tool: "tcp:base", target: "base de données", bytes_in: 12_044, bytes_out: 80_311 },
      { type: "attempt", at: at(90), login: "bruno", what: "tcp:10.0.0.9:22", why: "not declared" },
    ],
  };
}

// A pair with somebody who looks on, a remote desktop, one tool held and one person who types.
export function pair_at_work(open) {
  const work = at_work({ ...open, tools: ["shell", "files", "desktop", "tcp:base"], operators: [alice, bruno, denis, chloe] });
  const at = (s) => iso(Date.now() - s * 1000);
  const claire = { login: "claire", name: "Dr Claire Exemple" };
  return {
    ...work, connected: ["alice", "bruno", "denis"], in_charge: "bruno", typist: "bruno", paused_tools: ["files"],
    forwards: [...work.forwards, { tool: "desktop", target: "Poste d'accueil", login: "alice", bytes_in: 31_002, bytes_out: 2_118_400 }],
    activity: [...work.activity, { type: "handover", at: at(60), by: "alice", to: "bruno" }, { type: "typist", at: at(40), login: "bruno", by: claire }, { type: "pause", at: at(20), what: "PAUSED", why: "TOOL", tool: "files", by: claire }],
  };
}

export function lines() {
  const now = Date.now();
  const day = 86_400_000;
  const line = (n, back, change) => ({
    intervention: `0000000${n}-0f7e-4c1e-9a43-2f8f1f6f9f10`, state: "CLOSED", requested_at: iso(now - back * day), started_at: iso(now - back * day + 2 * minute), ended_at: iso(now - back * day + 20 * minute),
    duration_seconds: 1080, person_in_charge: "Alice Exemple", employer: "Éditeur Exemple", system: "Serveur du cabinet", tools: ["shell", "files"], ticket: `DOS-2026-${1400 + n}`, criticality: "STANDARD",
    end_cause: "DONE", reported: true, recording: n === 1, tasks_summary: "Service d'impression relancé ; file vidée ; impression d'essai correcte. Aucun fichier laissé sur le poste.", ...change,
  });
  return [
    line(1, 0.2, { end_cause: "WITHDRAWN" }), line(2, 3, { state: "REFUSED", started_at: null, ended_at: null, duration_seconds: null, end_cause: null, reported: false, tasks_summary: null }),
    line(3, 12, { person_in_charge: "Bruno Exemple", system: "Poste d'accueil", tools: ["desktop"] }), line(4, 30, {}), line(5, 61, { state: "EXPIRED", started_at: null, ended_at: null, duration_seconds: null, end_cause: null, reported: false, tasks_summary: null }),
  ];
}

// ---- sealed records ----
const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const raw_key = publicKey.export({ type: "spki", format: "der" }).subarray(-32);
const origin = "audit.editeur.example/log";
const key_id = sha(`${origin}\n`, Buffer.from([1]), raw_key).subarray(0, 4);
export const log_key = `${origin}+${key_id.toString("hex")}+${Buffer.concat([Buffer.from([1]), raw_key]).toString("base64")}`;
const node = (l, r) => sha(Buffer.from([1]), l, r);
const split = (n) => 2 ** Math.floor(Math.log2(n - 1));
const root_of = (leaves) => (leaves.length === 1 ? leaves[0] : node(root_of(leaves.slice(0, split(leaves.length))), root_of(leaves.slice(split(leaves.length)))));
function path_of(index, leaves) {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  return index < k ? [...path_of(index, leaves.slice(0, k)), root_of(leaves.slice(k))] : [...path_of(index - k, leaves.slice(k)), root_of(leaves.slice(0, k))];
}
export const disclose = (name, value) => Buffer.from(JSON.stringify([randomBytes(16).toString("base64url"), name, value])).toString("base64url");

export function seal(all) {
  const sealed = all.map((fields) => {
    const disclosures = Object.entries(fields).map(([name, value]) => disclose(name, value));
    const body = "pontlevis-record-v1\n" + disclosures.map((d) => sha(d).toString("base64url") + "\n").join("");
    return { disclosures, entry: Buffer.concat([Buffer.from([1, 1]), sha(body)]) };
  });
  const leaves = sealed.map(({ entry }) => sha(Buffer.from([0]), entry));
  const text = `${origin}\n${leaves.length}\n${root_of(leaves).toString("base64")}\n`;
  const signature = Buffer.concat([key_id, sign(null, Buffer.from(text), privateKey)]).toString("base64");
  return {
    log_key, checkpoint: `${text}\n— ${origin} ${signature}\n`, cosigned_by: ["practice.cabinet-exemple"],
    records: sealed.map(({ disclosures, entry }, index) => ({ index, entry: entry.toString("base64"), disclosures, proof: path_of(index, leaves).map((h) => h.toString("base64")) })),
  };
}

export function intervention(line) {
  const start = Date.parse(line.requested_at);
  const at = (s) => iso(start + s * 1000);
  const who = { login: "alice", name: "Alice Exemple" };
  const common = (type, s, sequence) => ({ type, time: at(s), intervention: line.intervention, practice: practice.id, sequence });
  const records = [
    { ...common("request", 0, 1), requested_by: "alice", reason: "Les ordonnances ne s'impriment plus", criticality: "STANDARD" },
    { ...common("consent", 100, 2), approver: { login: "claire", name: "Dr Claire Exemple" }, minutes: 30, decided_at: at(100) },
    { ...common("session_open", 102, 3), opened_at: at(102), minutes: 30 },
    { ...common("connection", 150, 4), event: "JOINED", operator: who, joined_at: at(150) },
    { ...common("connection", 190, 5), event: "JOINED", operator: { login: "bruno", name: "Bruno Exemple" }, joined_at: at(190) },
    { ...common("transfer", 300, 6), operator: who, direction: "IN", name: "pilote-imprimante.tar.gz", size: 48213 },
    { ...common("pause", 500, 7), event: "PAUSED", cause: "PAUSED", by: { login: "claire", name: "Dr Claire Exemple" } },
    { ...common("pause", 600, 8), event: "RESUMED", cause: "RESUMED", by: { login: "claire", name: "Dr Claire Exemple" } },
    { ...common("connection", 1100, 9), event: "LEFT", operator: { login: "bruno", name: "Bruno Exemple" }, left_at: at(1100) },
    { ...common("withdrawal", 1199, 10), withdrawn_by: { login: "claire", name: "Dr Claire Exemple" } },
    { ...common("session_end", 1200, 11), end_cause: line.end_cause ?? "DONE", ended_at: at(1200), cut_latency_ms: 87 },
    { ...common("report", 1800, 12), author: who, tasks_summary: line.tasks_summary },
  ];
  return {
    line, evidence: seal(records), records: records.map((fields, index) => ({ index, fields })),
    fiche: {
      purpose: "SUPPORT", reason: "Les ordonnances ne s'impriment plus", planned_tasks: "Contrôler le service d'impression", ticket_ref: line.ticket, criticality: "STANDARD", pair_required: true,
      person_in_charge: who, participants: [{ login: "alice", name: "Alice Exemple", role: "LEAD", mode: "CONNECTED", employer: "Éditeur Exemple", country: "FR" }, { login: "bruno", name: "Bruno Exemple", role: "PAIR", mode: "CONNECTED", employer: "Éditeur Exemple", country: "BE" }],
      approver: { login: "claire", name: "Dr Claire Exemple" }, approver_role: "OWNER", systems: [{ id: "srv1", label: "Serveur du cabinet", hosting_context: "LOCAL" }], tools: ["shell", "files"], access_types: ["VIEW", "CONTROL"],
      data_categories: ["identité des patients", "ordonnances"], requested_at: line.requested_at, decided_at: at(100), started_at: line.started_at, ended_at: line.ended_at, duration_seconds: line.duration_seconds, active_seconds: 870,
      end_cause: line.end_cause, cut_latency_ms: 87, processes_ended: 3, processes_left: 0, bytes_in: 48213, bytes_out: 1284332, tasks_summary: line.tasks_summary, outcome: "SOLVED", residual_cleanup: "DONE", destroy_after: "2031-11-22",
    },
    comments: [{ at: at(4000), by: { login: "claire", name: "Dr Claire Exemple" }, text: "Impression vérifiée avec la secrétaire.", contested: false }],
    recording: line.recording ? { days_left: 29, seconds: 24, streams: 1 } : null,
  };
}

export const shell_text = [
  "\x1b[1;36malice@srv1\x1b[0m:\x1b[1;34m~\x1b[0m$ ", "lpstat -p\r\n", "printer Ordonnances \x1b[31mdisabled\x1b[0m since Sun 22 Nov 2026 08:02:11\r\n\tUnable to connect to printer; will retry\r\n",
  "\x1b[1;36malice@srv1\x1b[0m:\x1b[1;34m~\x1b[0m$ ", "sudo systemctl restart cups\r\n", "\x1b[1;36malice@srv1\x1b[0m:\x1b[1;34m~\x1b[0m$ ", "cupsenable Ordonnances && lpstat -p\r\n",
  "printer Ordonnances is \x1b[32midle\x1b[0m.  enabled since Sun 22 Nov 2026 09:14:40\r\n", "\x1b[1;36malice@srv1\x1b[0m:\x1b[1;34m~\x1b[0m$ ", "tail -3 /var/log/cups/error_log\r\n",
  "I [22/Nov/2026:09:14:41 +0100] [Job 912] Completed successfully.\r\n", "\x1b[1;36malice@srv1\x1b[0m:\x1b[1;34m~\x1b[0m$ ",
];
export const cast = () => [JSON.stringify({ version: 2, width: 80, height: 24 }), ...shell_text.map((text, i) => JSON.stringify([i * 2, "o", text]))].join("\n") + "\n";

export const receipt = (id) => ({
  "@context": "https://w3id.org/consent/27560", "@type": "ConsentReceipt", schema_version: "1", record_id: id, receipt_id: "R-2026-0042", principal_id: { login: "claire", name: "Dr Claire Exemple" }, intervention_id: id,
  created_at: iso(Date.now() - 4_000_000), request_hash: sha("request").toString("hex"), jurisdiction: "FR",
  processing: { notice_ref: "1", notice_hash: sha("notice").toString("hex"), language: "fr", purpose: "SUPPORT", legal_basis: "exécution du contrat ; intérêt légitime", instruction_type: ["INSTRUCTION_ART28", "EXPLICIT_CONSENT"], pii_types: ["identité des patients", "ordonnances"], special_category: true, retention_period: "5 ans", withdrawal_method: "bouton « Arrêter », un geste, sans motif", authority: "CNIL" },
  parties: { controllers: [{ party_name: "Cabinet Exemple", party_role: "Responsable de traitement" }], processor: { party_name: "Éditeur Exemple", party_address: "1 rue de l'Exemple, 75000 Paris", party_contact: "dpo@editeur.example" } },
  events: [{ event_time: iso(Date.now() - 4_000_000), event_state: "GIVEN", event_type: "EXPLICIT", entity_id: "claire", acts_count: 2 }, { event_time: iso(Date.now() - 3_000_000), event_state: "WITHDRAWN", entity_id: "claire", acts_count: 1 }],
});
