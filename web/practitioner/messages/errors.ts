// Why an act did not happen, and what to do: one sentence for each key of agent/page/page_error.hpp.
import { say, type Table } from "../../shared/i18n";
import { Refusal } from "../api";

export const errors = {
  bad_input: ["Ce qui a été envoyé n'est pas valable.", "What was sent is not valid."],
  not_signed_in: ["Vous n'êtes plus connecté. Connectez-vous de nouveau.", "You are no longer signed in. Sign in again."],
  sign_in_wrong: ["Identifiant ou mot de passe incorrect.", "Wrong user name or password."],
  name_locked: ["Trop d'essais : ce nom est bloqué pendant une minute.", "Too many tries: this name is locked for a minute."],
  page_locked: ["La page est verrouillée. Déverrouillez-la, puis recommencez.", "The page is locked. Unlock it, then try again."],
  other_user: ["Cette connexion appartient à un autre utilisateur de l'ordinateur. L'essai est noté.", "This sign-in belongs to another user of the computer. The attempt was recorded."],
  wrong_host: ["Cette adresse n'est pas celle de la page. Ouvrez http://localhost:7070/.", "This is not the page's address. Open http://localhost:7070/."],
  wrong_origin: ["La demande ne venait pas de cette page. L'essai est noté.", "The request did not come from this page. The attempt was recorded."],
  stale: ["La demande a changé ou cette page a déjà servi. Rien n'a été ouvert : relisez-la et décidez de nouveau.", "The request has changed or this page was used already. Nothing was opened: read it again and decide again."],
  request_gone: ["Cette demande n'existe plus. Rien n'a été ouvert.", "This request no longer exists. Nothing was opened."],
  request_expired: ["La demande a expiré avant votre réponse. Rien n'a été ouvert.", "The request lapsed before your answer. Nothing was opened."],
  link_down: ["La liaison avec l'éditeur est coupée : sans preuve au journal, rien ne s'ouvre. Réessayez quand elle est rétablie.", "The link to the vendor is down: without proof in the log nothing opens. Try again when it is back."],
  no_proof: ["Le journal de l'éditeur n'a pas donné la preuve attendue : l'accès reste fermé.", "The vendor's log did not give the proof that was due: access stays closed."],
  observer: ["Un témoin suit et arrête, mais ne décide pas.", "An observer watches and stops, but does not decide."],
  not_owner: ["Seul le titulaire peut le faire.", "Only the owner can do this."],
  too_early: ["L'heure prévue n'est pas encore venue : rien ne peut être ouvert avant.", "The planned time has not come yet: nothing can be opened before it."],
  nothing_left: ["Il ne reste aucun outil à ouvrir. Gardez-en un, ou refusez la demande.", "No tool is left to open. Keep one, or refuse the request."],
  bad_minutes: ["Cette durée n'est pas possible : au plus celle qui est demandée.", "This time is not possible: at most what was asked for."],
  journal_failed: ["Le journal du cabinet n'a pas pu écrire : rien ne s'ouvre. Vérifiez l'espace disque.", "The practice's journal could not write: nothing opens. Check the disk space."],
  session_gone: ["Cette session est déjà terminée.", "This session is already over."],
  weak_password: ["Ce mot de passe est refusé : il faut au moins dix caractères, sans l'identifiant dedans. Quelques mots à la suite conviennent.", "This password is refused: at least ten characters, and not the user name in it. A few words in a row are good."],
  name_taken: ["Cet identifiant existe déjà.", "This user name exists already."],
  unknown_person: ["Personne de ce nom dans l'équipe.", "Nobody of that name in the team."],
  last_owner: ["Il doit rester au moins un titulaire.", "At least one owner must remain."],
  too_many: ["Trop d'essais de suite. Attendez un instant.", "Too many tries in a row. Wait a moment."],
  passkey_failed: ["La clé d'accès n'a pas été reconnue.", "The passkey was not recognised."],
  recording_gone: ["Cet enregistrement n'existe plus.", "This recording no longer exists."],
  rehearsal_busy: ["Un essai est déjà en cours.", "A rehearsal is already under way."],
  not_found: ["Introuvable.", "Not found."],
  internal: ["Le programme a rencontré une erreur. Rien n'a été ouvert.", "The program met an error. Nothing was opened."],
  away: ["Le programme Pontlevis ne répond pas. Réessayez dans un instant.", "The Pontlevis program does not answer. Try again in a moment."],
  passkey_cancelled: ["La clé d'accès n'a pas été utilisée. Réessayez, ou prenez le mot de passe.", "The passkey was not used. Try again, or use the password."],
  other: ["Cela n'a pas marché.", "That did not work."],
} as const satisfies Table;

type Known = keyof typeof errors;
const sentence = (key: Known) => ({ text: say(errors[key]), hint: "" });

export function sentence_for(problem: unknown): { text: string; hint: string } {
  if (problem instanceof Refusal) {
    if (Object.hasOwn(errors, problem.key)) return sentence(problem.key as Known);
    return { text: problem.what || say(errors.other), hint: problem.hint };
  }
  if (problem instanceof DOMException && (problem.name === "NotAllowedError" || problem.name === "AbortError" || problem.name === "InvalidStateError")) return sentence("passkey_cancelled");
  return { text: say(errors.other), hint: problem instanceof Error ? problem.message : "" };
}
