// Time that is left, counted on the browser's own steady clock from what the agent said: a changed wall
// clock moves nothing. The agent alone decides when time is over; this only shows it.
export interface Deadline {
  total: number;   // seconds granted
  ends: number;    // on the steady clock, milliseconds
}

export const deadline_in = (seconds_left: number, total: number, now: number): Deadline => ({ total, ends: now + seconds_left * 1000 });
export const seconds_until = (deadline: Deadline, now: number): number => Math.max(0, Math.ceil((deadline.ends - now) / 1000));

// The part of the ring that is still there, 0 … 1.
export const share_left = (seconds: number, total: number): number => (total > 0 ? Math.min(1, Math.max(0, seconds / total)) : 0);

export type Warning = "none" | "five" | "one";
export const warning = (seconds: number): Warning => (seconds <= 60 ? "one" : seconds <= 300 ? "five" : "none");

// 75 → "1:15", 3725 → "1:02:05"
export function clock(seconds: number): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

// How far the agent's clock is ahead of this browser's, in milliseconds.
export const clock_offset = (agent_now: string, here: number): number => Date.parse(agent_now) - here;
export const seconds_to = (time: string, offset: number, here: number): number => Math.max(0, Math.ceil((Date.parse(time) - offset - here) / 1000));

// 1 s, 2 s, 4 s … 30 s, with a fifth of chance so that pages do not all come back at once.
export const back_off = (attempt: number, chance: number = Math.random()): number =>
  Math.round(Math.min(30_000, 1000 * 2 ** Math.min(attempt, 5)) * (0.9 + 0.2 * chance));
