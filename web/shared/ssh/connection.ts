// One sealed SSH connection with a practice, from a browser, through a relay that sees only bytes. The host key
// is pinned, the key signs here, the password goes into one message; whatever goes wrong ends it, with a Trouble
// that says why. `ended` is the one place where a connection's end is told.
import { configuration } from "./algorithms";
import { Channel } from "./channel";
import { harmless, Trouble, trouble_of } from "./errors";
import { in_time, KeepAlive, real_timers, type Timers } from "./keep_alive";
import { type AuthenticationMessage, disconnect, SessionRequestMessage, type SshChannelOpeningEventArgs } from "./library";
import { ChannelOpening, PlainMessage } from "./messages";
import { p256_of_line } from "./public_key";
import { SealedSession } from "./sealed_session";
import { sign_in, type SignIn, type Way } from "./sign_in";
import { type Pipe, Wire } from "./wire";

export interface Limits {
  step_ms: number;      // the longest wait for one answer before signing in is done
  alive_ms: number;     // how often a silent line is asked
  silences: number;     // how many questions may stay without an answer
  rekey_bytes: number;
}
export const usual_limits: Limits = { step_ms: 20_000, alive_ms: 15_000, silences: 3, rekey_bytes: 512 << 20 };

export interface Options extends SignIn {
  pipe: Pipe;
  host_key_line: string;  // ECDSA P-256, from the practice's identity
  limits?: Partial<Limits>;
  timers?: Timers;
  on_words?: (text: string) => void;
  ways?: Way[];           // how to give the password, the preferred one first
  on_step?: (step: "reaching" | "key" | "password") => void;
}

export async function connect(options: Options): Promise<Connection> {
  const host_key = p256_of_line(options.host_key_line);
  if (!host_key) {
    options.pipe.onerror = () => {};  // closing it before it is open is one
    options.pipe.close();
    throw new Trouble("bad_answer", "this practice has no host key that a browser can check");
  }
  const connection = new Connection(host_key, options);
  try {
    await connection.start(options);
    return connection;
  } catch (problem) {
    const why = trouble_of(problem, "bad_answer");
    if (why.kind === "gone") await connection.last_words();
    throw connection.fail(why);
  }
}

export class Connection {
  readonly ended: Promise<Trouble>;
  rejoined = false;  // signed in without a password, shortly after a drop
  private over: Trouble | null = null;
  private cause: Trouble | null = null;  // why it is being ended here
  private sealed = false;                // before that, words are the gateway's, or anybody's
  private tell_ended!: (why: Trouble) => void;
  private readonly wire: Wire;
  private readonly session: SealedSession;
  private readonly limits: Limits;
  private readonly timers: Timers;
  private keep_alive: KeepAlive | null = null;
  private readonly opening = new Map<unknown, (channel: Channel) => void>();
  private readonly answers: AuthenticationMessage[] = [];
  private answered: (() => void) | null = null;

  constructor(host_key: Uint8Array, options: Options) {
    this.limits = { ...usual_limits, ...options.limits };
    this.timers = options.timers ?? real_timers;
    this.ended = new Promise((done) => (this.tell_ended = done));
    this.wire = new Wire(options.pipe);
    this.session = new SealedSession(configuration(host_key, this.limits.rekey_bytes));
    this.session.on_words = (text) => options.on_words?.(text);
    this.session.on_sign_in_message = (message) => this.take_answer(message);
    this.session.onClosed((event) => this.fail(this.reason_of(event)));
    this.session.onChannelOpening((args) => this.opened(args));
    this.wire.closed(({ error }) => this.session.isConnected || this.fail(this.reason_of({ error })));
  }

  get traffic(): { heard: number; sent: number } {
    return { heard: this.wire.heard, sent: this.wire.sent };
  }
  get is_over(): boolean {
    return this.over !== null;
  }

