// Marks: seen, a question and its answer, a finding with its day that the other reader sees among the deadlines.
import { heading, look } from "../support/browser.mjs";
import { expect, story } from "../support/promise.mjs";
import { as_review, deed, see } from "./people.mjs";

const in_days = (n) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10);
const question = "Pourquoi le dépôt de fichiers a-t-il été demandé ?";
const finding = "Rappeler que le compte rendu nomme le service relancé.";

export const marking = (cast) => story("marking", [
  ["an intervention is noted as reviewed, and leaves the list of those that nobody has", async () => {
    const { page, w } = cast.dpo;
    await see(cast.dpo, `#/interventions/${cast.refused}`);
    await deed(cast.dpo, w("mk_seen"), w("mk_send"));
    await see(cast.dpo, "#/interventions?mark=UNSEEN");
    await page.getByText(w("mc_total_other", { n: 2 }), { exact: true }).waitFor();
  }],
  ["the auditor asks a question and makes a finding with its day", async () => {
    const { page, w } = cast.auditor;
    await see(cast.auditor, `#/interventions/${cast.worked}`);
    await deed(cast.auditor, w("mk_question"), w("mk_send"), (form) => form.locator("textarea").fill(question));
    await deed(cast.auditor, w("mk_finding"), w("mk_send"), async (form) => {
      await form.locator("textarea").fill(finding);
      await form.locator("input[type=date]").fill(in_days(2));
    });
    await page.getByText(finding).first().waitFor();
    await look(cast.auditor, "marks", { languages: ["en"], schemes: ["light"] });
  }],
  ["compliance finds both on the first view, the finding among the deadlines", async () => {
    const { page, w } = cast.dpo;
    await see(cast.dpo, "#/");
    await page.getByText(question).waitFor();
    await page.getByText(finding).waitFor();
    await page.locator(".grid").getByRole("link", { name: w.language === "fr" ? "Constat" : "Finding" }).waitFor();
    await look(cast.dpo, "home-due");
  }],
  ["compliance answers, which closes the question for both; the finding stays open", async () => {
    const { page, w } = cast.dpo;
    await see(cast.dpo, `#/interventions/${cast.worked}`);
    const of_question = page.locator(".mark-question");
    await deed(cast.dpo, new RegExp(`^${w("mk_answer")}`), w("mk_send"), (form) => form.locator("textarea").fill("Pour déposer une page d'essai."), { within: of_question });
    await of_question.getByText(w("mk_closed"), { exact: true }).waitFor();
    await see(cast.auditor, "#/");
    await cast.auditor.page.getByText(finding).waitFor();
    expect("the question is no longer open", (await cast.auditor.page.getByText(question).count()) === 0);
  }],
  ["the auditor reads and notes, and writes nothing: no act is offered, and none is taken", async () => {
    const { page, w } = cast.auditor;
    await see(cast.auditor, `#/interventions/${cast.worked}`);
    expect("no acts", (await heading(page, w("act_title")).count()) === 0);
    for (const [place, label] of [["#/retention", w("rt_run")], ["#/retention/holds", w("hd_new")], ["#/registers/rights", w("rr_new")], ["#/registers/breaches", w("br_new")]]) {
      await see(cast.auditor, place);
      expect(`not offered: ${label}`, (await page.getByRole("button", { name: label, exact: true }).count()) === 0);
    }
    const hold = { practice: null, intervention: cast.worked, from: null, until: null, reason: "x", review_on: in_days(30) };
    const open = (await as_review(page, "/review/marks?open=true")).body.items[0].id;
    for (const [path, body] of [["/holds", hold], ["/retention/run", {}], ["/breaches", {}], ["/rights-requests", {}], ["/erasures", {}], [`/review/interventions/${cast.worked}/marks`, { mark: "RESOLVED", text: "", about: open, due: null }]]) {
      const refused = await as_review(page, path, "POST", body);
      expect(`refused: ${path}`, refused.status === 403, refused);
    }
  }],
], { seconds: 120 });
