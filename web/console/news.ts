// The gateway's news: one WebSocket that comes back by itself and says only that something changed; what is
// shown asks again. While it is away the page keeps what it knew, says so quietly, and asks every half minute.
import { back_off } from "../shared/countdown";
import { Store } from "../shared/store";
import { get, on_heard, socket_to } from "./api";

export interface News {
  turn: number;                 // goes up when what is shown should be asked for again
  lost_since: number | null;
  retry_at: number | null;
}
export const news = new Store<News>({ turn: 0, lost_since: null, retry_at: null });

let wanted = false;
let socket: WebSocket | null = null;
let attempt = 0;
let retry: ReturnType<typeof setTimeout> | undefined;
let told: ReturnType<typeof setTimeout> | undefined;
const gather_ms = 120;      // several changes at once are asked for once
const slow_look_ms = 30_000;

const ask_again = (): void => {
  clearTimeout(told);
  told = setTimeout(() => news.set({ turn: news.get().turn + 1 }), gather_ms);
};

function lost(): void {
  socket = null;
  if (!wanted) return;
  const wait = back_off(attempt++);
  news.set({ lost_since: news.get().lost_since ?? Date.now(), retry_at: Date.now() + wait });
  clearTimeout(retry);
  retry = setTimeout(listen, wait);
}

// A closed socket does not say why: a session that ended answers 401 here, and its person is asked again.
const ask_why = (): void => void get("/me", true).catch(() => {});

let slow_look: ReturnType<typeof setInterval> | undefined;

export function listen(): void {
  wanted = true;
  slow_look ??= setInterval(() => wanted && news.get().lost_since !== null && ask_again(), slow_look_ms);
  clearTimeout(retry);
  if (socket) return;
  const opened = socket_to("/news");
  socket = opened;
  opened.onopen = () => {
    attempt = 0;
    if (news.get().lost_since !== null) ask_again();  // what happened meanwhile
    news.set({ lost_since: null, retry_at: null });
  };
  opened.onmessage = () => ask_again();
  opened.onclose = () => socket === opened && (lost(), ask_why());
}

export function hush(): void {
  wanted = false;
  clearTimeout(retry);
  const old = socket;
  socket = null;
  old?.close();
  news.set({ lost_since: null, retry_at: null });
}

on_heard((answered) => {
  if (!wanted || answered || news.get().lost_since !== null) return;
  const dead = socket;  // a request found nobody: the socket leads nowhere either
  lost();
  dead?.close();
});
