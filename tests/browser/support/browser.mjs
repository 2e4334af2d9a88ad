// One Chromium for everything; a person is a context of their own. Whatever the content policy refuses,
// whatever leaves localhost and whatever axe-core finds is kept for the promises at the end.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { base, owner } from "./lab.mjs";
import { flaw } from "./promise.mjs";
import { one_line, words } from "./words.mjs";

const from_packages = createRequire(join(process.env.out, "package.json"));
const { chromium } = from_packages("playwright-core");
const axe = readFileSync(from_packages.resolve("axe-core/axe.min.js"), "utf8");
const shots = join(process.env.out, "screenshots");

export const desktop = { width: 1280, height: 800 };
export const phone = { width: 390, height: 844 };
export const seen = { findings: new Map(), raw: new Map(), states: 0, troubles: [], elsewhere: [], answers: 0 };
export const homes = new Set([new URL(base).host]);  // where pages may come from
let browser;

export async function open_browser() {
  rmSync(shots, { recursive: true, force: true });
  mkdirSync(shots, { recursive: true });
  browser = await chromium.launch({
    executablePath: process.env.chromium,
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--no-proxy-server", "--host-resolver-rules=MAP evil.example 127.0.0.1"],
  });
}
export const close_browser = () => browser?.close();
const contexts = new Set();
export const picture_of_all = async (name) => {
  let n = 0;
  for (const context of contexts)
    for (const page of context.pages()) {
      const path = join(shots, `BROKEN-${name.replace(/\W+/g, "-").slice(0, 60)}-${n++}`);
      await page.screenshot({ path: `${path}.png`, fullPage: true });
      writeFileSync(`${path}.json`, JSON.stringify(await state_of(page).catch(() => null), null, 1));
    }
};

// Answers of the agent that are a refusal are told by the console too; those are the subject of other promises.
// So is Chromium's advice to a passkey that names one algorithm only, and to us who look at a canvas.
const ordinary = /Failed to load resource|Canvas2D: Multiple readback|pubKeyCredParams is missing|WebSocket connection to .* failed|net::ERR_(CONNECTION_REFUSED|FAILED|EMPTY_RESPONSE)/;

function guard(context, where) {
  context.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && !ordinary.test(message.text())) seen.troubles.push(`${where()}: ${message.text()}`);
  });
  context.on("weberror", (problem) => seen.troubles.push(`${where()}: ${problem.error().message}`));
  context.on("request", (request) => {
    seen.answers++;
    const { protocol, host } = new URL(request.url());
    if (!["data:", "blob:", "about:"].includes(protocol) && !homes.has(host)) seen.elsewhere.push(request.url());
  });
}

// A person at a page of their own: `w` are the page's words in their language.
export async function person({ language = "fr", viewport = desktop, scheme = "light", guarded = true, more = {}, say = words } = {}) {
  const context = await browser.newContext({ ...more, viewport, colorScheme: scheme, reducedMotion: "reduce", locale: language === "fr" ? "fr-FR" : "en-GB" });
  contexts.add(context);
  context.on("close", () => contexts.delete(context));
  context.setDefaultTimeout(25_000);
  const page = await context.newPage();
  if (guarded) {
    guard(context, () => page.url());
    await context.addInitScript(() => addEventListener("securitypolicyviolation", (e) => console.error(`content policy: ${e.effectiveDirective} ${e.blockedURI}`)));
  }
  return { context, page, language, scheme, viewport, say, w: say(language), leave: () => context.close() };
}
export async function stranger(options = {}) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(25_000);
  return context;
}

export const button = (page, name) => page.getByRole("button", { name, exact: true });
export const heading = (page, name) => page.getByRole("heading", { name, exact: true });
export const part_named = (page, name) => page.getByRole("region", { name, exact: true });
export const text_of = async (locator) => one_line(await locator.innerText());

export async function speak(page, language) {
  if ((await page.evaluate(() => document.documentElement.lang)) === language) return;
  await page.getByRole("button", { name: language === "fr" ? /Français/ : /English/ }).click();
  await page.locator(`html[lang=${language}]`).waitFor({ state: "attached" });
}
export async function arrive(me) {
  await me.page.goto(base);
  await me.page.locator("#welcome").waitFor();
  await me.page.getByRole("button", { name: me.language === "fr" ? /Français/ : /English/ }).click();
}
export async function sign_in(me, who = owner) {
  await arrive(me);
  await me.page.getByLabel(me.w("login")).fill(who.login);
  await me.page.getByLabel(me.w("password"), { exact: true }).fill(who.password);
  await button(me.page, me.w("sign_in_button")).click();
  await button(me.page, me.w("sign_out")).waitFor();
}
export async function go(me, hash) {
  await me.page.evaluate((h) => (location.hash = h), hash);
  await settled(me.page);
}
export async function settled(page) {
  await page.locator("main h1").first().waitFor();
  await page.locator("main .loading").first().waitFor({ state: "detached" });
}
// Asks the agent as the page itself would, with its token: for what a person cannot press.
export const as_page = (page, path, body) => page.evaluate(async ([path, body]) => {
  const headers = { Authorization: `Bearer ${sessionStorage.getItem("pontlevis.token")}` };
  if (body !== null) headers["Content-Type"] = "application/json";
  const answer = await fetch(path, { method: body === null ? "GET" : "POST", headers, body: body === null ? undefined : JSON.stringify(body) });
  return { status: answer.status, body: await answer.json().catch(() => null) };
}, [path, body ?? null]);
export const state_of = async (page) => (await as_page(page, "/api/state")).body;

