// The parts of a request: on what, why, how, when.
import { say } from "../../shared/i18n";
import { clock } from "../api";
import { reads_as_login } from "../asking";
import { t, type Key } from "../messages/index";
import { data_kinds, tool_name, word_of } from "../messages/codes";
import { Field, Radios, Select, TextArea, TextField, Tick } from "../parts/field";
import { is_paris_here, later, paris_wall, tomorrow_noon } from "../paris";
import { task_codes, tasks, type TaskCode } from "../tasks";
import type { PartProps } from "./ask";

export const toggled = <T,>(list: readonly T[], item: T, on: boolean): T[] => (on ? [...list.filter((x) => x !== item), item] : list.filter((x) => x !== item));
export const fault_text = (fault: string | undefined): string | null => (fault ? t(`fault_${fault}` as Key) : null);

export function What({ form, set, faults, offered }: PartProps & { offered: string[] }) {
  const files = form.tools.includes("files");
  return (
    <section class="card" aria-labelledby="what">
      <h2 id="what">{t("ask_what")}</h2>
      <fieldset class="field" aria-describedby="tools-help" id="ask-tools" tabIndex={-1}>
        <legend class="legend-small">{t("ask_tools")}</legend>
        <div class="ticks">{offered.map((tool) => <Tick key={tool} id={`tool-${tool}`} label={tool_name(tool)} on={form.tools.includes(tool)} change={(on) => set({ tools: toggled(form.tools, tool, on) })} />)}</div>
        <p class="small" id="tools-help">{t("ask_tools_help")}</p>
        {faults.tools && <p class="fault">{fault_text(faults.tools)}</p>}
      </fieldset>
      <fieldset class="field">
        <legend class="legend-small">{t("ask_rights")}</legend>
        <Tick id="view-only" label={t("ask_view_only")} on={form.view_only} change={(view_only) => set({ view_only })} />
        {files && <Tick id="bring-in" label={t("ask_bring_in")} on={form.bring_in} change={(bring_in) => set({ bring_in })} />}
        {files && <Tick id="take-out" label={t("ask_take_out")} help={t("ask_take_out_help")} on={form.take_out} change={(take_out) => set({ take_out })} />}
      </fieldset>
      <fieldset class="field">
        <legend class="legend-small">{t("ask_data")}</legend>
        <Tick id="data-health" label={t("ask_data_health")} help={t("ask_data_health_help")} on disabled change={() => {}} />
        <div class="ticks">
          {Object.entries(data_kinds).map(([kind, words]) => <Tick key={kind} id={`data-${kind}`} label={say(words)} on={form.data.includes(words[0])} change={(on) => set({ data: toggled(form.data, words[0] as string, on) })} />)}
        </div>
        <TextField id="ask-other_data" label={t("ask_data_other")} optional value={form.other_data} fault={fault_text(faults.other_data)} change={(other_data) => set({ other_data })} />
      </fieldset>
    </section>
  );
}

export function Why({ form, set, faults }: PartProps) {
  return (
    <section class="card" aria-labelledby="why">
      <h2 id="why">{t("ask_why")}</h2>
      <div class="two">
        <Select id="ask-purpose" label={t("ask_purpose")} value={form.purpose} choices={[["MAINTENANCE", word_of("MAINTENANCE")], ["SUPPORT", word_of("SUPPORT")]]} change={(purpose) => set({ purpose: purpose === "SUPPORT" ? "SUPPORT" : "MAINTENANCE" })} />
        <TextField id="ask-ticket" label={t("ask_ticket")} help={t("ask_ticket_help")} value={form.ticket} fault={fault_text(faults.ticket)} change={(ticket) => set({ ticket })} />
      </div>
      <TextArea id="ask-reason" label={t("ask_reason")} help={t("ask_reason_help")} rows={2} value={form.reason} fault={fault_text(faults.reason)} change={(reason) => set({ reason })} />
      <fieldset class="field" id="ask-tasks" tabIndex={-1}>
        <legend class="legend-small">{t("ask_tasks")}</legend>
        <div class="ticks">{task_codes.map((code: TaskCode) => <Tick key={code} id={`task-${code}`} label={say(tasks[code])} on={form.tasks.includes(code)} change={(on) => set({ tasks: task_codes.filter((c) => (c === code ? on : form.tasks.includes(c))) })} />)}</div>
        {faults.tasks && <p class="fault">{fault_text(faults.tasks)}</p>}
      </fieldset>
      <TextArea id="ask-tasks_text" label={t("ask_tasks_text")} optional rows={2} value={form.tasks_text} change={(tasks_text) => set({ tasks_text })} />
    </section>
  );
}

const usual_minutes = [15, 30, 60, 120];

export function How({ form, set, faults }: PartProps) {
  const criticalities = ["STANDARD", "SENSITIVE", "CRITICAL"] as const;
  return (
    <section class="card" aria-labelledby="how">
      <h2 id="how">{t("ask_how")}</h2>
      <Field id="ask-minutes" label={t("ask_minutes")} help={t("ask_minutes_help")} fault={fault_text(faults.minutes)}>
        <div class="minutes">
          <input id="ask-minutes" type="number" min={1} max={480} step={1} value={String(form.minutes || "")} aria-describedby="ask-minutes-help" onInput={(e) => set({ minutes: Number(e.currentTarget.value) })} />
          {usual_minutes.map((n) => <button type="button" key={n} class="segment" aria-pressed={form.minutes === n} onClick={() => set({ minutes: n })}>{n}<span class="unseen"> min</span></button>)}
        </div>
      </Field>
      <Radios name="criticality" legend={t("ask_criticality")} value={form.criticality} help={t("ask_critical_help")} choices={criticalities.map((c) => [c, word_of(c)] as const)} change={(c) => set({ criticality: c as PartProps["form"]["criticality"] })} />
    </section>
  );
}

export function Timing({ form, set, faults }: PartProps) {
  const plan = () => {
    const from = form.from || tomorrow_noon(clock.now());
    set({ when: "planned", from, until: form.until || later(from, Math.max(90, form.minutes)) });
  };
  const choose = (when: string) => (when === "planned" ? plan() : set({ when: when as PartProps["form"]["when"] }));
  return (
    <section class="card" aria-labelledby="when">
      <h2 id="when">{t("ask_when")}</h2>
      <Radios name="when" hide_legend legend={t("ask_when")} value={form.when} choices={(["now", "planned", "emergency"] as const).map((w) => [w, t(`ask_when_${w}`)] as const)} change={choose} />
      {form.when === "emergency" && <TextArea id="ask-emergency" label={t("ask_emergency")} help={t("ask_emergency_help")} rows={2} value={form.emergency} fault={fault_text(faults.emergency)} change={(emergency) => set({ emergency })} />}
      {form.when === "planned" && (
        <>
          <div class="two">
            <TextField id="ask-from" type="datetime-local" label={t("ask_from")} min={paris_wall(clock.now())} value={form.from} fault={fault_text(faults.from)} change={(from) => set({ from })} />
            <TextField id="ask-until" type="datetime-local" label={t("ask_until")} min={form.from} value={form.until} change={(until) => set({ until })} />
          </div>
          <p class="small">{t("ask_window_help")} {!is_paris_here(clock.now()) && <strong>{t("ask_elsewhere")}</strong>}</p>
        </>
      )}
    </section>
  );
}

// Logins typed by hand, where the list of colleagues cannot be had.
export const logins_in = (text: string): string[] => text.split(/[\s,;]+/).filter(reads_as_login);
