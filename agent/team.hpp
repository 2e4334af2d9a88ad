// The people of the practice who may decide, and how they prove it (requirements A07, A13; design §8).
// Passwords are scrypt hashes; three wrong ones lock a person for a minute, and that is recorded.
// The slow hash runs on its own thread; everything else on the loop.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <map>

#include "agent/consented.hpp"
#include "agent/journal.hpp"
#include "agent/store.hpp"

namespace pontlevis::agent {

class Team {
 public:
  Team(Store& store, Journal& journal, const Clock& clock, Random& random)
      : store_(store), journal_(journal), clock_(clock), random_(random) {}

  io::Awaitable<Result<>> add(Login login, std::string name, ApproverRole role, Secret password, std::string by,
                              std::optional<std::string> until = std::nullopt);
  io::Awaitable<Result<>> change_password(Login login, Secret old_one, Secret new_one);
  io::Awaitable<Result<>> remove(Login login, std::string by);
  Result<std::vector<TeamMember>> list() { return store_.team(); }
  // A person of today's team, who proved themselves in another way (a passkey).
  Result<Approver> known(const Login& login, std::string auth);
  bool locked(const Login& login) const;
  // Who this is, or why not. The answer to an unknown name takes as long as a wrong password.
  io::Awaitable<Result<Approver>> sign_in(Login login, Secret password);

 private:
  struct Tries {
    int wrong = 0;
    Millis locked_until{0};
  };
  io::Awaitable<Result<>> count_failure(Login login);
  Store& store_;
  Journal& journal_;
  const Clock& clock_;
  Random& random_;
  std::map<Login, Tries> tries_;
  boost::asio::thread_pool slow_{1};
};

}  // namespace pontlevis::agent
