// Who has no business here: another user of the machine, another page, a name that was bent, a decision sent twice.
import { createServer } from "node:http";
import { ask, base, journal, page_port, security_events, sh, until } from "../support/lab.mjs";
import { as_page, button, heading, look, person, sign_in, state_of, stranger } from "../support/browser.mjs";
import { expect, note, story } from "../support/promise.mjs";
import { names, system } from "./sessions.mjs";

const recorded = (event, detail = "") => until(`"${event}" in the journal`, async () => (await security_events(event)).find((r) => JSON.stringify(r).includes(detail)));

// A page of another origin that tries everything a page can try.
const foreign_page = `<!doctype html><title>autre page</title><h1>autre page</h1>
<form id="form" method="post" enctype="text/plain" action="${base}/api/sign-out"><input name='{"a":"' value='"}'></form>
<iframe id="frame" src="${base}/"></iframe>
<script>
globalThis.tried = {};
const note = (name, act) => act().then((v) => (tried[name] = "got " + v), (e) => (tried[name] = "refused " + e.name));
globalThis.all = (token) => Promise.all([
  note("read", async () => (await fetch("${base}/api/door")).text()),
  note("read with the token", async () => (await fetch("${base}/api/state", { headers: { Authorization: "Bearer " + token } })).text()),
  note("act as json", async () => (await fetch("${base}/api/sign-out", { method: "POST", headers: { "content-type": "application/json", Authorization: "Bearer " + token }, body: "{}" })).status),
  note("act blindly", async () => (await fetch("${base}/api/sign-out", { method: "POST", mode: "no-cors", headers: { "content-type": "text/plain" }, body: "{}" })).type),
  note("listen", () => new Promise((yes, no) => { const s = new WebSocket("${base.replace("http", "ws")}/api/news"); s.onopen = () => { s.send(JSON.stringify({ token })); }; s.onmessage = (m) => yes(m.data); s.onerror = () => no(new Error("closed")); })),
]);
</script>`;

