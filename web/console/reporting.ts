// A report as it is written, and what keeps it from being sent (gateway/commands/report.cpp, gateway/desk.cpp).
import type { Intervention, ReportDraft } from "./contract";
import { bytes_of } from "./screening";
import { holds_nir } from "./nir";

export type ReportFault = "tasks" | "outcome" | "cleanup" | "staff" | "person" | "nir";

// Those named in the request as additional staff are proposed: they were consulted.
export function first_draft(i: Intervention): ReportDraft {
  const staff = i.operators.filter((o) => o.role === "ADDITIONAL").map(({ name, qualification }) => ({ name, qualification }));
  return { tasks: "", outcome: "", cleanup: "", consulted: staff, none_consulted: null };
}

export const whole_draft = (draft: Partial<ReportDraft> | null, i: Intervention): ReportDraft => ({ ...first_draft(i), ...(draft ?? {}) });

const complete = (p: { name: string; qualification: string }): boolean => Boolean(p.name.trim() && p.qualification.trim());
const written = (text: string, min: number, max: number): boolean => bytes_of(text.trim()) >= min && bytes_of(text.trim()) <= max;

export function report_faults(draft: ReportDraft, criticality: string): ReportFault[] {
  const out: ReportFault[] = [];
  if (!written(draft.tasks, 20, 1000)) out.push("tasks");
  if (holds_nir(draft.tasks) || holds_nir(draft.none_consulted ?? "")) out.push("nir");
  if (!draft.outcome) out.push("outcome");
  if (!draft.cleanup) out.push("cleanup");
  if (draft.none_consulted === null && !draft.consulted.every(complete)) out.push("person");
  const nobody = draft.none_consulted === null ? !draft.consulted.length : !written(draft.none_consulted, 10, 500);
  if (criticality === "CRITICAL" && nobody) out.push("staff");
  return out;
}

export const to_send = (draft: ReportDraft): ReportDraft => ({
  ...draft, tasks: draft.tasks.trim(), none_consulted: draft.none_consulted?.trim() || null,
  consulted: draft.none_consulted === null ? draft.consulted.map((p) => ({ name: p.name.trim(), qualification: p.qualification.trim() })) : [],
});
