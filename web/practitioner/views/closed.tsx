// The calm default: nobody can come in, since when, and what happened last.
import { Drawbridge } from "../../shared/parts/mark";
import { date_time, duration, short_date_time } from "../../shared/i18n";
import type { Line, State } from "../contract";
import { t } from "../messages/index";
import { word_of } from "../messages/codes";
import { PlannedList } from "./planned";

export const line_link = (line: Line): string => `#/interventions/${encodeURIComponent(line.intervention)}`;

export function LineList({ lines }: { lines: Line[] }) {
  return (
    <ul class="lines">
      {lines.map((line) => (
        <li key={line.intervention}>
          <a class="line" href={line_link(line)}>
            <span class="line-who"><strong>{line.person_in_charge}</strong> <span class="muted">{line.employer}</span></span>
            <span class="line-what">{line.system}{line.ticket && <span class="muted"> · {line.ticket}</span>}</span>
            <span class="line-when">{short_date_time(line.started_at ?? line.requested_at)}{line.duration_seconds !== null && <span class="muted"> · {duration(line.duration_seconds)}</span>}</span>
            <span class={`tag tag-${line.state.toLowerCase()}`}>{word_of(line.state)}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

export function Closed({ state }: { state: State }) {
  return (
    <>
      <section class="hero" aria-labelledby="closed">
        <Drawbridge down={false} title={t("door_up")} />
        <div>
          <h1 id="closed">{t("closed_title")}</h1>
          <p class="big-line">{t("closed_text")}</p>
          <p class="muted">{t("closed_since", { when: date_time(state.door.since) })}</p>
        </div>
      </section>
      <PlannedList requests={state.requests} />
      {state.rehearsed_at === null && state.person.role !== "OBSERVER" && (
        <section class="card row" aria-labelledby="try">
          <div>
            <h2 id="try">{t("try_title")}</h2>
            <p>{t("try_text")}</p>
          </div>
          <a class="button main" href="#/rehearsal">{t("try_button")}</a>
        </section>
      )}
      <section class="card" aria-labelledby="recent">
        <div class="row">
          <h2 id="recent">{t("recent")}</h2>
          <a href="#/interventions">{t("all_interventions")}</a>
        </div>
        {state.recent.length ? <LineList lines={state.recent} /> : <p class="muted">{t("recent_none")}</p>}
      </section>
    </>
  );
}
