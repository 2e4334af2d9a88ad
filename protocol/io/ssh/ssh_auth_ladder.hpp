// The two steps of authentication, in order, for one user: libssh keeps no order of its own, so it is
// kept here, away from libssh, and tested alone. Owned by one connection; lives on its thread.
// Promises: success only after accepts_key() said yes to a verified signature and then either
// check_second_factor() accepted or waives_second_factor() said yes; never for two user names.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/io/ssh/ssh_config.hpp"
#include "protocol/io/ssh/ssh_handler.hpp"

namespace pontlevis::io {

class SshAuthLadder {
 public:
  enum class Reply {
    refuse,   // failure, with the methods that can go on
    key_ok,   // "that key would do"
    partial,  // step 1 passed
    ask,      // send the prompt of step 2
    success,
    end,  // failure, then farewell() as a banner, then disconnect
  };

  // Both outlive the ladder.
  SshAuthLadder(SshServerHandler& handler, const SshLimits& limits) : handler_(handler), limits_(limits) {}

  Reply none(std::string_view user);  // "none" and every unknown method
  Reply query(std::string_view user, const SshPublicKey& key);
  Reply signature(std::string_view user, const SshPublicKey& key);  // verified by libssh
  Reply interactive(std::string_view user);                         // asks for the prompt
  // libssh's response message names no user: it belongs to the prompt sent last, or to nothing.
  // `answer` is empty when there was not exactly one.
  Reply response(std::optional<Secret> answer);
  Reply password(std::string_view user, const Secret& answer);

  bool authenticated() const noexcept { return stage_ == Stage::done; }
  bool key_passed() const noexcept { return stage_ != Stage::key; }
  const std::string& user() const noexcept { return user_; }
  const SshPublicKey& key() const noexcept { return key_; }
  const std::string& farewell() const noexcept { return farewell_; }
  SecondFactorPrompt prompt() const { return handler_.second_factor_prompt(user_, key_); }

 private:
  enum class Stage { key, factor, done, over };

  bool same_user(std::string_view user);
  bool may_try_key(std::string_view user);
  Reply after_key();
  Reply check(const Secret& answer);
  Reply out_of_order();
  Reply refuse_key(SshAuthFailure why);
  Reply end(SshAuthFailure why, std::string farewell);
  void tell(SshAuthFailure why);

  SshServerHandler& handler_;
  const SshLimits& limits_;
  Stage stage_ = Stage::key;
  std::string user_;  // fixed by the first request of any kind
  SshPublicKey key_;  // fixed by the verified signature
  bool asked_ = false;
  int key_tries_ = 0, factor_tries_ = 0;
  std::string farewell_;
};

}  // namespace pontlevis::io
