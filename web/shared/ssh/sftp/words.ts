// SFTP version 3 (draft-ietf-secsh-filexfer-02), the answers of a server, strictly: every length is bounded by
// its packet, nothing may be left over, and a kind of answer that does not belong is an error.
import { Reader, Writer } from "../bytes";
import { harmless, Trouble } from "../errors";

export const ask = { init: 1, open: 3, close: 4, read: 5, write: 6, lstat: 7, opendir: 11, readdir: 12, remove: 13, mkdir: 14, rmdir: 15, realpath: 16, stat: 17, rename: 18 } as const;
export const answer = { version: 2, status: 101, handle: 102, data: 103, name: 104, attrs: 105 } as const;
export const open_flags = { read: 1, write: 2, create: 8, truncate: 16, exclusive: 32 } as const;

export const most_packet = 256 * 1024;  // as OpenSSH has it
const most_handle = 256;
const most_names = 10_000;

export type FileTrouble =
  | "not_found" | "permission" | "failure" | "bad_message" | "no_connection" | "connection_lost" | "unsupported" | "ended" | "unknown";
const codes: Record<number, FileTrouble> = {
  1: "ended", 2: "not_found", 3: "permission", 4: "failure", 5: "bad_message", 6: "no_connection", 7: "connection_lost", 8: "unsupported",
};
export class FileError extends Error {
  override readonly name = "FileError";
  constructor(readonly why: FileTrouble, readonly detail: string) {
    super(detail ? `${why}: ${detail}` : why);
  }
}

export interface Attributes { size: number | null; permissions: number | null; modified: number | null }
export interface Entry { name: string; attributes: Attributes }
export type Answer =
  | { kind: "status"; id: number; error: FileError | null }
  | { kind: "handle"; id: number; handle: Uint8Array }
  | { kind: "data"; id: number; data: Uint8Array }
  | { kind: "names"; id: number; names: Entry[] }
  | { kind: "attributes"; id: number; attributes: Attributes };

// `packet`: behind its length.
export function read_answer(packet: Uint8Array): Answer {
  const reader = new Reader(packet);
  const type = reader.byte();
  const id = reader.u32();
  const out = body_of(type, id, reader);
  reader.end();
  return out;
}

function body_of(type: number, id: number, reader: Reader): Answer {
  switch (type) {
    case answer.status: return { kind: "status", id, error: read_status(reader) };
    case answer.handle: return { kind: "handle", id, handle: Uint8Array.from(reader.string(most_handle)) };
    case answer.data: return { kind: "data", id, data: reader.string(most_packet) };
    case answer.name: return { kind: "names", id, names: read_names(reader) };
    case answer.attrs: return { kind: "attributes", id, attributes: read_attributes(reader) };
    default: throw new Trouble("bad_answer", `an SFTP answer of type ${type}`);
  }
}

function read_status(reader: Reader): FileError | null {
  const code = reader.u32();
  const words = reader.left ? reader.any_text() : "";  // some servers stop here
  if (reader.left) reader.string(256);
  return code === 0 ? null : new FileError(codes[code] ?? "unknown", harmless(words));
}

function read_names(reader: Reader): Entry[] {
  const count = reader.u32();
  if (count > most_names) throw new Trouble("bad_answer", "too many names in one answer");
  return Array.from({ length: count }, () => {
    const name = reader.any_text(4096);
    reader.string();  // the long form, for people of another time
    return { name, attributes: read_attributes(reader) };
  });
}

function read_attributes(reader: Reader): Attributes {
  const flags = reader.u32();
  const size = flags & 1 ? reader.u64() : null;
  if (flags & 2) (reader.u32(), reader.u32());
  const permissions = flags & 4 ? reader.u32() : null;
  let modified: number | null = null;
  if (flags & 8) (reader.u32(), (modified = reader.u32() * 1000));
  if (flags & 0x8000_0000) skip_extensions(reader);
  if (flags & 0x7fff_fff0) throw new Trouble("bad_answer", "unknown attributes");
  return { size, permissions, modified };
}
function skip_extensions(reader: Reader): void {
  const count = reader.u32();
  if (count > 64) throw new Trouble("bad_answer", "too many extensions");
  for (let i = 0; i < count; i++) (reader.string(), reader.string());
}

export const is_folder = (a: Attributes): boolean => a.permissions !== null && (a.permissions & 0o170000) === 0o040000;
export const is_file = (a: Attributes): boolean => a.permissions === null || (a.permissions & 0o170000) === 0o100000;
export const is_link = (a: Attributes): boolean => a.permissions !== null && (a.permissions & 0o170000) === 0o120000;

// A request with its length in front.
export function packet(type: number, id: number | null, body: Writer): Uint8Array<ArrayBuffer> {
  const inside = body.bytes();
  const head = new Writer().u32(inside.length + (id === null ? 1 : 5)).byte(type);
  if (id !== null) head.u32(id);
  return head.raw(inside).bytes();
}
export const no_attributes = (writer: Writer): Writer => writer.u32(0);

// Cuts a stream into packets; what is longer than any packet may be is an error at once.
export class Cutter {
  private held = new Uint8Array(64 * 1024);
  private from = 0;
  private to = 0;

  push(bytes: Uint8Array): void {
    this.make_room(bytes.length);
    this.held.set(bytes, this.to);
    this.to += bytes.length;
  }
  // A view that the next push may overwrite.
  next(): Uint8Array | null {
    const have = this.to - this.from;
    if (have < 4) return null;
    const length = new DataView(this.held.buffer, this.from, 4).getUint32(0);
    if (length < 1 || length > most_packet) throw new Trouble("bad_answer", "an SFTP packet of impossible length");
    if (have < 4 + length) return null;
    const out = this.held.subarray(this.from + 4, this.from + 4 + length);
    this.from += 4 + length;
    return out;
  }
  private make_room(count: number): void {
    if (this.to + count <= this.held.length) return;
    const rest = this.held.subarray(this.from, this.to);
    const size = Math.max(this.held.length, rest.length + count);
    const into = size > this.held.length ? new Uint8Array(size + 32 * 1024) : this.held;
    if (into === this.held) this.held.copyWithin(0, this.from, this.to);
    else into.set(rest);
    [this.held, this.to, this.from] = [into, rest.length, 0];
  }
}
