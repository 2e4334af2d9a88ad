// The vendor's own register: sub-processors with their authorisation, the day each technician was trained,
// and what the vendor says of itself. Owned by Core; the loop's thread. What is read stands in memory, what
// changes is written first. requirements A11, A14, A16, A19, A31.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "audit/sqlite.hpp"
#include "protocol/clock.hpp"
#include "protocol/ids.hpp"
#include "protocol/json_values.hpp"
#include "protocol/words.hpp"

namespace pontlevis::gateway {

enum class Authorisation { proposed, notified, objected, authorised };  // A19

struct Subprocessor {
  std::string id;  // as staff cards name it
  std::string name;
  std::string country;    // ISO 3166-1 alpha-2
  std::string guarantee;  // outside the EEA: what makes the transfer lawful
  std::string task;
  Authorisation state{};
  Time since{};  // of this state
};

struct Settings {
  std::string dpo_contact;
  std::string vendor_address;
  std::vector<std::string> recipients;
  std::string notice_version;
};

class VendorRegister {
 public:
  // `first`: what the options say, until settings are kept.
  static Result<VendorRegister> load(sqlite::Database& db, Settings first);

  const std::map<std::string, Subprocessor>& subprocessors() const { return subprocessors_; }
  bool authorised(const std::string& id) const;
  Result<> put(Subprocessor subprocessor);

  std::optional<Time> trained_on(const Login& login) const;
  Result<> trained(const Login& login, Time day);
  Result<> forget_training(const Login& login);

  const Settings& settings() const { return settings_; }
  Result<> put(Settings settings);

 private:
  explicit VendorRegister(sqlite::Database& db) : db_(&db) {}
  Result<> read_subprocessors();
  Result<> read_trainings();
  Result<> read_settings();

  sqlite::Database* db_;
  std::map<std::string, Subprocessor> subprocessors_;
  std::map<Login, Time> trainings_;
  Settings settings_;
};

boost::json::object settings_json(const Settings& settings);

}  // namespace pontlevis::gateway
template <> struct pontlevis::Spelling<pontlevis::gateway::Authorisation> {
  static constexpr std::array<std::string_view, 4> words{"PROPOSED", "NOTIFIED", "OBJECTED", "AUTHORISED"};
};
