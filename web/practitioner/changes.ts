// What is worth saying aloud between two states of the agent.
import { warning } from "../shared/countdown";
import { word_of } from "./messages/codes";
import type { Session, State } from "./contract";
import { t } from "./messages/index";

export interface Change {
  text: string;
  urgent: boolean;
  rings: boolean;
}

const calm = (text: string): Change => ({ text, urgent: false, rings: false });
const urgent = (text: string): Change => ({ text, urgent: true, rings: false });

function of_session(before: Session | undefined, now: Session): Change[] {
  const out: Change[] = [];
  const name = (login: string) => now.operators?.find((o) => o.login === login)?.name ?? login;
  if (now.phase === "OPEN" && before?.phase !== "OPEN") out.push(calm(t("said_open")));
  if (!before) return out;
  for (const login of now.connected ?? []) if (!before.connected?.includes(login)) out.push(calm(t("said_joined", { name: name(login) })));
  for (const login of before.connected ?? []) if (!now.connected?.includes(login)) out.push(calm(t("said_left", { name: name(login) })));
  if (now.hold !== before.hold) out.push(now.hold === "NONE" ? calm(t("said_resumed")) : urgent(word_of(`HOLD_${now.hold}`)));
  const [was, is] = [warning(before.seconds_left), warning(now.seconds_left)];
  if (was !== is && is !== "none" && now.phase === "OPEN") out.push(urgent(t(is === "one" ? "said_one_minute" : "said_five_minutes")));
  return out;
}

export function changes(before: State | null, now: State): Change[] {
  const out: Change[] = [];
  const known = new Set(before?.requests.map((r) => r.intervention));
  for (const request of now.requests)
    if (!known.has(request.intervention))
      out.push({ text: t("said_request", { name: request.operators[0]?.name ?? "", system: request.system.label }), urgent: false, rings: true });
  if (before && !before.locked && !now.locked)
    for (const request of before.requests)
      if (!now.requests.some((r) => r.intervention === request.intervention) && !now.sessions.some((s) => s.intervention === request.intervention))
        out.push(calm(t("said_request_gone")));
  for (const session of now.sessions) out.push(...of_session(before?.sessions.find((s) => s.intervention === session.intervention), session));
  for (const session of before?.sessions ?? [])
    if (!now.sessions.some((s) => s.intervention === session.intervention)) out.push(urgent(t("said_cut")));
  if (!before) return out;
  if (now.reported.length > before.reported.length) out.push(calm(t("said_report")));
  if (now.door.alarm && !before.door.alarm) out.push(urgent(t("alarm")));
  return out;
}

export function title_of(state: State | null, waiting = 0): string {
  const requests = state ? state.requests.length : waiting;
  if (requests) return `(${requests}) ${t("title_request")} – Pontlevis`;
  if (state?.sessions.some((s) => s.phase === "OPEN")) return `● ${t("title_session")} – Pontlevis`;
  return state ? `${t("title_closed")} – Pontlevis` : "Pontlevis";
}
