// The log's key as this browser knew it before: a gateway that shows another key, or two roots of one size, is
// noticed here without trusting it. Kept in this browser; nothing personal. docs/review-page.md §4.
import { read_checkpoint, to_base64 } from "../shared/verify";

export interface Known { key: string; since: string; size: number; root: string }
// another_log: this browser knew the log of this gateway under another name (a restore begins a new one).
export type Trust = "first" | "another_log" | "same" | "other_key" | "split";
export interface Shelf { getItem(key: string): string | null; setItem(key: string, value: string): void }

const prefix = "pontlevis.review.log.";

function read(shelf: Shelf, origin: string): Known | null {
  try {
    const known = JSON.parse(shelf.getItem(prefix + origin) ?? "") as Known;
    return typeof known.key === "string" && typeof known.since === "string" && typeof known.size === "number" && typeof known.root === "string" ? known : null;
  } catch {
    return null;
  }
}

const all = "pontlevis.review.logs";
function origins(shelf: Shelf): string[] {
  try {
    const list: unknown = JSON.parse(shelf.getItem(all) ?? "");
    return Array.isArray(list) ? list.filter((o): o is string => typeof o === "string") : [];
  } catch {
    return [];
  }
}

export interface Told { trust: Trust; since: string }

// Compares, and looks at nothing else: whether the signature holds is the verifier's to say.
export function compare(shelf: Shelf, key: string, checkpoint: string): Told {
  const { origin, size, root } = read_checkpoint(checkpoint);
  const known = read(shelf, origin);
  if (!known) return { trust: origins(shelf).length ? "another_log" : "first", since: "" };
  if (known.key !== key) return { trust: "other_key", since: known.since };
  return { trust: known.size === size && known.root !== to_base64(root) ? "split" : "same", since: known.since };
}

// REQUIRES: the checkpoint's signature was verified with `key`. What is known is never replaced by another key,
// nor by a smaller log.
export function remember(shelf: Shelf, key: string, checkpoint: string, now: string): void {
  const { origin, size, root } = read_checkpoint(checkpoint);
  const known = read(shelf, origin);
  if (known && (known.key !== key || known.size >= size)) return;
  try {
    shelf.setItem(prefix + origin, JSON.stringify({ key, since: known?.since ?? now, size, root: to_base64(root) } satisfies Known));
    if (!origins(shelf).includes(origin)) shelf.setItem(all, JSON.stringify([...origins(shelf), origin]));
  } catch {
    // a browser that keeps nothing compares nothing
  }
}
