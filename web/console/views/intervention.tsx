// One intervention, from request to end. Its address shows what its state calls for; /report and /story are
// always there under it.
import { useEffect, useRef } from "preact/hooks";
import { announce } from "../../shared/parts/announce";
import type { Intervention, Me } from "../contract";
import { link_to, Loading, type Loaded, useLoad, useTitle } from "../hooks";
import { t, type Key } from "../messages/index";
import { word_of } from "../messages/codes";
import { StateTag } from "../parts/words";
import { is, who } from "../who";
import { ReportView } from "./report";
import { SessionFrame } from "./session_frame";
import { StoryView } from "./story";
import { WaitingView } from "./waiting";

type Stage = "waiting" | "session" | "report" | "story";

export const names_me = (i: Intervention, login: string): boolean => i.operators.some((o) => o.login === login && o.mode === "CONNECTED");
export const report_due = (i: Intervention): boolean => i.state === "ENDED" && i.reported_at === null && i.to_do.includes("report");

export function stage_of(i: Intervention, me: Me, asked: string | undefined): Stage {
  if (asked === "story") return "story";
  if (asked === "report" && i.ended_at) return "report";
  if (i.state === "REQUESTED" || i.state === "APPROVED") return "waiting";
  if ((i.state === "OPEN" || i.state === "PAUSED") && names_me(i, me.login)) return "session";
  return report_due(i) && i.in_charge === me.login ? "report" : "story";
}

// What happened is said once, also to those who look elsewhere.
function useTold(state: Intervention["state"] | undefined): void {
  const before = useRef(state);
  useEffect(() => {
    if (before.current && state && before.current !== state) {
      const key = (`said_${state}` in sentences ? `said_${state}` : `end_${state}`) as Key;
      announce(t(key), state === "PAUSED" || state === "ENDED" ? "assertive" : "polite");
    }
    before.current = state;
  }, [state]);
}
const sentences: Record<string, true> = { said_APPROVED: true, said_OPEN: true, said_PAUSED: true, said_ENDED: true, said_CLOSED: true };

function Stages({ loaded, intervention, me, asked }: { loaded: Loaded<Intervention>; intervention: Intervention; me: Me; asked: string | undefined }) {
  const stage = stage_of(intervention, me, asked);
  if (stage === "waiting") return <WaitingView intervention={intervention} loaded={loaded} />;
  if (stage === "session") return <SessionFrame intervention={intervention} loaded={loaded} me={me} />;
  if (stage === "report") return <ReportView key={intervention.id} intervention={intervention} loaded={loaded} me={me} />;
  return <StoryView intervention={intervention} me={me} />;
}

export function InterventionView({ id, asked }: { id: string; asked: string | undefined }) {
  const loaded = useLoad<Intervention>(`/interventions/${encodeURIComponent(id)}`);
  const { me } = who.use();
  const i = loaded.value;
  const title = i ? t("iv_title", { system: i.system_label, practice: i.practice_name }) : t("iv_number");
  useTitle(i ? `${i.state === "OPEN" ? "● " : ""}${word_of(i.state)} – ${title}` : title);
  useTold(i?.state);
  return (
    <>
      <p class="no-print"><a href="#/interventions">← {t(is("technician") ? "nav_mine" : "ls_back")}</a></p>
      <Loading of={loaded}>
        {i && me && (
          <>
            <div class="row title-row"><h1>{title}</h1><StateTag state={i.state} /></div>
            <p class="small"><span class="mono">{i.id}</span> · {i.ticket}</p>
            <Stages loaded={loaded} intervention={i} me={me} asked={asked} />
          </>
        )}
      </Loading>
    </>
  );
}

export const story_link = (i: Intervention): string => link_to("interventions", i.id, "story");
