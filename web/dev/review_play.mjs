// Plays the gateway of review/contract.ts from review_sample.mjs: routes that console_serve.mjs adds to its own.
// It checks what a page must send (the purpose, the version a change was made from) and decides nothing else.
import * as sample from "./review_sample.mjs";
import { iso } from "./console_sample.mjs";

const page = (items) => ({ items, next: null });
export const fresh_review = () => ({ ...structuredClone({ marks: sample.marks, searches: sample.searches, exports: sample.exports, holds: sample.holds, annual: sample.annual, ends: sample.contract_ends, spontaneous: sample.spontaneous, deliveries: sample.deliveries, entries: sample.entries, rights: sample.rights, breaches: sample.breaches }), validated: false, alarmed: false, tampered: false, empty: false, purposes: [] });

const wants_presence = [/^\/holds/, /^\/erasures$/, /^\/retention\//, /\/sign$/, /\/validate$/, /^\/spontaneous-data/, /\/(confirm|dismiss|notify|close|answer|drop|lift)$/, /^\/contract-ends$/];
export const needs_presence = (method, path) => method === "POST" && wants_presence.some((p) => p.test(path));
const reads_records = (method, path) => /^\/review\/interventions/.test(path) || (method === "POST" && path === "/review/exports");
export const needs_purpose = (method, path, headers) => reads_records(method, path) && !headers["pontlevis-purpose"] && !/\/marks$/.test(path);

// A changed letter somewhere in what is sent as proof.
function spoil(evidence) {
  const bad = structuredClone(evidence);
  bad.records[3].disclosures[2] = bad.records[4].disclosures[2];
  return bad;
}

export function review_routes({ review, problem, me }) {
  const of = (list, id, act = (x) => x) => { const one = list.find((x) => String(x.id ?? x.year ?? x.practice) === id); return one ? act(one) : problem(404, "not_found"); };
  const created = (list, one) => (list.unshift(one), { status: 201, body: one });
  const now = () => iso(Date.now());
  const set = (change) => (one) => Object.assign(one, change);
  const stepped = (one, what) => (one.steps.push({ at: now(), what, by: me().name, index: 48_300 }), one);
  const text = (body) => ({ status: 200, type: "text/plain; charset=utf-8", raw: body });
  const with_marks = (id) => ((made) => made && { ...made, evidence: undefined, marks: review().marks.filter((m) => m.intervention === id) })(sample.reviewed(id));
  const mark = (id, b) => {
    if (b.mark === "RESOLVED" || b.mark === "ANSWER") review().marks.filter((m) => m.id === b.about && (b.mark === "RESOLVED" || m.mark === "QUESTION")).forEach(set({ resolved: true }));
    const r = sample.rows.find((row) => row.id === id);
    if (r && b.mark === "SEEN") r.marks.seen = true;
    return created(review().marks, { id: `m${review().marks.length + 10}`, intervention: id, ...b, by: me().login, by_name: me().name, at: now(), index: 48_300, resolved: false, late: false });
  };
  return [
    ["GET", /^\/due$/, () => page(review().empty ? [] : sample.due)],
    ["GET", /^\/review\/interventions$/, (_, __, q) => (review().empty ? { items: [], next: null, total: 0, log_size: 12 } : sample.found(q))],
    ["GET", /^\/review\/choices$/, () => sample.choices()],
    ["GET", /^\/review\/overview$/, (_, __, q) => sample.overview(q)],
    ["GET", /^\/review\/interventions\/([^/]+)$/, (m) => with_marks(m[1]) ?? problem(404, "not_found")],
    ["GET", /^\/review\/interventions\/([^/]+)\/evidence$/, (m) => ((made) => (made ? (review().tampered ? spoil(made.evidence) : made.evidence) : problem(404, "not_found")))(sample.reviewed(m[1]))],
    ["GET", /^\/review\/interventions\/([^/]+)\/record$/, () => text("FICHE D'INTERVENTION\n")],
    ["POST", /^\/review\/interventions\/([^/]+)\/marks$/, (m, b) => mark(m[1], b)],
    ["GET", /^\/review\/marks$/, () => page(review().empty ? [] : review().marks.filter((m) => ["QUESTION", "FINDING"].includes(m.mark) && !m.resolved))],
    ["GET", /^\/review\/searches$/, () => page(review().searches)],
    ["POST", /^\/review\/searches$/, (_, b) => created(review().searches, { id: `s${review().searches.length + 1}`, ...b, created_at: now() })],
    ["DELETE", /^\/review\/searches\/([^/]+)$/, (m) => ((review().searches = review().searches.filter((s) => s.id !== m[1])), {})],
    ["GET", /^\/review\/exports$/, () => page(review().exports)],
    ["POST", /^\/review\/exports$/, (_, b) => created(review().exports, sample.make_export(0, b.format, b.intervention ? 1 : sample.search(new Map(Object.entries(b.filter))).length))],
    ["GET", /^\/review\/exports\/([^/]+)\/file$/, (m) => of(review().exports, m[1], (one) => text(review().tampered ? "x" : sample.export_file(one)))],
    ["GET", /^\/log$/, () => (review().alarmed ? sample.alarmed() : sample.log())],
    ["GET", /^\/retention$/, () => sample.retention(review().validated)],
    ["POST", /^\/retention\/validate$/, () => ((review().validated = true), sample.retention(true))],
    ["POST", /^\/retention\/run$/, () => ({ status: 202, body: {} })],
    ["GET", /^\/certificates$/, () => page(sample.certificates)],
    ["GET", /^\/certificates\/([^/]+)$/, (m) => of(sample.certificates, m[1], sample.certificate_whole)],
    ["GET", /^\/certificates\/([^/]+)\/text$/, (m, _, q) => of(sample.certificates, m[1], (c) => text(sample.certificate_text(c, q.get("language"))))],
    ["POST", /^\/erasures$/, () => ({ status: 202, body: {} })],
    ["GET", /^\/holds$/, (_, __, q) => page(review().holds.filter((h) => q.get("lifted") || !h.lifted_at))],
    ["POST", /^\/holds$/, (_, b) => created(review().holds, { id: `h${review().holds.length + 1}`, ...b, by: me().name, placed_at: now(), lifted_at: null, late: false })],
    ["POST", /^\/holds\/([^/]+)\/review$/, (m, b) => of(review().holds, m[1], set({ review_on: b.review_on, late: false }))],
    ["POST", /^\/holds\/([^/]+)\/lift$/, (m) => of(review().holds, m[1], set({ lifted_at: now() }))],
    ["GET", /^\/annual-reviews$/, () => page(review().annual)],
    ["PUT", /^\/annual-reviews\/([^/]+)$/, (m, b) => of(review().annual, m[1], (a) => (a.classes.forEach((c) => (c.decision = b.decisions[c.id] ?? null)), a))],
    ["POST", /^\/annual-reviews\/([^/]+)\/sign$/, (m) => of(review().annual, m[1], set({ signed_by: me().name, signed_at: now(), report_sha256: "ab".repeat(32) }))],
    ["GET", /^\/contract-ends$/, () => page(review().ends)],
    ["POST", /^\/contract-ends$/, (_, b) => created(review().ends, { contract: "C-2026-001", ended_on: now().slice(0, 10), due: now().slice(0, 10), late: false, export_sha256: null, confirmed_by: null, deleted_at: null, keys_revoked: false, certificates: [], ...b })],
    ["POST", /^\/contract-ends\/([^/]+)\/confirm$/, (m, b) => of(review().ends, m[1], set({ confirmed_by: b.confirmed_by }))],
    ["GET", /^\/spontaneous-data$/, () => page(review().spontaneous)],
    ["POST", /^\/spontaneous-data$/, (_, b) => created(review().spontaneous, { id: "c9", ...b, intervention: null, found_by: me().name, at: now(), rule: "PERSON", state: "QUARANTINED", certificate: null })],
    ["POST", /^\/spontaneous-data\/([^/]+)\/destroy$/, (m) => of(review().spontaneous, m[1], set({ state: "DESTROYED", certificate: sample.certificates[2].id }))],
    ["GET", /^\/backups$/, () => sample.backups],
    ["GET", /^\/processing-entries$/, () => page(review().entries)],
    ["GET", /^\/processing-entries\/([^/]+)$/, (m, _, q) => of(review().entries, m[1], (e) => sample.entry_whole(e, q.get("version") && Number(q.get("version"))))],
    ["GET", /^\/practices\/([^/]+)\/processing-entry$/, (m) => text(`<!doctype html><html><body><h1>Télémaintenance du logiciel</h1><p>Cabinet : ${m[1]}</p></body></html>`)],
    ["POST", /^\/processing-entries\/([^/]+)\/validate$/, (m) => of(review().entries, m[1], (e) => sample.entry_whole(Object.assign(e, { validated_by: me().name, validated_at: now() })))],
    ["GET", /^\/processing-entries\/([^/]+)\/text$/, () => text("<!doctype html><html><head><title>x</title><style>p{}</style></head><body><h1>Traces de télémaintenance</h1><p>Finalités : réaliser les interventions &amp; en garder la preuve.</p><script>alert(1)</script></body></html>")],
    ["GET", /^\/rights-requests$/, (_, __, q) => page(review().rights.filter((r) => !q.get("open") || r.state !== "ANSWERED"))],
    ["POST", /^\/rights-requests$/, (_, b) => created(review().rights, { ...sample.rights[1], ...b, id: `r${review().rights.length + 1}`, due: iso(Date.now() + 30 * 86_400_000).slice(0, 10), late: false, days_left: 30, state: "RECEIVED", identity: null, files: [], found: null, steps: [{ at: now(), what: "RECEIVED", by: me().name, index: 48_300 }] })],
    ["GET", /^\/rights-requests\/([^/]+)$/, (m) => of(review().rights, m[1])],
    ["POST", /^\/rights-requests\/([^/]+)\/identity$/, (m, b) => of(review().rights, m[1], (r) => stepped(Object.assign(r, { state: "IDENTITY", identity: { ...b, at: now() } }), "IDENTITY_CHECKED"))],
    ["POST", /^\/rights-requests\/([^/]+)\/search$/, (m) => of(review().rights, m[1], (r) => stepped(Object.assign(r, { state: "SEARCHED", found: 3 }), "SEARCHED"))],
    ["POST", /^\/rights-requests\/([^/]+)\/forward$/, (m, b) => of(review().rights, m[1], (r) => stepped(Object.assign(r, { state: "FORWARDED", forwarded_to: b.to, forwarded_at: now() }), "FORWARDED"))],
    ["POST", /^\/rights-requests\/([^/]+)\/extend$/, (m, b) => of(review().rights, m[1], (r) => stepped(Object.assign(r, { extended_until: iso(Date.now() + 30 * 86_400_000).slice(0, 10), extension_reason: b.reason, late: false }), "EXTENDED"))],
    ["POST", /^\/rights-requests\/([^/]+)\/answer$/, (m, b) => of(review().rights, m[1], (r) => stepped(Object.assign(r, { state: "ANSWERED", answered_at: now(), outcome: b.outcome }), "ANSWERED"))],
    ["GET", /^\/rights-requests\/([^/]+)\/file$/, () => text("{}")],
    ["GET", /^\/breaches$/, (_, __, q) => page(review().breaches.filter((b) => !q.get("open") || ["DRAFT", "CONFIRMED"].includes(b.state)))],
    ["POST", /^\/breaches$/, (_, b) => created(review().breaches, { id: `b-2026-00${review().breaches.length}`, ...structuredClone(sample.empty_breach), ...b, steps: [{ at: now(), what: "DRAFTED", by: me().name, index: 48_301 }] })],
    ["GET", /^\/breaches\/([^/]+)$/, (m) => of(review().breaches, m[1])],
    ["PUT", /^\/breaches\/([^/]+)$/, (m, b) => of(review().breaches, m[1], (x) => stepped(Object.assign(x, b), "CHANGED"))],
    ["POST", /^\/breaches\/([^/]+)\/confirm$/, (m, b) => of(review().breaches, m[1], (x) => stepped(Object.assign(x, { state: "CONFIRMED", aware_at: b.aware_at, clocks: [["H24", 24], ["H72", 72], ["MONTH", 720]].map(([name, hours]) => ({ name, due: iso(Date.parse(b.aware_at) + hours * 3_600_000), met_at: null, late: false })) }), "CONFIRMED"))],
    ["POST", /^\/breaches\/([^/]+)\/dismiss$/, (m, b) => of(review().breaches, m[1], (x) => stepped(Object.assign(x, { state: "DISMISSED", dismiss_reason: b.reason }), "DISMISSED"))],
    ["POST", /^\/breaches\/([^/]+)\/scope$/, (m) => of(review().breaches, m[1], (x) => stepped(Object.assign(x, { affected_interventions: [sample.rows[3].id, sample.rows[4].id], affected_practices: ["cabinet-exemple"] }), "SCOPED"))],
    ["POST", /^\/breaches\/([^/]+)\/notify$/, (m, b) => of(review().breaches, m[1], (x) => (x.notices.push({ ...b, sent_at: now(), delivered: null, sha256: "ab".repeat(32) }), stepped(x, "NOTIFIED")))],
    ["POST", /^\/breaches\/([^/]+)\/delivered$/, (m, b) => of(review().breaches, m[1], (x) => (x.notices.filter((n) => n.recipient === b.recipient).forEach(set({ delivered: b.proof })), stepped(x, "DELIVERED")))],
    ["POST", /^\/breaches\/([^/]+)\/close$/, (m, b) => of(review().breaches, m[1], (x) => stepped(Object.assign(x, { state: "CLOSED", lessons: b.lessons, closed_at: now() }), "CLOSED"))],
    ["GET", /^\/breaches\/([^/]+)\/(notice|file)$/, (_, __, q) => text(`NOTIFICATION DE VIOLATION\n\nDestinataire : ${q.get("recipient") ?? "–"}\nUn compte d'intervenant a servi depuis un poste volé.\n`)],
    ["GET", /^\/deliveries$/, (_, __, q) => page(review().deliveries.filter((d) => !q.get("state") || d.state === q.get("state")))],
    ["POST", /^\/deliveries\/([^/]+)\/retry$/, (m) => of(review().deliveries, m[1], set({ state: "WAITING", tries: 0, last_error: "" }))],
    ["POST", /^\/deliveries\/([^/]+)\/drop$/, (m) => of(review().deliveries, m[1], set({ state: "DROPPED" }))],
  ];
}
