// The requests this person began and did not send, one a system, in this tab.
import type { Form } from "./asking";
import { keeper } from "./keep";

export interface AskDraft { practice: string; system: string; practice_name: string; system_label: string; form: Partial<Form> }

const shelf = "asks";
const same = (practice: string, system: string) => (d: AskDraft): boolean => d.practice === practice && d.system === system;

export const drafts_of = (login: string): AskDraft[] => keeper.read<AskDraft[]>(login, shelf) ?? [];
export const draft_of = (login: string, practice: string, system: string): AskDraft | null => drafts_of(login).find(same(practice, system)) ?? null;

export function keep_draft(login: string, draft: AskDraft): void {
  const others = drafts_of(login).filter((d) => !same(draft.practice, draft.system)(d));
  keeper.write(login, shelf, [...others, draft].slice(-5));
}
export function drop_draft(login: string, practice: string, system: string): void {
  const others = drafts_of(login).filter((d) => !same(practice, system)(d));
  if (others.length) keeper.write(login, shelf, others);
  else keeper.drop(login, shelf);
}
