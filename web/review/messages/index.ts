// Every sentence of the review, in both languages, by one typed key; the console's own among them, since its parts
// are used here (sign-in in place, proof of presence, errors).
import { language, say, type Values } from "../../shared/i18n";
import { messages as console_messages } from "../../console/messages/index";
import { book } from "./book";
import { review_frame } from "./frame";
import { keeping } from "./keeping";
import { one } from "./one";
import { registers } from "./registers";

export const parts = { review_frame, book, one, keeping, registers };
export const messages = { ...review_frame, ...book, ...one, ...keeping, ...registers } as const;
const all = { ...console_messages, ...messages } as const;
export type Key = keyof typeof all;

export const t = (key: Key, values?: Values): string => say(all[key], values);

type Bases<K> = K extends `${infer Base}_other` ? (`${Base}_one` extends Key ? Base : never) : never;
// One or several; French counts 0 and 1 alike.
export function tn(base: Bases<Key>, n: number, values: Values = {}): string {
  const one_of = n === 1 || (n === 0 && language() === "fr");
  return t(`${base}_${one_of ? "one" : "other"}` as Key, { n, ...values });
}
