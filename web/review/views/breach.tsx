// One breach: its clocks, the decision, the file, who is affected, and the notices with their proof of delivery.
import { useState } from "preact/hooks";
import { date_time, language, number } from "../../shared/i18n";
import { get_file, part, post } from "../../console/api";
import { Loading, useLoad, useTitle } from "../../console/hooks";
import { Select, TextArea, TextField } from "../../console/parts/field";
import { paris_wall } from "../../console/paris";
import { Pairs } from "../../console/parts/words";
import { may_write } from "../access";
import { time_of, wall_of } from "../breach_file";
import type { Breach } from "../contract";
import { word } from "../messages/codes";
import { t } from "../messages/index";
import { Deed } from "../parts/deed";
import { Grid } from "../parts/grid";
import { Card, Download, DueDay, says_why, Steps, Tag } from "../parts/small";
import { TextOf } from "../parts/text_of";
import { address, query_of } from "../route";
import { BreachForm } from "./breach_form";
import { breach_tones } from "./breaches";

interface Part { breach: Breach; changed: () => void }
const to = (b: Breach, act: string, body: unknown) => post(`/breaches/${part(b.id)}/${act}`, body);
const goes_on = (b: Breach): boolean => b.state === "DRAFT" || b.state === "CONFIRMED";

function Confirm({ breach, changed }: Part) {
  const [aware, set_aware] = useState(paris_wall(Date.now()));
  const at = time_of(aware);
  return (
    <Deed label={t("br_confirm")} tone="stop" what={<p>{t("br_confirm_what")}</p>} yes={t("br_confirm_yes")} ready={at !== null} send={() => to(breach, "confirm", { aware_at: at })} done={changed}>
      <TextField id="breach-aware" type="datetime-local" label={t("br_aware_at")} required value={aware} change={set_aware} />
    </Deed>
  );
}
function Dismiss({ breach, changed }: Part) {
  const [reason, set_reason] = useState("");
  return (
    <Deed label={t("br_dismiss")} what={<p>{t("br_dismiss_what")}</p>} yes={t("br_dismiss_yes")} ready={says_why(reason)} send={() => to(breach, "dismiss", { reason: reason.trim() })} done={changed}>
      <TextArea id="dismiss-reason" label={t("reason")} help={t("reason_help")} required rows={2} maxLength={500} value={reason} change={set_reason} />
    </Deed>
  );
}
function Close({ breach, changed }: Part) {
  const [lessons, set_lessons] = useState("");
  return (
    <Deed label={t("br_close")} what={<p>{t("br_close_what")}</p>} yes={t("br_close_yes")} ready={says_why(lessons)} send={() => to(breach, "close", { lessons: lessons.trim() })} done={changed}>
      <TextArea id="close-lessons" label={t("br_lessons")} required maxLength={4000} value={lessons} change={set_lessons} />
    </Deed>
  );
}
function Decide(props: Part) {
  const { state } = props.breach;
  if (!may_write() || !goes_on(props.breach)) return null;
  return <Card title={t("br_decide")} id="decide"><div class="actions deeds">{state === "DRAFT" ? <><Confirm {...props} /><Dismiss {...props} /></> : <Close {...props} />}</div></Card>;
}

function Clocks({ breach: b }: { breach: Breach }) {
  const columns = [{ key: "name", head: t("br_clock") }, { key: "due", head: t("hm_due_when") }];
  return (
    <Card title={t("br_clocks")} id="clocks">
      {!b.clocks.length ? <p class="muted">{t("br_no_clock")}</p> : (
        <Grid caption={t("br_clocks")} columns={columns} lines={b.clocks.map((c) => ({ key: c.name, tone: c.late && !c.met_at ? "bad" as const : undefined, cells: { name: word(c.name), due: c.met_at ? <><Tag tone={c.late ? "bad" : "good"}>{t("br_met", { date: date_time(c.met_at) })}</Tag></> : <><DueDay due={c.due} late={c.late} /><br /><span class="small">{date_time(c.due)}</span></> } }))} />
      )}
    </Card>
  );
}

