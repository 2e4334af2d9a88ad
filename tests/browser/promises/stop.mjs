// Stop: one click, and sockets and programs are gone; with the gateway dead, and after a reload.
import { readFileSync } from "node:fs";
import { end_record, is_alive, lab, owner, processes_of, sh, until } from "../support/lab.mjs";
import { button, end_on_the_page, heading, look, person, sign_in, text_of } from "../support/browser.mjs";
import { expect, note, story } from "../support/promise.mjs";
import { names, open_session, system } from "./sessions.mjs";

// Programs that a careless technician leaves behind, beside the shell itself.
async function programs(session) {
  session.client.say("(setsid sleep 301 >/dev/null 2>&1 &); (trap '' HUP TERM; sleep 302 & wait) & nohup sleep 303 >/dev/null 2>&1 &\n");
  return until("four programs of the session", () => ((p) => p.length >= 4 && p)(processes_of(session.id)));
}

// Milliseconds from the click itself, as the page's own clock saw it, to the last socket and the last program.
async function stop_and_measure(s, pids, sockets = [s.session.client]) {
  await s.page.evaluate(() => addEventListener("click", (e) => e.target.closest?.(".stop") && (globalThis.clicked_at = Date.now()), { capture: true }));
  let programs_gone = 0;
  const watching = (async () => {
    while (pids.some(is_alive)) await new Promise((go) => setTimeout(go, 1));
    programs_gone = Date.now();
  })();
  await button(s.page, s.w("stop")).click();
  await Promise.all([watching, ...sockets.map((c) => c.gone)]);
  const clicked = await s.page.evaluate(() => globalThis.clicked_at);
  await end_on_the_page(s.me);
  const end = await end_record(s.session.id);
  const took = { sockets: Math.max(0, ...sockets.map((c) => c.ended - clicked)), programs: programs_gone - clicked, record: end.cut_latency_ms };
  expect("ended as withdrawn", end.end_cause === "WITHDRAWN", end);
  expect("nothing left", JSON.stringify(end.processes_left ?? []) === "[]", end.processes_left);
  expect("no process of it", processes_of(s.session.id).length === 0);
  return took;
}
const told = (how, t) => note(`stop ${how}: from click to ${t.sockets ? `the technician's ssh ended ${t.sockets} ms, ` : ""}programs gone ${t.programs} ms, the agent's own figure ${t.record} ms`);

export const stop = () => story("stop", [
  ["from the click on Stop to dead sockets and dead programs at once", async (s) => {
    s.session = await open_session(s.me, "alice");
    const took = await stop_and_measure(s, await programs(s.session));
    told("on the live page", took);
    expect("less than a second, on however busy a machine", took.sockets < 1000 && took.programs < 1000, took);
    expect("the page says how long it took", await s.page.getByText(/coupé en \d+ ms/).first().waitFor({ timeout: 3000 }).then(() => true, () => false), await text_of(s.page.getByRole("main")));
  }],
  ["after a reload in mid-session the page shows where things stand, and Stop works", async (s) => {
    s.session = await open_session(s.me, "bruno");
    const pids = await programs(s.session);
    await s.page.reload();
    await heading(s.page, s.w("live_title", { name: names.bruno, system })).waitFor();
    await until("the mirror to show what was there before", async () => (await s.page.locator(".glass:visible .xterm-rows").innerText()).includes("entre"));
    expect("no code after a reload", (await s.page.locator(".code").count()) === 0);
    const took = await stop_and_measure(s, pids);
    told("after a reload", took);
    expect("less than a second", took.sockets < 1000 && took.programs < 1000, took);
  }],
  ["with the gateway killed in mid-session the page says so, and Stop works", async (s) => {
    s.session = await open_session(s.me, "alice");
    const pids = await programs(s.session);
    process.kill(Number(readFileSync(`${lab}/gateway.pid`, "utf8")), "SIGKILL");
    s.gateway_killed = true;
    await s.page.getByText(s.w("link_down_text")).waitFor();
    expect("the session's programs still live", pids.some(is_alive));
    await look(s.me, "live-link-down", { languages: ["fr"] });
    const took = await stop_and_measure(s, pids, []);
    told("with the gateway dead", took);
    expect("less than a second", took.programs < 1000, took);
  }],
  ["when the gateway is back, its log learns of the stop", async (s) => {
    await sh(`rm -f "$lab/gateway.pid"; start_gateway && wait_for "the link" link_is_up`);
    s.gateway_killed = false;
    await s.page.getByText(s.w("link_down_text")).waitFor({ state: "detached" });
    await end_record(s.session.id, "gateway");
  }],
], {
  before: async (s) => {
    s.me = await person();
    Object.assign(s, { page: s.me.page, w: s.me.w });
    await sign_in(s.me, owner);
  },
  after: async (s) => {
    if (s.gateway_killed) await sh(`rm -f "$lab/gateway.pid"; start_gateway`);
    s.session?.client.child.kill();
    await s.me?.leave();
  },
});
