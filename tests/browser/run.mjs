// Every promise of the page, in an order that needs one lab and one browser. Started by page.sh.
import { writeFileSync } from "node:fs";
import { close_browser, open_browser, phone, picture_of_all } from "./support/browser.mjs";
import { end_all, tidy } from "./support/lab.mjs";
import { score, when_broken } from "./support/promise.mjs";
import { log_alarm } from "./promises/alarm.mjs";
import { mirror } from "./promises/mirror.mjs";
import { observers, onlookers, pair } from "./promises/pair.mjs";
import { planned } from "./promises/planned.mjs";
import { recording, rehearsal } from "./promises/recording.mjs";
import { sentences } from "./promises/sentences.mjs";
import { idle_lock, leave_somebody_idle, passkeys } from "./promises/signing_in.mjs";
import { stop } from "./promises/stop.mjs";
import { strangers } from "./promises/strangers.mjs";
import { team } from "./promises/team.mjs";
import { at_the_end, views } from "./promises/views.mjs";
import { watching } from "./promises/watching.mjs";
import { by_keyboard_in_english, by_mouse_in_french } from "./promises/whole_path.mjs";

when_broken(picture_of_all, tidy);
process.on("SIGTERM", () => process.exit(143));
process.on("exit", end_all);
const [, , counts] = process.argv;
const began = Date.now();
try {
  await sentences();
  await open_browser();
  await rehearsal();
  await team();
  const somebody_idle = !process.env.ONLY || /idle/i.test(process.env.ONLY);
  if (somebody_idle) await leave_somebody_idle();
  await by_mouse_in_french();
  await by_keyboard_in_english(phone);
  await watching();
  await pair();
  await observers();
  await onlookers();
  await planned();
  await recording();
  await strangers();
  await passkeys();
  await views();
  if (somebody_idle) await idle_lock();
  await stop();
  await mirror();
  await log_alarm();
  await at_the_end();
} finally {
  await close_browser();
  writeFileSync(counts, `${score.kept} ${score.broken}\n`);
  console.log(`# ${((Date.now() - began) / 1000).toFixed(0)} s`);
}
process.exit(0);
