// Small parts of many views: a day that is due, a tone of a state, a list that says when it is empty, a download.
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { date_only } from "../../shared/i18n";
import { save_blob } from "../../shared/save";
import { day_of } from "../filter";
import { type Listed, Loading, Problem, useAct } from "../../console/hooks";
import { t, tn } from "../messages/index";

export type Tone = "good" | "call" | "bad" | "plain";
export const Tag = ({ tone = "plain", children }: { tone?: Tone; children: ComponentChildren }) => <span class={`tag ${tone === "plain" ? "" : tone === "good" ? "tag-good" : tone === "call" ? "tag-strong" : "tag-bad"}`}>{children}</span>;

// A reason says something: the gateway wants ten characters, and so does this page.
export const says_why = (text: string): boolean => text.trim().length >= 10;

// Days of the calendar until then; negative when it is past. A deadline is a day, or a moment.
const is_day = (due: string): boolean => due.length === 10;
export const days_left = (due: string, now: number): number => (Date.parse(is_day(due) ? due : day_of(Date.parse(due))) - Date.parse(day_of(now))) / 86_400_000;
const is_past = (due: string, now: number): boolean => (is_day(due) ? days_left(due, now) < 0 : Date.parse(due) < now);

export function left_words(due: string, late: boolean, now: number): string {
  const days = days_left(due, now);
  if (late || is_past(due, now)) return days < -1 ? t("late_by", { n: -days }) : t("late");
  return days === 0 ? t("due_today") : tn("due_in", days);
}
export const due_tone = (due: string, late: boolean, now: number): Tone => (late || is_past(due, now) ? "bad" : days_left(due, now) <= 3 ? "call" : "plain");

export function DueDay({ due, late, met = false }: { due: string; late: boolean; met?: boolean }) {
  const now = Date.now();
  return <span class="due-day">{date_only(due)}{!met && <> <Tag tone={due_tone(due, late, now)}>{left_words(due, late, now)}</Tag></>}</span>;
}

export function Card({ title, children, tone, id: given, actions }: { title: string; children: ComponentChildren; tone?: "call"; id?: string; actions?: ComponentChildren }) {
  const own = useId();
  const id = given ?? own;
  return (
    <section class={`card ${tone ?? ""}`} aria-labelledby={id}>
      {actions ? <div class="row title-row"><h2 id={id}>{title}</h2>{actions}</div> : <h2 id={id}>{title}</h2>}
      {children}
    </section>
  );
}

export function ListOf<T>({ list, none, children }: { list: Listed<T>; none: string; children: (items: T[]) => ComponentChildren }) {
  return (
    <Loading of={list}>
      {list.value && (list.value.length ? children(list.value) : <p class="muted">{none}</p>)}
      {list.more && <p class="more"><button type="button" class="button quiet" onClick={list.more}>{t("more")}</button></p>}
      {list.value && <Problem problem={list.problem} again={list.again} />}
    </Loading>
  );
}

// A file of the gateway's, fetched by the page so that a refusal can be read, then given to the reader.
export function Download({ label, about, name, fetch_file, tone = "quiet" }: { label: string; about?: string; name: string; fetch_file: () => Promise<Blob>; tone?: "quiet" | "main" | "plain" }) {
  const act = useAct();
  return (
    <span class="download">
      <button type="button" class={`button ${tone}`} disabled={act.busy} onClick={() => void act.run(async () => save_blob(name, await fetch_file()))}>{label}{about && <span class="unseen"> {about}</span>}</button>
      <Problem problem={act.problem} />
    </span>
  );
}

export const Steps = ({ steps }: { steps: { at: string; words: ComponentChildren }[] }) => (
  <ol class="trail">{steps.map((s, n) => <li key={n}><span class="trail-at">{date_only(s.at)}</span><span>{s.words}</span></li>)}</ol>
);
