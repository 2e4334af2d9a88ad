// A recording that was agreed to: replayed with seek and speed, deleted with a certificate. And a rehearsal.
import { journal, until } from "../support/lab.mjs";
import { as_page, button, go, heading, look, part_named, person, sign_in, state_of, text_of } from "../support/browser.mjs";
import { expect, story } from "../support/promise.mjs";
import { open_session } from "./sessions.mjs";

const screen = (page) => page.locator(".replay .xterm-rows").innerText();

export const recording = () => story("recording", [
  ["a session is recorded only when that box was ticked", async (s) => {
    const { page, w } = s.me;
    s.session = await open_session(s.me, "alice", { choose: () => page.getByLabel(w("record"), { exact: true }).check() });
    s.session.client.say("echo pre''mier; sleep 1; echo second''e ligne; sleep 2; clear; echo dern''ier\n");
    await s.session.client.prints("dernier");
    await until("the recording to be said on the page", async () => (await state_of(page)).sessions[0].recording === true);
    await button(page, w("stop")).click();
    await s.session.client.gone;
    await until("the recording kept", async () => (await as_page(page, `/api/interventions/${s.session.id}`)).body?.recording?.streams >= 1);
  }],
  ["the replay shows what was on the screen, at any place and at any speed", async (s) => {
    const { page, w } = s.me;
    await go(s.me, `#/interventions/${s.session.id}`);
    await button(page, w("recording_open")).click();
    await page.locator(".replay .xterm-rows").waitFor();
    const place = page.getByRole("slider");
    const end = await place.getAttribute("max");
    await place.fill(end);
    await until("the last words", async () => (await screen(page)).includes("dernier"));
    expect("cleared by then", !(await screen(page)).includes("premier"));
    await place.fill("2");
    await until("the words of before", async () => (await screen(page)).includes("premier"));
    expect("not the later words", !/^dernier/m.test(await screen(page)), await screen(page));
    await place.fill("0");
    await page.getByLabel(w("replay_speed")).selectOption("8");
    const began = Date.now();
    await button(page, w("replay_play")).click();
    await until("it played to its end", async () => /^dernier/m.test(await screen(page)));
    expect(`faster than it was (${end} s)`, Date.now() - began < Number(end) * 1000, Date.now() - began);
    await look(s.me, "replay");
  }],
  ["deleting it leaves a certificate, and no replay", async (s) => {
    const { page, w } = s.me;
    await button(page, w("recording_delete")).click();
    await button(page, w("recording_delete_yes")).click();
    await button(page, w("recording_open")).waitFor({ state: "detached" });
    const gone = await as_page(page, `/api/interventions/${s.session.id}/recording`);
    expect("no replay any more", gone.body?.error?.key === "recording_gone", gone);
    const records = (await journal()).filter((r) => JSON.stringify(r).includes(s.session.id));
    expect("a certificate of destruction in the journal", records.some((r) => /destr|certificate/i.test(`${r.type} ${r.event ?? ""}`)), [...new Set(records.map((r) => `${r.type} ${r.event ?? ""}`))]);
    expect("the viewing in the journal", records.some((r) => /view|read|replay/i.test(`${r.type} ${r.event ?? ""} ${r.action ?? ""}`)), [...new Set(records.map((r) => `${r.type} ${r.event ?? ""}`))]);
    await go(s.me, "#/interventions");
    await go(s.me, `#/interventions/${s.session.id}`);
    expect("no player", (await button(page, w("recording_open")).count()) === 0);
    await page.getByText(w("as_table"), { exact: true }).click();
    await until("the certificate among what happened", async () => /certific|destruction|détrui/i.test(await text_of(part_named(page, w("timeline")))));
  }],
], {
  before: async (s) => sign_in((s.me = await person())),
  after: async (s) => (s.session?.client.child.kill(), s.me?.leave()),
});

export const rehearsal = () => story("rehearsal", [
  ["a new user rehearses: reads, agrees, sees a terminal, pauses, stops", async (s) => {
    const { page, w } = s.me;
    await page.getByRole("link", { name: w("try_button"), exact: true }).first().click();
    await heading(page, w("rehearsal_title")).waitFor();
    await look(s.me, "rehearsal");
    await button(page, w("rehearsal_begin")).click();
    await button(page, w("accept")).waitFor();
    await look(s.me, "rehearsal-request");
    await button(page, w("accept")).click();
    await button(page, w("confirm_yes")).click();
    await page.locator(".code").first().waitFor();
    await until("a terminal that shows something", async () => (await page.locator(".glass:visible .xterm-rows").innerText()).trim().length > 20);
    await look(s.me, "rehearsal-live");
    await button(page, w("pause")).click();
    await button(page, w("resume")).click();
    await button(page, w("pause")).waitFor();
    await button(page, w("stop")).click();
    await heading(page, w("rehearsal_stopped")).waitFor();
    await page.getByText(/Accès coupé en \d+ ms/).first().waitFor();
    await look(s.me, "rehearsal-ended");
  }],
  ["the rehearsal is in the journal, with who and whether they used Stop; the page stops offering it", async (s) => {
    await button(s.me.page, s.me.w("rehearsal_finish")).click();
    await heading(s.me.page, s.me.w("closed_title")).waitFor();
    const kept = await until("the rehearsal's record", async () => (await journal()).find((r) => /rehears/i.test(`${r.type} ${r.event ?? ""}`)));
    expect("who, and that they used Stop", /dr-exemple/.test(JSON.stringify(kept)) && /stop/i.test(JSON.stringify(kept)), kept);
    await s.me.page.locator("#try").waitFor({ state: "detached" });
  }],
], {
  before: async (s) => sign_in((s.me = await person())),
  after: async (s) => s.me?.leave(),
});
