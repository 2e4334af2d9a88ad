// The first answer to an act, kept one day for whoever repeats the act with the same Idempotency-Key: a browser
// or a script that lost the answer must not ask a practice twice. A key is the person's own and belongs to one
// address and one body. An act that was begun and never answered (a crash) is not done again by itself.
// Answers with secrets are never kept. The loop's thread.
#pragma once

#include <set>
#include <variant>

#include "gateway/api/api_call.hpp"

namespace pontlevis::gateway {

class KeptAnswers {
 public:
  KeptAnswers(sqlite::Database& db, const Clock& clock) : db_(&db), clock_(&clock) {}

  struct Begun { std::string key; };  // go on, then keep() or forget()
  // Begun, or the answer to give: the first one again, or why not.
  std::variant<Begun, io::HttpResponse> begin(const ApiCall& call, std::string_view key);
  void keep(const Begun& begun, const io::HttpResponse& answer);
  void forget(const Begun& begun);
  void left(const Begun& begun) { under_way_.erase(begun.key); }

  static constexpr int most_of_one_person = 1000;

 private:
  Result<std::optional<io::HttpResponse>> look(const std::string& key, const std::string& body_sha256);
  Result<> make_room(const Login& login);
  sqlite::Database* db_;
  const Clock* clock_;
  std::set<std::string> under_way_;
};

}  // namespace pontlevis::gateway
