// Checks records in front of the reader, with the browser's own cryptography: docs/record-format.md.
// disclosures → digests → body → entry → leaf → path → root → the log's signature. No trust in whoever
// sent them, beyond the log's public key. What the browser cannot do is said, never passed over.
export interface EvidenceRecord {
  index: number;
  entry: string;
  disclosures: string[];
  proof: string[];
}
export interface Evidence {
  log_key: string;
  checkpoint: string;
  records: EvidenceRecord[];
  cosigned_by?: string[];
}
export interface Checkpoint {
  origin: string;
  size: number;
  root: Uint8Array;
  text: string;
  signatures: { name: string; bytes: Uint8Array }[];
}
export interface VerifierKey {
  name: string;
  hash: Uint8Array;
  key: Uint8Array;
}
export type Verdict = "ok" | "wrong" | "impossible";
export interface RecordCheck {
  index: number;
  type: string;
  time: string;
  disclosures: Verdict;  // the values give the digests of the entry
  inclusion: Verdict;    // the entry stands in the tree of the checkpoint
  shown: Verdict;        // what the page shows is what was proved
  closed: number;        // fields that were destroyed by rule
}
export interface Checked {
  signature: Verdict;
  records: RecordCheck[];
  verdict: Verdict;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });
type Bytes = Uint8Array<ArrayBuffer>;

export function from_base64(text: string): Bytes {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) throw new Error("not base64");
  const raw = atob(text);
  const out = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) out[i] = raw.charCodeAt(i);
  if (to_base64(out) !== text) throw new Error("not canonical base64");
  return out;
}
export function to_base64(data: Uint8Array): string {
  let raw = "";
  for (const byte of data) raw += String.fromCharCode(byte);
  return btoa(raw);
}
export const to_base64url = (data: Uint8Array): string => to_base64(data).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
export function from_base64url(text: string): Bytes {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw new Error("not base64url");
  const plain = text.replace(/-/g, "+").replace(/_/g, "/");
  return from_base64(plain + "=".repeat((4 - (plain.length % 4)) % 4));
}
export const to_hex = (data: Uint8Array): string => [...data].map((b) => b.toString(16).padStart(2, "0")).join("");
export const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);

function join(...parts: (Uint8Array | number[])[]): Bytes {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) out.set(part, at), (at += part.length);
  return out;
}

export async function sha256(data: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
}

// ---- field, record, entry ----
const closed_mark = "sha256:";

export async function digest_of(line: string): Promise<string> {
  if (line.startsWith(closed_mark)) {
    const digest = line.slice(closed_mark.length);
    if (from_base64url(digest).length !== 32) throw new Error("a closed field without a digest");
    return digest;
  }
  return to_base64url(await sha256(encoder.encode(line)));
}

// The name and value of a field, or null when it was destroyed.
export function open_field(line: string): { name: string; value: unknown } | null {
  if (line.startsWith(closed_mark)) return null;
  const json: unknown = JSON.parse(decoder.decode(from_base64url(line)));
  if (!Array.isArray(json) || json.length !== 3 || typeof json[0] !== "string" || json[0].length !== 22 || typeof json[1] !== "string")
    throw new Error("not a disclosure");
  return { name: json[1], value: json[2] };
}

export async function entry_of(disclosures: string[], entry_class = 1): Promise<Bytes> {
  const digests = await Promise.all(disclosures.map(digest_of));
  const body = "pontlevis-record-v1\n" + digests.map((d) => d + "\n").join("");
  return join([1, entry_class], await sha256(encoder.encode(body)));
}

// ---- tree (RFC 6962, RFC 9162 §2.1.3.2) ----
export const leaf_hash = (entry: Uint8Array): Promise<Bytes> => sha256(join([0], entry));
export const node_hash = (left: Uint8Array, right: Uint8Array): Promise<Bytes> => sha256(join([1], left, right));

