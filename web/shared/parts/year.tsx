// A year of days, a week a column: the more interventions, the fuller the square.
import { month_name } from "../i18n";

export interface Day {
  date: string;
  count: number;
  minutes: number;
}

const step = 14;
const day_ms = 86_400_000;

export const fullness = (count: number): number => (count <= 0 ? 0 : count === 1 ? 1 : count === 2 ? 2 : count <= 4 ? 3 : 4);

// Column (week) and row (Monday first) of a day of the year.
export function place_of(date: string): { column: number; row: number } {
  const day = Date.parse(`${date}T00:00:00Z`);
  const first = Date.UTC(new Date(day).getUTCFullYear(), 0, 1);
  const lead = (new Date(first).getUTCDay() + 6) % 7;
  const nth = Math.round((day - first) / day_ms) + lead;
  return { column: Math.floor(nth / 7), row: nth % 7 };
}

export function days_of(year: number): string[] {
  const out: string[] = [];
  for (let at = Date.UTC(year, 0, 1); new Date(at).getUTCFullYear() === year; at += day_ms) out.push(new Date(at).toISOString().slice(0, 10));
  return out;
}

export function Year({ year, days, title, describe }: { year: number; days: Day[]; title: string; describe: (day: Day) => string }) {
  const by_date = new Map(days.map((d) => [d.date, d]));
  return (
    <svg class="year" viewBox={`0 0 ${54 * step + 4} ${7 * step + 26}`} role="img" aria-label={title}>
      {Array.from({ length: 12 }, (_, m) => (
        <text key={m} class="year-month" x={2 + place_of(`${year}-${String(m + 1).padStart(2, "0")}-01`).column * step} y="12">{month_name(year, m)}</text>
      ))}
      {days_of(year).map((date) => {
        const { column, row } = place_of(date);
        const day = by_date.get(date);
        return (
          <rect key={date} class={`day day-${fullness(day?.count ?? 0)}`} x={2 + column * step} y={20 + row * step} width={step - 3} height={step - 3} rx="2.5">
            {day && <title>{describe(day)}</title>}
          </rect>
        );
      })}
    </svg>
  );
}
