// What goes wrong ends in a plain sentence and a way forward, and nothing that was written is lost.
import { button, look } from "../support/browser.mjs";
import { sh, sh_json, until } from "../support/lab.mjs";
import { expect, story } from "../support/promise.mjs";
import { as_console, close_at_practice, come_in, fill_door, heard, in_state, join_session, opened, see, shows, tap, type_in_terminal } from "./people.mjs";

const says = (me, key) => me.page.getByText(me.w.session(key), { exact: true }).waitFor();
const tells = async (me, key) => {
  await says(me, `x_${key}`);
  await me.page.getByText(me.w.session(`x_${key}_do`), { exact: true }).waitFor();
};
const new_code = async (id, login) => (await sh_json(`program agent code "$2" --id "$1" --data "$lab/agent" --as dr-exemple --password-file "$lab/approver.password" --json`, id, login)).password;
const attempts = async (id) => (await sh_json(`records_of agent "$1"`, id)).records.map((r) => r.fields).filter((f) => f.type === "attempt" || (f.type === "connection" && f.what !== "LEFT"));

export const troubles = (cast) => story("troubles", [
  ["a gateway that shows another host key: nothing is sent, and the console says so", async (s) => {
    const me = cast.alice;
    s.id = await opened(me);
    const other = await me.page.evaluate(async () => {
      const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
      const point = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
      const text = (t) => [0, 0, 0, t.length, ...new TextEncoder().encode(t)];
      return "ecdsa-sha2-nistp256 " + btoa(String.fromCharCode(...text("ecdsa-sha2-nistp256"), ...text("nistp256"), 0, 0, 0, 65, ...point));
    });
    await me.page.route(`**/api/v1/interventions/${s.id}`, async (route) => {
      const answer = await route.fetch();
      const body = await answer.json();
      body.host_keys = body.host_keys.map((k) => (k.line.startsWith("ecdsa") ? { ...k, line: other } : k));
      await route.fulfill({ response: answer, json: body });
    });
    await see(me, `#/interventions/${s.id}`);
    await join_session(me, heard("alice"), { wait: false });
    await tells(me, "host_key");
    await look(me, "wrong-host-key");
    await me.page.unrouteAll({ behavior: "wait" });
    const seen = await until("the practice's own word about it", async () => ((await attempts(s.id)).length ? attempts(s.id) : null));
    expect("nothing but a broken connection reached the practice's door", seen.every((f) => /broke before sign-in/.test(f.rule)), seen);
    await me.page.reload();
    await join_session(me, heard("alice"));  // the password was never spent
    await shows(me, "$");
  }],
  ["bytes altered on the way: the connection ends, and nothing altered is accepted", async (s) => {
    const me = cast.alice;
    await button(me.page, me.w.session("leave")).click();
    await says(me, "x_left");
    const code = await new_code(s.id, "alice");
    tap.flip_after.down = 6000;
    await join_session(me, code);
    await shows(me, "$");
    await type_in_terminal(me, "seq 1 20000");
    await tells(me, "altered");
    tap.flip_after.down = Infinity;
    await look(me, "altered", { languages: ["fr"] });
  }],
  ["a network that swallows everything, as a laptop that slept: noticed, said, and joined again", async (s) => {
    const me = cast.alice;
    await join_session(me, await new_code(s.id, "alice"));
    await shows(me, "$");
    tap.stalled = true;
    await me.page.getByText(me.w.session("x_silent"), { exact: true }).or(me.page.getByText(me.w.session("x_gone"), { exact: true })).waitFor({ timeout: 80_000 });
    tap.stalled = false;
    tap.cut();
    await look(me, "silent", { languages: ["fr"] });
    await button(me.page, me.w.session("rejoin")).click();  // within a minute the key is enough
    await me.page.getByRole("region", { name: me.w.session("tools"), exact: true }).waitFor();
    await shows(me, "$");
    expect("counted and recorded", (await attempts(s.id)).some((f) => f.event === "REJOINED" || JSON.stringify(f).includes("REJOINED")), await attempts(s.id));
  }],
  ["the gateway restarts: the sign-in stands, what is written stays, the session is joined again", async (s) => {
    const me = cast.alice;
    await sh("stop_daemon gateway && start_gateway && wait_for 'the link' link_is_up");
    await until("an end that is told", async () => (await me.page.locator(".gate [role=alert] strong").allInnerTexts()).length > 0, 40);
    await in_state(me, s.id, "OPEN");
    await join_session(me, await new_code(s.id, "alice"));
    await shows(me, "$");
  }],
  ["the practice's agent is gone: the session ends there, and the console asks for the report", async (s) => {
    const me = cast.alice;
    await sh("stop_daemon agent");
    await me.page.locator("#report-tasks").or(me.page.getByRole("link", { name: me.w("rp_write") })).first().waitFor();
    await sh("start_agent && wait_for 'the link' link_is_up");
    await in_state(me, s.id, "ENDED");
    await see(me, `#/interventions/${s.id}/report`);
    await me.page.locator("#report-tasks").waitFor();
  }],
  ["signed out while a report is half written: signed in again in place, and not a word is lost", async (s) => {
    const me = cast.alice, { page, w } = me;
    const text = "La file d'impression a été relue ; la suite se fera demain avec le cabinet.";
    await page.locator("#report-tasks").fill(text);
    await me.context.clearCookies();
    await page.locator("#report-tasks").press("End");
    await page.keyboard.type(" Fin.");
    await page.getByText(w("si_again")).waitFor();
    await look(me, "signed-out", { languages: ["fr"] });
    expect("still there", (await page.locator("#report-tasks").inputValue()).startsWith(text));
    await fill_door(me);
    await page.getByText(w("si_again")).waitFor({ state: "detached" });
    expect("still there after signing in", (await page.locator("#report-tasks").inputValue()) === `${text} Fin.`, await page.locator("#report-tasks").inputValue());
    await page.getByRole("radio", { name: w.code("NOT_SOLVED"), exact: true }).check();
    await page.getByRole("radio", { name: w("rp_cleanup_NOT_APPLICABLE"), exact: true }).check();
    await button(page, w("rp_send")).click();
    await in_state(me, s.id, "CLOSED");
  }],
  ["one of a pair goes: the other is told and nothing can be typed", async (s) => {
    s.id = await opened(cast.alice, { pair: "bruno" });
    await see(cast.bruno, `#/interventions/${s.id}`);
    await join_session(cast.bruno, heard("bruno"));
    await come_in(cast.alice, s.id);
    await button(cast.bruno.page, cast.bruno.w.session("leave")).click();
    await in_state(cast.alice, s.id, "PAUSED");
    await says(cast.alice, "paused_pair");
    await look(cast.alice, "pair-lost", { languages: ["fr"] });
  }],
  ["a revoked card: the connection is cut within a second, and the person reads why", async (s) => {
    const me = cast.bruno;
    await close_at_practice(s.id);
    await in_state(cast.alice, s.id, "ENDED");
    const id = (s.last = await opened(me));
    await come_in(me, id);
    await sh(`program certs card revoke --staff-key "$lab/staff/staff.key" --card "$lab/tech/bruno/card.note" --reason "A quitté l'entreprise" --out "$work/revocation.bruno" >/dev/null 2>&1 &&
      program gateway technician revoke --data "$lab/gateway" --revocation "$work/revocation.bruno" >/dev/null`);
    await until("an end that is told", async () => (await me.page.locator("[role=alert] strong").allInnerTexts()).length > 0 || (await me.page.getByText(me.w("si_again")).count()) > 0, 20);
    expect("no relay of his still stands", await until("relays", () => tap.open_relays() === 0 || null, 10));
    const asked = await as_console(me.page, "/interventions", "GET");
    expect("his sign-in counts no more", asked.status === 401, asked);
  }],
], { seconds: 120 });

