// Counts of a period and when requests come. Interventions are counted, never people (requirements T11).
import { useState } from "preact/hooks";
import { date_only, duration, language, number } from "../../shared/i18n";
import { BehindFigure } from "../../shared/parts/data_table";
import { Loading, useLoad, useTitle } from "../../console/hooks";
import { tool_name } from "../../console/messages/codes";
import { TextField } from "../../console/parts/field";
import type { Filter, Overview } from "../contract";
import { is_day, last_days, type Name } from "../filter";
import { word } from "../messages/codes";
import { t, tn } from "../messages/index";
import { HeatMap, month_words, Months, most_of, weekday } from "../parts/charts";
import { Grid } from "../parts/grid";
import { Card } from "../parts/small";
import { address, go, query_of, type Route } from "../route";

type Period = { from: string; until: string };

export function period_of(query: URLSearchParams, now: number): Period {
  const [from, until] = [query.get("from") ?? "", query.get("until") ?? ""];
  const usual = last_days(365, now) as Period;
  return is_day(from) && is_day(until) && from <= until ? { from, until } : usual;
}

function PeriodForm({ period }: { period: Period }) {
  const [from, set_from] = useState(period.from);
  const [until, set_until] = useState(period.until);
  const submit = (event: Event) => {
    event.preventDefault();
    go(["overview"], { from, until });
  };
  return (
    <form class="card period-form" role="search" aria-label={t("mc_period")} onSubmit={submit}>
      <TextField id="period-from" type="date" label={t("mc_from")} required value={from} change={set_from} />
      <TextField id="period-until" type="date" label={t("mc_until")} required value={until} change={set_until} />
      <button class="button main">{t("ov_show")}</button>
    </form>
  );
}

function Figures({ o }: { o: Overview }) {
  const figures: [string, string, string?][] = [
    [t("ov_median"), duration(o.median_active_seconds)], [t("ov_pairs"), number(o.pairs)], [t("ov_emergencies"), number(o.emergencies)], [t("ov_not_watched"), number(o.not_watched)],
    [t("ov_questions"), number(o.questions_open)], [t("ov_findings"), number(o.findings_open), o.findings_late ? t("ov_findings_late", { n: o.findings_late }) : undefined],
  ];
  return (
    <Card title={t("ov_figures")} id="figures">
      <p class="big-line">{tn("ov_total", o.total, { n: number(o.total), from: date_only(o.from), until: date_only(o.until) })}</p>
      <dl class="figures">{figures.map(([name, value, more]) => <div key={name}><dt>{name}</dt><dd>{value}{more && <span class="small is-bad"> {more}</span>}</dd></div>)}</dl>
    </Card>
  );
}

function Heat({ heat }: { heat: number[][] }) {
  const most = most_of(heat);
  const lang = language();
  const hours = Array.from({ length: 24 }, (_, h) => String(h));
  const title = most.count ? t("ov_heat_title", { n: number(most.count), day: weekday(most.day, lang), hour: most.hour }) : t("ov_heat_none");
  return (
    <Card title={t("ov_heat")} id="heat">
      <p>{title}</p>
      <div class="figure-frame" role="group" aria-label={t("ov_heat")} tabIndex={0}><HeatMap heat={heat} title={title} language={lang} /></div>
      <p class="legend" aria-hidden="true">{t("ov_few")} {[0, 1, 2, 3, 4].map((n) => <span key={n} class={`key key-day-${n}`} />)} {t("ov_many")}</p>
      <BehindFigure label={t("ov_as_table")} caption={t("ov_heat")} head={[t("ov_day"), ...hours]} rows={heat.map((row, day) => [weekday(day, lang), ...row.map((n) => number(n))])} />
    </Card>
  );
}

function ByMonth({ months }: { months: Overview["by_month"] }) {
  if (!months.length) return null;
  const title = t("ov_months_title", { from: month_words(months[0]!.month), until: month_words(months.at(-1)!.month) });
  return (
    <Card title={t("ov_months")} id="months">
      <div class="figure-frame" role="group" aria-label={t("ov_months")} tabIndex={0}><Months months={months} title={title} /></div>
      <BehindFigure label={t("ov_as_table")} caption={t("ov_months")} head={[t("ov_month"), t("ov_number")]} rows={months.map((m) => [month_words(m.month), number(m.count)])} />
    </Card>
  );
}

interface Counted { id: string; title: string; counts: Record<string, number>; total: number; name: Name; words: (code: string) => string; period: Period }

function Counts({ id, title, counts, total, name, words, period }: Counted) {
  const rows = Object.entries(counts).filter(([, n]) => n > 0).sort(([, a], [, b]) => b - a);
  const columns = [{ key: "what", head: title }, { key: "n", head: t("ov_number"), kind: "number" as const }, { key: "share", head: t("ov_share"), kind: "number" as const }];
  const place = (code: string): Filter => ({ ...period, [name]: code });
  return (
    <Card title={title} id={id}>
      {!rows.length ? <p class="muted">{t("nothing")}</p> : (
        <Grid caption={title} columns={columns} lines={rows.map(([code, n]) => ({ key: code, cells: { what: <a href={address(["interventions"], { ...place(code) })}>{words(code)}</a>, n: number(n), share: total ? `${number((100 * n) / total, 1)}\u00a0%` : "–" } }))} />
      )}
    </Card>
  );
}

export function OverviewView({ route }: { route: Route }) {
  const period = period_of(route.query, Date.now());
  const loaded = useLoad<Overview>(`/review/overview${query_of(period)}`);
  const o = loaded.value;
  useTitle(t("ov_title"));
  const counted = (id: string, title: string, counts: Record<string, number>, name: Name, words: (code: string) => string = (c) => word(c, "filter")) => <Counts {...{ id, title, counts, name, words, period }} total={o!.total} />;
  return (
    <>
      <h1>{t("ov_title")}</h1>
      <p class="lead">{t("ov_text")}</p>
      <PeriodForm key={`${period.from}${period.until}`} period={period} />
      <Loading of={loaded}>
        {o && (
          <>
            <Figures o={o} />
            <Heat heat={o.heat} />
            <ByMonth months={o.by_month} />
            <div class="columns columns-wide">
              {counted("by-state", t("ov_by_state"), o.by_state, "state")}
              {counted("by-outcome", t("ov_by_outcome"), o.by_outcome, "outcome")}
              {counted("by-criticality", t("ov_by_criticality"), o.by_criticality, "criticality")}
              {counted("by-tool", t("ov_by_tool"), o.by_tool, "tool", tool_name)}
              {counted("by-nonconformity", t("ov_by_nonconformity"), o.by_nonconformity, "nonconformity")}
            </div>
          </>
        )}
      </Loading>
    </>
  );
}
