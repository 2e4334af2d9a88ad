// What the practice signed of one session, as rows: connections, pauses and files.
import type { Event } from "../console/contract";

export interface Stretch { who: string; from: string; until: string | null; why: string }
export interface Moved { at: string; who: string; name: string; into: boolean; bytes: number }

const text = (v: unknown): string => (typeof v === "string" ? v : "");

// What begins and ends: one row each, also while it still goes on.
function stretches(events: Event[], row_of: (e: Event) => { key: string; begins: boolean; ends: boolean } | null): Stretch[] {
  const open = new Map<string, Stretch>();
  const out: Stretch[] = [];
  for (const e of events) {
    const row = row_of(e);
    if (!row) continue;
    const one = open.get(row.key);
    if (row.ends && one) (one.until = e.at), open.delete(row.key);
    if (row.begins && !open.has(row.key)) {
      const made: Stretch = { who: text(e["login"]), from: e.at, until: null, why: text(e["why"]) };
      open.set(row.key, made);
      out.push(made);
    }
  }
  return out;
}

export const connections_of = (events: Event[]): Stretch[] => stretches(events, (e) => {
  const what = text(e["what"]);
  return e.type === "connection" ? { key: text(e["login"]), begins: what === "JOINED" || what === "REJOINED", ends: what === "LEFT" } : null;
});
export const pauses_of = (events: Event[]): Stretch[] => stretches(events, (e) => (e.type === "pause" && !e["tool"] ? { key: "", begins: text(e["what"]) === "PAUSED", ends: text(e["what"]) === "RESUMED" } : null));

export const files_of = (events: Event[]): Moved[] =>
  events.filter((e) => e.type === "transfer").map((e) => ({ at: e.at, who: text(e["login"]), name: text(e["name"]), into: e["direction"] === "IN", bytes: typeof e["bytes"] === "number" ? e["bytes"] : 0 }));

// The session's end closes what nobody closed.
export const ended_by = (rows: Stretch[], end: string | null): Stretch[] => rows.map((r) => ({ ...r, until: r.until ?? end }));
