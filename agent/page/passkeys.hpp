// Passkeys: signing in with the device's own lock instead of a password (WebAuthn level 2, ES256 only).
// A challenge is for one use and five minutes. Lives on the loop.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "agent/page/page_store.hpp"
#include "agent/page/webauthn.hpp"
#include "protocol/clock.hpp"
#include "protocol/random.hpp"

namespace pontlevis::agent {

class Passkeys {
 public:
  Passkeys(PageStore& store, const Clock& clock, Random& random) : store_(store), clock_(clock), random_(random) {}
  void set_origin(std::string origin) { origin_ = std::move(origin); }

  // Options for the browser, with the ticket its answer must bring back.
  Result<json::object> start_registration(const Login& login, const std::string& name);
  Result<> finish_registration(const Login& login, const std::string& ticket, const std::string& label, const json::object& credential);
  Result<json::object> start_sign_in(const Login& login);  // answers alike for names nobody has
  Result<Login> finish_sign_in(const std::string& ticket, const json::object& credential);

 private:
  struct Ticket {
    Login login;
    std::string challenge;
    bool registers;
    Millis until;
  };
  Result<json::object> options(const Login& login, bool registers, json::object options);
  Result<Ticket> use_ticket(const std::string& ticket, bool registers);
  Result<std::string> check_client_data(const json::object& response, std::string_view type, const std::string& challenge) const;

  PageStore& store_;
  const Clock& clock_;
  Random& random_;
  std::string origin_;
  std::map<std::string, Ticket> tickets_;
};

}  // namespace pontlevis::agent
