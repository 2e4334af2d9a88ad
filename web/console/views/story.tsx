// The story of an intervention: in brief, the picture with its table, the people, the request, the report.
import { BehindFigure } from "../../shared/parts/data_table";
import { Timeline } from "../../shared/parts/timeline";
import { clock_time_exact, date_time, duration } from "../../shared/i18n";
import { clock } from "../api";
import { country_name } from "../countries";
import type { Event, Intervention, Me } from "../contract";
import { link_to, useLoad } from "../hooks";
import { has_word, tool_list, word_of } from "../messages/codes";
import { t, type Key } from "../messages/index";
import { Pairs } from "../parts/words";
import { facts_of, moments_of, spans_of } from "../story";
import { is, who } from "../who";

const seconds_between = (from: string | null, until: string | null): number | null => (from && until ? (Date.parse(until) - Date.parse(from)) / 1000 : null);
const not_opened = new Set(["REFUSED", "EXPIRED", "NOT_ASKED", "CANCELLED"]);

function Ending({ intervention: i }: { intervention: Intervention }) {
  if (!not_opened.has(i.state)) return null;
  const [practice, system] = [i.practice, i.system];
  return (
    <div class={`note ${i.state === "REFUSED" ? "note-bad" : "note-call"}`}>
      <p><strong>{t(`end_${i.state}` as Key)}</strong> {i.why && t("end_why", { why: word_of(i.why) })}</p>
      <p>{t(`end_${i.state}_text` as Key)}</p>
      {is("technician") && <p class="no-print"><a href={link_to("ask", practice, system)}>{t("ask_again")}</a></p>}
    </div>
  );
}

function Summary({ intervention: i }: { intervention: Intervention }) {
  const seconds = seconds_between(i.opened_at, i.ended_at);
  return (
    <section class="card" aria-labelledby="summary">
      <h2 id="summary">{t("st_summary")}</h2>
      <Pairs rows={[
        [t("st_asked_at"), date_time(i.requested_at)],
        i.opened_at ? [t("st_opened_at"), date_time(i.opened_at)] : null,
        i.ended_at ? [t("st_ended_at"), date_time(i.ended_at)] : null,
        seconds !== null ? [t("st_duration"), duration(seconds)] : null,
        i.granted_minutes ? [t("st_granted"), t("st_of_asked", { n: i.granted_minutes, of: i.minutes })] : [t("ask_minutes"), String(i.minutes)],
        i.end_cause ? [t("st_cause"), word_of(i.end_cause)] : null,
        i.why && !not_opened.has(i.state) ? [t("rp_nobody_why"), word_of(i.why)] : null,
        i.watch ? [t("st_watch"), word_of(i.watch)] : null,
        i.recording !== null ? [t("st_recording"), t(i.recording ? "yes" : "no")] : null,
        i.reported_at ? [t("st_reported_at"), date_time(i.reported_at)] : null,
      ]} />
      {i.nonconformities.length > 0 && <div class="note note-bad"><p><strong>{t("st_nonconformities")}</strong></p><ul>{i.nonconformities.map((n) => <li key={n}>{has_word(n) ? word_of(n) : n}</li>)}</ul></div>}
    </section>
  );
}

function Asked({ intervention: i }: { intervention: Intervention }) {
  return (
    <section class="card" aria-labelledby="asked">
      <h2 id="asked">{t("st_request")}</h2>
      <Pairs rows={[
        [t("ask_purpose"), word_of(i.purpose)], [t("ask_reason"), i.reason], [t("ask_tasks"), i.planned_tasks], [t("ask_ticket"), i.ticket],
        [t("ask_criticality"), word_of(i.criticality)], [t("ask_tools"), tool_list(i.tools)], [t("ask_rights"), i.access_types.map(word_of).join(", ")],
        [t("ask_data"), i.data_categories.join(", ")], i.emergency ? [t("ask_emergency"), i.emergency] : null,
      ]} />
    </section>
  );
}

