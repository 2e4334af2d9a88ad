// What is worth saying aloud between two states of the agent.
import { warning } from "../shared/countdown";
import { window_words } from "../shared/window";
import { tool_name, word_of } from "./messages/codes";
import type { Request, Session, State } from "./contract";
import { t } from "./messages/index";
import { awaits_word, calls, is_to_come } from "./planned";

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
  if (before.operators && now.typist !== before.typist) out.push(calm(now.typist ? t("said_typist", { name: name(now.typist) }) : t("said_typist_all")));
  if (before.operators && now.in_charge !== before.in_charge) out.push(calm(t("said_in_charge", { name: name(now.in_charge) })));
  for (const tool of now.paused_tools ?? []) if (!before.paused_tools?.includes(tool)) out.push(calm(t("said_tool_held", { tool: tool_name(tool) })));
  for (const tool of before.paused_tools ?? []) if (!now.paused_tools?.includes(tool)) out.push(calm(t("said_tool_resumed", { tool: tool_name(tool) })));
  const [was, is] = [warning(before.seconds_left), warning(now.seconds_left)];
  if (was !== is && is !== "none" && now.phase === "OPEN") out.push(urgent(t(is === "one" ? "said_one_minute" : "said_five_minutes")));
  return out;
}

// A request that came, or one whose planned window has begun: both call, with the same soft sound.
function of_request(before: Request | undefined, now: Request, at: string): Change[] {
  const values = { name: now.operators[0]?.name ?? "", system: now.system.label };
  const call = (text: string): Change[] => [{ text, urgent: false, rings: true }];
  if (before) return is_to_come(before) && calls(now) ? call(t("said_begun", values)) : [];
  if (!is_to_come(now)) return call(t(now.planned ? "said_begun" : "said_request", values));
  return call(t("said_planned", { ...values, when: window_words(now.planned!.from, now.planned!.until, Date.parse(at)) }));
}

export function changes(before: State | null, now: State): Change[] {
  const out: Change[] = [];
  for (const request of now.requests) out.push(...of_request(before?.requests.find((r) => r.intervention === request.intervention), request, now.now));
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
  const requests = state ? state.requests.filter(calls).length : waiting;
  const proposed = state ? state.requests.filter(awaits_word).length : 0;
  if (requests) return `(${requests}) ${t("title_request")} – Pontlevis`;
  if (state?.sessions.some((s) => s.phase === "OPEN")) return `● ${t("title_session")} – Pontlevis`;
  if (proposed) return `(${proposed}) ${t("title_planned")} – Pontlevis`;
  return state ? `${t("title_closed")} – Pontlevis` : "Pontlevis";
}
