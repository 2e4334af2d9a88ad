// An SFTP client over one channel: requests may be many at a time, each answer finds its own. An answer that
// nobody asked for, or of another kind than was asked for, ends the channel and everything on it.
import { utf8, Writer } from "../bytes";
import type { Channel } from "../channel";
import { harmless, Trouble, trouble_of } from "../errors";
import { answer as types, type Answer, ask, type Attributes, Cutter, type Entry, FileError, no_attributes, open_flags, packet, read_answer } from "./words";
import { Reader } from "../bytes";

type Kind = Answer["kind"];
interface Waiting { done(answer: Answer): void; failed(why: Error): void }

export class Sftp {
  readonly ended: Promise<Trouble>;
  private readonly cutter = new Cutter();
  private readonly waiting = new Map<number, Waiting>();
  private next_id = 1;
  private over: Trouble | null = null;
  private greeted: (() => void) | null = null;
  private words = "";
  private tell_ended!: (why: Trouble) => void;

  private constructor(private readonly channel: Channel) {
    this.ended = new Promise((done) => (this.tell_ended = done));
    const decoder = new TextDecoder();
    channel.read_with({
      data: (bytes, done) => (this.take(bytes), done()),
      words: (bytes, done) => ((this.words = (this.words + decoder.decode(bytes, { stream: true })).slice(-1000)), done()),
    });
    void channel.closed.then(() => this.fail(new Trouble(this.greeted ? "not_offered" : "ended", harmless(this.words))));
  }
  static async start(channel: Channel): Promise<Sftp> {
    const sftp = new Sftp(channel);
    const hello = new Promise<void>((done) => (sftp.greeted = done));
    await channel.send(packet(ask.init, null, new Writer().u32(3)));
    await Promise.race([hello, sftp.ended.then((why): never => { throw why; })]);
    return sftp;
  }
  get is_over(): boolean {
    return this.over !== null;
  }
  close(): void {
    this.fail(new Trouble("cancelled"));
  }

  // ---- what can be asked ----
  async real_path(path: string): Promise<string> {
    const { names } = await this.ask("names", ask.realpath, new Writer().string(path));
    if (names.length !== 1) throw this.fail(new Trouble("bad_answer", "a path with several names"));
    return names[0]!.name;
  }
  async stat(path: string): Promise<Attributes> {
    return (await this.ask("attributes", ask.stat, new Writer().string(path))).attributes;
  }
  async list(path: string, most = 100_000): Promise<Entry[]> {
    const handle = await this.handle(ask.opendir, new Writer().string(path));
    const out: Entry[] = [];
    try {
      for (let more = true; more && out.length < most; ) {
        const part = await this.part_of(handle);
        more = part !== null;
        out.push(...(part ?? []).filter((e) => e.name !== "." && e.name !== ".."));
      }
    } finally {
      await this.close_handle(handle);
    }
    return out;
  }
  open_to_read(path: string): Promise<Uint8Array> {
    return this.handle(ask.open, no_attributes(new Writer().string(path).u32(open_flags.read)));
  }
  open_to_write(path: string, replace: boolean): Promise<Uint8Array> {
    const flags = open_flags.write | open_flags.create | (replace ? open_flags.truncate : open_flags.exclusive);
    return this.handle(ask.open, no_attributes(new Writer().string(path).u32(flags)));
  }
  // A copy of its own; null behind the end of the file.
  async read(handle: Uint8Array, from: number, count: number): Promise<Uint8Array<ArrayBuffer> | null> {
    const got = await this.ask(["data", "status"], ask.read, new Writer().string(handle).u64(from).u32(count));
    if (got.kind === "data") {
      if (got.data.length > count || !got.data.length) throw this.fail(new Trouble("bad_answer", "more or less than was read"));
      return got.data as Uint8Array<ArrayBuffer>;
    }
    if (got.error?.why === "ended") return null;
    throw got.error ?? this.fail(new Trouble("bad_answer", "a read without data"));
  }
  // `sent` is told when the bytes are on their way; the promise is kept when the practice has them.
  async write(handle: Uint8Array, from: number, bytes: Uint8Array): Promise<void> {
    await this.done(ask.write, new Writer().string(handle).u64(from).string(bytes));
  }
  close_handle(handle: Uint8Array): Promise<void> {
    return this.done(ask.close, new Writer().string(handle)).catch(() => {});
  }
  finish(handle: Uint8Array): Promise<void> {
    return this.done(ask.close, new Writer().string(handle));
  }
  make_folder(path: string): Promise<void> {
    return this.done(ask.mkdir, no_attributes(new Writer().string(path)));
  }
  rename(from: string, to: string): Promise<void> {
    return this.done(ask.rename, new Writer().string(from).string(to));
  }
  remove(path: string, folder: boolean): Promise<void> {
    return this.done(folder ? ask.rmdir : ask.remove, new Writer().string(path));
  }