function File({ breach: b, changed }: Part) {
  const [changes, set_changes] = useState(false);
  const format = (kind: "json" | "text") => () => get_file(`/breaches/${part(b.id)}/file${query_of({ language: language(), format: kind })}`);
  if (changes) return <Card title={t("br_change")} id="file"><BreachForm breach={b} saved={() => (set_changes(false), changed())} leave={() => set_changes(false)} /></Card>;
  return (
    <Card title={t("br_file")} id="file">
      <p class="tasks">{b.description}</p>
      <Pairs rows={[
        [t("br_from"), b.occurred_from ? date_time(b.occurred_from) : null], [t("br_to"), b.occurred_to ? date_time(b.occurred_to) : null], [t("br_types"), b.breach_types.map((x) => word(x)).join(", ")], [t("br_cause"), word(b.cause)],
        [t("br_categories"), b.data_categories.join(", ")], [t("br_special"), t(b.special_categories ? "yes" : "no")], [t("br_subjects"), b.subjects_categories.join(", ")], [t("br_subjects_count"), b.subjects_count_approx === null ? null : number(b.subjects_count_approx)],
        [t("br_records_count"), b.records_count_approx === null ? null : number(b.records_count_approx)], [t("br_consequences"), b.likely_consequences], [t("br_severity"), b.severity ? word(b.severity) : t("br_not_known")], [t("br_taken"), b.measures_taken.join(" ; ")],
        [t("br_planned"), b.measures_planned.join(" ; ")], [t("br_advice"), b.advice_to_controller], [t("br_unintelligible"), t(b.data_unintelligible ? "yes" : "no")], [t("br_informed"), b.subjects_informed], [t("br_authorities"), b.other_authorities.join(", ")],
        b.authority_not_notified ? [t("br_not_notified"), b.authority_not_notified] : null, b.lessons ? [t("br_lessons"), b.lessons] : null,
      ]} />
      <div class="actions no-print">
        {may_write() && goes_on(b) && <button type="button" class="button quiet" onClick={() => set_changes(true)}>{t("br_change")}</button>}
        <Download label={t("br_whole")} about="JSON" name={`violation-${b.id}.json`} fetch_file={format("json")} />
        <Download label={t("br_whole")} about={t("br_notice_text")} name={`violation-${b.id}.txt`} fetch_file={format("text")} />
      </div>
    </Card>
  );
}

// Nobody knows yet when it began: a first look at the day before it was noticed.
const day_before = (time: string): string => new Date(Date.parse(time) - 86_400_000).toISOString();

function Scope({ breach: b, changed }: Part) {
  const [form, set_form] = useState({ from: wall_of(b.occurred_from ?? day_before(b.detected_at)), until: wall_of(b.occurred_to ?? new Date().toISOString()), person: "", system: "" });
  const set = (name: keyof typeof form) => (value: string) => set_form((old) => ({ ...old, [name]: value }));
  const [from, until] = [time_of(form.from), time_of(form.until)];
  const send = () => to(b, "scope", { from, until, person: form.person.trim(), system: form.system.trim() });
  return (
    <Card title={t("br_scope")} id="scope">
      <p>{b.affected_interventions.length || b.affected_practices.length ? t("br_affected", { interventions: number(b.affected_interventions.length), practices: number(b.affected_practices.length) }) : t("br_not_computed")} {b.affected_practices.length > 0 && <span class="muted">{b.affected_practices.join(", ")}</span>}</p>
      {b.affected_interventions.length > 0 && <details><summary>{t("mc_total_other", { n: number(b.affected_interventions.length) })}</summary><ul class="ids">{b.affected_interventions.slice(0, 200).map((id) => <li key={id}><a class="mono" href={address(["interventions", id])}>{id}</a></li>)}</ul></details>}
      {may_write() && goes_on(b) && (
        <Deed label={t("br_scope_act")} what={<p>{t("br_scope_what")}</p>} yes={t("br_scope_yes")} ready={from !== null && until !== null && from <= until} send={send} done={changed}>
          <div class="two">
            <TextField id="scope-from" type="datetime-local" label={t("mc_from")} required value={form.from} change={set("from")} />
            <TextField id="scope-until" type="datetime-local" label={t("mc_until")} required value={form.until} change={set("until")} />
            <TextField id="scope-person" label={t("mc_person")} optional maxLength={63} value={form.person} change={set("person")} />
            <TextField id="scope-system" label={t("mc_system")} optional maxLength={63} value={form.system} change={set("system")} />
          </div>
        </Deed>
      )}
    </Card>
  );
}

const kinds = ["INITIALE", "COMPLEMENTAIRE", "CLOTURE"] as const;
const authorities = ["CNIL", "CSIRT"] as const;

