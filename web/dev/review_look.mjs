// Development only: opens every view of the compliance review in a fresh Chromium, takes a picture of each, asks
// axe-core about it and listens for what the policy blocks.
//   node dev/review_look.mjs OUT_FOLDER [fr|en] [light|dark] [desktop|phone|narrow] [VIEW…]
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
const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 }, narrow: { width: 320, height: 640 } };
const iv = (n) => `#/interventions/${String(n).padStart(8, "0")}-5d1c-4b7e-8a21-6c0e4f7a9b30`;
const button = (p, f, e) => p.getByRole("button", { name: fr ? f : e }).first().click();
const seen = (selector) => (p) => p.locator(selector).first().waitFor();
const then = (selector, act) => async (p, tell) => (await seen(selector)(p), await act(p, tell));
const deed = (f, e) => async (p) => (await button(p, f, e), await p.locator(".deed").waitFor());

const dpo = { as: "dpo" }, audit = { as: "audit" };
// world, address, what to do before the picture; a view with `bare` has no purpose yet
const views = {
  home: [dpo, "#/", seen("#findings")],
  home_bare: [dpo, "#/", seen(".purpose-form"), "bare"],
  home_alarm: [{ ...dpo, review: { alarmed: true } }, "#/", seen(".note-bad")],
  home_empty: [{ ...dpo, review: { empty: true } }, "#/", seen("#findings")],
  purpose: [dpo, "#/interventions", seen(".purpose-form"), "bare"],
  purpose_change: [dpo, "#/interventions", then(".grid", (p) => p.locator(".purpose-line .button").click())],
  book: [dpo, "#/interventions", seen(".grid")],
  book_filtered: [dpo, "#/interventions?criticality=CRITICAL&pair=true&tool=shell", then(".grid", async (p) => { await p.locator("#searches").waitFor(); await deed("Enregistrer cette recherche", "Save this search")(p); })],
  book_none: [dpo, "#/interventions?text=introuvable", then(".results-total", (p) => p.getByText(fr ? "Aucune intervention ne correspond." : "No intervention matches.").waitFor())],
  intervention: [dpo, iv(2), then("#acts", async (p) => { await button(p, "Vérifier dans ce navigateur", "Verify in this browser"); await p.locator(".verdict").waitFor(); })],
  intervention_tampered: [{ ...audit, review: { tampered: true } }, iv(19), then("#records", async (p) => { await button(p, "Vérifier dans ce navigateur", "Verify in this browser"); await p.locator(".verdict").waitFor(); await p.locator(".record summary").nth(1).click(); })],
  intervention_finding: [dpo, iv(2), then("#marks", deed("Faire un constat", "Make a finding"))],
  intervention_erase: [dpo, iv(2), then("#acts", deed(/^Effacer/, /^Erase/))],
  intervention_step_up: [{ ...dpo, step_up: true }, iv(2), then("#acts", async (p) => { await deed("Poser un gel juridique", "Place a legal hold")(p); await p.locator("#hold-reason").fill("Litige, dossier L-1"); await p.locator(".deed .button.main").click(); await p.locator(".step-up").waitFor(); })],
  intervention_refused: [audit, iv(5), seen("#records")],
  overview: [dpo, "#/overview", then("#heat", (p) => p.locator("#months").waitFor())],
  overview_table: [dpo, "#/overview", then("#heat", (p) => p.locator(".behind summary").first().click())],
  exports: [dpo, "#/exports?new=PROOF_PACK&criticality=CRITICAL", then(".grid", (p) => p.locator(".grid .button").first().click())],
  log: [dpo, "#/log", seen("#witnesses")],
  log_alarm: [{ ...dpo, review: { alarmed: true } }, "#/log", seen("table.grid .line-bad")],
  retention: [dpo, "#/retention", then("#classes", deed("Valider la politique", "Validate the policy"))],
  certificates: [dpo, "#/retention/certificates", seen(".grid")],
  certificate: [dpo, "#/retention/certificates/cert-2026-0001", then("#fields", async (p) => { await button(p, "Lire le texte", "Read the text"); await p.locator(".paper-text").waitFor(); })],
  holds: [dpo, "#/retention/holds", then(".entries", deed("Poser un gel", "Place a hold"))],
  reviews: [dpo, "#/retention/reviews", seen(".grid")],
  contracts: [dpo, "#/retention/contracts", seen("#end-ancien-exemple")],
  spontaneous: [dpo, "#/retention/spontaneous", then(".entries", deed("Détruire", "Destroy"))],
  backups: [dpo, "#/backups", seen("table.grid")],
  processing: [dpo, "#/registers", seen(".grid")],
  processing_entry: [dpo, "#/registers/processing/T-1", then("#versions", async (p) => { await button(p, "Lire le texte", "Read the text"); await p.locator(".paper-text").waitFor(); })],
  rights: [dpo, "#/registers/rights", then(".grid", deed("Inscrire une demande", "Enter a request"))],
  rights_request: [dpo, "#/registers/rights/r1", then("#steps", deed(/^Répondre/, /^Answer/))],
  rights_late: [audit, "#/registers/rights/r2", seen("#steps")],
  breaches: [dpo, "#/registers/breaches", seen(".grid")],
  breach_draft: [dpo, "#/registers/breaches/b-2026-001", then("#steps", deed("Confirmer la violation", "Confirm the breach"))],
  breach: [dpo, "#/registers/breaches/b-2026-000", then("#notices", async (p) => { await deed("Notifier", "Notify")(p); await p.locator("#notify-recipient").selectOption("CNIL"); await button(p, /Lire le texte/, /Read the text/); await p.locator(".paper-text").waitFor(); })],
  breach_form: [dpo, "#/registers/breaches/b-2026-001", then("#file", async (p) => { await button(p, "Compléter la fiche", "Complete the file"); await p.locator("#br-cause").waitFor(); })],
  deliveries: [dpo, "#/deliveries", seen(".grid")],
  nowhere: [dpo, "#/ailleurs", seen("main h1")],
  technician: [{ as: "alice" }, "#/", seen("main h1")],
  again: [dpo, iv(2), then("#marks", async (p, change) => { await change({ as: null }); await p.locator("#mark-none").waitFor({ timeout: 200 }).catch(() => {}); await button(p, "Noter comme relue", "Mark as reviewed"); await p.locator(".deed .button.main").click(); await p.locator(".again").waitFor(); })],
};

