// Small pieces every view uses: a second hand, loading with its two sad states, an act with its outcome.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { get, Refusal } from "./api";
import { sentence_for } from "./messages/errors";
import { t } from "./messages/index";

// Draws again every second.
export function useSecond(): void {
  const [, again] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => again((n) => n + 1), 1000);
    return () => clearInterval(timer);
  }, []);
}

// `of`: the path `value` came from; while another one loads, the old value stays on the screen.
export type Loaded<T> = { value: T | null; of: string | null; problem: unknown; again: () => void };

export function useLoad<T>(path: string | null): Loaded<T> {
  const [got, set_got] = useState<{ value: T; of: string } | null>(null);
  const [problem, set_problem] = useState<unknown>(null);
  const [turn, set_turn] = useState(0);
  useEffect(() => {
    let current = true;
    set_problem(null);
    if (path) get<T>(path).then((value) => current && set_got({ value, of: path }), (p: unknown) => current && set_problem(p));
    return () => void (current = false);
  }, [path, turn]);
  return { value: got?.value ?? null, of: got?.of ?? null, problem, again: () => set_turn((n) => n + 1) };
}

export function Problem({ problem, again }: { problem: unknown; again?: () => void }) {
  if (!problem) return null;
  const { text, hint } = sentence_for(problem);
  return (
    <div class="note note-bad" role="alert">
      <p><strong>{text}</strong>{hint && <> {hint}</>}</p>
      {again && <button type="button" class="button quiet" onClick={again}>{t("try_again")}</button>}
    </div>
  );
}

export function Loading({ of, children }: { of: Loaded<unknown>; children: ComponentChildren }) {
  if (of.problem) return <Problem problem={of.problem} again={of.again} />;
  if (of.value === null) return <p class="loading" role="status">{t("loading")}</p>;
  return <>{children}</>;
}

// One act at a time; what went wrong stays on the screen until the next try.
export function useAct(): { busy: boolean; problem: unknown; clear: () => void; run: (act: () => Promise<unknown>) => Promise<boolean> } {
  const [busy, set_busy] = useState(false);
  const [problem, set_problem] = useState<unknown>(null);
  const run = async (act: () => Promise<unknown>): Promise<boolean> => {
    set_busy(true);
    set_problem(null);
    try {
      await act();
      return true;
    } catch (p) {
      set_problem(p);
      return false;
    } finally {
      set_busy(false);
    }
  };
  return { busy, problem, clear: () => set_problem(null), run };
}

// A heading that takes the focus when its part of the page appears, so that keyboard and screen reader follow.
export function FocusHeading({ level = 2, children, focus = true, id }: { level?: 1 | 2 | 3; children: ComponentChildren; focus?: boolean; id?: string }) {
  const ref = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (focus) ref.current?.focus();
  }, []);
  const Tag = `h${level}` as "h1";
  return <Tag ref={ref} id={id} tabIndex={-1}>{children}</Tag>;
}

export const is_refusal = (problem: unknown, key: string): boolean => problem instanceof Refusal && problem.key === key;

// Where the reader is: #/interventions/ID → ["interventions", "ID"]
export function useRoute(): string[] {
  const [hash, set_hash] = useState(location.hash);
  useEffect(() => {
    const changed = () => set_hash(location.hash);
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decodeURIComponent);
}
