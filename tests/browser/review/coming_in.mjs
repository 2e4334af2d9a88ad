// Coming in: through the console's door, to the place that was asked for, each by their role; the purpose is asked
// for once and shown from then on.
import { button, look, settled } from "../support/browser.mjs";
import { expect, story } from "../support/promise.mjs";
import { tap } from "../console/people.mjs";
import { as_review, at_review, come_in, review_address, say_purpose, see } from "./people.mjs";

export const coming_in = (cast) => story("coming in", [
  ["who is not signed in goes through the console's door and comes back to the place that was asked for", async () => {
    cast.dpo = await at_review("conformite");
    await come_in(cast.dpo, "#/log");
    expect("the log's address", cast.dpo.page.url().endsWith("/review/#/log"), cast.dpo.page.url());
    await cast.dpo.page.getByRole("heading", { level: 1, name: cast.dpo.w("lg_title") }).waitFor();
  }],
  ["the auditor lands on the review as well, in English, and reads that they change nothing", async () => {
    cast.auditor = await at_review("audit", { language: "en" });
    await cast.auditor.page.goto(review_address());
    await come_in(cast.auditor);
    await cast.auditor.page.getByText(cast.auditor.w("reads_only"), { exact: true }).waitFor();
  }],
  ["no record is shown before it was said what for; without a purpose the gateway refuses", async () => {
    const { page } = cast.dpo;
    await see(cast.dpo, "#/");
    await page.locator(".purpose-form").waitFor();
    await look(cast.dpo, "home-bare");
    const refused = await as_review(page, "/review/interventions", "GET", undefined, null);
    expect("purpose_missing", refused.status === 400 && refused.body.code === "purpose_missing", refused);
    await see(cast.dpo, "#/interventions");
    expect("no table yet", (await page.locator(".grid").count()) === 0);
  }],
  ["the purpose is said once, stays in sight and can be changed", async () => {
    const { page, w } = cast.dpo;
    await say_purpose(cast.dpo, "CONTROL", "revue de novembre été");
    await settled(page);
    await page.locator(".grid").waitFor();
    await see(cast.dpo, "#/");
    await page.getByText("revue de novembre été").waitFor();
    await button(page, `${w("pu_change")} ${w("pu_change_of")}`).click();
    await page.locator("#purpose").selectOption("INCIDENT");
    await button(page, w("pu_button")).click();
    await page.getByText(w("pu_now")).waitFor();
    await page.locator("#unseen").waitFor();
    await look(cast.dpo, "home");
  }],
  ["from the console a link leads to the review; what the page is made of is published by its hashes", async () => {
    const { page, w } = cast.dpo;
    await page.goto(`${tap.origin}/`);
    await page.getByRole("link", { name: w("nav_review"), exact: true }).click();
    await page.waitForURL(/\/review\//);
    await settled(page);
    const sums = await page.evaluate(async () => (await fetch("/review.sha256")).text());
    const [sum] = /^([0-9a-f]{64})  index\.html$/m.exec(sums)?.slice(1) ?? [];
    const index = await page.evaluate(async () => {
      const bytes = await (await fetch("/review/")).arrayBuffer();
      return [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))].map((b) => b.toString(16).padStart(2, "0")).join("");
    });
    expect("the hash of the page", sum === index, sums, index);
  }],
], { seconds: 120, always: true });
