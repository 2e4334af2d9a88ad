// Requests to the agent. The token lives in sessionStorage alone: it goes with the tab, and to nobody else.
import { Store } from "../shared/store";
import type { Person } from "./contract";

const kept = "pontlevis.token";

export const identity = new Store<{ token: string | null; person: Person | null }>({ token: read_token(), person: null });

function read_token(): string | null {
  try {
    return sessionStorage.getItem(kept);
  } catch {
    return null;
  }
}

export function keep_token(token: string | null, person: Person | null = null): void {
  try {
    if (token) sessionStorage.setItem(kept, token);
    else sessionStorage.removeItem(kept);
  } catch {
    // kept in memory alone
  }
  identity.set({ token, person });
}

// A refusal of the agent, or the agent's silence (status 0).
export class Refusal extends Error {
  constructor(readonly status: number, readonly key: string, readonly what: string, readonly hint: string) {
    super(what);
  }
}

async function read_refusal(answer: Response): Promise<Refusal> {
  try {
    const { error } = (await answer.json()) as { error: { code?: string; what?: string; hint?: string; key?: string } };
    return new Refusal(answer.status, error.key ?? error.code ?? "", error.what ?? "", error.hint ?? "");
  } catch {
    return new Refusal(answer.status, "", "", "");
  }
}

async function call<T>(method: "GET" | "POST", path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = {};
  const { token } = identity.get();
  if (token) headers["Authorization"] = `Bearer ${token}`;
  if (method === "POST") headers["Content-Type"] = "application/json";
  let answer: Response;
  try {
    answer = await fetch(path, { method, headers, body: method === "POST" ? JSON.stringify(body ?? {}) : undefined, cache: "no-store", credentials: "omit", redirect: "error" });
  } catch {
    throw new Refusal(0, "away", "", "");
  }
  if (answer.ok) return (await answer.json()) as T;
  const refusal = await read_refusal(answer);
  if (answer.status === 401 && (refusal.key === "not_signed_in" || refusal.key === "") && identity.get().token === token) keep_token(null);
  throw refusal;
}

export const get = <T>(path: string): Promise<T> => call<T>("GET", path);
export const post = <T = Record<string, never>>(path: string, body?: unknown): Promise<T> => call<T>("POST", path, body);
export const part = encodeURIComponent;

export function socket_to(path: string): WebSocket {
  return new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`);
}
