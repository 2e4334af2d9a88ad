// The session in Chromium under the gateway's own content policy, against real SSH servers. Each test says what
// it promises; pictures land in PONTLEVIS_SHOTS.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { alice, card_with, fake_gateway, intervention, person } from "./fake_gateway.mjs";
import { farewell } from "./farewell.mjs";
import { from_web } from "./packages.mjs";
import { end_all, product_server, sshd } from "./peers.mjs";

const { chromium } = from_web("playwright-core");
const axe = readFileSync(from_web.resolve("axe-core/axe.min.js"), "utf8");
const shots = process.env.PONTLEVIS_SHOTS;
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const troubles = [];
let gateway, browser, context, page, line, ours, theirs;

async function look(name) {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
  await page.evaluate(axe + ";0");
  const { violations } = await page.evaluate(() => axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(" ") + " " + n.failureSummary).join(" | ")}`), [], name);
}
const button = (name) => page.getByRole("button", { name, exact: true });
const tab = (name) => page.getByRole("tab", { name, exact: true }).click();
const keys_of = (peer) => [{ line: peer.host_key_line, fingerprint: "" }];
async function go(peer, more = {}) {
  Object.assign(gateway, { peer, farewell: null, meddle: (bytes) => bytes, intervention: intervention({ host_keys: keys_of(peer), ...more }) });
  gateway.tap.length = 0;
  await page.goto("about:blank");
  await page.goto(`${gateway.url}#/interventions/${gateway.intervention.id}`);
  await page.locator("#gate").waitFor();
}
// The sample server's password is none of the phone's kind; sshd asks for none.
async function join(code) {
  if (!code) await page.locator("#session-code-long").check();
  await page.locator("#session-code").fill(code ?? "SAMPLE-CODE");
  await button("Entrer").click();
}
const joined = () => page.getByRole("tablist", { name: "Outils de la session" }).waitFor();

before(async () => {
  gateway = await fake_gateway();
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-proxy-server"] });
  context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce", locale: "fr-FR", acceptDownloads: true });
  if (shots) mkdirSync(shots, { recursive: true });
  // There is no dialog to choose a place in a browser without a head.
  await context.addInitScript(() => delete globalThis.showSaveFilePicker);
  page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on("console", (m) => ["error", "warning"].includes(m.type()) && !/WebSocket connection|Failed to load/.test(m.text()) && troubles.push(m.text()));
  page.on("pageerror", (e) => troubles.push(e.stack));
  page.on("dialog", (dialog) => dialog.accept());
});
after(async () => {
  await browser?.close();
  await gateway?.close();
  end_all();
});

test("a key is made in the browser, cannot be taken out, and its request is an ordinary .pub file", async () => {
  await page.goto(`${gateway.url}#/card`);
  await button("Créer une clé dans ce navigateur").click();
  line = await page.locator(".copy-line code", { hasText: "ecdsa-sha2-nistp256" }).innerText();
  assert.match(line, new RegExp(`^ecdsa-sha2-nistp256 \\S+ ${alice}@pontlevis-console-`));
  await look("key");
  const download = page.waitForEvent("download");
  await button("Télécharger la demande pour l'administrateur").click();
  const file = await download;
  assert.equal(file.suggestedFilename(), `${alice}-console.pub`);
  assert.equal(readFileSync(await file.path(), "utf8").trim(), line);
  const extractable = await page.evaluate((alice) => new Promise((done) => {
    indexedDB.open("pontlevis-keys").onsuccess = (e) => (e.target.result.transaction("keys").objectStore("keys").get(alice).onsuccess = (g) => done(g.target.result.pair.privateKey.extractable));
  }), alice);
  assert.equal(extractable, false);
  await page.reload();
  assert.equal(await page.locator(".copy-line code", { hasText: "ecdsa-sha2-nistp256" }).innerText(), line);
  const print = await page.locator(".pairs .mono").innerText();
  gateway.card = card_with([{ line, fingerprint: print }]);
  await page.reload();
  await page.getByText("oui : vous pouvez entrer en session dans ce navigateur").waitFor();
  ours = await product_server({ keys: [line] });
  theirs = await sshd({ keys: [line], hosts: "127.0.0.1 desktop" });
});

