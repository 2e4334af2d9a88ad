// Types and fields of the log's records, in words. What the pages share stands in shared/labels.ts.
import { say, type Table } from "../../shared/i18n";
import { label_of as shared_label, labels } from "../../shared/labels";
import { plain_code } from "./codes";

export const record_types = {
  request: ["Demande", "Request"], request_refused: ["Demande refusée par les règles", "Request forbidden by policy"], consent: ["Accord", "Consent"], refusal: ["Refus", "Refusal"], lapse: ["Expiration sans réponse", "Lapse"],
  not_asked: ["Cabinet injoignable", "Practice not reached"], cancelled: ["Annulation", "Cancelled"], session_open: ["Ouverture de session", "Session opened"], connection: ["Connexion", "Connection"], transfer: ["Fichier", "File"],
  forward: ["Accès à un service", "Access to a service"], attempt: ["Tentative refusée", "Refused attempt"], password: ["Mot de passe à usage unique", "One-time password"], pause: ["Interruption", "Pause"], typist: ["Choix de qui agit", "Choice of who acts"],
  handover: ["Passage de responsabilité", "Handover of the charge"], acceptance: ["Date acceptée", "Date accepted"], report_received: ["Compte rendu reçu", "Report received"], withdrawal: ["Retrait de l'accord", "Withdrawal of consent"],
  session_end: ["Fin de session", "Session ended"], report: ["Compte rendu", "Report"], intervention: ["Clôture", "Closing"], recovery: ["Reprise après incident", "Recovery"], recording: ["Enregistrement de la session", "Recording"],
  recording_view: ["Enregistrement visionné", "Recording viewed"], comment: ["Observation du cabinet", "Comment of the practice"], destruction: ["Destruction", "Destruction"], rehearsal: ["Essai", "Rehearsal"], rights_request: ["Demande d'une personne", "Request of a person"],
  rights_step: ["Suite donnée à une demande", "Step of a request"], viewed: ["Consultation", "Look at records"], review_mark: ["Relecture", "Review"], exported: ["Export", "Export"], hold: ["Gel juridique", "Legal hold"], annual_review: ["Revue annuelle", "Annual review"],
  contract_end: ["Fin de contrat", "End of a contract"], spontaneous_data: ["Donnée reçue sans être demandée", "Data nobody asked for"], breach: ["Violation de données", "Data breach"], register_entry: ["Fiche du registre", "Register entry"], delivery: ["Envoi", "Delivery"],
  timestamp: ["Horodatage", "Timestamp"], backup: ["Sauvegarde", "Backup"], link: ["Suite d'un autre journal", "Successor of another log"], witness_alarm: ["Alarme d'un témoin", "Alarm of a witness"], security: ["Sécurité", "Security"],
  log_start: ["Démarrage", "Start"], log_stop: ["Arrêt", "Stop"], enrolment: ["Inscription d'une clé", "Enrolment of a key"], technician: ["Carte d'intervenant", "Staff card"], practice: ["Cabinet", "Practice"],
  subprocessor: ["Sous-traitant", "Sub-processor"], account: ["Compte", "Account"], settings: ["Réglages", "Settings"],
} as const satisfies Table;

