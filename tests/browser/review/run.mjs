// Every promise of the review page, in an order that needs one lab and one browser. Started by review.sh.
import { writeFileSync } from "node:fs";
import { close_browser, open_browser, picture_of_all, seen } from "../support/browser.mjs";
import { end_all } from "../support/lab.mjs";
import { expect, note, score, story, when_broken } from "../support/promise.mjs";
import { begin } from "../console/people.mjs";
import { coming_in } from "./coming_in.mjs";
import { keeping } from "./keeping.mjs";
import { keyboard } from "./keyboard.mjs";
import { marking } from "./marking.mjs";
import { reading } from "./reading.mjs";
import { registers } from "./registers.mjs";
import { taking_away } from "./taking_away.mjs";
import { made } from "./work.mjs";

when_broken(picture_of_all, async () => {});
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

try {
  const cast = {};
  await begin({ straight: true });
  await made(cast);
  await open_browser();
  await coming_in(cast);
  await reading(cast);
  await marking(cast);
  await keyboard(cast);
  await taking_away(cast);
  await keeping(cast);
  await registers(cast);
  await at_the_end();
  note(`${seen.states} states were looked at`);
} finally {
  await close_browser();
  writeFileSync(counts, `${score.kept} ${score.broken}\n`);
  note(`${((Date.now() - began) / 1000).toFixed(0)} s`);
}
process.exit(0);
