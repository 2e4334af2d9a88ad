// A value of a record as a reader sees it: in words, nested where it is. Unknown names are shown as they are, so
// that nothing of a record is hidden.
import type { ComponentChildren } from "preact";
import { bytes, country, date_only, date_time_exact, duration, number } from "../../shared/i18n";
import { tool_name } from "../../console/messages/codes";
import { knows, word } from "../messages/codes";
import { t } from "../messages/index";
import { field_name } from "../messages/records";

const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const code = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/;
const digest = /sha256|hash|fingerprint|key|signature|statement|commitment|proof|token/;

export const is_empty_value = (v: unknown): boolean => v === null || v === undefined || v === "" || (Array.isArray(v) && v.length === 0);

function number_words(name: string, value: number): string {
  if (name.endsWith("seconds")) return duration(value);
  if (name.endsWith("_ms")) return `${number(value)}\u00a0ms`;
  if (name.startsWith("bytes") || name === "size") return bytes(value);
  return number(value);
}
function plain(name: string, value: string | number | boolean): string {
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  if (typeof value === "number") return number_words(name, value);
  if (moment.test(value)) return date_time_exact(value);
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return date_only(value);
  if (name === "tools" || name === "tool") return tool_name(value);
  if (/^[A-Z]{2}$/.test(value) && /country/.test(name)) return country(value);
  return code.test(value) || knows(value) ? word(value) : value;
}

export function Value({ name, value }: { name: string; value: unknown }): ComponentChildren {
  if (is_empty_value(value)) return <span class="muted">{t("rc_empty")}</span>;
  if (Array.isArray(value)) {
    if (value.every((v) => typeof v !== "object" || v === null)) return value.map((v) => plain(name, v as string)).join(", ");
    return <ul class="nested">{value.map((v, i) => <li key={i}><Value name={name} value={v} /></li>)}</ul>;
  }
  if (typeof value === "object") return <Members values={value as Record<string, unknown>} />;
  const words = plain(name, value as string);
  if (words.length > 160) return <details class="long"><summary>{words.slice(0, 48)}…</summary><code class="mono">{words}</code></details>;
  return digest.test(name) ? <code class="mono">{words}</code> : words;
}

export function Members({ values }: { values: Record<string, unknown> }) {
  const shown = Object.keys(values).filter((n) => !is_empty_value(values[n]));
  return <dl class="pairs">{shown.map((n) => <div key={n}><dt>{field_name(n)}</dt><dd><Value name={n} value={values[n]} /></dd></div>)}</dl>;
}
