// @ts-nocheck: node's own types are not part of the pages
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { OnceKey, Refusal } from "../console/api";
import { access_of, ask_of, empty_form, faults_of, presumed, reads_as_login, whole_form } from "../console/asking";
import { drafts_of, drop_draft, draft_of, keep_draft } from "../console/ask_drafts";
import { eea, in_eea } from "../console/countries";
import { Keeper, newer } from "../console/keep";
import { holds_keyless_nir, holds_nir } from "../console/nir";
import { notice_preview, notice_words } from "../console/notice_text";
import { from_paris_wall, later, paris_wall, tomorrow_noon, utc_text } from "../console/paris";
import { first_draft, report_faults, to_send } from "../console/reporting";
import { bytes_of, suspicions } from "../console/screening";
import { facts_of, moments_of, spans_of } from "../console/story";
import { code_of, items_of, planned_text, says_done, task_codes, task_text, with_done } from "../console/tasks";

// ---- what may name a patient: the same numbers as tests/unit/gateway/nir_test.cpp ----
test("a NIR is found as the gateway finds it", () => {
  for (const text of ["dossier 2 55 08 14 168 025 38, imprimante", "255081416802538", "(2.55.08.14.168.025.38)", "1 85 05 2A 123 456 33", "185052a12345633", "2\u00a055\u00a008 14 168 025 38"])
    assert.ok(holds_nir(text), text);
  for (const text of ["255081416802539", "ticket 20261122000001", "call +33 1 02 03 04 05 or 06", "", "9255081416802538", "2550814168025381"]) assert.ok(!holds_nir(text), text);
});
test("a NIR without its key is a question, a ticket's number is none", () => {
  assert.ok(holds_keyless_nir("patient 2 55 08 14 168 025"));
  assert.ok(!holds_keyless_nir("T-2026112200000"));
  assert.ok(!holds_keyless_nir("2 55 15 14 168 025"));
});
test("names, birthdays, phones and mails are asked about; plain work is not", () => {
  assert.deepEqual(suspicions("Mme Exemple née le 12/03/1955"), ["birth", "named"]);
  assert.deepEqual(suspicions("rappeler au 06 01 02 03 04, a.exemple@cabinet.example"), ["phone", "mail"]);
  assert.deepEqual(suspicions("Les ordonnances ne s'impriment plus depuis ce matin, version 12.4.1 du 22/11/2026"), []);
  assert.deepEqual(suspicions("255081416802538"), ["nir"]);
});
test("the gateway counts bytes", () => assert.equal(bytes_of("é€a"), 6));

// ---- tasks ----
test("planned tasks are readable without the list, and read back", () => {
  const text = planned_text(["UPDATE", "BACKUP"], " avant le week-end ", "fr");
  assert.equal(text, "Mise à jour du logiciel [UPDATE] ; Contrôle des sauvegardes [BACKUP] ; avant le week-end");
  assert.deepEqual(items_of(text).map(code_of), ["UPDATE", "BACKUP", null]);
  assert.equal(code_of("x [toString]"), null);
  for (const code of task_codes) for (const l of ["fr", "en"]) assert.ok(!task_text(code, l).includes("\u00a0") && task_text(code, l).endsWith(`[${code}]`));
  assert.ok(bytes_of(planned_text(task_codes, "", "fr")) <= 1000, "all tasks together fit in a request");
});
test("a task ticked in a report is a line of its text; what was written stays", () => {
  const one = with_done("J'ai relancé le service.", "Impression [PRINTING]", true);
  assert.equal(one, "– Impression [PRINTING]\nJ'ai relancé le service.");
  const two = with_done(one, "relancer", true);
  assert.equal(two, "– Impression [PRINTING]\n– relancer\nJ'ai relancé le service.");
  assert.ok(says_done(two, "relancer"));
  assert.ok(says_done("– relancer, puis essai", "relancer") === false && says_done("– relancer deux fois", "relancer"));
  assert.equal(with_done("– relancer deux fois", "relancer", false), "deux fois");
  assert.equal(with_done(with_done(two, "relancer", false), "Impression [PRINTING]", false), "J'ai relancé le service.");
});

