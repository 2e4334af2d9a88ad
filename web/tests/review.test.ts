// @ts-nocheck: node's own types are not part of the pages
import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { test } from "node:test";
import { reviewed, rows, search } from "../dev/review_sample.mjs";
import { count_of, empty_file, file_of, list_of, time_of, wall_of } from "../review/breach_file";
import { day_of, entries_of, is_day, last_days, read_filter, text_of, without } from "../review/filter";
import { heat_step, most_of, month_words, weekday } from "../review/parts/charts";
import { days_left, due_tone, left_words } from "../review/parts/small";
import { plain_html } from "../review/plain_html";
import { check, shown_of } from "../review/proof";
import { header_of, purpose_header, read_stated, stated } from "../review/purpose";
import { address, query_of, read_route } from "../review/route";
import { connections_of, ended_by, files_of, pauses_of } from "../review/session_facts";
import { compare, remember } from "../review/trust";
import { erasure_of, in_months } from "../review/views/acts";
import { due_of, log_sentence, place_of } from "../review/views/home";
import { hold_of } from "../review/views/holds";
import { period_of } from "../review/views/overview";
import { request_of } from "../review/views/rights";
import { total_words } from "../review/views/book";
import { set_language } from "../shared/i18n";

globalThis.crypto ??= webcrypto;
set_language("fr", false);

test("a route has parts and a query; what is no address is none", () => {
  const { parts, query } = read_route("#/interventions/a%20b?from=2026-01-02&text=T%3F1");
  assert.deepEqual(parts, ["interventions", "a b"]);
  assert.equal(query.get("text"), "T?1");
  assert.deepEqual(read_route("").parts, []);
  assert.deepEqual(read_route("#/%E0%A4%A").parts, ["?"]);
  assert.equal(address(["registers", "rights"], { all: "true", none: null, empty: "" }), "#/registers/rights?all=true");
  assert.equal(query_of({}), "");
});

test("a filter holds what it knows and nothing else, in one order", () => {
  const filter = read_filter(new URLSearchParams("text=+T-1+&from=2026-02-30x&until=2026-01-31&emergency=yes&pair=true&mark=UNSEEN&sort=asc&practice="));
  assert.deepEqual(entries_of(filter), [["until", "2026-01-31"], ["mark", "UNSEEN"], ["pair", "true"], ["text", "T-1"]]);
  assert.equal(text_of(filter), "until=2026-01-31&mark=UNSEEN&pair=true&text=T-1");
  assert.deepEqual(without(filter, "pair"), read_filter(new URLSearchParams("until=2026-01-31&mark=UNSEEN&text=T-1")));
  assert.equal(read_filter([["person", "x".repeat(121)]]).person, undefined);
  assert.ok(is_day("2026-02-28") && !is_day("2026-13-01") && !is_day("28/02/2026"));
});
test("periods end today, on the calendar of Paris", () => {
  const night = Date.parse("2026-06-30T22:30:00Z");  // the first of July in Paris
  assert.equal(day_of(night), "2026-07-01");
  assert.deepEqual(last_days(7, night), { from: "2026-06-25", until: "2026-07-01" });
  assert.deepEqual(period_of(new URLSearchParams("from=2026-01-02&until=2026-01-01"), night), last_days(365, night));
});

test("the purpose is sent with every look at a record and with nothing else; a reference goes as UTF-8", () => {
  assert.deepEqual(purpose_header("/review/interventions"), {});
  stated.set({ value: { purpose: "INCIDENT", reference: "réf. 12" } });
  const sent = purpose_header("/review/interventions?text=a")["pontlevis-purpose"];
  assert.equal(Buffer.from(sent, "latin1").toString("utf8"), "INCIDENT réf. 12");
  assert.ok(purpose_header("/rights-requests/r1/search")["pontlevis-purpose"]);
  for (const path of ["/log", "/rights-requests/r1", "/rights-requests/r1/answer", "/door"]) assert.deepEqual(purpose_header(path), {}, path);
  assert.equal(header_of({ purpose: "CONTROL", reference: "" }), "CONTROL");
  assert.equal(read_stated('{"purpose":"CURIOSITY","reference":""}'), null);
  assert.equal(read_stated("not json"), null);
  stated.set({ value: null });
});