export const strangers = () => story("strangers", [
  ["another user of this machine with a stolen token is refused, and it is recorded", async (s) => {
    if (process.getuid() !== 0) return note("not tried: becoming another user takes root");
    const said = await sh(`setpriv --reuid=65534 --regid=65534 --clear-groups curl -s --noproxy '*' -m 10 -w '\\n%{http_code}' -H "Authorization: Bearer $1" "$2/api/state"`, s.token, base);
    expect("other_user, without a word of the state", /other_user/.test(said) && /40[13]$/.test(said) && !said.includes("practice"), said);
    const act = await sh(`setpriv --reuid=65534 --regid=65534 --clear-groups curl -s --noproxy '*' -m 10 -X POST -H "Origin: $2" -H 'Content-Type: application/json' -d '{}' -H "Authorization: Bearer $1" "$2/api/sign-out"`, s.token, base);
    expect("an act of theirs refused too", act.includes("other_user"), act);
    expect("its person still signed in", (await as_page(s.me.page, "/api/state")).status === 200);
    await recorded("another user of this machine was refused", "dr-exemple");
  }],
  ["a page from another origin reads nothing, does nothing, and cannot frame the page; it is recorded", async (s) => {
    s.server = createServer((_, answer) => answer.setHeader("content-type", "text/html; charset=utf-8").end(foreign_page));
    const port = await new Promise((ready) => s.server.listen(0, "127.0.0.1", () => ready(s.server.address().port)));
    s.foreign = await stranger();
    const page = await s.foreign.newPage();
    await page.goto(`http://127.0.0.1:${port}/`);
    const tried = await page.evaluate(async (token) => (await all(token), tried), s.token);
    for (const [what, came] of Object.entries(tried)) expect(`nothing for: ${what}`, came.startsWith("refused") || came === "got opaque", came);
    const framed = page.frames().find((f) => f !== page.mainFrame());
    expect("no page in the frame", !framed || !(await framed.locator("#welcome").count()), framed?.url());
    await page.locator("#form").evaluate((f) => f.submit());
    await page.getByText(/wrong_origin/).waitFor();
    expect("its person still signed in", (await as_page(s.me.page, "/api/state")).status === 200);
    await recorded("an act from another page was refused", `http://127.0.0.1:${port}`);
  }],
  ["a rebound name is refused, told where the page is, and recorded", async (s) => {
    const page = await s.foreign.newPage();
    const answer = await page.goto(`http://evil.example:${page_port()}/`);
    expect("misdirected", answer.status() === 421, answer.status());
    await page.getByText(new RegExp(`localhost:${page_port()}`)).first().waitFor();
    await recorded("a page of another name was refused", "evil.example");
    const moved = await s.foreign.newPage();
    await moved.goto(`http://127.0.0.1:${page_port()}/`);
    expect("the number leads to the name", moved.url() === `${base}/`, moved.url());
  }],
  ["a stale decision opens nothing, is explained, and the request can be decided again", async (s) => {
    const { page, w } = s.me;
    // The page may have read the request before the technician's ssh is over: listen before asking.
    const [shown] = await Promise.all([page.waitForResponse((r) => r.url().includes("/api/requests/")), ask("alice").then((id) => (s.id = id))]);
    await heading(page, w("request_title", { name: names.alice, system })).waitFor();
    const { form, request_sha256 } = await shown.json();
    await button(page, w("accept")).click();
    const replay = await as_page(page, `/api/requests/${s.id}/approve`, { form, request_sha256, notice_sha256: "0".repeat(64), language: "fr", minutes: 5, without: [], view_only: false, watch: "WATCHED", record: false });
    expect("a notice that was not shown is refused", replay.body?.error?.key === "stale", replay);
    await button(page, w("confirm_yes")).click();
    await page.getByRole("alert").getByText(w.error("stale")).first().waitFor();
    await heading(page, w("request_title", { name: names.alice, system })).waitFor();
    await look(s.me, "stale", { languages: ["fr"] });
    expect("nothing open", (await state_of(page)).sessions.length === 0);
    await recorded("a stale or replayed decision was refused", s.id);
  }],
  ["a replayed decision is refused and recorded", async (s) => {
    const { page, w } = s.me;
    const before = (await security_events("a stale or replayed decision was refused")).length;
    // The words of another language come a moment after the switch, and begin at the top: a fresh page has them at once.
    const to_refuse = async (v) => {
      await page.reload();
      await button(page, v("refuse")).click();
      await heading(page, v("refuse_title")).waitFor();
    };
    await look(s.me, "refuse", { again: to_refuse });
    const sent = page.waitForRequest((r) => r.url().endsWith("/refuse"));
    await page.getByLabel(w("refuse_why")).fill("Pas aujourd'hui.");
    await button(page, w("refuse_yes")).click();
    const body = (await sent).postDataJSON();
    await heading(page, w("closed_title")).waitFor();
    const again = await as_page(page, `/api/requests/${s.id}/refuse`, body);
    expect("refused the second time", ["stale", "request_gone"].includes(again.body?.error?.key), again);
    const yes = await as_page(page, `/api/requests/${s.id}/approve`, { form: body.form, request_sha256: body.request_sha256, notice_sha256: "0".repeat(64), language: "fr", minutes: 5, without: [], view_only: false, watch: "WATCHED", record: false });
    expect("nor turned into a yes", ["stale", "request_gone"].includes(yes.body?.error?.key), yes);
    expect("recorded", (await security_events("a stale or replayed decision was refused")).length > before);
  }],
  ["three wrong passwords lock a name for a minute, and the page says so", async (s) => {
    const me = await person();
    await me.page.goto(base);
    for (let n = 0; n < 4; n++) {
      await me.page.getByLabel(me.w("login")).fill("personne");
      await me.page.getByLabel(me.w("password"), { exact: true }).fill(`essai numero ${n}`);
      const answered = me.page.waitForResponse((r) => r.url().endsWith("/api/sign-in"));
      await button(me.page, me.w("sign_in_button")).click();
      await answered;
    }
    await me.page.getByRole("alert").getByText(me.w.error("name_locked")).waitFor();
    await me.leave();
  }],
], {
  before: async (s) => {
    await sign_in((s.me = await person()));
    s.token = await s.me.page.evaluate(() => sessionStorage.getItem("pontlevis.token"));
  },
  after: async (s) => (s.server?.close(), await s.foreign?.close(), await s.me?.leave()),
});
