// One intervention: what matters first, then what happened, both journals, the proof, the records, the marks, and
// what compliance may do about it.
import type { ComponentChildren } from "preact";
import { bytes, clock_time_exact, country, date_time, duration, language } from "../../shared/i18n";
import { BehindFigure } from "../../shared/parts/data_table";
import { Timeline } from "../../shared/parts/timeline";
import { get_file, part } from "../../console/api";
import type { Event as Signed, Intervention, State } from "../../console/contract";
import { Loading, useLoad, useTitle } from "../../console/hooks";
import { tool_list } from "../../console/messages/codes";
import { Pairs, StateTag } from "../../console/parts/words";
import { facts_of, moments_of, names_of, spans_of } from "../../console/story";
import { may_write } from "../access";
import type { Reviewed } from "../contract";
import { word } from "../messages/codes";
import { t, tn, type Key } from "../messages/index";
import { Grid, type Line } from "../parts/grid";
import { Card, Download } from "../parts/small";
import { stated } from "../purpose";
import { address } from "../route";
import { connections_of, ended_by, files_of, pauses_of, type Stretch } from "../session_facts";
import { Acts } from "./acts";
import { CertificateTable } from "./certificates";
import { Journals } from "./journals";
import { Marks } from "./marks";
import { Proof } from "./proof";
import { WithPurpose } from "./purpose";
import { Records } from "./records";

const seconds_between = (from: string, until: string | null): number | null => (until ? (Date.parse(until) - Date.parse(from)) / 1000 : null);

function Matters({ intervention: i, reviewed: { row, journals, hold } }: { intervention: Intervention; reviewed: Reviewed }) {
  const bad = journals.differences.length + journals.missing.length;
  const open = row.marks.questions + row.marks.findings;
  const quiet = journals.agree && !bad && !i.nonconformities.length && !hold && !open && row.watched !== false && !row.emergency;
  return (
    <Card title={t("iv_to_know")} id="matters">
      {quiet && <p class="note note-good">{t("iv_all_well")}</p>}
      {(!journals.agree || bad > 0) && <p class="note note-bad"><strong>{bad ? tn("iv_differ", bad) : t("jr_differ")}</strong></p>}
      {i.nonconformities.length > 0 && <div class="note note-bad"><p><strong>{t("st_nonconformities")}</strong></p><ul>{i.nonconformities.map((n) => <li key={n}>{word(n)}</li>)}</ul></div>}
      {i.emergency && <p class="note note-call"><strong>{t("mc_is_emergency")}</strong> {i.emergency}</p>}
      {row.watched === false && <p class="note note-call">{word("NOT_WATCHED")}</p>}
      {hold && <p class="note note-call"><strong>{t("iv_held")}</strong> <a href={address(["retention", "holds"])}>{t("rt_holds")}</a></p>}
      {open > 0 && <p class="note note-call">{[row.marks.questions && tn("mc_questions", row.marks.questions), row.marks.findings && tn("mc_findings", row.marks.findings)].filter(Boolean).join(", ")}</p>}
      <Pairs rows={[
        [t("st_asked_at"), date_time(i.requested_at)],
        i.opened_at ? [t("st_opened_at"), date_time(i.opened_at)] : null,
        i.ended_at ? [t("st_ended_at"), date_time(i.ended_at)] : null,
        row.active_seconds !== null ? [t("st_duration"), duration(row.active_seconds)] : null,
        i.end_cause ? [t("st_cause"), word(i.end_cause)] : null,
        i.why ? [t("reason"), word(i.why)] : null,
        i.watch ? [t("st_watch"), word(i.watch)] : null,
        i.recording !== null ? [t("st_recording"), t(i.recording ? "yes" : "no")] : null,
        [t("mc_criticality"), word(i.criticality)],
      ]} />
    </Card>
  );
}

function Request({ intervention: i }: { intervention: Intervention }) {
  return (
    <Card title={t("iv_request")} id="asked">
      <Pairs rows={[
        [t("iv_reason"), i.reason], [t("iv_planned"), i.planned_tasks], [t("mc_tool"), tool_list(i.tools)], [t("iv_access"), i.access_types.map((a) => word(a, "access")).join(", ")],
        [t("iv_data"), i.data_categories.join(", ")], [t("st_granted"), i.granted_minutes ? t("st_of_asked", { n: i.granted_minutes, of: i.minutes }) : String(i.minutes)],
      ]} />
    </Card>
  );
}