test("the gate: words of the key, a field for dictated codes, what is wrong with one", async () => {
  await go(ours);
  assert.equal((await page.locator(".words span").allInnerTexts()).length, 4);
  const field = page.locator("#session-code");
  await field.pressSequentially("k7 qmol2rt x9ab");
  assert.equal(await field.inputValue(), "K7QM-012R-TX9A");
  await field.fill("");
  await field.pressSequentially("k7u");
  await page.getByText("Ces signes n'existent pas dans un tel mot de passe : U").waitFor();
  await button("Entrer").click();
  await page.getByText("Il manque des signes : 2 sur 12.").waitFor();
  await look("gate");
});

test("a wrong password is asked for again; three times ends it with a way forward", async () => {
  await go(ours);
  await join("0000-0000-0000");
  await page.getByText("Ce mot de passe n'est pas le bon").waitFor();
  await look("gate-wrong");
  await join("0000-0000-0001");
  await page.waitForFunction(() => document.querySelector("#session-code")?.value === "");
  await join("0000-0000-0002");
  await page.locator("[role=alert]", { hasText: "Ce mot de passe n'ouvre plus rien." }).waitFor();
});

test("wrong host key: nothing is sent, and a person reads what to do", async () => {
  await go(ours, { host_keys: keys_of(theirs) });
  await join();
  await page.locator("[role=alert]", { hasText: "Ce n'est pas la clé du cabinet" }).waitFor();
  await page.getByText("N'essayez pas de nouveau.").waitFor();
  await look("wrong-host-key");
  assert.ok(!Buffer.concat(gateway.tap).includes("ssh-userauth"));
});

test("what the gateway refuses is told in its words", async () => {
  await go(ours);
  gateway.farewell = farewell("the practice is not connected");
  await join();
  await page.locator("[role=alert]", { hasText: "the practice is not connected" }).waitFor();
});

const screen_text = () => page.evaluate(() => [...document.querySelectorAll(".screen-place:not([hidden]) .xterm-rows > div")].map((row) => row.textContent).join("\n"));
const until_text = (pattern) => page.waitForFunction((p) => new RegExp(p).test([...document.querySelectorAll(".screen-place:not([hidden]) .xterm-rows > div")].map((row) => row.textContent).join("\n")), pattern);
const paste = (words) => page.evaluate((text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}, words);
const enter = async (name) => {
  await tab(name);
  await page.waitForFunction(() => document.activeElement.classList.contains("xterm-helper-textarea") && document.activeElement.closest(".screen-place:not([hidden])"));
};
const type = (words) => page.keyboard.type(words, { delay: 2 });

test("terminals: typed, painted, resized, several, left by keyboard; accents; the end of one", async () => {
  await go(theirs);
  await join();
  await joined();
  await page.locator(".xterm-rows").first().waitFor();
  await until_text("[#$>]");
  await type("PS1='> '; stty size; echo $LANG; ");
  await paste("echo 'dé''jà 😀'");
  await page.keyboard.press("Enter");
  await until_text("\\d+ \\d+[\\s\\S]*fr_FR.UTF-8[\\s\\S]*déjà 😀");
  const [, rows, cols] = /(\d+) (\d+)/.exec((await screen_text()).split("stty size").pop());
  assert.ok(Number(cols) > 80 && Number(rows) > 20, `${cols}x${rows}`);
  await page.setViewportSize({ width: 900, height: 700 });
  await type("stty size; echo again\n");
  await until_text("again");
  await page.waitForFunction(() => document.querySelectorAll(".xterm-rows > div").length > 0);
  await look("terminal");
  await page.keyboard.press("Control+Shift+F6");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Revenir au terminal");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("tab", { name: "Terminal 2" }).waitFor();
  await until_text("[#$>]");
  await type("echo sec''ond; exit 3\n");
  await until_text("second[\\s\\S]*terminal terminé, code 3");
  await button("Mode lecteur d'écran").click();
  await look("terminals-two");
  await page.setViewportSize({ width: 1280, height: 900 });
  await enter("Terminal 1");
  await type("echo still''here\n");
  await until_text("stillhere");
});