// ---- Paris time ----
test("what is typed is Paris time, summer and winter; the hour that is skipped is no time", () => {
  assert.equal(utc_text(from_paris_wall("2026-12-01T12:30")), "2026-12-01T11:30:00Z");
  assert.equal(utc_text(from_paris_wall("2026-07-01T12:30")), "2026-07-01T10:30:00Z");
  assert.equal(from_paris_wall("2026-03-29T02:30"), null);
  assert.equal(utc_text(from_paris_wall("2026-10-25T02:30")), "2026-10-25T00:30:00Z");
  for (const wrong of ["", "2026-13-01T00:00", "2026-12-01", "2026-12-01T12:30Z"]) assert.equal(from_paris_wall(wrong), null, wrong);
  assert.equal(paris_wall(Date.parse("2026-12-31T23:30:00Z")), "2027-01-01T00:30");
  assert.equal(tomorrow_noon(Date.parse("2026-11-22T23:30:00Z")), "2026-11-24T12:30");
  assert.equal(later("2026-03-29T01:30", 60), "2026-03-29T03:30");
});

// ---- the request ----
const now = Date.parse("2026-11-22T10:00:00Z");
const good = { ...empty_form(["shell"]), reason: "Les ordonnances ne s'impriment plus", tasks: ["PRINTING"], ticket: "T-1" };
const faults = (change) => faults_of({ ...good, ...change }, "alice", now, "fr");
test("a request that can be sent has no fault; each rule of the policy has its own", () => {
  assert.deepEqual(faults({}), {});
  assert.deepEqual(faults({ tools: [] }), { tools: "tools" });
  assert.deepEqual(faults({ tools: ["files"], bring_in: false }), { tools: "files_way" });
  assert.deepEqual(faults({ reason: "court" }), { reason: "reason" });
  assert.deepEqual(faults({ tasks: [], tasks_text: "" }), { tasks: "tasks" });
  assert.deepEqual(faults({ ticket: "x".repeat(65) }), { ticket: "ticket" });
  assert.deepEqual(faults({ minutes: 481 }), { minutes: "minutes" });
  assert.deepEqual(faults({ criticality: "CRITICAL" }), { pair: "pair", additional: "staff" });
  assert.deepEqual(faults({ criticality: "CRITICAL", pair: "bruno", consulted: ["chloe"] }), {});
  assert.deepEqual(faults({ pair: "alice" }), { pair: "same_person" });
  assert.deepEqual(faults({ when: "emergency", emergency: "vite" }), { emergency: "emergency" });
  assert.deepEqual(faults({ when: "planned", from: "2026-11-22T10:00", until: "2026-11-22T12:00" }), { from: "window_past" });
  assert.deepEqual(faults({ when: "planned", from: "2026-11-23T10:00", until: "2026-11-23T10:20" }), { from: "window_short" });
  assert.deepEqual(faults({ when: "planned", from: "2026-11-23T10:00", until: "2026-11-23T11:00" }), {});
});
test("health data are always presumed; rights follow what was ticked", () => {
  const ask = ask_of({ ...good, tools: ["shell", "files"], take_out: true, data: ["rendez-vous"], when: "planned", from: "2026-12-01T12:30", until: "2026-12-01T14:00" }, "cabinet-exemple", "srv1", "fr");
  assert.deepEqual(ask.data_categories, [presumed, "rendez-vous"]);
  assert.deepEqual(ask.access_types, ["VIEW", "CONTROL", "TRANSFER_IN", "TRANSFER_OUT"]);
  assert.deepEqual(ask.planned, { from: "2026-12-01T11:30:00Z", until: "2026-12-01T13:00:00Z" });
  assert.equal(ask.emergency, null);
  assert.deepEqual(access_of({ ...good, view_only: true }), ["VIEW"]);
});
test("a kept form loses the tools that are no longer offered", () => {
  assert.deepEqual(whole_form({ tools: ["shell", "desktop"], reason: "r" }, ["shell"]).tools, ["shell"]);
  assert.deepEqual(whole_form(null, ["desktop"]).tools, ["desktop"]);
});
test("logins have the form of the protocol", () => {
  for (const right of ["a", "a-b", "x".repeat(63)]) assert.ok(reads_as_login(right), right);
  for (const wrong of ["", "-a", "a-", "A", "a.b", "x".repeat(64)]) assert.ok(!reads_as_login(wrong), wrong);
});
test("one key for one act: kept in silence, new after an answer or another content", () => {
  const once = new OnceKey();
  const first = once.for({ a: 1 });
  once.answered(new Refusal(0, "away"));
  assert.equal(once.for({ a: 1 }), first);
  once.answered(new Refusal(409, "under_way"));
  assert.equal(once.for({ a: 1 }), first);
  assert.notEqual(once.for({ a: 2 }), first);
  const second = once.for({ a: 2 });
  once.answered(new Refusal(403, "AGENT_AWAY"));
  assert.notEqual(once.for({ a: 2 }), second);
});

