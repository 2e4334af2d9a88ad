// People at the console: signed in with password and code, a browser with its own key on their staff card, and the
// acts that every story needs. Each act is done as a person does it, on the page.
import { createHmac } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { facts, lab, sh, system_id, until, practice } from "../support/lab.mjs";
import { button, heading, homes, person, settled } from "../support/browser.mjs";
import { expect } from "../support/promise.mjs";
import { open_tap } from "../support/tap.mjs";
import { console_words } from "../support/words.mjs";

export const names = { alice: "Alice Exemple", bruno: "Bruno Exemple" };
export const system = "Serveur du cabinet";
export const practice_name = "Cabinet Exemple";

export let tap;
export async function begin({ straight = Boolean(process.env.BENCH) } = {}) {
  if (straight) tap = { origin: facts().gateway.https, close() {} };  // nothing in between that costs time
  else tap = await open_tap(facts().gateway.https, facts().gateway.data, Number(process.env.tap_port));
  homes.add(new URL(tap.origin).host);
}

// ---- codes of the authenticator: each works once, so that a second sign-in waits for the next ----
const used = new Map();
const step_now = () => Math.floor(Date.now() / 30_000);
function decoded(base32) {
  let bits = "";
  for (const c of base32.replace(/=+$/, "")) bits += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0");
  return Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
}
function code_at(secret, step) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", decoded(secret)).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
const given = [];  // accounts made on the way
export const know = (one) => given.push(one);
const account = (login) => [...given, ...facts().technicians, facts().administrator, facts().compliance, facts().auditor].find((one) => one?.login === login);
// The gateway takes the code of the next half minute as well; that of the one before would be too old on a busy machine.
export async function code_for(login) {
  const { totp_secret } = account(login);
  const step = await until(`a fresh code for ${login}`, () => [step_now(), step_now() + 1].find((s) => s > (used.get(login) ?? -1)) ?? null, 70);
  used.set(login, step);
  return code_at(totp_secret, step);
}

// ---- at the console ----
export async function at_console(login, { language = "fr", ...more } = {}) {
  const me = await person({ language, say: console_words, more: { ignoreHTTPSErrors: true, acceptDownloads: true }, ...more });
  me.login = login;
  // No person is there to choose a place for a file: the way of browsers that cannot ask.
  await me.context.addInitScript(() => delete window.showSaveFilePicker);
  return me;
}
export async function sign_in(me, { to = "sign_out" } = {}) {
  const { page, w } = me;
  await page.goto(tap.origin);
  await page.getByRole("button", { name: me.language === "fr" ? /Français/ : /English/ }).click();
  await fill_door(me);
  await (to === "sign_out" ? button(page, w(to)) : page.getByText(w(to)).first()).waitFor();
}
export async function fill_door(me) {
  const { page, w } = me;
  const login = page.getByLabel(w("si_login"), { exact: true });
  if (await login.count()) await login.fill(me.login);
  await page.getByLabel(w("si_password"), { exact: true }).fill(account(me.login).password);
  await page.getByLabel(w("si_code"), { exact: true }).fill(await code_for(me.login));
  await button(page, w("si_button")).click();
}
export async function see(me, hash) {
  await me.page.evaluate((h) => (location.hash = h), hash);
  await settled(me.page);
}
// Asks the gateway as the page itself would: for what a person cannot see.
export const as_console = (page, path, method = "GET", body = undefined) => page.evaluate(async ([path, method, body]) => {
  const answer = await fetch(`/api/v1${path}`, { method, headers: body === undefined ? {} : { "Content-Type": "application/json" }, body: body === undefined ? undefined : JSON.stringify(body) });
  return { status: answer.status, body: await answer.json().catch(() => null) };
}, [path, method, body]);
export const intervention = async (me, id) => (await as_console(me.page, `/interventions/${id}`)).body;
export const in_state = (me, id, ...states) => until(`${id} to be ${states}`, async () => states.includes((await intervention(me, id)).state));

// ---- a browser's key on a staff card: made here, signed offline, imported ----
export async function enrol_key(me) {
  const { page, w } = me;
  await see(me, "#/card");
  await button(page, w("make")).click();
  await page.getByText(w("not_on_card")).waitFor();
  const line = await page.getByText(/^ecdsa-sha2-nistp256 /).first().innerText();
  const folder = join(lab, "tech", me.login);
  writeFileSync(join(folder, "console.pub"), line.trim() + "\n");
  await new_card(me.login, "--ssh-key", join(folder, "console.pub"));
  await page.reload();
  await settled(page);
  await page.getByText(w("on_card")).waitFor();
}
const qualification = "Technicien de maintenance";
export const new_card = (login, ...keys) => sh(`login=$1 name=$2; shift 2
  program certs card issue --staff-key "$lab/staff/staff.key" --login "$login" --name "$name" --employer "Éditeur Exemple" --country FR \
    --qualification "${qualification}" --confidentiality-ref ENG-C --confidentiality-date 2026-01-05 --action-limit-ref ENG-L --action-limit-date 2026-01-05 \
    --ssh-key "$lab/tech/$login/ssh/id_ed25519.pub" "$@" --out "$lab/tech/$login/card.new" >/dev/null && mv "$lab/tech/$login/card.new" "$lab/tech/$login/card.note" &&
  program gateway technician add --data "$lab/gateway" --card "$lab/tech/$login/card.note" >/dev/null`, login, names[login], ...keys);