  // ---- how ----
  private async part_of(handle: Uint8Array): Promise<Entry[] | null> {
    const got = await this.ask(["names", "status"], ask.readdir, new Writer().string(handle));
    if (got.kind === "names") return got.names;
    if (got.error?.why === "ended") return null;
    throw got.error ?? this.fail(new Trouble("bad_answer", "a folder without names"));
  }
  private async handle(type: number, body: Writer): Promise<Uint8Array> {
    return (await this.ask("handle", type, body)).handle;
  }
  private async done(type: number, body: Writer): Promise<void> {
    const got = await this.ask(["status"], type, body);
    if (got.kind === "status" && got.error) throw got.error;
  }
  // Only the kinds that were named come back; a status where none was named is thrown as what it says.
  private async ask<K extends Kind>(kinds: K | K[], type: number, body: Writer): Promise<Extract<Answer, { kind: K }>> {
    const got = await this.put(type, body);
    const wanted = Array.isArray(kinds) ? kinds : [kinds];
    if ((wanted as Kind[]).includes(got.kind)) return got as Extract<Answer, { kind: K }>;
    if (got.kind === "status" && got.error) throw got.error;
    throw this.fail(new Trouble("bad_answer", "an SFTP answer of another kind"));
  }
  private put(type: number, body: Writer): Promise<Answer> {
    if (this.over) return Promise.reject(this.over);
    const id = this.next_id;
    this.next_id = (this.next_id + 1) >>> 0;
    return new Promise((done, failed) => {
      this.waiting.set(id, { done, failed });
      this.channel.send(packet(type, id, body)).catch((problem) => this.fail(trouble_of(problem, "ended")));
    });
  }
  private take(bytes: Uint8Array): void {
    if (this.over) return;
    try {
      this.cutter.push(bytes);
      for (let part = this.cutter.next(); part; part = this.cutter.next()) this.answered(part);
    } catch (problem) {
      this.fail(trouble_of(problem, "bad_answer"));
    }
  }
  private answered(part: Uint8Array): void {
    if (this.greeted) return this.greet(part);
    const got = read_answer(part);
    const waiting = this.waiting.get(got.id);
    if (!waiting) throw new Trouble("bad_answer", "an SFTP answer that nobody asked for");
    this.waiting.delete(got.id);
    waiting.done(got.kind === "data" ? { ...got, data: Uint8Array.from(got.data) } : got);
  }
  private greet(part: Uint8Array): void {
    const reader = new Reader(part);
    if (reader.byte() !== types.version || reader.u32() !== 3) throw new Trouble("bad_answer", "another version of SFTP");
    const done = this.greeted;
    this.greeted = null;
    done?.();
  }
  private fail(why: Trouble): Trouble {
    if (this.over) return this.over;
    this.over = why;
    for (const { failed } of this.waiting.values()) failed(why);
    this.waiting.clear();
    this.channel.close();
    this.tell_ended(why);
    return why;
  }
}

export const name_bytes = (name: string): number => utf8(name).length;
export { FileError };
