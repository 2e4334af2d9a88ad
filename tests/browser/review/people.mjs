// Readers at the review page: compliance and the auditor, and the acts every story needs, done as a person does.
import { button, person, settled } from "../support/browser.mjs";
import { records_of_log } from "../support/log.mjs";
import { review_words } from "../support/words.mjs";
import { code_for, fill_door, tap } from "../console/people.mjs";
import { join } from "node:path";

// PAGE=web/dist/review: the page as it is being written, in the place of the one in the program.
async function newer_page(context) {
  const types = { html: "text/html; charset=utf-8", js: "text/javascript; charset=utf-8", css: "text/css; charset=utf-8" };
  await context.route(/\/review\/(assets\/[\w.-]+)?$/, (route) => {
    const name = new URL(route.request().url()).pathname.slice("/review/".length) || "index.html";
    return route.fulfill({ path: join(process.env.PAGE, name), contentType: types[name.split(".").at(-1)] });
  });
}

export async function at_review(login, more = {}) {
  const me = await person({ say: review_words, more: { ignoreHTTPSErrors: true, acceptDownloads: true }, ...more });
  if (process.env.PAGE) await newer_page(me.context);
  me.login = login;
  return me;
}
export const review_address = (hash = "") => `${tap.origin}/review/${hash}`;

// Through the console's door, to where they wanted to go.
export async function come_in(me, hash = "") {
  await me.page.goto(review_address(hash));
  await me.page.locator("#password").waitFor();
  await me.page.getByRole("button", { name: me.language === "fr" ? /Français/ : /English/ }).click();
  await fill_door(me);
  await me.page.waitForURL(/\/review\//);
  await settled(me.page);
}
export async function see(me, hash) {
  await me.page.evaluate((h) => (location.hash = h), hash);
  await settled(me.page);
}
export async function say_purpose(me, purpose = "CONTROL", reference = "") {
  const { page, w } = me;
  await page.locator("#purpose").selectOption(purpose);
  if (reference) await page.locator("#purpose-reference").fill(reference);
  await button(page, w("pu_button")).click();
  await page.getByText(w("pu_now")).waitFor();
}

// The proof of presence, when the gateway asks for it.
export async function prove(me) {
  const { page, w } = me;
  await page.locator(".step-up input").fill(await code_for(me.login));
  await button(page, w("su_button")).click();
}
const opener = (me, label, within) => (within ?? me.page).getByRole("button", { name: label }).first();

// An act with its small form: opened, filled, sent, proved, done.
export async function deed(me, label, yes, fill = async () => {}, { within } = {}) {
  const { page } = me;
  await opener(me, label, within).click();
  const form = page.locator(".deed").last();
  await form.waitFor();
  await fill(form);
  await form.getByRole("button", { name: yes, exact: true }).click();
  const asks = page.locator(".step-up");
  await asks.or(page.locator(".deed [role=alert]")).or(page.locator(".deed-over, main:not(:has(.deed))")).first().waitFor();
  if (await asks.count()) await prove(me);
  const refused = page.locator(".deed [role=alert]");
  await refused.or(page.locator("main:not(:has(.deed))")).first().waitFor();
  if (await refused.count()) throw new Error(`“${label}” was refused: ${await refused.innerText()}`);
  await settled(page);
}

// Asks the gateway as the page itself would: for what a person cannot see or press.
export const as_review = (page, path, method = "GET", body = undefined, purpose = "CONTROL") => page.evaluate(async ([path, method, body, purpose]) => {
  const headers = purpose ? { "pontlevis-purpose": purpose } : {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const answer = await fetch(`/api/v1${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  return { status: answer.status, body: await answer.json().catch(() => null) };
}, [path, method, body, purpose]);

export const records = () => records_of_log("gateway");
