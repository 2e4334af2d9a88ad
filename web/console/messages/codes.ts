// The codes of the records, in words, as the vendor's people say them.
import { say, type Table } from "../../shared/i18n";

export const codes = {
  REQUESTED: ["en attente", "waiting"], REFUSED: ["refusée", "refused"], EXPIRED: ["expirée sans réponse", "lapsed"], NOT_ASKED: ["cabinet injoignable", "practice not reached"],
  CANCELLED: ["annulée", "cancelled"], APPROVED: ["accordée", "consented"], OPEN: ["ouverte", "open"], PAUSED: ["suspendue", "paused"], ENDED: ["compte rendu attendu", "report awaited"], CLOSED: ["close", "closed"],
  MAINTENANCE: ["Maintenance", "Maintenance"], SUPPORT: ["Assistance", "Support"],
  STANDARD: ["standard", "standard"], SENSITIVE: ["sensible", "sensitive"], CRITICAL: ["critique", "critical"],
  LEAD: ["responsable", "in charge"], PAIR: ["binôme", "pair"], ADDITIONAL: ["personnel additionnel qualifié", "additional qualified staff"],
  CONNECTED: ["connecté", "connected"], CONSULTED: ["seulement consulté", "only consulted"],
  VIEW: ["voir", "view"], CONTROL: ["agir", "act"], TRANSFER_IN: ["déposer des fichiers", "bring files in"], TRANSFER_OUT: ["emporter des fichiers", "take files out"],
  LOCAL: ["au cabinet", "at the practice"], HDS: ["hébergeur de données de santé", "certified health-data host"],
  DONE: ["terminée par l'intervenant", "finished by the operator"], WITHDRAWN: ["accord retiré par le cabinet", "consent withdrawn by the practice"],
  TIMEOUT: ["temps accordé écoulé", "granted time over"], ERROR: ["erreur", "error"], POLICY: ["règle de sécurité", "security rule"],
  LINK_LOST: ["liaison perdue", "link lost"], UNKNOWN: ["inconnue (reprise après panne)", "unknown (recovered after a crash)"],
  WATCHED: ["suivie en direct", "watched live"], NOT_WATCHED: ["non suivie, par choix exprès", "not watched, by express choice"],
  SOLVED: ["résolu", "solved"], PARTLY_SOLVED: ["résolu en partie", "partly solved"], NOT_SOLVED: ["non résolu", "not solved"],
  PROPOSED: ["proposé", "proposed"], NOTIFIED: ["notifié aux cabinets", "practices notified"], OBJECTED: ["opposition reçue", "objected to"], AUTHORISED: ["autorisé", "authorised"],
  NOBODY_WATCHES: ["personne ne regardait", "nobody was watching"], PAIR_INCOMPLETE: ["binôme incomplet", "pair not complete"], TOOL: ["un outil, par le cabinet", "one tool, by the practice"],
  GENERATED: ["créé", "made"], USED: ["utilisé", "used"], WIPED: ["détruit", "wiped"], BLOCKED: ["bloqué après trois essais", "blocked after three tries"],
  BY_TECHNICIAN: ["par l'intervenant", "by the technician"],
  STARTED: ["commencé", "started"], FAILED: ["interrompu", "failed"],
  CRITICAL_NONE_CONSULTED: ["intervention critique sans personnel qualifié consulté", "critical intervention without qualified staff consulted"],
} as const satisfies Table;

const tools = { shell: ["terminal", "terminal"], files: ["fichiers", "files"], desktop: ["bureau à distance", "remote desktop"], service: ["service {name}", "service {name}"] } as const satisfies Table;

// Data a request can name beside what the screen shows; the French words are what travels.
export const data_kinds = {
  identity: ["identité des patients", "identity of patients"],
  appointments: ["rendez-vous", "appointments"],
  prescriptions: ["ordonnances et documents", "prescriptions and documents"],
  billing: ["facturation et télétransmission", "billing and electronic claims"],
  staff: ["comptes du personnel du cabinet", "accounts of the practice's staff"],
} as const satisfies Table;

export const has_word = (code: string): boolean => Object.hasOwn(codes, code);
export const word_of = (code: string): string => (has_word(code) ? say(codes[code as keyof typeof codes]) : code);

export function tool_name(tool: string): string {
  if (tool.startsWith("tcp:")) return say(tools.service, { name: tool.slice(4) });
  return Object.hasOwn(tools, tool) ? say(tools[tool as keyof typeof tools]) : tool;
}
export const tool_list = (names: string[]): string => names.map(tool_name).join(", ");
