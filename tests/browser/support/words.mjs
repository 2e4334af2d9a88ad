// The page's own sentences, read from its tables, so that each promise is kept in both languages.
import { readdirSync, readFileSync } from "node:fs";

const folder = new URL("../../../web/practitioner/messages/", import.meta.url);
const line = /(?<![\w$])(\w+): \[("(?:[^"\\]|\\.)*"),\s*("(?:[^"\\]|\\.)*")\]/g;

export const tables = Object.fromEntries(readdirSync(folder).filter((f) => f.endsWith(".ts") && f !== "index.ts").map((file) => {
  const text = readFileSync(new URL(file, folder), "utf8");
  return [file.replace(/\.ts$/, ""), Object.fromEntries([...text.matchAll(line)].map(([, key, fr, en]) => [key, { fr: JSON.parse(fr), en: JSON.parse(en) }]))];
}));
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
export { one_line };
