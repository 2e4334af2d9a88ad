// asciicast v2: reads a recording strictly and plays it on any screen that can be written to and reset.
// Time is the caller's: step(elapsed) makes playing, seeking and testing the same thing.
export interface CastEvent {
  at: number;
  kind: "o" | "r" | "m";
  data: string;
}
export interface Cast {
  width: number;
  height: number;
  events: CastEvent[];
  seconds: number;
}
export interface Screen {
  reset(cols: number, rows: number): void;
  write(text: string): void;
  resize(cols: number, rows: number): void;
}

const most_events = 2_000_000;

function read_event(line: string, number: number, earliest: number): CastEvent | null {
  const json: unknown = JSON.parse(line);
  if (!Array.isArray(json) || json.length < 3 || typeof json[0] !== "number" || typeof json[1] !== "string" || typeof json[2] !== "string")
    throw new Error(`line ${number}: not an event`);
  const [at, kind, data] = json as [number, string, string];
  if (!Number.isFinite(at) || at < 0) throw new Error(`line ${number}: not a time`);
  if (kind !== "o" && kind !== "r" && kind !== "m") return null;  // input is never recorded; others are not for us
  return { at: Math.max(at, earliest), kind, data };
}

export function read_cast(text: string): Cast {
  const lines = text.split("\n").filter((line) => line !== "");
  const head = JSON.parse(lines[0] ?? "null") as { version?: unknown; width?: unknown; height?: unknown } | null;
  const size = (n: unknown): n is number => typeof n === "number" && Number.isInteger(n) && n > 0 && n <= 1000;
  if (!head || head.version !== 2 || !size(head.width) || !size(head.height)) throw new Error("line 1: not an asciicast of version 2");
  if (lines.length > most_events) throw new Error("too many events");
  const events: CastEvent[] = [];
  for (let i = 1; i < lines.length; i++) {
    const event = read_event(lines[i]!, i + 1, events.at(-1)?.at ?? 0);
    if (event) events.push(event);
  }
  return { width: head.width, height: head.height, events, seconds: events.at(-1)?.at ?? 0 };
}

// Silences longer than `limit` seconds become that long: nobody watches a cursor blink for ten minutes.
export function without_idle(cast: Cast, limit: number): Cast {
  let [cut, before] = [0, 0];
  const events = cast.events.map((event) => {
    const gap = event.at - before;
    before = event.at;
    if (gap > limit) cut += gap - limit;
    return { ...event, at: event.at - cut };
  });
  return { ...cast, events, seconds: events.at(-1)?.at ?? 0 };
}

export class Player {
  position = 0;
  private next = 0;

  constructor(private readonly cast: Cast, private readonly screen: Screen) {
    this.seek(0);
  }

  get over(): boolean {
    return this.position >= this.cast.seconds;
  }

  // Plays on by `elapsed` seconds.
  step(elapsed: number): void {
    this.show_until(Math.min(this.cast.seconds, this.position + elapsed));
  }

  seek(to: number): void {
    if (to < this.position || this.next === 0) {
      this.screen.reset(this.cast.width, this.cast.height);
      this.next = 0;
    }
    this.show_until(Math.min(this.cast.seconds, Math.max(0, to)));
  }

  private show_until(time: number): void {
    let text = "";
    const flush = () => (text && this.screen.write(text), (text = ""));
    for (; this.next < this.cast.events.length && this.cast.events[this.next]!.at <= time; this.next++) {
      const event = this.cast.events[this.next]!;
      if (event.kind === "o") text += event.data;
      const size = event.kind === "r" ? /^(\d{1,3})x(\d{1,3})$/.exec(event.data) : null;
      if (size) flush(), this.screen.resize(Number(size[1]), Number(size[2]));
    }
    flush();
    this.position = time;
  }
}
