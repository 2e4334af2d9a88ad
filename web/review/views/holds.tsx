// Legal holds: what may serve as evidence waits, until somebody looks again (requirements B18).
import { useState } from "preact/hooks";
import { date_only } from "../../shared/i18n";
import { part, post } from "../../console/api";
import { usePages, useTitle } from "../../console/hooks";
import { Radios, TextArea, TextField, Tick } from "../../console/parts/field";
import { may_write } from "../access";
import type { Hold, NewHold } from "../contract";
import { day_of } from "../filter";
import { t } from "../messages/index";
import { Deed } from "../parts/deed";
import { Card, DueDay, ListOf, says_why, Tag } from "../parts/small";
import { address } from "../route";
import { in_months } from "./acts";

type Scope = "practice" | "range" | "intervention";
const empty = (): NewHold => ({ practice: null, intervention: null, from: null, until: null, reason: "", review_on: in_months(6, Date.now()) });

// What the chosen scope does not use is not sent.
export function hold_of(scope: Scope, form: NewHold): NewHold {
  const named = { ...form, reason: form.reason.trim() };
  if (scope === "practice") return { ...named, intervention: null, from: null, until: null };
  if (scope === "intervention") return { ...named, practice: null, from: null, until: null };
  return { ...named, practice: null, intervention: null };
}
const whole = (h: NewHold): boolean => Boolean(says_why(h.reason) && h.review_on && (h.practice || h.intervention || (h.from && h.until && h.from <= h.until)));

function Place({ changed }: { changed: () => void }) {
  const [scope, set_scope] = useState<Scope>("practice");
  const [form, set_form] = useState(empty());
  const set = (change: Partial<NewHold>) => set_form({ ...form, ...change });
  const hold = hold_of(scope, form);
  return (
    <Deed label={t("hd_new")} tone="main" what={<p>{t("hd_what")}</p>} yes={t("hd_yes")} ready={whole(hold)} send={() => post("/holds", hold)} done={() => (set_form(empty()), changed())}>
      <Radios name="hold-scope" legend={t("hd_scope")} value={scope} change={(s) => set_scope(s as Scope)} choices={[["practice", t("hd_scope_practice")], ["range", t("hd_scope_range")], ["intervention", t("hd_scope_intervention")]]} />
      {scope === "practice" && <TextField id="hold-practice" label={t("hd_practice_id")} required maxLength={63} value={form.practice ?? ""} change={(v) => set({ practice: v.trim() || null })} />}
      {scope === "intervention" && <TextField id="hold-intervention" label={t("hd_intervention_id")} required maxLength={36} value={form.intervention ?? ""} change={(v) => set({ intervention: v.trim() || null })} />}
      {scope === "range" && (
        <div class="two">
          <TextField id="hold-from" type="date" label={t("mc_from")} required value={form.from ?? ""} change={(v) => set({ from: v || null })} />
          <TextField id="hold-until" type="date" label={t("mc_until")} required value={form.until ?? ""} change={(v) => set({ until: v || null })} />
        </div>
      )}
      <TextArea id="hold-reason" label={t("reason")} help={t("reason_help")} required rows={2} maxLength={500} value={form.reason} change={(reason) => set({ reason })} />
      <TextField id="hold-review" type="date" label={t("hd_review_on")} required min={day_of(Date.now())} value={form.review_on} change={(review_on) => set({ review_on })} />
    </Deed>
  );
}

function Review({ hold, changed }: { hold: Hold; changed: () => void }) {
  const [review_on, set_day] = useState(in_months(6, Date.now()));
  return (
    <Deed label={t("hd_review")} about={scope_words(hold)} what={<p>{t("hd_review_what")}</p>} yes={t("hd_review_yes")} ready={review_on !== ""} send={() => post(`/holds/${part(hold.id)}/review`, { review_on })} done={changed}>
      <TextField id={`review-${hold.id}`} type="date" label={t("hd_review_on")} required min={day_of(Date.now())} value={review_on} change={set_day} />
    </Deed>
  );
}
function Lift({ hold, changed }: { hold: Hold; changed: () => void }) {
  const [reason, set_reason] = useState("");
  return (
    <Deed label={t("hd_lift")} about={scope_words(hold)} tone="stop" what={<p>{t("hd_lift_what")}</p>} yes={t("hd_lift_yes")} ready={says_why(reason)} send={() => post(`/holds/${part(hold.id)}/lift`, { reason: reason.trim() })} done={changed}>
      <TextArea id={`lift-${hold.id}`} label={t("reason")} help={t("reason_help")} required rows={2} maxLength={500} value={reason} change={set_reason} />
    </Deed>
  );
}

export function scope_words(h: NewHold): string {
  if (h.intervention) return t("hd_of_intervention", { id: h.intervention.slice(0, 8) });
  if (h.practice) return t("hd_of_practice", { id: h.practice });
  return t("hd_of_range", { from: date_only(h.from), until: date_only(h.until) });
}

function One({ hold, changed }: { hold: Hold; changed: () => void }) {
  return (
    <li class="entry">
      <p class="entry-head"><strong>{hold.intervention ? <a href={address(["interventions", hold.intervention])}>{scope_words(hold)}</a> : scope_words(hold)}</strong> {hold.lifted_at ? <Tag>{t("hd_lifted_at", { date: date_only(hold.lifted_at) })}</Tag> : <span>{t("hd_review_on")} <DueDay due={hold.review_on} late={hold.late} /></span>}</p>
      <p>{hold.reason}</p>
      <p class="small">{t("hd_by", { name: hold.by, date: date_only(hold.placed_at) })}</p>
      {!hold.lifted_at && may_write() && <div class="actions"><Review hold={hold} changed={changed} /><Lift hold={hold} changed={changed} /></div>}
    </li>
  );
}

export function Holds() {
  const [lifted, set_lifted] = useState(false);
  const list = usePages<Hold>(`/holds${lifted ? "?lifted=true" : ""}`);
  useTitle(t("rt_holds"));
  return (
    <>
      <h1>{t("rt_holds")}</h1>
      <p class="lead">{t("hd_text")}</p>
      {may_write() && <div class="above"><Place changed={list.again} /></div>}
      <Card title={t("rt_holds")} id="holds">
        <Tick id="holds-lifted" label={t("hd_lifted_too")} on={lifted} change={set_lifted} />
        <ListOf list={list} none={t("hd_none")}>{(items) => <ul class="entries">{items.map((h) => <One key={h.id} hold={h} changed={list.again} />)}</ul>}</ListOf>
      </Card>
    </>
  );
}
