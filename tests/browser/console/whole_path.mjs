// Two technicians at the console and a practitioner at her page: request, consent, code, pair, terminal, files,
// desktop, report, on the real programs; and what the gateway's relay could see of it.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { by_keyboard, by_mouse, button, heading, look, part_named, person, sign_in as sign_in_practice, text_of } from "../support/browser.mjs";
import { lab, sh, sh_json, until, work } from "../support/lab.mjs";
import { expect, story } from "../support/promise.mjs";
import { as_console, at_console, enrol_key, fill_request, in_state, intervention, join_session, names, screen_of, see, send_request, shows, sign_in, system, tab, tap, type_in_terminal, words_at } from "./people.mjs";

const at_home = (name) => join(lab, "home", name);
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const secret_line = "DOSSIER-CANARI-7041";
const typed_word = "canari-tape-au-clavier";

async function agree_on_page(doctor, login) {
  const { page, w } = doctor;
  await heading(page, w("request_title", { name: names[login], system })).waitFor();
  await button(page, w("accept")).click();
  await button(page, w("confirm_yes")).click();
  await page.getByLabel(w("code_of", { name: names[login] }), { exact: true }).waitFor();
}
const code_on_page = async (doctor, login) => (await doctor.page.getByLabel(doctor.w("code_of", { name: names[login] }), { exact: true }).locator(".code-group").allInnerTexts()).join("-");

export const people_sign_in = (cast) => story("signing in", [
  ["two technicians sign in with password and code, each in their language", async () => {
    cast.alice = await at_console("alice");
    cast.bruno = await at_console("bruno", { language: "en" });
    await cast.alice.page.goto(tap.origin);
    await look(cast.alice, "door");
    await sign_in(cast.alice);
    await sign_in(cast.bruno);
    await look(cast.alice, "practices");
  }],
  ["each browser makes a key that cannot leave it; the vendor's offline key puts it on the card", async () => {
    for (const me of [cast.alice, cast.bruno]) await enrol_key(me);
    await look(cast.alice, "card");
    const leaves = await cast.alice.page.evaluate(async () => {
      const kept = await new Promise((done) => {
        const names = indexedDB.databases();
        names.then(async ([one]) => {
          const open = indexedDB.open(one.name);
          open.onsuccess = () => {
            const store = [...open.result.objectStoreNames][0];
            const all = open.result.transaction(store).objectStore(store).getAll();
            all.onsuccess = () => done(all.result[0]);
          };
        });
      });
      const find = (o, depth = 0) => (o instanceof CryptoKey ? (o.type === "private" ? o : null) : o && typeof o === "object" && depth < 4 ? Object.values(o).map((v) => find(v, depth + 1)).find(Boolean) : null);
      const key = find(kept);
      return key ? { extractable: key.extractable, exported: await crypto.subtle.exportKey("pkcs8", key).then(() => true, () => false) } : null;
    });
    expect("a private key that cannot be exported", leaves && !leaves.extractable && !leaves.exported, leaves);
  }],
], { seconds: 150, always: true });

