// What the other stories need of a session: asked for, agreed to on the page, entered with the code on it.
import { ask, hear, take_config, terminal } from "../support/lab.mjs";
import { button, heading } from "../support/browser.mjs";

export const names = { alice: "Alice Exemple", bruno: "Bruno Exemple" };
export const system = "Serveur du cabinet";

export const code_of = async (me, login) => (await me.page.getByLabel(me.w("code_of", { name: names[login] }), { exact: true }).locator(".code-group").allInnerTexts()).join("-");

// `choose` ticks boxes of the request before the yes.
export async function agree(me, login, choose = async () => {}) {
  const { page, w } = me;
  await heading(page, w("request_title", { name: names[login], system })).waitFor();
  await choose();
  await button(page, w("accept")).click();
  await button(page, w("confirm_yes")).click();
  await page.getByLabel(w("code_of", { name: names[login] }), { exact: true }).waitFor();
}
// Takes the code from the page, and comes in.
export async function enter(me, login, id, { client_of = terminal } = {}) {
  hear(login, await code_of(me, login));
  await take_config(login, id);
  return client_of(login);
}
export async function open_session(me, login, { options = [], choose, client_of = terminal } = {}) {
  const id = await ask(login, ...options);
  await agree(me, login, choose);
  const client = await enter(me, login, id, { client_of });
  client.say("PS1='pret> '; echo entr''e\n");
  await client.prints("entre");
  return { id, client };
}
