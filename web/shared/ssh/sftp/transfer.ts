// Whole files, streamed: many pieces under way at once, never more in memory than those. What is told as done
// is done: written to the disk here, or acknowledged by the practice there.
import { Trouble } from "../errors";
import type { Sftp } from "./client";

const piece = 31 * 1024;        // with its request it fits into one packet of libssh (32000) and of OpenSSH
const most_under_way = 64;      // pieces: 2 MiB
const at_once = 1 << 20;        // a browser's files are slow to take small pieces

export interface Place {        // where a download goes; a FileSystemWritableFileStream is one
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
}
export interface Watcher {
  progress(done: number, of: number): void;
  readonly signal: AbortSignal;
}

const stop_when_cancelled = ({ signal }: Watcher): void => {
  if (signal.aborted) throw new Trouble("cancelled");
};

// Answers how many bytes there were. `size` is what the practice said; what the file holds decides.
export async function download(sftp: Sftp, path: string, size: number, place: Place, watcher: Watcher): Promise<number> {
  const handle = await sftp.open_to_read(path);
  try {
    return await read_all(sftp, handle, size, place, watcher);
  } finally {
    await sftp.close_handle(handle);
  }
}

async function read_all(sftp: Sftp, handle: Uint8Array, size: number, place: Place, watcher: Watcher): Promise<number> {
  const under_way: Promise<Uint8Array<ArrayBuffer> | null>[] = [];
  const gathered = new Gathered(place, (done) => watcher.progress(done, Math.max(size, done)));
  for (let asked = 0; ; ) {
    stop_when_cancelled(watcher);
    for (; under_way.length < most_under_way && (asked < size || !under_way.length); asked += piece) {
      const reading = whole_piece(sftp, handle, asked);
      reading.catch(() => {});  // awaited below, unless an earlier one ends it all
      under_way.push(reading);
    }
    const bytes = await under_way.shift()!;
    if (bytes) await gathered.add(bytes);
    if (!bytes || bytes.length < piece) return gathered.put();  // the file ends here
  }
}

class Gathered {
  private parts: Uint8Array[] = [];
  private size = 0;
  private done = 0;
  constructor(private readonly place: Place, private readonly told: (done: number) => void) {}

  async add(bytes: Uint8Array): Promise<void> {
    this.parts.push(bytes);
    this.size += bytes.length;
    if (this.size >= at_once) await this.put();
  }
  // Answers how much is in its place by now.
  async put(): Promise<number> {
    const whole = new Uint8Array(this.size);
    let at = 0;
    for (const part of this.parts.splice(0)) (whole.set(part, at), (at += part.length));
    this.size = 0;
    if (whole.length) await this.place.write(whole);
    this.told((this.done += whole.length));
    return this.done;
  }
}

// A server may answer with less than was asked for although there is more: ask on.
async function whole_piece(sftp: Sftp, handle: Uint8Array, from: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const first = await sftp.read(handle, from, piece);
  if (!first || first.length === piece) return first;
  const out = new Uint8Array(piece);
  out.set(first);
  let have = first.length;
  while (have < piece) {
    const more = await sftp.read(handle, from + have, piece - have);
    if (!more) break;
    out.set(more, have);
    have += more.length;
  }
  return out.slice(0, have);
}

// Written under its own name from the first byte: the practice's record names what was asked for.
export async function upload(sftp: Sftp, file: Blob, path: string, replace: boolean, watcher: Watcher): Promise<number> {
  const handle = await sftp.open_to_write(path, replace);
  try {
    const done = await write_all(sftp, handle, file, watcher);
    await sftp.finish(handle);
    return done;
  } catch (problem) {
    await sftp.close_handle(handle);
    throw problem;
  }
}

async function write_all(sftp: Sftp, handle: Uint8Array, file: Blob, watcher: Watcher): Promise<number> {
  const writes = new Writes(sftp, handle, (done) => watcher.progress(done, file.size));
  const reader = file.stream().getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read())
      for (let at = 0; at < part.value.length; at += piece) {
        stop_when_cancelled(watcher);
        await writes.put(part.value.subarray(at, at + piece));
      }
    await writes.all();
    return writes.done;
  } finally {
    await reader.cancel().catch(() => {});
    await writes.settled();
  }
}

// Pieces on their way to the practice; the first problem is the one that is told.
class Writes {
  done = 0;
  private sent = 0;
  private under_way = 0;
  private problem: unknown = null;
  private wake: () => void = () => {};

  constructor(private readonly sftp: Sftp, private readonly handle: Uint8Array, private readonly told: (done: number) => void) {}

  async put(bytes: Uint8Array): Promise<void> {
    await this.until(() => this.under_way < most_under_way);
    if (this.problem) throw this.problem;
    this.under_way++;
    void this.sftp.write(this.handle, this.sent, bytes).then(
      () => this.told((this.done += bytes.length)),
      (why) => void (this.problem ??= why),
    ).finally(() => (this.under_way--, this.wake()));
    this.sent += bytes.length;
  }
  async all(): Promise<void> {
    await this.settled();
    if (this.problem) throw this.problem;
  }
  settled(): Promise<void> {
    return this.until(() => this.under_way === 0);
  }
  private async until(so: () => boolean): Promise<void> {
    while (!so()) await new Promise<void>((done) => (this.wake = done));
  }
}