function People({ intervention: i }: { intervention: Intervention }) {
  return (
    <section class="card" aria-labelledby="people">
      <h2 id="people">{t("st_people")}</h2>
      <ul class="people">
        {i.operators.map((o) => (
          <li key={o.login}><strong>{o.name}</strong> <span class="tag">{word_of(o.login === i.in_charge ? "LEAD" : o.role === "LEAD" ? "PAIR" : o.role)}</span> {o.mode === "CONSULTED" && <span class="tag">{word_of("CONSULTED")}</span>}
            <br /><span class="muted">{[o.qualification, o.employer, country_name(o.country)].filter(Boolean).join(" · ")}</span></li>
        ))}
      </ul>
    </section>
  );
}

function Report({ intervention: i, me }: { intervention: Intervention; me: Me }) {
  const { report } = i;
  if (!report && !i.ended_at) return null;
  if (!report) {
    if (not_opened.has(i.state)) return null;
    return (
      <section class="card call row" aria-labelledby="report">
        <h2 id="report">{t("st_report_awaited")}</h2>
        {i.in_charge === me.login && i.to_do.includes("report") && <a class="button main no-print" href={link_to("interventions", i.id, "report")}>{t("rp_write")}</a>}
      </section>
    );
  }
  return (
    <section class="card" aria-labelledby="report">
      <h2 id="report">{t("st_report")}</h2>
      <p class="tasks">{report.tasks}</p>
      <Pairs rows={[
        [t("rp_outcome"), report.outcome && word_of(report.outcome)],
        [t("rp_cleanup_short"), report.cleanup && t(`rp_cleanup_${report.cleanup}` as Key)],
        report.consulted.length || report.none_consulted ? [t("rp_staff"), report.none_consulted ? t("st_none_consulted", { why: report.none_consulted }) : report.consulted.map((p) => `${p.name}, ${p.qualification}`).join(" ; ")] : null,
      ]} />
    </section>
  );
}

function Picture({ intervention: i }: { intervention: Intervention }) {
  const events = useLoad<{ items: Event[] }>(`/interventions/${i.id}/events`);
  const items = events.value?.items ?? [];
  const facts = facts_of(i, items);
  const spans = spans_of(i, items, new Date(clock.now()).toISOString());
  return (
    <section class="card" aria-labelledby="timeline">
      <h2 id="timeline">{t("st_timeline")}</h2>
      {facts.length > 1 && (
        <>
          <div class="figure-frame" role="group" aria-label={t("st_timeline")} tabIndex={0}>
            <Timeline title={t("st_timeline_title", { when: date_time(i.requested_at) })} moments={moments_of(facts)} spans={spans} />
          </div>
          {spans.length > 0 && <p class="legend" aria-hidden="true"><span class="key key-window" /> {t("span_session")} <span class="key key-person" /> {t("span_connected")} <span class="key key-pause" /> {t("span_pause")}</p>}
        </>
      )}
      <BehindFigure label={t("as_table")} caption={t("st_timeline")} head={[t("st_time"), t("st_what")]} rows={facts.map((f) => [clock_time_exact(f.at), f.label])} />
    </section>
  );
}

export function StoryView({ intervention: i, me }: { intervention: Intervention; me: Me }) {
  const live = i.state === "OPEN" || i.state === "PAUSED";
  return (
    <article class="paper">
      <p class="print-only doc-head">{who.get().door?.vendor} · Pontlevis</p>
      <p class="actions no-print">
        <button type="button" class="button quiet" onClick={() => print()}>{t("print")}</button>
        {live && i.operators.some((o) => o.login === me.login) && <a class="button main" href={link_to("interventions", i.id)}>{t("st_session")}</a>}
      </p>
      <Ending intervention={i} />
      <Report intervention={i} me={me} />
      <div class="columns"><Summary intervention={i} /><People intervention={i} /></div>
      <Picture intervention={i} />
      <Asked intervention={i} />
    </article>
  );
}