export async function root_from_proof(index: number, size: number, leaf: Uint8Array, proof: Uint8Array[]): Promise<Uint8Array | null> {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return null;
  let [fn, sn, root] = [index, size - 1, leaf];
  for (const hash of proof) {
    if (sn === 0) return null;
    if (fn % 2 === 1 || fn === sn) {
      root = await node_hash(hash, root);
      while (fn % 2 === 0 && fn !== 0) (fn = Math.floor(fn / 2)), (sn = Math.floor(sn / 2));
    } else {
      root = await node_hash(root, hash);
    }
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  return sn === 0 ? root : null;
}

// ---- checkpoint (C2SP signed-note, tlog-checkpoint) ----
export function read_checkpoint(note: string): Checkpoint {
  const split = note.lastIndexOf("\n\n");
  if (split < 0 || !note.endsWith("\n")) throw new Error("not a signed note");
  const text = note.slice(0, split + 1);
  const lines = text.split("\n");
  if (!lines[0] || !/^(0|[1-9][0-9]{0,15})$/.test(lines[1] ?? "") || lines[2] === undefined) throw new Error("not a checkpoint");
  const root = from_base64(lines[2]);
  if (root.length !== 32) throw new Error("a root of another length");
  const signatures = note.slice(split + 2).split("\n").filter((line) => line !== "").map((line) => {
    const parts = /^— (\S+) (\S+)$/.exec(line);
    if (!parts) throw new Error("not a signature line");
    return { name: parts[1]!, bytes: from_base64(parts[2]!) as Uint8Array };
  });
  return { origin: lines[0], size: Number(lines[1]), root, text, signatures };
}

export function read_key(vkey: string): VerifierKey {
  const parts = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(vkey.trim());
  if (!parts) throw new Error("not a verifier key");
  const data = from_base64(parts[3]!);
  if (data.length !== 33 || data[0] !== 1) throw new Error("not an Ed25519 verifier key");
  const hash = Uint8Array.from(parts[2]!.match(/../g)!.map((h) => parseInt(h, 16)));
  return { name: parts[1]!, hash, key: data.slice(1) };
}

async function verify_ed25519(key: Uint8Array, signature: Uint8Array, text: Uint8Array): Promise<Verdict> {
  try {
    const imported = await crypto.subtle.importKey("raw", join(key), { name: "Ed25519" }, false, ["verify"]);
    return (await crypto.subtle.verify({ name: "Ed25519" }, imported, join(signature), join(text))) ? "ok" : "wrong";
  } catch {
    return "impossible";  // a browser without Ed25519
  }
}

export async function check_signature(checkpoint: Checkpoint, key: VerifierKey): Promise<Verdict> {
  if (checkpoint.origin !== key.name) return "wrong";
  const id = (await sha256(join(encoder.encode(key.name + "\n"), [1], key.key))).slice(0, 4);
  if (!same(id, key.hash)) return "wrong";
  const line = checkpoint.signatures.find((s) => s.name === key.name && same(s.bytes.slice(0, 4), key.hash));
  if (!line || line.bytes.length !== 68) return "wrong";
  return verify_ed25519(key.key, line.bytes.slice(4), encoder.encode(checkpoint.text));
}

// ---- everything together ----
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object")
    return `{${Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => JSON.stringify(k) + ":" + canonical(v)).join(",")}}`;
  return JSON.stringify(value);
}

// Every member that the page shows must be what a disclosure says.
export function shows_what_was_proved(opened: Map<string, unknown>, shown: Record<string, unknown>): boolean {
  return Object.entries(shown).every(([name, value]) => (opened.has(name) ? canonical(opened.get(name)) === canonical(value) : value === null));
}

async function check_record(record: EvidenceRecord, checkpoint: Checkpoint, shown: Record<string, unknown> | undefined): Promise<RecordCheck> {
  const out: RecordCheck = { index: record.index, type: "", time: "", disclosures: "wrong", inclusion: "wrong", shown: "wrong", closed: 0 };
  try {
    const entry = from_base64(record.entry);
    const opened = new Map<string, unknown>();
    for (const line of record.disclosures) {
      const field = open_field(line);
      if (field && opened.has(field.name)) throw new Error("a field stands twice");
      if (field) opened.set(field.name, field.value);
      else out.closed++;
    }
    out.type = String(opened.get("type") ?? "");
    out.time = String(opened.get("time") ?? "");
    const known_class = entry.length === 34 && entry[0] === 1 && entry[1]! >= 1 && entry[1]! <= 4;
    if (known_class && same(await entry_of(record.disclosures, entry[1]), entry)) out.disclosures = "ok";
    const root = await root_from_proof(record.index, checkpoint.size, await leaf_hash(entry), record.proof.map(from_base64));
    if (root && same(root, checkpoint.root)) out.inclusion = "ok";
    if (shown && shows_what_was_proved(opened, shown)) out.shown = "ok";
  } catch {
    // what cannot be read stays "wrong"
  }
  return out;
}

export function verdict_of(parts: Verdict[]): Verdict {
  return parts.includes("wrong") ? "wrong" : parts.includes("impossible") ? "impossible" : "ok";
}

// `shown`: the fields the page displays, by index. `tell` is called after each step, for the reader's eyes.
export async function check_evidence(
  evidence: Evidence, shown: { index: number; fields: Record<string, unknown> }[],
  tell: (so_far: Checked) => void | Promise<void> = () => {},
): Promise<Checked> {
  const out: Checked = { signature: "wrong", records: [], verdict: "wrong" };
  let checkpoint: Checkpoint;
  try {
    checkpoint = read_checkpoint(evidence.checkpoint);
    out.signature = await check_signature(checkpoint, read_key(evidence.log_key));
  } catch {
    await tell(out);
    return out;
  }
  await tell(out);
  const fields = new Map(shown.map((record) => [record.index, record.fields]));
  for (const record of evidence.records) {
    out.records.push(await check_record(record, checkpoint, fields.get(record.index)));
    await tell(out);
  }
  const all_shown = shown.every((record) => evidence.records.some((r) => r.index === record.index));
  const parts = out.records.flatMap((r) => [r.disclosures, r.inclusion, r.shown]);
  out.verdict = evidence.records.length && all_shown ? verdict_of([out.signature, ...parts]) : "wrong";
  return out;
}
