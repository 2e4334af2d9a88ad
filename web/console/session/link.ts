// A session joined in this browser: one sealed connection and what hangs on it, kept for as long as the page
// lives, so that going to the report and back closes nothing. The password passes through here into the
// connection and is in no field of it.
import { Store } from "../../shared/store";
import { connect, type Connection, type Trouble } from "../../shared/ssh/index";
import type { BrowserKey } from "../keys/browser_key";
import { Terminals } from "./terminals";
import { Transfers } from "./transfers";

export type Step = "out" | "reaching" | "key" | "password" | "in";
export interface Link {
  step: Step;
  asks: { wrong: number } | null;   // the practice waits for a password
  trouble: Trouble | null;          // why it ended
  notice: string | null;            // the practice's last words
  rejoinable_until: number;         // the key alone may do, until then
}
export interface JoinWith { host_key_line: string; user: string; key: BrowserKey }

const rejoin_ms = 60_000;
const nothing: Link = { step: "out", asks: null, trouble: null, notice: null, rejoinable_until: 0 };

export class SessionLink {
  readonly state = new Store<Link>(nothing);
  readonly terminals: Terminals;
  readonly transfers: Transfers;
  connection: Connection | null = null;
  private answer: ((password: string) => void) | null = null;
  private pipe: WebSocket | null = null;
  turns = 0;  // one for each try to join

  constructor(private readonly id: string) {
    this.terminals = new Terminals((words) => this.state.set({ notice: words }));
    this.transfers = new Transfers();
  }

  // `password`: typed beforehand; without one the key alone is tried first.
  async join(who: JoinWith, password: string | null): Promise<void> {
    if (this.state.get().step !== "out") return;
    const turn = ++this.turns;
    this.state.set({ ...nothing, step: "reaching" });
    try {
      this.pipe = new WebSocket(relay_address(this.id));
      const connection = await connect({
        pipe: this.pipe, ...who,
        password: (ask) => {
          const typed = password;
          password = null;
          return typed !== null ? Promise.resolve(typed) : this.ask(ask.wrong);
        },
        on_words: (words) => this.state.set({ notice: words }),
        on_step: (step) => turn === this.turns && this.state.set({ step }),
      });
      if (turn !== this.turns) return void connection.close();
      this.entered(connection);
    } catch (problem) {
      if (turn === this.turns) this.left(problem as Trouble);
    }
  }
  // The practice asked, and the person typed.
  give(password: string): void {
    const answer = this.answer;
    this.answer = null;
    this.state.set({ asks: null });
    answer?.(password);
  }
  async leave(): Promise<void> {
    const { connection } = this;
    if (connection) return connection.close();
    this.turns++;
    this.pipe?.close();
    this.answer = null;
    this.state.set(nothing);
  }
  get busy(): boolean {
    return this.state.get().step !== "out" || this.transfers.running;
  }

  private ask(wrong: number): Promise<string> {
    this.state.set({ asks: { wrong } });
    return new Promise((done) => (this.answer = done));
  }
  private entered(connection: Connection): void {
    this.connection = connection;
    this.terminals.use(connection);
    this.transfers.use(connection);
    this.state.set({ step: "in", asks: null });
    void connection.ended.then((why) => this.left(why));
  }
  private left(trouble: Trouble): void {
    const was_in = this.connection !== null;
    const dropped = was_in && ["gone", "silent", "altered"].includes(trouble.kind);
    this.connection = null;
    this.answer = null;
    this.terminals.use(null);
    this.transfers.use(null);
    this.state.set({ step: "out", asks: null, trouble, rejoinable_until: dropped ? Date.now() + rejoin_ms : 0 });
  }
}

const relay_address = (id: string): string => `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/relay/${encodeURIComponent(id)}`;

const links = new Map<string, SessionLink>();
export function link_of(id: string): SessionLink {
  const link = links.get(id) ?? new SessionLink(id);
  links.set(id, link);
  return link;
}
// Closing the tab would end terminals and transfers: the browser asks first.
globalThis.addEventListener?.("beforeunload", (event) => {
  if ([...links.values()].some((link) => link.busy)) event.preventDefault();
});
