// Development only: what a view alone does not show, tried in a real browser against the sample gateway: nothing
// typed is lost, an act waits for its proof of presence, nobody is overwritten, news change the view.
//   node dev/console_flows.mjs
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
const server = spawn(process.execPath, [join(here, "console_serve.mjs"), "0"], { stdio: ["ignore", "pipe", "inherit"] });
const base = await new Promise((done) => server.stdout.once("data", (d) => done(String(d).trim())));
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
const id = (n) => `${String(n).padStart(8, "0")}-0f7e-4c1e-9a43-2f8f1f6f9f10`;
const reason = "Les ordonnances ne s'impriment plus depuis ce matin.";
let page, failed = 0;
const dev = async (path, data = {}) => (await page.request.post(`${base}dev/${path}`, { data })).json();
const button = (name) => page.getByRole("button", { name, exact: true }).first();
const open = async (address, wanted) => (await page.goto("about:blank"), await page.goto(base + address), await page.locator(wanted).first().waitFor());

async function write_request() {
  await page.locator("#task-PRINTING").check();
  await page.locator("#ask-ticket").fill("T-1234");
  await page.locator("#ask-reason").fill(reason);
}
async function sign_in(password = "exemple exemple") {
  if (await page.locator("#login").count()) await page.locator("#login").fill("alice");
  await page.locator("#password").fill(password);
  await page.locator("#code").fill("123 456");
  await button("Se connecter").click();
}

