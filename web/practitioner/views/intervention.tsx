// One intervention, whole: what was done, the picture, the fiche, the comments, the recording, the proof, the receipt.
import { useEffect, useState } from "preact/hooks";
import { BehindFigure } from "../../shared/parts/data_table";
import { Timeline } from "../../shared/parts/timeline";
import { clock_time_exact, date_time, duration } from "../../shared/i18n";
import { part, post } from "../api";
import type { Intervention, Person } from "../contract";
import { Loading, Problem, useAct, useLoad } from "../hooks";
import { record_words } from "../messages/activity";
import { t } from "../messages/index";
import { tool_name, word_of } from "../messages/codes";
import { news, refresh } from "../news";
import { moments_of, names_of, person_name, spans_of, when_of } from "../story";
import { Destroyed } from "./certificates";
import { Pairs } from "./document";
import { Proof } from "./proof";
import { Recording } from "./replay";
import { count_of, Unseen } from "./unseen";

type Fields = Record<string, unknown>;
const fields_of = (fiche: Fields): Fields => ((fiche["fields"] as Fields | undefined) ?? fiche);

const groups = {
  group_who: ["person_in_charge", "participants", "approver", "approver_role", "responsible_person", "supervised_by", "additional_staff_consulted", "none_consulted_justification"],
  group_why: ["purpose", "reason", "planned_tasks", "ticket_ref", "contract_ref", "criticality", "difficulty", "pair_required", "emergency", "emergency_justification"],
  group_what: ["systems", "tools", "tool_name", "tool_version", "protocol", "access_types", "permissions", "data_categories", "host_key_fingerprint", "algorithms"],
  group_when: ["requested_at", "decided_at", "window_start", "window_end", "opened_at", "deadline", "started_at", "ended_at", "duration_seconds", "active_seconds", "pauses", "end_cause", "end_detail", "ended_by", "cut_latency_ms"],
  group_done: ["tasks_summary", "outcome", "task_codes", "residual_cleanup", "processes_ended", "processes_left", "connections", "transfers", "forwards", "attempts", "bytes_in", "bytes_out", "live_view", "recording", "secret_events", "nonconformities", "practice_comment"],
  group_kept: ["retention_class", "destroy_after", "legal_hold_ref", "leaf_hash", "tree_size", "checkpoint_ref", "witness_ref"],
} as const;

function Fiche({ intervention }: { intervention: Intervention }) {
  const values = fields_of(intervention.fiche);
  const some = (names: readonly string[]) => names.some((n) => values[n] !== null && values[n] !== undefined);
  return (
    <section class="card fiche" aria-labelledby="fiche">
      <h2 id="fiche">{t("fiche")}</h2>
      {(Object.keys(groups) as (keyof typeof groups)[]).filter((g) => some(groups[g])).map((g) => (
        <section key={g}><h3>{t(g)}</h3><Pairs values={values} names={[...groups[g]]} /></section>
      ))}
    </section>
  );
}

function Picture({ intervention }: { intervention: Intervention }) {
  const { line, records } = intervention;
  const names = names_of(fields_of(intervention.fiche));
  const [moments, spans] = [moments_of(records, names), spans_of(line, records, names)];
  return (
    <section class="card" aria-labelledby="timeline">
      <h2 id="timeline">{t("timeline")}</h2>
      <div class="figure-frame" role="group" aria-label={t("timeline")} tabIndex={0}>
        <Timeline title={t("timeline_title", { name: line.person_in_charge, when: date_time(line.requested_at) })} moments={moments} spans={spans} />
      </div>
      <p class="legend" aria-hidden="true"><span class="key key-window" /> {t("span_session")} <span class="key key-person" /> {t("span_connected")} <span class="key key-pause" /> {t("span_pause")}</p>
      <BehindFigure label={t("as_table")} caption={t("timeline")} head={[t("time"), t("what")]} rows={records.map(({ fields }) => [clock_time_exact(when_of(fields)), record_words(fields, names)])} />
    </section>
  );
}

function Summary({ intervention }: { intervention: Intervention }) {
  const { line } = intervention;
  const values = fields_of(intervention.fiche);
  const cut = (typeof values["cut_latency_ms"] === "number" ? values["cut_latency_ms"] : undefined) ?? news.get().cuts[line.intervention];
  const ended = count_of(values["processes_ended"]);
  return (
    <section class="card summary" aria-labelledby="summary">
      <h2 id="summary">{t("summary")}</h2>
      <dl class="facts">
        <div class="fact"><dt>{t("end_cause")}</dt><dd><strong>{word_of(line.end_cause ?? line.state)}</strong>{cut !== undefined && <><br /><span class="muted">{t("cut_in", { ms: cut })}</span></>}</dd></div>
        <div class="fact"><dt>{t("duration")}</dt><dd><strong>{duration(line.duration_seconds)}</strong>{typeof values["active_seconds"] === "number" && <><br /><span class="muted">{t("of_which_active", { time: duration(values["active_seconds"]) })}</span></>}</dd></div>
        {ended !== null && <div class="fact"><dt>{t("processes")}</dt><dd><strong>{t("processes_ended", { n: ended })}</strong><br /><span class="muted">{t("processes_left", { n: count_of(values["processes_left"]) ?? 0 })}</span></dd></div>}
        <div class="fact fact-wide"><dt>{t("tasks_done")}</dt><dd>{line.tasks_summary ? <p class="tasks">{line.tasks_summary}</p> : <span class="muted">{t(line.reported ? "tasks_none" : "report_awaited")}</span>}</dd></div>
      </dl>
    </section>
  );
}

