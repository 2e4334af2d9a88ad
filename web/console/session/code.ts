// A one-time password as it is read out on the phone: Crockford's letters in three groups of four; O is 0, I and
// L are 1, small letters, spaces and dashes do not matter. The long profile (24 signs of four kinds) is left as typed.
export const code_length = 12;
const alphabet = /^[0-9A-HJKMNP-TV-Z]$/;

export interface Heard { signs: string; strange: string }  // `strange`: signs that no such code has
export function heard(typed: string): Heard {
  const signs = [...typed.toUpperCase()].filter((s) => !/[\s\-–—·.]/.test(s)).map((s) => (s === "O" ? "0" : s === "I" || s === "L" ? "1" : s));
  return { signs: signs.filter((s) => alphabet.test(s)).join(""), strange: [...new Set(signs.filter((s) => !alphabet.test(s)))].join(" ") };
}
export const grouped = (signs: string): string => signs.replace(/(.{4})(?=.)/g, "$1-");
export const is_long = (pasted: string): boolean => pasted.trim().length >= 20 && !/\s/.test(pasted.trim());
