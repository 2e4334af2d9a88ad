// Who may decide: an owner adds and removes people; a delegate decides, an observer watches and stops.
import { ask, end_record, journal, owner, records_of } from "../support/lab.mjs";
import { as_page, button, end_on_the_page, go, heading, look, part_named, person, sign_in, state_of, text_of } from "../support/browser.mjs";
import { expect, story } from "../support/promise.mjs";
import { agree, names, system } from "./sessions.mjs";

export const delegate = { login: "remplacant", name: "Dr Noé Exemple", password: "quatre chevaux traversent la lande" };
export const observer = { login: "temoin", name: "Lou Exemple", password: "la pluie tombe sur les toits gris" };
const passing = { login: "passage", name: "Dr Max Exemple", password: "trois barques dorment au vieux port" };
const in_days = (n) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10);

async function add(me, who, role, end) {
  const form = me.page.locator("form", { has: heading(me.page, me.w("team_add")) });
  await form.getByLabel(me.w("full_name")).fill(who.name);
  await form.getByLabel(me.w("login"), { exact: true }).fill(who.login);
  await form.getByLabel(me.w("role"), { exact: true }).selectOption(role);
  if (end) await form.getByLabel(me.w("until_optional")).fill(end);
  await form.getByLabel(me.w("first_password")).fill(who.password);
  await button(me.page, me.w("team_add_button")).click();
  await part_named(me.page, me.w("members")).locator("li", { hasText: who.name }).waitFor();
}

export const team = () => story("team", [
  ["an owner adds a delegate with an end date, and an observer", async (s) => {
    await go(s.me, "#/team");
    await add(s.me, delegate, "DELEGATE", in_days(10));
    await add(s.me, observer, "OBSERVER");
    await add(s.me, passing, "DELEGATE", in_days(1));
    const row = await text_of(part_named(s.me.page, s.me.w("members")).locator("li", { hasText: delegate.name }));
    const end = new Intl.DateTimeFormat("fr-FR", { dateStyle: "long" }).format(new Date(in_days(10)));
    expect("their role and end date", row.includes(s.me.w.code("DELEGATE")) && row.includes(end), row);
    await look(s.me, "team");
  }],
  ["an easy password and a taken name are refused in the reader's words", async (s) => {
    const form = s.me.page.locator("form", { has: heading(s.me.page, s.me.w("team_add")) });
    const attempt = async (login, password, key) => {
      await form.getByLabel(s.me.w("full_name")).fill("Ada Exemple");
      await form.getByLabel(s.me.w("login"), { exact: true }).fill(login);
      await form.getByLabel(s.me.w("role"), { exact: true }).selectOption("OBSERVER");
      await form.getByLabel(s.me.w("first_password")).fill(password);
      await button(s.me.page, s.me.w("team_add_button")).click();
      await form.getByRole("alert").getByText(s.me.w.error(key)).waitFor();
    };
    await attempt("ada", "court", "weak_password");
    await attempt(observer.login, "une phrase exemple assez longue", "name_taken");
  }],
  ["an owner removes a person: they are signed out at once and cannot come back", async (s) => {
    s.gone = await person();
    await sign_in(s.gone, passing);
    const row = part_named(s.me.page, s.me.w("members")).locator("li", { hasText: passing.name });
    await row.getByRole("button", { name: new RegExp(s.me.w("remove")) }).click();
    await row.getByRole("button", { name: s.me.w("remove_yes") }).click();
    await part_named(s.me.page, s.me.w("history")).getByText(passing.name).waitFor();
    await part_named(s.me.page, s.me.w("history")).getByText(owner.login).waitFor();
    expect("no longer signed in", (await as_page(s.gone.page, "/api/state")).status === 401);
    await s.gone.page.reload();
    await s.gone.page.getByLabel(s.gone.w("login")).fill(passing.login);
    await s.gone.page.getByLabel(s.gone.w("password"), { exact: true }).fill(passing.password);
    await button(s.gone.page, s.gone.w("sign_in_button")).click();
    await s.gone.page.getByRole("alert").getByText(s.gone.w.error("sign_in_wrong")).waitFor();
    await look(s.gone, "sign-in-wrong", { languages: ["fr"] });
  }],
  ["delegations and their end are in the practice's journal", async () => {
    const text = JSON.stringify((await journal()).filter((r) => r.intervention === undefined || r.intervention === null));
    for (const login of [delegate.login, observer.login, passing.login]) expect(`${login} in the journal`, text.includes(login));
  }],
  ["a delegate decides; an observer is told that they cannot, and the agent refuses them too", async (s) => {
    s.decides = await person();
    s.watches = await person();
    await sign_in(s.decides, delegate);
    await sign_in(s.watches, observer);
    s.id = await ask("bruno");
    await heading(s.watches.page, s.watches.w("request_title", { name: names.bruno, system })).waitFor();
    await s.watches.page.getByText(s.watches.w("observer_cannot")).waitFor();
    expect("no button to agree with", (await button(s.watches.page, s.watches.w("accept")).count()) === 0);
    await look(s.watches, "request-observer", { languages: ["fr"] });
    const { body } = await as_page(s.watches.page, `/api/requests/${s.id}?language=fr`);
    const no = await as_page(s.watches.page, `/api/requests/${s.id}/approve`, { form: body.form, request_sha256: body.request_sha256, notice_sha256: body.notice.sha256, language: "fr", minutes: 5, without: [], view_only: false, watch: "WATCHED", record: false });
    expect("a refusal for observers", no.body?.error?.key === "observer", no);
    expect("still waiting", (await state_of(s.decides.page)).requests.length === 1);
    await agree(s.decides, "bruno");
    const given = (await records_of(s.id)).records.map((r) => r.fields).find((f) => f.type === "consent");
    expect("the delegate's consent", JSON.stringify(given).includes(delegate.login), given);
  }],
  ["an observer stops with one act", async (s) => {
    await heading(s.watches.page, s.watches.w("live_open", { name: names.bruno, system })).waitFor();
    expect("no code for an observer", (await s.watches.page.locator(".code").count()) === 0);
    await look(s.watches, "live-observer", { languages: ["fr"] });
    await button(s.watches.page, s.watches.w("stop")).click();
    await end_on_the_page(s.watches);
    const end = await end_record(s.id);
    expect("withdrawn", end.end_cause === "WITHDRAWN", end);
  }],
], {
  before: async (s) => sign_in((s.me = await person())),
  after: async (s) => { for (const who of [s.me, s.gone, s.decides, s.watches]) await who?.leave(); },
});
