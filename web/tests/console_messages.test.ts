// @ts-nocheck: node's own types are not part of the pages
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Refusal } from "../console/api";
import { eea } from "../console/countries";
import { codes, data_kinds } from "../console/messages/codes";
import { code_of, errors, sentence_for } from "../console/messages/errors";
import { messages, parts } from "../console/messages/index";
import { notice_words } from "../console/notice_text";
import { tasks } from "../console/tasks";
import { holes } from "../shared/i18n";

const tables = { ...parts, codes, errors, data_kinds, eea, tasks, notice_words };

test("every sentence of the console stands in both languages with the same holes", () => {
  for (const [table, rows] of Object.entries(tables))
    for (const [key, pair] of Object.entries(rows)) {
      assert.equal(pair.length, 2, `${table}.${key}`);
      assert.ok(pair[0].trim() && pair[1].trim(), `${table}.${key} is empty`);
      assert.deepEqual(holes(pair[0]), holes(pair[1]), `${table}.${key}`);
    }
});
test("no key stands in two tables", () => {
  assert.equal(Object.keys(messages).length, Object.values(parts).reduce((n, p) => n + Object.keys(p).length, 0));
});
test("both languages are really two: no French sentence was left in English", () => {
  const same_allowed = new Set(["iv_title", "iv_number", "pr_agent", "cd_qualification", "rp_qualification", "ad_nav", "nav_admin", "nav_all", "ls_from", "ss_title", "ask_criticality"]);
  for (const [key, pair] of Object.entries(messages)) if (pair[0] === pair[1]) assert.ok(same_allowed.has(key) || pair[0].length < 14, `${key}: ${pair[0]}`);
});
test("every rule of the gateway and every refusal of its door has its sentence", (t) => {
  const folders = ["", "api", "people"].map((part) => join(process.cwd(), "../gateway", part));
  const source = folders.flatMap((f) => (existsSync(f) ? readdirSync(f).filter((n) => /\.[ch]pp$/.test(n)).map((n) => readFileSync(join(f, n), "utf8")) : [])).join("\n");
  if (!source) return t.skip("gateway/ is not beside web/");
  const rules = [...source.matchAll(/PolicyRefusal\{"([A-Z_]+)"/g)].map((m) => m[1].toLowerCase());
  const refusals = [...source.matchAll(/\b[45]\d\d, "([a-z_]+)"/g)].map((m) => m[1]);
  assert.ok(rules.length > 8 && refusals.length > 8);
  for (const code of [...rules, ...refusals]) assert.ok(code in errors, code);
});
test("a problem is told in the reader's words, with the gateway's detail beside; an unknown one in the gateway's", () => {
  assert.match(sentence_for(new Refusal(403, "AGENT_AWAY", "not connected", "ask it to start")).text, /joignable/);
  assert.equal(sentence_for(new Refusal(403, "CARD_NOT_VALID", "the card of bruno ended", "a new one")).hint, "the card of bruno ended – a new one");
  assert.equal(sentence_for(new Refusal(418, "NEVER_HEARD_OF", "told", "hint")).text, "told");
  assert.equal(code_of(new Refusal(412, "conflict")), "changed_meanwhile");
  assert.equal(sentence_for(new Refusal(401, "not_signed_in", "x")).hint, "");
  assert.ok(sentence_for(new Error("x")).text);
});