const shelf = () => ({ kept: new Map(), getItem(k) { return this.kept.get(k) ?? null; }, setItem(k, v) { this.kept.set(k, v); } });
const sample = () => structuredClone(reviewed(rows[2].id));

test("the proof of an intervention holds, and the key is remembered only then", async () => {
  const here = shelf();
  const one = sample();
  const first = await check(here, one.evidence, one.records);
  assert.deepEqual([first.verdict, first.trust.trust, first.pending], ["ok", "first", 0]);
  assert.equal((await check(here, one.evidence, one.records)).trust.trust, "same");
});
test("what is changed anywhere is not verified, and teaches the browser nothing", async () => {
  const changes = {
    "a value shown": (s) => (s.records[1].fields.find((f) => f.name === "minutes").value = 45),
    "a value hidden as destroyed that the proof opens": (s) => Object.assign(s.records[0].fields.find((f) => f.name === "reason"), { state: "DESTROYED", value: null }),
    "a record shown without evidence": (s) => s.records.push({ index: 3, type: "x", time: "", fields: [{ name: "y", class: "open", value: 1, state: "OPEN", expires_on: null, certificate: null }] }),
    "a disclosure": (s) => (s.evidence.records[3].disclosures[2] = s.evidence.records[4].disclosures[2]),
    "the size": (s) => (s.evidence.checkpoint = s.evidence.checkpoint.replace("\n12\n", "\n13\n")),
    "no evidence": (s) => (s.evidence.records = []),
    "a note that is none": (s) => (s.evidence.checkpoint = "x"),
  };
  for (const [what, change] of Object.entries(changes)) {
    const here = shelf();
    const one = sample();
    change(one);
    assert.equal((await check(here, one.evidence, one.records)).verdict, "wrong", what);
    assert.equal(here.kept.size, 0, what);
  }
});
test("a record newer than the signed state is said to be unproved, never called verified", async () => {
  const one = sample();
  one.records.push({ index: 12, type: "comment", time: "", fields: [{ name: "text", class: "text", value: "x", state: "OPEN", expires_on: null, certificate: null }] });
  const outcome = await check(shelf(), one.evidence, one.records);
  assert.deepEqual([outcome.verdict, outcome.pending], ["pending", 1]);
});
test("a value that is set aside is not compared; a record of which nothing is left says nothing", async () => {
  const one = sample();
  Object.assign(one.records[0].fields.find((f) => f.name === "reason"), { state: "QUARANTINED", value: null });
  one.evidence.records = one.evidence.records.filter((r) => r.index !== 11);
  one.records[11].fields = one.records[11].fields.map((f) => ({ ...f, state: "DESTROYED", value: null }));
  assert.equal((await check(shelf(), one.evidence, one.records)).verdict, "ok");
  assert.ok(!("reason" in shown_of(one.records)[0].fields));
});
test("another key, or another root of one size, is noticed without trusting the gateway", async () => {
  const here = shelf();
  const { evidence, records } = sample();
  await check(here, evidence, records);
  assert.equal(compare(here, evidence.log_key.replace(/\+[0-9a-f]{8}\+/, "+00000000+"), evidence.checkpoint).trust, "other_key");
  const lines = evidence.checkpoint.split("\n");
  const other_root = [lines[0], lines[1], Buffer.alloc(32, 7).toString("base64"), ...lines.slice(3)].join("\n");
  assert.equal(compare(here, evidence.log_key, other_root).trust, "split");
  const other_log = ["audit.editeur.example/log2", ...lines.slice(1)].join("\n").replace(/— \S+/, "— audit.editeur.example/log2");
  assert.equal(compare(here, evidence.log_key, other_log).trust, "another_log");
  remember(here, "another key", evidence.checkpoint, "2026-01-01T00:00:00Z");
  assert.equal(compare(here, evidence.log_key, evidence.checkpoint).trust, "same");
  const outcome = await check({ getItem: () => JSON.stringify({ key: "x", since: "2026-01-01T00:00:00Z", size: 1, root: "" }), setItem() { assert.fail("nothing is kept"); } }, evidence, records);
  assert.deepEqual([outcome.checked.verdict, outcome.verdict, outcome.trust.trust], ["ok", "wrong", "other_key"]);
});

