// The annual review: for each kind of data, keep or destroy, and a signature (requirements B19).
import { useEffect, useState } from "preact/hooks";
import { date_only, number } from "../../shared/i18n";
import { post, put } from "../../console/api";
import { useAct, usePages, useTitle } from "../../console/hooks";
import { Outcome } from "../../console/parts/step_up";
import { announce } from "../../shared/parts/announce";
import { may_write } from "../access";
import type { AnnualReview } from "../contract";
import { word } from "../messages/codes";
import { t } from "../messages/index";
import { Deed } from "../parts/deed";
import { Grid } from "../parts/grid";
import { Card, DueDay, ListOf } from "../parts/small";
import { class_name } from "./retention_words";

type Decision = "KEEP" | "DELETE" | null;
type Decisions = Record<string, Decision>;
const decided = (review: AnnualReview): Decisions => Object.fromEntries(review.classes.map((c) => [c.id, c.decision]));

function Choice({ id, name, value, change }: { id: string; name: string; value: Decision; change: (d: Decision) => void }) {
  return (
    <select id={id} aria-label={`${t("ar_decision")} – ${name}`} value={value ?? ""} onChange={(e) => change((e.currentTarget.value || null) as Decision)}>
      <option value="">{t("ar_undecided")}</option>
      <option value="KEEP">{word("KEEP")}</option>
      <option value="DELETE">{word("DELETE")}</option>
    </select>
  );
}

function One({ review, again }: { review: AnnualReview; again: () => void }) {
  const [decisions, set_decisions] = useState(decided(review));
  useEffect(() => set_decisions(decided(review)), [review]);
  const act = useAct();
  const open = !review.signed_at && may_write();
  const changed = JSON.stringify(decisions) !== JSON.stringify(decided(review));
  const complete = Object.values(decisions).every(Boolean);
  const save = () => void act.run(async () => (await put(`/annual-reviews/${review.year}`, { decisions: Object.fromEntries(Object.entries(decisions).filter(([, d]) => d)) }), announce(t("saved")), again()));
  const columns = [{ key: "class", head: t("rt_class") }, { key: "open", head: t("rt_open"), kind: "number" as const }, { key: "oldest", head: t("rt_oldest") }, { key: "due", head: t("rt_due"), kind: "number" as const }, { key: "decision", head: t("ar_decision") }];
  return (
    <Card title={t("ar_year", { year: review.year })} id={`review-${review.year}`}>
      <p>{review.signed_at ? t("ar_signed", { name: review.signed_by ?? "", date: date_only(review.signed_at) }) : <>{t("ar_due")} <DueDay due={review.due} late={review.late} /></>}</p>
      <Grid caption={t("ar_year", { year: review.year })} columns={columns} lines={review.classes.map((c) => ({ key: c.id, cells: {
        class: class_name(c.id), open: number(c.open), oldest: date_only(c.oldest), due: number(c.due),
        decision: open ? <Choice id={`decision-${review.year}-${c.id}`} name={class_name(c.id)} value={decisions[c.id] ?? null} change={(d) => set_decisions({ ...decisions, [c.id]: d })} /> : c.decision ? word(c.decision) : t("ar_undecided"),
      } }))} />
      {review.report_sha256 && <p class="small">{t("ar_report")}{t("colon")} <code class="mono">{review.report_sha256}</code></p>}
      {open && (
        <>
          <Outcome act={act} />
          <div class="actions">
            <button type="button" class="button quiet" disabled={act.busy || !changed} onClick={save}>{t("ar_save")}</button>
            {complete && !changed
              ? <Deed label={t("ar_sign")} tone="main" what={<p>{t("ar_sign_what", { year: review.year })}</p>} yes={t("ar_sign_yes")} send={() => post(`/annual-reviews/${review.year}/sign`)} done={again} />
              : <span class="small">{t("ar_sign_first")}</span>}
          </div>
        </>
      )}
    </Card>
  );
}

export function AnnualReviews() {
  const list = usePages<AnnualReview>("/annual-reviews");
  useTitle(t("rt_reviews"));
  return (
    <>
      <h1>{t("rt_reviews")}</h1>
      <p class="lead">{t("ar_text")}</p>
      <ListOf list={list} none={t("ar_none")}>{(items) => items.map((r) => <One key={r.year} review={r} again={list.again} />)}</ListOf>
    </>
  );
}
