// A field for a code that is dictated: it groups what was heard, forgives O, I, L, case, spaces and dashes, and
// says which signs cannot be right. Its value is nowhere but in it.
import { useEffect, useRef, useState } from "preact/hooks";
import { code_length, grouped, heard, is_long } from "./code";
import { t } from "./messages";

export function CodeField({ label, busy, wrong, done }: { label: string; busy: boolean; wrong: number; done: (code: string) => void }) {
  const field = useRef<HTMLInputElement>(null);
  const [long, set_long] = useState(false);
  const [said, set_said] = useState("");
  const [count, set_count] = useState(0);
  useEffect(() => field.current?.focus(), []);
  useEffect(() => {
    if (wrong && field.current) (field.current.value = "", set_count(0), field.current.focus());
  }, [wrong]);
  const input = () => {
    const box = field.current!;
    if (!long && is_long(box.value)) return (set_long(true), set_count(box.value.trim().length));
    if (long) return set_count(box.value.trim().length);
    const { signs, strange } = heard(box.value);
    const at_end = box.selectionStart === box.value.length;
    if (at_end) box.value = grouped(signs.slice(0, code_length));
    set_count(signs.length);
    set_said(strange ? t("code_strange", { signs: strange }) : "");
  };
  const submit = (event: Event) => {
    event.preventDefault();
    const box = field.current!;
    const code = long ? box.value.trim() : heard(box.value).signs;
    if (!long && code.length !== code_length) return (set_said(t("code_short", { n: code.length })), box.focus());
    if (!code) return;
    box.value = "";
    set_count(0);
    done(code);
  };
  const problem = said || (wrong ? t("code_wrong") : "");
  return (
    <form class="code-form" onSubmit={submit}>
      <label for="session-code">{label}</label>
      <input id="session-code" ref={field} class={`code-field ${long ? "is-long" : ""}`} autocomplete="off" autocapitalize="characters" spellcheck={false} enterkeyhint="go" inputMode="text"
        aria-describedby="session-code-hint session-code-said" aria-invalid={Boolean(problem)} placeholder={long ? "" : "····-····-····"} disabled={busy} onInput={input} />
      <p class="small" id="session-code-hint">{t("code_hint")}</p>
      <p class={problem ? "bad" : ""} id="session-code-said" role="alert">{problem}</p>
      <div class="box"><input type="checkbox" id="session-code-long" checked={long} onChange={() => (set_long(!long), field.current?.focus())} /><label for="session-code-long">{t("code_long")}</label></div>
      <button class="button main" disabled={busy || !count}>{t("join")}</button>
    </form>
  );
}
