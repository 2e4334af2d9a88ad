// Waiting for the practice: where the request stands, how long it still waits, what the practice reads.
import { useState } from "preact/hooks";
import { date_time } from "../../shared/i18n";
import { Ring } from "../../shared/parts/ring";
import { window_words } from "../../shared/window";
import { clock, post } from "../api";
import type { Event, Intervention, Page } from "../contract";
import { type Loaded, useAct, useLoad, useSecond } from "../hooks";
import { t } from "../messages/index";
import { Confirm } from "../parts/confirm";
import { is, who } from "../who";
import { AskedPreview } from "./ask_preview";

type Standing = "done" | "now" | "to_come";
interface Step { name: string; text: string; standing: Standing }

function steps_of(i: Intervention): Step[] {
  const consented = i.state !== "REQUESTED";
  const open = i.opened_at !== null;
  return [
    { name: t("wt_step_asked"), text: t("wt_step_asked_text", { when: date_time(i.requested_at) }), standing: "done" },
    { name: t("wt_step_consented"), text: t(consented ? "wt_step_consented_done" : "wt_step_consented_wait"), standing: consented ? "done" : "now" },
    { name: t("wt_step_proved"), text: t("wt_step_proved_text"), standing: open ? "done" : consented ? "now" : "to_come" },
    { name: t("wt_step_open"), text: t("wt_step_open_text"), standing: open ? "now" : "to_come" },
  ];
}

function Progress({ intervention }: { intervention: Intervention }) {
  return (
    <ol class="progress">
      {steps_of(intervention).map((step, n) => (
        <li key={step.name} class={`step-${step.standing}`} aria-current={step.standing === "now" ? "step" : undefined}>
          <span class="step-mark" aria-hidden="true">{step.standing === "done" ? "✓" : n + 1}</span>
          <span><strong>{step.name}</strong> <span class="unseen">({t(`wt_${step.standing}`)})</span><br /><span class="muted">{step.text}</span></span>
        </li>
      ))}
    </ol>
  );
}

// A planned request waits for days: then words; the last hour is a ring.
function Left({ intervention }: { intervention: Intervention }) {
  useSecond();
  const [total] = useState(() => Math.max(60, (Date.parse(intervention.expires_at) - Date.parse(intervention.requested_at)) / 1000));
  const seconds = Math.max(0, Math.ceil((Date.parse(intervention.expires_at) - clock.now()) / 1000));
  if (seconds > 6 * 3600) return <p><span class="muted">{t("wt_lapses")}</span><br /><strong>{date_time(intervention.expires_at)}</strong></p>;
  return (
    <>
      <Ring seconds={seconds} total={total} label={t("wt_left")} />
      <p class="muted" aria-hidden="true">{t("wt_left")}</p>
    </>
  );
}

function Planned({ intervention }: { intervention: Intervention }) {
  const events = useLoad<Pick<Page<Event>, "items">>(`/interventions/${intervention.id}/events`);
  if (!intervention.planned) return null;
  const accepted = events.value?.items.some((e) => e.type === "acceptance");
  return (
    <div class={`note ${accepted ? "note-good" : ""}`}>
      <p><strong>{t("wt_planned")} : </strong>{t("wt_planned_text", { window: window_words(intervention.planned.from, intervention.planned.until, clock.now()) })}</p>
      {accepted && <p>{t("wt_planned_accepted")}</p>}
    </div>
  );
}

export function WaitingView({ intervention, loaded }: { intervention: Intervention; loaded: Loaded<Intervention> }) {
  const act = useAct();
  const may_cancel = is("technician") && intervention.state === "REQUESTED" && intervention.mine;
  return (
    <div class="waiting">
      <section class="card" aria-labelledby="progress">
        <h2 id="progress">{t("wt_title")}</h2>
        {intervention.link === "DOWN" && <p class="note note-call">{t("wt_link_down")}</p>}
        <Planned intervention={intervention} />
        <Progress intervention={intervention} />
      </section>
      <section class="card time-left" aria-label={t("wt_left")}>
        <Left intervention={intervention} />
        <p class="small">{t("wt_left_text")}</p>
        {may_cancel && <Confirm label={t("wt_cancel")} question={t("wt_cancel_sure")} yes={t("wt_cancel_yes")} act={act} run={async () => loaded.take(await post<Intervention>(`/interventions/${intervention.id}/cancel`))} />}
      </section>
      <section class="card sees" aria-labelledby="sees">
        <h2 id="sees">{t("wt_sees")}</h2>
        <AskedPreview intervention={intervention} language={who.get().door?.language ?? "fr"} />
        <p class="small">{t("ask_preview_help")}</p>
      </section>
    </div>
  );
}
