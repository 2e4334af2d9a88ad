// What an administrator keeps, on the real gateway: each change is a record with their name; and a person who was
// given an account signs in with what was shown once. No role opens anything.
import { button, look, settled } from "../support/browser.mjs";
import { records_of_log } from "../support/log.mjs";
import { expect, story } from "../support/promise.mjs";
import { as_console, at_console, know, see, sign_in, tap } from "./people.mjs";

const records = () => records_of_log("gateway");

export const administration = () => story("administration", [
  ["the administrator's pages are whole, in both languages, with what the gateway really holds", async (s) => {
    s.admin = await at_console("admin");
    await sign_in(s.admin);
    for (const place of ["practices", "technicians", "accounts", "subprocessors", "settings"]) {
      await see(s.admin, `#/admin/${place}`);
      await look(s.admin, `admin-${place}`);
    }
  }],
  ["a change of the settings stands, and another's change is not overwritten unseen", async (s) => {
    const { page, w } = s.admin;
    await page.locator("#notice-version").fill("2026-2");
    await button(page, w("ad_settings_save")).click();
    await page.getByText(w("ad_changed")).waitFor();
    const now = await as_console(page, "/settings");
    expect("the new version", now.body.notice_version === "2026-2", now.body);
    const without = await as_console(page, "/settings", "PUT", { ...now.body, notice_version: "x" });
    expect("no change without If-Match", without.status === 412 || without.status === 428, without);
  }],
  ["an account is made: password and seed are shown once, and its owner chooses a password of their own", async (s) => {
    const { page, w } = s.admin;
    await see(s.admin, "#/admin/accounts");
    await page.locator("#account-login").fill("nouvelle");
    await page.locator("#account-name").fill("Nadia Exemple");
    await page.locator("#account-role").selectOption("compliance");
    const made = page.waitForResponse((r) => r.url().endsWith("/api/v1/accounts") && r.request().method() === "POST");
    await button(page, w("ad_account_button")).click();
    const { password, totp_secret } = await (await made).json();
    await page.getByText(password, { exact: true }).waitFor();
    await look(s.admin, "account-once", { languages: ["fr"] });
    await button(page, w("ad_account_given")).click();
    expect("not shown again", (await page.getByText(password, { exact: true }).count()) === 0);
    know({ login: "nouvelle", password, totp_secret });
    s.new_one = await at_console("nouvelle");
    await s.new_one.page.goto(tap.origin);
    await sign_in(s.new_one, { to: "pw_must" });
    await s.new_one.page.getByLabel(s.new_one.w("pw_old"), { exact: true }).fill(password);
    await s.new_one.page.getByLabel(s.new_one.w("pw_new"), { exact: true }).fill("une phrase choisie par elle");
    await button(s.new_one.page, s.new_one.w("pw_button")).click();
    await s.new_one.page.waitForURL(/\/review\//);  // where compliance works
    await settled(s.new_one.page);
  }],
  ["no role asks, reports or enters but the technician's; nobody's opens", async (s) => {
    for (const me of [s.admin, s.new_one]) {
      const asked = await as_console(me.page, "/interventions", "POST", {});
      expect("refused by role", asked.status === 403, asked);
    }
    const kept = await as_console(s.new_one.page, "/accounts");
    expect("compliance administers nothing", kept.status === 403, kept);
  }],
  ["each of these changes stands in the log, with who made it, and the log verifies", async () => {
    const all = await records();
    expect("the settings", all.some((r) => r.type === "settings" && r.notice_version === "2026-2" && r.done_by === "admin"), all.filter((r) => r.type === "settings"));
    expect("the account", all.some((r) => r.type === "account" && r.login === "nouvelle" && r.event === "added" && r.done_by === "admin"), all.filter((r) => r.type === "account"));
    expect("no secret in it", !JSON.stringify(all).includes("une phrase choisie"));
  }],
], { seconds: 120, after: async (s) => (await s.new_one?.leave(), await s.admin?.leave()) });
