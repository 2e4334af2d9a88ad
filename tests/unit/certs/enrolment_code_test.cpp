#include "certs/enrolment_code.hpp"

#include "tests/unit/certs/sample_card.hpp"

namespace pontlevis::certs {
namespace {

class CountingRandom final : public Random {
 public:
  void fill(std::span<unsigned char> out) override {
    for (auto& byte : out) byte = next_++;
  }

 private:
  unsigned char next_ = 1;
};

TrustBundle sample_bundle() {
  const NoteSigner log("log.gateway.example", NoteKeyType::ed25519, Ed25519Key::from_seed(Secret(std::string(32, 'l'))).value());
  return {sha256("a CA key"), sample_staff().verifier(), log.verifier(), {"gateway.vendor.example:8443"}};
}
PracticeId sample_practice() { return PracticeId::parse("cabinet-exemple").value(); }

EnrolmentCode sample_code() {
  CountingRandom random;
  return EnrolmentCode::mint(random, sample_bundle(), sample_practice());
}
std::string code_text() { return std::string(sample_code().text().expose()); }

TEST(EnrolmentCode, what_is_printed_is_read_again) {
  const auto code = EnrolmentCode::parse(code_text());
  ASSERT_TRUE(code) << code.error().text();
  EXPECT_EQ(code->text().expose(), code_text());
  EXPECT_EQ(code->secret_hash(), sample_code().secret_hash());
  EXPECT_TRUE(code->matches(sample_bundle(), sample_practice()));
  EXPECT_EQ(code_text().size(), 4u + 9 * 6);
  EXPECT_TRUE(code_text().starts_with("PLV1-"));
}

TEST(EnrolmentCode, a_person_may_type_it_as_people_do) {
  std::string typed = code_text();
  for (char& c : typed) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  EXPECT_TRUE(EnrolmentCode::parse(typed));
  for (char& c : typed) c = c == '0' ? 'o' : c == '1' ? 'l' : c;
  EXPECT_TRUE(EnrolmentCode::parse(typed));
  std::erase(typed, '-');
  EXPECT_TRUE(EnrolmentCode::parse(typed));
  EXPECT_TRUE(EnrolmentCode::parse("  " + code_text() + "\n"));
}

TEST(EnrolmentCode, one_wrong_character_is_found_at_once) {
  const std::string right = code_text();
  int found = 0, tried = 0;
  for (std::size_t i = 5; i < right.size(); ++i) {
    if (right[i] == '-') continue;
    for (const char c : std::string_view("0123456789ABCDEFGHJKMNPQRSTVWXYZ")) {
      if (c == right[i]) continue;
      std::string typed = right;
      typed[i] = c;
      ++tried;
      found += !EnrolmentCode::parse(typed);
    }
  }
  EXPECT_EQ(found, tried);
}

TEST(EnrolmentCode, swapped_missing_and_foreign_characters_are_found) {
  const std::string right = code_text();
  std::string swapped = right;
  std::swap(swapped[6], swapped[7]);
  EXPECT_FALSE(EnrolmentCode::parse(swapped));
  EXPECT_FALSE(EnrolmentCode::parse(right.substr(0, right.size() - 1)));
  EXPECT_FALSE(EnrolmentCode::parse(right + "0"));
  EXPECT_FALSE(EnrolmentCode::parse("PLV2" + right.substr(4)));
  EXPECT_FALSE(EnrolmentCode::parse(""));
  EXPECT_FALSE(EnrolmentCode::parse(std::string(1 << 20, '0')));
  std::string foreign = right;
  foreign[5] = 'U';
  const auto code = EnrolmentCode::parse(foreign);
  ASSERT_FALSE(code);
  EXPECT_NE(code.error().what.find("group 1"), std::string::npos) << code.error().text();
}

TEST(EnrolmentCode, errors_never_hold_the_code) {
  std::string typed = code_text();
  typed.back() = typed.back() == '0' ? '2' : '0';
  const auto error = EnrolmentCode::parse(typed).error();
  EXPECT_EQ(error.text().find(typed.substr(5, 5)), std::string::npos);
}

TEST(EnrolmentCode, it_matches_one_bundle_and_one_practice) {
  const auto code = sample_code();
  auto other = sample_bundle();
  other.ca_spki_sha256 = sha256("another CA key");
  EXPECT_FALSE(code.matches(other, sample_practice()));
  other = sample_bundle();
  other.staff = sample_staff('x').verifier();
  EXPECT_FALSE(code.matches(other, sample_practice()));
  other = sample_bundle();
  other.log = other.staff;
  EXPECT_FALSE(code.matches(other, sample_practice()));
  EXPECT_FALSE(code.matches(sample_bundle(), PracticeId::parse("autre-cabinet").value()));
  other = sample_bundle();
  other.gateway_hosts = {"elsewhere.example"};  // an address may change
  EXPECT_TRUE(code.matches(other, sample_practice()));
}

TEST(TrustBundle, what_is_printed_is_read_again_and_nothing_else) {
  const auto bundle = sample_bundle();
  const auto read = TrustBundle::parse(bundle.text());
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->text(), bundle.text());
  EXPECT_FALSE(TrustBundle::parse("{}"));
  EXPECT_FALSE(TrustBundle::parse(bundle.text().substr(1)));
  std::string more = bundle.text();
  more.insert(1, "\"also\":1,");
  EXPECT_FALSE(TrustBundle::parse(more));
}

CodePermit sample_permit() {
  const auto code = sample_code();
  return {sample_practice(), code.secret_hash(), code.pin(), sample_now, sample_now + code_life};
}

TEST(CodePermit, it_opens_within_its_day) {
  const auto note = sign_code_permit(sample_permit(), sample_staff());
  const auto permit = open_code_permit(note, sample_staff().verifier(), sample_now + std::chrono::hours(23));
  ASSERT_TRUE(permit) << permit.error().text();
  EXPECT_EQ(permit->practice, sample_practice());
  EXPECT_EQ(permit->secret_sha256, sample_code().secret_hash());
  EXPECT_EQ(permit->pin, sample_code().pin());
  EXPECT_EQ(open_code_permit(note, sample_staff().verifier(), sample_now + code_life).error().code, Errc::expired);
}

TEST(CodePermit, a_gateway_cannot_mint_one) {
  const auto note = sign_code_permit(sample_permit(), sample_staff('x'));
  EXPECT_FALSE(open_code_permit(note, sample_staff().verifier(), sample_now));
}

TEST(CodePermit, it_cannot_live_longer_than_a_day) {
  auto permit = sample_permit();
  permit.expires_at += Millis(1);
  EXPECT_FALSE(open_code_permit(sign_code_permit(permit, sample_staff()), sample_staff().verifier(), sample_now));
}

}  // namespace
}  // namespace pontlevis::certs