// ---- what the practice will read ----
const alice = { login: "alice", name: "Alice Exemple", role: "LEAD", mode: "CONNECTED", qualification: "technicienne", employer: "Éditeur Exemple", country: "FR" };
const asked = { operators: [alice], purpose: "SUPPORT", reason: "Panne", ticket: "T-1", planned_tasks: "Relancer", criticality: "CRITICAL", emergency: null, system_label: "Serveur", tools: ["shell", "tcp:postgres"], access_types: ["VIEW"], data_categories: [presumed], minutes: 30, planned: null };
test("the preview says who, why, on what, when and which data", () => {
  const text = notice_preview(asked, "fr");
  for (const words of ["Alice Exemple, technicienne, Éditeur Exemple, depuis la France.", "Assistance – Panne", "Intervention critique.", "accès au service postgres", "30 minutes au plus"]) assert.ok(text.includes(words), words);
  assert.ok(!text.includes("undefined") && !notice_preview(asked, "en").includes("undefined"));
  assert.ok(notice_preview({ ...asked, planned: { from: "2026-12-01T11:30:00Z", until: "2026-12-01T13:00:00Z" } }, "fr").includes("du 01/12/2026 12:30 au 01/12/2026 14:00"));
});
test("the preview's words are those of the agent", (t) => {
  let source;
  try {
    source = readFileSync(join(process.cwd(), "../agent/notice.cpp"), "utf8").replace(/"\s*\n\s*"/g, "");
  } catch {
    return t.skip("agent/notice.cpp is not beside web/");
  }
  for (const [key, pair] of Object.entries(notice_words)) for (const words of pair) assert.ok(source.includes(`"${words}`), `${key}: ${words}`);
  for (const [code, pair] of Object.entries(eea)) assert.ok(source.includes(`{"${code}", {"${pair[0]}", "${pair[1]}"}}`), code);
  assert.ok(in_eea("FR") && !in_eea("CH") && !in_eea("toString"));
});

// ---- drafts ----
const shelf = () => {
  const held = new Map();
  return { getItem: (k) => held.get(k) ?? null, setItem: (k, v) => void held.set(k, v), removeItem: (k) => void held.delete(k), size: () => held.size };
};
test("a draft is its writer's own, and a broken or absent shelf is no accident", () => {
  const here = shelf();
  const keeper = new Keeper(() => here);
  keeper.write("alice", "report.1", { draft: 1 });
  assert.deepEqual(keeper.read("alice", "report.1"), { draft: 1 });
  assert.equal(keeper.read("bruno", "report.1"), null);
  here.setItem("pontlevis.console.draft.alice.report.1", "{");
  assert.equal(keeper.read("alice", "report.1"), null);
  keeper.drop("alice", "report.1");
  assert.equal(here.size(), 0);
  const none = new Keeper(() => { throw new Error("no storage"); });
  none.write("a", "b", 1);
  assert.equal(none.read("a", "b"), null);
});
test("what the gateway never took goes on; else the gateway's copy", () => {
  assert.equal(newer({ draft: "here", sent: false }, "there"), "here");
  assert.equal(newer({ draft: "here", sent: true }, "there"), "there");
  assert.equal(newer(null, "there"), "there");
  assert.equal(newer({ draft: "here", sent: true }, null), "here");
  assert.equal(newer(null, null), null);
});
test("requests begun are kept one a system, the last five", () => {
  globalThis.sessionStorage = shelf();
  for (const system of ["a", "b", "c", "d", "e", "f"]) keep_draft("alice", { practice: "p", system, practice_name: "P", system_label: system, form: { reason: system } });
  keep_draft("alice", { practice: "p", system: "c", practice_name: "P", system_label: "c", form: { reason: "changed" } });
  assert.equal(drafts_of("alice").length, 5);
  assert.equal(draft_of("alice", "p", "c").form.reason, "changed");
  drop_draft("alice", "p", "c");
  assert.equal(draft_of("alice", "p", "c"), null);
  assert.deepEqual(drafts_of("bruno"), []);
});

