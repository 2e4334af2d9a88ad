// What in a text may name a patient. A NIR is certain (the gateway refuses it); the others are a question to
// the writer, who may go on: "M. Imprimante" is a joke, not a patient.
import { holds_keyless_nir, holds_nir } from "./nir";

export type Suspicion = "nir" | "nir_keyless" | "birth" | "named" | "phone" | "mail";

const birth = /\b(n[ée]+e? le|ddn|date de naissance|born( on)?|dob)\b/i;
const named = /\b(M\.|Mme|Mlle|Mr|Mrs|Ms|Monsieur|Madame|patiente?)[ \u00a0]+(M\.|Mme|Mr|Mrs)?[ \u00a0]*\p{Lu}[\p{L}'-]+/u;
const phone = /(?<![\d.])(?:\+33[ .]?|0)[1-9](?:[ .-]?\d{2}){4}(?!\d)/;
const mail = /[\w.+-]+@[\w-]+\.[\w.-]+/;

export function suspicions(text: string): Suspicion[] {
  const found: Suspicion[] = [];
  if (holds_nir(text)) found.push("nir");
  else if (holds_keyless_nir(text)) found.push("nir_keyless");
  if (birth.test(text)) found.push("birth");
  if (named.test(text)) found.push("named");
  if (phone.test(text)) found.push("phone");
  if (mail.test(text)) found.push("mail");
  return found;
}

// The gateway counts bytes; an accent takes two.
export const bytes_of = (text: string): number => new TextEncoder().encode(text).length;
