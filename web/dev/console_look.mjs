// Development only: opens every view of the console in a fresh Chromium, takes a picture of each, asks axe-core
// about it and listens for what the policy blocks.
//   node dev/console_look.mjs OUT_FOLDER [fr|en] [light|dark] [desktop|phone|narrow] [VIEW…]
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const [out = "out", language = "fr", scheme = "light", size = "desktop", ...only] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const fr = language === "fr";
const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 }, narrow: { width: 360, height: 740 } };
const iv = (n, sub = "") => `#/interventions/${String(n).padStart(8, "0")}-0f7e-4c1e-9a43-2f8f1f6f9f10${sub}`;
const button = (p, name) => p.getByRole("button", { name, exact: true }).first().click();
const tick = (p, id) => p.locator(`#${id}`).check();

async function fill_request(p) {
  await tick(p, "tool-files");
  await tick(p, "task-PRINTING");
  await p.locator("#ask-ticket").fill("T-1234");
  await p.locator("#ask-reason").fill("Les ordonnances ne s'impriment plus depuis ce matin.");
}
const send_request = (p) => button(p, fr ? "Envoyer la demande" : "Send the request");

// world, address, what to do before the picture
const views = {
  sign_in: [{ as: null }, "#/"],
  sign_in_wrong: [{ as: null }, "#/", async (p) => { await p.locator("#login").fill("alice"); await p.locator("#password").fill("faux"); await p.locator("#code").fill("123 456"); await button(p, fr ? "Montrer le mot de passe" : "Show the password"); await button(p, fr ? "Se connecter" : "Sign in"); await p.getByRole("alert").first().waitFor(); }],
  sign_in_problem: [{ as: null }, "?problem=oidc_stale#/", (p) => p.getByRole("alert").first().waitFor()],
  must_change: [{ as: "alice", must_change: true }, "#/"],
  practices: [{ as: "alice" }, "#/", (p) => p.locator(".practice").first().waitFor()],
  practice: [{ as: "alice" }, "#/practices/cabinet-exemple", (p) => p.locator("#contract").waitFor()],
  practice_down: [{ as: "alice" }, "#/practices/maison-exemple", (p) => p.locator("#contract").waitFor()],
  ask: [{ as: "alice" }, "#/ask/cabinet-exemple/srv1", (p) => p.locator("#what").waitFor()],
  ask_faults: [{ as: "alice" }, "#/ask/cabinet-exemple/srv1", async (p) => { await p.locator("#what").waitFor(); await p.locator("#ask-reason").fill("Dossier 2 55 08 14 168 025 38, Mme Exemple née le 12/03/1955"); await p.getByRole("radio", { name: fr ? "critique" : "critical" }).check(); await send_request(p); await p.getByRole("alert").first().waitFor(); }],
  ask_planned: [{ as: "alice" }, "#/ask/cabinet-exemple/srv1", async (p) => { await p.locator("#what").waitFor(); await fill_request(p); await p.getByRole("radio", { name: fr ? "À une date prévue" : "At a planned date" }).check(); await p.locator("#ask-pair").selectOption("bruno"); await p.locator("#ask-consulted summary").click(); await tick(p, "ask-consulted-chloe"); }],
  ask_step_up: [{ as: "alice", step_up: true }, "#/ask/cabinet-exemple/srv1", async (p) => { await p.locator("#what").waitFor(); await fill_request(p); await send_request(p); await p.locator(".step-up").waitFor(); }],
  ask_refused: [{ as: "alice", refuse: "AGENT_AWAY" }, "#/ask/cabinet-exemple/srv1", async (p) => { await p.locator("#what").waitFor(); await fill_request(p); await send_request(p); await p.getByRole("alert").first().waitFor(); }],
  waiting: [{ as: "alice" }, iv(1), (p) => p.locator(".progress").waitFor()],
  waiting_cancel: [{ as: "alice" }, iv(1), async (p) => { await button(p, fr ? "Annuler la demande" : "Cancel the request"); await p.locator(".confirm-here").waitFor(); }],
  waiting_planned: [{ as: "alice" }, iv(2), (p) => p.locator(".note-good").waitFor()],
  approved: [{ as: "alice" }, iv(3), (p) => p.locator(".progress").waitFor()],
  session: [{ as: "alice" }, iv(4), (p) => p.locator(".session-bar").waitFor()],
  session_finish: [{ as: "alice" }, iv(4), async (p) => { await button(p, fr ? "Terminer l'intervention" : "Finish the intervention"); await p.locator(".confirm-here").waitFor(); }],
  session_paused: [{ as: "alice" }, iv(11), (p) => p.locator(".session-bar").waitFor()],
  report: [{ as: "alice" }, iv(5), async (p) => { await p.locator("#report-tasks").waitFor(); await tick(p, "planned-0"); }],
  report_critical: [{ as: "alice" }, iv(6), async (p) => { await p.locator("#report-tasks").waitFor(); await tick(p, "nobody"); await button(p, fr ? "Transmettre le compte rendu" : "Send the report"); await p.getByRole("alert").first().waitFor(); }],
  story: [{ as: "alice" }, iv(7), (p) => p.locator(".timeline").waitFor()],
  story_nonconform: [{ as: "alice" }, iv(8), async (p) => { await p.locator(".timeline").waitFor(); await p.locator(".behind summary").click(); }],
  story_refused: [{ as: "alice" }, iv(9), (p) => p.locator(".timeline").waitFor()],
  story_lapsed: [{ as: "alice" }, iv(10), (p) => p.locator(".timeline").waitFor()],
  interventions: [{ as: "alice" }, "#/interventions", (p) => p.locator(".line").first().waitFor()],
  card: [{ as: "alice" }, "#/card", (p) => p.locator(".staff-card").waitFor()],
  card_none: [{ as: "alice", card: false }, "#/card", (p) => p.locator(".note-call").waitFor()],
  account: [{ as: "alice" }, "#/account", (p) => p.locator("#tokens").waitFor()],
  account_token: [{ as: "alice" }, "#/account", async (p) => { await p.locator("#token-label").fill("Tableau de bord"); await button(p, fr ? "Créer le jeton" : "Make the token"); await p.locator(".copy-line").first().waitFor(); }],
  help: [{ as: "alice" }, "#/help"],
  nowhere: [{ as: "alice" }, "#/ailleurs"],
  again: [{ as: "alice" }, "#/ask/cabinet-exemple/srv1", async (p, change) => { await p.locator("#what").waitFor(); await fill_request(p); await change({ as: null }); await p.locator(".again").waitFor(); }],
  lost: [{ as: "alice" }, "#/", async (p, change) => { await p.locator(".practice").first().waitFor(); await change({ dead: true }); await p.locator(".lost").waitFor({ timeout: 8000 }); await change({ dead: false }); }],
  admin_home: [{ as: "admin", settings: { dpo_contact: "", recipients: [], notice_version: "1", vendor_address: "" } }, "#/", (p) => p.locator(".note-bad").waitFor()],
  admin_practice: [{ as: "admin", conflict: true }, "#/practices/cabinet-exemple", async (p) => { await p.locator(".unfold summary").click(); await button(p, fr ? "Enregistrer le contrat" : "Save the contract"); await p.getByRole("alert").first().waitFor(); }],
  admin_practices: [{ as: "admin" }, "#/admin/practices", (p) => p.locator("#enrol").waitFor()],
  admin_technicians: [{ as: "admin" }, "#/admin/technicians", (p) => p.locator(".staff-card").first().waitFor()],
  admin_accounts: [{ as: "admin" }, "#/admin/accounts", (p) => p.locator("#add-account").waitFor()],
  admin_account_once: [{ as: "admin" }, "#/admin/accounts", async (p) => { await p.locator("#account-login").fill("eva"); await p.locator("#account-name").fill("Eva Exemple"); await button(p, fr ? "Créer le compte" : "Make the account"); await p.locator(".qr").waitFor(); }],
  admin_subprocessors: [{ as: "admin" }, "#/admin/subprocessors", async (p) => { await button(p, fr ? "Changer Assistance Exemple" : "Change Assistance Exemple"); await p.locator("#sub-support-exemple-name").waitFor(); }],
  admin_settings: [{ as: "admin" }, "#/admin/settings", (p) => p.locator("#dpo").waitFor()],
  compliance: [{ as: "dpo" }, "#/", (p) => p.locator(".line").first().waitFor()],
};

