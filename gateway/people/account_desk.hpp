// The administrator's acts on accounts, `user add | list | reset | link | remove`: from the command line, through the
// control socket or alone, and from the console. A password and a seed made here are in the answer, once. Every
// change is a record in the log before it is done. The loop's thread.
#pragma once

#include <functional>

#include "gateway/core.hpp"
#include "gateway/people/accounts.hpp"

namespace pontlevis::gateway {

// {"verb":"user add", "login", "name", "role", "until"?, "password"?, "totp_secret"?, "done_by"?}; a date of `until` is
// that day's end. {"verb":"user link", "login", "subject" or null}. `ended` hears whose sessions are over.
Awaitable<Result<json::object>> act_on_account(Core& core, std::function<void(const Login&)> ended, json::object request);

// Account of the contract.
json::object account_json(const Account& account, const SecondFactors& factors);

}  // namespace pontlevis::gateway
