// Pictures drawn by hand as SVG: weekday × hour, and a bar for each month. The table behind each holds the same.
import { month_name, number } from "../../shared/i18n";
import { t } from "../messages/index";

const [cell, left, top] = [24, 46, 20];

// 0 is empty; 1 to 4 in quarters of the largest.
export const heat_step = (count: number, most: number): number => (count <= 0 || most <= 0 ? 0 : Math.min(4, Math.ceil((4 * count) / most)));
export const most_of = (heat: number[][]): { count: number; day: number; hour: number } =>
  heat.flatMap((row, day) => row.map((count, hour) => ({ count, day, hour }))).reduce((a, b) => (b.count > a.count ? b : a), { count: 0, day: 0, hour: 0 });

// A Monday, so that a weekday's name can be asked for.
export function weekday(day: number, language: "fr" | "en", width: "long" | "short" = "long"): string {
  return new Intl.DateTimeFormat(language === "fr" ? "fr-FR" : "en-GB", { weekday: width, timeZone: "UTC" }).format(Date.UTC(2026, 0, 5 + day));
}

export function HeatMap({ heat, title, language }: { heat: number[][]; title: string; language: "fr" | "en" }) {
  const most = most_of(heat).count;
  return (
    <svg class="heat" viewBox={`0 0 ${left + 24 * cell} ${top + 7 * cell}`} role="img" aria-label={title}>
      {Array.from({ length: 12 }, (_, n) => <text key={n} class="heat-label" x={left + 2 * n * cell + cell / 2} y="13" text-anchor="middle">{2 * n}</text>)}
      {heat.map((row, day) => (
        <g key={day}>
          <text class="heat-label" x="0" y={top + day * cell + 16}>{weekday(day, language, "short")}</text>
          {row.map((count, hour) => <rect key={hour} class={`day day-${heat_step(count, most)}`} x={left + hour * cell} y={top + day * cell} width={cell - 2} height={cell - 2} rx="3"><title>{t("pair_of", { name: `${weekday(day, language)} ${hour} h`, value: number(count) })}</title></rect>)}
        </g>
      ))}
    </svg>
  );
}

export interface Month { month: string; count: number }
export const month_words = (month: string): string => `${month_name(Number(month.slice(0, 4)), Number(month.slice(5, 7)) - 1)} ${month.slice(0, 4)}`;

const [bar_width, bar_height] = [46, 130];
export function Months({ months, title }: { months: Month[]; title: string }) {
  const most = Math.max(1, ...months.map((m) => m.count));
  const height = (count: number) => (count ? Math.max(2, (count / most) * bar_height) : 0);
  const every = Math.ceil(months.length / 18);
  return (
    <svg class="months" viewBox={`0 0 ${Math.max(6, months.length) * bar_width} ${bar_height + 46}`} role="img" aria-label={title}>
      {months.map((m, n) => (
        <g key={m.month}>
          <rect class="bar-month" x={n * bar_width + 7} y={18 + bar_height - height(m.count)} width={bar_width - 14} height={height(m.count)} rx="4"><title>{t("pair_of", { name: month_words(m.month), value: number(m.count) })}</title></rect>
          {months.length <= 24 && <text class="bar-number" x={n * bar_width + bar_width / 2} y={12 + bar_height - height(m.count)} text-anchor="middle">{number(m.count)}</text>}
          {n % every === 0 && <text class="heat-label" x={n * bar_width + bar_width / 2} y={bar_height + 36} text-anchor="middle">{month_words(m.month).slice(0, -4).trim()}{m.month.endsWith("-01") || n === 0 ? ` ${m.month.slice(2, 4)}` : ""}</text>}
        </g>
      ))}
    </svg>
  );
}
