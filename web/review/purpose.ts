// What the reader reads for, said once a visit and sent with every look at a record, where it is written down
// (requirements B12). Kept in this tab alone.
import { Store } from "../shared/store";
import type { Purpose } from "./contract";

export interface Stated { purpose: Purpose; reference: string }
export const purposes: readonly Purpose[] = ["CONTROL", "INCIDENT", "RIGHTS_REQUEST", "AUTHORITY", "CONTRACT", "TRAINING"];
export const longest_reference = 60;

const kept = "pontlevis.review.purpose";

export function read_stated(text: string | null): Stated | null {
  try {
    const { purpose, reference } = JSON.parse(text ?? "") as Stated;
    return purposes.includes(purpose) && typeof reference === "string" && reference.length <= longest_reference ? { purpose, reference } : null;
  } catch {
    return null;
  }
}

export const stated = new Store<{ value: Stated | null }>({ value: read_stated(globalThis.sessionStorage?.getItem(kept) ?? null) });

export function state(value: Stated): void {
  sessionStorage.setItem(kept, JSON.stringify(value));
  stated.set({ value });
}

// A header holds bytes: the reference goes as the bytes of its UTF-8.
const as_bytes = (text: string): string => String.fromCharCode(...new TextEncoder().encode(text));
export const header_of = ({ purpose, reference }: Stated): string => (reference ? `${purpose} ${as_bytes(reference)}` : purpose);

const reads_records = (path: string): boolean => path.startsWith("/review/") || /^\/rights-requests\/[^/]+\/search$/.test(path);

export function purpose_header(path: string): Record<string, string> {
  const { value } = stated.get();
  return value && reads_records(path) ? { "pontlevis-purpose": header_of(value) } : {};
}
