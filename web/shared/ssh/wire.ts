// The stream under the SSH library: the binary messages of a WebSocket to the gateway's relay. Bounded both
// ways: what is not read yet, and what the browser has not sent yet. Counts, so that silence is noticed.
import { harmless, Trouble } from "./errors";
import { as_buffer, type Buffer } from "./library";

// What is used of a WebSocket; anything else that behaves so will do.
export interface Pipe {
  binaryType: string;
  readonly readyState: number;
  readonly bufferedAmount: number;
  onopen: ((event: any) => void) | null;
  onmessage: ((event: any) => void) | null;
  onclose: ((event: any) => void) | null;
  onerror: ((event: any) => void) | null;
  send(bytes: Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
}

const most_unread = 32 << 20;  // every window of every channel together stays below
const most_unsent = 1 << 20;
const open = 1;

export class Wire {
  heard = 0;
  sent = 0;
  private chunks: Uint8Array[] = [];
  private unread = 0;
  private waiting: (() => void) | null = null;
  private ending: Trouble | null = null;
  private let_write: () => void = () => {};
  private readonly opened = new Promise<void>((done) => (this.let_write = done));
  private readonly emitters = new Set<(event: { error?: Error }) => void>();

  constructor(private readonly pipe: Pipe) {
    pipe.binaryType = "arraybuffer";
    pipe.onmessage = (event) => this.take(event.data);
    pipe.onclose = (event) => this.end(new Trouble("gone", harmless(String(event?.reason ?? ""))));
    pipe.onerror = () => {};  // a close event follows
    pipe.onopen = () => this.let_write();
    if (pipe.readyState === open) this.let_write();
  }

  // ---- what the library asks of a stream ----
  async read(count: number): Promise<Buffer | null> {
    while (!this.chunks.length) {
      if (this.ending) throw this.ending;
      await new Promise<void>((done) => (this.waiting = done));
    }
    const first = this.chunks[0]!;
    const part = first.subarray(0, count);
    if (part.length === first.length) this.chunks.shift();
    else this.chunks[0] = first.subarray(count);
    this.unread -= part.length;
    return as_buffer(part);
  }
  async write(data: Uint8Array): Promise<void> {
    await this.opened;
    while (!this.ending && this.pipe.bufferedAmount > most_unsent) await new Promise((done) => setTimeout(done, 4));
    if (this.ending) throw this.ending;
    this.sent += data.length;
    this.pipe.send(new Uint8Array(data));  // a copy: the library writes its next packet into the same place
  }
  async close(): Promise<void> {
    this.dispose();
  }
  dispose(): void {
    this.end(new Trouble("gone"));
  }
  get isDisposed(): boolean {
    return this.ending !== null;
  }
  readonly closed = (listener: (event: { error?: Error }) => void) => {
    this.emitters.add(listener);
    return { dispose: () => void this.emitters.delete(listener) };
  };

  // ---- for the connection ----
  get why(): Trouble | null {
    return this.ending;
  }
  end(why: Trouble): void {
    if (this.ending) return;
    this.ending = why;
    this.pipe.onmessage = this.pipe.onclose = null;
    if (why.kind !== "gone") this.chunks = [];
    try {
      this.pipe.close(1000);
    } catch {
      // not open yet, or closed already
    }
    this.wake();
    this.let_write();
    for (const tell of this.emitters) tell({ error: why });
  }

  private take(data: unknown): void {
    if (typeof data === "string") return this.end(refusal(data));
    const bytes = new Uint8Array(data as ArrayBuffer);
    this.heard += bytes.length;
    this.unread += bytes.length;
    if (this.unread > most_unread) return this.end(new Trouble("bad_answer", "more than was asked for"));
    if (bytes.length) this.chunks.push(bytes);
    this.wake();
  }
  private wake(): void {
    const done = this.waiting;
    this.waiting = null;
    done?.();
  }
}

// Instead of bytes the gateway may say, once, why there will be none: {"error": Problem}.
function refusal(text: string): Trouble {
  try {
    const { error } = JSON.parse(text.slice(0, 20_000)) as { error?: { code?: string; detail?: string; title?: string } };
    return new Trouble("not_relayed", harmless(error?.detail || error?.title || error?.code || ""));
  } catch {
    return new Trouble("bad_answer", "words where bytes were expected");
  }
}