function Consent({ intervention: i, events }: { intervention: Intervention; events: Signed[] }) {
  const names = names_of(i);
  const given = events.filter((e) => e.type === "consent");
  return (
    <Card title={t("iv_consent")} id="consent">
      {given.length
        ? given.map((e) => <Pairs key={e.at} rows={[[t("iv_consented_at"), date_time(e.at)], [t("iv_consented_by"), names(e["approver"])], [t("st_granted"), String(e["minutes"] ?? "")]]} />)
        : <p class="muted">{t("iv_no_consent")}</p>}
    </Card>
  );
}

function People({ intervention: i }: { intervention: Intervention }) {
  const columns = [{ key: "person", head: t("iv_person") }, { key: "role", head: t("iv_role") }, { key: "skill", head: t("iv_qualification") }, { key: "from", head: t("iv_from") }];
  return (
    <Card title={t("iv_people")} id="people">
      <Grid caption={t("iv_people")} columns={columns} lines={i.operators.map((o, n) => ({ key: o.login || String(n), cells: {
        person: o.name || o.login || <em class="muted">{t("mc_gone_name")}</em>, role: <>{word(o.role)}<br /><span class="muted">{word(o.mode)}</span></>, skill: o.qualification, from: <>{o.employer}<br /><span class="muted">{country(o.country)}</span></>,
      } }))} />
    </Card>
  );
}

function StretchTable({ title, none, rows, who }: { title: string; none: string; rows: Stretch[]; who: (r: Stretch) => ComponentChildren }) {
  if (!rows.length) return <><h3>{title}</h3><p class="muted">{none}</p></>;
  const columns = [{ key: "who", head: title }, { key: "from", head: t("iv_begin") }, { key: "until", head: t("iv_end") }, { key: "long", head: t("iv_length") }];
  const line = (r: Stretch, n: number): Line => ({ key: String(n), cells: { who: who(r), from: clock_time_exact(r.from), until: r.until ? clock_time_exact(r.until) : t("iv_still"), long: duration(seconds_between(r.from, r.until)) } });
  return <><h3>{title}</h3><Grid caption={title} columns={columns} lines={rows.map(line)} /></>;
}

function Files({ intervention: i, events }: { intervention: Intervention; events: Signed[] }) {
  const files = files_of(events);
  const names = names_of(i);
  if (!files.length) return <><h3>{t("iv_files")}</h3><p class="muted">{t("iv_files_none")}</p></>;
  const columns = [{ key: "file", head: t("iv_file") }, { key: "way", head: t("iv_way") }, { key: "size", head: t("iv_size") }, { key: "who", head: t("iv_person") }, { key: "at", head: t("st_time") }];
  return <><h3>{t("iv_files")}</h3><Grid caption={t("iv_files")} columns={columns} lines={files.map((f, n) => ({ key: String(n), cells: { file: <span class="file-name">{f.name}</span>, way: t(f.into ? "iv_in" : "iv_out"), size: bytes(f.bytes), who: names(f.who), at: clock_time_exact(f.at) } }))} /></>;
}

const end_of = (i: Intervention, events: Signed[]): string | null => events.find((e) => e.type === "session_end")?.at ?? i.ended_at;

function Course({ intervention: i, events }: { intervention: Intervention; events: Signed[] }) {
  const facts = facts_of(i, events);
  const names = names_of(i);
  const end = end_of(i, events);
  return (
    <Card title={t("st_timeline")} id="course">
      <div class="figure-frame" role="group" aria-label={t("st_timeline")} tabIndex={0}>
        <Timeline title={t("st_timeline_title", { when: date_time(i.requested_at) })} moments={moments_of(facts)} spans={spans_of(i, events, end ?? i.requested_at)} />
      </div>
      <p class="legend" aria-hidden="true"><span class="key key-window" /> {t("span_session")} <span class="key key-person" /> {t("span_connected")} <span class="key key-pause" /> {t("span_pause")}</p>
      <BehindFigure label={t("as_table")} caption={t("st_timeline")} head={[t("st_time"), t("st_what")]} rows={facts.map((f) => [clock_time_exact(f.at), f.label])} />
      {i.opened_at && (
        <>
          <StretchTable title={t("iv_connections")} none={t("iv_connections_none")} rows={ended_by(connections_of(events), end)} who={(r) => names(r.who)} />
          <StretchTable title={t("iv_pauses")} none={t("iv_pauses_none")} rows={ended_by(pauses_of(events), end)} who={(r) => (r.why === "PAUSED" || !r.why ? t("ev_by_practice") : word(r.why))} />
          <Files intervention={i} events={events} />
        </>
      )}
    </Card>
  );
}

