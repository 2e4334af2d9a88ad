// A large file through the browser's own path: SFTP of MEGABYTES (1024) in Chromium, through a relay, from and to
// the product's server, with what memory the page used, sampled as it runs; beside it the stock client's time.
//   node tests/web_ssh/large.mjs [MEGABYTES]
import { createHash } from "node:crypto";
import { execFileSync, spawn } from "node:child_process";
import { createReadStream, closeSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { alice, card_with, fake_gateway, intervention } from "./fake_gateway.mjs";
import { from_web } from "./packages.mjs";
import { end_all, sshd } from "./peers.mjs";

const megabytes = Number(process.argv[2] ?? 1024);
const { chromium } = from_web("playwright-core");
const hash_of = async (path) => { const hash = createHash("sha256"); for await (const part of createReadStream(path)) hash.update(part); return hash.digest("hex"); };
function make(path) {
  const block = Buffer.from(Array.from({ length: 1 << 20 }, (_, i) => (i * 31 + (i >> 8) * 7) & 255));
  const file = openSync(path, "w");
  for (let i = 0; i < megabytes; i++) (block.writeUInt32BE(i, 0), writeSync(file, block));
  closeSync(file);
}
// Everything the browser has in memory, all its processes together; it is found by its profile.
function memory_of(profile) {
  const tree = new Set(readdirSync("/proc").filter((n) => /^\d+$/.test(n)).filter((pid) => { try { return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(profile); } catch { return false; } }).map(Number));
  const all = readdirSync("/proc").filter((n) => /^\d+$/.test(n)).map((pid) => { try { return { pid: Number(pid), status: readFileSync(`/proc/${pid}/status`, "utf8") }; } catch { return null; } }).filter(Boolean);
  for (let grown = true; grown; ) { grown = false; for (const { pid, status } of all) if (!tree.has(pid) && tree.has(Number(/PPid:\s+(\d+)/.exec(status)?.[1]))) (tree.add(pid), (grown = true)); }
  return all.filter(({ pid }) => tree.has(pid)).reduce((sum, { status }) => sum + Number(/RssAnon:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024, 0);
}

const gateway = await fake_gateway();
// With a profile on disk: without one a browser's private files lie in its memory.
const profile = mkdtempSync(join(tmpdir(), "pontlevis-profile-"));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", acceptDownloads: true, locale: "fr-FR", args: ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
});
const page = await context.newPage();
await page.addInitScript(() => delete globalThis.showSaveFilePicker);
page.on("dialog", (d) => d.accept());
await page.goto(`${gateway.url}#/card`);
await page.getByRole("button", { name: "Créer une clé dans ce navigateur" }).click();
const line = await page.locator(".copy-line code", { hasText: "ecdsa-sha2-nistp256" }).innerText();
gateway.card = card_with([{ line, fingerprint: await page.locator(".pairs .mono").innerText() }]);
const stock = "/tmp/pontlevis-large-key";
execFileSync("sh", ["-c", `rm -f ${stock} ${stock}.pub; ssh-keygen -q -t ed25519 -N '' -f ${stock}`]);
const peer = await sshd({ keys: [line, readFileSync(`${stock}.pub`, "utf8").trim()] });
const source = `${peer.home}/large.bin`;
make(source);
const wanted = await hash_of(source);
Object.assign(gateway, { peer, intervention: intervention({ host_keys: [{ line: peer.host_key_line, fingerprint: "" }] }) });
gateway.tap.push = () => 0;  // this run is long: nothing is kept

async function run(what, begin, over) {
  const samples = [];
  const watch = setInterval(() => samples.push(memory_of(profile)), 1000);
  const from = performance.now();
  await begin();
  await over();
  clearInterval(watch);
  const seconds = (performance.now() - from) / 1000;
  const steady = samples.slice(Math.floor(samples.length / 5));
  if (process.env.SAMPLES) console.log(`# ${samples.map(Math.round).join(" ")}`);
  console.log(`# ${what}: ${megabytes} MB in ${seconds.toFixed(1)} s = ${(megabytes / seconds).toFixed(1)} MB/s; memory of the whole browser ${Math.round(Math.min(...steady))} to ${Math.round(Math.max(...steady))} MB`);
  return { seconds, spread: Math.max(...steady) - Math.min(...steady) };
}
await page.goto(`${gateway.url}#/interventions/${gateway.intervention.id}`);
await page.locator("#session-code-long").check();
await page.locator("#session-code").fill("x");
await page.getByRole("button", { name: "Entrer", exact: true }).click();
await page.getByRole("tab", { name: "Fichiers" }).click();
await page.locator(".path-form input").fill(peer.home);
await page.getByRole("button", { name: "Aller" }).click();
const download = page.waitForEvent("download", { timeout: 0 });
let file;
const down = await run("down", () => page.getByRole("button", { name: "Télécharger large.bin" }).click(), async () => (file = await download));
const copy = `/tmp/pontlevis-${process.pid}-up.bin`;
await file.saveAs(copy);
const same_down = (await hash_of(copy)) === wanted;
const up = await run("up", () => page.locator("input[type=file]").setInputFiles(copy), () => page.locator(".transfer-done", { hasText: "vers le cabinet" }).waitFor({ timeout: 0 }));
const name = readdirSync(peer.home).find((n) => n.endsWith("-up.bin"));
const same_up = (await hash_of(`${peer.home}/${name}`)) === wanted;
const options = ["-F", "none", "-i", stock, "-o", "IdentitiesOnly=yes", "-p", String(peer.port), "-o", "StrictHostKeyChecking=accept-new", "-o", "UserKnownHostsFile=/tmp/pontlevis-large-known", "-c", "aes256-gcm@openssh.com"];
const from = performance.now();
// Not spawnSync: what sshd says has to be read meanwhile, or it stops.
const status = await new Promise((done) => spawn("ssh", [...options, `${alice}@127.0.0.1`, `cat ${source}`], { stdio: "ignore" }).on("exit", done));
const native = (performance.now() - from) / 1000;
console.log(status === 0 ? `# stock ssh to the server itself, down, the same file and cipher: ${(megabytes / native).toFixed(1)} MB/s; the browser has ${(native / down.seconds).toFixed(2)} of it` : "# stock ssh did not run here");
console.log(`${same_down ? "ok" : "not ok"} - down: the same file`);
console.log(`${same_up ? "ok" : "not ok"} - up: the same file`);
console.log(`${down.spread < 150 && up.spread < 150 ? "ok" : "not ok"} - the memory stays within 150 MB while ${megabytes} MB pass`);
for (const path of [copy, stock, `${stock}.pub`, "/tmp/pontlevis-large-known"]) try { unlinkSync(path); } catch { /* not there */ }

await context.close();
rmSync(profile, { recursive: true, force: true });
await gateway.close();
end_all();
process.exit(same_down && same_up ? 0 : 1);
