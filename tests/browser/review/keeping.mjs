// Keeping and destroying: the policy validated, a hold placed and lifted, one value erased with its certificate; what
// the log, the backups and the deliveries say of themselves.
import { look, text_of } from "../support/browser.mjs";
import { until } from "../support/lab.mjs";
import { expect, story } from "../support/promise.mjs";
import { as_review, deed, records, see } from "./people.mjs";
import { verify } from "./reading.mjs";

export const keeping = (cast) => story("keeping", [
  ["the retention policy is read, and validated by the DPO with a proof of presence", async () => {
    const { page, w } = cast.dpo;
    await see(cast.dpo, "#/retention");
    await page.getByText(w("rt_not_validated")).waitFor();
    await look(cast.dpo, "retention");
    await deed(cast.dpo, w("rt_validate"), w("rt_validate_yes"));
    await page.locator(".note-good").first().waitFor();
  }],
  ["an intervention is held, shown as held, and the hold is lifted with a reason", async () => {
    const { page, w } = cast.dpo;
    await see(cast.dpo, `#/interventions/${cast.worked}`);
    await deed(cast.dpo, w("act_hold"), w("act_hold_yes"), (form) => form.locator("#hold-reason").fill("Litige, dossier L-2026-4"));
    await page.getByText(w("iv_held")).waitFor();
    await see(cast.dpo, "#/retention/holds");
    await page.getByText("Litige, dossier L-2026-4").waitFor();
    await look(cast.dpo, "holds");
    await deed(cast.dpo, new RegExp(`^${w("hd_lift")}`), w("hd_lift_yes"), (form) => form.locator("textarea").fill("Le litige est éteint"));
    await page.getByText(w("hd_none")).waitFor();
  }],
  ["one value is erased: it is gone from the page, its certificate is there, and the rest still verifies", async () => {
    const { page, w } = cast.dpo;
    await see(cast.dpo, `#/interventions/${cast.cancelled}`);
    await deed(cast.dpo, new RegExp(`^${w("act_erase")}`), w("act_erase_yes"), async (form) => {
      const value = form.locator("#erase-value");
      const option = await value.locator("option", { hasText: w.language === "fr" ? "Motif" : "Reason" }).first().getAttribute("value");
      await value.selectOption(option);
      await form.locator("#erase-words").fill("Demande d'effacement, dossier E-1");
    });
    await until("the certificate", async () => (await as_review(page, "/certificates")).body.items.some((c) => c.reason === "ERASURE_REQUEST"), 30);
    await see(cast.dpo, "#/");
    await see(cast.dpo, `#/interventions/${cast.cancelled}`);
    await page.locator(".record summary").first().click();
    await page.getByText(w("rc_destroyed")).first().waitFor();
    await look(cast.dpo, "erased");
    const said = await verify(cast.dpo);
    expect("the rest verifies", said.includes(w("pf_ok")), said, await text_of(page.locator(".steps")));
    await page.getByRole("link", { name: new RegExp(`^${w("rc_certificate")}`) }).first().click();
    await page.getByRole("heading", { level: 1, name: new RegExp(w("ct_whole", { id: "" }).trim()) }).waitFor();
    await page.getByRole("button", { name: w("read_text") }).click();
    await page.locator(".paper-text").waitFor();
    await look(cast.dpo, "certificate", { again: async (words) => (await page.locator(".paper-text").count()) || (await page.getByRole("button", { name: words("read_text") }).click(), await page.locator(".paper-text").waitFor()) });
  }],
  ["log, reviews, contract ends, unasked data, backups and deliveries are whole in both languages", async () => {
    for (const place of ["log", "retention/certificates", "retention/reviews", "retention/contracts", "retention/spontaneous", "backups", "deliveries"]) {
      await see(cast.dpo, `#/${place}`);
      expect(`no refusal in ${place}`, (await cast.dpo.page.locator("main [role=alert]").count()) === 0, await cast.dpo.page.locator("main").innerText());
      await look(cast.dpo, place.replace("/", "-"));
    }
  }],
  ["each act stands in the log", async () => {
    const all = await records();
    for (const event of ["PLACED", "LIFTED"]) expect(event, all.some((r) => r.type === "hold" && r.event === event), all.filter((r) => r.type === "hold"));
    expect("the destruction", all.some((r) => r.type === "destruction" && r.reason === "ERASURE_REQUEST"), all.filter((r) => r.type === "destruction"));
  }],
], { seconds: 150 });