// The view after a session's end. A view that failed is reloaded, so that the other promises can still be tried.
export async function end_on_the_page(me) {
  const ended = part_named(me.page, me.w("ended_title"));
  const broken = heading(me.page, me.w("broken"));
  await ended.or(broken).first().waitFor();
  if (await broken.isVisible()) {
    flaw("the end of a session is shown, not a broken view", `the page said: ${me.w("broken")}`);
    await button(me.page, me.w("reload")).click();
  }
  await ended.waitFor();
}

// ---- looking: pictures and axe-core, in both languages, light and dark ----
async function examine(page, where) {
  seen.states++;
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(`${axe};0`);
  const { violations, raw, wide } = await page.evaluate(async () => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];
    const found = await axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
    const told = found.violations.map((v) => ({ id: v.id, nodes: v.nodes.map((n) => `${n.target.join(" ")} (${n.any[0]?.message ?? n.all[0]?.message ?? n.failureSummary})`) }));
    const raw = [];  // words of the records that no reader should meet: passkey_added, entropy_bits
    for (const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT); walk.nextNode();)
      for (const word of walk.currentNode.data.match(/\b[a-z]+(_[a-z0-9]+)+\b/g) ?? []) if (!walk.currentNode.parentElement.closest(".mirror-panel, .mono, .file-name, .verbatim")) raw.push(word);
    return { violations: told, raw, wide: document.documentElement.scrollWidth - innerWidth };
  });
  for (const v of violations) keep_finding(`${v.id}: ${v.nodes[0]}${v.nodes.length > 1 ? ` and ${v.nodes.length - 1} more` : ""}`, where);
  for (const word of raw) seen.raw.set(word, where);
  if (wide > 0) keep_finding(`the page is ${wide} px wider than its window`, where);
}
function keep_finding(text, where) {
  seen.findings.set(text, [...(seen.findings.get(text) ?? []), where]);
}

// `again` brings the state back when a change of language took it away.
export async function look(me, name, { again, whole_page = true, languages = ["fr", "en"], schemes = ["light", "dark"] } = {}) {
  const { page } = me;
  for (const language of languages) {
    await speak(page, language);
    if (again) await again(me.say(language));
    await page.locator("main .loading").first().waitFor({ state: "detached" });
    for (const scheme of schemes) {
      await page.emulateMedia({ colorScheme: scheme });
      const where = [name, language, scheme, me.viewport.width].join("-");
      await page.screenshot({ path: join(shots, `${where}.png`), fullPage: whole_page });
      await examine(page, where);
    }
  }
  await page.emulateMedia({ colorScheme: me.scheme });
  await speak(page, me.language);
  if (again && languages.at(-1) !== me.language) await again(me.w);
}

// ---- the two ways of a person ----
export const by_mouse = (page) => ({
  name: "by mouse",
  press: (target) => target.click(),
  fill: (target, text) => target.fill(text),
  acts: 0,
});
export function by_keyboard(page) {
  const focused = (target) => target.evaluate((e) => e === document.activeElement).catch(() => false);
  // Tab until it has the focus, as a person would; backwards when it lies behind.
  const reach = async (target) => {
    await target.waitFor();
    const behind = await target.evaluate((e) => Boolean(document.activeElement?.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_PRECEDING));
    for (const key of behind ? ["Shift+Tab", "Tab"] : ["Tab", "Shift+Tab"])
      for (let n = 0; n < 90 && !(await focused(target)); n++) await page.keyboard.press(key);
    if (!(await focused(target))) throw new Error(`Tab does not reach ${target}; the focus is on ${await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 120))}`);
    const ring = await target.evaluate((e) => {
      const s = getComputedStyle(e);
      return s.outlineStyle !== "none" || s.boxShadow !== "none";
    });
    if (!ring) throw new Error(`the focus on ${target} cannot be seen`);
  };
  return {
    name: "by keyboard",
    async press(target) {
      await reach(target);
      const box = await target.evaluate((e) => e.tagName === "INPUT" || (e.tagName === "BUTTON" && e.getAttribute("aria-pressed") !== null));
      await page.keyboard.press(box ? "Space" : "Enter");
    },
    async fill(target, text) {
      await reach(target);
      await page.keyboard.press("Control+A");
      await page.keyboard.type(text);
    },
  };
}