test("leaving the view and coming back closes nothing", async () => {
  await page.evaluate(() => (location.hash = "#/card"));
  await page.locator("#browser-key").waitFor();
  await page.goBack();
  await enter("Terminal 1");
  await until_text("stillhere");
  await type("echo back''again\n");
  await until_text("backagain");
});

test("pause, pair and clock are told from the outside", async () => {
  gateway.change({ pair: true, operators: [...gateway.intervention.operators, person("bruno", "PAIR")], state: "PAUSED", ends_at: new Date(Date.now() + 200_000).toISOString() });
  await page.getByText("Il manque un membre du binôme").waitFor();
  await page.getByText("Il reste moins de cinq minutes.").first().waitFor();
  await look("paused");
  gateway.change({ state: "OPEN", connected: [alice, "bruno"], ends_at: new Date(Date.now() + 1_000_000).toISOString() });
  await page.getByText("Le binôme est réuni.").waitFor();
});

const put = async (files) => {
  await page.locator("input[type=file]").setInputFiles(files);
};
test("files: both ways, identical, with true numbers; dropped; replaced; renamed; removed", async () => {
  await go(ours);
  await join();
  await joined();
  await tab("Fichiers");
  await page.locator(".path-form input").fill(ours.home);
  await button("Aller").click();
  await page.getByText("0.pub").waitFor();
  const content = randomBytes(5_000_123);
  await put([{ name: "été.bin", mimeType: "application/octet-stream", buffer: content }]);
  await page.locator(".transfer-done", { hasText: "été.bin" }).waitFor();
  assert.equal(sha256(readFileSync(`${ours.home}/été.bin`)), sha256(content));
  const download = page.waitForEvent("download");
  await button("Télécharger été.bin").click();
  const file = await download;
  assert.equal(sha256(readFileSync(await file.path())), sha256(content));
  await page.locator(".transfer-done", { hasText: "vers cet ordinateur" }).waitFor();
  await look("files");
  await put([{ name: "été.bin", mimeType: "application/octet-stream", buffer: Buffer.from("new") }]);
  await page.getByText("Un fichier de ce nom existe déjà.").waitFor();
  await button("Remplacer").click();
  await page.waitForFunction(() => [...document.querySelectorAll(".transfer-done")].some((e) => e.textContent.includes("3")));
  assert.equal(readFileSync(`${ours.home}/été.bin`, "utf8"), "new");
  const dropped = await page.evaluateHandle(() => { const d = new DataTransfer(); d.items.add(new File(["dropped"], "drop.txt")); return d; });
  await page.dispatchEvent(".practice-files", "drop", { dataTransfer: dropped });
  await button("Télécharger drop.txt").waitFor();
  assert.equal(readFileSync(`${ours.home}/drop.txt`, "utf8"), "dropped");
  await button("Renommer drop.txt").click();
  await page.getByLabel("Nouveau nom").fill("renamed.txt");
  await button("Confirmer").click();
  await button("Supprimer renamed.txt").click();
  await look("files-remove");
  await button("Confirmer").click();
  await button("Télécharger renamed.txt").waitFor({ state: "detached" });
  await button("Nouveau dossier").click();
  await page.getByLabel("Nom du dossier").fill("sous-dossier");
  await button("Confirmer").click();
  await page.locator("button.folder", { hasText: "sous-dossier" }).click();
  await page.getByText("Ce dossier est vide.").waitFor();
});

