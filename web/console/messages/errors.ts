// Why an act did not happen, and the way forward: one sentence for each code of a problem, a rule's code
// (gateway/request_policy.cpp) included. A code that is not here shows the gateway's own words.
import { say, type Pair, type Table } from "../../shared/i18n";
import { Refusal } from "../api";

export const errors = {
  away: ["La passerelle ne répond pas. Ce que vous avez écrit est gardé ; réessayez dans un instant.", "The gateway does not answer. What you wrote is kept; try again in a moment."],
  not_signed_in: ["Identifiant, mot de passe ou code incorrect.", "Wrong user name, password or code."],
  sign_in_wrong: ["Identifiant, mot de passe ou code incorrect.", "Wrong user name, password or code."],
  locked: ["Trop d'essais : ce compte est bloqué un quart d'heure. Un administrateur peut le réinitialiser.", "Too many tries: this account is locked for a quarter of an hour. An administrator can reset it."],
  too_many: ["Trop d'essais de suite depuis cet endroit. Attendez un instant.", "Too many tries in a row from this place. Wait a moment."],
  expired: ["C'est trop tard : le délai est passé. Recommencez.", "Too late: the time is over. Begin again."],
  account_ended: ["Ce compte a pris fin. Voyez un administrateur.", "This account has ended. See an administrator."],
  step_up: ["Confirmez d'abord que c'est bien vous.", "First confirm that it is you."],
  account_closed: ["Ce compte est fermé. Voyez un administrateur.", "This account is closed. See an administrator."],
  wrong_password: ["Ce n'est pas votre mot de passe actuel.", "This is not your present password."],
  two_identities: ["Cette demande portait deux identités à la fois. Déconnectez-vous, puis recommencez.", "This request bore two identities at once. Sign out, then try again."],
  not_json: ["La passerelle n'a pas compris cette page. Rechargez-la.", "The gateway did not understand this page. Reload it."],
  under_way: ["Cette demande est déjà en train d'être traitée. Attendez un instant, puis regardez où elle en est.", "This request is already being dealt with. Wait a moment, then look where it stands."],
  outcome_unknown: ["On ne sait pas si cette demande a été faite : la passerelle a redémarré pendant ce temps. Regardez dans vos interventions avant de recommencer.", "It is not known whether this was done: the gateway restarted meanwhile. Look at your interventions before you try again."],
  key_reused: ["Cette demande a déjà été envoyée avec un autre contenu. Envoyez-la de nouveau.", "This request was already sent with another content. Send it again."],
  no_key_here: ["Cette demande ne peut pas porter de clé de répétition. Rechargez la page.", "This request cannot bear a repeat key. Reload the page."],
  wrong_code: ["Ce code n'est pas le bon. Attendez le suivant et réessayez.", "This code is not right. Wait for the next one and try again."],
  must_change_password: ["Choisissez d'abord votre mot de passe.", "First choose your password."],
  weak_password: ["Ce mot de passe est refusé : il faut au moins dix caractères, sans l'identifiant dedans.", "This password is refused: at least ten characters, without the user name in it."],
  bad_token: ["Ce jeton n'est pas connu ici, ou il a pris fin. Faites-en un autre.", "This token is not known here, or has ended. Make another one."],
  wrong_host: ["La console ne répond pas sous ce nom. Ouvrez son adresse habituelle.", "The console does not answer under this name. Open its usual address."],
  wrong_origin: ["La demande ne venait pas de cette page. L'essai est noté.", "The request did not come from this page. The attempt was recorded."],
  not_your_role: ["Votre rôle ne permet pas cet acte.", "Your role does not allow this act."],
  not_your_scope: ["Ce jeton ne permet pas cet acte.", "This token does not allow this act."],
  passkey_failed: ["La clé d'accès n'a pas été reconnue.", "The passkey was not recognised."],
  passkey_cancelled: ["La clé d'accès n'a pas été utilisée. Réessayez, ou prenez le mot de passe.", "The passkey was not used. Try again, or use the password."],
  oidc_failed: ["Le fournisseur d'identité n'a pas confirmé qui vous êtes. Réessayez, ou prenez le mot de passe.", "The identity provider did not confirm who you are. Try again, or use the password."],
  oidc_away: ["Le fournisseur d'identité ne répond pas. Réessayez, ou prenez le mot de passe.", "The identity provider does not answer. Try again, or use the password."],
  oidc_unknown: ["Le fournisseur d'identité vous connaît, mais aucun compte d'ici n'est à ce nom. Voyez un administrateur.", "The identity provider knows you, but no account here bears that name. See an administrator."],
  oidc_stale: ["Cette réponse du fournisseur d'identité est trop ancienne ou a déjà servi. Recommencez.", "This answer of the identity provider is too old or was used before. Begin again."],

  bad_input: ["Ce qui a été envoyé n'est pas valable.", "What was sent is not valid."],
  bad_frame: ["La passerelle n'a pas compris cette page. Rechargez-la.", "The gateway did not understand this page. Reload it."],
  bad_signature: ["La signature ne se vérifie pas : ce n'est pas une note de la clé du personnel, ou elle a été changée.", "The signature does not verify: it is not a note of the staff key, or it was changed."],
  not_found: ["Introuvable, ou pas à vous.", "Not found, or not yours."],
  not_allowed: ["Une règle l'interdit.", "A rule forbids it."],
  conflict: ["L'état a changé entre-temps : regardez où en sont les choses, puis recommencez.", "Things have changed meanwhile: look where they stand, then try again."],
  changed_meanwhile: ["Quelqu'un d'autre l'a changé entre-temps. Rien n'a été écrasé.", "Somebody else changed it meanwhile. Nothing was overwritten."],
  unavailable: ["Ce qu'il faut pour cela n'est pas là en ce moment. Réessayez plus tard.", "What it needs is not there at the moment. Try again later."],
  io: ["La passerelle n'a pas pu écrire. Rien n'a été fait ; prévenez la personne qui la tient.", "The gateway could not write. Nothing was done; tell the person who runs it."],
  closed: ["La liaison s'est fermée avant la fin. Regardez où en sont les choses.", "The link closed before the end. Look where things stand."],
  internal: ["La passerelle a rencontré une erreur. Rien n'a été ouvert.", "The gateway met an error. Nothing was opened."],
  too_large: ["Ce texte est trop long.", "This text is too long."],
  dpo_missing: ["Le contact du délégué à la protection des données manque : la passerelle ne prend aucune demande. Un administrateur peut le renseigner.", "The contact of the data protection officer is missing: the gateway takes no request. An administrator can fill it in."],
  purpose_missing: ["Dites d'abord pourquoi vous consultez : sans finalité, la passerelle ne montre aucun enregistrement.", "First say what you read for: without a purpose the gateway shows no record."],

  nir_in_text: ["Un texte contient un numéro de sécurité sociale. Décrivez le travail sans désigner de patient.", "A text holds a social-security number. Describe the work without naming a patient."],
  practice_unknown: ["Ce cabinet n'est pas inscrit ici. Choisissez-le dans la liste.", "This practice is not enrolled here. Choose it in the list."],
  contract_not_valid: ["Le contrat de ce cabinet n'est pas valable aujourd'hui. Voyez la personne qui tient les contrats.", "This practice's contract is not valid today. See the person who keeps the contracts."],
  system_not_offered: ["Le cabinet n'offre plus ce système. Regardez ce qu'il offre.", "The practice no longer offers this system. Look at what it offers."],
  tool_not_offered: ["Le cabinet n'offre pas cet outil sur ce système. Retirez-le de la demande.", "The practice does not offer this tool on this system. Take it out of the request."],
  agent_away: ["Le cabinet n'est pas joignable en ce moment. Demandez-lui de démarrer son agent, puis envoyez de nouveau.", "The practice cannot be reached at the moment. Ask it to start its agent, then send again."],
  same_person: ["La même personne est nommée deux fois : un binôme, ce sont deux personnes différentes.", "The same person is named twice: a pair is two different people."],
  card_not_valid: ["La carte d'un intervenant n'est pas valable. Il lui en faut une nouvelle, ou quelqu'un d'autre.", "An operator's card is not valid. A new card is needed, or somebody else."],
  outside_eea: ["Un intervenant travaille hors de l'Espace économique européen : voir un écran depuis là-bas est un transfert de données. Choisissez quelqu'un d'autre.", "An operator works outside the European Economic Area: seeing a screen from there is a transfer of data. Choose somebody else."],
  subprocessor_not_authorised: ["Le sous-traitant d'un intervenant n'est pas autorisé. Choisissez quelqu'un d'autre, ou attendez son autorisation.", "An operator's sub-processor is not authorised. Choose somebody else, or wait for it to be authorised."],
  critical_needs_pair: ["Une intervention critique se fait à deux. Choisissez un binôme.", "A critical intervention needs two people. Choose a pair."],
  critical_needs_staff: ["Une intervention critique demande une personne qualifiée additionnelle. Nommez-la.", "A critical intervention needs an additional qualified person. Name one."],
  notice_too_short: ["Le préavis convenu n'est pas respecté. Planifiez plus tard, ou dites pourquoi c'est urgent.", "The agreed notice is not kept. Plan it for later, or say why it is urgent."],
  already_open: ["Un des intervenants a déjà une intervention en cours sur ce système. Terminez-la ou annulez-la d'abord.", "One of the operators already has an intervention under way on this system. Finish or cancel it first."],
  other: ["Cela n'a pas marché.", "That did not work."],
} as const satisfies Table;

