// Labels of the fields of records, fiches and consent receipts: requirements §4.1, §4.2.
import { say, type Table } from "./i18n";

export const labels = {
  intervention_id: ["Intervention", "Intervention"], intervention: ["Intervention", "Intervention"], practice: ["Cabinet", "Practice"], state: ["État", "State"],
  purpose: ["Finalité", "Purpose"], reason: ["Motif", "Reason"], planned_tasks: ["Tâches prévues", "Planned tasks"], ticket_ref: ["Dossier", "Ticket"], crm_ref: ["Relation clients", "Customer relations"],
  contract_ref: ["Contrat", "Contract"], criticality: ["Criticité", "Criticality"], difficulty: ["Difficulté", "Difficulty"], pair_required: ["Binôme exigé", "Pair required"],
  emergency: ["Urgence", "Emergency"], emergency_justification: ["Justification de l'urgence", "Why it was urgent"], person_in_charge: ["Personne en charge", "Person in charge"],
  participants: ["Intervenants", "Operators"], operators: ["Intervenants", "Operators"], approver: ["Personne ayant autorisé", "Approved by"], approver_role: ["Qualité", "Capacity"], national_id: ["N° RPPS/ADELI", "RPPS/ADELI number"],
  responsible_person: ["Sous la responsabilité de", "Under the responsibility of"], supervised_by: ["Suivie par", "Watched by"], systems: ["Systèmes", "Systems"], tools: ["Outils", "Tools"],
  tool_name: ["Outil d'accès", "Access tool"], tool_version: ["Version", "Version"], version: ["Version", "Version"], protocol: ["Protocole", "Protocol"], access_types: ["Types d'accès", "Access types"], permissions: ["Droits", "Permissions"],
  data_categories: ["Catégories de données", "Categories of data"], host_key_fingerprint: ["Empreinte du poste", "Host key"], algorithms: ["Algorithmes", "Algorithms"],
  requested_at: ["Demandée le", "Requested"], decided_at: ["Décidée le", "Decided"], window_start: ["Fenêtre, début", "Window, start"], window_end: ["Fenêtre, fin", "Window, end"],
  opened_at: ["Ouverte le", "Opened"], deadline: ["Échéance", "Deadline"], started_at: ["Début", "Start"], ended_at: ["Fin", "End"], duration_seconds: ["Durée", "Duration"], active_seconds: ["Durée active", "Active time"],
  minutes: ["Durée accordée", "Time granted"], pauses: ["Interruptions", "Pauses"], end_cause: ["Cause de fin", "Cause of the end"], end_detail: ["Précision", "Detail"], ended_by: ["Arrêtée par", "Ended by"], cut_latency_ms: ["Délai de coupure", "Time to cut"],
  clock_offset_ms: ["Écart d'horloge", "Clock offset"], tasks_summary: ["Tâches effectuées", "Tasks done"], outcome: ["Résultat", "Outcome"], task_codes: ["Codes de tâches", "Task codes"],
  residual_cleanup: ["Suppression des données résiduelles", "Residual data removed"], processes_ended: ["Programmes arrêtés", "Programs ended"], processes_left: ["Programmes restés", "Programs left"],
  connections: ["Connexions", "Connections"], transfers: ["Transferts", "Transfers"], forwards: ["Redirections", "Forwards"], attempts: ["Tentatives refusées", "Refused attempts"],
  bytes_in: ["Volume entrant", "Bytes in"], bytes_out: ["Volume sortant", "Bytes out"], live_view: ["Visualisation", "Live view"], recording: ["Enregistrement", "Recording"], recording_days: ["Jours d'enregistrement", "Days of recording"],
  secret_events: ["Vie du mot de passe", "Life of the password"], nonconformities: ["Non-conformités", "Non-conformities"], practice_comment: ["Observation du cabinet", "Comment of the practice"],
  additional_staff_consulted: ["Personnels additionnels consultés", "Additional staff consulted"], none_consulted_justification: ["Absence de consultation", "Why nobody was consulted"],
  retention_class: ["Durée de conservation", "Retention"], destroy_after: ["À détruire le", "To be destroyed on"], legal_hold_ref: ["Gel juridique", "Legal hold"], leaf_hash: ["Feuille", "Leaf"], tree_size: ["Taille du journal", "Size of the log"],
  checkpoint_ref: ["Point de contrôle", "Checkpoint"], witness_ref: ["Témoin", "Witness"], login: ["Identifiant", "User name"], name: ["Nom", "Name"], display_name: ["Nom", "Name"], role: ["Rôle", "Role"], mode: ["Mode", "Mode"],
  qualification: ["Qualification", "Qualification"], employer: ["Employeur", "Employer"], subprocessor: ["Sous-traitant", "Sub-processor"], subprocessor_ref: ["Sous-traitant", "Sub-processor"], country: ["Pays", "Country"], label: ["Libellé", "Label"],
  hosting: ["Hébergement", "Hosting"], hosting_context: ["Hébergement", "Hosting"], confidentiality: ["Engagement de confidentialité", "Commitment to confidentiality"], action_limit: ["Engagement de limitation", "Commitment to limited action"],
  card_sha256: ["Empreinte de la carte", "Digest of the card"], length: ["Longueur", "Length"], entropy_bits: ["Bits de hasard", "Bits of randomness"], unused_after: ["Inutilisable après", "Dead if unused after"],
  program: ["Programme", "Program"], count: ["Nombre", "Number"], address: ["Adresse", "Address"], dpo: ["DPO", "DPO"], practice_key: ["Clé du cabinet", "Key of the practice"], instruction_id: ["Instruction", "Instruction"], consent_record_id: ["Accord", "Consent"],
  joined_at: ["Arrivée", "Joined"], left_at: ["Départ", "Left"], auth: ["Authentification", "Authentication"], auth_method: ["Authentification", "Authentication"], keys: ["Clés", "Keys"], id: ["Identifiant", "Identifier"], from: ["De", "From"], until: ["À", "Until"], cause: ["Cause", "Cause"],
  // the consent receipt
  record: ["Accord", "Consent"], conformsTo: ["Conforme à", "Conforms to"], "@type": ["Type", "Type"], principal: ["Personne", "Person"], practice_id: ["Cabinet", "Practice"], ip_addresses: ["Adresses IP", "IP addresses"],
  one_time_password: ["Mot de passe à usage unique", "One-time password"], means: ["Moyen", "Means"], reason_asked: ["Motif demandé", "Reason asked"], rights_contact: ["Pour exercer ces droits", "To exercise these rights"],
  watch: ["Suivi", "Watching"], host_keys: ["Clés du poste", "Host keys"], statement_sha256: ["Empreinte de la déclaration", "Digest of the statement"], extends: ["Prolonge", "Extends"], request_sha256: ["Empreinte de la demande", "Digest of the request"],
  notice_sha256: ["Empreinte de la mention", "Digest of the notice"], comment: ["Observation", "Comment"], text: ["Texte", "Text"], contested: ["Contesté", "Contested"], author: ["Auteur", "Author"],
  header: ["En-tête", "Header"], processing: ["Traitement", "Processing"], parties: ["Parties", "Parties"], events: ["Événements", "Events"], schema_version: ["Version du schéma", "Schema version"], record_id: ["Identifiant", "Record"],
  receipt_id: ["N° de reçu", "Receipt number"], principal_id: ["Personne consentante", "Consenting person"], request_hash: ["Empreinte de la demande affichée", "Digest of the request shown"], created_at: ["Créé le", "Created"],
  notice_ref: ["Mention d'information", "Notice"], notice_hash: ["Empreinte de la mention", "Digest of the notice"], language: ["Langue", "Language"], legal_basis: ["Base juridique", "Legal basis"], instruction_type: ["Nature", "Kind"],
  pii_types: ["Catégories de données", "Categories of data"], special_category: ["Données de santé", "Health data"], storage_location: ["Lieu de conservation", "Storage location"], retention_period: ["Durée de conservation", "Retention period"],
  processing_location: ["Lieu de traitement", "Processing location"], geographic_restriction: ["Restriction", "Restriction"], jurisdiction: ["Droit applicable", "Applicable law"], recipients: ["Destinataires", "Recipients"],
  withdrawal_method: ["Moyen de retrait", "How to withdraw"], rights: ["Droits", "Rights"], authority: ["Autorité", "Authority"], controllers: ["Responsable de traitement", "Controller"], processor: ["Sous-traitant", "Processor"],
  subprocessors: ["Sous-traitants ultérieurs", "Sub-processors"], party_id: ["Identifiant", "Identifier"], party_name: ["Nom", "Name"], party_address: ["Adresse", "Address"], party_contact: ["Contact", "Contact"], party_role: ["Rôle", "Role"], party_type: ["Type", "Type"],
  event_time: ["Date et heure", "Date and time"], event_state: ["État", "State"], event_type: ["Type", "Type"], validity: ["Validité", "Validity"], entity_id: ["Auteur", "Author"], expression_method: ["Moyen", "Means"], acts_count: ["Nombre d'actions", "Number of acts"],
  displayed_text_hash: ["Texte affiché", "Text shown"], approver_auth: ["Authentification", "Authentication"], acr: ["Niveau", "Level"], effect_confirmed_at: ["Effet constaté le", "Effect confirmed"], propagation: ["Répercussion", "Passed on to"], signature: ["Signature du cabinet", "Signature of the practice"], key_id: ["Clé", "Key"],
} as const satisfies Table;

export const label_of = (name: string): string => {
  const bare = name.includes(":") ? name.slice(name.indexOf(":") + 1) : name;
  return Object.hasOwn(labels, bare) ? say(labels[bare as keyof typeof labels]) : bare.replace(/_/g, " ");
};
