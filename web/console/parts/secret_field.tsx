// A password that can be shown, and a code of the authenticator app.
import { useState } from "preact/hooks";
import { t } from "../messages/index";
import { Field } from "./field";

export function PasswordField({ id, label, value, change, fresh = false, help }: { id: string; label: string; value: string; change: (value: string) => void; fresh?: boolean; help?: string }) {
  const [shown, set_shown] = useState(false);
  const input = {
    id, name: id, required: true, minLength: fresh ? 12 : undefined, autocomplete: fresh ? "new-password" : "current-password", autocapitalize: "none", spellcheck: false,
    "aria-describedby": help ? `${id}-help` : undefined, value, onInput: (e: { currentTarget: HTMLInputElement }) => change(e.currentTarget.value),
  } as const;
  return (
    <Field id={id} label={label} help={help}>
      <div class="with-button">
        {shown ? <input type="text" {...input} /> : <input type="password" {...input} />}
        <button type="button" class="button quiet in-field" aria-pressed={shown} aria-label={t(shown ? "si_hide" : "si_show")} onClick={() => set_shown(!shown)}><Eye crossed={shown} /></button>
      </div>
    </Field>
  );
}

function Eye({ crossed }: { crossed: boolean }) {
  return (
    <svg width="22" height="22" viewBox="0 0 24 24" aria-hidden="true" focusable="false" class="icon">
      <path d="M2 12s3.6-6.5 10-6.5S22 12 22 12s-3.6 6.5-10 6.5S2 12 2 12z" />
      <circle cx="12" cy="12" r="3" />
      {crossed && <path d="M4 20 20 4" />}
    </svg>
  );
}

export function CodeField({ id, value, change, label }: { id: string; value: string; change: (value: string) => void; label?: string }) {
  return (
    <Field id={id} label={label ?? t("si_code")} help={t("si_code_help")}>
      <input id={id} name="one-time-code" class="code-input" inputMode="numeric" autocomplete="one-time-code" pattern="[0-9]{3} ?[0-9]{3}" maxLength={7} required aria-describedby={`${id}-help`} value={value} onInput={(e) => change(e.currentTarget.value)} />
    </Field>
  );
}
export const digits = (code: string): string => code.replace(/\D/g, "");
