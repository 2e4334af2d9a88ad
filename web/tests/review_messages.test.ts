// @ts-nocheck: node's own types are not part of the pages
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { messages as console_messages } from "../console/messages/index";
import { errors } from "../console/messages/errors";
import { knows, plain_code, review_codes, word } from "../review/messages/codes";
import { messages, parts } from "../review/messages/index";
import { field_name, record_fields, record_types, type_name } from "../review/messages/records";
import { classes, class_name } from "../review/views/retention_words";
import { labels } from "../shared/labels";
import { holes, set_language } from "../shared/i18n";

const tables = { ...parts, review_codes, record_fields, record_types, classes, labels };

test("every sentence of the review stands in both languages with the same holes", () => {
  for (const [table, rows] of Object.entries(tables))
    for (const [key, pair] of Object.entries(rows)) {
      assert.equal(pair.length, 2, `${table}.${key}`);
      assert.ok(pair[0].trim() && pair[1].trim(), `${table}.${key} is empty`);
      assert.deepEqual(holes(pair[0]), holes(pair[1]), `${table}.${key}`);
    }
});
test("no key stands in two tables, and none hides one of the console's", () => {
  assert.equal(Object.keys(messages).length, Object.values(parts).reduce((n, p) => n + Object.keys(p).length, 0));
  for (const key of Object.keys(messages)) assert.ok(!(key in console_messages), key);
});
test("both languages are really two: no French sentence was left in English", () => {
  const same_allowed = new Set(["iv_heading", "rr_heading", "mc_total_one", "mc_total_other", "rt_version", "hd_of_intervention"]);
  for (const [key, pair] of Object.entries(messages)) if (pair[0] === pair[1]) assert.ok(same_allowed.has(key) || pair[0].length < 16, `${key}: ${pair[0]}`);
});
test("every type of record and every field of the schema is said in both languages", (t) => {
  const schema = ["schema.cpp", "schema_memory.hpp"].map((n) => join(process.cwd(), "../audit", n));
  if (!existsSync(schema[0])) return t.skip("audit/ is not beside web/");
  const source = readFileSync(schema[0], "utf8");
  const types = [...source.matchAll(/\{"([a-z_]+)", EntryClass::/g)].map((m) => m[1]);
  assert.ok(types.length > 40);
  for (const type of types) assert.ok(type in record_types, type);
  const tables = [...source.matchAll(/FieldRule (\w+)_fields\[\] = \{([\s\S]*?)\n\};/g)];
  assert.ok(tables.length > 25);
  for (const [, type, body] of tables) for (const [, field] of body.matchAll(/\{"([a-z_0-9]+)",/g)) assert.ok(field in record_fields || field in labels, `${type}.${field}`);
});
test("every refusal of the gateway's memory has its sentence", (t) => {
  const folders = ["review", "retention", "registers", "registers/breach", "registers/rights", "registers/processing", "registers/common", "witnesses", "backup", "outward"].map((f) => join(process.cwd(), "../gateway", f)).filter(existsSync);
  if (!folders.length) return t.skip("gateway/ is not beside web/");
  const source = folders.flatMap((f) => readdirSync(f).filter((n) => /\.[ch]pp$/.test(n)).map((n) => readFileSync(join(f, n), "utf8"))).join("\n");
  const codes = [...source.matchAll(/\b[45]\d\d, "([a-z_]+)"/g)].map((m) => m[1]);
  assert.ok(codes.includes("purpose_missing"));
  for (const code of codes) assert.ok(code in errors, code);
});
test("a code is said for its place first, then as the console says it, then as plain words", () => {
  set_language("fr", false);
  assert.equal(word("EXPIRED", "backup"), "supprimée à échéance");
  assert.equal(word("EXPIRED"), "expirée sans réponse");
  assert.equal(word("CONTROL", "purpose"), "Contrôle interne");
  assert.equal(word("CONTROL", "access"), "agir");
  assert.equal(word(null), "–");
  assert.equal(word("NEVER_HEARD_OF"), "never heard of");
  assert.equal(plain_code("srv1"), "srv1");
  assert.ok(knows("FINAL", "certificate") && !knows("NEVER_HEARD_OF"));
  assert.equal(type_name("session_end"), "Fin de session");
  assert.equal(field_name("never_heard_of"), "Never heard of");
  assert.equal(class_name("ip-150-days"), "Adresses IP");
  assert.equal(class_name("ip-150-days, text"), "Adresses IP, texte libre");
});
