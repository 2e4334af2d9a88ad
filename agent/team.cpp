#include "agent/team.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "certs/password_hash.hpp"

namespace pontlevis::agent {

namespace net = boost::asio;

namespace {

constexpr int tries_before_lock = 3;                     // PGSSI-S 5.2.3.1
constexpr Millis locked_for = std::chrono::minutes(1);
constexpr std::size_t most_names_tracked = 256;

// A hash of nothing anybody knows: what an unknown name is compared with.
constexpr const char* nobody =
    "scrypt$65536$8$1$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

io::Awaitable<Result<bool>> verify_slowly(Secret password, std::string stored) {
  co_return certs::verify_password(password, stored);
}

io::Awaitable<Result<std::string>> hash_slowly(Secret password, Random* random) {
  co_return certs::hash_password(password, *random);
}

}  // namespace

io::Awaitable<Result<>> Team::add(Login login, std::string name, ApproverRole role, Secret password, std::string by,
                                  std::optional<std::string> until) {
  PL_CO_CHECK(certs::check_new_password(password, login.text()));
  auto hashing = hash_slowly(std::move(password), &random_);
  PL_CO_TRY(hash, co_await net::co_spawn(slow_, std::move(hashing), net::use_awaitable));
  json::object fields{{"event", "approver_added"}, {"approver", json::object{{"login", login.text()}, {"name", name}}},
                      {"approver_role", word(role)}, {"done_by", by}};
  if (until) fields.emplace("reason", "until " + *until);
  PL_CO_CHECK(co_await journal_.keep("practice", std::move(fields)));
  TeamMember member{std::move(login), std::move(name), role, std::move(hash), clock_.now(), std::nullopt, std::move(by), std::move(until), {}};
  co_return store_.add_member(member);
}

io::Awaitable<Result<>> Team::remove(Login login, std::string by) {
  PL_CO_CHECK(store_.remove_member(login, clock_.now(), by));
  json::object fields{{"event", "approver_removed"}, {"approver", login.text()}, {"done_by", by}};
  co_return co_await journal_.keep("practice", std::move(fields));
}

io::Awaitable<Result<>> Team::change_password(Login login, Secret old_one, Secret new_one) {
  PL_CO_CHECK(certs::check_new_password(new_one, login.text()));
  PL_CO_TRY(person, co_await sign_in(login, std::move(old_one)));
  auto hashing = hash_slowly(std::move(new_one), &random_);
  PL_CO_TRY(hash, co_await net::co_spawn(slow_, std::move(hashing), net::use_awaitable));
  json::object fields{{"event", "password changed"}, {"subject", person.login.text()}, {"subject_kind", "practice"}, {"channel", "page"}};
  PL_CO_CHECK(co_await journal_.keep("security", std::move(fields)));
  co_return store_.change_password(login, hash);
}

Result<Approver> Team::known(const Login& login, std::string auth) {
  PL_TRY(member, store_.member(login, clock_.now()));
  if (!member) return fail(Errc::not_found, "nobody of that name is in the team", "team");
  return Approver{login, member->name, member->role, std::move(auth)};
}

bool Team::locked(const Login& login) const {
  const auto tries = tries_.find(login);
  return tries != tries_.end() && clock_.since_boot() < tries->second.locked_until;
}

io::Awaitable<Result<>> Team::count_failure(Login login) {
  if (tries_.size() >= most_names_tracked && !tries_.contains(login)) co_return Result<>{};
  auto& tries = tries_[login];
  if (++tries.wrong < tries_before_lock) co_return Result<>{};
  tries = {0, clock_.since_boot() + locked_for};
  json::object fields{{"event", "locked after three wrong passwords"}, {"subject", login.text()}, {"subject_kind", "practice"},
                      {"channel", "agent"}, {"count", tries_before_lock}};
  co_return co_await journal_.keep("security", std::move(fields));
}

io::Awaitable<Result<Approver>> Team::sign_in(Login login, Secret password) {
  if (locked(login))
    co_return fail(Errc::not_allowed, "this name is locked for a minute after three wrong passwords", "sign-in");
  PL_CO_TRY(member, store_.member(login, clock_.now()));
  std::string stored = member ? member->password_hash : nobody;
  auto checking = verify_slowly(std::move(password), std::move(stored));
  const auto right = co_await net::co_spawn(slow_, std::move(checking), net::use_awaitable);
  if (!member || !right || !*right) {
    PL_CO_CHECK(co_await count_failure(login));
    co_return fail(Errc::not_allowed, "the name or the password is wrong", "sign-in");
  }
  tries_.erase(login);
  co_return Approver{login, member->name, member->role, "password"};
}

}  // namespace pontlevis::agent
