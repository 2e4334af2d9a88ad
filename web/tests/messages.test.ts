// @ts-nocheck: node's own types are not part of the pages
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { holes, french_spaces } from "../shared/i18n";
import { window_sentences } from "../shared/window";
import { activity } from "../practitioner/messages/activity";
import { after } from "../practitioner/messages/after";
import { codes } from "../practitioner/messages/codes";
import { deciding } from "../practitioner/messages/deciding";
import { errors } from "../practitioner/messages/errors";
import { frame } from "../practitioner/messages/frame";
import { messages } from "../practitioner/messages/index";
import { labels } from "../practitioner/messages/labels";
import { people } from "../practitioner/messages/people";
import { planned } from "../practitioner/messages/planned";
import { watching } from "../practitioner/messages/watching";

const tables = { frame, deciding, watching, after, people, planned, errors, codes, labels, activity, window_sentences };

test("every sentence stands in both languages with the same holes", () => {
  for (const [table, rows] of Object.entries(tables))
    for (const [key, pair] of Object.entries(rows)) {
      assert.equal(pair.length, 2, `${table}.${key}`);
      assert.ok(pair[0].trim() && pair[1].trim(), `${table}.${key} is empty`);
      assert.deepEqual(holes(pair[0]), holes(pair[1]), `${table}.${key}`);
    }
});

test("no key stands in two tables", () => {
  const parts = [frame, deciding, watching, after, people, planned];
  assert.equal(Object.keys(messages).length, parts.reduce((n, p) => n + Object.keys(p).length, 0));
});

test("whatever is counted has one and several", () => {
  for (const key of Object.keys(messages)) if (key.endsWith("_one")) assert.ok(key.replace(/_one$/, "_other") in messages, key);
});

test("every refusal of the agent has its sentence", (t) => {
  let header;
  try {
    header = readFileSync(join(process.cwd(), "../agent/page/page_error.hpp"), "utf8");
  } catch {
    return t.skip("agent/page/page_error.hpp is not beside web/");
  }
  const list = /page_fault_keys\{([^}]*)\}/.exec(header)[1];
  const keys = [...list.matchAll(/"(\w+)"/g)].map((m) => m[1]);
  assert.ok(keys.length > 10);
  for (const key of keys) assert.ok(key in errors, key);
});

test("french typography keeps its signs beside their words", () => {
  assert.equal(french_spaces("Qui ? « oui » 3 min"), "Qui\u00a0? «\u00a0oui\u00a0» 3\u00a0min");
});

import { changes, title_of } from "../practitioner/changes";
const calm = { now: "2026-11-22T08:00:00.000Z", person: { login: "c", name: "C", role: "OWNER" }, locked: false, door: { drawbridge: "UP", alarm: false }, requests: [], sessions: [], ended: [], reported: [], recent: [], rehearsal: null };
const asked = { intervention: "1", operators: [{ login: "alice", name: "Alice" }], system: { label: "Serveur" } };
const open = { intervention: "1", phase: "OPEN", hold: "NONE", seconds_left: 900, connected: [], operators: asked.operators };

test("a request rings, changes the title and is said; nothing is said twice", () => {
  const with_request = { ...calm, requests: [asked] };
  const said = changes(calm, with_request);
  assert.equal(said.length, 1);
  assert.ok(said[0].rings && said[0].text.includes("Alice"));
  assert.deepEqual(changes(with_request, with_request), []);
  assert.equal(title_of(with_request), "(1) Demande d'accès – Pontlevis");
  assert.equal(title_of(null, 2), "(2) Demande d'accès – Pontlevis");
});
test("an opening, a pause, a last minute and a cut are said", () => {
  const now = { ...calm, sessions: [open] };
  assert.equal(changes(calm, now).length, 1);
  assert.ok(changes(now, { ...calm, sessions: [{ ...open, hold: "PAUSED" }] })[0].urgent);
  assert.ok(changes(now, { ...calm, sessions: [{ ...open, seconds_left: 59 }] })[0].urgent);
  assert.ok(changes(now, calm)[0].urgent);
  const locked = { ...now, locked: true, sessions: [{ intervention: "1", phase: "OPEN", hold: "NONE", seconds_left: 900 }] };
  assert.doesNotThrow(() => changes(now, locked));
});
