// The page's end of a live mirror (docs/page.md §6): says who it is, that somebody is here, and how much it
// has painted, so that the agent never sends more than it can show. Knows no terminal and no DOM: it is
// given a way to make sockets, a clock and a screen. One mirror a session on the screen.
import { back_off } from "./countdown";
import { from_base64 } from "./verify";

export interface MirrorStream {
  stream: number;
  kind: string;
  login: string;
  cols: number;
  rows: number;
  open: boolean;
}
export interface MirrorScreen {
  restart(): void;                                                          // a new mirror begins: forget what was shown
  stream(stream: MirrorStream): void;
  output(stream: number, data: Uint8Array, skipped: number, painted: () => void): void;  // `painted` once it is on the screen
  ended(cause: string): void;
  connection(up: boolean): void;
}
export interface MirrorSocket {
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onmessage: ((message: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
}
export interface MirrorWorld {
  connect(): MirrorSocket;
  token(): string | null;
  visible(): boolean;
  after(ms: number, act: () => void): () => void;  // answers how to cancel
}

const here_every = 2000;     // the agent waits 5 s
const slowest_retry = 4000;  // a watched session pauses after 15 s without its watcher

export class Mirror {
  private socket: MirrorSocket | null = null;
  private up = false;
  private over = false;
  private attempt = 0;
  private cancel_retry: (() => void) | null = null;
  private cancel_here: (() => void) | null = null;

  constructor(private readonly world: MirrorWorld, private readonly screen: MirrorScreen) {
    this.open();
  }

  // The page became visible or hidden.
  visibility_changed(): void {
    if (!this.world.visible() || this.over) return;
    if (this.up) this.say_here();
    else if (!this.socket) this.retry_now();
  }

  close(): void {
    this.over = true;
    this.cancel_retry?.();
    this.cancel_here?.();
    this.socket?.close();
    this.socket = null;
  }

  private retry_now(): void {
    this.cancel_retry?.();
    this.cancel_retry = null;
    this.open();
  }

  private open(): void {
    const socket = this.world.connect();
    this.socket = socket;
    socket.onopen = () => this.opened(socket);
    socket.onmessage = (message) => this.socket === socket && this.take(socket, message.data);
    socket.onclose = () => this.socket === socket && this.lost();
  }

  private opened(socket: MirrorSocket): void {
    if (this.socket !== socket) return;
    this.up = true;
    this.screen.restart();
    this.screen.connection(true);
    socket.send(JSON.stringify({ token: this.world.token() }));
    this.say_here();
  }

  private lost(): void {
    this.socket = null;
    this.up = false;
    this.cancel_here?.();
    if (this.over) return;
    this.screen.connection(false);
    this.cancel_retry = this.world.after(Math.min(back_off(this.attempt++), slowest_retry), () => this.retry_now());
  }

  // Only a page that can be seen says so: a hidden one is not watching.
  private say_here(): void {
    this.cancel_here?.();
    if (!this.up || this.over) return;
    if (this.world.visible()) this.socket?.send('{"here":true}');
    this.cancel_here = this.world.after(here_every, () => this.say_here());
  }

  private take(socket: MirrorSocket, data: unknown): void {
    if (typeof data !== "string") return;
    const said = JSON.parse(data) as Record<string, unknown>;
    this.attempt = 0;
    if (typeof said["output"] === "string") this.paint(socket, said);
    else if (said["ended"] === true) this.finish(String(said["cause"] ?? ""));
    else if (typeof said["stream"] === "number") this.screen.stream(said as unknown as MirrorStream);
  }

  private paint(socket: MirrorSocket, said: Record<string, unknown>): void {
    const bytes = from_base64(said["output"] as string);
    const painted = () => this.socket === socket && this.up && socket.send(JSON.stringify({ ack: bytes.length }));
    this.screen.output(Number(said["stream"] ?? 0), bytes, Number(said["skipped"] ?? 0), painted);
  }

  private finish(cause: string): void {
    this.screen.ended(cause);
    this.close();
  }
}
