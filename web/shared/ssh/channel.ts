// One channel of a connection (RFC 4254 §5): bytes both ways with the flow control of SSH, requests, and how it
// ended. Bytes are the reader's own copy; it says `done` when it has dealt with them, and only then more come.
import { harmless, Trouble } from "./errors";
import { as_buffer, type ChannelInsides, type SshChannel } from "./library";
import { ChannelAsk } from "./messages";

export interface Exit { status: number | null; signal: string | null; detail: string }
export interface ChannelReader {
  data(bytes: Uint8Array<ArrayBuffer>, done: () => void): void;
  words?(bytes: Uint8Array<ArrayBuffer>, done: () => void): void;  // the error stream
  end?(): void;                                                    // nothing more comes
}

type Kind = "data" | "words";
const nobody: ChannelReader = { data: () => {} };

export class Channel {
  readonly closed: Promise<Exit>;
  private over = false;
  private held = 0;  // bytes that came and are not done with
  private early: { kind: Kind; bytes: Uint8Array<ArrayBuffer> }[] = [];
  private ended_early = false;
  private reader: ChannelReader = nobody;

  constructor(private readonly inner: SshChannel, flood: (why: Trouble) => void) {
    const take = (kind: Kind, data: Uint8Array) => {
      this.held += data.length;
      if (this.held > inner.maxWindowSize) return flood(new Trouble("bad_answer", "more than was asked for"));
      this.take(kind, new Uint8Array(data));  // the library reuses its buffer
    };
    inner.onDataReceived((data) => take("data", data));
    inner.onExtendedDataReceived((event) => take("words", event.data));
    inner.onEof(() => this.end_of_data());
    this.closed = new Promise((done) => inner.onClosed((event) => done(this.finish(event))));
  }

  get is_over(): boolean {
    return this.over;
  }
  read_with(reader: ChannelReader): void {
    this.reader = reader;
    for (const { kind, bytes } of this.early.splice(0)) this.take(kind, bytes);
    if (this.ended_early) this.end_of_data();
  }

  // Resolved once the bytes fitted into the window of the other side and are on their way.
  async send(bytes: Uint8Array): Promise<void> {
    if (this.over) throw new Trouble("ended");
    if (bytes.length) await this.inner.send(as_buffer(bytes)).catch((problem) => this.rethrow(problem));
  }
  async send_end(): Promise<void> {
    if (!this.over) await this.inner.send(as_buffer(new Uint8Array())).catch((problem) => this.rethrow(problem));
  }
  async ask(type: string, payload = new Uint8Array()): Promise<boolean> {
    if (this.over) throw new Trouble("ended");
    return this.inner.request(new ChannelAsk(type, payload, true)).catch((problem) => this.rethrow(problem));
  }
  tell(type: string, payload = new Uint8Array()): void {
    if (!this.over) this.inner.request(new ChannelAsk(type, payload, false)).catch(() => {});
  }
  close(): void {
    if (!this.over) void this.inner.close().catch(() => {});
  }

  private take(kind: Kind, bytes: Uint8Array<ArrayBuffer>): void {
    const done = this.once(bytes.length);
    if (this.reader === nobody) this.early.push({ kind, bytes });
    else if (kind === "data") this.reader.data(bytes, done);
    else if (this.reader.words) this.reader.words(bytes, done);
    else done();
  }
  private once(count: number): () => void {
    let told = false;
    return () => {
      if (told) return;
      told = true;
      this.held -= count;
      this.inner.adjustWindow(count);
    };
  }
  private end_of_data(): void {
    if (this.reader === nobody) this.ended_early = true;
    else this.reader.end?.();
  }
  private finish(event: { exitStatus?: number; exitSignal?: string; errorMessage?: string }): Exit {
    this.over = true;
    // The library would let a sender wait for room for ever.
    (this.inner as unknown as ChannelInsides).openSendingWindowCompletionSource?.reject(new Trouble("ended"));
    this.end_of_data();
    const by_us = event.exitSignal === "SIGABRT" && event.exitStatus === undefined;  // how the library says "let go here"
    return { status: event.exitStatus ?? null, signal: by_us ? null : (event.exitSignal ?? null), detail: harmless(event.errorMessage ?? "") };
  }
  private rethrow(problem: unknown): never {
    throw problem instanceof Trouble ? problem : new Trouble("ended", harmless(problem instanceof Error ? problem.message : ""));
  }
}
