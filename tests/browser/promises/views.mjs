// Every view that the other stories do not pass, the tables behind the figures, and what was kept of all of them:
// axe-core's findings, the content policy's, and where requests went.
import { ask, base, sh } from "../support/lab.mjs";
import { arrive, as_page, button, go, heading, look, part_named, person, seen, sign_in, text_of } from "../support/browser.mjs";
import { expect, note, story } from "../support/promise.mjs";
import { names, system } from "./sessions.mjs";

export const views = () => story("views", [
  ["every quiet view can be looked at", async (s) => {
    await arrive(s.me);
    await look(s.me, "sign-in");
    await sign_in(s.me);
    await look(s.me, "closed");
    for (const [name, hash] of Object.entries({ interventions: "#/interventions", rights: "#/rights", help: "#/help" })) {
      await go(s.me, hash);
      await look(s.me, name);
    }
  }],
  ["a request, its confirmation and its code can be looked at", async (s) => {
    const { page } = s.me;
    await go(s.me, "#/");
    s.id = await ask("bruno", "--tools", "shell,files", "--criticality", "SENSITIVE", "--emergency", "'Cabinet bloque'");
    await heading(page, s.me.w("request_title", { name: names.bruno, system })).waitFor();
    await look(s.me, "request");
    const to_confirm = async (w) => { await heading(page, w("request_title", { name: names.bruno, system })).waitFor(); await button(page, w("accept")).click(); await heading(page, w("confirm_title")).waitFor(); };
    await look(s.me, "confirm", { again: to_confirm });
    await button(page, s.me.w("confirm_yes")).click();
    await page.locator(".code").first().waitFor();
    await look(s.me, "code");
    await button(page, s.me.w("as_text")).click();
    await look(s.me, "as-text", { languages: ["fr"] });
    await sh(`program agent stop --data "$lab/agent" "$1"`, s.id);
  }],
  ["calendar and timeline have a table behind them that says the same", async (s) => {
    const { page, w } = s.me;
    await go(s.me, "#/calendar");
    await page.getByText(w("as_table"), { exact: true }).click();
    const days = (await as_page(page, `/api/calendar?year=${new Date().getFullYear()}`)).body.days;
    const rows = page.getByRole("table").locator("tbody tr");
    expect("a row a day", days.length > 0 && (await rows.count()) === days.length, days.length);
    expect("the same count", (await text_of(rows.last())).includes(String(days.at(-1).count)), await text_of(rows.last()));
    await look(s.me, "calendar");
    await go(s.me, `#/interventions/${s.id}`);
    await part_named(page, w("timeline")).getByText(w("as_table"), { exact: true }).click();
    const { records } = (await as_page(page, `/api/interventions/${s.id}`)).body;
    expect("a row a record", (await part_named(page, w("timeline")).locator("tbody tr").count()) === records.length, records.length);
  }],
  ["my data can be taken away, and a right can be asked for", async (s) => {
    const { page, w } = s.me;
    await go(s.me, "#/rights");
    const coming = page.waitForEvent("download");
    await button(page, w("export_button")).click();
    expect("a file of the practice", /cabinet-exemple/.test((await coming).suggestedFilename()));
    await page.getByLabel(w("right"), { exact: true }).selectOption("ACCESS");
    await page.getByLabel(w("right_text"), { exact: true }).fill("Tout ce qui me concerne.");
    await button(page, w("ask_button")).click();
    await part_named(page, w("asked")).getByText("Tout ce qui me concerne.").waitFor();
  }],
], { before: async (s) => (s.me = await person()), after: async (s) => s.me?.leave(), seconds: 120 });

export const at_the_end = () => story("kept of every view", [
  ["axe-core finds nothing in any state, in French and in English, light and dark", () => {
    note(`axe-core looked at ${seen.states} states`);
    const found = [...seen.findings].map(([what, where]) => `${what} [${where.length}: ${where.slice(0, 3).join(", ")}]`);
    expect("states to look at", seen.states > 0);
    expect("no finding", found.length === 0, `\n${found.join("\n")}`);
  }],
  ["no view shows a bare word of the records instead of a sentence", () => expect("none", seen.raw.size === 0, [...seen.raw].map(([word, where]) => `${word} (${where})`).join(", "))],
  ["the content policy was never violated, and no view had an error", () => expect("no trouble", seen.troubles.length === 0, `\n${[...new Set(seen.troubles)].join("\n")}`)],
  ["no request left localhost", () => {
    note(`${seen.answers} requests`);
    expect("none elsewhere", seen.answers > 0 && seen.elsewhere.length === 0, seen.elsewhere);
  }],
  ["the page comes with a strict policy and Trusted Types", async (s) => {
    const { page } = (s.me = await person({ guarded: false }));
    const answer = await page.goto(base);
    const policy = answer.headers()["content-security-policy"] ?? "";
    for (const rule of ["default-src 'none'", "require-trusted-types-for 'script'", "frame-ancestors 'none'", "form-action 'none'", "base-uri 'none'"]) expect(`the policy to say ${rule}`, policy.includes(rule), policy);
    expect("nothing inline, no eval", !/unsafe/.test(policy), policy);
    expect("not stored", /no-store/.test(answer.headers()["cache-control"] ?? ""), answer.headers()["cache-control"]);
    const html = await page.evaluate(() => { try { document.body.innerHTML = "<b>x</b>"; return "written"; } catch (e) { return e.name; } });
    expect("innerHTML refused", html === "TypeError", html);
  }],
], { apart: true, after: async (s) => s.me?.leave() });
