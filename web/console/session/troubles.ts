// Why a session's connection ended, in plain words, each with a way forward.
import type { Trouble, TroubleKind } from "../../shared/ssh/errors";
import { type MessageKey, t } from "./messages";

export type WayForward = "again" | "code" | "key" | "gateway" | "warn" | "none";
const table: Record<TroubleKind, { title: MessageKey; forward: MessageKey; way: WayForward }> = {
  wrong_host_key: { title: "x_host_key", forward: "x_host_key_do", way: "warn" },
  key_refused: { title: "x_key", forward: "x_key_do", way: "key" },
  password_refused: { title: "x_password", forward: "x_password_do", way: "code" },
  not_relayed: { title: "x_relay", forward: "x_relay_do", way: "gateway" },
  gone: { title: "x_gone", forward: "x_gone_do", way: "again" },
  silent: { title: "x_silent", forward: "x_gone_do", way: "again" },
  slow: { title: "x_slow", forward: "x_slow_do", way: "again" },
  altered: { title: "x_altered", forward: "x_altered_do", way: "warn" },
  closed_by_practice: { title: "x_closed", forward: "x_closed_do", way: "again" },
  bad_answer: { title: "x_bad", forward: "x_bad_do", way: "warn" },
  cancelled: { title: "x_left", forward: "x_left_do", way: "again" },
  not_offered: { title: "x_refused", forward: "x_refused_do", way: "none" },
  ended: { title: "x_over", forward: "x_over_do", way: "none" },
};

export interface Told { title: string; detail: string; forward: string; way: WayForward; bad: boolean }
export function told(trouble: Trouble): Told {
  const { title, forward, way } = table[trouble.kind];
  // The agent blocks a person by saying goodbye: then only a new request helps, or a new code.
  const of_code = trouble.kind === "closed_by_practice" && /code|tries/i.test(trouble.detail);
  return {
    title: t(of_code ? "x_password" : title), detail: trouble.detail, forward: t(of_code ? "x_password_do" : forward),
    way: of_code ? "code" : way, bad: trouble.kind !== "cancelled",
  };
}
