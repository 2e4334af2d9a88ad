// What the records of one intervention tell: spans and moments for the picture, rows for its table.
import type { Moment, Span } from "../shared/parts/timeline";
import type { Line, RecordShown } from "./contract";
import { record_words } from "./messages/activity";
import { t } from "./messages/index";

type Fields = Record<string, unknown>;
const text = (v: unknown): string => (typeof v === "string" ? v : "");

export function person_name(v: unknown): string {
  if (typeof v === "string") return v;
  const o = (v ?? {}) as { name?: unknown; display_name?: unknown; login?: unknown };
  return text(o.display_name) || text(o.name) || text(o.login);
}
// Records name people by login; the fiche knows their names.
export type Names = ReadonlyMap<string, string>;
export function names_of(fiche: Fields): Names {
  const people = [fiche["person_in_charge"], fiche["approver"], ...(Array.isArray(fiche["participants"]) ? fiche["participants"] : [])];
  return new Map(people.filter((p) => login_of(p) && person_name(p) !== login_of(p)).map((p): [string, string] => [login_of(p), person_name(p)]));
}
const nobody_known: Names = new Map();
export const known_name = (v: unknown, names: Names): string => names.get(login_of(v)) ?? person_name(v);
export const login_of = (v: unknown): string => (typeof v === "string" ? v : text((v as { login?: unknown } | null)?.login) || person_name(v));

// When a fact took place: the moment it names, or when the log wrote it.
export const when_of = (f: Fields): string =>
  text(f["decided_at"]) || text(f["opened_at"]) || text(f["ended_at"]) || text(f["withdrawn_at"]) || text(f["left_at"]) || text(f["joined_at"]) || text(f["attempted_at"]) || text(f["time"]);

const shown_types = new Set(["request", "consent", "refusal", "lapse", "cancelled", "not_asked", "session_open", "session_end", "withdrawal", "report", "attempt", "transfer", "recovery", "handover", "acceptance"]);
const good = new Set(["consent", "acceptance", "session_open", "report"]);
const bad = new Set(["refusal", "withdrawal", "attempt", "recovery"]);

export function moments_of(records: RecordShown[], names: Names = nobody_known): Moment[] {
  return records.filter((r) => shown_types.has(text(r.fields["type"]))).map(({ fields }) => {
    const type = text(fields["type"]);
    return { at: when_of(fields), label: record_words(fields, names), tone: good.has(type) ? "good" : bad.has(type) ? "bad" : "plain" };
  });
}

interface Opened { from: string; label: string }

export function spans_of(line: Line, records: RecordShown[], names: Names = nobody_known): Span[] {
  const spans: Span[] = [];
  const lanes = new Map<string, number>();
  const here = new Map<string, Opened>();
  let paused: string | null = null;
  const last = line.ended_at ?? text(records.at(-1)?.fields["time"]);
  if (line.started_at) spans.push({ from: line.started_at, until: last, label: t("span_session"), lane: 0, tone: "window" });
  const pause_lane = () => 1;
  const lane_of = (login: string) => (lanes.has(login) ? lanes.get(login)! : (lanes.set(login, lanes.size + 2), lanes.get(login)!));
  const close = (login: string, until: string) => {
    const open = here.get(login);
    if (open) spans.push({ from: open.from, until, label: open.label, lane: lane_of(login), tone: "person" });
    here.delete(login);
  };
  for (const { fields } of records) {
    const event = text(fields["event"]).toUpperCase();
    const at = text(fields["time"]);
    if (fields["type"] === "connection") {
      const login = login_of(fields["operator"]);
      if (event === "JOINED" || event === "REJOINED" || event === "RECONNECTED") here.set(login, { from: text(fields["joined_at"]) || at, label: known_name(fields["operator"], names) });
      if (event === "LEFT") close(login, text(fields["left_at"]) || at);
    }
    const whole = fields["type"] === "pause" && !fields["tool"];  // one tool held is no pause of the session
    if (whole && event === "PAUSED") paused = at;
    if (whole && event === "RESUMED" && paused) spans.push({ from: paused, until: at, label: t("span_pause"), lane: pause_lane(), tone: "pause" }), (paused = null);
  }
  for (const login of [...here.keys()]) close(login, last);
  if (paused) spans.push({ from: paused, until: last, label: t("span_pause"), lane: pause_lane(), tone: "pause" });
  const used = [...new Set(spans.map((s) => s.lane))].sort((a, b) => a - b);
  return spans.map((s) => ({ ...s, lane: used.indexOf(s.lane) }));
}