export const by_mouse_with_a_pair = (cast) => story("whole path", [
  ["alice asks for everything, in a pair; she reads what the practice will read", async (s) => {
    const hand = by_mouse(cast.alice.page);
    await fill_request(cast.alice, hand, { tools: ["shell", "files", "desktop", "tcp:base"], pair: "bruno", ticket: "T-7041" });
    await look(cast.alice, "request");
    s.id = await send_request(cast.alice, hand);
    await look(cast.alice, "waiting");
  }],
  ["the practitioner reads the same request on her page and agrees", async (s) => {
    s.doctor = await person();
    await sign_in_practice(s.doctor);
    await agree_on_page(s.doctor, "alice");
    s.codes = { alice: await code_on_page(s.doctor, "alice"), bruno: await code_on_page(s.doctor, "bruno") };
    s.words_read_out = (await text_of(s.doctor.page.locator(".host-words strong").first())).split(/[\s-]+/);
  }],
  ["both consoles come to the session by themselves and show the words of the practice's page", async (s) => {
    await cast.alice.page.getByLabel(cast.alice.w.session("code_label"), { exact: true }).waitFor();
    expect("the same four words", JSON.stringify(await words_at(cast.alice)) === JSON.stringify(s.words_read_out), await words_at(cast.alice), s.words_read_out);
    await look(cast.alice, "gate");
    await see(cast.bruno, `#/interventions/${s.id}`);
    expect("bruno reads them too", JSON.stringify(await words_at(cast.bruno)) === JSON.stringify(s.words_read_out), await words_at(cast.bruno));
  }],
  ["the first of the pair is in and waits; nothing can be typed", async (s) => {
    await join_session(cast.alice, s.codes.alice);
    await cast.alice.page.getByText(new RegExp(names.bruno)).first().waitFor();
    await type_in_terminal(cast.alice, "touch typed-alone");
    await look(cast.alice, "pair-waits");
    expect("nothing was typed", !existsSync(at_home("typed-alone")));
  }],
  ["the second comes in; both see the same terminal, and either types", async (s) => {
    await join_session(cast.bruno, s.codes.bruno);
    await until("both to be connected", async () => (await intervention(cast.alice, s.id)).connected.length === 2);
    await type_in_terminal(cast.alice, `PS1='pret> '; echo ${typed_word.slice(0, 6)}''${typed_word.slice(6)}; echo ${secret_line} > dossier.txt`);
    await shows(cast.alice, typed_word);
    await shows(cast.bruno, typed_word);
    await type_in_terminal(cast.bruno, "echo de''puis-bruno");
    await shows(cast.alice, "depuis-bruno");
    expect("what was typed alone never ran", !existsSync(at_home("typed-alone")));
    await look(cast.bruno, "terminal");
  }],
  ["a window that changes its size changes the practice's terminal; accents are right", async () => {
    await type_in_terminal(cast.alice, "clear; stty size; printf '\\303\\251 \\303\\271 \\305\\223 \\342\\202\\254\\n'");
    await shows(cast.alice, "é ù œ €");
    const before = /(\d+) (\d+)/.exec(await screen_of(cast.alice.page));
    expect("a size", before !== null, await screen_of(cast.alice.page));
  }],
  ["files go in and out with true progress, whole, and by name in the record", async (s) => {
    const { page, w } = cast.alice;
    s.sent = Buffer.concat([Buffer.from("FICHIER-CANARI-1204\n"), Buffer.alloc(3_000_000, "pontlevis ")]);
    writeFileSync(join(work, "envoi.bin"), s.sent);
    await tab(cast.alice, "files").click();
    await page.getByRole("button", { name: w.session("files_get_name", { name: "dossier.txt" }), exact: true }).waitFor();
    await page.locator('input[type="file"]').setInputFiles(join(work, "envoi.bin"));
    await page.getByText(/envoi\.bin/).first().waitFor();
    await until("the whole file", () => existsSync(at_home("envoi.bin")) && sha256(readFileSync(at_home("envoi.bin"))) === sha256(s.sent));
    await look(cast.alice, "files");
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: w.session("files_get_name", { name: "dossier.txt" }), exact: true }).click()]);
    const got = readFileSync(await download.path(), "utf8");
    expect("the file as it is", got.trim() === secret_line, got);
  }],
  ["the desktop is shown, and the keyboard reaches it", async (s) => {
    const { page, w } = cast.alice;
    await tab(cast.alice, "desktop").click();
    await button(page, w.session("desktop_start")).click();
    const canvas = page.locator(".desktop-place canvas");
    await canvas.waitFor();
    await until("the desktop's blue", () => page.evaluate(() => {
      const c = document.querySelector(".desktop-place canvas");
      const [r, g, b] = c.getContext("2d").getImageData(c.width >> 2, c.height >> 2, 1, 1).data;
      return r === 0x33 && g === 0x66 && b === 0x99;
    }), 40);
    await look(cast.alice, "desktop", { languages: ["fr"], whole_page: true });
    await canvas.click({ position: { x: 120, y: 90 } });
    await page.keyboard.type("ecrit au bureau\n");
    await until("what was typed on the desktop", () => existsSync(at_home("typed")) && readFileSync(at_home("typed"), "utf8").includes("ecrit au bureau"), 30);
    await button(page, w.session("desktop_stop")).click();
    s.seen = true;
  }],
  ["a pause of the practice is told on both consoles and holds the typing", async (s) => {
    await tab(cast.alice, "terminal").click();
    await button(s.doctor.page, s.doctor.w("pause")).first().click();
    await cast.alice.page.getByText(cast.alice.w.session("paused"), { exact: true }).waitFor();
    await cast.bruno.page.getByText(cast.bruno.w.session("paused"), { exact: true }).waitFor();
    await type_in_terminal(cast.alice, "touch typed-in-a-pause");
    await look(cast.alice, "paused", { languages: ["fr"] });
    await button(s.doctor.page, s.doctor.w("resume")).first().click();
    await in_state(cast.alice, s.id, "OPEN");
    await type_in_terminal(cast.bruno, "echo apres''-pause");
    await shows(cast.alice, "apres-pause");
    expect("what was typed in the pause never ran", !existsSync(at_home("typed-in-a-pause")));
  }],
  ["alice finishes; the session is gone on both consoles, and the report is asked for", async (s) => {
    const { page, w } = cast.alice;
    await button(page, w("ss_finish")).click();
    await button(page, w("ss_finish_yes")).click();
    await page.locator("#report-tasks").or(page.getByRole("link", { name: w("rp_write") })).first().waitFor();
    await in_state(cast.alice, s.id, "ENDED");
    const processes = await sh(`session_processes "$1" || true`, s.id);
    expect("nothing of it still runs at the practice", processes === "0", processes);
  }],
  ["a half-written report outlives a reload, and is sent; the intervention is closed", async (s) => {
    const { page, w } = cast.alice;
    await see(cast.alice, `#/interventions/${s.id}/report`);
    await page.locator("#report-tasks").fill("File d'impression relue et service relancé, page d'essai imprimée.");
    await page.getByText(new RegExp(w("rp_draft_saved", { time: ".*" }))).waitFor();
    await page.reload();
    await page.locator("#report-tasks").waitFor();
    expect("what was written", (await page.locator("#report-tasks").inputValue()).includes("page d'essai"));
    await page.getByRole("radio", { name: w.code("SOLVED"), exact: true }).check();
    await page.getByRole("radio", { name: w("rp_cleanup_DONE"), exact: true }).check();
    await look(cast.alice, "report");
    await button(page, w("rp_send")).click();
    await in_state(cast.alice, s.id, "CLOSED");
    await look(cast.alice, "story");
  }],
  ["both records hold it, name the files with their hashes, and verify", async (s) => {
    await sh("both_verify");
    const record = await sh_json(`records_of agent "$1"`, s.id);
    const files = record.records.map((r) => r.fields).filter((f) => f.type === "transfer");
    expect("the file that went in", files.some((f) => f.name.endsWith("envoi.bin") && f.direction === "IN" && f.size === s.sent.length && f.sha256 === sha256(s.sent)), files);
    expect("the file that came out", files.some((f) => f.name.endsWith("dossier.txt") && f.direction === "OUT"), files);
  }],
  ["the gateway's relay carried nothing in clear: no password, no typed text, no file, no desktop", async (s) => {
    expect("it carried much", tap.relayed > 3_000_000, tap.relayed);
    const codes = Object.values(s.codes);
    for (const word of [...codes, ...codes.map((c) => c.replaceAll("-", "")), ...codes.map((c) => c.replaceAll("-", "").toLowerCase()), typed_word, secret_line, "FICHIER-CANARI-1204", "RFB 003", "ecrit au bureau"])
      expect(`no "${word}" in what the gateway can read`, !tap.holds(word));
    expect("SSH's own greeting is there, so the tap sees", tap.holds("SSH-2.0-"));
    tap.forget();
  }],
], { seconds: 120, after: (s) => s.doctor?.leave() });

