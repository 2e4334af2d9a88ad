// One line for each thing that happens in a session, live (docs/protocol.md §3) or in a record.
import { bytes, say, type Table } from "../../shared/i18n";
import type { Activity, Operator } from "../contract";
import { known_name, login_of, person_name, type Names } from "../story";
import { tool_name, word_of } from "./codes";

export const activity = {
  JOINED: ["{name} s'est connecté", "{name} connected"],
  REJOINED: ["{name} s'est reconnecté", "{name} connected again"],
  LEFT: ["{name} s'est déconnecté", "{name} disconnected"],
  REFUSED: ["Connexion refusée : {name}", "Connection refused: {name}"],
  transfer_IN: ["{name} dépose « {file} » ({size})", "{name} brings in “{file}” ({size})"],
  transfer_OUT: ["{name} emporte « {file} » ({size})", "{name} takes out “{file}” ({size})"],
  forward: ["{name} : {tool} vers {target} ({in} entrés, {out} sortis)", "{name}: {tool} to {target} ({in} in, {out} out)"],
  attempt: ["Tentative refusée ({name}) : {what}", "Refused attempt ({name}): {what}"],
  GENERATED: ["Code créé pour {name}", "Code made for {name}"],
  USED: ["{name} a utilisé son code", "{name} used the code"],
  EXPIRED: ["Code de {name} expiré", "Code of {name} lapsed"],
  WIPED: ["Code de {name} détruit", "Code of {name} wiped"],
  BLOCKED: ["Code de {name} bloqué après trois essais", "Code of {name} blocked after three tries"],
  PAUSED: ["Session suspendue{why}", "Session paused{why}"],
  RESUMED: ["Session reprise", "Session resumed"],
  tool_PAUSED: ["Outil suspendu : {tool}", "Tool held: {tool}"],
  tool_RESUMED: ["Outil repris : {tool}", "Tool resumed: {tool}"],
  handover: ["{by} confie la responsabilité à {to}", "{by} hands the charge over to {to}"],
  typist: ["Une seule personne peut agir : {name}", "One person may act: {name}"],
  typist_all: ["Tous les intervenants peuvent agir", "All operators may act"],
  acceptance: ["{name} a dit que la date convient", "{name} said that the date suits"],
  unknown: ["quelqu'un", "somebody"],
} as const satisfies Table;

type Known = keyof typeof activity;
const known = (key: string): key is Known => Object.hasOwn(activity, key);
const nobody = () => say(activity.unknown);

const is_held = (what: unknown) => (what === "PAUSED" ? activity.tool_PAUSED : activity.tool_RESUMED);

export function activity_words(a: Activity, operators: Operator[]): string {
  const known_as = (who: unknown) => operators.find((o) => o.login === login_of(who))?.name || person_name(who) || nobody();
  if (a.type === "handover") return say(activity.handover, { by: known_as(a.by), to: known_as(a.to) });
  if (a.type === "typist") return a.login ? say(activity.typist, { name: known_as(a.login) }) : say(activity.typist_all);
  if (a.type === "acceptance") return say(activity.acceptance, { name: known_as(a.by) });
  if (a.type === "pause" && a.tool) return say(is_held(a.what), { tool: tool_name(a.tool) });
  const name = operators.find((o) => o.login === a.login)?.name ?? a.login ?? nobody();
  if (a.type === "transfer") return say(a.direction === "OUT" ? activity.transfer_OUT : activity.transfer_IN, { name, file: a.name ?? "", size: bytes(a.bytes ?? 0) });
  if (a.type === "forward") return say(activity.forward, { name, tool: tool_name(a.tool ?? ""), target: a.target ?? "", in: bytes(a.bytes_in ?? 0), out: bytes(a.bytes_out ?? 0) });
  if (a.type === "attempt") return say(activity.attempt, { name, what: [a.what, a.why].filter(Boolean).join(", ") });
  const why = a.type === "pause" && a.why && a.why !== "PAUSED" ? ` – ${word_of(a.why)}` : "";
  const words = `${word_of(a.type)} ${a.what ? word_of(a.what) : ""}`.trim();
  return a.what && known(a.what) ? say(activity[a.what], { name, why }) : words.charAt(0).toUpperCase() + words.slice(1);
}

type Fields = Record<string, unknown>;
const text = (v: unknown): string => (typeof v === "string" ? v : "");

// The same for a record of the journal: its type, and what says most about it.
export function record_words(f: Fields, names: Names = new Map()): string {
  const person = (v: unknown) => known_name(v, names);
  const type = text(f["type"]);
  const name = person(f["operator"]) || nobody();
  const event = text(f["event"]).toUpperCase();
  if (type === "handover") return say(activity.handover, { by: person(f["by"]) || nobody(), to: person(f["person_in_charge"]) || nobody() });
  if (type === "typist") return person(f["operator"]) ? say(activity.typist, { name }) : say(activity.typist_all);
  if (type === "acceptance") return say(activity.acceptance, { name: person(f["approver"]) || nobody() });
  if (type === "pause" && f["tool"]) return say(is_held(event), { tool: tool_name(text(f["tool"])) });
  if (type === "connection" || type === "password" || type === "pause") {
    const why = text(f["cause"]) && text(f["cause"]) !== "PAUSED" && type === "pause" ? ` – ${word_of(text(f["cause"]))}` : "";
    if (known(event)) return say(activity[event], { name, why });
  }
  if (type === "transfer") return say(f["direction"] === "OUT" ? activity.transfer_OUT : activity.transfer_IN, { name, file: text(f["name"]), size: bytes(Number(f["size"] ?? 0)) });
  if (type === "forward") return say(activity.forward, { name, tool: tool_name(text(f["tool"])), target: text(f["target"]), in: bytes(Number(f["bytes_in"] ?? 0)), out: bytes(Number(f["bytes_out"] ?? 0)) });
  if (type === "attempt") return say(activity.attempt, { name, what: [text(f["action"]), text(f["rule"])].filter(Boolean).join(", ") });
  const who = person(f["approver"]) || person(f["withdrawn_by"]) || person(f["author"]) || person(f["requested_by"]);
  const cause = type === "session_end" ? word_of(text(f["end_cause"])) : "";
  const words = word_of(type);
  return [words.charAt(0).toUpperCase() + words.slice(1), cause || who].filter(Boolean).join(" – ");
}
