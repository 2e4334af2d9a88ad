#include "gateway/request_policy.hpp"

#include <algorithm>
#include <set>

#include "gateway/nir.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

using Verdict = std::optional<PolicyRefusal>;  // nothing: the rule is content
using Cards = std::vector<certs::VerifiedCard>;

// ---- the words of the request ----

Verdict bad_words(std::string en, std::string fr, std::string hint_en = {}, std::string hint_fr = {}) {
  return PolicyRefusal{"", std::move(en), std::move(fr), std::move(hint_en), std::move(hint_fr)};
}

Verdict text_in_bounds(std::string_view option, const std::string& text, std::size_t min, std::size_t max) {
  if (text.size() < min || text.size() > max) {
    const std::string bounds = std::to_string(min) + "–" + std::to_string(max);
    return bad_words(std::string(option) + " must have " + bounds + " bytes, it has " + std::to_string(text.size()),
                     std::string(option) + " doit avoir " + bounds + " octets, il en a " + std::to_string(text.size()));
  }
  if (!holds_nir(text)) return {};
  return PolicyRefusal{"NIR_IN_TEXT", std::string(option) + " holds a French social-security number",
                       std::string(option) + " contient un numéro de sécurité sociale",
                       "describe the work without naming a patient", "décrivez le travail sans désigner de patient"};
}

Verdict texts_are_bounded(const Asked& a) {
  if (a.ticket.empty()) return bad_words("--ticket is missing", "--ticket manque", "--ticket T-1234: the vendor's file", "--ticket T-1234 : le dossier");
  if (auto v = text_in_bounds("--ticket", a.ticket, 1, 64)) return v;
  if (auto v = text_in_bounds("--reason", a.reason, 10, 500)) return v;
  if (auto v = text_in_bounds("--tasks", a.planned_tasks, 5, 1000)) return v;
  if (a.emergency)
    if (auto v = text_in_bounds("--emergency", *a.emergency, 10, 500)) return v;
  if (a.data_categories.empty() || a.data_categories.size() > 16) return bad_words("--data may be given 1 to 16 times", "--data : 1 à 16 fois");
  for (const auto& category : a.data_categories)
    if (auto v = text_in_bounds("--data", category, 1, 100)) return v;
  return {};
}

template <class T>
bool has_twice(std::vector<T> list) {
  std::sort(list.begin(), list.end());
  return std::adjacent_find(list.begin(), list.end()) != list.end();
}

Verdict lists_are_sound(const Asked& a, const PolicyFacts& f) {
  if (a.minutes < 1 || a.minutes > f.max_minutes) {
    const auto bounds = "1–" + std::to_string(f.max_minutes);
    return bad_words("--minutes must be " + bounds, "--minutes doit être " + bounds);
  }
  if (a.tools.empty() || a.tools.size() > 16 || has_twice(a.tools))
    return bad_words("--tools must name 1 to 16 different tools", "--tools doit nommer 1 à 16 outils différents", "--tools shell,files", "--tools shell,files");
  for (const auto& tool : a.tools)
    if (!is_tool_name(tool))
      return bad_words("'" + printable(tool, 40) + "' is not a tool", "« " + printable(tool, 40) + " » n'est pas un outil", "shell, files, desktop or tcp:NAME", "shell, files, desktop ou tcp:NOM");
  if (a.access_types.empty() || has_twice(a.access_types))
    return bad_words("--access must name different types of access", "--access doit nommer des types d'accès différents", "VIEW, CONTROL, TRANSFER_IN, TRANSFER_OUT", "VIEW, CONTROL, TRANSFER_IN, TRANSFER_OUT");
  return {};
}

// ---- the practice ----

Verdict practice_is_known(const Asked& a, const PolicyFacts& f) {
  if (f.practice && f.practice->enrolment) return {};
  return PolicyRefusal{"PRACTICE_UNKNOWN", "no practice named '" + a.practice.text() + "' is enrolled here",
                       "aucun cabinet « " + a.practice.text() + " » n'est inscrit ici", "`systems` lists what can be asked for",
                       "`systems` donne la liste"};
}

Verdict contract_is_valid(const Asked&, const PolicyFacts& f) {  // A03
  const auto& contract = f.practice->contract;
  if (contract.valid_at(f.now)) return {};
  const bool early = f.now < contract.valid_from;
  const auto day = to_date(early ? contract.valid_from : contract.valid_until);
  return PolicyRefusal{"CONTRACT_NOT_VALID", "the contract " + contract.reference + (early ? " begins on " : " ended on ") + day,
                       "le contrat " + contract.reference + (early ? " commence le " : " s'est terminé le ") + day,
                       "ask the person who keeps the contracts", "voyez la personne qui tient les contrats"};
}

