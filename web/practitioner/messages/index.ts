// Every sentence of the page, in both languages, by one typed key.
import { say, type Values } from "../../shared/i18n";
import { after } from "./after";
import { deciding } from "./deciding";
import { frame } from "./frame";
import { people } from "./people";
import { planned } from "./planned";
import { watching } from "./watching";

export const messages = { ...frame, ...deciding, ...watching, ...after, ...people, ...planned } as const;
export type Key = keyof typeof messages;

export const t = (key: Key, values?: Values): string => say(messages[key], values);

type Counted = Key extends infer K ? (K extends `${infer Base}_one` ? Base : never) : never;
// One or several; French counts 0 and 1 alike.
export function tn(base: Counted, n: number, values: Values = {}): string {
  const one = n === 1 || (n === 0 && document.documentElement.lang === "fr");
  return t(`${base}_${one ? "one" : "other"}` as Key, { n, ...values });
}