test("connections, pauses and files come out of what the practice signed", () => {
  const at = (m) => `2026-11-22T09:${String(m).padStart(2, "0")}:00Z`;
  const events = [
    { type: "connection", at: at(1), login: "alice", what: "JOINED" }, { type: "connection", at: at(2), login: "bruno", what: "JOINED" }, { type: "pause", at: at(3), what: "PAUSED", why: "PAUSED" }, { type: "pause", at: at(3), what: "PAUSED", tool: "files" },
    { type: "pause", at: at(4), what: "RESUMED" }, { type: "connection", at: at(5), login: "bruno", what: "LEFT" }, { type: "connection", at: at(6), login: "bruno", what: "REJOINED" }, { type: "transfer", at: at(7), login: "alice", direction: "OUT", name: "a.txt", bytes: 3 }, { type: "session_end", at: at(9), cause: "DONE" },
  ];
  assert.deepEqual(ended_by(connections_of(events), at(9)).map((s) => [s.who, s.from, s.until]), [["alice", at(1), at(9)], ["bruno", at(2), at(5)], ["bruno", at(6), at(9)]]);
  assert.deepEqual(pauses_of(events).map((s) => [s.from, s.until]), [[at(3), at(4)]]);
  assert.deepEqual(files_of(events), [{ at: at(7), who: "alice", name: "a.txt", into: false, bytes: 3 }]);
});

