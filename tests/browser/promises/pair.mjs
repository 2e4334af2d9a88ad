// Two people in one session: who is in and who is missing, who may type, and one tool held while the rest goes on.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ask, cut, lab, sftp, sh, until, work } from "../support/lab.mjs";
import { as_page, button, by_keyboard, look, part_named, person, sign_in, state_of, text_of } from "../support/browser.mjs";
import { expect, story } from "../support/promise.mjs";
import { agree, code_of, enter, names } from "./sessions.mjs";

export const witness = { login: "temoin2", name: "Mia Exemple", password: "le vent pousse les barques vers la rive" };
const at_home = (name) => existsSync(join(lab, "home", name));
const session = async (page) => (await state_of(page)).sessions[0];
const people = (me) => part_named(me.page, me.w("people"));
const in_state = (me, what, so) => until(what, async () => so(await session(me.page)));
const choice = (me, login) => people(me).getByRole("radio", { name: login ? names[login] : me.w("typist_all"), exact: true });
const holding = (me, tool, held) => button(part_named(me.page, me.w("tools")), me.w(`${held ? "resume" : "hold"}_${tool}`));

// What one of them types is in the terminal of both: the answer proves that everything before it has been dealt with.
async function works(client, word, others = []) {
  client.say(`echo ${word.slice(0, 2)}''${word.slice(2)}\n`);
  for (const c of [client, ...others]) await c.prints(word);
}

async function open_pair(s, ...options) {
  s.id = await ask("alice", "--tools", "shell,files", "--pair", "bruno", ...options);
  await agree(s.me, "alice");
}
const leave = async (s) => {
  for (const child of [s.alice?.child, s.bruno?.child, s.files?.child]) child?.kill();
  await s.other?.leave();
  await s.me?.leave();
};

export const pair = () => story("pair", [
  ["the first of a pair is in: the page names who is missing, and nothing can be typed", async (s) => {
    const { page, w } = s.me;
    await open_pair(s);
    s.code = await code_of(s.me, "bruno");
    s.alice = await enter(s.me, "alice", s.id);
    await page.getByText(w("pair_waits_one")).waitFor();
    await people(s.me).getByText(w("pair_count", { n: 1, of: 2 })).waitFor();
    expect("the one who is missing is named", (await text_of(page.locator(".note-hold"))).includes(names.bruno));
    s.alice.say("touch typed-alone\n");
    await look(s.me, "pair-waits");
    expect("nothing arrived while alone", !at_home("typed-alone") && (await session(page)).hold === "PAIR_INCOMPLETE");
  }],
  ["both are in: the page shows it, and both see what either types", async (s) => {
    s.bruno = await enter(s.me, "bruno", s.id);
    await people(s.me).getByText(s.me.w("pair_count", { n: 2, of: 2 })).waitFor();
    await in_state(s.me, "input to flow", (now) => now.hold === "NONE");
    await works(s.bruno, "ensemble", [s.alice]);
    expect("what was typed alone never happened", !at_home("typed-alone"));
  }],
  ["the lead hands over, and the page says who is in charge now", async (s) => {
    const charge = (login) => people(s.me).locator("li", { hasText: names[login] }).getByText(s.me.w("in_charge"));
    await charge("alice").waitFor();
    await sh(`front alice handover "$1" bruno`, s.id);
    await charge("bruno").waitFor();
    expect("one person in charge", (await charge("alice").count()) === 0);
  }],
  ["chosen by keyboard, one person types and the other's typing does not arrive", async (s) => {
    await choice(s.me, null).focus();
    await s.me.page.keyboard.press("ArrowDown");
    await s.me.page.keyboard.press("ArrowDown");
    await in_state(s.me, "bruno to be the one who types", (now) => now.typist === "bruno");
    expect("shown as chosen", await choice(s.me, "bruno").isChecked());
    s.alice.say("touch typed-by-alice\n");
    await works(s.bruno, "seul", [s.alice]);
    await look(s.me, "typist", { languages: ["fr"] });
    await choice(s.me, null).check();
    await in_state(s.me, "everybody to type again", (now) => now.typist === null);
    await works(s.alice, "retour", [s.bruno]);
    expect("what the other typed never arrived", !at_home("typed-by-alice"));
    expect("only the choices that were rested on are told", (await session(s.me.page)).activity.filter((a) => a.type === "typist").length === 2, (await session(s.me.page)).activity.filter((a) => a.type === "typist"));
  }],
  ["files held: sftp stalls while the terminal goes on; resumed, it goes on", async (s) => {
    writeFileSync(join(work, "courrier.txt"), "une ligne\n");
    s.files = sftp("alice");
    s.files.say("pwd\n");
    await s.files.prints("Remote working directory");
    await holding(s.me, "files", false).click();
    await in_state(s.me, "the files to be held", (now) => now.paused_tools.includes("files"));
    await holding(s.me, "files", true).waitFor();
    s.files.say(`put ${join(work, "courrier.txt")} courrier.txt\n`);
    await works(s.alice, "pendant");
    await works(s.bruno, "encore");
    expect("nothing put", !at_home("courrier.txt"));
    await look(s.me, "files-held", { schemes: ["light"] });
    await by_keyboard(s.me.page).press(holding(s.me, "files", true));
    await until("the file to arrive", () => at_home("courrier.txt"));
    await in_state(s.me, "no tool to be held", (now) => now.paused_tools.length === 0);
    const held = (await session(s.me.page)).activity.filter((a) => a.type === "pause" && a.tool === "files").map((a) => a.what);
    expect("both told in the activity", held.join() === "PAUSED,RESUMED", held);
    await part_named(s.me.page, s.me.w("activity")).getByText(s.me.w.activity("tool_RESUMED", { tool: "fichiers" })).first().waitFor();
  }],
  ["one is cut: the page says who is awaited, and input is held at once", async (s) => {
    await cut("bruno");
    await s.me.page.getByText(s.me.w("pair_waits_one")).waitFor();
    await people(s.me).getByText(s.me.w("person_awaited")).waitFor();
    expect("held", (await session(s.me.page)).hold === "PAIR_INCOMPLETE");
    s.alice.say("touch typed-while-alone\n");
    await look(s.me, "pair-cut", { languages: ["fr"] });
    expect("nothing arrived while alone", !at_home("typed-while-alone") && (await session(s.me.page)).hold === "PAIR_INCOMPLETE");
  }],
  ["with a new code from the page they are back in the same terminal, and it goes on", async (s) => {
    const { page, w } = s.me;
    const card = page.getByRole("region", { name: w("code_for", { name: names.bruno }), exact: true });
    if (!(await card.isVisible())) await page.getByText(w("codes"), { exact: true }).click();
    await button(card, w("code_new")).click();
    await page.getByLabel(w("code_of", { name: names.bruno }), { exact: true }).waitFor();
    s.bruno.child.kill();
    s.bruno = await enter(s.me, "bruno", s.id);
    await in_state(s.me, "input to flow", (now) => now.hold === "NONE");
    await works(s.bruno, "revenu", [s.alice]);
    expect("what was typed while alone never happened", !at_home("typed-while-alone"));
    await button(page, w("stop")).click();
    await s.alice.gone;
  }],
  ["its record says who typed and what was held, and the page what it cannot see", async (s) => {
    const { page, w } = s.me;
    await page.evaluate((id) => (location.hash = `#/interventions/${id}`), s.id);
    await part_named(page, w("unseen")).waitFor();
    await part_named(page, w("timeline")).getByText(w("as_table"), { exact: true }).click();
    const told = await text_of(part_named(page, w("timeline")));
    for (const words of [w.activity("handover", { by: names.alice, to: names.bruno }), w.activity("typist", { name: names.bruno }), w.activity("tool_PAUSED", { tool: "fichiers" })]) expect(`the table to say ${words}`, told.includes(words), told);
    await look(s.me, "pair-record", { schemes: ["light"] });
  }],
], { before: async (s) => sign_in((s.me = await person())), after: leave, seconds: 90 });