test("files: what was not consented is not offered, and why is said", async () => {
  await go(ours, { access_types: ["VIEW", "TRANSFER_OUT"], tools: ["files"] });
  await join();
  await joined();
  await page.getByText("Le cabinet n'a pas accordé le dépôt de fichiers.").waitFor();
  assert.equal(await button("Déposer des fichiers…").count(), 0);
  assert.equal(await page.getByRole("tab").count(), 1);
});

test("a service: the line for a stock client", async () => {
  await go(ours);
  await join();
  await joined();
  await tab("Services");
  await page.getByText("ssh -N -L 10104:dicom:PORT serveur.cabinet-exemple").waitFor();
  await look("services");
});

test("a link that breaks is told, with a way back by the key alone", async () => {
  gateway.cut();
  await page.locator("[role=alert]", { hasText: "La liaison avec le cabinet est coupée." }).waitFor();
  await button("Revenir sans mot de passe").waitFor();
  await look("cut");
  await button("Revenir sans mot de passe").click();
  await page.locator("#session-code").waitFor();  // this server asks all the same
  await join();
  await joined();
});

test("bytes changed on the way: it closes by itself and says so", async () => {
  gateway.meddle = (bytes, way) => (way === "down" && bytes.length > 40 && (bytes[30] ^= 1), bytes);
  await tab("Fichiers").catch(() => {});  // it may be gone before the click
  await page.locator("[role=alert]", { hasText: "Des octets ont été modifiés en route" }).waitFor();
});

test("the desktop: painted in its own part, typed into, left by keyboard; only seen without CONTROL", { skip: !has_vnc() }, async () => {
  const vnc = spawn("Xtigervnc", [":97", "-rfbport", "5900", "-localhost", "-SecurityTypes", "None", "-geometry", "640x480", "-depth", "24"], { stdio: "ignore" });
  try {
    const x = { env: { ...process.env, DISPLAY: ":97" }, stdio: "ignore" };
    await until_ok(() => spawn_code("xset", ["q"], x));
    await go(theirs);
    await join();
    await joined();
    await tab("Bureau à distance");
    await button("Afficher le bureau").click();
    await page.locator(".desktop-place canvas").waitFor();
    await button("Envoyer Ctrl+Alt+Suppr").waitFor();
    await look("desktop");
    await page.locator(".desktop-place canvas").click();
    await page.keyboard.press("Control+Shift+F6");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Fermer le bureau");
    await button("Fermer le bureau").click();
    await page.getByText("Le bureau est fermé.").waitFor();
    await go(theirs, { access_types: ["VIEW"], tools: ["desktop"] });
    await join();
    await page.getByText("Vous regardez sans agir").waitFor();
    await button("Afficher le bureau").click();
    await page.locator(".desktop-place canvas").waitFor();
    assert.equal(await button("Envoyer Ctrl+Alt+Suppr").count(), 0);
  } finally {
    vnc.kill();
  }
});

test("in English and in the dark, the same; nothing readable passed the relay; no violation of the policy", async () => {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.getByRole("button", { name: "EN English" }).click();
  await go(ours);
  await look("gate-en-dark");
  await page.locator("#session-code-long").check();
  await page.locator("#session-code").fill("SAMPLE-CODE");
  await button("Join").click();
  await page.getByRole("tab", { name: "Files" }).click();
  await page.getByRole("tab", { name: "Terminal", exact: true }).click();
  await look("terminal-en-dark");
  const all = Buffer.concat(gateway.tap).toString("latin1");
  for (const word of ["SAMPLE-CODE", "sftp", "RFB 003"]) assert.ok(!all.includes(word), word);
  assert.deepEqual(troubles, []);
});

function has_vnc() {
  return ["Xtigervnc", "xset"].every((program) => process.env.PATH.split(":").some((p) => { try { readFileSync(`${p}/${program}`); return true; } catch { return false; } }));
}
const spawn_code = (program, args, options) => new Promise((done) => spawn(program, args, options).on("exit", (code) => done(code === 0)).on("error", () => done(false)));
async function until_ok(look) {
  while (!(await look())) await new Promise((again) => setTimeout(again, 50));
}
