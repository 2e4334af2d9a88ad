// The breach file as a form holds it: lists are lines, moments are the clocks of Paris, counts are digits.
import { from_paris_wall, paris_wall } from "../console/paris";
import type { Breach, BreachFile } from "./contract";

export const empty_file: BreachFile = {
  occurred_from: null, occurred_to: null, breach_types: [], cause: "", description: "", data_categories: [], special_categories: false, subjects_categories: [], subjects_count_approx: null, records_count_approx: null,
  likely_consequences: "", severity: "", measures_taken: [], measures_planned: [], advice_to_controller: "", data_unintelligible: false, subjects_informed: "", other_authorities: [], authority_not_notified: "",
};
const members = Object.keys(empty_file) as (keyof BreachFile)[];

// The members of the file alone: what a breach bears besides is the gateway's.
export const file_of = (breach: Breach): BreachFile => Object.fromEntries(members.map((m) => [m, breach[m]])) as unknown as BreachFile;

export const lines_of = (list: string[]): string => list.join("\n");
export const list_of = (lines: string): string[] => lines.split("\n").map((l) => l.trim()).filter(Boolean);
export const wall_of = (time: string | null): string => (time ? paris_wall(Date.parse(time)) : "");
// The gateway writes moments to the millisecond, and takes them no other way.
export function time_of(wall: string): string | null {
  const time = wall ? from_paris_wall(wall) : null;
  return time === null ? null : new Date(time).toISOString();
}
export const count_text = (n: number | null): string => (n === null ? "" : String(n));
export const count_of = (text: string): number | null => (/^\d{1,9}$/.test(text.trim()) ? Number(text.trim()) : null);
