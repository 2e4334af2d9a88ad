// A year of interventions at a glance.
import { useState } from "preact/hooks";
import { BehindFigure } from "../../shared/parts/data_table";
import { Year, type Day } from "../../shared/parts/year";
import { date_only, duration } from "../../shared/i18n";
import { Loading, useLoad } from "../hooks";
import { t, tn } from "../messages/index";

export function CalendarView() {
  const [year, set_year] = useState(new Date().getFullYear());
  const loaded = useLoad<{ days: Day[] }>(`/api/calendar?year=${year}`);
  const days = loaded.value?.days ?? [];
  const total = days.reduce((n, d) => n + d.count, 0);
  const describe = (d: Day) => `${date_only(d.date)} : ${tn("interventions_n", d.count)}, ${duration(d.minutes * 60)}`;
  return (
    <>
      <h1>{t("calendar_title", { year })}</h1>
      <div class="segments">
        <button type="button" class="segment" onClick={() => set_year(year - 1)}>← {year - 1}</button>
        <button type="button" class="segment" disabled={year >= new Date().getFullYear()} onClick={() => set_year(year + 1)}>{year + 1} →</button>
      </div>
      <Loading of={loaded}>
        <section class="card" aria-label={t("calendar_title", { year })}>
          <p class="big-line" role="status">{tn("interventions_n", total)}{total > 0 && ` · ${duration(days.reduce((n, d) => n + d.minutes, 0) * 60)}`}</p>
          <div class="figure-frame" role="group" aria-label={t("calendar")} tabIndex={0}>
            <Year year={year} days={days} title={t("calendar_title", { year })} describe={describe} />
          </div>
          <p class="legend" aria-hidden="true">{t("less")} {[0, 1, 2, 3, 4].map((n) => <span key={n} class={`key key-day-${n}`} />)} {t("more")}</p>
          <BehindFigure label={t("as_table")} caption={t("calendar_title", { year })} head={[t("day"), t("interventions"), t("duration")]} rows={days.map((d) => [date_only(d.date), d.count, duration(d.minutes * 60)])} />
        </section>
      </Loading>
    </>
  );
}
