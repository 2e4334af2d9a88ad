// The classes of retention in words (audit/retention.hpp, rule_of): what the gateway calls "ip-150-days".
import { say, type Table } from "../../shared/i18n";
import { word } from "../messages/codes";

export const classes = {
  "ip-150-days": ["Adresses IP", "IP addresses"],
  "security-180-days": ["Événements de sécurité", "Security events"],
  "request-1-year": ["Demandes refusées, expirées ou annulées ; consultations", "Requests refused, lapsed or cancelled; looks at records"],
  "intervention-5-years": ["Interventions et leur preuve", "Interventions and their proof"],
  "account-30-days": ["Comptes, après le départ", "Accounts, after departure"],
  "copy-in-store": ["Copie de travail de la main courante", "Working copy of the main courante"],
  "export-30-days": ["Exports", "Exports"],
  "backup-30-days": ["Sauvegardes", "Backups"],
  "one-time-password": ["Mots de passe à usage unique", "One-time passwords"],
  evidence: ["Preuves : feuilles, points de contrôle, certificats", "Evidence: leaves, checkpoints, certificates"],
} as const satisfies Table;

// What has no term is either kept as long as the system lives, or not kept at all.
export const is_kept_for_ever = (id: string): boolean => id === "evidence";

// A certificate may be of several at once.
export const class_name = (id: string): string => id.split(/[ ,]+/).filter(Boolean).map((one) => (Object.hasOwn(classes, one) ? say(classes[one as keyof typeof classes]) : word(one, "class"))).join(", ") || "–";
