// Step 2: where a person of the practice decides (design §2.2, §8; requirements A09, A33, A37, B08).
// The desk checks what the gateway sent against what the practice itself knows (its pinned staff
// key, its inventory), words the notice, and turns a person's yes into a signed consent. It never
// remembers a yes, has no default and no way to agree by itself. Lives on the loop.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/consented.hpp"
#include "agent/journal.hpp"
#include "agent/tools/inventory.hpp"
#include "certs/staff_card.hpp"

namespace pontlevis::agent {

// A request that may be put to a person: every card verified, system and tools really offered.
struct PendingRequest {
  AccessRequest request;
  std::vector<certs::VerifiedCard> cards;    // in the order of request.operators
  std::vector<KnownOperator> operators;
  System system;
};

// What the person chose, before it is checked against the request.
struct Choice {
  Language language = Language::french;
  std::optional<int> minutes;                // shorter than asked, or nothing
  std::vector<std::string> dropped_tools;
  bool view_only = false;
  Watch watch = Watch::watched;
  bool record = false;                       // keep a recording at the practice
  std::optional<Time> asked_at;              // when the notice was first shown, where a page showed it
  std::string expression = "command line";   // by what means the person said yes
};

class ConsentDesk {
 public:
  ConsentDesk(const Identity& identity, const Inventory& inventory, const certs::RevocationList& revoked,
              NoticeParties parties, Journal& journal, const Clock& clock)
      : identity_(identity), inventory_(inventory), revoked_(revoked), parties_(std::move(parties)),
        journal_(journal), clock_(clock) {}

  // Errors are the reasons of a `not_asked` fact.
  Result<PendingRequest> receive(const AccessRequest& request) const;
  Notice notice(const PendingRequest& pending, Language language) const;
  // Yes to the date of a planned request: a fact, which opens nothing. Only before its window begins.
  io::Awaitable<Result<>> accept(PendingRequest pending, Language language, Approver approver);
  // Yes. Checks the cards and the request's time again, records the consent, durable, signed.
  io::Awaitable<Result<Consented>> consent(PendingRequest pending, Choice choice, Approver approver);
  // Yes to more time for an open session: a consent of its own, which names the one it extends.
  Notice extension_notice(const Consented& first, const System& system, int minutes, Language language) const;
  io::Awaitable<Result<Consented>> extend(Consented first, System system, int minutes, Choice choice, Approver approver);
  const NoticeParties& parties() const noexcept { return parties_; }
  io::Awaitable<Result<>> refuse(PendingRequest pending, Approver approver, std::optional<std::string> why);
  io::Awaitable<Result<>> lapse(AccessRequest request);
  io::Awaitable<Result<>> not_asked(AccessRequest request, std::string why);

 private:
  Result<Grant> grant(const PendingRequest& pending, const Choice& choice) const;
  json::object consent_body(const AccessRequest& request, const System& system, const std::vector<KnownOperator>& operators,
                            const Grant& grant, const Approver& approver, const Notice& notice) const;
  const Identity& identity_;
  const Inventory& inventory_;
  const certs::RevocationList& revoked_;
  NoticeParties parties_;
  Journal& journal_;
  const Clock& clock_;
};

}  // namespace pontlevis::agent