type Known = keyof typeof errors;
export interface Sentence { text: string; hint: string }

// Where the gateway's own detail says what the sentence cannot: which field, which card, which date.
const detailed = new Set<Known>(["bad_input", "bad_signature", "conflict", "not_allowed", "unavailable", "io", "internal", "weak_password", "contract_not_valid", "system_not_offered", "tool_not_offered",
  "card_not_valid", "outside_eea", "subprocessor_not_authorised", "notice_too_short", "already_open"]);

const known = (code: string): Known | null => (Object.hasOwn(errors, code.toLowerCase()) ? (code.toLowerCase() as Known) : null);

export function code_of(problem: unknown): string {
  if (!(problem instanceof Refusal)) return problem instanceof DOMException ? "passkey_cancelled" : "other";
  if (problem.status === 412) return "changed_meanwhile";
  if (problem.status === 413) return "too_large";
  return problem.code.toLowerCase();
}

export function sentence_for(problem: unknown): Sentence {
  const key = known(code_of(problem));
  const told = problem instanceof Refusal ? problem : null;
  if (!key) return { text: told?.detail || say(errors.other as Pair), hint: told?.hint || (!told && problem instanceof Error ? problem.message : "") };
  const detail = !detailed.has(key) || !told ? "" : [told.where, told.detail, told.hint].filter(Boolean).join(" – ");
  return { text: say(errors[key]), hint: detail };
}
