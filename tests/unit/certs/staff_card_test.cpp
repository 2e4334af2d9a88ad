#include "tests/unit/certs/sample_card.hpp"

#include "certs/openssh_key.hpp"

namespace pontlevis::certs {
namespace {

namespace json = boost::json;

static_assert(!std::is_default_constructible_v<VerifiedCard>);
static_assert(!std::is_constructible_v<VerifiedCard, CardFields, std::string>);

Result<VerifiedCard> open_body(const json::object& body, Time now = sample_now) {
  const auto staff = sample_staff();
  return StaffCard::open(sign_statement(card_type, body, staff), staff.verifier(), now, RevocationList());
}

TEST(StaffCard, a_good_card_opens_and_says_what_was_signed) {
  const auto staff = sample_staff();
  const auto note = StaffCard::issue(sample_card(), staff).value();
  const auto card = StaffCard::open(note, staff.verifier(), sample_now, RevocationList());
  ASSERT_TRUE(card) << card.error().text();
  EXPECT_EQ(card->fields(), sample_card());
  EXPECT_EQ(card->note(), note);
  EXPECT_TRUE(card->has_key(sample_ed25519));
  EXPECT_FALSE(card->has_key("ssh-ed25519 AAAA"));
  EXPECT_TRUE(card->is_eea());
  EXPECT_EQ(StaffCard::peek(note).value(), sample_card());
}

TEST(StaffCard, a_subprocessor_is_named) {
  auto fields = sample_card();
  fields.subprocessor = "ST-7 Sous-traitant Exemple";
  const auto card = open_body(card_body(fields));
  ASSERT_TRUE(card) << card.error().text();
  EXPECT_EQ(card->fields().subprocessor, "ST-7 Sous-traitant Exemple");
}

TEST(StaffCard, no_field_may_be_missing) {
  for (const auto& member : card_body(sample_card())) {
    auto body = card_body(sample_card());
    json::object without;
    for (const auto& other : body)
      if (other.key() != member.key()) without.emplace(other.key(), other.value());
    EXPECT_FALSE(open_body(without)) << member.key();
  }
}

TEST(StaffCard, no_field_may_be_of_another_type) {
  for (const auto& member : card_body(sample_card())) {
    auto body = card_body(sample_card());
    body[member.key()] = 7;
    EXPECT_FALSE(open_body(body)) << member.key();
  }
}

TEST(StaffCard, an_unknown_field_is_refused) {
  auto body = card_body(sample_card());
  body["administrator"] = true;
  const auto card = open_body(body);
  ASSERT_FALSE(card);
  EXPECT_NE(card.error().what.find("administrator"), std::string::npos);
  body = card_body(sample_card());
  body["confidentiality"].as_object()["also"] = "x";
  EXPECT_FALSE(open_body(body));
}

TEST(StaffCard, the_order_of_fields_is_part_of_the_form) {
  const auto body = card_body(sample_card());
  json::object turned;
  for (auto it = body.end(); it != body.begin();) {
    --it;
    turned.emplace(it->key(), it->value());
  }
  EXPECT_FALSE(open_body(turned));
}

TEST(StaffCard, each_rule_between_fields_is_kept) {
  const std::vector<std::pair<const char*, void (*)(CardFields&)>> cases = {
      {"country in small letters", [](CardFields& c) { c.country = "fr"; }},
      {"country of three letters", [](CardFields& c) { c.country = "FRA"; }},
      {"no key", [](CardFields& c) { c.keys.clear(); }},
      {"nine keys", [](CardFields& c) { c.keys.assign(9, std::string(sample_ed25519)); }},
      {"the same key twice", [](CardFields& c) { c.keys.push_back(c.keys[0]); }},
      {"a key with a comment", [](CardFields& c) { c.keys[0] += " alice@laptop"; }},
      {"an RSA key", [](CardFields& c) { c.keys[0] = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAAQA="; }},
      {"an empty name", [](CardFields& c) { c.name.clear(); }},
      {"a name with a line break", [](CardFields& c) { c.name = "Alice\nMartin"; }},
      {"no confidentiality", [](CardFields& c) { c.confidentiality.ref.clear(); }},
      {"no action limit", [](CardFields& c) { c.action_limit.ref.clear(); }},
      {"commitment after the card", [](CardFields& c) { c.action_limit.signed_on = c.issued_at + std::chrono::days(1); }},
      {"ends before it begins", [](CardFields& c) { c.expires_at = c.issued_at; }},
      {"lives too long", [](CardFields& c) { c.expires_at = c.issued_at + std::chrono::days(4 * 365); }},
  };
  for (const auto& [name, spoil] : cases) {
    auto fields = sample_card();
    spoil(fields);
    EXPECT_FALSE(StaffCard::issue(fields, sample_staff())) << name;
    EXPECT_FALSE(open_body(card_body(fields))) << name;
  }
}

TEST(StaffCard, a_missing_commitment_is_named) {
  auto body = card_body(sample_card());
  body.erase("action_limit");
  const auto card = open_body(body);
  ASSERT_FALSE(card);
  EXPECT_NE(card.error().what.find("commitment 'action_limit'"), std::string::npos) << card.error().text();
}

TEST(StaffCard, another_key_or_no_signature_is_refused) {
  const auto note = StaffCard::issue(sample_card(), sample_staff()).value();
  const auto other = StaffCard::open(note, sample_staff('x').verifier(), sample_now, RevocationList());
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, Errc::bad_signature);
  EXPECT_FALSE(StaffCard::open(note.substr(0, note.find("\n\n") + 2), sample_staff().verifier(), sample_now, RevocationList()));
}

TEST(StaffCard, no_byte_can_be_changed) {
  const auto staff = sample_staff();
  const auto note = StaffCard::issue(sample_card(), staff).value();
  for (std::size_t i = 0; i < note.size(); ++i) {
    std::string changed = note;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(StaffCard::open(changed, staff.verifier(), sample_now, RevocationList())) << i;
  }
}

TEST(StaffCard, a_statement_of_another_type_is_no_card) {
  const auto staff = sample_staff();
  const auto note = sign_statement("consent", card_body(sample_card()), staff);
  EXPECT_FALSE(StaffCard::open(note, staff.verifier(), sample_now, RevocationList()));
  EXPECT_FALSE(StaffCard::peek(note));
}

TEST(StaffCard, it_lives_from_its_first_to_its_last_moment) {
  const auto body = card_body(sample_card());
  EXPECT_TRUE(open_body(body, sample_card().issued_at));
  EXPECT_TRUE(open_body(body, sample_card().expires_at - Millis(1)));
  const auto late = open_body(body, sample_card().expires_at);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, Errc::expired);
  EXPECT_FALSE(open_body(body, sample_card().issued_at - Millis(1)));
}

TEST(StaffCard, only_the_eea_is_the_eea) {
  for (const char* yes : {"FR", "DE", "IS", "LI", "NO", "HR", "GR"}) EXPECT_TRUE(country_is_eea(yes)) << yes;
  for (const char* no : {"GB", "CH", "US", "UK", "EL", "fr", "", "FRA"}) EXPECT_FALSE(country_is_eea(no)) << no;
  auto fields = sample_card();
  fields.country = "CH";
  const auto card = open_body(card_body(fields));  // certified, and refused elsewhere: by policy
  ASSERT_TRUE(card);
  EXPECT_FALSE(card->is_eea());
}

// ---- revocation ----------------------------------------------------------------------------------

Revocation sample_revocation() { return {sample_card().id, "a quitté l'entreprise", at("2026-05-01T08:00:00.000Z")}; }

TEST(Revocation, a_revoked_card_no_longer_opens) {
  const auto staff = sample_staff();
  const auto note = StaffCard::issue(sample_card(), staff).value();
  RevocationList revoked;
  const auto card = StaffCard::open(note, staff.verifier(), sample_now, revoked).value();
  ASSERT_TRUE(revoked.add(RevocationList::sign(sample_revocation(), staff), staff.verifier()).value());
  EXPECT_EQ(StaffCard::open(note, staff.verifier(), sample_now, revoked).error().code, Errc::not_allowed);
  EXPECT_FALSE(card.still_valid(sample_now, revoked));  // one opened before, too
}

TEST(Revocation, only_the_staff_key_revokes) {
  RevocationList revoked;
  EXPECT_FALSE(revoked.add(RevocationList::sign(sample_revocation(), sample_staff('x')), sample_staff().verifier()));
  EXPECT_EQ(revoked.size(), 0u);
}

TEST(Revocation, the_list_only_grows_and_survives_its_file) {
  const auto staff = sample_staff();
  RevocationList list;
  auto second = sample_revocation();
  second.card = CardId::parse("00000000-0000-4000-8000-000000000001").value();
  ASSERT_TRUE(list.add(RevocationList::sign(sample_revocation(), staff), staff.verifier()).value());
  ASSERT_TRUE(list.add(RevocationList::sign(second, staff), staff.verifier()).value());
  auto again = sample_revocation();
  again.reason = "autre motif";
  EXPECT_FALSE(list.add(RevocationList::sign(again, staff), staff.verifier()).value());
  EXPECT_EQ(list.find(sample_card().id)->reason, "a quitté l'entreprise");
  RevocationList read;
  ASSERT_TRUE(read.add_all(list.text(), staff.verifier()));
  EXPECT_EQ(read.text(), list.text());
  EXPECT_FALSE(read.add_all(list.text() + "pontlevis/nonsense", staff.verifier()));
  EXPECT_EQ(read.size(), 2u);
}

// ---- keys ---------------------------------------------------------------------------------------

TEST(SshKey, files_of_ssh_keygen_are_read_without_their_comment) {
  EXPECT_EQ(ssh_key_from_file_text(std::string(sample_ed25519) + " alice@laptop\n").value(), sample_ed25519);
  EXPECT_EQ(ssh_key_from_file_text(sample_ed25519).value(), sample_ed25519);
  EXPECT_FALSE(ssh_key_from_file_text(std::string(sample_ed25519) + "\n" + std::string(sample_ed25519) + "\n"));
}

TEST(SshKey, nothing_but_one_whole_key_of_a_known_kind) {
  const std::string good(sample_ed25519);
  for (const std::string& bad : {std::string(), std::string("ssh-ed25519"), good + " ", " " + good, good + "AAAA",
                                good.substr(0, good.size() - 4), "ecdsa-sha2-nistp256" + good.substr(11), "ssh-dss" + good.substr(11)})
    EXPECT_FALSE(check_ssh_key(bad)) << bad;
}

}  // namespace
}  // namespace pontlevis::certs
