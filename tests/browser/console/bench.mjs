// How the console compares with the stock client, on the same gateway and agent, in the same run: a large file each
// way, what memory the browser took for it, and the echo of a key. Started by BENCH=<megabytes> console.sh.
import { closeSync, openSync, readdirSync, readFileSync, statSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { lab, sh, until, work } from "../support/lab.mjs";
import { expect, note, story } from "../support/promise.mjs";
import { button } from "../support/browser.mjs";
import { close_at_practice, come_in, opened, see, tab } from "./people.mjs";

const megabytes = Number(process.env.BENCH);
const at_home = (name) => join(lab, "home", name);
const seconds = async (act) => {
  const began = performance.now();
  await act();
  return (performance.now() - began) / 1000;
};

function make(path) {
  const block = Buffer.from(Array.from({ length: 1 << 20 }, (_, i) => (i * 31 + (i >> 8) * 7) & 255));
  const file = openSync(path, "w");
  for (let i = 0; i < megabytes; i++) block.writeUInt32BE(i, 0), writeSync(file, block);
  closeSync(file);
}
// Anonymous memory of every process of the browser, in MB; it is found by its name among our descendants.
function browser_memory() {
  const all = readdirSync("/proc").filter((n) => /^\d+$/.test(n)).map((pid) => {
    try {
      return readFileSync(`/proc/${pid}/status`, "utf8");
    } catch {
      return "";
    }
  }).filter((status) => /^Name:\s+chrom/m.test(status));
  return all.reduce((sum, status) => sum + Number(/RssAnon:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024, 0);
}
async function watched(act) {
  let peak = browser_memory();
  const look = setInterval(() => (peak = Math.max(peak, browser_memory())), 500);
  const took = await seconds(act).finally(() => clearInterval(look));
  return { took, peak };
}
const p = (list, q) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * q))];

// From the key to the letter on the screen, as the page itself sees it.
const painted_echo = (page, rounds) => page.evaluate(async (rounds) => {
  const field = document.querySelector(".screen-place:not([hidden]) .xterm-helper-textarea"), rows = document.querySelector(".screen-place:not([hidden]) .xterm-rows");
  field.focus();
  const took = [];
  for (let n = 0; n < rounds; n++) {
    const changed = new Promise((done) => {
      const watch = new MutationObserver(() => (watch.disconnect(), done(performance.now())));
      watch.observe(rows, { childList: true, subtree: true, characterData: true });
    });
    const began = performance.now();
    field.dispatchEvent(new KeyboardEvent("keypress", { key: "x", charCode: 120, keyCode: 120, bubbles: true }));
    took.push((await changed) - began);
    await new Promise((go) => setTimeout(go, 30));
  }
  return took;
}, rounds);

export const bench = (cast) => story("bench", [
  [`${megabytes} MB each way, and the echo of a key, beside the stock client`, async (s) => {
    const me = cast.alice, { page, w } = me, out = {};
    make(join(work, "big.bin"));
    s.id = await opened(me, { tools: ["shell", "files"] });
    await come_in(me, s.id);
    s.other = await opened(cast.bruno, { tools: ["shell", "files"] });
    await sh(`use_config bruno "$1"; tssh bruno "$system_id.$practice" true </dev/null`, s.other);

    out.browser_echo = await painted_echo(page, 100);
    out.native_echo = JSON.parse(await sh(`as_tech bruno python3 tests/bench/echo.py 100 ssh -tt -F "$lab/tech/bruno/ssh/config" "$system_id.$practice"`));

    await tab(me, "files").click();
    await page.locator('input[type="file"]').waitFor({ state: "attached" });
    const before = browser_memory();
    out.up = await watched(async () => {
      await page.locator('input[type="file"]').setInputFiles(join(work, "big.bin"));
      await until("the whole file", () => statSync(at_home("big.bin"), { throwIfNoEntry: false })?.size === megabytes << 20, 600);
      await page.getByText(new RegExp(`^${w.session("transfer_done", { size: "" }).split(" ")[0]}`)).first().waitFor({ timeout: 600_000 });
    });
    out.native_up = await seconds(() => sh(`tssh bruno "$system_id.$practice" true && as_tech bruno timeout 50 scp -q -F "$lab/tech/bruno/ssh/config" "$work/big.bin" "$system_id.$practice:native.bin"`));
    await button(page, w.session("files_again")).click();
    const get = page.getByRole("button", { name: w.session("files_get_name", { name: "big.bin" }), exact: true });
    await get.waitFor();
    out.down = await watched(async () => {
      const [download] = await Promise.all([page.waitForEvent("download", { timeout: 600_000 }), get.click()]);
      expect("the whole file", statSync(await download.path()).size === megabytes << 20);
    });
    out.native_down = await seconds(() => sh(`as_tech bruno timeout 50 scp -q -F "$lab/tech/bruno/ssh/config" "$system_id.$practice:native.bin" "$work/back.bin" && cmp "$work/big.bin" "$work/back.bin"`));
    const rate = (t) => `${(megabytes / t).toFixed(1)} MB/s`;
    note(`up    browser ${rate(out.up.took)}  native ${rate(out.native_up)}  ratio ${(out.native_up / out.up.took).toFixed(2)}`);
    note(`down  browser ${rate(out.down.took)}  native ${rate(out.native_down)}  ratio ${(out.native_down / out.down.took).toFixed(2)}`);
    note(`memory of the browser: ${before.toFixed(0)} MB before, at most ${out.up.peak.toFixed(0)} MB up, ${out.down.peak.toFixed(0)} MB down`);
    note(`echo  browser, painted p50 ${p(out.browser_echo, 0.5).toFixed(1)} p99 ${p(out.browser_echo, 0.99).toFixed(1)} ms  native p50 ${p(out.native_echo, 0.5).toFixed(1)} p99 ${p(out.native_echo, 0.99).toFixed(1)} ms`);
    writeFileSync(join(process.env.out, "bench.json"), JSON.stringify({ megabytes, ...out }));
  }],
], { seconds: 1500, after: async (s) => (await close_at_practice(s.id), await close_at_practice(s.other), await see(cast.alice, "#/")) });
