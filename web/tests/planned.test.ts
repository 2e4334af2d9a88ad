// @ts-nocheck: node's own types are not part of the pages
import assert from "node:assert/strict";
import { test } from "node:test";
import { set_language } from "../shared/i18n";
import { capital, moment_words, window_words } from "../shared/window";
import { changes, title_of } from "../practitioner/changes";
import { activity_words, record_words } from "../practitioner/messages/activity";
import { awaits_word, calls, is_to_come, next_beginning, soonest_first } from "../practitioner/planned";
import { names_of, spans_of } from "../practitioner/story";
import { counted, missing } from "../practitioner/views/people";
import { count_of } from "../practitioner/views/unseen";

const now = Date.parse("2026-11-20T09:00:00.000Z");
const plain = (words) => words.replaceAll("\u00a0", " ").replace(/ \((heure de Paris|Paris time)\)$/, "");
const spoken = (language, from, until) => (set_language(language, false), plain(window_words(from, until, now)));

test("a window is said as people say it, on the clocks of Paris, in winter and in summer", () => {
  assert.equal(spoken("fr", "2026-11-24T11:30:00.000Z", "2026-11-24T13:00:00.000Z"), "mardi 24 novembre, entre 12 h 30 et 14 h");
  assert.equal(spoken("en", "2026-11-24T11:30:00.000Z", "2026-11-24T13:00:00.000Z"), "Tuesday 24 November, between 12:30 and 14:00");
  assert.equal(spoken("fr", "2026-11-24T21:00:00.000Z", "2026-11-25T01:00:00.000Z"), "du mardi 24 novembre à 22 h au mercredi 25 novembre à 2 h");
  assert.equal(spoken("fr", "2027-06-01T06:05:00.000Z", "2027-06-01T07:00:00.000Z"), "mardi 1er juin 2027, entre 8 h 05 et 9 h");
  assert.equal(spoken("fr", "2026-11-20T23:30:00.000Z", "2026-11-21T00:30:00.000Z"), "demain, samedi 21 novembre, entre 0 h 30 et 1 h 30");
  assert.equal(spoken("fr", "2026-11-20T16:00:00.000Z", "2026-11-20T17:00:00.000Z"), "aujourd'hui, entre 17 h et 18 h");
  set_language("fr", false);
  assert.equal(plain(moment_words("2026-11-20T16:00:00.000Z", now)), "aujourd'hui à 17 h");
  assert.equal(capital("aujourd'hui"), "Aujourd'hui");
});

const request = (id, change = {}) => ({ intervention: id, planned: null, accepted: null, can_open: true, in_charge: "alice", operators: [{ login: "alice", name: "Alice", role: "LEAD", mode: "CONNECTED" }], system: { label: "Serveur" }, ...change });
const to_come = (id, from, change = {}) => request(id, { planned: { from, until: "2026-11-24T13:00:00.000Z" }, can_open: false, ...change });
const said_yes = { at: "2026-11-20T08:00:00.000Z", by: { login: "claire", name: "Claire" } };

test("before its window a planned request waits for a word, not for an opening", () => {
  const proposed = to_come("1", "2026-11-24T11:30:00.000Z");
  assert.ok(is_to_come(proposed) && awaits_word(proposed) && !calls(proposed));
  assert.ok(!awaits_word({ ...proposed, accepted: said_yes }));
  assert.ok(calls({ ...proposed, can_open: true, accepted: said_yes }));
  assert.ok(calls(request("2")));
});
test("the next beginning is the soonest one, by the agent's clock", () => {
  const list = [to_come("1", "2026-11-24T11:30:00.000Z"), request("2"), to_come("3", "2026-11-20T09:00:10.000Z")];
  assert.equal(next_beginning(list, now), 10_000);
  assert.equal(next_beginning([request("2")], now), null);
  assert.deepEqual(soonest_first(list).map((r) => r.intervention), ["3", "1"]);
});

const calm = { now: "2026-11-20T09:00:00.000Z", person: { login: "c", name: "C", role: "OWNER" }, locked: false, door: { drawbridge: "UP", alarm: false }, requests: [], sessions: [], ended: [], reported: [], recent: [], rehearsal: null };
test("a proposed date rings once and says when; its beginning rings as a request does", () => {
  const proposed = { ...calm, requests: [to_come("1", "2026-11-24T11:30:00.000Z")] };
  const said = changes(calm, proposed);
  assert.equal(said.length, 1);
  assert.ok(said[0].rings && said[0].text.includes("24 novembre"));
  assert.deepEqual(changes(proposed, proposed), []);
  assert.equal(title_of(proposed), "(1) Date proposée – Pontlevis");
  const accepted = { ...calm, requests: [{ ...proposed.requests[0], accepted: said_yes }] };
  assert.deepEqual(changes(proposed, accepted), []);
  assert.equal(title_of(accepted), "Accès fermé – Pontlevis");
  const begun = { ...calm, requests: [{ ...accepted.requests[0], can_open: true }] };
  assert.ok(changes(accepted, begun)[0].rings);
  assert.equal(title_of(begun), "(1) Demande d'accès – Pontlevis");
});

