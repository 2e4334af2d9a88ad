#include "agent/notice.hpp"

#include "audit/local_time.hpp"
#include "protocol/crypto/sha256.hpp"

namespace pontlevis::agent {
namespace {

struct Two {
  const char* fr;
  const char* en;
};

// Every sentence stands here twice, side by side: the key sets of both languages are one table.
namespace say {
constexpr Two title{"Demande d'accès à distance à votre système.", "Request for remote access to your system."};
constexpr Two closed{"Rien n'est ouvert tant que vous n'avez pas accepté.", "Nothing is open until you have agreed."};
constexpr Two who{"Qui ? ", "Who? "};
constexpr Two from{", depuis ", ", from "};
constexpr Two pair{"En binôme avec ", "In a pair with "};
constexpr Two additional{"Personnel additionnel qualifié : ", "Additional qualified staff: "};
constexpr Two consulted{" (seulement consulté)", " (only consulted)"};
constexpr Two subprocessor{"Sous-traitant : ", "Sub-processor: "};
constexpr Two why{"Pourquoi ? ", "Why? "};
constexpr Two maintenance{"Maintenance", "Maintenance"};
constexpr Two support{"Assistance", "Support"};
constexpr Two ticket{" – dossier ", " – ticket "};
constexpr Two tasks{"Tâches prévues : ", "Planned tasks: "};
constexpr Two sensitive{"Intervention sensible.", "Sensitive intervention."};
constexpr Two critical{"Intervention critique.", "Critical intervention."};
constexpr Two emergency{"Urgence : ", "Emergency: "};
constexpr Two what{"Sur quoi ? ", "On what? "};
constexpr Two tool{"Outil : ", "Tool: "};
constexpr Two rights{"Droits demandés : ", "Rights asked for: "};
constexpr Two lower{", que vous pouvez réduire.", ", which you can lower."};
constexpr Two when{"Quand ? Dès votre accord, ", "When? From your consent, for at most "};
constexpr Two planned{"Quand ? Intervention planifiée : du ", "When? Planned: from "};
constexpr Two until{" au ", " to "};
constexpr Two you_open{" (heure de Paris), au moment où vous l'ouvrirez vous-même, ", " (Paris time), at the moment when you open it yourself, for at most "};
constexpr Two minutes{" minutes au plus ; fermeture automatique ensuite.", " minutes; closed automatically after that."};
constexpr Two data{"Quelles données peuvent être vues ? Celles affichées à l'écran, y compris des données de santé de "
                   "vos patients",
                   "Which data may be seen? Those on the screen, including health data of your patients"};
constexpr Two no_copy{". Aucune copie n'est faite hors de votre cabinet", ". No copy is made outside your practice"};
constexpr Two unless{" sauf : transfert de fichiers, si vous laissez l'outil « fichiers »",
                     " except: file transfer, if you leave the tool “files”"};
constexpr Two recording{". Enregistrement : non, sauf si vous le demandez ; il serait alors chiffré et conservé chez vous 30 "
                        "jours.",
                        ". Recording: no, unless you ask for it; it would then be encrypted and kept at your practice for "
                        "30 days."};
constexpr Two extension_title{"Prolongation de l'accès à distance. Elle ne se fait qu'avec votre accord.",
                              "Extension of the remote access. It happens only with your consent."};
constexpr Two longer{"Combien de temps ? ", "How long? "};
constexpr Two more_minutes{" minutes de plus ; fermeture automatique ensuite.", " minutes more; closed automatically after that."};
constexpr Two same{"Tout le reste ne change pas : mêmes personnes, mêmes outils, mêmes droits. Votre accord vaut instruction "
                   "documentée (RGPD, art. 28). Vous pouvez suspendre ou retirer votre accord à tout moment, en un seul "
                   "geste, sans motif.",
                   "Everything else stays as it is: same people, same tools, same rights. Your consent is a documented "
                   "instruction (GDPR, art. 28). You can pause or withdraw your consent at any time, by one act, without "
                   "a reason."};
constexpr Two instruction{
    "Votre accord vaut instruction documentée (RGPD, art. 28), limitée à ce qui est écrit ici. Vous suivez "
    "l'intervention en direct et pouvez la suspendre ou retirer votre accord à tout moment, en un seul geste, sans "
    "motif : l'accès est coupé aussitôt. Le retrait n'efface pas la trace de ce qui a déjà été fait.",
    "Your consent is a documented instruction (GDPR, art. 28), limited to what is written here. You watch the "
    "intervention live and can pause it or withdraw your consent at any time, by one act, without a reason: access "
    "is cut at once. Withdrawal does not erase the record of what was already done."};
constexpr Two refusal{
    "Refuser n'a pas d'autre effet que l'absence de cette intervention ; votre contrat n'est pas modifié.",
    "Refusing has no other effect than the absence of this intervention; your contract does not change."};
constexpr Two refusal_of_more{"Ne pas prolonger n'a pas d'autre effet : l'accès se ferme à l'heure prévue.",
                              "Not extending has no other effect: the access closes at the time agreed to."};
constexpr Two controller{"Responsable de traitement de votre cabinet : vous-même ; sous-traitant et responsable du "
                         "traitement des traces de maintenance : ",
                         "Controller of your practice: yourself; processor, and controller of the maintenance records: "};
constexpr Two dpo{". DPO : ", ". DPO: "};
constexpr Two purposes{".\n\nFinalités : réaliser l'intervention, en garder la preuve, sécuriser les accès. Bases "
                       "juridiques : exécution du contrat ; intérêt légitime (sécurité et preuve) ; votre accord pour "
                       "l'ouverture de l'accès. Données obligatoires : nom, prénom, date et décision – prévues par le "
                       "contrat ; sans elles l'accès ne peut pas être ouvert ; elles ne conditionnent pas la conclusion "
                       "du contrat. Facultatif : n° RPPS/ADELI.",
                       ".\n\nPurposes: to carry out the intervention, to keep proof of it, to secure access. Legal bases: "
                       "performance of the contract; legitimate interest (security and proof); your consent for the "
                       "opening of access. Mandatory data: surname, first name, date and decision – provided for by the "
                       "contract; without them access cannot be opened; the conclusion of the contract does not depend "
                       "on them. Optional: RPPS/ADELI number."};
constexpr Two recipients{"\n\nDestinataires : ", "\n\nRecipients: "};
constexpr Two transfers{". Transferts hors Union européenne : ", ". Transfers outside the European Union: "};
constexpr Two retention{". Conservation : adresse IP 150 jours, jamais plus de 6 mois ; fiche d'intervention 5 ans ; mot "
                        "de passe : jamais conservé.\n\nVos droits : accès, rectification, effacement, limitation, "
                        "opposition, portabilité, directives après décès, retrait de l'accord – ",
                        ". Retention: IP address 150 days, never more than 6 months; record of the intervention 5 "
                        "years; password: never kept.\n\nYour rights: access, rectification, erasure, restriction, "
                        "objection, portability, directives after death, withdrawal of consent – "};
constexpr Two complaint{" ; réponse sous 30 jours (60 si la demande est complexe). Réclamation : CNIL, www.cnil.fr. "
                        "Utilisation ultérieure pour une autre finalité : aucune ; pas de prospection. Décision "
                        "automatisée : aucune.",
                        "; answer within 30 days (60 if the request is complex). Complaint: CNIL, www.cnil.fr. Further "
                        "use for another purpose: none; no marketing. Automated decision: none."};
}  // namespace say

class Writer {
 public:
  explicit Writer(Language language) : language_(language) {}
  Writer& operator<<(const Two& two) { return *this << (language_ == Language::french ? two.fr : two.en); }
  Writer& operator<<(std::string_view text) { return out_ += text, *this; }
  std::string take() { return std::move(out_); }

