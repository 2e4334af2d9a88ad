// The search for what is held about a person, seen from the loop: who is looked for and why is recorded, the thread
// does the work, and what it found becomes a step of the case.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "gateway/events.hpp"
#include "gateway/people/accounts.hpp"
#include "gateway/registers/rights/rights_desk.hpp"
#include "gateway/retention/deferrals.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

namespace asio = boost::asio;

constexpr auto answer_within = std::chrono::seconds(2);     // to a browser, which asks again
constexpr auto prompt_waits = std::chrono::minutes(60);     // the machine's own prompt sees it through

json::object card_held(const certs::CardFields& c) {
  json::array keys;
  for (const auto& key : c.keys) keys.emplace_back(key);
  return {{"what", "staff card"}, {"login", c.login.text()}, {"name", c.name}, {"employer", c.employer}, {"country", c.country}, {"qualification", c.qualification},
          {"confidentiality", c.confidentiality.ref}, {"action_limit", c.action_limit.ref}, {"keys", std::move(keys)}, {"issued_at", to_utc(c.issued_at)}, {"expires_at", to_utc(c.expires_at)}};
}

}  // namespace

// What stands beside the log: the account, the card, the training. Never a password's hash or a code's secret.
json::array RightsDesk::held_about(const std::string& login) const {
  json::array out;
  const auto parsed = Login::parse(login);
  if (!parsed) return out;
  if (const auto account = Accounts(*core_.store).find(*parsed); account && *account)
    out.push_back(json::object{{"what", "account"}, {"login", login}, {"name", (*account)->name}, {"role", word((*account)->role)}, {"created_at", to_utc((*account)->created_at)}});
  if (core_.technicians.knows(*parsed))
    if (const auto card = certs::StaffCard::peek(core_.technicians.card_note(*parsed))) out.push_back(card_held(*card));
  if (const auto trained = core_.vendor_register.trained_on(*parsed)) out.push_back(json::object{{"what", "training"}, {"trained_on", to_date(*trained)}});
  return out;
}

// Looking through the log for a person is itself an access with a purpose (B12).
Awaitable<Result<>> RightsDesk::record_view(const RightsCase& c, const ActBy& by) {
  json::object fields{{"viewed_by", by.record()}, {"role", by.role}, {"purpose", by.purpose.empty() ? "RIGHTS_REQUEST" : by.purpose}, {"view", "journal"},
                      {"filter", "rights request " + c.id + ": " + c.searched_login + " / " + c.searched_name}, {"found", c.found.value_or(0)}};
  PL_CO_TRY(recorded, co_await core_.append(audit::Record::make("viewed", fields)));
  static_cast<void>(recorded);
  co_return Result<>{};
}

Awaitable<Result<json::object>> RightsDesk::search(std::string id, json::object words, ActBy by) {
  StrictObject in(words, "search");
  const auto login = in.text("login", 0, 63), name = in.text("name", 0, 200);
  if (login.empty() && name.size() < 3) in.blame("name", "or login must say who", "the login, or the full name as it is written in requests");
  PL_CO_CHECK(in.finish());
  PL_CO_TRY(c, find_open(id));
  c.searched_login = login, c.searched_name = name;
  const auto loop = co_await asio::this_coro::executor;
  auto waiting = std::make_shared<asio::steady_timer>(loop, by.login.empty() ? std::chrono::seconds(prompt_waits) : std::chrono::seconds(answer_within));
  json::object head{{"request", id}, {"login", login}, {"name", name}, {"held", held_about(login)}};
  SearchOrder order{id, PersonSought(login, name), std::move(head), core_.folder.root / "exports", core_.clock.now()};
  PL_CO_CHECK(search_.start(std::move(order), loop, [this, c, by, loop, waiting](Result<SearchDone> result) {
    auto done = std::make_shared<Result<SearchDone>>(std::move(result));
    asio::co_spawn(loop, looked_for(c, by, done), [waiting](std::exception_ptr, Result<> kept) {
      if (!kept) event(Level::error, "rights.search_failed", {{"what", kept.error().text()}});
      waiting->cancel();
    });
  }));
  static_cast<void>(co_await waiting->async_wait(asio::as_tuple(asio::use_awaitable)));
  co_return co_await show(id, {}, by);
}

// Back on the loop, with what the thread found.
Awaitable<Result<>> RightsDesk::looked_for(RightsCase before, ActBy by, std::shared_ptr<Result<SearchDone>> done) {
  if (!*done) co_return std::unexpected(done->error());
  PL_CO_TRY(c, find_open(before.id));  // it may have changed meanwhile
  c.searched_login = before.searched_login, c.searched_name = before.searched_name;
  c.found = static_cast<std::int64_t>((*done)->found);
  c.files = std::move((*done)->files);
  if (c.type != RightsType::erasure) PL_CO_CHECK(defer_for_request(*core_.store, {c.id, c.practice, (*done)->interventions}, core_.clock.now()));
  PL_CO_CHECK(co_await record_view(c, by));
  co_return co_await record(c, "SEARCHED", {{"found", *c.found}}, by);
}

}  // namespace pontlevis::gateway
