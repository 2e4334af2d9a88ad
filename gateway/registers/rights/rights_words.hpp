// The words of requests of persons (requirements A27, A28, B21-B23): what is asked, by which way, by whom, and who
// answers. Each enum has one spelling. Any thread.
#pragma once

#include "gateway/registers/common/two.hpp"
#include "protocol/words.hpp"

namespace pontlevis::gateway {

enum class RightsType { access, rectification, erasure, restriction, objection, portability, after_death };
enum class RightsChannel { app, email, post, oral, phone };
enum class Requester { patient, practitioner, practice_staff, technician, other };
enum class RightsRoute { vendor, practice };
enum class IdentityResult { confirmed, not_confirmed, not_needed };
enum class RightsOutcome { granted, partly_granted, refused, nothing_held, forwarded, withdrawn };

// Who answers, by who asks (B23), and why, as the person is told.
struct RouteRule {
  Requester requester;
  RightsRoute route;
  Two why;
};
inline constexpr RouteRule rights_routes[] = {
    {Requester::patient, RightsRoute::practice, {"Le cabinet est responsable des données de ses patients ; l'éditeur n'en conserve aucune et lui transmet la demande.", "The practice is the controller of its patients' data; the vendor keeps none and passes the request on."}},
    {Requester::practitioner, RightsRoute::vendor, {"L'éditeur est responsable des traces de maintenance.", "The vendor is the controller of the maintenance traces."}},
    {Requester::practice_staff, RightsRoute::vendor, {"L'éditeur est responsable des traces de maintenance.", "The vendor is the controller of the maintenance traces."}},
    {Requester::technician, RightsRoute::vendor, {"L'éditeur est responsable des données de ses personnels.", "The vendor is the controller of its staff's data."}},
    {Requester::other, RightsRoute::vendor, {"L'éditeur vérifie s'il détient des données et répond.", "The vendor checks whether it holds data, and answers."}}};
constexpr const RouteRule& route_of(Requester requester) { return rights_routes[static_cast<std::size_t>(requester)]; }
static_assert(rights_routes[4].requester == Requester::other && rights_routes[0].requester == Requester::patient, "the table stands in the order of the enum");

Two words_of(RightsType type);
Two words_of(RightsOutcome outcome);

}  // namespace pontlevis::gateway
namespace pontlevis {
template <> struct Spelling<gateway::RightsType> {
  static constexpr std::array<std::string_view, 7> words{"ACCESS", "RECTIFICATION", "ERASURE", "RESTRICTION", "OBJECTION", "PORTABILITY", "AFTER_DEATH"};
};
template <> struct Spelling<gateway::RightsChannel> {
  static constexpr std::array<std::string_view, 5> words{"APP", "EMAIL", "POST", "ORAL", "PHONE"};
};
template <> struct Spelling<gateway::Requester> {
  static constexpr std::array<std::string_view, 5> words{"PATIENT", "PRACTITIONER", "PRACTICE_STAFF", "TECHNICIAN", "OTHER"};
};
template <> struct Spelling<gateway::RightsRoute> {
  static constexpr std::array<std::string_view, 2> words{"VENDOR", "PRACTICE"};
};
template <> struct Spelling<gateway::IdentityResult> {
  static constexpr std::array<std::string_view, 3> words{"CONFIRMED", "NOT_CONFIRMED", "NOT_NEEDED"};
};
template <> struct Spelling<gateway::RightsOutcome> {
  static constexpr std::array<std::string_view, 6> words{"GRANTED", "PARTLY_GRANTED", "REFUSED", "NOTHING_HELD", "FORWARDED", "WITHDRAWN"};
};
}  // namespace pontlevis
