// The codes of the records and registers in words. A code that says different things in different places is looked
// for under its place first: "backup.EXPIRED". What is not here is said in the console's words, then in those the
// practice reads of the same record.
import { say, type Pair, type Table } from "../../shared/i18n";
import { has_word, word_of } from "../../console/messages/codes";
import { has_word as practice_has, word_of as practice_word } from "../../practitioner/messages/codes";

export const review_codes = {
  "purpose.CONTROL": ["Contrôle interne", "Internal control"], "purpose.INCIDENT": ["Incident ou violation", "Incident or breach"], "purpose.RIGHTS_REQUEST": ["Demande d'une personne", "Request of a person"],
  "purpose.AUTHORITY": ["Demande d'une autorité", "Request of an authority"], "purpose.CONTRACT": ["Suivi d'un contrat", "Contract management"], "purpose.TRAINING": ["Formation", "Training"],
  "filter.UNSEEN": ["relue par personne", "reviewed by nobody"], "filter.SEEN": ["relue", "reviewed"], "filter.QUESTION": ["question ouverte", "open question"], "filter.FINDING": ["constat ouvert", "open finding"],
  "filter.NONE": ["sans compte rendu", "no report"], "filter.ANY": ["au moins une", "at least one"],
  SEEN: ["Relue", "Reviewed"], QUESTION: ["Question", "Question"], FINDING: ["Constat", "Finding"], ANSWER: ["Réponse", "Answer"], RESOLVED: ["Résolu", "Resolved"],
  "kind.rights_request": ["Demande d'une personne", "Request of a person"], "kind.breach": ["Violation de données", "Data breach"], "kind.hold": ["Gel juridique", "Legal hold"], "kind.annual_review": ["Revue annuelle", "Annual review"],
  "kind.contract_end": ["Fin de contrat", "End of a contract"], "kind.finding": ["Constat", "Finding"], "kind.backup": ["Sauvegarde", "Backup"], "kind.restore_test": ["Essai de restauration", "Restore test"], "kind.purge": ["Destruction à échéance", "Destruction in time"],
  "kind.processing_entry": ["Fiche du registre", "Register entry"],
  "class.open": ["non personnelle", "not personal"], "class.person": ["personne", "person"], "class.ip": ["adresse IP", "IP address"], "class.text": ["texte libre", "free text"], "class.statement": ["déclaration signée", "signed statement"],
  "field.OPEN": ["lisible", "readable"], "field.DESTROYED": ["détruite", "destroyed"], "field.QUARANTINED": ["mise à l'écart", "set aside"], "field.UNREADABLE": ["illisible", "unreadable"],
  "difference.MISSING_HERE": ["Signé par le cabinet, absent d'ici", "Signed by the practice, missing here"], "difference.NOT_SIGNED": ["Écrit ici, sans signature du cabinet", "Written here, without the practice's signature"],
  "difference.BAD_SIGNATURE": ["La signature du cabinet ne se vérifie pas", "The practice's signature does not verify"], "difference.ORDER": ["Pas dans l'ordre que le cabinet a signé", "Not in the order the practice signed"], "difference.VALUE": ["Deux valeurs différentes", "Two different values"],
  CSV: ["Tableau (CSV)", "Table (CSV)"], JSON: ["Données (JSON)", "Data (JSON)"], PDF: ["Rapport (PDF)", "Report (PDF)"], PROOF_PACK: ["Dossier de preuve (ZIP)", "Proof pack (ZIP)"],
  "export.MAKING": ["en préparation", "being made"], "export.READY": ["prêt", "ready"], "export.FAILED": ["échec", "failed"], "export.EXPIRED": ["retiré à échéance", "removed in time"],
  RETENTION: ["Durée de conservation atteinte", "Retention period over"], IP_6_MONTHS: ["Adresses IP : terme de six mois", "IP addresses: term of six months"], NEVER_OPENED: ["Demande restée sans ouverture depuis un an", "Request not opened within a year"], CONTRACT_END: ["Fin du contrat", "End of the contract"],
  ERASURE_REQUEST: ["Demande d'effacement", "Request for erasure"], SPONTANEOUS_HEALTH_DATA: ["Données de santé non demandées", "Health data nobody asked for"], ANNUAL_REVIEW: ["Revue annuelle", "Annual review"],
  "certificate.PARTIAL": ["provisoire : des sauvegardes restent", "provisional: backups remain"], "certificate.FINAL": ["définitif", "final"], VERIFIED: ["absence vérifiée", "absence verified"], ABSENT: ["absence vérifiée", "absence verified"],
  PRESENT: ["des restes trouvés", "remains found"],
  "alarm.TWO_HISTORIES": ["deux histoires de même taille", "two histories of one size"], "alarm.ROLLED_BACK": ["revenu en arrière", "went back"], "alarm.NO_PROOF": ["suite sans preuve", "no proof that it continues"], "alarm.MISSING_RECORD": ["un enregistrement promis manque", "a promised record is missing"], "alarm.BEHIND": ["en retard sur ce témoin", "behind this witness"],
  "evidence.log_failed": ["Le journal n'enregistrait plus", "The log recorded no more"], "evidence.store_failed": ["La base n'enregistrait plus", "The store recorded no more"], "evidence.log_damaged": ["Le journal est abîmé", "The log is damaged"], "evidence.log_replaced": ["Le journal a été remplacé", "The log was replaced"],
  "evidence.log_behind": ["Le journal est en retard sur ses témoins", "The log is behind its witnesses"], "evidence.witness_alarm": ["Alarme d'un témoin", "Alarm of a witness"], "evidence.repeated_locks": ["Un compte verrouillé trois fois", "An account locked three times"], "evidence.password_guessing": ["Essais de mots de passe", "Password guessing"],
  "evidence.bad_frames": ["Messages interdits par le protocole", "Messages the protocol forbids"], "evidence.enrolment_guessing": ["Essais de codes d'inscription", "Guessing of enrolment codes"], "evidence.retention_late": ["Données gardées trop longtemps", "Data kept too long"], "evidence.doubt": ["Un fait qui met en doute la sécurité", "A fact that casts doubt on security"],
  "rule.NIR": ["numéro de sécurité sociale reconnu", "social-security number recognised"], "rule.PERSON": ["relevé par une personne", "noticed by a person"], AUTOMATON: ["automate", "automaton"], automaton: ["automate", "automaton"],
  DATABASE: ["base du journal", "the log's database"], WRITE_AHEAD_LOG: ["journal d'écriture de la base", "the database's write-ahead log"], KEYS: ["clés", "keys"], NAMED_FILES: ["fichiers désignés", "named files"], BACKUPS: ["sauvegardes", "backups"], DISK_OF_THE_PRACTICE: ["disque du cabinet", "the practice's disk"],
  KEYS_AND_CIPHERTEXT_DESTROYED: ["clés et données chiffrées détruites", "keys and ciphertext destroyed"], KEY_DESTROYED_THEN_FILES: ["clé détruite, puis fichiers", "key destroyed, then files"], BYTE_SCAN: ["recherche octet par octet", "byte-by-byte scan"], FILES_REWRITTEN_THEN_BYTE_SCAN: ["fichiers réécrits, puis recherche octet par octet", "files rewritten, then a byte-by-byte scan"],
  LOOKED_FOR_KEY_AND_FILES: ["clé et fichiers cherchés", "key and files looked for"], BACKUPS_EXPIRED: ["sauvegardes arrivées à leur terme", "backups expired"], BACKUPS_EXPIRED_AND_FILES_GONE: ["sauvegardes arrivées à leur terme et fichiers supprimés", "backups expired and files gone"], RETENTION_POLICY: ["politique de conservation", "retention policy"],
  FINAL: ["définitif", "final"], PARTIAL: ["provisoire", "provisional"],
  KEEP: ["Conserver", "Keep"], DELETE: ["Détruire", "Destroy"], RETURN_THEN_DELETE: ["Restituer, puis détruire", "Return, then destroy"],
  "spontaneous.QUARANTINED": ["mise à l'écart", "set aside"], "spontaneous.DESTROYED": ["détruite", "destroyed"],
  "backup.DATA": ["Données", "Data"], "backup.KEYS": ["Clés", "Keys"], "backup.KEPT": ["conservée", "kept"], "backup.EXPIRED": ["supprimée à échéance", "removed in time"], "backup.FAILED": ["échec", "failed"],
  RESPONSABLE: ["Responsable de traitement (30.1)", "Controller (30.1)"], SOUS_TRAITANT: ["Sous-traitant (30.2)", "Processor (30.2)"],
  ACCESS: ["Accès", "Access"], RECTIFICATION: ["Rectification", "Rectification"], ERASURE: ["Effacement", "Erasure"], RESTRICTION: ["Limitation", "Restriction"], OBJECTION: ["Opposition", "Objection"], PORTABILITY: ["Portabilité", "Portability"], AFTER_DEATH: ["Directives après le décès", "Directives after death"],
  APP: ["Page du cabinet", "Practice's page"], EMAIL: ["Courriel", "E-mail"], POST: ["Courrier", "Letter"], ORAL: ["De vive voix", "In person"], PHONE: ["Téléphone", "Phone"],
  PATIENT: ["Patient", "Patient"], PRACTITIONER: ["Professionnel de santé", "Practitioner"], PRACTICE_STAFF: ["Personnel d'un cabinet", "Staff of a practice"], TECHNICIAN: ["Intervenant", "Technician"], OTHER: ["Autre", "Other"],
  "rights.RECEIVED": ["reçue", "received"], "rights.IDENTITY": ["identité contrôlée", "identity checked"], "rights.SEARCHING": ["recherche en cours", "being searched"], "rights.SEARCHED": ["données cherchées", "data searched"], "rights.FORWARDED": ["transmise au cabinet", "forwarded to the practice"], "rights.ANSWERED": ["répondue", "answered"],
  "step.EXTENDED": ["délai prolongé", "time extended"], "step.ANSWER": ["réponse", "answer"], "step.IDENTITY": ["identité contrôlée", "identity checked"], "step.IDENTITY_CHECKED": ["identité contrôlée", "identity checked"], "step.CHANGED": ["fiche modifiée", "file changed"], "step.NOTIFIED": ["notification envoyée", "notice sent"], "step.DRAFTED": ["projet ouvert", "draft opened"],
  "step.DELIVERED": ["notification reçue", "notice received"], "step.SCOPED": ["périmètre calculé", "scope computed"], "step.PLACED": ["posé", "placed"], "step.REVIEWED": ["réexaminé", "reviewed"], "step.LIFTED": ["levé", "lifted"], "step.CLOSED": ["fiche close", "file closed"], "step.CONFIRMED": ["violation confirmée", "breach confirmed"],
  "step.DISMISSED": ["projet écarté", "draft dismissed"], "step.RECEIVED": ["demande reçue", "request received"], "step.SEARCHED": ["données cherchées", "data searched"], "step.FORWARDED": ["transmise au cabinet", "forwarded to the practice"], "step.ANSWERED": ["réponse envoyée", "answer sent"], "step.REMINDED": ["rappel d'échéance", "deadline reminder"],
  "method.ACCOUNT": ["par son compte ou son adresse connue", "by their account or known address"], "method.CALL_BACK": ["rappel au numéro connu", "called back at the known number"], "method.LETTER": ["courrier à l'adresse connue", "letter to the known address"], "method.DOCUMENT_SEEN": ["pièce vue, non gardée", "document seen, not kept"], "method.PRACTICE": ["par son cabinet", "by their practice"], "method.NONE": ["aucun contrôle", "no check"],
  "identity.CONFIRMED": ["identité confirmée", "identity confirmed"], NOT_CONFIRMED: ["identité non confirmée", "identity not confirmed"], NOT_NEEDED: ["contrôle inutile", "no check needed"],
  GRANTED: ["acceptée", "granted"], PARTLY_GRANTED: ["acceptée en partie", "granted in part"], "outcome.REFUSED": ["refusée", "refused"], NOTHING_HELD: ["rien n'est détenu sur cette personne", "nothing is held about this person"],
  "outcome.FORWARDED": ["le cabinet répond", "the practice answers"], "outcome.WITHDRAWN": ["demande retirée", "request withdrawn"], "route.VENDOR": ["l'éditeur", "the vendor"], "route.PRACTICE": ["le cabinet", "the practice"],
  CONFIDENTIALITE: ["confidentialité", "confidentiality"], INTEGRITE: ["intégrité", "integrity"], DISPONIBILITE: ["disponibilité", "availability"],
  "breach.DRAFT": ["projet", "draft"], "breach.CONFIRMED": ["confirmée", "confirmed"], "breach.DISMISSED": ["écartée", "dismissed"], "breach.CLOSED": ["close", "closed"],
  LOW: ["faible", "low"], MEDIUM: ["moyenne", "medium"], HIGH: ["élevée", "high"], SEVERE: ["très élevée", "severe"],
  INITIALE: ["initiale", "first"], COMPLEMENTAIRE: ["complémentaire", "further"], CLOTURE: ["de clôture", "closing"],
  CNIL: ["CNIL", "CNIL"], CSIRT: ["ANSSI ou CERT Santé", "ANSSI or CERT Santé"],
  H24: ["24 heures : prévenir les cabinets", "24 hours: tell the practices"], H72: ["72 heures : la CNIL", "72 hours: the CNIL"], MONTH: ["un mois : rapport final", "one month: final report"],
  INTERNAL_ACCIDENTAL: ["interne, accidentelle", "internal, accidental"], INTERNAL_MALICIOUS: ["interne, malveillante", "internal, malicious"], EXTERNAL_ACCIDENTAL: ["externe, accidentelle", "external, accidental"], EXTERNAL_MALICIOUS: ["externe, malveillante", "external, malicious"],
  "delivery.WAITING": ["en attente", "waiting"], "delivery.ACKNOWLEDGED": ["reçu", "received"], "delivery.REFUSED": ["refusé", "refused"], "delivery.GIVEN_UP": ["abandonné après plusieurs essais", "given up after several tries"], "delivery.DROPPED": ["écarté", "dropped"],
  "channel.webhook": ["Relation clients", "Customer relations"], "channel.mail": ["Courriel", "E-mail"], "channel.csv": ["Fichier du jour", "Daily file"],
  "subject.report": ["compte rendu", "report"], "subject.correction": ["rectification", "correction"], "subject.deletion": ["suppression", "deletion"], "subject.clock": ["échéance", "deadline"], "subject.notice": ["notification", "notice"], "subject.intervention": ["intervention", "intervention"],
} as const satisfies Table;

const own = (key: string): Pair | null => (Object.hasOwn(review_codes, key) ? review_codes[key as keyof typeof review_codes] : null);

export function word(code: string | null | undefined, place = ""): string {
  if (!code) return "–";
  const pair = own(`${place}.${code}`) ?? own(code);
  if (pair) return say(pair);
  return has_word(code) ? word_of(code) : practice_has(code) ? practice_word(code) : plain_code(code);
}
export const knows = (code: string, place = ""): boolean => Boolean(own(`${place}.${code}`) ?? own(code)) || has_word(code) || practice_has(code);

// A code without a word of ours is read as words, not as a sign of the wire.
export const plain_code = (code: string): string => (/^[A-Za-z0-9]+(_[A-Za-z0-9]+)+$|^[A-Z]{2,}$/.test(code) ? code.toLowerCase().replace(/_/g, " ") : code);
