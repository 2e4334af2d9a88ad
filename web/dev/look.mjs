// Development only: opens every view in a fresh Chromium, takes a picture of each and asks axe-core about it.
//   node dev/look.mjs OUT_FOLDER [fr|en] [light|dark] [desktop|phone] [VIEW…]
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const [out = "out", language = "fr", scheme = "light", size = "desktop", ...only] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const first = "00000001-0f7e-4c1e-9a43-2f8f1f6f9f10";
const proposed = "8f1c2b7e-0f7e-4c1e-9a43-2f8f1f6f9f10";
const fr = language === "fr";
const button = (page, name) => page.getByRole("button", { name, exact: true }).click();

// scene, address, what to do before the picture
const views = {
  closed: ["closed", "#/"], request: ["request", "#/"], requests: ["requests", "#/"],
  planned_list: ["planned", "#/"], planned: ["planned", `#/planned/${proposed}`],
  accepted: ["planned", `#/planned/${proposed}`, async (p) => (await button(p, fr ? "Cette date me convient" : "This date suits me"), await p.locator("#accepted").waitFor())],
  begun: ["begun", "#/"], begins: ["soon", "#/", async (p) => await p.locator("#request").waitFor({ timeout: 15_000 })], open_now: ["begun", "#/", (p) => button(p, fr ? "Ouvrir maintenant…" : "Open now…")],
  confirm: ["request", "#/", (p) => button(p, fr ? "Accepter…" : "Accept…")], refuse: ["request", "#/", (p) => button(p, fr ? "Refuser…" : "Refuse…")],
  code: ["request", "#/", async (p) => (await button(p, fr ? "Accepter…" : "Accept…"), await button(p, fr ? "Confirmer et ouvrir l'accès" : "Confirm and open access"), await p.locator(".code").first().waitFor())],
  live: ["live", "#/", (p) => p.locator(".xterm-rows").first().waitFor()], last: ["last", "#/", (p) => p.locator(".xterm-rows").first().waitFor()],
  text: ["live", "#/", (p) => button(p, fr ? "Afficher en texte" : "Show as text")], extend: ["live", "#/", async (p) => (await button(p, fr ? "Prolonger…" : "Extend…"), await p.locator(".confirm .notice").waitFor())],
  pair: ["pair", "#/", (p) => p.locator(".xterm-rows").first().waitFor()], pair_waits: ["pair_waits", "#/"],
  typist: ["pair", "#/", async (p) => (await p.getByRole("radio", { name: "Alice Exemple" }).click(), await button(p, fr ? "Reprendre les fichiers" : "Resume the files"), await button(p, fr ? "Suspendre le bureau à distance" : "Pause the remote desktop"), await p.getByRole("button", { name: fr ? "Reprendre le bureau à distance" : "Resume the remote desktop" }).waitFor(), await p.getByRole("radio", { name: "Alice Exemple", checked: true }).waitFor())],
  paused: ["paused", "#/"], unwatched: ["unwatched", "#/"], flood: ["flood", "#/"], elsewhere: ["live", "#/interventions"],
  ended: ["live", "#/", async (p) => (await button(p, fr ? "Arrêter" : "Stop"), await p.locator("#ended").waitFor())], locked: ["locked", "#/"], reported: ["reported", "#/"], troubles: ["troubles", "#/"],
  interventions: ["closed", "#/interventions"], intervention: ["closed", `#/interventions/${first}`, async (p) => (await button(p, fr ? "Vérifier maintenant" : "Verify now"), await p.locator("#proof ~ div .note, [aria-labelledby=proof] .note").first().waitFor())],
  replay: ["closed", `#/interventions/${first}`, async (p) => (await button(p, fr ? "Visionner" : "View"), await p.locator(".xterm-rows").waitFor(), await p.getByRole("slider").fill("20"), await p.locator(".replay").scrollIntoViewIfNeeded())],
  receipt: ["closed", `#/interventions/${first}/receipt`], calendar: ["closed", "#/calendar"], rights: ["closed", "#/rights"], team: ["closed", "#/team"], account: ["closed", "#/account"], help: ["closed", "#/help"],
  rehearsal: ["closed", "#/rehearsal"],
  rehearsal_open: ["closed", "#/rehearsal", async (p) => (await button(p, fr ? "Commencer l'essai" : "Begin the rehearsal"), await button(p, fr ? "Accepter…" : "Accept…"), await button(p, fr ? "Confirmer et ouvrir l'accès" : "Confirm and open access"), await p.locator(".code").first().waitFor())],
};

const server = spawn(process.execPath, [join(here, "serve.mjs"), "0"], { stdio: ["ignore", "pipe", "inherit"] });
const base = await new Promise((done) => server.stdout.once("data", (d) => done(String(d).trim())));
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
let findings = 0;
try {
  mkdirSync(out, { recursive: true });
  const context = await browser.newContext({ viewport: size === "phone" ? { width: 390, height: 844 } : { width: 1280, height: 800 }, colorScheme: scheme, reducedMotion: "reduce", locale: language });
  const page = await context.newPage();
  const say = (name, text) => (findings++, console.log(`${name}: ${text}`));
  let name = "sign_in";
  page.on("console", (m) => ["error", "warning"].includes(m.type()) && say(name, m.text()));
  page.on("pageerror", (e) => say(name, `page error ${e.message}`));
  const look = async () => {
    await page.screenshot({ path: join(out, `${name}-${language}-${scheme}-${size}.png`), fullPage: !["live", "ended", "elsewhere", "locked"].includes(name) });
    await page.evaluate(axe + ";0").catch(() => {});
    const result = await page.evaluate(() => axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
    for (const v of result.violations) say(name, `axe ${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(" ") + " " + (n.any[0]?.message ?? n.failureSummary ?? "")).join(" | ")}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (wide > 0) say(name, `page is ${wide} px too wide`);
  };
  await page.goto(base);
  await page.evaluate((l) => localStorage.setItem("pontlevis.language", l), language);
  await page.request.post(`${base}dev/scene`, { data: { scene: "request" } });
  await page.reload();
  await page.locator("#welcome").waitFor();
  if (!only.length || only.includes(name)) await look();
  await page.locator("#login").fill("claire");
  await page.locator("#password").fill("exemple");
  await page.locator("form .button.main").click();
  await page.locator("#request").waitFor();
  for (const [view, [scene, hash, act]] of Object.entries(views)) {
    if (only.length && !only.includes(view)) continue;
    name = view;
    try {
      await page.request.post(`${base}dev/scene`, { data: { scene } });
      await page.goto("about:blank");
      await page.goto(base + hash);
      await page.locator("main h1").waitFor({ timeout: 5000 });
      await page.waitForTimeout(250);
      if (act) await act(page);
      await page.waitForTimeout(250);
      await look();
    } catch (problem) {
      say(name, problem.message.split("\n").slice(0, 3).join(" "));
      await page.screenshot({ path: join(out, `${name}-FAILED.png`) });
    }
  }
} finally {
  await browser.close();
  server.kill();
}
console.log(findings ? `${findings} findings` : `no finding: ${language} ${scheme} ${size}`);
process.exitCode = findings ? 1 : 0;
