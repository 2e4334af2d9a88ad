// Every promise of the console, in an order that needs one lab and one browser. Started by console.sh.
import { writeFileSync } from "node:fs";
import { close_browser, open_browser, picture_of_all, seen } from "../support/browser.mjs";
import { end_all, tidy } from "../support/lab.mjs";
import { expect, note, score, story, when_broken } from "../support/promise.mjs";
import { administration } from "./administration.mjs";
import { bench } from "./bench.mjs";
import { begin, tap } from "./people.mjs";
import { troubles } from "./troubles.mjs";
import { by_keyboard_alone, by_mouse_with_a_pair, people_sign_in } from "./whole_path.mjs";

when_broken(picture_of_all, tidy);
process.on("SIGTERM", () => process.exit(143));
process.on("exit", end_all);
const [, , counts] = process.argv;
const began = Date.now();

const at_the_end = () => story("at the end", [
  ["axe-core finds nothing in any state, in both languages, light and dark", () => expect("no finding", seen.findings.size === 0, [...seen.findings])],
  ["no word of the wire is shown to a reader", () => expect("none", seen.raw.size === 0, [...seen.raw])],
  ["the content policy refused nothing, and no script failed", () => expect("no trouble", seen.troubles.length === 0, seen.troubles.slice(0, 8))],
  ["nothing was fetched from elsewhere", () => expect("nothing", seen.elsewhere.length === 0, seen.elsewhere.slice(0, 5))],
], { apart: true, always: true });

async function every_promise(cast) {
  await by_mouse_with_a_pair(cast);
  await by_keyboard_alone(cast);
  await administration();
  await troubles(cast);
  await at_the_end();
}

try {
  const cast = {};
  await begin();
  await open_browser();
  await people_sign_in(cast);
  if (process.env.BENCH) await bench(cast);
  else await every_promise(cast);
  note(`${seen.states} states were looked at`);
} finally {
  await close_browser();
  tap?.close();
  writeFileSync(counts, `${score.kept} ${score.broken}\n`);
  note(`${((Date.now() - began) / 1000).toFixed(0)} s`);
}
process.exit(0);
