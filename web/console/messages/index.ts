// Every sentence of the console, in both languages, by one typed key.
import { language, say, type Values } from "../../shared/i18n";
import { administration } from "./administration";
import { asking } from "./asking";
import { frame } from "./frame";
import { mine } from "./mine";
import { practices } from "./practices";
import { protects } from "./protects";
import { reporting } from "./reporting";
import { self } from "./self";
import { sign_in } from "./sign_in";
import { waiting } from "./waiting";

export const parts = { frame, sign_in, practices, asking, waiting, reporting, mine, self, administration, protects };
export const messages = { ...frame, ...sign_in, ...practices, ...asking, ...waiting, ...reporting, ...mine, ...self, ...administration, ...protects } as const;
export type Key = keyof typeof messages;

export const t = (key: Key, values?: Values): string => say(messages[key], values);

type Bases<K> = K extends `${infer Base}_other` ? (`${Base}_one` extends Key ? Base : never) : never;
type Counted = Bases<Key>;
// One or several; French counts 0 and 1 alike.
export function tn(base: Counted, n: number, values: Values = {}): string {
  const one = n === 1 || (n === 0 && language() === "fr");
  return t(`${base}_${one ? "one" : "other"}` as Key, { n, ...values });
}
