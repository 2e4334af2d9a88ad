// A search: its members as the address, the gateway and a saved search know them. Unknown members of an address
// are dropped, so that a link asks for nothing that the reader does not see.
import type { Filter } from "./contract";
import { query_of } from "./route";

export type Name = keyof Filter;
export const names: readonly Name[] = ["from", "until", "practice", "person", "system", "tool", "criticality", "state", "outcome", "end", "nonconformity", "mark", "emergency", "not_watched", "pair", "text"];
const days: readonly Name[] = ["from", "until"];
const ticks: readonly Name[] = ["emergency", "not_watched", "pair"];

const longest = 120;
export const is_day = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));

function valid(name: Name, value: string): boolean {
  if (days.includes(name)) return is_day(value);
  if (ticks.includes(name)) return value === "true";
  return value.length > 0 && value.length <= longest;
}

export function read_filter(values: Iterable<readonly [string, string]>): Filter {
  const given = new Map(values);
  const out: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const value = given.get(name)?.trim();
    if (value && valid(name, value)) out[name] = value;
  }
  return out as Filter;
}

export const entries_of = (filter: Filter): [Name, string][] => names.flatMap((name) => (filter[name] ? [[name, filter[name]] as [Name, string]] : []));
export const text_of = (filter: Filter): string => query_of(Object.fromEntries(entries_of(filter))).slice(1);
export const is_empty = (filter: Filter): boolean => entries_of(filter).length === 0;
export const without = (filter: Filter, name: Name): Filter => read_filter(entries_of(filter).filter(([n]) => n !== name));

// A period that people ask for often, ending today (a day of Europe/Paris).
const day_ms = 86_400_000;
export const day_of = (time: number): string => new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Paris", year: "numeric", month: "2-digit", day: "2-digit" }).format(time);
export const last_days = (n: number, now: number): Pick<Filter, "from" | "until"> => ({ from: day_of(now - (n - 1) * day_ms), until: day_of(now) });