std::string join(const std::vector<std::string>& list) {
  std::string out;
  for (const auto& item : list) out += (out.empty() ? "" : ", ") + item;
  return out;
}

Verdict system_offers_tools(const Asked& a, const PolicyFacts& f) {  // A42, A43
  const auto* system = f.practice->system(a.system);
  if (!system)
    return PolicyRefusal{"SYSTEM_NOT_OFFERED", "the practice offers no system named '" + a.system.text() + "'",
                         "le cabinet n'offre pas de système « " + a.system.text() + " »", "`systems` lists what it offers", "`systems` donne la liste"};
  for (const auto& tool : a.tools)
    if (std::find(system->tools.begin(), system->tools.end(), tool) == system->tools.end())
      return PolicyRefusal{"TOOL_NOT_OFFERED", "the practice does not offer '" + tool + "' on " + a.system.text(),
                           "le cabinet n'offre pas « " + tool + " » sur " + a.system.text(),
                           "it offers: " + join(system->tools), "il offre : " + join(system->tools)};
  return {};
}

Verdict link_is_up(const Asked&, const PolicyFacts& f) {
  if (f.link_up) return {};
  return PolicyRefusal{"AGENT_AWAY", "the practice is not connected at the moment", "le cabinet n'est pas connecté en ce moment",
                       "ask the practice to start its agent, then ask again", "demandez au cabinet de démarrer son agent, puis refaites la demande"};
}

// ---- the people ----

std::vector<Login> everyone(const Asked& a) {
  std::vector<Login> out{a.lead};
  if (a.pair) out.push_back(*a.pair);
  out.insert(out.end(), a.additional.begin(), a.additional.end());
  out.insert(out.end(), a.consulted.begin(), a.consulted.end());
  return out;
}

Verdict people_differ(const Asked& a) {
  const auto people = everyone(a);
  if (people.size() > 8) return bad_words("names more than 8 people", "désigne plus de 8 personnes");
  if (!has_twice(people)) return {};
  return PolicyRefusal{"SAME_PERSON", "the same person is named twice", "la même personne est nommée deux fois",
                       "a pair is two different people", "un binôme, ce sont deux personnes différentes"};
}

Verdict cards_are_valid(const Asked& a, const PolicyFacts& f, Cards& cards) {  // A10, A11
  for (const auto& login : everyone(a)) {
    auto card = f.card(login);
    if (!card)
      return PolicyRefusal{"CARD_NOT_VALID", "the staff card of " + login.text() + " does not count: " + card.error().what,
                           "la carte d'intervenant de " + login.text() + " n'est pas valable : " + card.error().what,
                           card.error().hint, card.error().hint};
    if (!card->is_eea())
      return PolicyRefusal{"OUTSIDE_EEA", login.text() + " works from " + card->fields().country + ", outside the EEA",
                           login.text() + " travaille depuis " + card->fields().country + ", hors de l'EEE",
                           "seeing a screen from there is a transfer of data", "voir un écran depuis ce pays est un transfert de données"};
    const auto& subprocessor = card->fields().subprocessor;
    if (subprocessor && !(f.subprocessor_authorised && f.subprocessor_authorised(*subprocessor)))
      return PolicyRefusal{"SUBPROCESSOR_NOT_AUTHORISED", login.text() + " works for the sub-processor " + *subprocessor + ", which is not authorised",
                           login.text() + " travaille pour le sous-traitant " + *subprocessor + ", qui n'est pas autorisé",
                           "the administrator keeps the register of sub-processors", "l'administrateur tient le registre des sous-traitants"};
    cards.push_back(*std::move(card));
  }
  return {};
}

Verdict critical_has_company(const Asked& a) {  // A35, A45
  if (a.criticality != Criticality::critical) return {};
  if (!a.pair)
    return PolicyRefusal{"CRITICAL_NEEDS_PAIR", "a CRITICAL intervention needs two people", "une intervention CRITICAL se fait à deux",
                         "add --pair LOGIN", "ajoutez --pair LOGIN"};
  if (!a.additional.empty() || !a.consulted.empty()) return {};
  return PolicyRefusal{"CRITICAL_NEEDS_STAFF", "a CRITICAL intervention needs at least one additional qualified person",
                       "une intervention CRITICAL demande au moins une personne qualifiée additionnelle",
                       "add --additional LOGIN or --consulted LOGIN", "ajoutez --additional LOGIN ou --consulted LOGIN"};
}

