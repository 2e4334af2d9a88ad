// Step 1 of the path: what may be asked at all. One pure function over what is asked and what is known; every
// rule has its word, which the refusal's record carries. It decides nothing for the practice: a request
// that passes is only a question (design §2.1). requirements A02, A03, A10, A11, A30, A35, A36, A45, B33.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "certs/staff_card.hpp"
#include "gateway/practices.hpp"
#include "protocol/access_request.hpp"

namespace pontlevis::gateway {

// What a technician asks for, in types; its words are checked by the rules.
struct Asked {
  Login lead;
  SystemId system;
  PracticeId practice;
  std::vector<std::string> tools;
  std::vector<AccessType> access_types;
  std::vector<std::string> data_categories;
  Purpose purpose{};
  std::string reason;
  std::string planned_tasks;
  std::string ticket;
  std::int64_t minutes = 0;
  Criticality criticality{};
  std::optional<std::string> emergency;
  std::optional<Login> pair;
  std::vector<Login> additional;  // connected
  std::vector<Login> consulted;   // asked for advice, never connected
  struct Window { Time from, until; };
  std::optional<Window> planned = std::nullopt;  // opened by the practice, not before and not after
};

// What the gateway knows at this moment.
struct PolicyFacts {
  InterventionId id;   // the number the request will have
  Time now{};
  Millis lifetime{};   // until silence is a lapse
  std::int64_t max_minutes = 480;
  std::string vendor;
  const Practice* practice = nullptr;
  bool link_up = false;
  std::function<Result<certs::VerifiedCard>(const Login&)> card;
  std::function<bool(const Login&)> has_open;  // a live intervention of that person on that system
  Millis notice = Millis(0);  // between a request and its window, unless it is an emergency
  std::function<bool(const std::string&)> subprocessor_authorised = {};  // by the reference on a card (A19, A31); empty: none is
};

struct PolicyRefusal {
  std::string rule;  // one word, stable; empty: the words of the command are wrong, nothing to record
  std::string en, fr;
  std::string hint_en, hint_fr;
};

std::expected<AccessRequest, PolicyRefusal> decide(const Asked& asked, const PolicyFacts& facts);

}  // namespace pontlevis::gateway