test("what is due is said in days, and what is past is late", () => {
  const now = Date.parse("2026-11-22T10:00:00Z");
  assert.equal(days_left("2026-11-22", now), 0);
  assert.equal(left_words("2026-11-22", false, now), "aujourd'hui");
  assert.match(left_words("2026-11-23", false, now), /^dans 1.jour$/);
  assert.match(left_words("2026-11-23T09:00:00Z", false, now), /^dans 1.jour$/);
  assert.equal(left_words("2026-11-22T09:00:00Z", false, now), "en retard");
  assert.equal(left_words("2026-11-22T11:00:00Z", false, now), "aujourd'hui");
  assert.match(left_words("2026-11-25", false, now), /3.jours/);
  assert.equal(left_words("2026-11-21", false, now), "en retard");
  assert.match(left_words("2026-11-11", false, now), /11.jours/);
  assert.deepEqual(["2026-11-21", "2026-11-24", "2026-12-24"].map((d) => due_tone(d, false, now)), ["bad", "call", "plain"]);
  assert.equal(due_tone("2027-01-01", true, now), "bad");
  assert.equal(in_months(6, Date.parse("2026-08-31T10:00:00Z")).slice(0, 7), "2027-03");
});
test("the log is said in one sentence, the worst first", () => {
  const good = { healthy: true, behind: false, alarms: [], verification: { verified: true, findings: 0 }, quorum: { needed: 2, have: 2, met: true } };
  assert.equal(log_sentence(good).tone, "good");
  assert.equal(log_sentence({ ...good, verification: null }).tone, "good");
  assert.match(log_sentence({ ...good, verification: null }).text, /pas encore été vérifié/);
  assert.equal(log_sentence({ ...good, quorum: { needed: 2, have: 1, met: false } }).tone, "call");
  for (const bad of [{ healthy: false }, { behind: true }, { alarms: [{}] }, { verification: { verified: false, findings: 3 } }]) assert.equal(log_sentence({ ...good, ...bad, quorum: { needed: 2, have: 0, met: false } }).tone, "bad");
});
test("every deadline leads to where it is dealt with", () => {
  for (const kind of ["rights_request", "breach", "hold", "annual_review", "contract_end", "finding", "backup", "restore_test", "purge", "processing_entry"]) assert.match(place_of({ kind, subject: "x y" }), /^#\/(registers|retention|interventions|backups)/);
  assert.equal(place_of({ kind: "finding", subject: "iv/mark" }), "#/interventions/iv");
  for (const moment of ["2026-11-24T00:00:00.000Z", "2026-11-24T23:00:00.000Z", "2026-11-24T23:59:59.999Z"]) assert.equal(due_of({ kind: "finding", due: moment }), "2026-11-24");
  assert.equal(due_of({ kind: "breach", due: "2026-11-24T10:00:00.000Z" }), "2026-11-24T10:00:00.000Z");
  assert.equal(place_of({ kind: "breach", subject: "x y" }), "#/registers/breaches/x%20y");
});

test("what is erased is exactly what was chosen", () => {
  assert.deepEqual(erasure_of("one", "i", "12/tasks_summary", "ERASURE_REQUEST", " dossier 4 "), { intervention: null, practice: null, record: 12, field: "tasks_summary", class: null, whole_record: false, reason: "ERASURE_REQUEST", words: "dossier 4" });
  assert.deepEqual(erasure_of("ip", "i", "", "ERASURE_REQUEST", "x"), { intervention: "i", practice: null, record: null, field: null, class: "ip", whole_record: false, reason: "ERASURE_REQUEST", words: "x" });
  assert.equal(erasure_of("all", "i", "12/x", "ERASURE_REQUEST", "x").class, null);
});
test("a hold names one thing only", () => {
  const form = { practice: "p", intervention: "i", from: "2026-01-01", until: "2026-02-01", reason: " r ", review_on: "2027-01-01" };
  assert.deepEqual(hold_of("practice", form), { ...form, reason: "r", intervention: null, from: null, until: null });
  assert.deepEqual(hold_of("range", form), { ...form, reason: "r", intervention: null, practice: null });
});
test("a request of a person is whole before it is sent, and its moment is that of Paris", () => {
  const form = { type: "ACCESS", channel: "EMAIL", requester: " Bruno ", requester_status: "TECHNICIAN", contact: "b@x.example", text: "tout", practice: " ", received_at: "2026-07-01T10:00" };
  assert.deepEqual(request_of(form), { ...form, requester: "Bruno", practice: null, received_at: "2026-07-01T08:00:00.000Z" });
  for (const missing of ["type", "channel", "requester", "requester_status", "received_at"]) assert.equal(request_of({ ...form, [missing]: "" }), null, missing);
});
test("a breach file keeps its members alone, its lists by line, its counts as digits", () => {
  assert.deepEqual(file_of({ ...empty_file, id: "b", state: "DRAFT", notices: [] }), empty_file);
  assert.deepEqual(list_of(" a \n\n b"), ["a", "b"]);
  assert.equal(count_of("12"), 12);
  for (const bad of ["", "-1", "1e3", "douze"]) assert.equal(count_of(bad), null);
  assert.equal(time_of("2026-12-01T10:00"), "2026-12-01T09:00:00.000Z");
  assert.equal(wall_of("2026-12-01T09:00:00Z"), "2026-12-01T10:00");
  assert.equal(time_of(""), null);
});

test("the heat map steps by quarters of its largest and names its peak", () => {
  assert.deepEqual([0, 1, 25, 26, 50, 75, 76, 100].map((n) => heat_step(n, 100)), [0, 1, 1, 2, 2, 3, 4, 4]);
  assert.equal(heat_step(1, 0), 0);
  const heat = Array.from({ length: 7 }, () => Array(24).fill(0));
  heat[2][14] = 9;
  assert.deepEqual(most_of(heat), { count: 9, day: 2, hour: 14 });
  assert.equal(weekday(0, "fr"), "lundi");
  assert.equal(weekday(6, "en"), "Sunday");
  assert.match(month_words("2026-02"), /févr.*2026/);
});
test("a text of HTML is read as words: nothing of it runs, nothing is lost", () => {
  assert.equal(plain_html("<!doctype html><html><head><title>x</title></head><body><h1>A &amp; B</h1><p>un<br>deux</p><script>alert(1)</script><style>p{}</style></body></html>"), "A & B\nun\ndeux");
  assert.equal(plain_html("<p>&lt;b&gt; n'est pas gras</p>"), "<b> n'est pas gras");
});
test("the total is said for one page and for many", () => {
  const item = {};
  assert.match(total_words({ items: [item], total: 1 }, 0), /^1.intervention$/);
  assert.match(total_words({ items: Array(50).fill(item), total: 1234 }, 50), /^51 à 100 sur 1.234/);
  assert.match(total_words({ items: [], total: 0 }, 0), /Aucune/);
  assert.match(total_words(null, 0), /cours/);
});
test("the sample searches as the page asks", () => assert.ok(search(new URLSearchParams("criticality=CRITICAL")).every((r) => r.criticality === "CRITICAL")));
