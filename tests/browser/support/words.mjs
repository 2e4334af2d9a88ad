// The page's own sentences, read from its tables, so that each promise is kept in both languages.
import { readdirSync, readFileSync } from "node:fs";

const web = new URL("../../../web/", import.meta.url);
const folder = new URL("practitioner/messages/", web);
const line = /(?<![\w$])(\w+): \[("(?:[^"\\]|\\.)*"),\s*("(?:[^"\\]|\\.)*")\]/g;

const table_of = (file) => Object.fromEntries([...readFileSync(file, "utf8").matchAll(line)].map(([, key, fr, en]) => [key, { fr: JSON.parse(fr), en: JSON.parse(en) }]));
const tables_of = (place) => Object.fromEntries(readdirSync(place).filter((f) => f.endsWith(".ts") && f !== "index.ts").map((file) => [file.replace(/\.ts$/, ""), table_of(new URL(file, place))]));
export const tables = tables_of(folder);
// The keys of a table as they stand, also of lines that do not have both languages.
export const keys_in = (table) => [...new Set([...readFileSync(new URL(`${table}.ts`, folder), "utf8").matchAll(/(?<![\w$"])(\w+): \["/g)].map((m) => m[1]))];

const sentences = Object.assign({}, ...["frame", "deciding", "watching", "after", "people", "planned"].map((name) => tables[name]));
const one_line = (text) => text.replace(/\s+/g, " ").trim();

function say(from, language, key, values = {}) {
  if (!from[key]) throw new Error(`the page has no sentence "${key}"`);
  return one_line(from[key][language].replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole)));
}
// w(key), w.code(CODE), w.error(key): in one language, spaces as a reader sees them.
export function words(language) {
  const w = (key, values) => say(sentences, language, key, values);
  w.language = language;
  w.code = (code) => say(tables.codes, language, code);
  w.error = (key) => say(tables.errors, language, key);
  w.activity = (key, values) => say(tables.activity, language, key, values);
  return w;
}
// The console's sentences: its own, the session's and the keys'; w.code(CODE) is a word of the records.
export function console_words(language) {
  const at_home = tables_of(new URL("console/messages/", web));
  const all = Object.assign({}, ...Object.values(at_home), table_of(new URL("console/keys/messages.ts", web)));
  const session = table_of(new URL("console/session/messages.ts", web));
  const w = (key, values) => say(all, language, key, values);
  w.language = language;
  w.session = (key, values) => say(session, language, key, values);
  w.code = (code) => say(at_home.codes, language, code);
  return w;
}
// The review's sentences, and the console's that stand in it.
export function review_words(language) {
  const of_console = console_words(language);
  const tables = tables_of(new URL("review/messages/", web));
  const all = Object.assign({}, tables.frame, tables.book, tables.one, tables.keeping, tables.registers);
  const w = (key, values) => (all[key] ? say(all, language, key, values) : of_console(key, values));
  w.language = language;
  w.code = (code) => (tables.codes[code] ? say(tables.codes, language, code) : of_console.code(code));
  return w;
}
export { one_line };
