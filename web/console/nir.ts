// Finds a French social-security number (NIR) in free text, as gateway/nir.cpp does: 13 characters and a key
// modulo 97, with or without spaces, dots or dashes, Corsica (2A, 2B) included. The gateway refuses such a
// text; the page says so before it is sent. It also finds one written without its key.
const separator = /[ .\-\n\u00a0\u202f]/;
const digit = /[0-9]/;

function characters_from(text: string, start: number, wanted: number): string | null {
  let found = "";
  let at = start;
  for (; at < text.length && found.length < wanted; at++) {
    const c = text[at]!;
    if (separator.test(c)) continue;
    const corsica = found.length === 6 && found[5] === "2" && /[ABab]/.test(c);
    if (!digit.test(c) && !corsica) return null;
    found += c;
  }
  return found.length === wanted && !digit.test(text[at] ?? "") ? found : null;
}

// 2A counts as 19 and 2B as 18, as INSEE computes the key.
function as_number(thirteen: string): number {
  return Number(thirteen.replace(/2[Aa]/, "19").replace(/2[Bb]/, "18"));
}

const known_first = (found: string): boolean => "123478".includes(found[0]!);
// Month 01–12, or a code given when it is not known (20, 30–42): without a key, this keeps ticket numbers out.
const month_fits = (found: string): boolean => {
  const month = Number(found.slice(3, 5));
  return (month >= 1 && month <= 12) || month === 20 || (month >= 30 && month <= 42);
};

function key_fits(fifteen: string): boolean {
  return Number(fifteen.slice(13)) === 97 - (as_number(fifteen.slice(0, 13)) % 97);
}

function some_start(text: string, test: (start: number) => boolean): boolean {
  for (let i = 0; i < text.length; i++) if (digit.test(text[i]!) && !digit.test(text[i - 1] ?? "") && test(i)) return true;
  return false;
}

export const holds_nir = (text: string): boolean =>
  some_start(text, (i) => {
    const found = characters_from(text, i, 15);
    return found !== null && known_first(found) && key_fits(found);
  });

export const holds_keyless_nir = (text: string): boolean =>
  some_start(text, (i) => {
    const found = characters_from(text, i, 13);
    return found !== null && "12".includes(found[0]!) && month_fits(found);
  });
