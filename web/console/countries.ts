// The countries of the European Economic Area, as the practice's notice names them (agent/notice.cpp): work is
// done from there only (requirements A11).
import { country, say, type Language, type Table } from "../shared/i18n";

export const eea = {
  AT: ["l'Autriche", "Austria"], BE: ["la Belgique", "Belgium"], BG: ["la Bulgarie", "Bulgaria"], CY: ["Chypre", "Cyprus"],
  CZ: ["la Tchéquie", "Czechia"], DE: ["l'Allemagne", "Germany"], DK: ["le Danemark", "Denmark"], EE: ["l'Estonie", "Estonia"],
  ES: ["l'Espagne", "Spain"], FI: ["la Finlande", "Finland"], FR: ["la France", "France"], GR: ["la Grèce", "Greece"],
  HR: ["la Croatie", "Croatia"], HU: ["la Hongrie", "Hungary"], IE: ["l'Irlande", "Ireland"], IS: ["l'Islande", "Iceland"],
  IT: ["l'Italie", "Italy"], LI: ["le Liechtenstein", "Liechtenstein"], LT: ["la Lituanie", "Lithuania"],
  LU: ["le Luxembourg", "Luxembourg"], LV: ["la Lettonie", "Latvia"], MT: ["Malte", "Malta"], NL: ["les Pays-Bas", "the Netherlands"],
  NO: ["la Norvège", "Norway"], PL: ["la Pologne", "Poland"], PT: ["le Portugal", "Portugal"], RO: ["la Roumanie", "Romania"],
  SE: ["la Suède", "Sweden"], SI: ["la Slovénie", "Slovenia"], SK: ["la Slovaquie", "Slovakia"],
} as const satisfies Table;

export const in_eea = (code: string): boolean => Object.hasOwn(eea, code);
export const country_in_notice = (code: string, language: Language): string => (in_eea(code) ? say(eea[code as keyof typeof eea], {}, language) : code);
export const country_name = (code: string): string => (code ? country(code) : "–");