function Report({ intervention: i }: { intervention: Intervention }) {
  const { report } = i;
  return (
    <Card title={t("st_report")} id="report">
      {!report ? <p class="muted">{t("mc_no_report")}</p> : (
        <>
          <p class="tasks">{report.tasks}</p>
          <Pairs rows={[
            [t("mc_outcome"), word(report.outcome)], [t("st_reported_at"), date_time(i.reported_at)],
            report.consulted.length ? [word("CONSULTED"), report.consulted.map((c) => `${c.name} (${c.qualification})`).join(", ")] : null,
            report.none_consulted ? [word("CONSULTED"), t("st_none_consulted", { why: report.none_consulted })] : null,
          ]} />
        </>
      )}
    </Card>
  );
}

const sections: readonly (readonly [id: string, key: Key])[] = [["matters", "iv_to_know"], ["marks", "mk_title"], ["proof", "pf_title"], ["course", "st_timeline"], ["journals", "jr_title"], ["report", "st_report"], ["people", "iv_people"], ["records", "rc_title"]];

// Links within the page: the address stays that of the intervention.
function Sections() {
  const jump = (id: string) => (event: Event) => {
    event.preventDefault();
    const heading = document.getElementById(id);
    heading?.setAttribute("tabindex", "-1");
    heading?.focus();
    heading?.scrollIntoView();
  };
  return <nav class="places no-print" aria-label={t("iv_sections")}><ul>{sections.map(([id, key]) => <li key={id}><a href={`#${id}`} onClick={jump(id)}>{t(key)}</a></li>)}</ul></nav>;
}

function Papers({ id }: { id: string }) {
  const fetch_as = (format: string) => () => get_file(`/review/interventions/${part(id)}/record?language=${language()}&format=${format}`);
  return (
    <div class="actions no-print">
      <Download label={t("iv_print_pdf")} name={`intervention-${id}.pdf`} fetch_file={fetch_as("pdf")} />
      <Download label={t("iv_print_text")} name={`intervention-${id}.txt`} fetch_file={fetch_as("text")} />
      <a class="button quiet" href={address(["exports"], { new: "PROOF_PACK", intervention: id })}>{t("iv_pack")}</a>
    </div>
  );
}

// What the gateway's own row tells; nothing once that is destroyed.
function Told({ reviewed: { intervention: i, events } }: { reviewed: Reviewed }) {
  if (!i) return null;
  return (
    <>
      <Course intervention={i} events={events} />
      <div class="columns columns-wide"><div><Report intervention={i} /><Consent intervention={i} events={events} /></div><Request intervention={i} /></div>
      <People intervention={i} />
    </>
  );
}

function Whole({ reviewed, again }: { reviewed: Reviewed; again: () => void }) {
  const { intervention: i, row } = reviewed;
  return (
    <article>
      <div class="row title-row"><h1>{heading_of(reviewed)}</h1><StateTag state={row.state as State} /></div>
      <p class="small"><span class="mono">{row.id}</span> · {row.ticket} · {date_time(row.requested_at)}</p>
      <Papers id={row.id} />
      {i && <Sections />}
      {!i && <p class="note note-call">{t("iv_gone")}</p>}
      <div class="columns columns-wide">
        <div>{i && <Matters intervention={i} reviewed={reviewed} />}<Marks id={row.id} marks={reviewed.marks} changed={again} /></div>
        <div><Proof id={row.id} records={reviewed.records} /><Journals journals={reviewed.journals} /></div>
      </div>
      <Told reviewed={reviewed} />
      <Records records={reviewed.records} />
      {reviewed.certificates.length > 0 && <Card title={t("rt_certificates")} id="certificates"><CertificateTable items={reviewed.certificates} /></Card>}
      {may_write() && <Acts reviewed={reviewed} changed={again} />}
    </article>
  );
}

const heading_of = ({ row }: Reviewed): string => t("iv_heading", { system: row.system_label, practice: row.practice_name });

export function InterventionView({ id }: { id: string }) {
  const { value: purpose } = stated.use();
  const loaded = useLoad<Reviewed>(purpose ? `/review/interventions/${part(id)}` : null);
  const title = loaded.value ? heading_of(loaded.value) : t("iv_number");
  useTitle(title);
  return (
    <WithPurpose title={title}>
      <p class="no-print"><a href={address(["interventions"])}>← {t("iv_back")}</a></p>
      <Loading of={loaded}>{loaded.value && <Whole reviewed={loaded.value} again={loaded.again} />}</Loading>
    </WithPurpose>
  );
}
