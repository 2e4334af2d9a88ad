// The agent's news: one WebSocket that comes back by itself, and the state it last told. While it is away the
// page keeps what it knew and says so; nothing is decided from it.
import { announce } from "../shared/parts/announce";
import { chime } from "../shared/sound";
import { Store } from "../shared/store";
import { back_off, clock_offset, deadline_in, type Deadline } from "../shared/countdown";
import { get, identity, keep_token, Refusal, socket_to } from "./api";
import { changes } from "./changes";
import type { Password, Request, Session, State } from "./contract";
import { next_beginning } from "./planned";

export interface News {
  state: State | null;
  lost_since: number | null;       // Date.now() when the agent stopped answering
  retry_at: number | null;
  offset: number;                  // agent's clock minus this one
  deadlines: Record<string, Deadline>;
  passwords: Record<string, { passwords: Password[]; host_words: string }>;  // shown once, kept in this tab's memory alone
  cuts: Record<string, number>;    // measured by stop
}

export const news = new Store<News>({ state: null, lost_since: null, retry_at: null, offset: 0, deadlines: {}, passwords: {}, cuts: {} });

let socket: WebSocket | null = null;
let attempt = 0;
let retry: ReturnType<typeof setTimeout> | undefined;
let silence: ReturnType<typeof setTimeout> | undefined;
const longest_silence = 50_000;  // the agent speaks every 20 s; a socket that says nothing is dead

// Between consent and opening, and behind a lock, a session has fewer members: nothing has happened yet.
const nothing_yet = { seconds_left: 0, hold: "NONE" as const, connected: [], bytes_in: 0, bytes_out: 0, attempts: 0, streams: [], forwards: [], activity: [], started_at: null, typist: null, paused_tools: [] };
const whole = (session: Session): Session => whole_request({ ...nothing_yet, ...session });

// A rehearsal, and what stands behind a lock, say nothing of plans nor of who is in charge.
const unplanned = { planned: null, accepted: null, can_open: true };
export const whole_request = <R extends Request>(request: R): R =>
  ({ ...unplanned, ...request, in_charge: request.in_charge ?? request.operators?.find((o) => o.role === "LEAD")?.login ?? "" });

// The agent tells when a window has begun; asking at that moment makes the call punctual.
let beginning: ReturnType<typeof setTimeout> | undefined;
const longest_timer = 3_600_000;
function wait_for_beginning(state: State, offset: number): void {
  clearTimeout(beginning);
  const wait = next_beginning(state.requests, Date.now() + offset);
  if (wait !== null) beginning = setTimeout(() => void refresh(), wait > 0 ? Math.min(longest_timer, wait + 300) : 5000);
}

// A code that was used, or whose session is over, is forgotten here too.
function still_secret(sessions: (Session & { id: string })[]): News["passwords"] {
  const out: News["passwords"] = {};
  for (const [id, known] of Object.entries(news.get().passwords)) {
    const session = sessions.find((s) => s.id === id);
    if (!session && !(id in news.get().deadlines)) out[id] = known;  // its first state is still on the way
    if (session) out[id] = { ...known, passwords: known.passwords.filter((p) => id === "rehearsal" || !session.connected.includes(p.login)) };
  }
  return out;
}

export function take_state(told: State): void {
  const rehearsal = told.rehearsal && {
    ...told.rehearsal, request: whole_request(told.rehearsal.request),
    session: told.rehearsal.session && whole({ ...told.rehearsal.request, ...told.rehearsal.session, phase: "OPEN" }),
  };
  const state: State = { ...told, requests: told.requests.map(whole_request), sessions: told.sessions.map(whole), rehearsal };
  const before = news.get().state;
  const now = performance.now();
  const deadlines: Record<string, Deadline> = {};
  const open = [...state.sessions.map((s) => ({ ...s, id: s.intervention })), ...(state.rehearsal?.session ? [{ ...state.rehearsal.session, id: "rehearsal" }] : [])];
  for (const session of open)
    deadlines[session.id] = deadline_in(session.seconds_left, (session.granted_minutes || session.seconds_left / 60) * 60, now);
  const offset = clock_offset(state.now, Date.now());
  wait_for_beginning(state, offset);
  news.set({ state, offset, deadlines, passwords: still_secret(open), lost_since: null, retry_at: null });
  identity.set({ person: state.person });
  for (const change of changes(before, state)) {
    announce(change.text, change.urgent ? "assertive" : "polite");
    if (change.rings) chime();
  }
}

function heard(opened: WebSocket): void {
  clearTimeout(silence);
  silence = setTimeout(() => {
    if (socket !== opened) return;
    lost();
    opened.close();
  }, longest_silence);
}

function lost(): void {
  socket = null;
  clearTimeout(silence);
  if (!identity.get().token) return;
  const wait = back_off(attempt++);
  news.set({ lost_since: news.get().lost_since ?? Date.now(), retry_at: Date.now() + wait });
  clearTimeout(retry);
  retry = setTimeout(() => void listen(), wait);
}

// A closed socket does not say why: the state's address does. 401 ends the sign-in; silence is silence.
export async function listen(): Promise<void> {
  clearTimeout(retry);
  const { token } = identity.get();
  if (!token || socket) return;
  try {
    take_state(await get<State>("/api/state"));
  } catch (problem) {
    if (problem instanceof Refusal && problem.status === 401) return forget();
    return lost();
  }
  if (identity.get().token !== token || socket) return;
  const opened = socket_to("/api/news");
  socket = opened;
  heard(opened);
  opened.onopen = () => opened.send(JSON.stringify({ token }));
  opened.onmessage = ({ data }) => {
    attempt = 0;
    if (socket === opened) heard(opened);
    if (socket !== opened || typeof data !== "string") return;
    const { state } = JSON.parse(data) as { state?: State };  // or its last word, before it closes
    if (state) take_state(state);
  };
  opened.onclose = () => socket === opened && lost();
}

export function forget(): void {
  const old = socket;
  socket = null;
  clearTimeout(retry);
  clearTimeout(beginning);
  old?.close();
  if (identity.get().token) keep_token(null);
  news.set({ state: null, lost_since: null, retry_at: null, deadlines: {}, passwords: {}, cuts: {} });
}

// Signed in, or in again after a lock with another token.
export function begin(token: string): void {
  const old = socket;
  socket = null;
  old?.close();
  attempt = 0;
  keep_token(token);
  void listen();
}

export async function refresh(): Promise<void> {
  try {
    take_state(await get<State>("/api/state"));
  } catch {
    // the news will say
  }
}

// "Its person did something", at most every 20 s.
let active_at = -Infinity;
export function say_active(): void {
  if (!socket || socket.readyState !== WebSocket.OPEN || performance.now() - active_at < 20_000) return;
  active_at = performance.now();
  socket.send('{"active":true}');
}
