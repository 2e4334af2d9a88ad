// What the page can say, it says in French and in English; whatever the agent can refuse has its sentence.
import { readFileSync } from "node:fs";
import { expect, story } from "../support/promise.mjs";
import { keys_in, tables } from "../support/words.mjs";

const holes = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort().join();

export const sentences = () => story("words", [
  ["French and English have the same keys, none empty, with the same values in them", () => {
    let count = 0;
    for (const [table, rows] of Object.entries(tables)) {
      expect(`${table}: each key in both languages`, keys_in(table).join() === Object.keys(rows).join(), keys_in(table).filter((k) => !(k in rows)));
      for (const [key, { fr, en }] of Object.entries(rows)) {
        expect(`${table}.${key} says something in both`, fr.trim() && en.trim());
        expect(`${table}.${key} has the same values in both`, holes(fr) === holes(en), fr, en);
        count++;
      }
    }
    expect("hundreds of sentences", count > 300, count);
  }],
  ["every refusal of agent/page/page_error.hpp has its sentence in both languages", () => {
    const header = readFileSync(new URL("../../../agent/page/page_error.hpp", import.meta.url), "utf8");
    const keys = [.../page_fault_keys\{([^}]*)\}/.exec(header)[1].matchAll(/"(\w+)"/g)].map((m) => m[1]);
    expect("a list of refusals", keys.length > 20, keys.length);
    for (const key of keys) expect(`a sentence for ${key}`, tables.errors[key]?.fr && tables.errors[key]?.en);
  }],
]);
