#include "audit/record.hpp"

#include <set>

#include "tests/unit/audit/audit_support.hpp"

namespace pontlevis::audit::test {
namespace {

// A record as the log would store it.
StoredRecord stored(const Record& record, std::string_view at = "2026-11-22T08:00:00.000Z") {
  io::SystemRandom random;
  const Time time = *from_utc(at);
  StoredRecord out{7, {}, {}};
  std::vector<Digest> digests;
  for (const auto& field : record.fields(time)) {
    StoredField f{field.name, field.cls, record.schema().expires_on(field.cls, time), disclose(field, random), {}};
    f.digest = disclosure_digest(f.disclosure);
    digests.push_back(f.digest);
    out.fields.push_back(std::move(f));
  }
  out.entry = record_entry(record.schema().entry_class, digests);
  return out;
}

TEST(Disclosure, digests_are_those_of_rfc_9901) {
  EXPECT_EQ(to_base64url("[\"_26bc4LT-ac6q2KI6cBW5es\", \"family_name\", \"Möbius\"]"),
            "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0");
  const auto digest = [](std::string_view d) { return to_base64url(disclosure_digest(d).view()); };
  EXPECT_EQ(digest("WyI2cU1RdlJMNWhhaiIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"), "uutlBuYeMDyjLLTpf6Jxi7yNkEF35jdyWMn9U7b_RYY");
  EXPECT_EQ(digest("WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0"), "w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs");
  EXPECT_EQ(digest("WyJlSThaV205UW5LUHBOUGVOZW5IZGhRIiwgImVtYWlsIiwgIlwidW51c3VhbCBlbWFpbCBhZGRyZXNzXCJAZXhhbXBsZS5qcCJd"),
            "Kuet1yAa0HIQvYnOVd59hcViO9Ug6J2kSfqYRBeowvE");
}

TEST(Disclosure, it_opens_to_what_was_closed_and_has_one_form) {
  io::SystemRandom random;
  const auto d = disclose({"src_ip", "203.0.113.7", FieldClass::ip}, random);
  const auto opened = must(open_disclosure(d));
  EXPECT_EQ(opened.name, "src_ip");
  EXPECT_EQ(opened.value, json::value("203.0.113.7"));
  EXPECT_NE(d, disclose({"src_ip", "203.0.113.7", FieldClass::ip}, random)) << "each closing has its own salt";
  const std::string salt(22, 'A');
  for (const std::string& bad : {std::string("[\"short\",\"a\",1]"), "[\"" + salt + "\",\"a\"]", "[\"" + salt + "\", \"a\",1]",
                                 "[\"" + salt + "\",2,1]", "{\"" + salt + "\":1}", std::string("\xff"), std::string()})
    EXPECT_FALSE(open_disclosure(to_base64url(bad))) << bad;
  EXPECT_TRUE(open_disclosure(to_base64url("[\"" + salt + "\",\"a\",1]")));
  EXPECT_FALSE(open_disclosure("not base64!"));
}

TEST(Record, a_field_outside_the_schema_is_an_error) {
  EXPECT_TRUE(Record::make("security", {{"event", "locked"}}));
  EXPECT_FALSE(Record::make("security", {{"evnt", "locked"}}));
  EXPECT_FALSE(Record::make("scurity", {{"event", "locked"}}));
  EXPECT_FALSE(Record::make("security", {{"time", "2026-11-22T08:00:00.000Z"}}));
  EXPECT_FALSE(Record::make("security", {{"type", "request"}}));
  EXPECT_FALSE(Record::make("security", {{"detail", std::string(max_disclosure_bytes, 'x')}}));
}

TEST(Record, every_field_is_always_present) {
  const auto few = stored(must(Record::make("security", {})));
  const auto many = stored(security_record(1));
  EXPECT_EQ(few.fields.size(), many.fields.size());
  EXPECT_EQ(must(few.open()).at("source_ip"), json::value(nullptr));
}

TEST(Record, an_entry_is_34_bytes_and_says_its_class_only) {
  const auto a = stored(security_record(1));
  EXPECT_EQ(a.entry.size(), 34u);
  EXPECT_EQ(must(parse_entry(a.entry)), EntryClass::record);
  const auto key = stored(must(Record::make("enrolment", {{"kind", "witness"}})));
  EXPECT_EQ(must(parse_entry(key.entry)), EntryClass::enrolment);
  EXPECT_FALSE(parse_entry(a.entry + "x"));
  EXPECT_FALSE(parse_entry(std::string(34, '\0')));
}

TEST(Record, it_matches_its_entry_and_any_change_does_not) {
  const auto good = stored(security_record(1));
  EXPECT_TRUE(check_record(good));
  for (std::size_t i = 0; i < good.fields.size(); ++i) {
    auto bad = good;
    io::SystemRandom random;
    bad.fields[i].disclosure = disclose({bad.fields[i].name, "another value", bad.fields[i].cls}, random);
    EXPECT_FALSE(check_record(bad)) << good.fields[i].name;
    bad.fields[i].digest = disclosure_digest(bad.fields[i].disclosure);
    EXPECT_FALSE(check_record(bad)) << good.fields[i].name;
  }
  auto swapped = good;
  std::swap(swapped.fields[2], swapped.fields[3]);
  EXPECT_FALSE(check_record(swapped));
  auto later = good;
  for (auto& f : later.fields)
    if (f.expires_on) f.expires_on = "2099-01-01";
  EXPECT_FALSE(check_record(later)) << "a field may not be kept longer than its class";
}

TEST(Record, a_field_can_be_destroyed_and_the_rest_still_proves) {
  auto record = stored(security_record(1));
  for (auto& f : record.fields)
    if (f.cls == FieldClass::ip) f.disclosure.clear();
  EXPECT_TRUE(check_record(record));
  EXPECT_FALSE(must(record.open()).contains("source_ip"));
  const auto lines = must(parse_disclosures(print_disclosures(record)));
  EXPECT_EQ(lines.size(), record.fields.size());
  EXPECT_TRUE(lines.back().starts_with("sha256:"));
}

TEST(Record, a_signed_statement_is_kept_verbatim_with_its_digest) {
  const auto record = must(Record::of_statement("lapse", {{"asked_at", "2026-11-22T08:00:00.000Z"}}, "a note\n"));
  EXPECT_EQ(record.value("statement"), json::value("a note\n"));
  EXPECT_EQ(record.value("statement_sha256"), json::value(sha256_hex("a note\n")));
}

TEST(Schema, addresses_live_150_days_and_only_in_their_class) {
  const auto* request = find_schema("request");
  const Time day = *from_utc("2026-11-22T08:00:00.000Z");
  EXPECT_EQ(request->expires_on(FieldClass::ip, day), "2027-04-21");
  EXPECT_EQ(request->expires_on(FieldClass::person, day), "2031-11-22");
  EXPECT_EQ(request->expires_on(FieldClass::open, day), std::nullopt);
  for (const auto& schema : schemas())
    for (const auto& rule : schema.own)
      if (rule.name.find("ip") == 0 || rule.name.ends_with("_ip")) EXPECT_EQ(rule.cls, FieldClass::ip) << schema.type << "." << rule.name;
}

TEST(Schema, every_type_and_field_has_one_name_and_a_purpose) {
  std::set<std::string_view> types;
  for (const auto& schema : schemas()) {
    EXPECT_TRUE(types.insert(schema.type).second) << schema.type;
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < schema.size(); ++i) {
      EXPECT_TRUE(names.insert(schema.field(i).name).second) << schema.type << "." << schema.field(i).name;
      EXPECT_FALSE(schema.field(i).purpose.empty());
    }
    EXPECT_EQ(schema.field(0).name, "type");
  }
  for (auto type : {"enrolment", "technician", "practice", "request", "request_refused", "consent", "refusal", "lapse", "not_asked",
                    "cancelled", "session_open", "connection", "transfer", "forward", "attempt", "withdrawal", "session_end",
                    "report", "intervention", "recovery", "security", "log_start", "log_stop",
                    "recording", "recording_view", "comment", "destruction", "rehearsal", "rights_request"})
    EXPECT_TRUE(types.contains(type)) << type;
}

}  // namespace
}  // namespace pontlevis::audit::test
