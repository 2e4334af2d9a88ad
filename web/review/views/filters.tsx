// The filters of the main courante. They are looked up when the reader says so, never while typing; what is in
// force stands below as words, each of which can be taken away.
import { useEffect, useState } from "preact/hooks";
import { date_only } from "../../shared/i18n";
import { useLoad } from "../../console/hooks";
import { tool_name } from "../../console/messages/codes";
import { Field, described, Select, TextField, Tick } from "../../console/parts/field";
import type { Choice, Choices, Filter } from "../contract";
import { entries_of, is_empty, last_days, type Name, read_filter, without } from "../filter";
import { word } from "../messages/codes";
import { t, type Key } from "../messages/index";
import { address } from "../route";

type Draft = Partial<Record<Name, string>>;
const empty: Choices = { practices: [], people: [], systems: [], tools: [], states: [], outcomes: [], ends: [], nonconformities: [] };
const longest_select = 40;

interface Choose { name: Name; label: Key; choices: Choice[]; words?: (value: string) => string }
interface Set { draft: Draft; set: (name: Name, value: string) => void }

// A few are a list; many are typed, with what fits proposed.
function ChoiceField({ name, label, choices, words, draft, set }: Choose & Set) {
  const id = `filter-${name}`;
  const value = draft[name] ?? "";
  const labelled = choices.map((c) => [c.value, words ? words(c.value) : c.label || c.value] as const);
  if (choices.length <= longest_select) {
    const known = !value || choices.some((c) => c.value === value);
    return <Select id={id} label={t(label)} value={value} choices={[["", t("mc_any")], ...labelled, ...(known ? [] : [[value, value] as const])]} change={(v) => set(name, v)} />;
  }
  return (
    <Field id={id} label={t(label)} help={t("mc_type_to_choose")}>
      <input id={id} list={`${id}-list`} value={value} autocomplete="off" aria-describedby={described({ id, help: "x" })} onInput={(e) => set(name, e.currentTarget.value)} />
      <datalist id={`${id}-list`}>{labelled.map(([v, l]) => <option key={v} value={v}>{l}</option>)}</datalist>
    </Field>
  );
}

const labels: Record<Name, Key> = { from: "mc_from", until: "mc_until", practice: "mc_practice", person: "mc_person", system: "mc_system", tool: "mc_tool", criticality: "mc_criticality", state: "mc_state", outcome: "mc_outcome", end: "mc_end", nonconformity: "mc_nonconformity", mark: "mc_mark", emergency: "mc_emergency", not_watched: "mc_not_watched", pair: "mc_pair", text: "mc_text" };
const lists: Partial<Record<Name, keyof Choices>> = { practice: "practices", person: "people", system: "systems" };

export function value_words(name: Name, value: string, choices: Choices = empty): string {
  const list = lists[name];
  if (list) return choices[list].find((c) => c.value === value)?.label || value;
  if (name === "from" || name === "until") return date_only(value);
  if (name === "tool") return tool_name(value);
  return name === "text" ? value : value === "true" ? t("yes") : word(value, "filter");
}

// The filters in force, in words: also what an export says that it holds.
export function filter_words(filter: Filter, choices?: Choices): string {
  return entries_of(filter).map(([name, value]) => (value === "true" ? t(labels[name]) : t("pair_of", { name: t(labels[name]), value: value_words(name, value, choices) }))).join(" · ");
}

function InForce({ filter, choices }: { filter: Filter; choices: Choices }) {
  if (is_empty(filter)) return null;
  return (
    <div class="in-force">
      <ul aria-label={t("mc_active")}>
        {entries_of(filter).map(([name, value]) => (
          <li key={name}>
            <a class="chip" href={address(["interventions"], { ...without(filter, name) })}>
              {value === "true" ? t(labels[name]) : <><span class="muted">{t(labels[name])}</span> {value_words(name, value, choices)}</>}<span aria-hidden="true"> ×</span><span class="unseen">, {t("mc_take_away")}</span>
            </a>
          </li>
        ))}
      </ul>
      <a href={address(["interventions"])}>{t("mc_clear")}</a>
    </div>
  );
}

