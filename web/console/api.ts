// Requests to the gateway. The session is a cookie that no script can read; nothing secret is kept here.
// A refusal is application/problem+json; a gateway that does not answer is a Refusal of status 0.
import { language } from "../shared/i18n";
import type { Problem } from "./contract";

export class Refusal extends Error {
  constructor(readonly status: number, readonly code: string, readonly detail = "", readonly hint = "", readonly where = "") {
    super(detail || code);
  }
}

export interface Call {
  body?: unknown;
  idempotency?: string;  // the same key asks for the same act, once
  match?: string;        // the address whose ETag must still hold (If-Match)
  background?: boolean;  // the page asks by itself: nobody acted, so the session's idle time goes on
}

const root = "/api/v1";
const etags = new Map<string, string>();
let ended: () => void = () => {};
let heard: (answered: boolean) => void = () => {};
let more: (path: string) => Record<string, string> = () => ({});

// The gateway's clock minus this one, from the Date of its answers: good to a second.
export const clock = { offset: 0, now: (): number => Date.now() + clock.offset };

// Told when a request finds no session any more, and whether the gateway answers at all.
export const on_ended = (tell: () => void): void => void (ended = tell);
export const on_heard = (tell: (answered: boolean) => void): void => void (heard = tell);
// What a page sends besides with some of its requests: the review says what it reads for.
export const also_send = (headers_for: typeof more): void => void (more = headers_for);

async function read_refusal(answer: Response): Promise<Refusal> {
  try {
    const told = (await answer.json()) as Partial<Problem>;
    return new Refusal(answer.status, told.code ?? `status_${answer.status}`, told.detail ?? "", told.hint ?? "", told.where ?? "");
  } catch {
    return new Refusal(answer.status, `status_${answer.status}`);
  }
}

function headers_of(method: string, path: string, call: Call): Record<string, string> {
  const headers: Record<string, string> = { Accept: "application/json", "Accept-Language": language(), ...more(path) };
  if (method === "POST" || method === "PUT") headers["Content-Type"] = "application/json";
  if (call.idempotency) headers["Idempotency-Key"] = call.idempotency;
  if (call.background) headers["X-Pontlevis-Background"] = "1";
  const tag = call.match && etags.get(call.match);
  if (tag) headers["If-Match"] = tag;
  return headers;
}

async function send(method: string, path: string, call: Call): Promise<Response> {
  try {
    const headers = headers_of(method, path, call);
    const answer = await fetch(root + path, {
      method, headers, body: headers["Content-Type"] ? JSON.stringify(call.body ?? {}) : undefined,
      cache: "no-store", credentials: "same-origin", redirect: "error",
    });
    heard(true);
    return answer;
  } catch {
    heard(false);
    throw new Refusal(0, "away");
  }
}

function learn(path: string, answer: Response): void {
  const [tag, date] = [answer.headers.get("ETag"), answer.headers.get("Date")];
  if (tag) etags.set(path, tag);
  if (date && Number.isFinite(Date.parse(date)) && Math.abs(Date.parse(date) + 500 - Date.now() - clock.offset) > 1500) clock.offset = Date.parse(date) + 500 - Date.now();
}

// Where a wrong password or code is a plain answer and no end of the session.
const proves_who = (path: string): boolean => path.startsWith("/sign-in") || path === "/step-up";

async function answer_to(method: string, path: string, options: Call): Promise<Response> {
  const answer = await send(method, path, options);
  learn(path, answer);
  if (answer.ok) return answer;
  const refusal = await read_refusal(answer);
  if (answer.status === 401 && !proves_who(path)) ended();
  throw refusal;
}

async function call<T>(method: string, path: string, options: Call = {}): Promise<T> {
  const answer = await answer_to(method, path, options);
  return answer.status === 204 ? ({} as T) : ((await answer.json()) as T);
}

export const get = <T>(path: string, background = false): Promise<T> => call<T>("GET", path, { background });
export const post = <T = unknown>(path: string, body?: unknown, idempotency?: string): Promise<T> => call<T>("POST", path, { body, idempotency });
export const put = <T = unknown>(path: string, body: unknown, match?: string): Promise<T> => call<T>("PUT", path, { body, match });
export const remove = (path: string): Promise<unknown> => call("DELETE", path);
export const part = encodeURIComponent;
// A file or a text of the gateway's, whole.
export const get_file = async (path: string): Promise<Blob> => (await answer_to("GET", path, {})).blob();

export const oidc_address = `${root}/sign-in/oidc`;
export const socket_to = (path: string): WebSocket => new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${root}${path}`);

// One key for one act: kept while the gateway is silent (it may have done it), made new once it answered.
export class OnceKey {
  private key = "";
  private of = "";
  for(body: unknown): string {
    const text = JSON.stringify(body);
    if (!this.key || text !== this.of) (this.key = crypto.randomUUID()), (this.of = text);
    return this.key;
  }
  answered(problem: unknown): void {
    const unsure = problem instanceof Refusal && (problem.status === 0 || problem.status >= 500 || problem.code === "under_way");
    if (!unsure) this.key = "";
  }
}
