// The gateway's log was caught: what a person at the practice reads, what they can take away, and that only an owner at the
// machine goes on. The two notes are real ones of this lab's log; that the smaller came last is put there by hand.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ask, sh, sh_json, until, work } from "../support/lab.mjs";
import { arrive, button, look, person, sign_in } from "../support/browser.mjs";
import { expect, story } from "../support/promise.mjs";

const rolled_back = `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
notes = db.execute("SELECT size, note FROM cosigned ORDER BY size").fetchall()
db.execute("INSERT INTO accusations(kind, size, known, conflicting, detail, seen) VALUES ('ROLLED_BACK', ?, ?, ?, '', '2026-11-22T10:00:00.000Z')", (notes[0][0], notes[-1][1], notes[0][1]))
db.commit()
`;
const alarm = async () => (await sh_json(`program agent status --data "$lab/agent" --json`)).alarm;

export const log_alarm = () => story("the log's alarm", [
  ["one sentence says what the log did, and what to do", async (s) => {
    await arrive(s.me);
    await sign_in(s.me);
    expect("calm at first", !(await alarm()));
    // Something happens, and the practice is asked to cosign it: two notes at least.
    const id = await ask("alice", "--tools", "shell");
    await sh(`program agent refuse --data "$lab/agent" "$1" --as dr-exemple --password-file "$lab/approver.password"`, id);
    await sh(`program gateway log ask --data "$lab/gateway"`);
    await until("two checkpoints to be cosigned", async () => Number(await sh(`sqlite3 "file:$lab/agent/log/witness.db?mode=ro" "SELECT count(*) FROM cosigned"`)) > 1);
    writeFileSync(join(work, "rolled_back.py"), rolled_back);
    await sh(`python3 "$work/rolled_back.py" "$lab/agent/log/witness.db"`);
    const { page, w } = s.me;
    await page.reload();
    await page.getByText(w("alarm_ROLLED_BACK")).waitFor();
    for (const words of ["alarm", "alarm_text", "alarm_next"]) await page.getByText(w(words)).first().waitFor();
    await look(s.me, "log-alarm");
  }],
  ["the evidence is taken away, and anybody can verify it", async (s) => {
    const { page, w } = s.me;
    const coming = page.waitForEvent("download");
    await button(page, w("alarm_download")).click();
    const file = join(work, "evidence.json");
    await (await coming).saveAs(file);
    const told = await sh(`program audit evidence "$1" --vkey "$lab/gateway/log/log.vkey" --language en`, file);
    expect("it says what happened", /ROLLED_BACK/.test(told) && /the last ones are gone/.test(told), told);
  }],
  ["an owner goes on, at the machine, after reading", async () => {
    const shown = await sh(`program agent alarm show --data "$lab/agent" --lang en`);
    expect("how to go on", /alarm clear .*--read 1/.test(shown), shown);
    await sh(`program agent alarm clear --data "$lab/agent" --as dr-exemple --password-file "$lab/approver.password" --read 1 --why "essai de la page"`);
    await until("the alarm to be over", async () => !(await alarm()));
  }],
], { before: async (s) => (s.me = await person()), after: async (s) => s.me?.leave(), seconds: 120 });
