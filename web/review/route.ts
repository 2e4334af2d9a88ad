// Where the reader is: #/interventions?practice=x → parts and a query. Filters live in the address, so that a
// search can be sent to a colleague.
import { useEffect, useState } from "preact/hooks";

export interface Route { parts: string[]; query: URLSearchParams }

export function read_route(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split(/\?(.*)/s);
  try {
    return { parts: path.split("/").filter(Boolean).map(decodeURIComponent), query: new URLSearchParams(query) };
  } catch {
    return { parts: ["?"], query: new URLSearchParams() };  // not an address of this page
  }
}

export function useRoute(): Route {
  const [hash, set_hash] = useState(location.hash);
  useEffect(() => {
    const changed = () => set_hash(location.hash);
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return read_route(hash);
}

export type Values = Record<string, string | number | null | undefined>;

// Members without a value are left out.
export function query_of(values: Values): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value !== null && value !== undefined && value !== "") query.set(name, String(value));
  const text = query.toString();
  return text && `?${text}`;
}
export const address = (parts: string[], values: Values = {}): string => `#/${parts.map(encodeURIComponent).join("/")}${query_of(values)}`;
export const go = (parts: string[], values: Values = {}): void => void (location.hash = address(parts, values));
