// The proof of one intervention as this page asks for it: what is shown, held against what is proved.
import { check_evidence, type Checked, type Evidence, type Verdict, verdict_of } from "../shared/verify";
import type { Field, LogRecord } from "./contract";
import { compare, remember, type Shelf, type Told } from "./trust";

// A value that is kept from view cannot be compared with what it shows; one that is gone must be gone in the proof too.
const compared = (f: Field): boolean => f.state !== "QUARANTINED";
const shown_value = (f: Field): unknown => (f.state === "OPEN" ? f.value : null);

export const shown_of = (records: LogRecord[]): { index: number; fields: Record<string, unknown> }[] =>
  records.map((r) => ({ index: r.index, fields: Object.fromEntries(r.fields.filter(compared).map((f) => [f.name, shown_value(f)])) }));

export interface Outcome { checked: Checked; trust: Told; verdict: Verdict }
const unknown: Told = { trust: "first", since: "" };

function trust_of(shelf: Shelf, evidence: Evidence): Told {
  try {
    return compare(shelf, evidence.log_key, evidence.checkpoint);
  } catch {
    return unknown;  // what cannot be read fails in the verifier
  }
}

export async function check(shelf: Shelf, evidence: Evidence, records: LogRecord[], tell: (so_far: Checked) => void | Promise<void> = () => {}): Promise<Outcome> {
  const trust = trust_of(shelf, evidence);
  const checked = await check_evidence(evidence, shown_of(records), tell);
  const known: Verdict = trust.trust === "other_key" || trust.trust === "split" ? "wrong" : "ok";
  const verdict = verdict_of([checked.verdict, known]);
  if (verdict === "ok") remember(shelf, evidence.log_key, evidence.checkpoint, new Date().toISOString());
  return { checked, trust, verdict };
}
