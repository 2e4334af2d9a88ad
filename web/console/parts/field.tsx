// A field of a form: label, help and what is wrong with it, tied together for those who do not see them.
import type { ComponentChildren } from "preact";
import { t } from "../messages/index";

export interface FieldProps {
  id: string;
  label: string;
  help?: string | null;
  fault?: string | null;
  optional?: boolean;
}

export const described = ({ id, help, fault }: Pick<FieldProps, "id" | "help" | "fault">): string | undefined =>
  [help && `${id}-help`, fault && `${id}-fault`].filter(Boolean).join(" ") || undefined;

export function Field({ id, label, help, fault, optional, children }: FieldProps & { children: ComponentChildren }) {
  return (
    <div class={`field ${fault ? "is-wrong" : ""}`}>
      <label for={id}>{label}{optional && <span class="optional"> · {t("optional")}</span>}</label>
      {children}
      {help && <p class="small" id={`${id}-help`}>{help}</p>}
      {fault && <p class="fault" id={`${id}-fault`}>{fault}</p>}
    </div>
  );
}

export type InputType = "text" | "search" | "date" | "datetime-local";
type Extra = { required?: boolean; maxLength?: number; minLength?: number; min?: string | number; max?: string | number; autocomplete?: string; inputMode?: "numeric" | "text" | "email"; pattern?: string; disabled?: boolean };

export function TextField({ value, change, type = "text", ...props }: FieldProps & Extra & { type?: InputType; value: string; change: (value: string) => void }) {
  const { id, label, help, fault, optional, ...extra } = props;
  return (
    <Field {...{ id, label, help, fault, optional }}>
      <input id={id} type={type as "text"} value={value} aria-describedby={described({ id, help, fault })} aria-invalid={fault ? true : undefined} autocomplete={extra.autocomplete ?? "off"} autocapitalize="none" spellcheck={false} {...extra} onInput={(e) => change(e.currentTarget.value)} />
    </Field>
  );
}

export function TextArea({ value, change, rows = 3, ...props }: FieldProps & Extra & { value: string; change: (value: string) => void; rows?: number }) {
  const { id, label, help, fault, optional, ...extra } = props;
  return (
    <Field {...{ id, label, help, fault, optional }}>
      <textarea id={id} rows={rows} value={value} aria-describedby={described({ id, help, fault })} aria-invalid={fault ? true : undefined} {...extra} onInput={(e) => change(e.currentTarget.value)} />
    </Field>
  );
}

export function Select({ value, change, choices, ...props }: FieldProps & { value: string; change: (value: string) => void; choices: readonly (readonly [value: string, label: string])[]; required?: boolean }) {
  const { id, label, help, fault, optional, required } = props;
  return (
    <Field {...{ id, label, help, fault, optional }}>
      <select id={id} value={value} required={required} aria-describedby={described({ id, help, fault })} aria-invalid={fault ? true : undefined} onChange={(e) => change(e.currentTarget.value)}>
        {choices.map(([v, words]) => <option key={v} value={v}>{words}</option>)}
      </select>
    </Field>
  );
}

export function Tick({ id, label, help, on, change, disabled }: { id: string; label: string; help?: string | null; on: boolean; change: (on: boolean) => void; disabled?: boolean }) {
  return (
    <div class="tick">
      <input type="checkbox" id={id} checked={on} disabled={disabled} aria-describedby={help ? `${id}-help` : undefined} onChange={(e) => change(e.currentTarget.checked)} />
      <div><label for={id}>{label}</label>{help && <p class="small" id={`${id}-help`}>{help}</p>}</div>
    </div>
  );
}

// Choices of which one holds.
export function Radios({ name, legend, value, change, choices, fault, help, hide_legend }: { name: string; legend: string; hide_legend?: boolean; value: string; change: (value: string) => void; choices: readonly (readonly [value: string, label: string])[]; fault?: string | null; help?: string | null }) {
  return (
    <fieldset class={`field ${fault ? "is-wrong" : ""}`} aria-describedby={described({ id: name, help, fault })}>
      <legend class={hide_legend ? "unseen" : "legend-small"}>{legend}</legend>
      <div class="radios">
        {choices.map(([v, label]) => (
          <label class="radio" key={v}><input type="radio" name={name} value={v} checked={value === v} onChange={() => change(v)} />{label}</label>
        ))}
      </div>
      {help && <p class="small" id={`${name}-help`}>{help}</p>}
      {fault && <p class="fault" id={`${name}-fault`}>{fault}</p>}
    </fieldset>
  );
}
