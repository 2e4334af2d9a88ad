// Around the session itself (../session): who is there, how long it lasts, finish, hand over. The session's own
// code is a part of its own, fetched when the first session opens.
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Ring } from "../../shared/parts/ring";
import { clock, post } from "../api";
import type { Intervention, Me, Person } from "../contract";
import { type Loaded, Problem, useAct, useSecond } from "../hooks";
import { t } from "../messages/index";
import { word_of } from "../messages/codes";
import { Confirm } from "../parts/confirm";
import { SshLines } from "./native";
import { story_link } from "./intervention";

export interface SessionProps { intervention: Intervention; me: Me; refresh: () => void }

function useSessionPart(): { View: ComponentType<SessionProps> | null; problem: unknown; again: () => void } {
  const [View, set_view] = useState<ComponentType<SessionProps> | null>(null);
  const [problem, set_problem] = useState<unknown>(null);
  const [turn, set_turn] = useState(0);
  useEffect(() => {
    set_problem(null);
    import("../session/view").then((part) => set_view(() => part.SessionView as ComponentType<SessionProps>), set_problem);
  }, [turn]);
  return { View, problem, again: () => set_turn(turn + 1) };
}

function Left({ intervention }: { intervention: Intervention }) {
  useSecond();
  if (!intervention.ends_at) return null;
  const seconds = Math.max(0, Math.ceil((Date.parse(intervention.ends_at) - clock.now()) / 1000));
  return <Ring small seconds={seconds} total={(intervention.granted_minutes ?? intervention.minutes) * 60} label={t("ss_left")} />;
}

function Who({ person, here, in_charge }: { person: Person; here: boolean; in_charge: boolean }) {
  return (
    <li class={`person ${here ? "is-here" : ""}`}>
      <strong>{person.name}</strong> {in_charge ? <span class="tag">{word_of("LEAD")}</span> : person.role !== "LEAD" && <span class="tag">{word_of(person.role)}</span>}
      <br /><span class="presence">{person.mode === "CONSULTED" ? word_of("CONSULTED") : t(here ? "ss_connected" : "ss_not_connected")}</span>
    </li>
  );
}

function HandOver({ intervention, loaded, me }: { intervention: Intervention; loaded: Loaded<Intervention>; me: Me }) {
  const act = useAct();
  const other = intervention.operators.find((o) => o.login !== me.login && o.mode === "CONNECTED" && o.role !== "ADDITIONAL");
  if (!other || intervention.in_charge !== me.login) return null;
  return <Confirm label={t("ss_hand_over")} question={t("ss_hand_over_sure", { name: other.name })} yes={t("ss_hand_over_yes", { name: other.name })} act={act} run={async () => loaded.take(await post<Intervention>(`/interventions/${intervention.id}/hand-over`, { to: other.login }))} />;
}

export function SessionFrame({ intervention, loaded, me }: { intervention: Intervention; loaded: Loaded<Intervention>; me: Me }) {
  const { View, problem, again } = useSessionPart();
  const act = useAct();
  const in_charge = intervention.operators.find((o) => o.login === intervention.in_charge)?.name ?? intervention.in_charge;
  return (
    <div class="session">
      <section class="card session-bar" aria-label={t("ss_bar")}>
        <Left intervention={intervention} />
        <div class="session-words"><strong>{t(intervention.state === "PAUSED" ? "ss_paused" : "ss_title")}</strong><span class="muted">{t("ss_in_charge", { name: in_charge })}</span></div>
        <ul class="people session-people" aria-label={t("ss_people")}>{intervention.operators.map((o) => <Who key={o.login} person={o} here={intervention.connected.includes(o.login)} in_charge={o.login === intervention.in_charge} />)}</ul>
        <div class="session-acts">
          <HandOver intervention={intervention} loaded={loaded} me={me} />
          {intervention.in_charge === me.login && <Confirm tone="stop" label={t("ss_finish")} question={t("ss_finish_sure")} yes={t("ss_finish_yes")} act={act} run={async () => loaded.take(await post<Intervention>(`/interventions/${intervention.id}/finish`))} />}
        </div>
      </section>
      {problem ? <><Problem problem={problem} again={again} /><SshLines intervention={intervention} /></> : View ? <View intervention={intervention} me={me} refresh={loaded.again} /> : <p class="loading" role="status">{t("loading")}</p>}
      <p class="no-print"><a href={story_link(intervention)}>{t("st_story")}</a></p>
    </div>
  );
}