  // ---- its beginning ----
  async start(options: Options): Promise<void> {
    options.on_step?.("reaching");
    await this.step(this.exchange_keys());
    options.on_step?.("key");
    await this.step(this.session.requestService("ssh-userauth"));
    const password: SignIn["password"] = (ask) => (options.on_step?.("password"), this.or_end(options.password(ask)));
    const how = await sign_in(
      { session_id: this.session.sessionId!, send: (message: PlainMessage) => this.step(this.session.sendMessage(message)), answer: () => this.step(this.next_answer()) },
      { user: options.user, key: options.key, password },
      options.ways,
    );
    this.rejoined = how === "key_alone";
    this.session.signed_in();
    this.session.on_sign_in_message = () => void this.fail(new Trouble("bad_answer", "signing in a second time"));
    this.keep_alive = new KeepAlive(this.line(), this.timers, this.limits.alive_ms, this.limits.silences);
  }
  private async exchange_keys(): Promise<void> {
    const connected = this.session.connect(this.wire as never);
    // The library waits for this one only when all went well before.
    void (this.session as unknown as { versionExchangePromise?: Promise<void> }).versionExchangePromise?.catch(() => {});
    try {
      await connected;
      this.sealed = true;
    } catch (problem) {
      const why = this.reason_of({ error: problem, reason: (problem as { reason?: number })?.reason, message: (problem as Error)?.message });
      this.cause = why;
      if (why.kind === "wrong_host_key") await this.session.close(disconnect.host_key_not_verifiable, "not the key of this practice").catch(() => {});
      throw why;
    }
  }
  private step<T>(work: Promise<T>): Promise<T> {
    return in_time(this.or_end(work), this.limits.step_ms, this.timers, () => new Trouble("slow"));
  }
  private or_end<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.ended.then((why): never => { throw why; })]);
  }
  private take_answer(message: AuthenticationMessage): void {
    if (this.answers.length > 8) return void this.fail(new Trouble("bad_answer", "answers that nobody asked for"));
    this.answers.push(message);
    this.answered?.();
  }
  private async next_answer(): Promise<AuthenticationMessage> {
    while (!this.answers.length) await new Promise<void>((done) => (this.answered = done));
    return this.answers.shift()!;
  }

  // ---- channels ----
  async open(type: string, window: number, payload?: Uint8Array<ArrayBuffer>): Promise<Channel> {
    if (this.over) throw this.over;
    const message = new ChannelOpening(type, window, payload);
    const made = new Promise<Channel>((done) => this.opening.set(message, done));
    try {
      await this.or_end(this.session.openChannel(message));
      return await made;
    } catch (problem) {
      throw this.over ?? new Trouble("not_offered", harmless(problem instanceof Error ? problem.message : ""));
    } finally {
      this.opening.delete(message);
    }
  }
  // Before the library goes on to the next packet, so that no data comes too early.
  private opened(args: SshChannelOpeningEventArgs): void {
    if (!args.isRemoteRequest) this.opening.get(args.request)?.(new Channel(args.channel, (why) => void this.fail(why)));
  }

  // ---- its end ----
  async close(): Promise<void> {
    if (this.over) return;
    await Promise.race([this.session.close(disconnect.by_application, "disconnected by user").catch(() => {}), new Promise<void>((done) => this.timers.after(1000, done))]);
    this.fail(new Trouble("cancelled"));
  }
  // The link is gone, but what the practice said before may still be unread.
  async last_words(): Promise<void> {
    await Promise.race([this.ended, new Promise<void>((done) => this.timers.after(1000, done))]);
  }
  fail(why: Trouble): Trouble {
    if (this.over) return this.over;
    this.over = why;
    this.keep_alive?.stop();
    this.tell_ended(why);
    this.session.dispose();
    this.wire.end(why);
    return why;
  }
  private reason_of(event: { error?: unknown; reason?: number; message?: string }): Trouble {
    if (this.cause) return this.cause;
    if (this.session.farewell !== null) return new Trouble(this.sealed ? "closed_by_practice" : "not_relayed", this.session.farewell);
    if (event.error instanceof Trouble) return event.error;
    if (this.wire.why) return this.wire.why;
    if (event.reason === disconnect.by_application) return new Trouble("cancelled");
    if (event.reason === disconnect.mac_error || event.reason === disconnect.host_key_not_verifiable) return new Trouble("altered");
    if (event.reason === disconnect.connection_lost) return new Trouble("gone");
    return new Trouble("bad_answer", harmless(event.message ?? ""));
  }
  private line() {
    const ask = () => void this.session.request(new SessionRequestMessage("keepalive@openssh.com", true)).catch(() => {});
    return { heard: () => this.wire.heard, ask, given_up: () => void this.fail(new Trouble("silent")) };
  }
}
