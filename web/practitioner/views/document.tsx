// Values of a record as a reader sees them: labelled, in words, nested where they are. Unknown names are shown
// as they are, so that nothing of a record is hidden.
import type { ComponentChildren } from "preact";
import { bytes, country, date_only, date_time_exact, duration, number } from "../../shared/i18n";
import { label_of } from "../messages/labels";
import { t } from "../messages/index";
import { cleanup_words, has_word, tool_name, word_of } from "../messages/codes";

const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
// ISO 8601 durations of the receipt: one number and one unit.
const period = /^P(?:(\d+)([YMD])|T(\d+)([HMS]))$/;
function period_words(text: string): string {
  const [, days, day_unit, times, time_unit] = period.exec(text)!;
  const n = Number(days ?? times);
  if (n === 0) return t("never_kept");
  const unit = { Y: "n_years", M: "n_months", D: "n_days" }[day_unit ?? ""] ?? { H: "n_hours", M: "minutes_n", S: "n_seconds" }[time_unit ?? ""];
  return t(unit as "n_years", { n });
}

const empty = (v: unknown): boolean => v === null || v === undefined || v === "" || (Array.isArray(v) && v.length === 0);

function plain(name: string, value: string | number | boolean): string {
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  if (typeof value === "number") {
    if (name.endsWith("_seconds")) return duration(value);
    if (name.endsWith("_ms")) return `${number(value)} ms`;
    if (name.startsWith("bytes") || name === "size") return bytes(value);
    return name === "minutes" ? t("minutes_n", { n: value }) : number(value);
  }
  if (moment.test(value)) return date_time_exact(value);
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return date_only(value);
  if (name === "tools" || name === "tool") return tool_name(value);
  if (/^[A-Z]{2}$/.test(value) && /country|location|jurisdiction/.test(name)) return country(value);
  if (period.test(value)) return period_words(value);
  if (name === "residual_cleanup") return cleanup_words(value);
  return has_word(value) ? word_of(value) : value;
}

// A person, a party, a system: the name first, the rest in a line.
const name_members = ["display_name", "name", "label", "party_name"];
const named = (o: Record<string, unknown>): string | undefined => name_members.find((n) => typeof o[n] === "string" && o[n] !== "");

function Named({ values }: { values: Record<string, unknown> }) {
  const by = named(values)!;
  const rest = Object.keys(values).filter((n) => n !== by && !empty(values[n]));
  const short = rest.filter((n) => typeof values[n] !== "object" && !/sha256|_ref$/.test(n));
  const long = rest.filter((n) => !short.includes(n));
  return (
    <>
      <strong>{values[by] as string}</strong>
      {short.length > 0 && <span class="muted"> · {short.map((n) => (typeof values[n] === "boolean" || moment.test(String(values[n])) ? `${label_of(n)} ${plain(n, values[n] as string)}` : plain(n, values[n] as string))).join(" · ")}</span>}
      {long.length > 0 && <Pairs values={values} names={long} />}
    </>
  );
}

export function Value({ name, value }: { name: string; value: unknown }): ComponentChildren {
  if (empty(value)) return "–";
  if (Array.isArray(value)) {
    if (value.every((v) => typeof v !== "object" || v === null)) return value.map((v) => plain(name, v as string)).join(", ");
    return <ul class="nested">{value.map((v, i) => <li key={i}><Value name={name} value={v} /></li>)}</ul>;
  }
  if (typeof value === "object" && named(value as Record<string, unknown>)) return <Named values={value as Record<string, unknown>} />;
  if (typeof value === "object") return <Pairs values={value as Record<string, unknown>} />;
  const words = plain(name, value as string);
  return /sha256|hash|fingerprint|key_id|signature|statement/.test(name) ? <code>{words}</code> : words;
}

export function Pairs({ values, names }: { values: Record<string, unknown>; names?: string[] }) {
  const shown = (names ?? Object.keys(values)).filter((n) => !empty(values[n]));
  return <dl class="pairs">{shown.map((n) => <div key={n}><dt>{label_of(n)}</dt><dd><Value name={n} value={values[n]} /></dd></div>)}</dl>;
}
