// SSH's data types (RFC 4251 §5), both ways. The reader is for bytes of others: it never reads past its end,
// never makes anything longer than what is there, and `end()` refuses what is left over.
import { Trouble } from "./errors";

const encoder = new TextEncoder();
const strict_decoder = new TextDecoder("utf-8", { fatal: true });
const lenient_decoder = new TextDecoder("utf-8");

export const utf8 = (text: string): Uint8Array => encoder.encode(text);

export class Reader {
  private at = 0;
  private readonly view: DataView;
  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.bytes.length - this.at;
  }
  byte(): number {
    return this.view.getUint8(this.skip(1));
  }
  yes(): boolean {
    return this.byte() !== 0;
  }
  u32(): number {
    return this.view.getUint32(this.skip(4));
  }
  // Sizes and times beyond 2^53 are nobody's: refused rather than rounded.
  u64(): number {
    const value = this.view.getBigUint64(this.skip(8));
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new Trouble("bad_answer", "a number too large");
    return Number(value);
  }
  // A view, not a copy.
  string(most = 1 << 20): Uint8Array {
    const length = this.u32();
    if (length > most || length > this.left) throw new Trouble("bad_answer", "a length beyond its packet");
    const from = this.skip(length);
    return this.bytes.subarray(from, from + length);
  }
  text(most = 65_536): string {
    try {
      return strict_decoder.decode(this.string(most));
    } catch (problem) {
      throw problem instanceof Trouble ? problem : new Trouble("bad_answer", "text that is not UTF-8");
    }
  }
  // Names of files may be in any encoding: what is not UTF-8 shows as a replacement sign.
  any_text(most = 65_536): string {
    return lenient_decoder.decode(this.string(most));
  }
  end(): void {
    if (this.left) throw new Trouble("bad_answer", "bytes behind the end of an answer");
  }
  private skip(count: number): number {
    if (count > this.left) throw new Trouble("bad_answer", "an answer that ends too early");
    this.at += count;
    return this.at - count;
  }
}

export class Writer {
  private readonly parts: Uint8Array[] = [];
  private size = 0;

  byte(value: number): this {
    return this.raw(Uint8Array.of(value));
  }
  yes(value: boolean): this {
    return this.byte(value ? 1 : 0);
  }
  u32(value: number): this {
    return this.raw(Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value));
  }
  u64(value: number): this {
    return this.u32(Math.floor(value / 2 ** 32)).u32(value >>> 0);
  }
  string(value: Uint8Array | string): this {
    const bytes = typeof value === "string" ? utf8(value) : value;
    return this.u32(bytes.length).raw(bytes);
  }
  // A positive number, big end first, as SSH wants it: no leading zeros but the one that keeps it positive.
  mpint(value: Uint8Array): this {
    let from = 0;
    while (from < value.length && value[from] === 0) from++;
    const bytes = value.subarray(from);
    return bytes.length && bytes[0]! & 0x80 ? this.u32(bytes.length + 1).byte(0).raw(bytes) : this.string(bytes);
  }
  raw(bytes: Uint8Array): this {
    this.parts.push(bytes);
    this.size += bytes.length;
    return this;
  }
  bytes(): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(this.size);
    let at = 0;
    for (const part of this.parts) (out.set(part, at), (at += part.length));
    return out;
  }
}

export function to_base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
export function from_base64(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4) return null;
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}
export const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);
