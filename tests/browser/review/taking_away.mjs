// Exports: a table, a report and a proof pack, each opened as their reader would, each a record of the log.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { button, look, settled } from "../support/browser.mjs";
import { sh, until, work } from "../support/lab.mjs";
import { expect, story } from "../support/promise.mjs";
import { as_review, records, see } from "./people.mjs";
import { tickets } from "./work.mjs";

const ready = (me, format) => until(`the ${format}`, async () => {
  const { body } = await as_review(me.page, "/review/exports");
  const one = body.items.find((e) => e.format === format);
  if (one?.state === "FAILED") throw new Error(one.why);
  return one?.state === "READY" ? one : null;
}, 40);

// Asked for, made, fetched by the page, which holds it against the digest of the log before it gives it.
async function take(me, address, format) {
  const { page, w } = me;
  await see(me, address);
  await page.locator(`input[name="format"][value="${format}"]`).check();
  await button(page, w("ex_send")).click();
  await page.getByText(w("ex_made")).first().waitFor();
  const one = await ready(me, format);
  await button(page, w("ex_again")).click();
  await settled(page);
  const get = page.getByRole("button", { name: `${w("ex_get")} ${one.file}`, exact: true });
  await get.waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), get.click()]);
  await page.getByText(w("ex_sum_good")).first().waitFor();
  const path = join(work, one.file);
  await download.saveAs(path);
  return { path, one };
}

export const taking_away = (cast) => story("taking away", [
  ["a table of what was searched, which a spreadsheet opens", async () => {
    const { path, one } = await take(cast.dpo, "#/exports?new=CSV", "CSV");
    const lines = readFileSync(path, "utf8").replace(/^\ufeff/, "").trim().split("\r\n");
    expect("a heading and three lines", lines.length === 4 && one.count === 3, lines);
    expect("the tickets", Object.values(tickets).every((t) => lines.some((l) => l.includes(t))), lines);
    await look(cast.dpo, "exports");
  }],
  ["a proof pack that pontlevis-audit accepts, and refuses once a byte is changed", async () => {
    const { path } = await take(cast.dpo, `#/exports?new=PROOF_PACK&intervention=${cast.worked}`, "PROOF_PACK");
    const said = await sh(`program audit verify --bundle "$1"`, path);
    expect("verified", said.length > 0, said);
    await sh(`cp "$1" "$1.bad.zip" && size=$(stat -c %s "$1") && printf 'X' | dd of="$1.bad.zip" bs=1 seek=$((size / 2)) conv=notrunc 2>/dev/null; ! program audit verify --bundle "$1.bad.zip" >/dev/null 2>&1`, path);
  }],
  ["the record on paper, with its proof", async () => {
    const { page, w } = cast.dpo;
    await see(cast.dpo, `#/interventions/${cast.worked}`);
    const [download] = await Promise.all([page.waitForEvent("download"), button(page, w("iv_print_pdf")).click()]);
    const path = join(work, "fiche.pdf");
    await download.saveAs(path);
    expect("a PDF", readFileSync(path).subarray(0, 5).toString() === "%PDF-");
  }],
  ["an altered file is not given to the reader", async () => {
    const { page, w } = cast.dpo;
    await see(cast.dpo, "#/exports");
    await page.route("**/exports/*/file", (route) => route.fulfill({ body: "autre chose", contentType: "text/csv" }));
    await page.getByRole("button", { name: new RegExp(`^${w("ex_get")}`) }).first().click();
    await page.getByText(w("ex_sum_bad")).first().waitFor();
    await page.unroute("**/exports/*/file");
  }],
  ["each stands in the log with who, what for, its digest and its last day", async () => {
    const left = (await records()).filter((r) => r.type === "exported");
    for (const format of ["CSV", "PROOF_PACK"]) expect(format, left.some((r) => r.format === format && r.purpose === "INCIDENT" && /^[0-9a-f]{64}$/.test(r.sha256) && r.expires_on), left);
  }],
], { seconds: 150 });