export const by_keyboard_alone = (cast) => story("keyboard", [
  ["in English, by keyboard alone: asked, joined, worked in the terminal, and left it again", async (s) => {
    const me = cast.bruno, { page, w } = me;
    const hand = by_keyboard(page);
    await fill_request(me, hand, { tools: ["shell"], ticket: "T-8", reason: "The queue of the printer is stuck since this morning" });
    s.id = await send_request(me, hand);
    s.doctor = await person();
    await sign_in_practice(s.doctor);
    await agree_on_page(s.doctor, "bruno");
    const code = await code_on_page(s.doctor, "bruno");
    await page.getByLabel(w.session("code_label"), { exact: true }).waitFor();
    await hand.fill(page.getByLabel(w.session("code_label"), { exact: true }), code);
    await page.keyboard.press("Enter");
    await page.getByRole("region", { name: w.session("tools"), exact: true }).waitFor();
    await page.locator(".xterm-helper-textarea").first().waitFor({ state: "attached" });
    for (let n = 0; n < 60 && !(await page.evaluate(() => document.activeElement?.classList.contains("xterm-helper-textarea"))); n++) await page.keyboard.press("Tab");
    await shows(me, "$");
    await page.keyboard.type("echo par''-clavier\n");
    await shows(me, "par-clavier");
    await page.keyboard.press("Control+Shift+F6");
    expect("out of the terminal", await page.evaluate(() => !document.activeElement?.classList.contains("xterm-helper-textarea")));
  }],
  ["finished and reported by keyboard", async (s) => {
    const me = cast.bruno, { page, w } = me;
    const hand = by_keyboard(page);
    await hand.press(button(page, w("ss_finish")));
    await hand.press(button(page, w("ss_finish_yes")));
    await in_state(me, s.id, "ENDED");
    await see(me, `#/interventions/${s.id}/report`);
    await hand.fill(page.locator("#report-tasks"), "The print queue was emptied and the service restarted.");
    await page.getByRole("radio", { name: w.code("SOLVED"), exact: true }).focus();
    await page.keyboard.press("Space");
    await page.getByRole("radio", { name: w("rp_cleanup_NOT_APPLICABLE"), exact: true }).focus();
    await page.keyboard.press("Space");
    await hand.press(button(page, w("rp_send")));
    await in_state(me, s.id, "CLOSED");
  }],
], { seconds: 150, after: (s) => s.doctor?.leave() });

export { agree_on_page, code_on_page, as_console };
