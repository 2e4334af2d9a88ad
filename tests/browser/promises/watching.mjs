// A watched session whose page is closed pauses by itself; reopening shows where things stand, and it goes on.
import { record_of, records_of, until } from "../support/lab.mjs";
import { button, go, heading, look, part_named, person, sign_in, state_of } from "../support/browser.mjs";
import { expect, note, story } from "../support/promise.mjs";
import { names, open_session, system } from "./sessions.mjs";

const pauses = async (id) => (await record_of(id, "pause")).map((p) => ({ ...p, text: JSON.stringify(p) }));

export const watching = () => story("watching", [
  ["more time is a consent of its own: the deadline moves only after it", async (s) => {
    s.session = await open_session(s.me, "bruno");
    const before = (await state_of(s.me.page)).sessions[0].seconds_left;
    await button(s.me.page, s.me.w("extend")).click();
    const offer = s.me.page.locator("section.confirm");
    await offer.locator(".notice p").first().waitFor();
    await look(s.me, "extension", { languages: ["fr"] });
    await offer.getByLabel(s.me.w("extend_minutes")).selectOption("10");
    await offer.locator(".notice").getByText(/10 minutes de plus/).waitFor();
    expect("no more time before the yes", (await state_of(s.me.page)).sessions[0].seconds_left <= before);
    expect("one consent so far", (await record_of(s.session.id, "consent")).length === 1);
    await button(s.me.page, s.me.w("extend_no")).click();
    expect("no more time after a no", (await state_of(s.me.page)).sessions[0].seconds_left <= before);
    await button(s.me.page, s.me.w("extend")).click();
    await offer.getByLabel(s.me.w("extend_minutes")).selectOption("10");
    await offer.locator(".notice").getByText(/10 minutes de plus/).waitFor();
    await button(s.me.page, s.me.w("extend_yes", { n: 10 })).click();
    await offer.waitFor({ state: "detached" });
    const after = (await state_of(s.me.page)).sessions[0].seconds_left;
    expect("ten minutes more", after > before + 500 && after <= before + 600, before, after);
    for (const side of ["agent", "gateway"]) {
      const consents = (await records_of(s.session.id, side)).records.map((r) => r.fields).filter((f) => f.type === "consent");
      expect(`two consents in the log of the ${side}`, consents.length === 2, (await records_of(s.session.id, side)).records.map((r) => r.fields.type));
    }
  }],
  ["a code that was lost is made anew on the page, and the old one is dead", async (s) => {
    const { page, w } = s.me;
    await page.getByText(w("codes"), { exact: true }).click();
    const card = page.getByRole("region", { name: w("code_for", { name: names.bruno }), exact: true });
    expect("nothing to read out for who is in", (await card.locator(".code").count()) === 0);
    await button(card, w("code_new")).waitFor();
  }],
  ["closing the page of a watched session pauses it within 15 seconds", async (s) => {
    s.session.client.say("while sleep 0.5; do date +%s; done\n");
    const began = Date.now();
    await s.me.leave();
    s.me = null;
    const seen = await until("the pause in the practice's journal", async () => (await pauses(s.session.id)).find((p) => /NOBODY|live view|watch/i.test(p.text)), 25);
    const seconds = (Date.parse(seen.time ?? seen.at) - began) / 1000;
    note(`from closing the page to the pause in the journal: ${seconds.toFixed(1)} s`);
    expect("within 15 s and a moment", seconds < 16.5, seconds);
    s.held = s.session.client.output.length;
  }],
  ["signing in elsewhere shows that it is held, and opening the live screen lets it go on", async (s) => {
    s.me = await person();
    await sign_in(s.me);
    await heading(s.me.page, s.me.w("live_title", { name: names.bruno, system })).waitFor();
    await until("the session to go on", async () => (await state_of(s.me.page)).sessions[0].hold === "NONE");
    await until("output to flow again", () => s.session.client.output.length > s.held);
    await until("a resume in the journal", async () => (await pauses(s.session.id)).some((p) => /RESUME/i.test(p.text)));
    await go(s.me, "#/account");
    await part_named(s.me.page, s.me.w("bar", { name: names.bruno })).waitFor();
    await look(s.me, "elsewhere", { languages: ["fr"], whole_page: false });
    await button(s.me.page, s.me.w("stop")).click();
    await s.session.client.gone;
  }],
], {
  before: async (s) => sign_in((s.me = await person())),
  after: async (s) => (s.session?.client.child.kill(), s.me?.leave()),
});
