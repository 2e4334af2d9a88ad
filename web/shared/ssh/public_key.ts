// Public keys as OpenSSH writes them, of the one kind that both ends of a browser's connection use: ECDSA P-256.
// And the words that stand for a practice's host keys, as protocol/host_words.cpp makes them.
import { from_base64, Reader, to_base64, utf8, Writer } from "./bytes";

export const p256 = "ecdsa-sha2-nistp256";

// RFC 5656 §3.1; null for any other kind of key and any other form of this one.
export function is_p256_blob(blob: Uint8Array): boolean {
  try {
    const reader = new Reader(blob);
    const whole = reader.text(64) === p256 && reader.text(64) === "nistp256" && is_point(reader.string(65));
    reader.end();
    return whole;
  } catch {
    return false;
  }
}
const is_point = (q: Uint8Array): boolean => q.length === 65 && q[0] === 4;

export const p256_blob = (point: Uint8Array): Uint8Array<ArrayBuffer> => new Writer().string(p256).string("nistp256").string(point).bytes();

// The key of a line `ecdsa-sha2-nistp256 AAAA… comment`; null when it is not such a line.
export function p256_of_line(line: string): Uint8Array<ArrayBuffer> | null {
  const [kind, body] = line.trim().split(/\s+/);
  const blob = kind === p256 && body ? from_base64(body) : null;
  return blob && is_p256_blob(blob) ? blob : null;
}
export const line_of = (blob: Uint8Array, comment: string): string => `${p256} ${to_base64(blob)} ${comment}`.trim();

export async function sha256(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as BufferSource));
}
export async function fingerprint(blob: Uint8Array): Promise<string> {
  return `SHA256:${to_base64(await sha256(blob)).replace(/=+$/, "")}`;
}

// The fingerprint of any OpenSSH line, whatever its kind.
export async function fingerprint_of_line(line: string): Promise<string | null> {
  const blob = from_base64(line.trim().split(/\s+/)[1] ?? "");
  return blob?.length ? fingerprint(blob) : null;
}

export function proquint(value: number): string {
  const [consonants, vowels] = ["bdfghjklmnprstvz", "aiou"];
  const sign = (letters: string, shift: number) => letters[(value >> shift) & (letters.length - 1)]!;
  return sign(consonants, 12) + sign(vowels, 10) + sign(consonants, 6) + sign(vowels, 4) + sign(consonants, 0);
}

// Four words for all host keys of a practice, in any order, computed here and never taken from the gateway.
export async function host_words(fingerprints: string[]): Promise<string[]> {
  const text = "pontlevis-host-words-v1\n" + [...fingerprints].sort().map((print) => `${print}\n`).join("");
  const digest = await sha256(utf8(text));
  return [0, 2, 4, 6].map((i) => proquint((digest[i]! << 8) | digest[i + 1]!));
}