export const record_fields = {
  type: ["Type", "Type"], time: ["Inscrit le", "Written"], sequence: ["N° d'ordre du cabinet", "Practice's sequence number"], operator: ["Intervenant", "Operator"], requested_by: ["Demandée par", "Requested by"], account: ["Compte", "Account"], expires_at: ["Expire le", "Expires"],
  event: ["Événement", "Event"], cause: ["Cause", "Cause"], by: ["Par", "By"], bytes: ["Taille", "Size"], direction: ["Sens", "Way"], tool: ["Outil", "Tool"], target: ["Cible", "Target"], target_host: ["Cible", "Target"], target_port: ["Port", "Port"], action: ["Tenté", "Tried"], rule: ["Règle", "Rule"],
  rule_version: ["Version des règles", "Version of the rules"], explanation: ["Explication", "Explanation"], detail: ["Détail", "Detail"], source_ip: ["Adresse IP", "IP address"], ip_refs: ["Adresses IP", "IP addresses"], system: ["Système", "System"], statement: ["Déclaration signée du cabinet", "Practice's signed statement"],
  author_side: ["Côté", "Side"], amendments: ["Rectifications", "Amendments"], amends: ["Rectifie", "Amends"], completes: ["Complète", "Completes"], answered_at: ["Répondue le", "Answered"], attempted_at: ["Tentée le", "Attempted"], cancelled_at: ["Annulée le", "Cancelled"], cancelled_by: ["Annulée par", "Cancelled by"],
  client: ["Programme", "Program"], closed_at: ["Close le", "Closed"], commented_at: ["Écrite le", "Written"], connection_id: ["Connexion n°", "Connection no."], consent_index: ["Accord, enregistrement n°", "Consent, record no."], contract_from: ["Contrat du", "Contract from"], contract_until: ["Contrat au", "Contract until"],
  controller_name: ["Responsable de traitement", "Controller"], crm_sync_state: ["Transmission à la relation clients", "Sent to customer relations"], cut_at: ["Coupée le", "Cut"], fingerprint: ["Empreinte", "Fingerprint"], key_fingerprint: ["Empreinte de la clé", "Key fingerprint"], key_fingerprints: ["Empreintes des clés", "Key fingerprints"],
  forwarded_to: ["Transmise à", "Forwarded to"], found: ["Trouvés", "Found"], given_up_at: ["Abandonnée le", "Given up"], holder: ["Titulaire", "Holder"], kind: ["Nature", "Kind"], known: ["Connu", "Known"], lapse_at: ["Expiration prévue", "Lapses"], lapsed_at: ["Expirée le", "Lapsed"], last_seen_at: ["Vue la dernière fois", "Last seen"],
  notice_version: ["Version de la notice", "Notice version"], asked_at: ["Posée le", "Asked"], origin: ["Journal", "Log"], own_size: ["Taille connue", "Known size"], page_open: ["Page ouverte", "Page open"], performed_at: ["Fait le", "Done"], place: ["Lieu", "Place"], received_at: ["Reçue le", "Received"], recipient: ["Destinataire", "Recipient"],
  reference: ["Référence", "Reference"], report_sent_at: ["Compte rendu transmis le", "Report sent"], request: ["Demande", "Request"], route: ["Chemin", "Route"], seconds: ["Durée", "Duration"], size_before: ["Taille avant", "Size before"], status: ["État", "State"], stopped: ["Arrêtée", "Stopped"], subject: ["Objet", "Subject"],
  system_id: ["Système", "System"], timestamp_token_ref: ["Horodatage", "Timestamp"], trained_on: ["Formé le", "Trained"], trigger: ["Déclencheur", "Trigger"], typist: ["Qui agit", "Who acts"], verified_at: ["Vérifié le", "Verified"], verified_by: ["Vérifié par", "Verified by"], view: ["Vue", "View"], viewed_at: ["Vue le", "Seen"], viewed_by: ["Vue par", "Seen by"],
  withdrawn_at: ["Retiré le", "Withdrawn"], withdrawn_by: ["Retiré par", "Withdrawn by"], words: ["Mots", "Words"], gateway_reachable: ["Passerelle joignable", "Gateway reachable"], recovered_at: ["Reprise le", "Recovered"], skipped_bytes: ["Non enregistré", "Not recorded"], media: ["Supports", "Media"], done_by: ["Fait par", "Done by"],
  delivery_proof: ["Preuve de remise", "Proof of delivery"], subject_kind: ["Objet", "Subject"], task: ["Tâche", "Task"], changes: ["Changements", "Changes"], annual_review: ["Revue annuelle", "Annual review"], policy_version: ["Politique appliquée", "Policy applied"], scope: ["Portée", "Scope"], scope_commitment: ["Empreinte de la liste", "Digest of the list"],
  record_count: ["Nombre d'éléments", "Number of items"], oldest_at: ["Du", "From"], newest_at: ["Au", "To"], method: ["Procédé", "Method"], verification_method: ["Contrôle", "Check"], verification_result: ["Résultat du contrôle", "Result of the check"], backup_expiry_at: ["Fin des sauvegardes", "End of backups"],
  deferrals: ["Éléments différés", "Deferred items"], previous_certificate_hash: ["Certificat précédent", "Previous certificate"], certificate_id: ["N° de certificat", "Certificate no."], issued_at: ["Établi le", "Issued"], keys_destroyed: ["Clés détruites", "Keys destroyed"], remanence: ["Recherche de restes", "Search for remains"],
  legal_basis: ["Fondement", "Legal ground"], bytes_in: ["Volume entrant", "Bytes in"], person: ["Personne", "Person"], mark: ["Note", "Mark"], mark_id: ["N° de note", "Mark no."], about: ["Au sujet de", "About"], due: ["Échéance", "Due"], marked_by: ["Notée par", "Marked by"], filter: ["Recherche", "Search"], field: ["Champ", "Field"],
  exported_by: ["Exporté par", "Exported by"], format: ["Forme", "Form"], expires_on: ["À supprimer avant le", "Delete by"], count: ["Nombre", "Number"], hold_id: ["N° de gel", "Hold no."], review_on: ["À réexaminer le", "Review on"], record_index: ["Enregistrement n°", "Record no."], case_id: ["N° de cas", "Case no."],
} as const satisfies Table;

export const type_name = (type: string): string => (Object.hasOwn(record_types, type) ? say(record_types[type as keyof typeof record_types]) : plain_code(type));
export function field_name(name: string): string {
  if (Object.hasOwn(record_fields, name)) return say(record_fields[name as keyof typeof record_fields]);
  const words = Object.hasOwn(labels, name) ? shared_label(name) : plain_code(name);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
