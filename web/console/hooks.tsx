// Small pieces every view uses: a second hand, loading with its two sad states, acts with their outcome.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { get, Refusal } from "./api";
import type { Page } from "./contract";
import { code_of, sentence_for } from "./messages/errors";
import { t } from "./messages/index";
import { news } from "./news";
import { who } from "./who";

// Draws again every second.
export function useSecond(): void {
  const [, again] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => again((n) => n + 1), 1000);
    return () => clearInterval(timer);
  }, []);
}

export function useTitle(title: string): void {
  useEffect(() => void (document.title = `${title} – Pontlevis`), [title]);
}

// Where the reader is: #/interventions/ID → ["interventions", "ID"]
export function useRoute(): string[] {
  const [hash, set_hash] = useState(location.hash);
  useEffect(() => {
    const changed = () => set_hash(location.hash);
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return route_of(hash);
}
export function route_of(hash: string): string[] {
  try {
    return hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decodeURIComponent);
  } catch {
    return ["?"];  // not an address of this page
  }
}
export const go = (...parts: string[]): void => void (location.hash = `#/${parts.map(encodeURIComponent).join("/")}`);
export const link_to = (...parts: string[]): string => `#/${parts.map(encodeURIComponent).join("/")}`;

// `value` stays on the screen while it is asked for again, and when that fails: a lost link blanks no view.
export interface Asked { value: unknown; problem: unknown; again: () => void }
export interface Loaded<T> extends Asked { value: T | null; take: (value: T) => void }

const ends_here = (problem: unknown): boolean => problem instanceof Refusal && problem.status === 401;

// Asks again at every news, after signing in again, and when told to.
export function useLoad<T>(path: string | null): Loaded<T> {
  const [got, set_got] = useState<{ value: T; of: string } | null>(null);
  const [problem, set_problem] = useState<unknown>(null);
  const [turn, set_turn] = useState(0);
  const news_turn = news.use().turn;
  const signed_in = who.use().state === "in";
  useEffect(() => {
    let current = true;
    if (path && signed_in)
      get<T>(path, got?.of === path).then((value) => current && (set_got({ value, of: path }), set_problem(null)), (p: unknown) => current && !ends_here(p) && set_problem(p));
    return () => void (current = false);
  }, [path, turn, news_turn, signed_in]);
  const value = got && got.of === path ? got.value : null;
  return { value, problem, again: () => set_turn((n) => n + 1), take: (v) => path && set_got({ value: v, of: path }) };
}

// A list, page after page; news asks again for as many items as are shown.
export interface Listed<T> extends Asked { value: T[] | null; more: (() => void) | null }

const page_size = 50;
async function read_pages<T>(path: string, wanted: number, background: boolean): Promise<{ items: T[]; next: string | null }> {
  let [items, next]: [T[], string | null] = [[], null];
  do {
    const ask = `${path}${path.includes("?") ? "&" : "?"}limit=${Math.min(200, Math.max(page_size, wanted))}${next ? `&cursor=${encodeURIComponent(next)}` : ""}`;
    const page: Page<T> = await get<Page<T>>(ask, background);
    items = [...items, ...page.items];
    next = page.next;
  } while (next && items.length < wanted);
  return { items, next };
}

export function usePages<T>(path: string | null): Listed<T> {
  const [got, set_got] = useState<{ items: T[]; next: string | null; of: string } | null>(null);
  const [problem, set_problem] = useState<unknown>(null);
  const [wanted, set_wanted] = useState(page_size);
  const [turn, set_turn] = useState(0);
  const news_turn = news.use().turn;
  const signed_in = who.use().state === "in";
  useEffect(() => {
    let current = true;
    if (path && signed_in)
      read_pages<T>(path, wanted, got?.of === path).then((page) => current && (set_got({ ...page, of: path }), set_problem(null)), (p: unknown) => current && !ends_here(p) && set_problem(p));
    return () => void (current = false);
  }, [path, wanted, turn, news_turn, signed_in]);
  const mine = got && got.of === path ? got : null;
  return { value: mine?.items ?? null, problem, again: () => set_turn((n) => n + 1), more: mine?.next ? () => set_wanted(mine.items.length + page_size) : null };
}

export function Problem({ problem, again }: { problem: unknown; again?: () => void }) {
  if (!problem) return null;
  const { text, hint } = sentence_for(problem);
  return (
    <div class="note note-bad" role="alert">
      <p><strong>{text}</strong>{hint && <> <span class="detail">{hint}</span></>}</p>
      {again && <button type="button" class="button quiet" onClick={again}>{t("try_again")}</button>}
    </div>
  );
}

export function Loading({ of, children }: { of: Asked; children: ComponentChildren }) {
  if (of.value === null && of.problem) return <Problem problem={of.problem} again={of.again} />;
  if (of.value === null) return <p class="loading" role="status">{t("loading")}</p>;
  return <>{children}</>;
}

// One act at a time; what went wrong stays on the screen until the next try. When the gateway wants a recent
// proof of presence, the act waits for it and is done right after (parts/step_up.tsx shows the question).
export interface Act {
  busy: boolean;
  problem: unknown;
  waits: (() => Promise<unknown>) | null;
  run: (act: () => Promise<unknown>) => Promise<boolean>;
  clear: () => void;
}

export function useAct(): Act {
  const [busy, set_busy] = useState(false);
  const [problem, set_problem] = useState<unknown>(null);
  const [waits, set_waits] = useState<(() => Promise<unknown>) | null>(null);
  const clear = () => (set_problem(null), set_waits(null));
  const run = async (act: () => Promise<unknown>): Promise<boolean> => {
    set_busy(true);
    clear();
    try {
      await act();
      return true;
    } catch (p) {
      if (code_of(p) === "step_up") set_waits(() => act);
      else set_problem(p);
      return false;
    } finally {
      set_busy(false);
    }
  };
  return { busy, problem, waits, run, clear };
}

// A heading that takes the focus when its part of the page appears, so that keyboard and screen reader follow.
export function FocusHeading({ level = 2, children, id }: { level?: 1 | 2 | 3; children: ComponentChildren; id?: string }) {
  const ref = useRef<HTMLHeadingElement>(null);
  useEffect(() => ref.current?.focus(), []);
  const Tag = `h${level}` as "h1";
  return <Tag ref={ref} id={id} tabIndex={-1}>{children}</Tag>;
}
