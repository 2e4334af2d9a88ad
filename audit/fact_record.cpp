#include "audit/fact_record.hpp"

namespace pontlevis::audit {

Result<Record> fact_record(std::string_view type, const json::object& body, std::string_view practice,
                           std::string_view note) {
  const auto* schema = find_schema(type);
  if (!schema) return fail(Errc::bad_input, "is not a known type of record");
  json::object fields{{"practice", practice}};
  for (const auto& member : body)
    if (member.key() != "type" && member.key() != "time" && member.key() != "practice" &&
        schema->position(member.key()))
      fields.emplace(member.key(), member.value());
  return Record::of_statement(type, fields, note);
}

}  // namespace pontlevis::audit
