// Is the practice still there? Behind a relay a dead line is not seen: so it is asked, and a line on which
// nothing came for three questions in a row is given up (the agent does the same from its end).
export interface Timers {
  after(ms: number, act: () => void): () => void;  // answers how to cancel
}
export const real_timers: Timers = {
  after(ms, act) {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
};

export interface Line {
  heard(): number;  // bytes, so far
  ask(): void;
  given_up(): void;
}

export class KeepAlive {
  private cancel: () => void;
  private heard: number;
  private silences = 0;

  constructor(private readonly line: Line, private readonly timers: Timers, private readonly every_ms: number, private readonly most_silences: number) {
    this.heard = line.heard();
    this.cancel = timers.after(every_ms, () => this.look());
  }
  stop(): void {
    this.cancel();
  }

  private look(): void {
    const heard = this.line.heard();
    this.silences = heard === this.heard ? this.silences + 1 : 0;
    this.heard = heard;
    if (this.silences > this.most_silences) return this.line.given_up();
    this.line.ask();
    this.cancel = this.timers.after(this.every_ms, () => this.look());
  }
}

// The answer, or `slow` when it does not come in time.
export function in_time<T>(work: Promise<T>, ms: number, timers: Timers, slow: () => Error): Promise<T> {
  return new Promise((done, failed) => {
    const cancel = timers.after(ms, () => failed(slow()));
    work.then((value) => (cancel(), done(value)), (problem) => (cancel(), failed(problem)));
  });
}
