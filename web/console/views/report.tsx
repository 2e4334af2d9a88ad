// The report: what was done, its outcome, what was left over, who was consulted. Its draft keeps itself.
import { useEffect, useRef, useState } from "preact/hooks";
import { announce } from "../../shared/parts/announce";
import { clock_time } from "../../shared/i18n";
import { go } from "../hooks";
import { post } from "../api";
import type { Intervention, Me, ReportDraft } from "../contract";
import { type Loaded, Problem, useAct } from "../hooks";
import { t, type Key } from "../messages/index";
import { word_of } from "../messages/codes";
import { Radios, TextArea, TextField, Tick } from "../parts/field";
import { Outcome } from "../parts/step_up";
import { report_faults, type ReportFault, to_send } from "../reporting";
import { bytes_of, suspicions } from "../screening";
import { items_of, says_done, with_done } from "../tasks";
import { type Kept, useReportDraft } from "./report_draft";
import { StoryView } from "./story";

interface Part { draft: ReportDraft; change: (part: Partial<ReportDraft>) => void; faults: ReportFault[] }
const fault = (faults: ReportFault[], ...keys: ReportFault[]): string | null => {
  const found = keys.find((key) => faults.includes(key));
  return found ? t(`rp_fault_${found}` as Key) : null;
};

function Tasks({ draft, change, faults, planned }: Part & { planned: string[] }) {
  const found = suspicions(draft.tasks);
  return (
    <section class="card" aria-labelledby="tasks">
      <h2 id="tasks">{t("rp_tasks")}</h2>
      {planned.length > 0 && (
        <fieldset class="field">
          <legend class="legend-small">{t("rp_planned")}</legend>
          {planned.map((item, n) => <Tick key={item} id={`planned-${n}`} label={item} on={says_done(draft.tasks, item)} change={(done) => change({ tasks: with_done(draft.tasks, item, done) })} />)}
        </fieldset>
      )}
      <TextArea id="report-tasks" label={t("rp_done")} help={t("rp_tasks_help")} rows={7} value={draft.tasks} fault={fault(faults, "nir", "tasks")} change={(tasks) => change({ tasks })} />
      <p class={`small count ${bytes_of(draft.tasks.trim()) > 1000 ? "fault" : ""}`}>{t("rp_count", { n: bytes_of(draft.tasks.trim()) })}</p>
      {found.length > 0 && <div class="note note-call" role="status"><p><strong>{t("ask_suspect_title")}</strong></p><ul>{found.map((s) => <li key={s}>{t(`ask_suspect_${s}` as Key)}</li>)}</ul></div>}
    </section>
  );
}

function Ending({ draft, change, faults }: Part) {
  return (
    <section class="card" aria-labelledby="outcome-title">
      <h2 id="outcome-title">{t("rp_outcome")}</h2>
      <Radios name="outcome" hide_legend legend={t("rp_outcome")} value={draft.outcome} fault={fault(faults, "outcome")} choices={(["SOLVED", "PARTLY_SOLVED", "NOT_SOLVED"] as const).map((o) => [o, word_of(o)] as const)} change={(outcome) => change({ outcome: outcome as ReportDraft["outcome"] })} />
      <Radios name="cleanup" legend={t("rp_cleanup")} value={draft.cleanup} fault={fault(faults, "cleanup")} choices={(["DONE", "NOT_APPLICABLE"] as const).map((c) => [c, t(`rp_cleanup_${c}`)] as const)} change={(cleanup) => change({ cleanup: cleanup as ReportDraft["cleanup"] })} />
    </section>
  );
}