// Announced in time, or an emergency with its reason; the signature is asked for either way (T10).
Verdict announced_in_time(const Asked& a, const PolicyFacts& f) {
  const Time from = a.planned ? a.planned->from : f.now;
  if (a.emergency || from - f.now >= f.notice) return {};
  const auto hours = std::to_string(std::chrono::floor<std::chrono::hours>(f.notice).count());
  return PolicyRefusal{"NOTICE_TOO_SHORT", "interventions are announced " + hours + " hours ahead", "les interventions sont annoncées " + hours + " heures à l'avance",
                       "--from and --until plan it; --emergency \"why\" shortens the notice, never the signature",
                       "--from et --until la planifient ; --emergency « motif » raccourcit le préavis, jamais la signature"};
}

constexpr auto furthest_plan = std::chrono::days(60);

Verdict window_is_sound(const Asked& a, const PolicyFacts& f) {
  if (!a.planned) return {};
  const auto& [from, until] = *a.planned;
  if (from <= f.now || from > f.now + furthest_plan) return bad_words("--from must be a time to come, within 60 days", "--from doit être à venir, dans les 60 jours");
  if (until - from < std::chrono::minutes(a.minutes) || until - from > std::chrono::hours(24))
    return bad_words("--until must leave room for --minutes, and be within 24 hours of --from", "--until doit laisser la place de --minutes, dans les 24 heures de --from");
  return {};
}

Verdict nobody_has_one_open(const Asked& a, const PolicyFacts& f) {
  auto connected = everyone(a);
  connected.erase(connected.end() - static_cast<std::ptrdiff_t>(a.consulted.size()), connected.end());
  for (const auto& login : connected)
    if (f.has_open(login))
      return PolicyRefusal{"ALREADY_OPEN", login.text() + " already has a live intervention on " + a.system.text() + "." + a.practice.text(),
                           login.text() + " a déjà une intervention en cours sur " + a.system.text() + "." + a.practice.text(),
                           "`status` shows it; `cancel` or `finish` ends it", "`status` la montre ; `cancel` ou `finish` la termine"};
  return {};
}

AccessRequest build(const Asked& a, const PolicyFacts& f, const Cards& cards) {
  std::vector<RequestedOperator> operators;
  const auto add = [&](const Login& login, OperatorRole role, OperatorMode mode) {
    operators.push_back({login, role, mode, cards[operators.size()].note()});
  };
  add(a.lead, OperatorRole::lead, OperatorMode::connected);
  if (a.pair) add(*a.pair, OperatorRole::pair, OperatorMode::connected);
  for (const auto& login : a.additional) add(login, OperatorRole::additional, OperatorMode::connected);
  for (const auto& login : a.consulted) add(login, OperatorRole::additional, OperatorMode::consulted);
  return AccessRequest{f.id, a.practice, a.system, a.tools, a.access_types, a.data_categories, a.purpose, a.reason,
                       a.planned_tasks, a.ticket, static_cast<int>(a.minutes), a.criticality,
                       a.pair ? Difficulty::pair : Difficulty::single, a.emergency, f.practice->contract.reference,
                       f.vendor, std::move(operators), f.now, a.planned ? a.planned->until : f.now + f.lifetime,
                       a.planned ? std::optional(a.planned->from) : std::nullopt};
}

}  // namespace

std::expected<AccessRequest, PolicyRefusal> decide(const Asked& a, const PolicyFacts& f) {
  Cards cards;
  // In this order: what the technician can mend at once comes first; each rule may rely on those above it.
  if (auto v = texts_are_bounded(a)) return std::unexpected(*std::move(v));
  if (auto v = lists_are_sound(a, f)) return std::unexpected(*std::move(v));
  if (auto v = window_is_sound(a, f)) return std::unexpected(*std::move(v));
  if (auto v = people_differ(a)) return std::unexpected(*std::move(v));
  if (auto v = practice_is_known(a, f)) return std::unexpected(*std::move(v));
  if (auto v = contract_is_valid(a, f)) return std::unexpected(*std::move(v));
  if (auto v = system_offers_tools(a, f)) return std::unexpected(*std::move(v));
  if (auto v = cards_are_valid(a, f, cards)) return std::unexpected(*std::move(v));
  if (auto v = critical_has_company(a)) return std::unexpected(*std::move(v));
  if (auto v = announced_in_time(a, f)) return std::unexpected(*std::move(v));
  if (auto v = nobody_has_one_open(a, f)) return std::unexpected(*std::move(v));
  if (auto v = link_is_up(a, f)) return std::unexpected(*std::move(v));
  // The request must be one the agent's own decoder takes: the last word on every bound.
  auto request = build(a, f, cards);
  if (auto checked = access_request_from(to_json(request), "request"); !checked)
    return std::unexpected(*bad_words(checked.error().what, checked.error().what, checked.error().hint, checked.error().hint));
  return request;
}

}  // namespace pontlevis::gateway
