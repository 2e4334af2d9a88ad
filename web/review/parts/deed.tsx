// An act with a small form of its own, opened by its button: it says in words what will happen, asks for presence
// where the gateway wants it (the console's step-up), and tells what came of it. Nothing is modal.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { useAct } from "../../console/hooks";
import { Outcome } from "../../console/parts/step_up";
import { announce } from "../../shared/parts/announce";
import { t } from "../messages/index";

export interface DeedProps {
  label: string;             // of the button that opens it
  about?: string;            // of what: read with the label by those who do not see where it stands
  what: ComponentChildren;   // what will happen, in words
  yes: string;
  tone?: "quiet" | "main" | "stop";
  ready?: boolean;           // the form can be sent
  send: () => Promise<unknown>;
  done?: () => void;         // after it happened: ask again for what is shown
  said?: string;             // what happened, in words
  children?: ComponentChildren;
}

export function Deed({ label, about, what, yes, tone = "quiet", ready = true, send, done, said, children }: DeedProps) {
  const [open, set_open] = useState(false);
  const [over, set_over] = useState(false);
  const act = useAct();
  const id = useId();
  const title = useRef<HTMLParagraphElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const was_open = useRef(false);
  useEffect(() => {
    if (open) title.current?.focus();
    else if (was_open.current) opener.current?.focus();
    was_open.current = open;
  }, [open]);
  const begin = () => (set_over(false), set_open(true));
  const leave = () => (act.clear(), set_open(false));
  const finish = () => {
    set_open(false);
    set_over(true);
    announce(said ?? t("deed_done"));
    done?.();
  };
  const submit = (event: Event) => {
    event.preventDefault();
    if (ready) void act.run(async () => (await send(), finish()));
  };
  if (!open)
    return (
      <span class="deed-closed">
        <button type="button" ref={opener} class={`button ${tone}`} aria-expanded={false} onClick={begin}>{label}{about && <span class="unseen"> {about}</span>}</button>
        {over && <span class="deed-over">✓ {said ?? t("deed_done")}</span>}
      </span>
    );
  return (
    <form class="deed" aria-labelledby={id} onSubmit={submit}>
      <p id={id} ref={title} tabIndex={-1} class="deed-title"><strong>{label}</strong>{about && <span class="muted"> – {about}</span>}</p>
      {children}
      <div class="deed-what">{what}</div>
      <Outcome act={act} />
      <div class="actions">
        <button class={`button ${tone === "quiet" ? "main" : tone}`} disabled={act.busy || !ready}>{yes}</button>
        <button type="button" class="button quiet" onClick={leave}>{t("back")}</button>
      </div>
    </form>
  );
}