function Staff({ draft, change, faults, critical }: Part & { critical: boolean }) {
  const set = (n: number, part: Partial<ReportDraft["consulted"][number]>) => change({ consulted: draft.consulted.map((p, i) => (i === n ? { ...p, ...part } : p)) });
  const nobody = draft.none_consulted !== null;
  return (
    <section class="card" aria-labelledby="staff">
      <h2 id="staff">{t("rp_staff")}</h2>
      {critical && <p>{t("rp_staff_critical")}</p>}
      {!nobody && draft.consulted.map((p, n) => (
        <fieldset class="person-row" key={n}>
          <legend class="unseen">{t("rp_person_n", { n: n + 1 })}</legend>
          <TextField id={`staff-name-${n}`} label={t("rp_name")} value={p.name} maxLength={100} change={(name) => set(n, { name })} />
          <TextField id={`staff-qualification-${n}`} label={t("rp_qualification")} value={p.qualification} maxLength={100} change={(qualification) => set(n, { qualification })} />
          <button type="button" class="button plain" onClick={() => change({ consulted: draft.consulted.filter((_, i) => i !== n) })}>{t("remove")}<span class="unseen"> {t("rp_person_n", { n: n + 1 })}</span></button>
        </fieldset>
      ))}
      {!nobody && draft.consulted.length < 8 && <p><button type="button" class="button quiet" onClick={() => change({ consulted: [...draft.consulted, { name: "", qualification: "" }] })}>{t("rp_person_add")}</button></p>}
      {critical && <Tick id="nobody" label={t("rp_nobody")} help={t("rp_nobody_nonconformity")} on={nobody} change={(on) => change({ none_consulted: on ? "" : null })} />}
      {critical && nobody && <TextArea id="nobody-why" label={t("rp_nobody_why")} rows={2} value={draft.none_consulted ?? ""} fault={fault(faults, "staff")} change={(none_consulted) => change({ none_consulted })} />}
      {!nobody && fault(faults, "person", "staff") && <p class="fault">{fault(faults, "person", "staff")}</p>}
    </section>
  );
}

const kept_words = ({ at, here_only }: Kept): string => (here_only ? t("rp_draft_here") : at ? t("rp_draft_saved", { time: clock_time(at) }) : t("rp_draft_none"));

function Faults({ faults }: { faults: ReportFault[] }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  if (!faults.length) return null;
  return <div class="note note-bad" role="alert" tabIndex={-1} ref={box}><p><strong>{t("rp_mend")}</strong></p><ul>{faults.map((f) => <li key={f}>{t(`rp_fault_${f}` as Key)}</li>)}</ul></div>;
}

function Writing({ intervention, loaded, me }: { intervention: Intervention; loaded: Loaded<Intervention>; me: Me }) {
  const { draft, change, kept, problem, forget } = useReportDraft(intervention, me.login);
  const [tried, set_tried] = useState(0);
  const act = useAct();
  if (!draft) return problem ? <Problem problem={problem} /> : <p class="loading" role="status">{t("loading")}</p>;
  const faults = report_faults(draft, intervention.criticality);
  const send = async () => {
    const told = await post<Intervention>(`/interventions/${intervention.id}/report`, to_send(draft));
    forget();
    announce(t("rp_sent"));
    loaded.take(told);
    go("interventions", intervention.id, "story");
  };
  const submit = (event: Event) => {
    event.preventDefault();
    set_tried(tried + 1);
    if (!faults.length) void act.run(send);
  };
  const parts = { draft, change, faults: tried ? faults : [] };
  return (
    <form class="report" onSubmit={submit} noValidate aria-label={t("rp_title")}>
      <p>{t("rp_intro")}</p>
      <Tasks {...parts} planned={items_of(intervention.planned_tasks)} />
      <Ending {...parts} />
      <Staff {...parts} critical={intervention.criticality === "CRITICAL"} />
      <section class="card send" aria-label={t("rp_send")}>
        {tried > 0 && <Faults key={tried} faults={faults} />}
        <Outcome act={act} />
        <div class="row"><button class="button main big" disabled={act.busy}>{t("rp_send")}</button><p class="small">{kept_words(kept)}</p></div>
      </section>
    </form>
  );
}

export function ReportView({ intervention, loaded, me }: { intervention: Intervention; loaded: Loaded<Intervention>; me: Me }) {
  if (intervention.reported_at) return <StoryView intervention={intervention} me={me} />;
  const name = intervention.operators.find((o) => o.login === intervention.in_charge)?.name ?? intervention.in_charge;
  if (intervention.in_charge !== me.login) return <><p class="note">{t("rp_of", { name })}</p><StoryView intervention={intervention} me={me} /></>;
  return <Writing intervention={intervention} loaded={loaded} me={me} />;
}
