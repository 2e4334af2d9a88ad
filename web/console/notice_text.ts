// What the practice will read, in the words of its own agent (agent/notice.cpp). A preview: the agent writes
// the notice itself, from the certified staff cards, and nobody else's text is ever shown there.
import { say, type Language, type Pair } from "../shared/i18n";
import { country_in_notice } from "./countries";
import { paris_wall } from "./paris";

export const notice_words = {
  title: ["Demande d'accès à distance à votre système.", "Request for remote access to your system."],
  closed: ["Rien n'est ouvert tant que vous n'avez pas accepté.", "Nothing is open until you have agreed."],
  who: ["Qui ? ", "Who? "],
  from: [", depuis ", ", from "],
  pair: ["En binôme avec ", "In a pair with "],
  additional: ["Personnel additionnel qualifié : ", "Additional qualified staff: "],
  consulted: [" (seulement consulté)", " (only consulted)"],
  subprocessor: ["Sous-traitant : ", "Sub-processor: "],
  why: ["Pourquoi ? ", "Why? "],
  ticket: [" – dossier ", " – ticket "],
  tasks: ["Tâches prévues : ", "Planned tasks: "],
  sensitive: ["Intervention sensible.", "Sensitive intervention."],
  critical: ["Intervention critique.", "Critical intervention."],
  emergency: ["Urgence : ", "Emergency: "],
  what: ["Sur quoi ? ", "On what? "],
  tool: ["Outil : ", "Tool: "],
  rights: ["Droits demandés : ", "Rights asked for: "],
  lower: [", que vous pouvez réduire.", ", which you can lower."],
  when: ["Quand ? Dès votre accord, ", "When? From your consent, for at most "],
  planned: ["Quand ? Intervention planifiée : du ", "When? Planned: from "],
  until: [" au ", " to "],
  you_open: [" (heure de Paris), au moment où vous l'ouvrirez vous-même, ", " (Paris time), at the moment when you open it yourself, for at most "],
  minutes: [" minutes au plus ; fermeture automatique ensuite.", " minutes; closed automatically after that."],
  data: ["Quelles données peuvent être vues ? Celles affichées à l'écran, y compris des données de santé de vos patients", "Which data may be seen? Those on the screen, including health data of your patients"],
  no_copy: [". Aucune copie n'est faite hors de votre cabinet", ". No copy is made outside your practice"],
  unless: [" sauf : transfert de fichiers, si vous laissez l'outil « fichiers »", " except: file transfer, if you leave the tool “files”"],
  recording: [". Enregistrement : non, sauf si vous le demandez ; il serait alors chiffré et conservé chez vous 30 jours.", ". Recording: no, unless you ask for it; it would then be encrypted and kept at your practice for 30 days."],
} as const satisfies Record<string, Pair>;

const enums = {
  MAINTENANCE: ["Maintenance", "Maintenance"], SUPPORT: ["Assistance", "Support"],
  VIEW: ["voir", "view"], CONTROL: ["agir", "act"], TRANSFER_IN: ["déposer des fichiers", "bring files in"], TRANSFER_OUT: ["emporter des fichiers", "take files out"],
  shell: ["terminal", "terminal"], files: ["fichiers", "files"], desktop: ["bureau à distance", "remote desktop"], service: ["accès au service ", "access to the service "],
} as const satisfies Record<string, Pair>;

export interface Named { name: string; qualification: string; employer: string; country: string; subprocessor?: string | null; role: "LEAD" | "PAIR" | "ADDITIONAL"; mode: "CONNECTED" | "CONSULTED" }
export interface Asked {
  operators: Named[]; purpose: string; reason: string; ticket: string; planned_tasks: string; criticality: string; emergency: string | null;
  system_label: string; tools: string[]; access_types: string[]; data_categories: string[]; minutes: number; planned: { from: string; until: string } | null;
}

type Say = (key: keyof typeof notice_words) => string;
const word = (code: string, language: Language): string => (Object.hasOwn(enums, code) ? say(enums[code as keyof typeof enums], {}, language) : code);

function operator_text(o: Named, w: Say, language: Language): string {
  const role = o.role === "PAIR" ? w("pair") : o.role === "ADDITIONAL" ? w("additional") : "";
  const mode = o.mode === "CONSULTED" ? w("consulted") : "";
  const employer = [o.qualification, o.employer].filter(Boolean).map((text) => `, ${text}`).join("");
  const from = o.country ? w("from") + country_in_notice(o.country, language) : "";
  return `${role}${o.name}${employer}${from}${mode}. ${o.subprocessor ? `${w("subprocessor")}${o.subprocessor}. ` : ""}`;
}

function tool_words(tools: string[], language: Language): string {
  return tools.map((tool) => (tool.startsWith("tcp:") ? word("service", language) + tool.slice(4) : word(tool, language))).join(", ");
}

function when_text(a: Asked, w: Say, language: Language): string {
  const wall = (time: string) => {
    const [date, hour] = paris_wall(Date.parse(time)).split("T");
    return `${language === "fr" ? date!.split("-").reverse().join("/") : date} ${hour}`;
  };
  return (a.planned ? w("planned") + wall(a.planned.from) + w("until") + wall(a.planned.until) + w("you_open") : w("when")) + a.minutes + w("minutes");
}

function data_text(a: Asked, w: Say): string {
  const says_more = a.data_categories.some((category) => !category.includes("affichées à l'écran"));
  return w("data") + (says_more ? ` (${a.data_categories.join(", ")})` : "") + w("no_copy") + (a.tools.includes("files") ? w("unless") : "") + w("recording");
}

export function notice_preview(a: Asked, language: Language): string {
  const w: Say = (key) => say(notice_words[key], {}, language);
  const criticality = a.criticality === "SENSITIVE" ? `${w("sensitive")} ` : a.criticality === "CRITICAL" ? `${w("critical")} ` : "";
  return [
    `${w("title")} ${w("closed")}`,
    w("who") + a.operators.map((o) => operator_text(o, w, language)).join(""),
    `${w("why")}${word(a.purpose, language)} – ${a.reason || "…"}${w("ticket")}${a.ticket || "…"}. ${w("tasks")}${a.planned_tasks || "…"}. ${criticality}${a.emergency ? `${w("emergency")}${a.emergency}.` : ""}`,
    `${w("what")}${a.system_label}. ${w("tool")}${tool_words(a.tools, language) || "…"}. ${w("rights")}${a.access_types.map((type) => word(type, language)).join(", ")}${w("lower")}`,
    when_text(a, w, language),
    data_text(a, w),
  ].join("\n\n");
}
