// Planned interventions to come: their list on the closed page, and each one's own view.
import { useEffect } from "preact/hooks";
import { capital } from "../../shared/window";
import type { Person, Request, State } from "../contract";
import { t } from "../messages/index";
import { awaits_word, soonest_first } from "../planned";
import { when_of } from "./planned_card";
import { lead_of } from "./request_parts";
import { RequestView } from "./request";

// On the closed page: what is to come, soonest first.
export function PlannedList({ requests }: { requests: Request[] }) {
  const to_come = soonest_first(requests);
  if (!to_come.length) return null;
  return (
    <section class={to_come.some(awaits_word) ? "card call" : "card"} aria-labelledby="planned">
      <h2 id="planned">{t("planned_list")}</h2>
      <p class="small">{t("planned_list_text")}</p>
      <ul class="lines">
        {to_come.map((r) => (
          <li key={r.intervention}>
            <a class="line line-planned" href={`#/planned/${encodeURIComponent(r.intervention)}`}>
              <span class="line-when"><strong>{capital(when_of(r))}</strong></span>
              <span class="line-who">{lead_of(r)?.name} <span class="muted">{lead_of(r)?.employer}</span></span>
              <span class="line-what">{r.system.label}{r.ticket && <span class="muted"> · {r.ticket}</span>}</span>
              <span class={awaits_word(r) ? "tag tag-strong" : "tag tag-good"}>{t(awaits_word(r) ? "planned_waits_tag" : "planned_suits_tag")}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

export const planned_at = (state: State, id: string | undefined): Request | undefined => soonest_first(state.requests).find((r) => r.intervention === id);

// #/planned/ID: as long as it is to come; afterwards « Maintenant » shows what has become of it.
export function PlannedView({ request, person }: { request: Request; person: Person }) {
  return (
    <>
      <p><a href="#/">← {t("nav_now")}</a></p>
      <RequestView request={request} person={person} />
    </>
  );
}
export function NoLongerPlanned() {
  useEffect(() => void location.replace("#/"), []);
  return null;
}
