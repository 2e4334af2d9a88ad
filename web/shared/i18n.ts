// The mechanics of two languages: a table holds each sentence twice, side by side, so neither language
// can miss one (a missing member is a type error). French typography (no-break spaces) is added here.
import { useEffect, useState } from "preact/hooks";

export type Language = "fr" | "en";
export type Pair = readonly [fr: string, en: string];
export type Table = Record<string, Pair>;
export type Values = Record<string, string | number>;

const kept = "pontlevis.language";
const listeners = new Set<() => void>();
let current: Language = read_kept() ?? "fr";

function read_kept(): Language | null {
  try {
    const word = globalThis.localStorage?.getItem(kept);
    return word === "fr" || word === "en" ? word : null;
  } catch {
    return null;
  }
}

export const language = (): Language => current;
export const language_was_chosen = (): boolean => read_kept() !== null;

// `keep`: the reader chose it; otherwise it is only the practice's default.
export function set_language(next: Language, keep = true): void {
  current = next;
  if (keep) {
    try {
      globalThis.localStorage?.setItem(kept, next);
    } catch {
      // a browser that keeps nothing still speaks the language until it is closed
    }
  }
  if (globalThis.document) document.documentElement.lang = next;
  for (const tell of listeners) tell();
}

export function useLanguage(): Language {
  const [, again] = useState(0);
  useEffect(() => {
    const tell = () => again((n) => n + 1);
    listeners.add(tell);
    return () => void listeners.delete(tell);
  }, []);
  return current;
}

// No-break spaces where French typography wants them.
export function french_spaces(text: string): string {
  return text.replace(/ ([:;?!»–%])/g, "\u00a0$1").replace(/« /g, "«\u00a0").replace(/(\d) (min|s|ms|jours|ko|Mo|Go)\b/g, "$1\u00a0$2");
}

export function fill(template: string, values: Values = {}): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

export function say(pair: Pair, values?: Values, lang: Language = current): string {
  const template = lang === "fr" ? french_spaces(pair[0]) : pair[1];
  return fill(template, values);
}

// Names inside {braces} of a sentence; the tests hold both languages to the same ones.
export const holes = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]!).sort();

// ---- numbers and dates ----
const locale = () => (current === "fr" ? "fr-FR" : "en-GB");

export const number = (n: number, digits = 0): string => new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(n);

function format_date(time: string | number | null | undefined, options: Intl.DateTimeFormatOptions): string {
  if (time === null || time === undefined) return "–";
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : new Intl.DateTimeFormat(locale(), options).format(date);
}
export const date_time = (time: string | number | null | undefined): string => format_date(time, { dateStyle: "long", timeStyle: "short" });
export const date_time_exact = (time: string | null | undefined): string => format_date(time, { dateStyle: "long", timeStyle: "medium" });
export const short_date_time = (time: string | null | undefined): string => format_date(time, { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
export const short_date = (time: string | null | undefined): string => format_date(time, { day: "numeric", month: "short", year: "numeric" });
export const date_only = (time: string | null | undefined): string => format_date(time, { dateStyle: "long" });
export const clock_time = (time: string | number | null | undefined): string => format_date(time, { hour: "2-digit", minute: "2-digit" });
export const clock_time_exact = (time: string | null | undefined): string => format_date(time, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
export const month_name = (year: number, month: number): string => format_date(Date.UTC(year, month, 15), { month: "short", timeZone: "UTC" });

export function bytes(n: number): string {
  const units = current === "fr" ? ["o", "ko", "Mo", "Go"] : ["B", "kB", "MB", "GB"];
  let unit = 0;
  while (n >= 1000 && unit < 3) (n /= 1000), unit++;
  return `${number(n, unit ? 1 : 0)}\u00a0${units[unit]}`;
}

export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return "–";
  const whole = Math.max(0, Math.round(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  if (h) return `${h}\u00a0h\u00a0${String(m).padStart(2, "0")}`;
  if (m) return s ? `${m}\u00a0min\u00a0${s}\u00a0s` : `${m}\u00a0min`;
  return `${s}\u00a0s`;
}

export function country(code: string): string {
  try {
    return new Intl.DisplayNames([locale()], { type: "region" }).of(code) ?? code;
  } catch {
    return code;
  }
}
