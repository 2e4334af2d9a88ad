// What of a record is about one person: the parts of its person fields that name them, and, where the record is
// about an act of theirs, its addresses and texts. Others named beside them stay out (GDPR 15(4)). Pure; any thread.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "audit/record.hpp"

namespace pontlevis::gateway {

namespace json = boost::json;

// By login, by name, or both: either is enough. Names are compared without regard to the case of A-Z and to blanks.
class PersonSought {
 public:
  PersonSought(std::string login, std::string name);
  const std::string& login() const { return login_; }
  const std::string& name() const { return name_; }
  // The parts of a person field's value that are this person, or nothing.
  std::optional<json::value> part_of(const json::value& value) const;

 private:
  bool is(const json::value& value) const;
  std::string login_, name_, folded_;
};

struct FoundField {
  std::string name;
  audit::FieldClass cls{};
  json::value value;
};
struct FoundRecord {
  audit::LeafIndex index{};
  std::string type, time, intervention, practice;
  std::vector<FoundField> fields;
};

// Nothing when the record does not name the person. An error when an open field cannot be read.
Result<std::optional<FoundRecord>> about_person(const audit::StoredRecord& record, const PersonSought& person);

}  // namespace pontlevis::gateway
