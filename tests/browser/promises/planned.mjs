// A date proposed: answered in advance, which opens nothing; when its time comes it is opened by an act.
import { ask, record_of, until } from "../support/lab.mjs";
import { as_page, button, go, heading, look, part_named, person, sign_in, state_of, text_of } from "../support/browser.mjs";
import { expect, story } from "../support/promise.mjs";
import { names, system } from "./sessions.mjs";

const minutes_from_now = (n) => new Date(Date.now() + n * 60_000).toISOString();
const line_of = (me, id) => part_named(me.page, me.w("planned_list")).locator(`a[href$="${id}"]`);
const request = async (page, id) => (await state_of(page)).requests.find((r) => r.intervention === id);
const ask_for = (login, from, until_) => ask(login, "--from", from, "--until", until_);

export const planned = () => story("planned", [
  ["a proposed date calls once and stands on the closed page with who and when", async (s) => {
    const { page, w } = s.me;
    s.id = await ask_for("alice", minutes_from_now(0.5), minutes_from_now(45));
    await line_of(s.me, s.id).waitFor();
    expect("a title that tells", (await page.title()).startsWith(`(1) ${w("title_planned")}`), await page.title());
    const told = await text_of(line_of(s.me, s.id));
    for (const word of [names.alice, system, w("planned_waits_tag"), "aujourd'hui"]) expect(`the line to say ${word}`, told.toLowerCase().includes(word.toLowerCase()), told);
    await heading(page, w("closed_title")).waitFor();
  }],
  ["saying that the date suits opens nothing, and refusing stays possible", async (s) => {
    const { page, w } = s.me;
    await line_of(s.me, s.id).click();
    await heading(page, w("planned_title", { name: names.alice, system })).waitFor();
    const [yes, no] = [button(page, w("planned_suits")), button(page, w("refuse"))];
    const same = (a, b) => Math.abs(a.width - b.width) < 2 && Math.abs(a.height - b.height) < 2;
    expect("two equal buttons", same(await yes.boundingBox(), await no.boundingBox()));
    await yes.click();
    await heading(page, w("planned_accepted_you")).waitFor();
    await no.waitFor();
    expect("no second yes", (await yes.count()) === 0);
    expect("nothing opened", (await state_of(page)).sessions.length === 0 && (await state_of(page)).door.drawbridge === "UP");
    expect("who said so", (await request(page, s.id)).accepted?.by.login !== undefined);
    expect("in the practice's journal", (await record_of(s.id, "acceptance")).length === 1);
  }],
  ["before its time the agent refuses to open it, whatever asks", async (s) => {
    const { body } = await as_page(s.me.page, `/api/requests/${s.id}?language=fr`);
    expect("not yet", (await request(s.me.page, s.id)).can_open === false);
    const no = await as_page(s.me.page, `/api/requests/${s.id}/approve`, { form: body.form, request_sha256: body.request_sha256, notice_sha256: body.notice.sha256, language: "fr", minutes: 5, without: [], view_only: false, watch: "NOT_WATCHED", record: false });
    expect("too early", no.body?.error?.key === "too_early", no);
  }],
  ["when its time comes the page calls, and the usual consent opens it", async (s) => {
    const { page, w } = s.me;
    await heading(page, w("request_title", { name: names.alice, system })).waitFor({ timeout: 60_000 });
    expect("a title that tells", /^\(1\)/.test(await page.title()), await page.title());
    await look(s.me, "planned-begun", { schemes: ["light"] });
    await button(page, w("planned_open")).click();
    await button(page, w("confirm_yes")).click();
    await page.getByLabel(w("code_of", { name: names.alice }), { exact: true }).waitFor();
    await button(page, w("stop")).click();
    await until("it to be over", async () => (await state_of(page)).sessions.length === 0);
  }],
  ["another one, far ahead, is looked at, accepted and then refused", async (s) => {
    const { page, w } = s.me;
    const [from, until_] = [minutes_from_now(60 * 24 * 3), minutes_from_now(60 * 24 * 3 + 90)];
    s.id = await ask_for("bruno", from, until_);
    await go(s.me, "#/");
    await line_of(s.me, s.id).waitFor();
    await look(s.me, "planned-list");
    await line_of(s.me, s.id).click();
    await heading(page, w("planned_title", { name: names.bruno, system })).waitFor();
    await look(s.me, "planned");
    await button(page, w("planned_suits")).click();
    await heading(page, w("planned_accepted_you")).waitFor();
    await look(s.me, "planned-accepted");
    await button(page, w("refuse")).click();
    await button(page, w("refuse_yes")).click();
    await heading(page, w("closed_title")).waitFor();
    expect("gone", !(await request(page, s.id)));
    expect("a refusal in the journal", (await record_of(s.id, "refusal")).length === 1);
  }],
], { before: async (s) => sign_in((s.me = await person())), after: async (s) => s.me?.leave(), seconds: 120 });
