// The proof of one intervention as this page asks for it: what is shown, held against what is proved.
import { check_evidence, type Checked, type Evidence, read_checkpoint, type Verdict, verdict_of } from "../shared/verify";
import type { Field, LogRecord } from "./contract";
import { compare, remember, type Shelf, type Told } from "./trust";

// A value that is kept from view cannot be compared with what it shows; one that is gone must be gone in the proof too.
const compared = (f: Field): boolean => f.state !== "QUARANTINED";
const shown_value = (f: Field): unknown => (f.state === "OPEN" ? f.value : null);
const shows_something = (r: LogRecord): boolean => r.fields.some((f) => f.state === "OPEN" || f.state === "QUARANTINED");

type Shown = { index: number; fields: Record<string, unknown> };
export const shown_of = (records: LogRecord[]): Shown[] => records.map((r) => ({ index: r.index, fields: Object.fromEntries(r.fields.filter(compared).map((f) => [f.name, shown_value(f)])) }));

// What was written after the newest signed state cannot be proved yet. It is never passed over in silence.
function sealed(records: LogRecord[], size: number): LogRecord[] {
  return records.filter((r) => r.index < size);
}

// A record of which nothing is left says nothing that could be wrong.
const says_something = (records: LogRecord[], evidence: Evidence): LogRecord[] => records.filter((r) => shows_something(r) || evidence.records.some((e) => e.index === r.index));

export interface Outcome { checked: Checked; trust: Told; pending: number; verdict: Verdict | "pending" }
const unknown: Told = { trust: "first", since: "" };

function read_evidence(shelf: Shelf, evidence: Evidence): { trust: Told; size: number } {
  try {
    return { trust: compare(shelf, evidence.log_key, evidence.checkpoint), size: read_checkpoint(evidence.checkpoint).size };
  } catch {
    return { trust: unknown, size: Number.MAX_SAFE_INTEGER };  // what cannot be read fails in the verifier
  }
}

export async function check(shelf: Shelf, evidence: Evidence, records: LogRecord[], tell: (so_far: Checked) => void | Promise<void> = () => {}): Promise<Outcome> {
  const { trust, size } = read_evidence(shelf, evidence);
  const provable = sealed(records, size);
  const shown = shown_of(says_something(provable, evidence));
  const on_page = new Set(shown.map((s) => s.index));
  // Written since the page was shown: proved, but not what the reader sees.
  const asked = { ...evidence, records: evidence.records.filter((r) => on_page.has(r.index)) };
  const checked = await check_evidence(asked, shown, tell);
  const known: Verdict = trust.trust === "other_key" || trust.trust === "split" ? "wrong" : "ok";
  const proved = verdict_of([checked.verdict, known]);
  if (proved === "ok") remember(shelf, evidence.log_key, evidence.checkpoint, new Date().toISOString());
  const pending = records.length - provable.length;
  return { checked, trust, pending, verdict: proved === "ok" && pending ? "pending" : proved };
}
