// The registers: an entry of Article 30 validated, a request of a person answered with its files, a breach from its
// draft to the notice and its proof of delivery.
import { button, look } from "../support/browser.mjs";
import { practice, until } from "../support/lab.mjs";
import { expect, story } from "../support/promise.mjs";
import { as_review, deed, records, see } from "./people.mjs";

export const registers = (cast) => story("registers", [
  ["an Article 30 entry is read in both languages and validated by the DPO", async () => {
    const { page, w } = cast.dpo;
    await see(cast.dpo, "#/registers");
    await look(cast.dpo, "processing");
    await page.locator(".grid tbody th a").first().click();
    await page.getByRole("button", { name: w("a30_validate"), exact: true }).waitFor();
    await look(cast.dpo, "processing-entry");
    await deed(cast.dpo, w("a30_validate"), w("a30_validate_yes"));
    await page.locator(".tag-good").first().waitFor();
  }],
  ["a practice's own entry is read on the page and its copy is a record", async () => {
    const { page, w } = cast.dpo;
    await see(cast.dpo, "#/registers");
    await page.locator("#a30-practice").selectOption(practice);
    await page.getByRole("button", { name: new RegExp(`^${w("read_text")}`) }).click();
    await page.locator(".paper-text").waitFor();
    const entry = await page.locator(".paper-text").textContent();
    expect("the entry is a whole one", entry.length > 300, entry);
    await look(cast.dpo, "processing-of-a-practice");
    expect("the copy stands in the log", (await records()).some((r) => r.type === "exported" && r.filter === "processing-entry" && r.practice === practice));
  }],
  ["a request of a person: entered, identity checked, searched, answered with files", async () => {
    const { page, w } = cast.dpo;
    await see(cast.dpo, "#/registers/rights");
    await deed(cast.dpo, w("rr_new"), w("rr_send"), async (form) => {
      await form.locator("#rr-type").selectOption("ACCESS");
      await form.locator("#rr-channel").selectOption("EMAIL");
      await form.locator("#rr-status").selectOption("TECHNICIAN");
      await form.locator("#rr-requester").fill("Alice Exemple");
      await form.locator("#rr-contact").fill("alice@exemple.example");
      await form.locator("#rr-text").fill("Que conservez-vous sur moi ?");
    });
    await page.getByRole("heading", { level: 1, name: /Alice Exemple/ }).waitFor();
    await deed(cast.dpo, w("rr_identity_act"), w("rr_identity_yes"), async (form) => {
      await form.locator("#identity-method").selectOption("CALL_BACK");
      await form.locator('input[value="CONFIRMED"]').check();
    });
    await deed(cast.dpo, w("rr_search"), w("rr_search_yes"), (form) => form.locator("#search-login").fill("alice"));
    const id = /rights\/([^/?]+)/.exec(page.url())[1];
    await until("what is held about her", async () => (await as_review(page, `/rights-requests/${id}`)).body.found > 0, 40);
    await see(cast.dpo, "#/registers/rights");
    await look(cast.dpo, "rights");
    await see(cast.dpo, `#/registers/rights/${id}`);
    await deed(cast.dpo, w("rr_answer"), w("rr_answer_yes"), async (form) => {
      await form.locator("#answer-outcome").selectOption("GRANTED");
      await form.locator("#answer-words").fill("Voici ce que nous conservons sur vous.");
    });
    await page.getByText(w("rr_files"), { exact: true }).waitFor();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: /\.html$/ }).first().click()]);
    expect("a file", (await download.suggestedFilename()).endsWith(".html"));
    await look(cast.dpo, "rights-request");
  }],
  ["a breach: opened as a draft, completed, confirmed with its clocks, its scope computed", async () => {
    const { page, w } = cast.dpo;
    await see(cast.dpo, "#/registers/breaches");
    await deed(cast.dpo, w("br_new"), w("br_new"), (form) => form.locator("#breach-description").fill("Un compte d'intervenant a servi depuis un poste volé."));
    await page.getByText(w("br_no_clock")).waitFor();
    await button(page, w("br_change")).click();
    await page.locator("#br-CONFIDENTIALITE").check();
    await page.locator("#br-severity").selectOption("HIGH");
    await page.locator("#br-measures_taken").fill("Carte révoquée\nCompte fermé");
    await look(cast.dpo, "breach-form", { languages: ["fr"] });
    await button(page, w("br_save")).click();
    await page.getByText("Carte révoquée ; Compte fermé").waitFor();
    await deed(cast.dpo, w("br_confirm"), w("br_confirm_yes"));
    await page.getByText(w.language === "fr" ? "72 heures : la CNIL" : "72 hours: the CNIL").first().waitFor();
    await deed(cast.dpo, w("br_scope_act"), w("br_scope_yes"));
    await page.getByText(practice).first().waitFor();
  }],
  ["the practice is notified with a text that was read first, its receipt noted, and each step is a record", async () => {
    const { page, w } = cast.dpo;
    await deed(cast.dpo, w("br_notify"), w("br_notify_yes"), async (form) => {
      await form.locator("#notify-recipient").selectOption(practice);
      await form.getByRole("button", { name: new RegExp(`^${w("read_text")}`) }).click();
      await form.locator(".paper-text").waitFor();
    });
    await deed(cast.dpo, new RegExp(`^${w("br_deliver")}`), w("br_deliver_yes"), (form) => form.locator("input").fill("accusé du courriel"));
    await page.getByText("accusé du courriel").waitFor();
    await look(cast.dpo, "breach");
    const steps = (await records()).filter((r) => r.type === "breach").map((r) => r.event);
    for (const event of ["DRAFTED", "CONFIRMED", "NOTIFIED"]) expect(event, steps.includes(event), steps);
    await see(cast.dpo, "#/registers/breaches");
    await look(cast.dpo, "breaches");
  }],
], { seconds: 150 });
