// The codes of the records, in words (the same words as the fiche of pontlevis-audit).
import { say, type Table } from "../../shared/i18n";

export const codes = {
  REQUESTED: ["demandée", "requested"], REFUSED: ["refusée", "refused"], EXPIRED: ["expirée sans réponse", "lapsed"], APPROVED: ["accordée", "approved"],
  CONSENTED: ["accordée", "consented"], OPEN: ["en cours", "open"], PAUSED: ["suspendue", "paused"], ENDED: ["terminée", "ended"], CLOSED: ["close", "closed"],
  CANCELLED: ["annulée", "cancelled"], NOT_ASKED: ["cabinet injoignable", "practice not reached"], FORBIDDEN: ["refusée par les règles", "forbidden by policy"],
  MAINTENANCE: ["maintenance", "maintenance"], SUPPORT: ["assistance", "support"],
  STANDARD: ["standard", "standard"], SENSITIVE: ["sensible", "sensitive"], CRITICAL: ["critique", "critical"],
  LEAD: ["responsable", "in charge"], PAIR: ["binôme", "pair"], ADDITIONAL: ["personnel additionnel qualifié", "additional qualified staff"],
  CONNECTED: ["connecté", "connected"], CONSULTED: ["seulement consulté", "only consulted"],
  VIEW: ["voir", "view"], CONTROL: ["agir", "act"], TRANSFER_IN: ["déposer des fichiers", "bring files in"], TRANSFER_OUT: ["emporter des fichiers", "take files out"],
  IN: ["vers le cabinet", "to the practice"], OUT: ["depuis le cabinet", "from the practice"],
  LOCAL: ["au cabinet", "at the practice"], HDS: ["hébergeur de données de santé", "certified health-data host"],
  DONE: ["terminée par l'intervenant", "finished by the operator"], WITHDRAWN: ["accord retiré par le cabinet", "consent withdrawn by the practice"],
  TIMEOUT: ["temps accordé écoulé", "granted time over"], ERROR: ["erreur", "error"], POLICY: ["règle de sécurité", "security rule"],
  LINK_LOST: ["liaison perdue", "link lost"], UNKNOWN: ["inconnue (reprise après panne)", "unknown (recovered after a crash)"],
  WATCHED: ["suivie en direct", "watched live"], NOT_WATCHED: ["non suivie, par choix exprès", "not watched, by express choice"],
  SOLVED: ["résolu", "solved"], PARTLY_SOLVED: ["résolu en partie", "partly solved"], NOT_SOLVED: ["non résolu", "not solved"], NOT_APPLICABLE: ["sans objet", "not applicable"],
  OWNER: ["titulaire", "owner"], DELEGATE: ["délégué", "delegate"], OBSERVER: ["témoin", "observer"],
  owner: ["titulaire", "owner"], delegate: ["délégué", "delegate"], observer: ["témoin", "observer"],
  HOLD_NONE: ["Session ouverte", "Session open"], HOLD_PAUSED: ["Session suspendue", "Session paused"],
  HOLD_NOBODY_WATCHES: ["Suspendue : personne ne regarde", "Paused: nobody is watching"], HOLD_PAIR_INCOMPLETE: ["Suspendue : binôme incomplet", "Paused: pair not complete"],
  NOBODY_WATCHES: ["personne ne regardait", "nobody was watching"], PAIR_INCOMPLETE: ["binôme incomplet", "pair not complete"],
  TOOL: ["un outil, par le cabinet", "one tool, by the practice"], handover: ["passage de responsabilité", "handover of the charge"], typist: ["choix de qui peut agir", "choice of who may act"],
  acceptance: ["date acceptée", "date accepted"], CLEANUP_DONE: ["supprimées", "deleted"], CLEANUP_NOT_APPLICABLE: ["sans objet", "not applicable"],
  JOINED: ["arrivée", "joined"], LEFT: ["départ", "left"], REJOINED: ["reprise", "rejoined"], RESUMED: ["reprise", "resumed"],
  GENERATED: ["créé", "made"], USED: ["utilisé", "used"], WIPED: ["détruit", "wiped"], BLOCKED: ["bloqué après trois essais", "blocked after three tries"],
  GIVEN: ["donné", "given"], TERMINATED: ["terminé", "terminated"], INVALIDATED: ["invalidé", "invalidated"], EXPLICIT: ["explicite", "explicit"],
  INSTRUCTION_ART28: ["instruction documentée (art. 28)", "documented instruction (art. 28)"], EXPLICIT_CONSENT: ["accord explicite", "explicit consent"],
  RETENTION: ["fin de la durée de conservation", "end of the time for which it is kept"], IP_6_MONTHS: ["adresse IP, jamais plus de six mois", "IP address, never more than six months"],
  ERASURE_REQUEST: ["demande d'effacement", "request for erasure"], NEVER_OPENED: ["demande restée sans ouverture depuis un an", "a request that was not opened within a year"], CONTRACT_END: ["fin du contrat", "end of the contract"],
  SPONTANEOUS_HEALTH_DATA: ["données de santé reçues sans les avoir demandées", "health data that came without being asked for"], ANNUAL_REVIEW: ["revue annuelle", "annual review"],
  ACCESS: ["Accès", "Access"], RECTIFICATION: ["Rectification", "Rectification"], ERASURE: ["Effacement", "Erasure"], RESTRICTION: ["Limitation", "Restriction"],
  OBJECTION: ["Opposition", "Objection"], PORTABILITY: ["Portabilité", "Portability"], AFTER_DEATH: ["Directives après le décès", "Directives after death"],
  done: ["fait", "done"], not_needed: ["sans objet", "not needed"], on: ["oui", "on"], off: ["non", "off"], unknown: ["inconnu", "unknown"],
  request: ["demande", "request"], request_refused: ["demande refusée par les règles", "request forbidden by policy"], consent: ["accord", "consent"], refusal: ["refus", "refusal"],
  lapse: ["expiration sans réponse", "lapse"], not_asked: ["cabinet injoignable", "practice not reached"], cancelled: ["annulation par l'éditeur", "cancelled by the vendor"],
  session_open: ["ouverture de session", "session opened"], connection: ["connexion", "connection"], transfer: ["fichier", "file"], forward: ["accès à un service", "access to a service"],
  attempt: ["tentative refusée", "refused attempt"], password: ["mot de passe", "password"], pause: ["suspension", "pause"], withdrawal: ["retrait de l'accord", "withdrawal of consent"],
  session_end: ["fin de session", "session ended"], report: ["compte rendu", "report"], report_received: ["compte rendu reçu", "report received"], intervention: ["clôture", "closing"],
  recovery: ["reprise après incident", "recovery"], security: ["sécurité", "security"], recording: ["enregistrement", "recording"], approve: ["accord donné", "consent given"],
  refuse: ["demande refusée", "request refused"], stop: ["arrêt", "stop"], resume: ["reprise", "resume"], extend: ["prolongation", "extension"], sign_in: ["connexion à la page", "sign-in to the page"],
  sign_out: ["déconnexion de la page", "sign-out of the page"], rehearsal: ["essai", "rehearsal"], team: ["équipe", "team"], passkey: ["clé d'accès", "passkey"], rights: ["demande de droits", "rights request"],
  HEALTH: ["oui, données de santé", "yes, health data"], AT_THE_PRACTICE: ["au cabinet", "at the practice"], EEA: ["Espace économique européen", "European Economic Area"], LOCAL_PAGE: ["cette page, un geste", "this page, one act"],
  VALID: ["valide", "valid"], AGENT: ["agent du cabinet", "agent of the practice"], AUTOMATON: ["automate", "automaton"], CONTRACT: ["contrat", "contract"], LEGITIMATE_INTEREST: ["intérêt légitime", "legitimate interest"],
  CONTROLLER: ["responsable de traitement", "controller"], PROCESSOR: ["sous-traitant", "processor"], SUBPROCESSOR: ["sous-traitant ultérieur", "sub-processor"], HEALTH_PRACTICE: ["cabinet de santé", "health practice"],
  SOFTWARE_VENDOR: ["éditeur de logiciels", "software vendor"], processor: ["l'éditeur", "the vendor"], NO_ANSWER: ["sans réponse", "no answer"], WITHDRAWAL: ["Retrait de l'accord", "Withdrawal of consent"],
  "local page, button": ["page du cabinet, bouton", "page of the practice, button"], "command line": ["ligne de commande", "command line"], fr: ["français", "French"], en: ["anglais", "English"],
  STARTED: ["commencé", "started"], FAILED: ["interrompu", "failed"], NOT_STATED: ["non précisé", "not stated"],
  passkey_added: ["clé d'accès ajoutée", "passkey added"], passkey_removed: ["clé d'accès retirée", "passkey removed"], password_changed: ["mot de passe changé", "password changed"],
  recording_deleted: ["enregistrement supprimé", "recording deleted"], recording_viewed: ["enregistrement visionné", "recording viewed"], recording_view: ["enregistrement visionné", "recording viewed"],
  team_added: ["personne ajoutée à l'équipe", "person added to the team"], team_removed: ["personne retirée de l'équipe", "person removed from the team"], destruction: ["certificat de destruction", "certificate of destruction"],
  comment: ["observation", "comment"], contest: ["compte rendu contesté", "report contested"], receipt: ["reçu d'accord consulté", "consent receipt read"], export: ["mes données exportées", "my data exported"],
  extension: ["prolongation", "extension"], code: ["nouveau code donné", "new code given"], rights_request: ["demande de droits", "rights request"],
  "stopped by the practice": ["arrêtée par le cabinet", "stopped by the practice"], "the time agreed to is over": ["temps accordé écoulé", "the time agreed to is over"],
  "the link to the gateway was lost": ["liaison avec la passerelle perdue", "the link to the gateway was lost"], "the pair was not complete again in time": ["binôme non reformé à temps", "the pair was not complete again in time"],
  "the agent stops": ["l'agent s'est arrêté", "the agent stops"], "a staff card of this session was revoked": ["carte d'un intervenant révoquée", "a staff card of this session was revoked"],
} as const satisfies Table;

const tools = { shell: ["terminal", "terminal"], command: ["commande", "command"], files: ["fichiers", "files"], desktop: ["bureau à distance", "remote desktop"] } as const satisfies Table;

export const has_word = (code: string): boolean => Object.hasOwn(codes, code);
export const word_of = (code: string): string => (has_word(code) ? say(codes[code as keyof typeof codes]) : code);

// DONE is said of several things; here it is of the data that were left over.
export const cleanup_words = (value: string): string => word_of(has_word(`CLEANUP_${value}`) ? `CLEANUP_${value}` : value);

// A tool is its name, or in a record an object that has one.
export function tool_name(given: string | { name?: string }): string {
  const tool = typeof given === "string" ? given : (given?.name ?? "");
  if (tool.startsWith("tcp:")) return tool.slice(4);
  return Object.hasOwn(tools, tool) ? say(tools[tool as keyof typeof tools]) : tool;
}