function Periods({ draft }: { draft: Draft }) {
  const now = Date.now();
  return (
    <div class="periods" role="group" aria-label={t("mc_period")}>
      {([[7, "mc_week"], [30, "mc_month"], [365, "mc_year"]] as const).map(([n, key]) => <a key={n} class="segment" href={address(["interventions"], { ...draft, ...last_days(n, now) })}>{t(key)}</a>)}
    </div>
  );
}

const in_more: readonly Name[] = ["system", "tool", "outcome", "end", "nonconformity", "person", "emergency", "not_watched", "pair"];

export function Filters({ filter, look }: { filter: Filter; look: (filter: Filter) => void }) {
  const loaded = useLoad<Choices>("/review/choices");
  const choices = loaded.value ?? empty;
  const [draft, set_draft] = useState<Draft>({ ...filter });
  const [more, set_more] = useState(in_more.some((name) => filter[name]));
  const of_address = JSON.stringify(filter);
  useEffect(() => set_draft({ ...filter }), [of_address]);
  const set = (name: Name, value: string) => set_draft((old) => ({ ...old, [name]: value }));
  const submit = (event: Event) => {
    event.preventDefault();
    look(read_filter(Object.entries(draft) as [string, string][]));
  };
  const both = { draft, set };
  const codes = (list: Choice[], ...besides: string[]): Choice[] => [...list, ...besides.filter((b) => !list.some((c) => c.value === b)).map((value) => ({ value, label: "" }))];
  const in_words = (value: string) => word(value, "filter");
  const tick = (name: Name) => <Tick id={`filter-${name}`} label={t(labels[name])} on={draft[name] === "true"} change={(on) => set(name, on ? "true" : "")} />;
  return (
    <form class="card book-filters" role="search" aria-label={t("mc_filters")} onSubmit={submit}>
      <div class="filter-row">
        <TextField id="filter-text" type="search" label={t("mc_text")} value={draft.text ?? ""} maxLength={60} change={(v) => set("text", v)} />
        <ChoiceField name="practice" label="mc_practice" choices={choices.practices} {...both} />
        <TextField id="filter-from" type="date" label={t("mc_from")} value={draft.from ?? ""} change={(v) => set("from", v)} />
        <TextField id="filter-until" type="date" label={t("mc_until")} value={draft.until ?? ""} change={(v) => set("until", v)} />
        <ChoiceField name="state" label="mc_state" choices={choices.states} words={in_words} {...both} />
        <ChoiceField name="mark" label="mc_mark" choices={codes([], "UNSEEN", "SEEN", "QUESTION", "FINDING")} words={in_words} {...both} />
        <ChoiceField name="criticality" label="mc_criticality" choices={codes([], "STANDARD", "SENSITIVE", "CRITICAL")} words={in_words} {...both} />
      </div>
      <details open={more} onToggle={(e) => set_more(e.currentTarget.open)}>
        <summary>{t("mc_more_filters")}</summary>
        <div class="filter-row">
          <ChoiceField name="person" label="mc_person" choices={choices.people} {...both} />
          <ChoiceField name="system" label="mc_system" choices={choices.systems} {...both} />
          <ChoiceField name="tool" label="mc_tool" choices={choices.tools} words={tool_name} {...both} />
          <ChoiceField name="outcome" label="mc_outcome" choices={codes(choices.outcomes, "NONE")} words={in_words} {...both} />
          <ChoiceField name="end" label="mc_end" choices={choices.ends} words={in_words} {...both} />
          <ChoiceField name="nonconformity" label="mc_nonconformity" choices={codes(choices.nonconformities, "ANY")} words={in_words} {...both} />
        </div>
        <div class="ticks">{tick("emergency")}{tick("not_watched")}{tick("pair")}</div>
      </details>
      <div class="row filter-end"><button class="button main">{t("mc_find")}</button><Periods draft={filter} /></div>
      <InForce filter={filter} choices={choices} />
    </form>
  );
}
