// An operator of one request, as the agent knows them: what a valid staff card says, and the role
// the request gives. Made only by certify() in consent_desk.cpp, from verified cards (design §3).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocol/ids.hpp"
#include "protocol/words.hpp"

namespace pontlevis::agent {

struct KnownOperator {
  Login login;
  OperatorRole role;
  OperatorMode mode;
  std::string name;                         // certified, real name (A40)
  std::string employer;                     // A31
  std::optional<std::string> subprocessor;  // A19, A31
  std::string country;                      // ISO 3166 (A11)
  std::string qualification;                // A36
  std::string confidentiality_ref;          // commitments (A10)
  std::string action_limit_ref;
  std::string card_id;
  std::string card_sha256;
  std::vector<std::string> fingerprints;    // SHA256:… of the card's keys
};

}  // namespace pontlevis::agent
