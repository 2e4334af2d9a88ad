// What the page keeps beside the journal, DATA/page.db: the lines of « mes interventions » for a quick
// search, which reports were read, passkeys, rights requests, who rehearsed, and each person's own acts.
// None of it is evidence: the lines are made from the journal and can be made again. Lives on the loop.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "audit/sqlite.hpp"
#include "protocol/ids.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/webauthn/passkeys.hpp"

namespace pontlevis::agent {

using webauthn::Passkey;

struct LineQuery {
  std::string text, from, to, state;  // empty: any; dates YYYY-MM-DD
  std::size_t offset = 0, count = 50;
};

struct RightsRequest {
  Time at;
  Login login;
  std::string type, text, due;
};

struct Act {
  Time at;
  std::string type, intervention, text;
};

class PageStore : public webauthn::PasskeyShelf {
 public:
  static Result<PageStore> open(const std::filesystem::path& data);

  Result<> put_line(const std::string& intervention, const std::string& asked_at, const std::string& state, const json::object& line);
  Result<std::optional<json::object>> line(const std::string& intervention);
  Result<std::set<std::string>> settled();  // interventions whose line says that nothing more will come
  struct Lines {
    std::size_t total = 0;
    std::vector<json::object> lines;
  };
  Result<Lines> lines(const LineQuery& query);
  Result<std::vector<json::object>> unread();  // reported, and nobody has said they read it
  // Interventions whose personal fields are due in the journal, or were: their lines hold names and words.
  Result<std::vector<InterventionId>> past_their_term(Time now);
  Result<> forget(const InterventionId& id);   // its line, and who read its report
  Result<> forget_acts(Time now);              // acts and rights requests of more than five years
  Result<> truncate();                         // whoever forgot empties the write-ahead log after
  Result<> mark_read(const std::string& intervention, const Login& by, Time now);
  Result<bool> was_read(const std::string& intervention);
  Result<std::vector<json::object>> days(const std::string& year);  // {date, count, minutes}

  Result<> add_passkey(const Passkey& key) override;
  Result<std::vector<Passkey>> passkeys(const Login& login) override;
  Result<std::optional<Passkey>> passkey(const std::string& id) override;
  Result<> count_passkey(const std::string& id, std::int64_t count, Time now) override;
  Result<> remove_passkey(const std::string& id, const Login& login);
  Result<> remove_passkeys(const Login& login);

  Result<> add_rights_request(const RightsRequest& request);
  Result<std::vector<RightsRequest>> rights_requests(const Login& login);
  Result<> add_act(const Login& login, const Act& act);
  Result<std::vector<Act>> acts(const Login& login, std::size_t count);
  Result<> set_rehearsed(const Login& login, Time now);
  Result<std::optional<Time>> rehearsed_at(const Login& login);

 private:
  explicit PageStore(sqlite::Database db) : db_(std::move(db)) {}
  sqlite::Database db_;
};

}  // namespace pontlevis::agent