function Notify({ breach: b, changed }: Part) {
  const [recipient, set_recipient] = useState("");
  const [kind, set_kind] = useState<string>("INITIALE");
  const [delay_reason, set_reason] = useState("");
  const recipients = [...b.affected_practices, ...authorities];
  const text = () => get_file(`/breaches/${part(b.id)}/notice${query_of({ recipient, language: language(), kind })}`);
  return (
    <Deed label={t("br_notify")} tone="main" what={<p>{t("br_notify_what")}</p>} yes={t("br_notify_yes")} ready={recipient !== ""} send={() => to(b, "notify", { recipient, kind, delay_reason: delay_reason.trim() })} done={() => (set_recipient(""), set_reason(""), changed())}>
      <div class="two">
        <Select id="notify-recipient" label={t("br_recipient")} required value={recipient} choices={[["", t("choose")], ...recipients.map((r) => [r, word(r)] as const)]} change={set_recipient} />
        <Select id="notify-kind" label={t("br_notify_kind")} value={kind} choices={kinds.map((k) => [k, word(k)] as const)} change={set_kind} />
      </div>
      <TextField id="notify-delay" label={t("br_notify_delay")} help={t("br_notify_delay_help")} optional maxLength={500} value={delay_reason} change={set_reason} />
      {recipient && <TextOf key={recipient + kind} name={`notification-${b.id}-${recipient}`} about={t("br_notice_text")} fetch_text={text} />}
    </Deed>
  );
}
function Delivered({ breach, recipient, changed }: Part & { recipient: string }) {
  const [proof, set_proof] = useState("");
  return (
    <Deed label={t("br_deliver")} about={word(recipient)} what={<p>{t("br_deliver_what")}</p>} yes={t("br_deliver_yes")} ready={proof.trim().length >= 3} send={() => to(breach, "delivered", { recipient, proof: proof.trim() })} done={changed}>
      <TextField id={`delivered-${recipient}`} label={t("br_deliver_proof")} help={t("br_deliver_proof_help")} required maxLength={500} value={proof} change={set_proof} />
    </Deed>
  );
}
function Notices(props: Part) {
  const { breach: b } = props;
  const columns = [{ key: "to", head: t("br_recipient") }, { key: "kind", head: t("br_notify_kind") }, { key: "sent", head: t("br_sent") }, { key: "proof", head: t("br_delivered") }];
  return (
    <Card title={t("br_notices")} id="notices">
      {!b.notices.length ? <p class="muted">{t("br_no_notice")}</p> : (
        <Grid caption={t("br_notices")} columns={columns} lines={b.notices.map((n, at) => ({ key: String(at), cells: {
          to: word(n.recipient), kind: word(n.kind), sent: <>{date_time(n.sent_at)}{n.delay_reason && <><br /><span class="small">{n.delay_reason}</span></>}</>, proof: n.delivered ?? (may_write() && b.state === "CONFIRMED" ? <Delivered {...props} recipient={n.recipient} /> : t("not_yet")),
        } }))} />
      )}
      {may_write() && b.state === "CONFIRMED" && <Notify {...props} />}
    </Card>
  );
}

function Evidence({ breach: b }: { breach: Breach }) {
  if (!b.evidence.length) return null;
  return <Card title={t("br_evidence")} id="evidence"><ul class="plain-rows">{b.evidence.map((e, n) => <li key={n}>{word(e.what, "evidence")} {e.index !== null && <span class="muted">{t("record_n", { n: e.index })}</span>}</li>)}</ul></Card>;
}

export function BreachView({ id }: { id: string }) {
  const loaded = useLoad<Breach>(`/breaches/${part(id)}`);
  const b = loaded.value;
  const title = t("br_heading", { id: id.slice(0, 13) });
  useTitle(title);
  return (
    <>
      <p class="no-print"><a href={address(["registers", "breaches"])}>← {t("br_back")}</a></p>
      <Loading of={loaded}>
        {b && (
          <>
            <div class="row title-row"><h1>{title}</h1><Tag tone={breach_tones[b.state]}>{word(b.state, "breach")}</Tag></div>
            <p class="muted">{t("br_detected")} {date_time(b.detected_at)} · {b.opened_by ?? t("br_opened_by_itself")}{b.aware_at && <> · {t("br_aware")} {date_time(b.aware_at)}</>}</p>
            {b.state === "DISMISSED" && <p class="note">{t("br_dismissed", { reason: b.dismiss_reason })}</p>}
            <div class="columns columns-wide"><div><Decide breach={b} changed={loaded.again} /><Clocks breach={b} /></div><div><Scope breach={b} changed={loaded.again} /><Evidence breach={b} /></div></div>
            <File breach={b} changed={loaded.again} />
            <Notices breach={b} changed={loaded.again} />
            <Card title={t("br_steps")} id="steps"><Steps steps={b.steps.map((s) => ({ at: s.at, words: <>{word(s.what, "step")}{s.by && <span class="muted"> · {s.by}</span>}{s.index !== null && <span class="muted"> · {t("record_n", { n: s.index })}</span>}</> }))} /></Card>
          </>
        )}
      </Loading>
    </>
  );
}
