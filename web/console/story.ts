// What the practice signed and the gateway recorded of one intervention, as moments and spans of one picture.
import { bytes } from "../shared/i18n";
import type { Moment, Span } from "../shared/parts/timeline";
import type { Event, Intervention } from "./contract";
import { word_of } from "./messages/codes";
import { t, type Key } from "./messages/index";

export interface Fact { at: string; label: string; tone: Moment["tone"]; mark: boolean }

const text = (v: unknown): string => (typeof v === "string" ? v : "");
const count = (v: unknown): number => (typeof v === "number" && Number.isFinite(v) ? v : 0);
export type Names = (who: unknown) => string;

export function names_of(i: Intervention): Names {
  const known = new Map(i.operators.map((o) => [o.login, o.name]));
  return (who) => {
    const person = (who ?? {}) as { login?: unknown; name?: unknown };
    const login = typeof who === "string" ? who : text(person.login);
    return text(person.name) || (known.get(login) ?? login);
  };
}

const pause_words = (why: string): string => (why === "PAUSED" ? t("ev_by_practice") : word_of(why));

type Words = (e: Event, names: Names) => string;
const by_what = (prefix: string): Words => (e, names) => t(`${prefix}_${text(e["what"]).toLowerCase()}` as Key, { name: names(e["login"]), why: pause_words(text(e["why"])) });

const words: Record<string, Words> = {
  consent: (e, n) => t(e["extends"] ? "ev_extension" : "ev_consent", { name: n(e["approver"]), n: count(e["minutes"]) }),
  refusal: (e, n) => t("ev_refusal", { name: n(e["approver"]) }),
  lapse: () => t("ev_lapse"),
  not_asked: () => t("ev_not_asked"),
  acceptance: (e, n) => t("ev_acceptance", { name: n(e["approver"]) }),
  session_open: () => t("ev_session_open"),
  connection: (e, n) => by_what("ev")({ ...e, what: e["what"] === "REJOINED" ? "JOINED" : e["what"] }, n),
  transfer: (e) => t(e["direction"] === "IN" ? "ev_transfer_IN" : "ev_transfer_OUT", { file: text(e["name"]), size: bytes(count(e["bytes"])) }),
  forward: (e) => t("ev_forward", { target: text(e["target"]) || text(e["tool"]) }),
  attempt: (e) => t("ev_attempt", { what: text(e["what"]) }),
  password: (e, n) => t("ev_password", { name: n(e["login"]), what: word_of(text(e["what"])) }),
  pause: by_what("ev"),
  typist: (e, n) => (e["login"] ? t("ev_typist_one", { name: n(e["login"]) }) : t("ev_typist_all")),
  handover: (e, n) => t("ev_handover", { name: n(e["to"]) }),
  withdrawal: (e, n) => t("ev_withdrawal", { name: n(e["by"]) }),
  recording: (e) => t("ev_recording", { what: word_of(text(e["what"])) }),
  comment: (e) => t(e["contested"] ? "ev_contest" : "ev_comment", { text: text(e["text"]) }),
  session_end: (e) => t("ev_session_end", { cause: word_of(text(e["cause"])) }),
  report_received: () => t("ev_report_received"),
};

const good = new Set(["consent", "acceptance", "session_open", "report_received"]);
const bad = new Set(["refusal", "withdrawal", "attempt"]);
const quiet = new Set(["password", "connection", "pause", "typist", "recording"]);  // in the table, not on the axis

const event_words = (e: Event, names: Names): string => (Object.hasOwn(words, e.type) ? words[e.type]!(e, names) : e.type);
const fact_of = (e: Event, names: Names): Fact => ({ at: e.at, label: event_words(e, names), tone: good.has(e.type) ? "good" : bad.has(e.type) ? "bad" : "plain", mark: !quiet.has(e.type) });

// The practice signs what happens there; the request, its cancelling and the report are the gateway's own.
export function facts_of(i: Intervention, events: Event[]): Fact[] {
  const names = names_of(i);
  const lead = i.operators.find((o) => o.role === "LEAD");
  const own: Fact[] = [{ at: i.requested_at, label: t("ev_request", { name: names(lead?.login ?? i.in_charge) }), tone: "plain", mark: true }];
  if (i.state === "CANCELLED" && i.ended_at) own.push({ at: i.ended_at, label: t("ev_cancelled"), tone: "plain", mark: true });
  if (i.reported_at) own.push({ at: i.reported_at, label: t("ev_report"), tone: "good", mark: true });
  return [...own, ...events.map((e) => fact_of(e, names))].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

export const moments_of = (facts: Fact[]): Moment[] => facts.filter((f) => f.mark).map(({ at, label, tone }) => ({ at, label, tone }));

interface Opened { from: string; label: string; tone: Span["tone"] }

// Spans are what begins and ends: the session, each person's connection, each pause of the whole session.
export function spans_of(i: Intervention, events: Event[], now: string): Span[] {
  const names = names_of(i);
  const found: (Omit<Span, "lane"> & { row: string })[] = [];
  const open = new Map<string, Opened>();
  const last = i.ended_at ?? now;
  const begin = (row: string, from: string, label: string, tone: Span["tone"]) => open.has(row) || open.set(row, { from, label, tone });
  const end = (row: string, until: string) => {
    const one = open.get(row);
    if (one) found.push({ row, ...one, until });
    open.delete(row);
  };
  if (i.opened_at) begin("0 session", i.opened_at, t("span_session"), "window");
  for (const e of events) {
    const what = text(e["what"]);
    if (e.type === "connection" && (what === "JOINED" || what === "REJOINED")) begin(`2 ${text(e["login"])}`, e.at, names(e["login"]), "person");
    if (e.type === "connection" && what === "LEFT") end(`2 ${text(e["login"])}`, e.at);
    if (e.type === "pause" && !e["tool"]) what === "PAUSED" ? begin("1 pause", e.at, t("span_pause"), "pause") : end("1 pause", e.at);
  }
  for (const row of [...open.keys()]) end(row, last);
  const rows = [...new Set(found.map((s) => s.row))].sort();
  return found.map(({ row, ...span }) => ({ ...span, lane: rows.indexOf(row) }));
}
