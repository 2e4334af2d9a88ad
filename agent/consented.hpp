// The two values between a request and a password, each with one maker:
//   Consented     made by ConsentDesk::consent() alone, from a person's act at the practice
//   ProvedConsent made by prove() alone, from a Consented and a proof the witness accepted
// A password can only be minted from a ProvedConsent: an unapproved or unproved session is a program
// that does not compile (design §2.3, §4; requirements A32, A33, A37).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/notice.hpp"
#include "agent/operator.hpp"
#include "audit/log.hpp"
#include "audit/witness.hpp"
#include "protocol/access_request.hpp"
#include "protocol/frame.hpp"

namespace pontlevis::agent {

// Who decided, and how they proved who they are (A13).
struct Approver {
  Login login;
  std::string name;
  ApproverRole role;
  std::string auth;  // "password"
};

// What the practitioner granted: never more than was asked.
struct Grant {
  std::vector<std::string> tools;
  std::vector<AccessType> access_types;
  int minutes = 0;
  Watch watch = Watch::watched;
  bool record = false;             // A14: off unless it was asked for
};

class Consented {
 public:
  const AccessRequest& request() const noexcept { return request_; }
  const std::vector<KnownOperator>& operators() const noexcept { return operators_; }
  const Grant& grant() const noexcept { return grant_; }
  const Approver& approver() const noexcept { return approver_; }
  const std::string& note() const noexcept { return note_; }  // signed, and durable in the journal
  std::string sha256() const;                                 // of the note, hex

 private:
  friend class ConsentDesk;
  Consented(AccessRequest request, std::vector<KnownOperator> operators, Grant grant, Approver approver,
            std::string note)
      : request_(std::move(request)), operators_(std::move(operators)), grant_(std::move(grant)),
        approver_(std::move(approver)), note_(std::move(note)) {}
  AccessRequest request_;
  std::vector<KnownOperator> operators_;
  Grant grant_;
  Approver approver_;
  std::string note_;
};

class ProvedConsent {
 public:
  const Consented& consent() const noexcept { return consent_; }
  audit::LeafIndex index() const noexcept { return index_; }
  audit::TreeSize tree_size() const noexcept { return tree_size_; }

 private:
  friend struct ProofGate;
  ProvedConsent(Consented consent, audit::LeafIndex index, audit::TreeSize size)
      : consent_(std::move(consent)), index_(index), tree_size_(size) {}
  Consented consent_;
  audit::LeafIndex index_;
  audit::TreeSize tree_size_;
};

}  // namespace pontlevis::agent