const pair = { ...request("1"), phase: "OPEN", pair: true, hold: "NONE", seconds_left: 900, connected: ["alice"], typist: null, paused_tools: [],
  operators: [{ login: "alice", name: "Alice", role: "LEAD", mode: "CONNECTED" }, { login: "bruno", name: "Bruno", role: "PAIR", mode: "CONNECTED" }, { login: "chloe", name: "Chloé", role: "ADDITIONAL", mode: "CONNECTED" }, { login: "dan", name: "Dan", role: "PAIR", mode: "CONSULTED" }] };
test("additional staff and people only consulted make up no pair", () => {
  assert.deepEqual(counted(pair).map((o) => o.login), ["alice", "bruno"]);
  assert.deepEqual(missing({ ...pair, connected: ["alice", "chloe"] }).map((o) => o.login), ["bruno"]);
});
test("who types, which tool is held and who is in charge are said when they change", () => {
  const with_session = (change) => ({ ...calm, sessions: [{ ...pair, ...change }] });
  const said = (from, to) => changes(with_session(from), with_session(to)).map((c) => c.text).join();
  assert.ok(said({}, { typist: "bruno" }).includes("Bruno"));
  assert.ok(said({ typist: "bruno" }, {}).includes("Tous"));
  assert.ok(said({}, { in_charge: "bruno" }).includes("Bruno"));
  assert.ok(said({}, { paused_tools: ["files"] }).includes("fichiers"));
  assert.ok(said({ paused_tools: ["files"] }, {}).includes("Repris"));
  const locked = { ...calm, locked: true, sessions: [{ intervention: "1", phase: "OPEN", hold: "NONE", seconds_left: 900, typist: null, paused_tools: [] }] };
  assert.ok(!changes(locked, with_session({ typist: "bruno", connected: [] })).some((c) => c.text.includes("agir")));
});
test("the new facts have words, live and in the records", () => {
  const live = (a) => activity_words({ at: "", ...a }, pair.operators);
  assert.equal(live({ type: "handover", by: "alice", to: "bruno" }), "Alice confie la responsabilité à Bruno");
  assert.equal(live({ type: "handover", by: { login: "alice", name: "A." }, to: { login: "bruno" } }), "Alice confie la responsabilité à Bruno");
  assert.ok(live({ type: "typist", login: "bruno", by: "claire" }).includes("Bruno"));
  assert.ok(live({ type: "typist", login: null, by: "claire" }).includes("Tous"));
  assert.ok(live({ type: "pause", what: "PAUSED", why: "TOOL", tool: "files" }).includes("fichiers"));
  assert.ok(record_words({ type: "pause", event: "RESUMED", tool: "desktop" }).includes("bureau à distance"));
  assert.equal(record_words({ type: "handover", by: { login: "alice", name: "Alice" }, person_in_charge: { login: "bruno", name: "Bruno" } }), "Alice confie la responsabilité à Bruno");
  assert.ok(record_words({ type: "typist", operator: { login: "bruno", name: "Bruno" }, by: { login: "claire" } }).includes("Bruno"));
  assert.ok(record_words({ type: "typist", operator: null, by: { login: "claire" } }).includes("Tous"));
  assert.ok(record_words({ type: "acceptance", approver: { login: "claire", name: "Claire" } }).includes("Claire"));
});
test("records that name a login are read with the names of the fiche", () => {
  const names = names_of({ participants: [{ login: "alice", name: "Alice" }, { login: "bruno" }], approver: { login: "claire", name: "Claire" } });
  assert.equal(record_words({ type: "handover", by: { login: "alice" }, person_in_charge: { login: "bruno" } }, names), "Alice confie la responsabilité à bruno");
  assert.ok(record_words({ type: "connection", event: "JOINED", operator: "alice" }, names).includes("Alice"));
});
test("one tool held is no pause of the session in the picture", () => {
  const at = (s) => new Date(now + s * 1000).toISOString();
  const line = { started_at: at(0), ended_at: at(100) };
  const pause = (time, event, tool) => ({ fields: { type: "pause", event, time, ...(tool ? { tool } : {}) } });
  assert.equal(spans_of(line, [pause(at(10), "PAUSED", "files"), pause(at(20), "RESUMED", "files")]).length, 1);
  assert.equal(spans_of(line, [pause(at(10), "PAUSED"), pause(at(20), "RESUMED")]).length, 2);
});
test("what was left is counted, whether the record counts or names it", () => {
  assert.deepEqual([count_of([]), count_of([{}, {}]), count_of(3), count_of(null), count_of("x")], [0, 2, 3, null, null]);
});
