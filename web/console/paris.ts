// Planned times are typed and read on the clocks of Paris, wherever the technician sits, and travel in UTC.
const zone = "Europe/Paris";
const minute = 60_000;
const day = 86_400_000;

const format = new Intl.DateTimeFormat("en-GB", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

// 2026-12-01T12:30, the form of <input type="datetime-local">
export function paris_wall(time: number): string {
  const of = Object.fromEntries(format.formatToParts(time).map((p) => [p.type, p.value]));
  return `${of["year"]}-${of["month"]}-${of["day"]}T${of["hour"]}:${of["minute"]}`;
}

// The moment at which the clocks of Paris show this. Null: not a time, or one that the clocks skip in spring.
// Of the two in autumn, the first.
export function from_paris_wall(wall: string): number | null {
  const as_utc = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(wall) ? Date.parse(`${wall}:00Z`) : NaN;
  if (!Number.isFinite(as_utc)) return null;
  for (const hours of [2, 1]) if (paris_wall(as_utc - hours * 60 * minute) === wall) return as_utc - hours * 60 * minute;
  return null;
}

export const utc_text = (time: number): string => new Date(time).toISOString().replace(/\.\d{3}Z$/, "Z");

// A first proposal: tomorrow at 12:30, when practices pause.
export const tomorrow_noon = (now: number): string => `${paris_wall(now + day).slice(0, 10)}T12:30`;
export const later = (wall: string, minutes: number): string => {
  const time = from_paris_wall(wall);
  return time === null ? wall : paris_wall(time + minutes * minute);
};
export const is_paris_here = (now: number): boolean =>
  new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(now) === paris_wall(now).slice(11);
