// A passkey's authenticator in a few lines: ES256, attestation "none", as WebAuthn Level 3 writes them.
import { createHash, createSign, generateKeyPairSync, randomBytes } from "node:crypto";
import { origin } from "./client.mjs";

const sha256 = (data) => createHash("sha256").update(data).digest();
const url64 = (data) => Buffer.from(data).toString("base64url");

function cbor(value) {
  const head = (kind, n) => (n < 24 ? Buffer.from([(kind << 5) | n]) : n < 256 ? Buffer.from([(kind << 5) | 24, n]) : Buffer.from([(kind << 5) | 25, n >> 8, n & 255]));
  if (typeof value === "number") return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === "string") return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  return Buffer.concat([head(5, value.size), ...[...value].flatMap(([k, v]) => [cbor(k), cbor(v)])]);
}

export class Authenticator {
  constructor() {
    this.keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
    this.id = randomBytes(16);
    this.count = 0;
  }
  #data(rp, more = []) {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(++this.count);
    return Buffer.concat([sha256(rp), Buffer.from([more.length ? 0x45 : 0x05]), count, ...more]);
  }
  #client(type, challenge) {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  }
  #said(response) {
    return { id: url64(this.id), rawId: url64(this.id), type: "public-key", clientExtensionResults: {}, response };
  }
  register({ options }) {
    const { x, y } = this.keys.publicKey.export({ format: "jwk" });
    const key = new Map([[1, 2], [3, -7], [-1, 1], [-2, Buffer.from(x, "base64url")], [-3, Buffer.from(y, "base64url")]]);
    const data = this.#data(options.rp.id, [Buffer.alloc(16), Buffer.from([0, this.id.length]), this.id, cbor(key)]);
    return this.#said({ clientDataJSON: url64(this.#client("webauthn.create", options.challenge)),
                        attestationObject: url64(cbor(new Map([["fmt", "none"], ["attStmt", new Map()], ["authData", data]]))) });
  }
  answer({ options }) {
    const data = this.#data(options.rpId), client = this.#client("webauthn.get", options.challenge);
    const signature = createSign("sha256").update(data).update(sha256(client)).sign(this.keys.privateKey);
    return this.#said({ clientDataJSON: url64(client), authenticatorData: url64(data), signature: url64(signature) });
  }
}