// ---- the report ----
const done = { tasks: "– Impression [PRINTING]\nrelancée", outcome: "SOLVED", cleanup: "DONE", consulted: [], none_consulted: null };
test("a report can be sent when it says what was done, how it ended and what was left", () => {
  assert.deepEqual(report_faults(done, "STANDARD"), []);
  assert.deepEqual(report_faults({ ...done, tasks: "fait" }, "STANDARD"), ["tasks"]);
  assert.deepEqual(report_faults({ ...done, tasks: "pour le dossier 255081416802538" }, "STANDARD"), ["nir"]);
  assert.deepEqual(report_faults({ ...done, outcome: "", cleanup: "" }, "STANDARD"), ["outcome", "cleanup"]);
  assert.deepEqual(report_faults({ ...done, consulted: [{ name: "Chloé Exemple", qualification: " " }] }, "STANDARD"), ["person"]);
});
test("a critical one names somebody, or says why nobody", () => {
  assert.deepEqual(report_faults(done, "CRITICAL"), ["staff"]);
  assert.deepEqual(report_faults({ ...done, none_consulted: "" }, "CRITICAL"), ["staff"]);
  assert.deepEqual(report_faults({ ...done, none_consulted: "Astreinte injoignable" }, "CRITICAL"), []);
  assert.deepEqual(to_send({ ...done, none_consulted: " Astreinte ", consulted: [{ name: "x", qualification: "y" }] }).consulted, []);
  assert.deepEqual(first_draft({ operators: [alice, { ...alice, name: "Chloé", role: "ADDITIONAL", qualification: "réseau" }] }).consulted, [{ name: "Chloé", qualification: "réseau" }]);
});

// ---- the story ----
const story = { id: "1", state: "CLOSED", operators: [alice], in_charge: "alice", requested_at: "2026-11-22T08:00:00Z", opened_at: "2026-11-22T08:02:00Z", ended_at: "2026-11-22T08:30:00Z", reported_at: "2026-11-22T08:40:00Z" };
const told = [
  { type: "consent", at: "2026-11-22T08:01:50Z", approver: { login: "claire", name: "Dr Claire Exemple" } },
  { type: "session_open", at: "2026-11-22T08:02:00Z" },
  { type: "connection", at: "2026-11-22T08:03:00Z", login: "alice", what: "JOINED" },
  { type: "pause", at: "2026-11-22T08:10:00Z", what: "PAUSED", why: "PAUSED" },
  { type: "pause", at: "2026-11-22T08:11:00Z", what: "PAUSED", why: "TOOL", tool: "files" },
  { type: "pause", at: "2026-11-22T08:12:00Z", what: "RESUMED" },
  { type: "session_end", at: "2026-11-22T08:30:00Z", cause: "DONE" },
  { type: "something_new", at: "2026-11-22T08:31:00Z" },
];
test("the story is in order, names people, and an unknown fact breaks nothing", () => {
  const facts = facts_of(story, told);
  assert.equal(facts[0].label, "Demande de Alice Exemple");
  assert.equal(facts[1].label, "Accord de Dr Claire Exemple");
  assert.equal(facts.at(-1).label, "Compte rendu transmis");
  assert.ok(facts.some((f) => f.label === "something_new"));
  assert.ok(moments_of(facts).length < facts.length);
});
test("a pause of one tool is no pause of the session, and what is open at the end ends with it", () => {
  const spans = spans_of(story, told, "2026-11-22T09:00:00Z");
  assert.deepEqual(spans.map((s) => s.tone).sort(), ["pause", "person", "window"]);
  assert.equal(spans.find((s) => s.tone === "pause").until, "2026-11-22T08:12:00Z");
  assert.equal(spans.find((s) => s.tone === "person").until, story.ended_at);
  assert.deepEqual(new Set(spans.map((s) => s.lane)), new Set([0, 1, 2]));
});
