// The idle lock, seen for real (page.sh sets the shortest there is), and passkeys.
import { ask, end_record, owner } from "../support/lab.mjs";
import { as_page, button, go, heading, look, part_named, person, sign_in, state_of } from "../support/browser.mjs";
import { expect, note, story } from "../support/promise.mjs";
import { agree } from "./sessions.mjs";
import { delegate } from "./team.mjs";

// Signed in early and left alone: by the end of the run a minute has passed.
let idle = null;
export async function leave_somebody_idle() {
  idle = { me: await person(), since: Date.now() };
  await sign_in(idle.me, delegate).catch((problem) => ((idle.problem = problem), note(`nobody could be left idle: ${problem.message.split("\n")[0]}`)));
  await go(idle.me, "#/rights").catch(() => {});
}

export const idle_lock = () => story("idle lock", [
  ["a page left alone locks itself after its time", async (s) => {
    if (idle.problem) throw idle.problem;
    await heading(idle.me.page, idle.me.w("locked_title")).waitFor({ timeout: 100_000 });
    note(`locked when looked at, ${Math.round((Date.now() - idle.since) / 1000)} s after its last act (lock_after_minutes = 1)`);
    const state = (await as_page(idle.me.page, "/api/state")).body;
    expect("nothing to read in a locked state", state.locked && !state.requests.length && !state.recent.length, state);
    await look(idle.me, "locked");
  }],
  ["a locked page cannot decide or read, but it stops a session with one click", async (s) => {
    const { page, w } = idle.me;
    await sign_in((s.owner = await person()));
    s.id = await ask("bruno");
    const no = await as_page(page, `/api/requests/${s.id}?language=fr`);
    expect("page_locked", no.body?.error?.key === "page_locked", no);
    await agree(s.owner, "bruno");
    await button(page, w("stop")).waitFor();
    await look(idle.me, "locked-session", { languages: ["fr"], whole_page: false });
    await button(page, w("stop")).click();
    await end_record(s.id);
  }],
  ["its person's password unlocks it; a wrong one does not", async () => {
    const { page, w } = idle.me;
    await page.getByLabel(w("password"), { exact: true }).fill("pas le bon mot de passe");
    await button(page, w("unlock")).click();
    await page.getByRole("alert").getByText(w.error("sign_in_wrong")).waitFor();
    await page.getByLabel(w("password"), { exact: true }).fill(delegate.password);
    await button(page, w("unlock")).click();
    await heading(page, w("rights_title")).waitFor();
  }],
], { seconds: 130, after: async (s) => { await s.owner?.leave(); await idle.me.leave(); } });

export const passkeys = () => story("passkey", [
  ["a passkey is added, and signs in without a password", async (s) => {
    const { page, w, context } = s.me;
    const device = await context.newCDPSession(page);
    await device.send("WebAuthn.enable");
    await device.send("WebAuthn.addVirtualAuthenticator", { options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } });
    await go(s.me, "#/account");
    await page.getByLabel(w("passkey_label")).fill("Poste d'accueil");
    await button(page, w("passkey_add")).click();
    await part_named(page, w("passkeys")).locator("li", { hasText: "Poste d'accueil" }).waitFor();
    await look(s.me, "account");
    await button(page, w("sign_out")).click();
    await heading(page, w("sign_in")).waitFor();
    await page.getByLabel(w("login")).fill(owner.login);
    await button(page, w("passkey_use")).click();
    await button(page, w("sign_out")).waitFor();
    expect("the same person", (await state_of(page)).person.login === owner.login);
  }],
  ["without its device a passkey does not sign in, and the page says what to do", async (s) => {
    const { page, w } = (s.other = await person());
    const device = await s.other.context.newCDPSession(page);
    await device.send("WebAuthn.enable");
    await device.send("WebAuthn.addVirtualAuthenticator", { options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true } });
    await page.goto(new URL("/", s.me.page.url()).href);
    await page.getByLabel(w("login")).fill(owner.login);
    await button(page, w("passkey_use")).click();
    await page.getByRole("alert").getByText(w.error("passkey_cancelled")).waitFor();
  }],
  ["a passkey is removed in one act", async (s) => {
    const { page, w } = s.me;
    await go(s.me, "#/account");
    await part_named(page, w("passkeys")).getByRole("button", { name: new RegExp(w("remove")) }).click();
    await part_named(page, w("passkeys")).locator("li").waitFor({ state: "detached" });
  }],
], {
  before: async (s) => sign_in((s.me = await person())),
  after: async (s) => { await s.other?.leave(); await s.me?.leave(); },
});