 private:
  Language language_;
  std::string out_;
};

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

struct Country {
  std::string_view code;
  Two name;
};
// Only countries of the EEA reach a notice (A11); a code that is not here is shown as it is.
constexpr Country countries[] = {
    {"AT", {"l'Autriche", "Austria"}}, {"BE", {"la Belgique", "Belgium"}}, {"BG", {"la Bulgarie", "Bulgaria"}}, {"CY", {"Chypre", "Cyprus"}},
    {"CZ", {"la Tchéquie", "Czechia"}}, {"DE", {"l'Allemagne", "Germany"}}, {"DK", {"le Danemark", "Denmark"}}, {"EE", {"l'Estonie", "Estonia"}},
    {"ES", {"l'Espagne", "Spain"}}, {"FI", {"la Finlande", "Finland"}}, {"FR", {"la France", "France"}}, {"GR", {"la Grèce", "Greece"}},
    {"HR", {"la Croatie", "Croatia"}}, {"HU", {"la Hongrie", "Hungary"}}, {"IE", {"l'Irlande", "Ireland"}}, {"IS", {"l'Islande", "Iceland"}},
    {"IT", {"l'Italie", "Italy"}}, {"LI", {"le Liechtenstein", "Liechtenstein"}}, {"LT", {"la Lituanie", "Lithuania"}},
    {"LU", {"le Luxembourg", "Luxembourg"}}, {"LV", {"la Lettonie", "Latvia"}}, {"MT", {"Malte", "Malta"}}, {"NL", {"les Pays-Bas", "the Netherlands"}},
    {"NO", {"la Norvège", "Norway"}}, {"PL", {"la Pologne", "Poland"}}, {"PT", {"le Portugal", "Portugal"}}, {"RO", {"la Roumanie", "Romania"}},
    {"SE", {"la Suède", "Sweden"}}, {"SI", {"la Slovénie", "Slovenia"}}, {"SK", {"la Slovaquie", "Slovakia"}}};

void write_country(Writer& out, const std::string& code) {
  for (const auto& country : countries)
    if (country.code == code) return void(out << country.name);
  out << code;
}

// A way in, in everyday words; what only the practice's own list names keeps its name.
std::string tool_words(Language language, const std::vector<std::string>& tools) {
  std::vector<std::string> words;
  for (const auto& tool : tools) {
    const Two two = tool == "shell"     ? Two{"terminal", "terminal"}
                    : tool == "files"   ? Two{"fichiers", "files"}
                    : tool == "desktop" ? Two{"bureau à distance", "remote desktop"}
                                        : Two{"accès au service ", "access to the service "};
    std::string text = language == Language::french ? two.fr : two.en;
    if (tool.starts_with("tcp:")) text += tool.substr(4);
    words.push_back(std::move(text));
  }
  return joined(words);
}

const Two& role_words(OperatorRole role) {
  static constexpr Two lead{"", ""};
  return role == OperatorRole::pair ? say::pair : role == OperatorRole::additional ? say::additional : lead;
}

void write_operator(Writer& out, const KnownOperator& op) {
  out << role_words(op.role) << op.name << ", " << op.qualification << ", " << op.employer << say::from;
  write_country(out, op.country);
  if (op.mode == OperatorMode::consulted) out << say::consulted;
  out << ". ";
  if (op.subprocessor) out << say::subprocessor << *op.subprocessor << ". ";
}

Two access_words(AccessType type) {
  switch (type) {
    case AccessType::view: return {"voir", "view"};
    case AccessType::control: return {"agir", "act"};
    case AccessType::transfer_in: return {"déposer des fichiers", "bring files in"};
    case AccessType::transfer_out: return {"emporter des fichiers", "take files out"};
  }
  return {"", ""};
}

std::string access_list(Language language, const AccessRequest& request) {
  std::vector<std::string> words;
  for (auto type : request.access_types) {
    const Two two = access_words(type);
    words.emplace_back(language == Language::french ? two.fr : two.en);
  }
  return joined(words);
}

// The sentence before it already says "on the screen, health data included": what every request says.
bool says_more(const std::vector<std::string>& categories) {
  return std::any_of(categories.begin(), categories.end(), [](const auto& c) { return c.find("affichées à l'écran") == std::string::npos; });
}

bool moves_files(const AccessRequest& request) {
  return std::find(request.tools.begin(), request.tools.end(), "files") != request.tools.end();
}

void write_when(Writer& out, Language language, const AccessRequest& r) {
  if (!r.opens_from) return void(out << say::when);
  const auto paris = [&](Time at) { return audit::paris_time(at, language == Language::french).substr(0, 16); };  // to the minute
  out << say::planned << paris(*r.opens_from) << say::until << paris(r.expires_at) << say::you_open;
}

std::string level1(Language language, const AccessRequest& r, const std::string& system,
                   const std::vector<KnownOperator>& operators) {
  Writer out(language);
  out << say::title << " " << say::closed << "\n\n" << say::who;
  for (const auto& op : operators) write_operator(out, op);
  out << "\n\n" << say::why << (r.purpose == Purpose::maintenance ? say::maintenance : say::support) << " – " << r.reason
      << say::ticket << r.ticket << ". " << say::tasks << r.planned_tasks << ". ";
  if (r.criticality == Criticality::sensitive) out << say::sensitive << " ";
  if (r.criticality == Criticality::critical) out << say::critical << " ";
  if (r.emergency) out << say::emergency << *r.emergency << ". ";
  out << "\n\n" << say::what << system << ". " << say::tool << tool_words(language, r.tools) << ". " << say::rights
      << access_list(language, r) << say::lower << "\n\n";
  write_when(out, language, r);
  out << std::to_string(r.minutes) << say::minutes
      << "\n\n" << say::data;
  if (says_more(r.data_categories)) out << " (" << joined(r.data_categories) << ")";
  out << say::no_copy;
  if (moves_files(r)) out << say::unless;
  out << say::recording << "\n\n" << say::instruction << "\n\n" << say::refusal << "\n";
  return out.take();
}

std::string level2(Language language, const NoticeParties& p) {
  Writer out(language);
  out << say::controller << p.vendor_name << ", " << p.vendor_address << say::dpo << p.dpo_contact << say::purposes
      << say::recipients << p.recipients << say::transfers << p.transfers << say::retention << p.rights_contact << ", "
      << p.dpo_contact << say::complaint << "\n";
  return out.take();
}

}  // namespace

std::string Notice::sha256() const { return sha256_hex(level1 + "\n" + level2); }

Notice write_notice(Language language, const AccessRequest& request, const std::string& system_label,
                    const std::vector<KnownOperator>& operators, const NoticeParties& parties) {
  return {std::string(notice_version), language, level1(language, request, system_label, operators),
          level2(language, parties)};
}

Notice write_extension_notice(Language language, const AccessRequest& request, const std::string& system_label,
                              const std::vector<KnownOperator>& operators, int minutes, const NoticeParties& parties) {
  Writer out(language);
  out << say::extension_title << "\n\n" << say::who;
  for (const auto& op : operators) write_operator(out, op);
  out << "\n\n" << say::what << system_label << ". " << say::tool << tool_words(language, request.tools) << "\n\n" << say::longer
      << std::to_string(minutes) << say::more_minutes << "\n\n" << say::same << "\n\n" << say::refusal_of_more << "\n";
  return {std::string(notice_version), language, out.take(), level2(language, parties)};
}

}  // namespace pontlevis::agent
