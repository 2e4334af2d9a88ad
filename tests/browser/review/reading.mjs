// Reading: the main courante found by its filters, one intervention with both journals, and the proof done again by
// the reader's own browser; a proof that was changed on the way is never shown as verified.
import { button, look, settled, text_of } from "../support/browser.mjs";
import { system_id } from "../support/lab.mjs";
import { expect, story } from "../support/promise.mjs";
import { as_review, records, see } from "./people.mjs";
import { reason, tickets } from "./work.mjs";

const verdict = (me) => me.page.locator(".verdict");
export async function verify(me) {
  await me.page.getByRole("button", { name: new RegExp(`^(${me.w("pf_check")}|${me.w("pf_again")})$`) }).click();
  await verdict(me).waitFor();
  return text_of(verdict(me));
}

export const reading = (cast) => story("reading", [
  ["the main courante holds every intervention, newest first, and says how many", async () => {
    const { page, w } = cast.dpo;
    await see(cast.dpo, "#/interventions");
    await page.getByText(w("mc_total_other", { n: 3 }), { exact: true }).waitFor();
    const rows = await page.locator(".grid tbody tr").allInnerTexts();
    expect("newest first", rows.length === 3 && rows[0].includes(tickets.cancelled) && rows[2].includes(tickets.worked), rows);
    await page.locator("#filter-practice").waitFor();
    await look(cast.dpo, "main-courante");
  }],
  ["a search is in the address: the same for a colleague, and for the reload of the page", async () => {
    const { page, w } = cast.dpo;
    await page.locator("#filter-text").fill(tickets.worked);
    await page.locator("#filter-state").selectOption("CLOSED");
    await button(page, w("mc_find")).click();
    await page.getByText(w("mc_total_one", { n: 1 }), { exact: true }).waitFor();
    const address = page.url();
    expect("filters in the address", address.includes(`text=${tickets.worked}`) && address.includes("state=CLOSED"), address);
    await page.reload();
    await settled(page);
    await page.getByText(w("mc_total_one", { n: 1 }), { exact: true }).waitFor();
    expect("the purpose outlives a reload", (await page.locator(".purpose-form").count()) === 0);
    for (const [query, n] of [[`system=${system_id}`, 3], ["state=REFUSED", 1], ["outcome=NONE", 2], ["not_watched=true", 1], ["tool=files&outcome=SOLVED", 1], ["emergency=true", 0], ["mark=UNSEEN", 3], ["person=alice", 3]]) {
      await see(cast.dpo, `#/interventions?${query}`);
      await page.getByText(n === 0 ? w("mc_none") : n === 1 ? w("mc_total_one", { n }) : w("mc_total_other", { n }), { exact: true }).waitFor();
    }
  }],
  ["a search is kept under a name and found again", async () => {
    const { page, w } = cast.dpo;
    await see(cast.dpo, "#/interventions?state=REFUSED");
    await button(page, w("mc_save")).click();
    await page.locator("#search-label").fill("Les refus");
    await page.locator(".deed").getByRole("button", { name: w("save"), exact: true }).click();
    await page.getByRole("link", { name: "Les refus" }).waitFor();
    await see(cast.dpo, "#/interventions");
    await page.getByRole("link", { name: "Les refus" }).click();
    await page.getByText(w("mc_total_one", { n: 1 }), { exact: true }).waitFor();
  }],
  ["one intervention tells the whole: who, when, what was done, and that both journals agree", async () => {
    const { page, w } = cast.dpo;
    await see(cast.dpo, `#/interventions/${cast.worked}`);
    const said = await page.locator("main").innerText();
    for (const words of [reason, "Alice Exemple", "Dr Camille Exemple", "Relance faite, page de test imprimee.", "essai.txt", tickets.worked]) expect(words, said.includes(words), said.slice(0, 3000));
    expect("both journals agree", said.includes(w("jr_agree_other", { n: "" }).split(":")[0].trim()), said.slice(0, 2000));
    expect("nothing verified before it was", said.includes(w("pf_not_yet")) && (await verdict(cast.dpo).count()) === 0);
  }],
  ["the reader's browser does the proof again and says what that means", async () => {
    const said = await verify(cast.dpo);
    expect("verified", said.includes(cast.dpo.w("pf_ok")), said);
    await cast.dpo.page.locator(".record summary").nth(1).click();
    await look(cast.dpo, "intervention");
  }],
  ["one changed letter on the way is shown as NOT verified, and so is another key", async () => {
    const { page, w } = cast.dpo;
    const changes = [
      (body) => ((body.records[1].disclosures[3] = body.records[0].disclosures[3]), body),
      (body) => ({ ...body, records: body.records.slice(1) }),
      (body) => ({ ...body, log_key: body.log_key.replace(/.{4}$/, "AAA=") }),
    ];
    const honest = await as_review(page, `/review/interventions/${cast.worked}/evidence`);
    expect("the evidence", honest.status === 200, honest);
    for (const change of changes) {
      await page.route("**/evidence", (route) => route.fulfill({ json: change(structuredClone(honest.body)) }));
      const said = await verify(cast.dpo);
      expect("not verified", said.includes(w("pf_wrong")) && !said.includes(w("pf_ok")), said);
      await page.unroute("**/evidence");
    }
    expect("verified again", (await verify(cast.dpo)).includes(w("pf_ok")));
    await page.getByText(w("pf_trust_same", { date: "" }).replace(/\.$/, "").trim()).waitFor();
  }],
  ["a value changed on the way to the page does not verify either", async () => {
    const { page, w } = cast.auditor;
    await see(cast.auditor, "#/interventions");
    await page.locator("#purpose").selectOption("CONTROL");
    await button(page, w("pu_button")).click();
    const { body } = await as_review(page, `/review/interventions/${cast.worked}`);
    body.records.find((r) => r.type === "report").fields.find((f) => f.name === "tasks_summary").value = "Rien n'a été fait.";
    await page.route(`**/review/interventions/${cast.worked}`, (route) => route.fulfill({ json: body }));
    await see(cast.auditor, `#/interventions/${cast.worked}`);
    const said = await verify(cast.auditor);
    await page.unroute(`**/review/interventions/${cast.worked}`);
    expect("not verified", said.includes(w("pf_wrong")), said);
    await page.reload();
    await settled(page);
    expect("as it is: verified", (await verify(cast.auditor)).includes(w("pf_ok")));
  }],
  ["a refused request is read as well; the overview counts, and ranks nobody", async () => {
    const { page } = cast.dpo;
    await see(cast.dpo, `#/interventions/${cast.refused}`);
    expect("no consent", (await page.locator("main").innerText()).includes(cast.dpo.w("iv_no_consent")));
    await see(cast.dpo, "#/overview");
    await page.locator(".heat").waitFor();
    expect("no name", !(await page.locator("main").innerText()).includes("Alice"));
    await look(cast.dpo, "overview");
  }],
  ["each look stands in the log with its purpose", async () => {
    const looks = (await records()).filter((r) => r.type === "viewed");
    const of = (login, view) => looks.filter((r) => (r.viewed_by?.login ?? r.viewed_by) === login && r.view === view);
    expect("the DPO's list", of("conformite", "list").some((r) => r.purpose === "CONTROL" && r.reference === "revue de novembre été"), looks);
    expect("the DPO's intervention", of("conformite", "intervention").some((r) => r.purpose === "INCIDENT" && r.intervention === cast.worked), looks);
    expect("the auditor's proof", of("audit", "proof").length > 0, looks);
  }],
], { seconds: 150, always: true });