const server = spawn(process.execPath, [join(here, "console_serve.mjs"), "0"], { stdio: ["ignore", "pipe", "inherit"] });
const base = await new Promise((done) => server.stdout.once("data", (d) => done(String(d).trim())));
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
let findings = 0;
try {
  mkdirSync(out, { recursive: true });
  const context = await browser.newContext({ viewport: sizes[size], colorScheme: scheme, reducedMotion: "reduce", locale: language, timezoneId: "Europe/Paris" });
  await context.addInitScript((l) => localStorage.setItem("pontlevis.language", l), language);
  let name = "";
  const say = (text) => (findings++, console.log(`${name}: ${text}`));
  const expected = (text) => /status of 4\d\d|ERR_EMPTY_RESPONSE|WebSocket connection|ERR_CONNECTION/.test(text);  // what the view is about
  for (const [view, [world, address, act]] of Object.entries(views)) {
    if (only.length && !only.includes(view)) continue;
    name = view;
    const page = await context.newPage();
    page.on("console", (m) => ["error", "warning"].includes(m.type()) && !expected(m.text()) && say(m.text()));
    page.on("pageerror", (e) => say(`page error ${e.message}`));
    try {
      const tell = (path, data) => page.request.post(`${base}dev/${path}`, { data });
      await tell("world", world);
      await page.goto(base + address);
      await page.locator("main h1, main h2").first().waitFor({ timeout: 5000 });
      if (act) await act(page, (change) => tell("change", change));
      await page.waitForTimeout(200);
      await page.screenshot({ path: join(out, `${name}-${language}-${scheme}-${size}.png`), fullPage: true });
      await page.evaluate(axe + ";0");
      const result = await page.evaluate(() => axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
      for (const v of result.violations) say(`axe ${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(" ") + " " + (n.any[0]?.message ?? n.failureSummary ?? "")).join(" | ")}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (wide > 0) say(`page is ${wide} px too wide`);
    } catch (problem) {
      say(problem.message.split("\n").slice(0, 3).join(" "));
      await page.screenshot({ path: join(out, `${name}-FAILED.png`) });
    }
    await page.close();
  }
} finally {
  await browser.close();
  server.kill();
}
console.log(findings ? `${findings} findings` : `no finding: ${language} ${scheme} ${size}`);
process.exitCode = findings ? 1 : 0;