// ---- asking ----
export async function fill_request(me, hand, { tools = ["shell"], pair = null, ticket = "T-1", reason = "L'imprimante ne répond plus depuis ce matin" } = {}) {
  const { page } = me;
  await see(me, `#/ask/${practice}/${system_id}`);
  const tick = async (id, on = true) => {
    const box = page.locator(`[id="${id}"]`);
    if ((await box.isChecked()) !== on) await hand.press(box);
  };
  for (const tool of ["shell", "files", "desktop", "tcp:base"]) await tick(`tool-${tool}`, tools.includes(tool));
  if (tools.includes("files")) await tick("bring-in"), await tick("take-out");
  await hand.fill(page.locator("#ask-ticket"), ticket);
  await hand.fill(page.locator("#ask-reason"), reason);
  await hand.fill(page.locator("#ask-tasks_text"), "Relire la file d'impression et relancer le service");
  if (pair) await page.locator("#ask-pair").selectOption(pair);
}
export async function send_request(me, hand) {
  await hand.press(button(me.page, me.w("ask_send")));
  await heading(me.page, me.w("wt_title")).or(me.page.getByText(me.w("wt_sees"))).first().waitFor();
  return await until("the address of the intervention", () => me.page.evaluate(() => /interventions\/([0-9a-f-]{36})/.exec(location.hash)?.[1]));
}

// ---- in the session ----
export const words_at = (me) => me.page.getByLabel(me.w.session("join_words_label")).locator("span").allInnerTexts();
export async function join_session(me, code, { wait = true } = {}) {
  const { page, w } = me;
  const field = page.getByLabel(w.session("code_label"), { exact: true });
  await field.waitFor();
  await field.fill("");
  await field.pressSequentially(code.toLowerCase().replaceAll("-", " "));
  await page.keyboard.press("Enter");
  if (wait) await page.getByRole("region", { name: w.session("tools"), exact: true }).waitFor();
}
export const tab = (me, key) => me.page.getByRole("tab", { name: me.w.session(key), exact: true });

// What the first terminal shows, row by row, as a person reads it.
export const screen_of = (page) => page.evaluate(() => document.querySelector(".screen-place:not([hidden]) .xterm-rows")?.innerText ?? "");
export const shows = (me, text, seconds = 25) => until(`the terminal to show ${text}`, async () => (await screen_of(me.page)).includes(text), seconds);
export async function type_in_terminal(me, text) {
  await me.page.locator(".screen-place:not([hidden]) .xterm-helper-textarea").focus();
  await me.page.keyboard.type(text);
  await me.page.keyboard.press("Enter");
}
export { expect };

// A session asked for through the API and agreed to at the practice's own prompt: for stories that begin inside one.
export async function opened(me, { tools = ["shell"], pair = null } = {}) {
  const body = {
    practice, system: system_id, tools, access_types: tools.includes("files") ? ["VIEW", "CONTROL", "TRANSFER_IN", "TRANSFER_OUT"] : ["VIEW", "CONTROL"], data_categories: ["données affichées"], purpose: "MAINTENANCE", reason: "La file d'impression est bloquée",
    planned_tasks: "Relancer la file", ticket: "T-9", minutes: 30, criticality: "STANDARD", pair, additional: [], consulted: [], emergency: null, planned: null,
  };
  let asked = await as_console(me.page, "/interventions", "POST", body);
  if (asked.body?.code === "step_up") {
    const proved = await as_console(me.page, "/step-up", "POST", { code: await code_for(me.login) });
    expect("the code is taken", proved.status === 200, proved);
    asked = await as_console(me.page, "/interventions", "POST", body);
  }
  expect("a request that is taken", asked.status === 201, asked);
  const { id } = asked.body;
  await sh(`approve "$1"`, id);
  await in_state(me, id, "OPEN");
  return id;
}
export const heard = (login) => readFileSync(join(lab, "tech", login, "heard"), "utf8").trim();
export async function come_in(me, id) {
  await see(me, `#/interventions/${id}`);
  await join_session(me, heard(me.login));
  await shows(me, "$");
}
// The session is over at the practice, so that the next story finds it closed.
export const close_at_practice = (id) => sh(`program agent stop --data "$lab/agent" "$1" >/dev/null 2>&1 || true`, id);