const promises = {
  async "a reload takes nothing of a request, and the draft is offered on the first page"() {
    await open("#/ask/cabinet-exemple/srv1", "#what");
    await write_request();
    await page.reload();
    await page.locator(".kept").waitFor();
    assert.equal(await page.locator("#ask-reason").inputValue(), reason);
    await open("#/", ".practice");
    await page.getByRole("link", { name: /à moitié écrite/ }).click();
    assert.equal(await page.locator("#ask-ticket").inputValue(), "T-1234");
    await button("Repartir de zéro").click();
    assert.equal(await page.locator("#ask-ticket").inputValue(), "");
  },
  async "a session that ends while a request is written is taken up in place"() {
    await open("#/ask/cabinet-exemple/srv1", "#what");
    await write_request();
    await dev("change", { as: null });
    await page.locator(".again").waitFor();
    await sign_in("faux");
    await page.getByRole("alert").filter({ hasText: "incorrect" }).waitFor();
    await sign_in();
    await page.locator(".again").waitFor({ state: "detached" });
    assert.equal(await page.locator("#ask-reason").inputValue(), reason);
    await button("Envoyer la demande").click();
    await page.locator(".progress").waitFor();
  },
  async "a request waits for the proof of presence, is sent once, and its draft is gone"() {
    await dev("change", { step_up: true });
    await open("#/ask/cabinet-exemple/srv1", "#what");
    await write_request();
    await button("Envoyer la demande").click();
    await page.locator(".step-up input").fill("999 999");
    await button("Confirmer").click();
    await page.locator(".step-up").getByRole("alert").waitFor();
    await page.locator(".step-up input").fill("123456");
    await page.keyboard.press("Enter");
    await page.locator(".progress").waitFor();
    const asked = (await dev("seen")).seen.filter((s) => s.method === "POST" && s.path === "/interventions");
    assert.equal(asked.length, 2);
    assert.ok(asked[0].key && asked[0].key === asked[1].key, "the same key for the same act");
    assert.deepEqual(asked[1].body.data_categories, ["données affichées à l'écran, dont données de santé"]);
    await open("#/", ".practice");
    assert.equal(await page.getByText("à moitié écrite").count(), 0);
  },
  async "a NIR is stopped before it leaves the page"() {
    await open("#/ask/cabinet-exemple/srv1", "#what");
    await write_request();
    await page.locator("#ask-reason").fill("Dossier 2 55 08 14 168 025 38, imprimante");
    await button("Envoyer la demande").click();
    await page.getByText("numéro de sécurité sociale").first().waitFor();
    assert.equal((await dev("seen")).seen.filter((s) => s.path === "/interventions").length, 0);
  },
  async "a rule's refusal says the way forward, and the request stays"() {
    await dev("change", { refuse: "CONTRACT_NOT_VALID" });
    await open("#/ask/cabinet-exemple/srv1", "#what");
    await write_request();
    await button("Envoyer la demande").click();
    await page.getByText("Voyez la personne qui tient les contrats").waitFor();
    assert.equal(await page.locator("#ask-reason").inputValue(), reason);
  },
  async "the practice's answer changes the view: waiting, open, ended, report"() {
    await open(`#/interventions/${id(1)}`, ".progress");
    await dev("state", { id: id(1), change: { state: "OPEN", opened_at: new Date().toISOString(), ends_at: new Date(Date.now() + 1.8e6).toISOString(), granted_minutes: 30 } });
    await page.locator(".session-bar").waitFor();
    await page.waitForFunction(() => document.title.startsWith("●"));
    await button("Terminer l'intervention").click();
    await button("Oui, terminer").click();
    await page.locator("#report-tasks").waitFor();
  },
  async "a report's draft is on the gateway, outlives its absence and a reload, and is sent whole"() {
    await open(`#/interventions/${id(5)}`, "#report-tasks");
    await page.locator("#planned-0").check();
    await page.getByText(/Brouillon gardé sur la passerelle/).waitFor();
    await dev("change", { dead: true });
    await page.locator("#report-tasks").press("End");
    await page.locator("#report-tasks").fill("– Impression et numérisation [PRINTING]\nLe service d'impression a été relancé.");
    await page.getByText(/la passerelle ne l'a pas encore/).waitFor();
    await dev("change", { dead: false });
    await page.reload();
    await page.locator("#report-tasks").waitFor();
    assert.match(await page.locator("#report-tasks").inputValue(), /relancé\.$/);
    await page.getByRole("radio", { name: "résolu", exact: true }).check();
    await page.getByRole("radio", { name: "Supprimées" }).check();
    await page.getByText(/Brouillon gardé sur la passerelle/).waitFor();
    assert.equal((await dev("seen")).drafts[id(5)].outcome, "SOLVED");
    await button("Transmettre le compte rendu").click();
    await page.getByRole("heading", { name: "En bref" }).waitFor();
    assert.match(page.url(), /story$/);
    assert.equal(await page.evaluate(() => Object.keys(sessionStorage).filter((k) => k.includes("report")).length), 0);
  },
  async "two administrators do not overwrite each other unseen"() {
    await dev("change", { as: "admin", conflict: true });
    await open("#/admin/settings", "#dpo");
    await page.locator("#dpo").fill("dpo2@editeur.example");
    await button("Enregistrer les réglages").click();
    await page.getByText("Rien n'a été écrasé").waitFor();
    await dev("change", { conflict: false });
    await button("Montrer la valeur actuelle").click();
    assert.equal(await page.locator("#dpo").inputValue(), "dpo@editeur.example");
    await page.locator("#dpo").fill("dpo2@editeur.example");
    await button("Enregistrer les réglages").click();
    await page.getByText("inscrit au journal.", { exact: false }).filter({ hasText: "Fait" }).waitFor();
    const put = (await dev("seen")).seen.filter((s) => s.method === "PUT");
    assert.ok(put.every((s) => /^"/.test(s.match)), "If-Match was sent");
  },
  async "the address of a view outlives a reload, and its title tells it"() {
    await open(`#/interventions/${id(7)}/story`, ".timeline");
    await page.reload();
    await page.locator(".timeline").waitFor();
    assert.equal(await page.title(), "close – Serveur du cabinet, Cabinet Exemple – Pontlevis");
  },
  async "signing out, and in as another, shows nothing of the first"() {
    await open("#/", ".practice");
    await page.getByRole("banner").getByRole("button", { name: "Se déconnecter" }).click();
    await page.locator("#welcome").waitFor();
    await page.locator("#login").fill("dpo");
    await sign_in_as("dpo");
    await page.waitForURL(/\/review\/$/);
    await page.getByRole("heading", { level: 1, name: "Ce qui est à faire" }).waitFor();
    assert.equal(await page.getByText("Alice Exemple").count(), 0);
    await page.goto(base);
    await page.getByRole("link", { name: "Revue de conformité" }).waitFor();
    assert.equal(await page.getByRole("link", { name: "Demander l'accès" }).count(), 0);
  },
  async "who asks for a place of the review signs in at the console's door and comes back to it"() {
    await dev("change", { as: null });
    await page.goto(`${base}review/#/registers/rights`);
    await page.locator("#welcome").waitFor();
    await sign_in_as("audit");
    await page.waitForURL(/\/review\/#\/registers\/rights$/);
    await page.getByRole("heading", { level: 1, name: "Demandes de personnes" }).waitFor();
  },
};
async function sign_in_as(login) {
  await page.locator("#login").fill(login);
  await page.locator("#password").fill("exemple exemple");
  await page.locator("#code").fill("123456");
  await button("Se connecter").click();
}

try {
  for (const [name, promise] of Object.entries(promises)) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "fr", timezoneId: "Europe/Paris", reducedMotion: "reduce" });
    context.setDefaultTimeout(8000);
    page = await context.newPage();
    const broken = [];
    page.on("pageerror", (e) => broken.push(e.message));
    await dev("world", { as: "alice" });
    try {
      await promise();
      assert.deepEqual(broken, []);
      console.log(`ok      ${name}`);
    } catch (problem) {
      failed++;
      console.log(`FAILED  ${name}\n        ${String(problem.message).split("\n").slice(0, 4).join("\n        ")}`);
    }
    await context.close();
  }
} finally {
  await browser.close();
  server.kill();
}
console.log(`${Object.keys(promises).length - failed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
