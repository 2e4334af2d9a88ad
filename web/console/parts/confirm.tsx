// An act that cannot be taken back: its button unfolds the question in place. Nothing is modal.
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Act } from "../hooks";
import { t } from "../messages/index";
import { Outcome } from "./step_up";

export function Confirm({ label, about, question, yes, act, run, tone = "quiet" }: { label: string; about?: string; question: string; yes: string; act: Act; run: () => Promise<unknown>; tone?: "quiet" | "stop" | "main" }) {
  const [open, set_open] = useState(false);
  const id = useId();
  const first = useRef<HTMLButtonElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const was_open = useRef(false);
  useEffect(() => {
    if (open) first.current?.focus();
    else if (was_open.current) opener.current?.focus();
    was_open.current = open;
  }, [open]);
  if (!open) return <button type="button" ref={opener} class={`button ${tone}`} onClick={() => set_open(true)}>{label}{about && <span class="unseen"> {about}</span>}</button>;
  return (
    <section class="confirm-here" role="group" aria-labelledby={id}>
      <p id={id}>{question}</p>
      <Outcome act={act} />
      <div class="actions">
        <button type="button" ref={first} class={`button ${tone === "quiet" ? "main" : tone}`} disabled={act.busy} onClick={() => void act.run(async () => (await run(), set_open(false)))}>{yes}</button>
        <button type="button" class="button quiet" onClick={() => (act.clear(), set_open(false))}>{t("back")}</button>
      </div>
    </section>
  );
}
