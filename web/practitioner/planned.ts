// Planned interventions: a date that was proposed, and what a request is at each moment of it.
import type { Request } from "./contract";

// Its window has not begun: nothing can be opened, only the date can be answered.
export const is_to_come = (r: Request): boolean => Boolean(r.planned) && !r.can_open;
// Nobody here has said yet whether the date suits.
export const awaits_word = (r: Request): boolean => is_to_come(r) && r.accepted === null;
// What calls for a decision now.
export const calls = (r: Request): boolean => !is_to_come(r);

export const soonest_first = (requests: Request[]): Request[] =>
  requests.filter(is_to_come).sort((a, b) => Date.parse(a.planned!.from) - Date.parse(b.planned!.from));

// Milliseconds until the next window begins, by the agent's clock; null when none is to come.
export function next_beginning(requests: Request[], agent_now: number): number | null {
  const next = soonest_first(requests)[0];
  return next ? Math.max(0, Date.parse(next.planned!.from) - agent_now) : null;
}
