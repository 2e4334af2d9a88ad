// One table serves the API and the command line: an act is a member coroutine of its desk, over the number of
// what it is about, the words given, and who does it (empty: the machine's own prompt). The loop's thread.
#pragma once

#include "gateway/memory/area.hpp"
#include "protocol/json_values.hpp"

namespace pontlevis::gateway {

struct ActBy {
  std::string login;
  std::string role;
  std::string purpose;  // header pontlevis-purpose, as sent; empty: none
  json::value record() const { return login.empty() ? json::value(nullptr) : json::value(login); }
};

// Errc::bad_input where a text, however deep, holds a patient's number (requirements B33): the registers keep none.
Result<> names_no_patient(const json::object& words);

template <class Desk>
using ActOf = Awaitable<Result<json::object>> (Desk::*)(std::string id, json::object words, ActBy by);

template <class Desk>
ApiAnswer answer_act(Desk* desk, ActOf<Desk> act, unsigned status, ApiCall call) {
  auto body = api_body(call.request);
  if (!body) co_return api_problem(body.error());
  if (auto clean = names_no_patient(*body); !clean) co_return api_problem(clean.error());
  std::string id = call.request.id;
  ActBy by{call.person.login.text(), std::string(word(call.person.role)), std::string(call.request.header("pontlevis-purpose"))};
  auto done = co_await (desk->*act)(std::move(id), *std::move(body), std::move(by));
  if (!done) co_return api_problem(done.error());
  co_return api_answer(*done, status);
}

template <class Desk>
Awaitable<Result<json::object>> answer_verb(Desk* desk, ActOf<Desk> act, json::object request) {
  std::string id = text_of(request, "id");
  ActBy by{text_of(request, "done_by"), "administrator", "CONTROL"};
  for (auto name : {"verb", "id", "done_by"}) request.erase(name);
  PL_CO_CHECK(names_no_patient(request));
  co_return co_await (desk->*act)(std::move(id), std::move(request), std::move(by));
}

template <class Desk>
ApiHandler act_handler(Desk* desk, ActOf<Desk> act, unsigned status = 200) {
  return [desk, act, status](ApiCall call) { return answer_act(desk, act, status, std::move(call)); };
}
template <class Desk>
VerbHandler act_verb(Desk* desk, ActOf<Desk> act) {
  return [desk, act](json::object request) { return answer_verb(desk, act, std::move(request)); };
}

}  // namespace pontlevis::gateway
