// A request as it is being written, what the gateway's policy would say of it at once, and the request that is
// sent. The gateway decides alone; this only spares a round trip (gateway/request_policy.cpp).
import type { Language } from "../shared/i18n";
import type { Ask } from "./contract";
import { from_paris_wall, utc_text } from "./paris";
import { bytes_of } from "./screening";
import { planned_text, type TaskCode } from "./tasks";

export type When = "now" | "planned" | "emergency";
export interface Form {
  tools: string[]; view_only: boolean; bring_in: boolean; take_out: boolean;
  data: string[]; other_data: string; purpose: Ask["purpose"]; reason: string; tasks: TaskCode[]; tasks_text: string;
  ticket: string; minutes: number; criticality: Ask["criticality"]; pair: string;
  additional: string[]; consulted: string[]; when: When; emergency: string; from: string; until: string;
}

export const empty_form = (tools: string[] = []): Form => ({
  tools, view_only: false, bring_in: true, take_out: false, data: [], other_data: "", purpose: "MAINTENANCE", reason: "", tasks: [], tasks_text: "",
  ticket: "", minutes: 30, criticality: "STANDARD", pair: "", additional: [], consulted: [], when: "now", emergency: "", from: "", until: "",
});

// A kept form may be of an older page: what is missing is filled in.
export const whole_form = (kept: Partial<Form> | null, offered: string[]): Form => {
  const form = { ...empty_form(offered.includes("shell") ? ["shell"] : offered.slice(0, 1)), ...(kept ?? {}) };
  return { ...form, tools: form.tools.filter((tool) => offered.includes(tool)) };
};

// Always presumed (A04), word for word as the terminal's request sends it.
export const presumed = "données affichées à l'écran, dont données de santé";

export function access_of(form: Form): string[] {
  const files = form.tools.includes("files");
  return ["VIEW", ...(form.view_only ? [] : ["CONTROL"]), ...(files && form.bring_in ? ["TRANSFER_IN"] : []), ...(files && form.take_out ? ["TRANSFER_OUT"] : [])];
}

export const data_of = (form: Form): string[] => [presumed, ...form.data, ...(form.other_data.trim() ? [form.other_data.trim()] : [])];

function planned_of(form: Form): Ask["planned"] {
  const [from, until] = [from_paris_wall(form.from), from_paris_wall(form.until)];
  return form.when === "planned" && from !== null && until !== null ? { from: utc_text(from), until: utc_text(until) } : null;
}

export const ask_of = (form: Form, practice: string, system: string, language: Language): Ask => ({
  practice, system, tools: form.tools, access_types: access_of(form), data_categories: data_of(form), purpose: form.purpose,
  reason: form.reason.trim(), planned_tasks: planned_text(form.tasks, form.tasks_text, language), ticket: form.ticket.trim(), minutes: form.minutes,
  criticality: form.criticality, pair: form.pair || null, additional: form.additional, consulted: form.consulted,
  emergency: form.when === "emergency" ? form.emergency.trim() : null, planned: planned_of(form),
});

// What keeps the request from being sent, by field; the key names its sentence in messages/asking.ts.
export type Fault = "tools" | "reason" | "tasks" | "ticket" | "minutes" | "pair" | "staff" | "emergency" | "window" | "window_past" | "window_short" | "same_person" | "files_way" | "data";
export type Faults = Partial<Record<keyof Form, Fault>>;

export const reads_as_login = (text: string): boolean => /^(?!-)[a-z0-9-]{1,63}(?<!-)$/.test(text);
const between = (text: string, min: number, max: number): boolean => bytes_of(text) >= min && bytes_of(text) <= max;

function window_fault(form: Form, now: number): Fault | null {
  const [from, until] = [from_paris_wall(form.from), from_paris_wall(form.until)];
  if (from === null || until === null) return "window";
  if (from <= now || from > now + 60 * 86_400_000) return "window_past";
  return until - from < form.minutes * 60_000 || until - from > 86_400_000 ? "window_short" : null;
}

function people_faults(form: Form, me: string, out: Faults): void {
  const people = [me, ...(form.pair ? [form.pair] : []), ...form.additional, ...form.consulted];
  if (form.criticality === "CRITICAL" && !form.pair) out.pair = "pair";
  else if (new Set(people).size < people.length || people.length > 8) out.pair = "same_person";
  if (form.criticality === "CRITICAL" && !form.additional.length && !form.consulted.length) out.additional = "staff";
}

export function faults_of(form: Form, me: string, now: number, language: Language): Faults {
  const out: Faults = {};
  if (!form.tools.length) out.tools = "tools";
  else if (form.tools.includes("files") && !form.bring_in && !form.take_out) out.tools = "files_way";
  if (!between(form.reason.trim(), 10, 500)) out.reason = "reason";
  if (!between(planned_text(form.tasks, form.tasks_text, language), 5, 1000)) out.tasks = "tasks";
  if (!between(form.ticket.trim(), 1, 64)) out.ticket = "ticket";
  if (bytes_of(form.other_data.trim()) > 100) out.other_data = "data";
  if (!Number.isInteger(form.minutes) || form.minutes < 1 || form.minutes > 480) out.minutes = "minutes";
  if (form.when === "emergency" && !between(form.emergency.trim(), 10, 500)) out.emergency = "emergency";
  const window = form.when === "planned" ? window_fault(form, now) : null;
  if (window) out.from = window;
  people_faults(form, me, out);
  return out;
}
