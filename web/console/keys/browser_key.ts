// This browser's own key: ECDSA P-256, made here and not extractable, so that no script, no backup and no other
// browser can take it along. What leaves is its public line, for the staff card.
import { Writer } from "../../shared/ssh/bytes";
import { fingerprint, line_of, p256, p256_blob } from "../../shared/ssh/public_key";
import type { ClientKey } from "../../shared/ssh/sign_in";

const kind = { name: "ECDSA", namedCurve: "P-256" } as const;

export class BrowserKey implements ClientKey {
  private constructor(private readonly hidden: CryptoKey, readonly blob: Uint8Array, readonly fingerprint: string, readonly line: string, readonly made_at: string) {}

  static async make(): Promise<CryptoKeyPair> {
    return crypto.subtle.generateKey(kind, false, ["sign", "verify"]);
  }
  static async of(pair: CryptoKeyPair, comment: string, made_at: string): Promise<BrowserKey> {
    const blob = p256_blob(new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)));
    return new BrowserKey(pair.privateKey, blob, await fingerprint(blob), line_of(blob, comment), made_at);
  }

  // RFC 5656 §3.1.2: WebCrypto gives r and s at fixed length, SSH wants them as numbers.
  async sign(bytes: Uint8Array): Promise<Uint8Array> {
    const both = new Uint8Array(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, this.hidden, bytes as BufferSource));
    const numbers = new Writer().mpint(both.subarray(0, 32)).mpint(both.subarray(32)).bytes();
    return new Writer().string(p256).string(numbers).bytes();
  }
}
