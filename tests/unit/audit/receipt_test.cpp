// The consent receipt: it says what was signed, verifies alone, and no member can be changed.
#include "audit/receipt.hpp"

#include <fstream>

#include "tests/unit/audit/sample_receipt.hpp"

namespace pontlevis::audit::test {
namespace {

class Receipt : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
  SampleJournal journal_{folder_.path() / "log"};
};

std::vector<std::string> states(const json::object& receipt) {
  std::vector<std::string> out;
  for (const auto& event : receipt.at("record").at("events").as_array()) out.emplace_back(event.at("event_state").as_string());
  return out;
}
using States = std::vector<std::string>;

// The receipt as somebody would seal it who holds the practice's own key.
std::string sealed_again(json::object receipt) {
  const auto id = receipt.at("record").at("intervention_id");
  receipt.erase("seal");
  json::object body{{"intervention", intervention_a}, {"receipt_sha256", sha256_hex(json::serialize(receipt))}, {"at", receipt.at("created_at")}};
  receipt.emplace("seal", sign_statement("receipt", body, practice_signer()));
  return json::serialize(receipt);
}

// Every text, number and mark in `value`, one after another, as a place where it can be changed.
void each_leaf(json::value& value, const std::string& path, const std::function<void(const std::string&, json::value&)>& visit) {
  if (auto* object = value.if_object())
    for (auto& member : *object) each_leaf(member.value(), path + "." + std::string(member.key()), visit);
  else if (auto* list = value.if_array())
    for (std::size_t i = 0; i < list->size(); ++i) each_leaf((*list)[i], path + "[" + std::to_string(i) + "]", visit);
  else
    visit(path, value);
}

json::value changed(const json::value& value) {
  if (value.is_bool()) return !value.get_bool();
  if (value.is_int64()) return value.get_int64() + 1;
  if (value.is_uint64()) return value.get_uint64() + 1;
  if (value.is_null()) return "something";
  std::string text(value.as_string());
  if (text.empty()) return "x";
  auto& letter = text[text.size() / 2];
  letter = letter == 'x' ? 'y' : 'x';
  return json::value(text);
}

TEST_F(Receipt, a_yes_and_its_end_make_a_receipt_that_verifies_alone) {
  journal_.live("DONE");
  const auto receipt = must(journal_.receipt());
  EXPECT_EQ(states(receipt), (States{"REQUESTED", "GIVEN", "TERMINATED"}));
  const auto checked = must(verify_receipt(json::serialize(receipt)));
  EXPECT_EQ(checked.intervention, intervention_a);
  EXPECT_EQ(checked.statements, 2u);
  EXPECT_FALSE(checked.key_pinned);
  EXPECT_TRUE(must(verify_receipt(json::serialize(receipt) + "\n", std::vector{practice_signer().verifier(), journal_.key()})).key_pinned);
}

TEST_F(Receipt, it_has_every_mandatory_field_of_the_standard) {
  journal_.live("DONE");
  const auto receipt = must(journal_.receipt());
  const auto& record = receipt.at("record").as_object();
  EXPECT_EQ(receipt.at("dct:conformsTo"), "https://w3id.org/dpv/schema/dpv-27560#receipt-eu-gdpr");
  EXPECT_EQ(record.at("dct:conformsTo"), "https://w3id.org/dpv/schema/dpv-27560#record-eu-gdpr");
  for (auto name : {"schema_version", "receipt_id", "created_at"}) EXPECT_TRUE(receipt.at(name).is_string()) << name;
  for (auto name : {"schema_version", "record_id", "principal_id", "intervention_id", "request_hash"}) EXPECT_TRUE(record.at(name).is_string()) << name;
  const auto& processing = record.at("processing").as_object();
  for (auto name : {"notice_ref", "notice_hash", "language", "purpose", "pii_types", "storage_location", "retention_period", "jurisdiction",
                    "recipients", "withdrawal_method", "legal_basis", "rights", "authority"})
    EXPECT_FALSE(processing.at(name).is_null()) << name;
  for (const auto* party : {&record.at("controllers").at(0), &record.at("processor"), &record.at("subprocessors").at(0)})
    for (auto name : {"party_id", "party_name", "party_address", "party_contact", "party_role", "party_type"})
      EXPECT_TRUE(party->at(name).is_string()) << name;
  for (const auto& event : record.at("events").as_array())
    for (auto name : {"event_time", "event_state", "event_type", "validity", "entity_id"}) EXPECT_TRUE(event.at(name).is_string()) << name;
  EXPECT_EQ(processing.at("retention_period").at("recording"), "P30D");
}

TEST_F(Receipt, a_withdrawal_is_one_act_where_the_yes_was_two) {
  journal_.live("WITHDRAWN");
  const auto receipt = must(journal_.receipt());
  EXPECT_EQ(states(receipt), (States{"REQUESTED", "GIVEN", "WITHDRAWN"}));
  const auto& events = receipt.at("record").at("events").as_array();
  EXPECT_EQ(events[1].at("acts_count"), 2);
  EXPECT_EQ(events[2].at("acts_count"), 1);
  EXPECT_EQ(events[2].at("cut_latency_ms"), 41);
  EXPECT_TRUE(events[2].at("effect_confirmed_at").is_string());
  EXPECT_EQ(receipt.at("evidence").at("statements").as_array().size(), 3u);
}

TEST_F(Receipt, each_way_it_can_go_has_its_word) {
  journal_.live("TIMEOUT");
  EXPECT_EQ(states(must(journal_.receipt())), (States{"REQUESTED", "GIVEN", "EXPIRED"}));
}

TEST_F(Receipt, a_refusal_has_a_receipt_too) {
  journal_.say("refusal", {{"request_sha256", std::string(64, 'a')}, {"approver", {{"login", "dr-exemple"}, {"name", "Dr Camille Exemple"}, {"role", "OWNER"}}},
                           {"why", nullptr}});
  const auto receipt = must(journal_.receipt({"Cabinet Exemple", "Éditeur Exemple SAS", "", "", "", "", ""}));
  EXPECT_EQ(states(receipt), (States{"REFUSED"}));
  EXPECT_EQ(receipt.at("record").at("controllers").at(0).at("party_name"), "Cabinet Exemple");
  EXPECT_EQ(receipt.at("record").at("processing").at("retention_period").at("record"), "P1Y");
  EXPECT_NE(print_receipt(receipt, Language::french).find("refusé"), std::string::npos);
}

TEST_F(Receipt, silence_is_neither_yes_nor_no) {
  journal_.say("lapse", {{"request_sha256", std::string(64, 'a')}});
  const auto receipt = must(journal_.receipt());
  EXPECT_EQ(states(receipt), (States{"EXPIRED"}));
  EXPECT_EQ(receipt.at("record").at("principal_id"), "NOT_STATED");
  EXPECT_NE(print_receipt(receipt, Language::french).find("personne n'a répondu"), std::string::npos);
}

TEST_F(Receipt, without_a_decision_there_is_none) {
  journal_.say("not_asked", {{"request_sha256", std::string(64, 'a')}, {"why", "card"}});
  EXPECT_EQ(journal_.receipt().error().code, Errc::not_found);
}

TEST_F(Receipt, an_extension_is_a_consent_of_its_own) {
  journal_.say("consent", sample_consent());
  auto more = sample_consent();
  more["minutes"] = 15;
  more.emplace("extends", json::value(std::string(64, 'e')));
  journal_.say("consent", std::move(more));
  const auto receipt = must(journal_.receipt());
  EXPECT_EQ(states(receipt), (States{"REQUESTED", "GIVEN", "REQUESTED", "GIVEN"}));
  EXPECT_EQ(receipt.at("record").at("processing").at("minutes"), 20);
  EXPECT_EQ(receipt.at("record").at("events").at(3).at("validity"), "PT15M");
  EXPECT_EQ(receipt.at("record").at("events").at(3).at("extends"), json::value(std::string(64, 'e')));
}

TEST_F(Receipt, no_member_can_be_changed) {
  journal_.live("WITHDRAWN");
  json::value receipt = must(journal_.receipt());
  unsigned places = 0;
  each_leaf(receipt, "", [&](const std::string& path, json::value& leaf) {
    const auto before = leaf;
    leaf = changed(before);
    const auto verdict = verify_receipt(json::serialize(receipt));
    EXPECT_FALSE(verdict) << path;
    if (!verdict) EXPECT_FALSE(verdict.error().what.empty() || verdict.error().where.empty()) << path;
    leaf = before;
    ++places;
  });
  EXPECT_GT(places, 250u);
  EXPECT_TRUE(verify_receipt(json::serialize(receipt)));
}

TEST_F(Receipt, who_holds_the_key_cannot_make_it_say_what_was_not_signed) {
  journal_.live("WITHDRAWN");
  json::value receipt = must(journal_.receipt());
  unsigned places = 0;
  each_leaf(receipt.at("record"), "record", [&](const std::string& path, json::value& leaf) {
    const auto before = leaf;
    leaf = changed(before);
    const auto verdict = verify_receipt(sealed_again(receipt.as_object()));
    ASSERT_FALSE(verdict) << path;
    EXPECT_NE(verdict.error().where.find(path), std::string::npos) << verdict.error().where << " for " << path;
    leaf = before;
    ++places;
  });
  EXPECT_GT(places, 120u);
  EXPECT_TRUE(verify_receipt(sealed_again(receipt.as_object()))) << "unchanged, it is sealed again well";
}

TEST_F(Receipt, members_added_left_out_or_said_twice_are_refused) {
  journal_.live("DONE");
  const auto receipt = must(journal_.receipt());
  auto more = receipt;
  more.emplace("note", "x");
  EXPECT_FALSE(verify_receipt(sealed_again(more)));
  auto inside = receipt;
  inside.at("record").as_object().emplace("note", "x");
  EXPECT_FALSE(verify_receipt(sealed_again(inside)));
  for (const auto& member : receipt) {
    auto less = receipt;
    less.erase(member.key());
    EXPECT_FALSE(verify_receipt(json::serialize(less))) << member.key();
  }
  auto fewer = receipt;
  fewer.at("evidence").at("statements").as_array().pop_back();
  EXPECT_FALSE(verify_receipt(sealed_again(fewer))) << "the end is left out";
  auto text = json::serialize(receipt);
  EXPECT_FALSE(verify_receipt("{\"receipt_id\":\"x\"," + text.substr(1)));
  EXPECT_FALSE(verify_receipt(" " + text));
  EXPECT_FALSE(verify_receipt(text.substr(0, text.size() / 2)));
}

TEST_F(Receipt, a_key_that_the_reader_trusts_must_be_in_it) {
  journal_.live("DONE");
  const auto text = json::serialize(must(journal_.receipt()));
  const std::vector pinned{practice_signer(9).verifier()};
  const auto verdict = verify_receipt(text, pinned);
  ASSERT_FALSE(verdict);
  EXPECT_FALSE(verdict.error().hint.empty());
}

TEST_F(Receipt, a_statement_of_another_key_makes_no_receipt) {
  journal_.live("DONE");
  EXPECT_FALSE(consent_receipt(journal_.proved(), journal_.key(), practice_signer(9), {}, Time{}));
  auto proved = journal_.proved();
  std::swap(proved[0].proof, proved[2].proof);
  EXPECT_FALSE(consent_receipt(proved, journal_.key(), practice_signer(), {}, Time{}));
}

TEST_F(Receipt, it_is_printed_in_both_languages_without_a_bare_code) {
  journal_.live("WITHDRAWN");
  const auto receipt = must(journal_.receipt());
  const auto french = print_receipt(receipt, Language::french);
  for (auto text : {"REÇU D'ACCORD", "donné", "retiré", "Dr Camille Exemple", "accès coupé en 41 ms", "1 geste", "2 gestes", "Cabinet Exemple",
                    "Alice Martin", "CNIL", "20 min", "30 jours", "cabinet-exemple"})
    EXPECT_NE(french.find(text), std::string::npos) << text << "\n" << french;
  const auto english = print_receipt(receipt, Language::english);
  for (auto text : {"CONSENT RECEIPT", "given", "withdrawn", "1 act", "2 acts", "30 days", "YOUR RIGHTS"})
    EXPECT_NE(english.find(text), std::string::npos) << text << "\n" << english;
  for (const auto& page : {french, english})
    for (auto code : {"NOT_STATED", "AT_THE_PRACTICE", "EXPLICIT_CONSENT", "WATCHED", "MAINTENANCE", "P5Y", "LOCAL_PAGE"})
      EXPECT_EQ(page.find(code), std::string::npos) << code;
}

TEST_F(Receipt, the_tool_says_what_it_means_and_exits_1_when_it_is_not_to_be_believed) {
  journal_.live("WITHDRAWN");
  const auto file = folder_.path() / "receipt.json";
  const auto tool = [&](const std::string& more, std::string* out) {
    FILE* pipe = ::popen(("'" PONTLEVIS_AUDIT_TOOL "' verify --receipt '" + file.string() + "' " + more + " 2>&1").c_str(), "r");
    std::array<char, 4096> buffer;
    out->clear();
    for (std::size_t n; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) out->append(buffer.data(), n);
    return WEXITSTATUS(::pclose(pipe));
  };
  auto text = json::serialize(must(journal_.receipt()));
  std::ofstream(file) << text;
  std::string said;
  EXPECT_EQ(tool("", &said), 0) << said;
  EXPECT_NE(said.find("REÇU VÉRIFIÉ"), std::string::npos) << said;
  EXPECT_EQ(tool("--lang en --key '" + practice_signer().verifier().text() + "'", &said), 0) << said;
  EXPECT_NE(said.find("it is the one you gave"), std::string::npos) << said;
  EXPECT_EQ(tool("--json", &said), 0);
  EXPECT_EQ(tool("--key '" + practice_signer(9).verifier().text() + "'", &said), 1) << said;
  EXPECT_EQ(tool("--key nonsense", &said), 2) << said;
  text.replace(text.find("\"minutes\":20"), 12, "\"minutes\":90");
  std::ofstream(file) << text;
  EXPECT_EQ(tool("--lang en", &said), 1);
  EXPECT_NE(said.find("NOT VERIFIED"), std::string::npos);
  EXPECT_NE(said.find("record.processing.minutes"), std::string::npos) << said;
  EXPECT_NE(said.find("hint:"), std::string::npos);
  std::filesystem::remove(file);
  EXPECT_EQ(tool("", &said), 2);
}

}  // namespace
}  // namespace pontlevis::audit::test