export const observers = () => story("observers", [
  ["an observer sees who types, and cannot choose it", async (s) => {
    await as_page(s.me.page, "/api/team", { ...witness, role: "OBSERVER", until: null });
    s.other = await person();
    await sign_in(s.other, witness);
    await open_pair(s);
    await people(s.other).getByText(names.bruno).waitFor();
    expect("no choice", (await people(s.other).getByRole("radio").count()) === 0);
    const no = await as_page(s.other.page, `/api/sessions/${s.id}/typist`, { login: "bruno" });
    expect("a refusal for observers", no.body?.error?.key === "observer", no);
    await look(s.other, "pair-observer", { languages: ["fr"], schemes: ["light"] });
  }],
  ["an observer may hold a tool and let it go on, as they may pause the whole; and stop", async (s) => {
    await holding(s.other, "files", false).click();
    await in_state(s.me, "the files to be held", (now) => now.paused_tools.includes("files"));
    await holding(s.me, "files", true).waitFor();
    await holding(s.other, "files", true).click();
    await in_state(s.me, "the files to go on", (now) => now.paused_tools.length === 0);
    await button(s.other.page, s.other.w("stop")).click();
    await in_state(s.me, "the session to be over", (now) => !now);
  }],
], { before: async (s) => sign_in((s.me = await person())), after: leave });

export const onlookers = () => story("onlookers", [
  ["additional staff see the same terminal, are marked on the page, and what they type goes nowhere", async (s) => {
    const { page, w } = s.me;
    s.id = await ask("alice", "--additional", "bruno");
    await agree(s.me, "alice");
    s.alice = await enter(s.me, "alice", s.id);
    s.bruno = await enter(s.me, "bruno", s.id);
    await people(s.me).locator("li", { hasText: names.bruno }).getByText(w("person_here"), { exact: true }).waitFor();
    await people(s.me).locator("li", { hasText: names.bruno }).getByText(w("only_looks"), { exact: true }).waitFor();
    expect("nobody to choose between", (await people(s.me).getByRole("radio").count()) === 0);
    s.bruno.say("touch typed-by-onlooker\n");
    await s.bruno.prints("what you type goes nowhere");
    await works(s.alice, "montre", [s.bruno]);
    expect("nothing typed by who looks on", !at_home("typed-by-onlooker"));
    await look(s.me, "onlooker", { languages: ["fr"], schemes: ["light"] });
    await button(page, w("stop")).click();
    await Promise.all([s.alice.gone, s.bruno.gone]);
  }],
], { before: async (s) => sign_in((s.me = await person())), after: leave });
