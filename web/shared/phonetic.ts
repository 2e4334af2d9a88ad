// How a code is read out on the phone: « A comme Anatole » in French, the NATO alphabet in English,
// digits as words. The phone profile has no lower-case letters; where a code mixes cases, each letter says its own.
import type { Language } from "./i18n";

const french = ("Anatole Berthe Célestin Désiré Eugène François Gaston Henri Irma Joseph Kléber Louis Marcel Nicolas Oscar " +
  "Pierre Quintal Raoul Suzanne Thérèse Ursule Victor William Xavier Yvonne Zoé").split(" ");
const nato = ("Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November Oscar " +
  "Papa Quebec Romeo Sierra Tango Uniform Victor Whiskey X-ray Yankee Zulu").split(" ");
const digits = {
  fr: ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"],
  en: ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
};
const signs: Record<string, readonly [string, string]> = {
  "!": ["point d'exclamation", "exclamation mark"], '"': ["guillemet droit", "double quote"], "#": ["dièse", "hash"],
  $: ["dollar", "dollar"], "%": ["pour cent", "per cent"], "&": ["et commercial", "ampersand"], "'": ["apostrophe", "apostrophe"],
  "(": ["parenthèse ouvrante", "opening parenthesis"], ")": ["parenthèse fermante", "closing parenthesis"], "*": ["étoile", "star"],
  "+": ["plus", "plus"], ",": ["virgule", "comma"], "-": ["tiret", "hyphen"], ".": ["point", "full stop"], "/": ["barre oblique", "slash"],
  ":": ["deux-points", "colon"], ";": ["point-virgule", "semicolon"], "<": ["inférieur", "less than"], "=": ["égal", "equals"],
  ">": ["supérieur", "greater than"], "?": ["point d'interrogation", "question mark"], "@": ["arobase", "at sign"],
  "[": ["crochet ouvrant", "opening bracket"], "\\": ["barre inverse", "backslash"], "]": ["crochet fermant", "closing bracket"],
  "^": ["accent circonflexe", "caret"], _: ["tiret bas", "underscore"], "`": ["accent grave", "backtick"], "{": ["accolade ouvrante", "opening brace"],
  "|": ["barre verticale", "vertical bar"], "}": ["accolade fermante", "closing brace"], "~": ["tilde", "tilde"],
};

export interface Spoken {
  sign: string;
  words: string;
}

function letter_words(sign: string, language: Language, cased: boolean): string {
  const index = sign.toUpperCase().charCodeAt(0) - 65;
  const upper = sign === sign.toUpperCase();
  if (language === "fr") {
    const size = cased ? (upper ? " majuscule" : " minuscule") : "";
    return `${sign}${size} comme ${french[index]}`;
  }
  return `${cased ? (upper ? "capital " : "small ") : ""}${nato[index]}`;
}

export function spoken(sign: string, language: Language, cased = false): string {
  if (/^[0-9]$/.test(sign)) return digits[language][Number(sign)]!;
  if (/^[A-Za-z]$/.test(sign)) return letter_words(sign, language, cased);
  const pair = signs[sign];
  return pair ? pair[language === "fr" ? 0 : 1] : sign;
}

// The groups of a password as the agent writes it. Only a code of capitals and digits has dashes that divide.
export function groups(password: string): string[] {
  if (/^[0-9A-Z]+(-[0-9A-Z]+)+$/.test(password)) return password.split("-");
  return password.match(/.{1,4}/gu) ?? [];
}

export function spell(group: string, language: Language, cased = /[a-z]/.test(group)): Spoken[] {
  return [...group].map((sign) => ({ sign, words: spoken(sign, language, cased) }));
}