function Comments({ intervention, changed, may_write }: { intervention: Intervention; changed: () => void; may_write: boolean }) {
  const [text, set_text] = useState("");
  const [contested, set_contested] = useState(false);
  const act = useAct();
  const submit = (event: Event) => {
    event.preventDefault();
    void act.run(async () => {
      await post(`/api/interventions/${part(intervention.line.intervention)}/comment`, { text: text.trim(), contested });
      set_text("");
      set_contested(false);
      changed();
    });
  };
  return (
    <section class="card" aria-labelledby="comments">
      <h2 id="comments">{t("comments")}</h2>
      {intervention.comments.length > 0 && (
        <ul class="comments">
          {intervention.comments.map((c, i) => <li key={i}><p>{c.contested && <span class="tag tag-strong">{t("contested")}</span>} {c.text}</p><p class="small">{person_name(c.by)} · {date_time(c.at)}</p></li>)}
        </ul>
      )}
      {may_write && (
        <form class="no-print" onSubmit={submit}>
          <label for="comment">{t("comment_label")}</label>
          <textarea id="comment" rows={3} required minLength={3} maxLength={1000} value={text} onInput={(e) => set_text(e.currentTarget.value)} />
          <div class="box"><input type="checkbox" id="contested" checked={contested} onChange={(e) => set_contested(e.currentTarget.checked)} /><div><label for="contested">{t("contest_label")}</label></div></div>
          <Problem problem={act.problem} />
          <button class="button quiet" disabled={act.busy}>{t("comment_send")}</button>
        </form>
      )}
    </section>
  );
}

function MarkRead({ id }: { id: string }) {
  const act = useAct();
  const waiting = news.use().state?.reported.some((l) => l.intervention === id);
  if (!waiting) return null;
  return (
    <div class="note note-call row no-print">
      <p>{t("report_new")}</p>
      <Problem problem={act.problem} />
      <button type="button" class="button main" disabled={act.busy} onClick={() => void act.run(async () => (await post(`/api/interventions/${part(id)}/read`), await refresh()))}>{t("mark_read")}</button>
    </div>
  );
}

const consented = (records: Intervention["records"]) => records.some((r) => r.fields["type"] === "consent");

export function InterventionView({ id, person }: { id: string; person: Person }) {
  const loaded = useLoad<Intervention>(`/api/interventions/${part(id)}`);
  const value = loaded.value;
  // Its end record or its report may come while it is read.
  const { state } = news.use();
  const line = [...(state?.ended ?? []), ...(state?.reported ?? []), ...(state?.recent ?? [])].find((l) => l.intervention === id);
  const told = line ? `${line.state} ${line.reported}` : "";
  useEffect(() => void (told && value && told !== `${value.line.state} ${value.line.reported}` && loaded.again()), [told]);
  return (
    <Loading of={loaded}>
      {value && (
        <article class="paper" aria-labelledby="intervention">
          <p class="no-print"><a href="#/interventions">← {t("all_interventions")}</a></p>
          <p class="print-only doc-head">{news.get().state?.practice.name} · Pontlevis</p>
          <h1 id="intervention">{t("intervention_title", { name: value.line.person_in_charge, system: value.line.system })}</h1>
          <p class="muted">{value.line.employer} · {t("ticket")} {value.line.ticket} · {date_time(value.line.started_at ?? value.line.requested_at)} · {value.line.tools.map(tool_name).join(", ")}</p>
          <p class="small mono">{value.line.intervention}</p>
          <MarkRead id={id} />
          <p class="actions no-print">
            <button type="button" class="button quiet" onClick={() => print()}>{t("print")}</button>
            {consented(value.records) && <a class="button quiet" href={`#/interventions/${encodeURIComponent(id)}/receipt`}>{t("receipt")}</a>}
          </p>
          <Summary intervention={value} />
          <Unseen intervention={value} fiche={fields_of(value.fiche)} />
          <Picture intervention={value} />
          <Recording intervention={value} changed={loaded.again} may_delete={person.role !== "OBSERVER"} />
          <Comments intervention={value} changed={loaded.again} may_write={person.role !== "OBSERVER"} />
          <Proof intervention={value} />
          <Fiche intervention={value} />
          <Destroyed intervention={value} />
        </article>
      )}
    </Loading>
  );
}
