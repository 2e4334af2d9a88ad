// The sentences about this browser's own key, in both languages.
import { say, type Table, type Values } from "../../shared/i18n";

export const keys = {
  what: ["Pour travailler dans ce navigateur, il faut une clé à lui : il la crée et ne la montre jamais, à personne. Votre administrateur inscrit sa moitié publique sur votre carte, signée hors ligne ; le cabinet n'accepte qu'elle.", "Working in this browser takes a key of its own: the browser makes it and never shows it, to anybody. Your administrator puts its public half on your card, signed offline; the practice accepts only that one."],
  none: ["Ce navigateur n'a pas de clé à votre nom.", "This browser has no key in your name."],
  make: ["Créer une clé dans ce navigateur", "Make a key in this browser"],
  made: ["Clé créée. Transmettez-la maintenant à votre administrateur.", "Key made. Now pass it on to your administrator."],
  failed: ["Ce navigateur n'a pas pu garder la clé ({why}). Une fenêtre privée ou un réglage strict l'empêche souvent.", "This browser could not keep the key ({why}). A private window or a strict setting often prevents it."],
  fingerprint: ["Empreinte", "Fingerprint"],
  made_at: ["Créée le", "Made on"],
  state: ["Sur votre carte", "On your card"],
  on_card: ["oui : vous pouvez entrer en session dans ce navigateur", "yes: you can join sessions in this browser"],
  not_on_card: ["pas encore : transmettez la demande à votre administrateur", "not yet: pass the request on to your administrator"],
  line: ["Clé publique, au format OpenSSH", "Public key, in OpenSSH's format"],
  request: ["Télécharger la demande pour l'administrateur", "Download the request for the administrator"],
  request_why: ["C'est un fichier .pub ordinaire, sans rien de secret. L'administrateur compare l'empreinte avec vous, puis la met sur la prochaine carte.", "It is an ordinary .pub file with nothing secret in it. The administrator compares the fingerprint with you, then puts it on the next card."],
  remove: ["Supprimer cette clé", "Remove this key"],
  remove_sure: ["Supprimer la clé de ce navigateur ? Elle ne revient pas : il en faudra une autre, et une nouvelle carte.", "Remove this browser's key? It does not come back: another one will be needed, and a new card."],
  remove_yes: ["Oui, supprimer", "Yes, remove"],
  back: ["Non, la garder", "No, keep it"],
  removed: ["Clé supprimée de ce navigateur. Faites-la aussi retirer de votre carte.", "Key removed from this browser. Have it taken off your card as well."],
  looking: ["Recherche de la clé…", "Looking for the key…"],
} as const satisfies Table;

export type MessageKey = keyof typeof keys;
export const t = (key: MessageKey, values?: Values): string => say(keys[key], values);