const server = spawn(process.execPath, [join(here, "console_serve.mjs"), "0"], { stdio: ["ignore", "pipe", "inherit"] });
const base = await new Promise((done) => server.stdout.once("data", (d) => done(String(d).trim())));
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
let findings = 0;
try {
  mkdirSync(out, { recursive: true });
  let name = "";
  const say = (text) => (findings++, console.log(`${name}: ${text}`));
  const expected = (text) => /status of 4\d\d|ERR_EMPTY_RESPONSE|ERR_CONNECTION/.test(text);  // what the view is about
  for (const [view, [world, address, act, bare]] of Object.entries(views)) {
    if (only.length && !only.includes(view)) continue;
    name = view;
    const context = await browser.newContext({ viewport: sizes[size], colorScheme: scheme, reducedMotion: "reduce", locale: language, timezoneId: "Europe/Paris" });
    context.setDefaultTimeout(6000);
    await context.addInitScript(([l, b]) => {
      localStorage.setItem("pontlevis.language", l);
      if (!b) sessionStorage.setItem("pontlevis.review.purpose", JSON.stringify({ purpose: "CONTROL", reference: "revue de novembre" }));
    }, [language, bare]);
    const page = await context.newPage();
    page.on("console", (m) => ["error", "warning"].includes(m.type()) && !expected(m.text()) && say(m.text()));
    page.on("pageerror", (e) => say(`page error ${e.message}`));
    try {
      const tell = (path, data) => page.request.post(`${base}dev/${path}`, { data });
      await tell("world", world);
      await page.goto(`${base}review/${address}`);
      await page.locator("main h1, main h2").first().waitFor();
      if (act) await act(page, (change) => tell("change", change));
      await page.locator("main .loading").first().waitFor({ state: "detached" });
      await page.screenshot({ path: join(out, `${name}-${language}-${scheme}-${size}.png`), fullPage: true });
      await page.evaluate(axe + ";0");
      const result = await page.evaluate(() => axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
      for (const v of result.violations) say(`axe ${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(" ") + " " + (n.any[0]?.message ?? n.failureSummary ?? "")).join(" | ")}`);
      const raw = await page.evaluate(() => [...new Set((document.querySelector("main").innerText.match(/\b[a-zA-Z]+(_[a-zA-Z0-9]+)+\b/g) ?? []))]);
      if (raw.length) say(`words of the wire: ${raw.join(" ")}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (wide > 0) say(`page is ${wide} px too wide`);
    } catch (problem) {
      say(problem.message.split("\n").slice(0, 3).join(" "));
      await page.screenshot({ path: join(out, `${name}-FAILED.png`) });
    }
    await context.close();
  }
} finally {
  await browser.close();
  server.kill();
}
console.log(findings ? `${findings} findings` : `no finding: ${language} ${scheme} ${size}`);
process.exitCode = findings ? 1 : 0;
