// The maintenance tasks a request can name: a short list with one code each, the same in both languages, so
// that records can be counted; the text that is sent is readable without the list.
import { say, type Language, type Table } from "../shared/i18n";

export const tasks = {
  UPDATE: ["Mise à jour du logiciel", "Software update"],
  CONFIG: ["Réglage du logiciel", "Software settings"],
  FAULT: ["Recherche et correction d'une panne", "Fault finding and repair"],
  PRINTING: ["Impression et numérisation", "Printing and scanning"],
  CARD_READER: ["Lecteur de cartes (Vitale, CPS)", "Card reader (Vitale, CPS)"],
  CLAIMS: ["Télétransmission et facturation", "Electronic claims and billing"],
  MESSAGING: ["Messagerie sécurisée de santé", "Secure health messaging"],
  BACKUP: ["Contrôle des sauvegardes", "Check of the backups"],
  RESTORE: ["Restauration de données", "Restoring of data"],
  DATABASE: ["Entretien de la base de données", "Database maintenance"],
  PERFORMANCE: ["Lenteurs et performances", "Slowness and performance"],
  NETWORK: ["Réseau et postes reliés", "Network and connected machines"],
  ACCOUNTS: ["Comptes et droits des utilisateurs", "User accounts and rights"],
  SECURITY: ["Correctif de sécurité", "Security fix"],
  LOGS: ["Lecture des journaux techniques", "Reading of technical logs"],
  INSTALL: ["Installation d'un poste ou d'un module", "Installation of a machine or module"],
} as const satisfies Table;

export type TaskCode = keyof typeof tasks;
export const task_codes = Object.keys(tasks) as TaskCode[];

const coded = /\[([A-Z_]{2,20})\]$/;
const divider = " ; ";

export const task_text = (code: TaskCode, language?: Language): string => `${say(tasks[code], {}, language).replaceAll("\u00a0", " ")} [${code}]`;

// « Mise à jour du logiciel [UPDATE] ; Contrôle des sauvegardes [BACKUP] ; avant le week-end »
export const planned_text = (codes: readonly TaskCode[], words: string, language: Language): string =>
  [...codes.map((code) => task_text(code, language)), words.trim()].filter(Boolean).join(divider);

export const items_of = (planned: string): string[] => planned.split(divider).map((item) => item.trim()).filter(Boolean);

export function code_of(item: string): TaskCode | null {
  const code = coded.exec(item)?.[1] ?? "";
  return Object.hasOwn(tasks, code) ? (code as TaskCode) : null;
}

// ---- the report: one text, in which a task done stands as a line of its own ----
const line_of = (item: string): string => `– ${item}`;
// More may be written behind the task, on its line.
const is_of = (item: string) => (line: string): boolean => line === line_of(item) || line.startsWith(`${line_of(item)} `);
export const says_done = (text: string, item: string): boolean => text.split("\n").some(is_of(item));

export function with_done(text: string, item: string, done: boolean): string {
  if (done && says_done(text, item)) return text;
  const lines = text.split("\n").flatMap((line) => (!is_of(item)(line) ? [line] : line.length > line_of(item).length ? [line.slice(line_of(item).length + 1)] : []));
  if (!done) return lines.join("\n").trimStart();
  const last = lines.findLastIndex((line) => line.startsWith("– "));
  return [...lines.slice(0, last + 1), line_of(item), ...lines.slice(last + 1)].join("\n").trimEnd();
}
