// Accounts by command: who may have one, what is shown once, what is recorded; names of the console; the store of
// a gateway that had no accounts yet.
#include "gateway/store.hpp"
#include "tests/unit/gateway/people_fixture.hpp"

namespace pontlevis::gateway {
namespace {

class AccountsTest : public PeopleTest {
 protected:
  Errc refused(json::object request) {
    auto answer = run(act_on_account(*core, {}, std::move(request)));
    return answer ? Errc{} : answer.error().code;
  }
};

TEST_F(AccountsTest, what_is_made_here_is_shown_once_and_works) {
  const auto made = account({{"verb", "user add"}, {"login", "eve"}, {"name", "Eve Exemple"}, {"role", "administrator"}, {"done_by", "admin"}});
  seeds["eve"] = text_of(made, "totp_secret");
  EXPECT_TRUE(text_of(made, "otpauth").starts_with("otpauth://totp/"));
  EXPECT_EQ(text_of(made, "password").size(), 19u);
  EXPECT_EQ(try_in("eve", text_of(made, "password")).status, 200);
  const auto record = last_record("account");
  EXPECT_EQ(text_of(record, "event"), "added");
  EXPECT_EQ(text_of(record, "done_by"), "admin");
  const auto list = json::serialize(account({{"verb", "user list"}}));
  EXPECT_EQ(list.find(text_of(made, "password")), list.npos);
}

TEST_F(AccountsTest, a_technicians_account_is_the_cards) {
  const auto made = account({{"verb", "user add"}, {"login", "bob"}, {"role", "technician"}});
  EXPECT_EQ(text_of(made, "name"), "Personne bob");
  EXPECT_TRUE(made.at("totp_secret").is_null()) << "the phone of the SSH front";
  EXPECT_EQ(refused({{"verb", "user add"}, {"login", "personne"}, {"role", "technician"}}), Errc::not_found);
}

TEST_F(AccountsTest, an_auditor_has_a_last_day) {
  const json::object auditor{{"verb", "user add"}, {"login", "visite"}, {"name", "Auditeur Exemple"}, {"role", "auditor"}};
  EXPECT_EQ(refused(auditor), Errc::bad_input);
  auto with = auditor;
  with["until"] = "2026-11-21";
  EXPECT_EQ(refused(with), Errc::bad_input) << "past";
  with["until"] = "2028-11-22";
  EXPECT_EQ(refused(with), Errc::bad_input) << "more than a year";
  with["until"] = "2026-11-30";
  EXPECT_EQ(text_of(account(with), "until"), "2026-12-01T00:00:00.000Z") << "that day's end";
}

TEST_F(AccountsTest, what_does_not_fit_is_refused) {
  EXPECT_EQ(refused({{"verb", "user add"}, {"login", "admin"}, {"name", "x"}, {"role", "administrator"}}), Errc::conflict);
  EXPECT_EQ(refused({{"verb", "user add"}, {"login", "eve"}, {"name", "x"}, {"role", "root"}}), Errc::bad_input);
  EXPECT_EQ(refused({{"verb", "user add"}, {"login", "nobody"}, {"name", "x"}, {"role", "compliance"}}), Errc::bad_input);
  EXPECT_EQ(refused({{"verb", "user add"}, {"login", "eve"}, {"name", "x"}, {"role", "compliance"}, {"password", "court"}}), Errc::bad_input);
  EXPECT_EQ(refused({{"verb", "user reset"}, {"login", "personne"}}), Errc::not_found);
  EXPECT_EQ(refused({{"verb", "user remove"}, {"login", "admin"}, {"done_by", "admin"}}), Errc::conflict);
  EXPECT_EQ(refused({{"verb", "user frobnicate"}}), Errc::bad_input);
  EXPECT_EQ(refused({{"verb", "user list"}, {"surprise", 1}}), Errc::bad_input);
}

TEST_F(AccountsTest, a_removed_technician_keeps_the_phone_of_the_ssh_front) {
  account({{"verb", "user remove"}, {"login", "alice"}});
  EXPECT_EQ(*core->technicians.check_code(login("alice"), Secret(std::string_view(code("alice"))), core->lockout_rule()), CodeVerdict::accepted);
  account({{"verb", "user remove"}, {"login", "dpo"}});
  EXPECT_FALSE(*people->factors().has(login("dpo")));
}

TEST_F(AccountsTest, a_subject_of_the_provider_is_one_account) {
  ASSERT_TRUE(core->options.set("oidc.issuer", "https://id.example", "test"));
  account({{"verb", "user link"}, {"login", "admin"}, {"subject", "s-1"}});
  EXPECT_EQ((*people->accounts().by_subject("https://id.example", "s-1"))->login, login("admin"));
  EXPECT_FALSE(*people->accounts().by_subject("https://other.example", "s-1")) << "of that provider only";
  EXPECT_EQ(refused({{"verb", "user link"}, {"login", "dpo"}, {"subject", "s-1"}}), Errc::conflict);
  account({{"verb", "user link"}, {"login", "admin"}, {"subject", nullptr}});
  EXPECT_FALSE(*people->accounts().by_subject("https://id.example", "s-1"));
}

TEST(OldStore, second_factors_of_version_1_move_and_stay_locked_or_spent) {
  test::TemporaryFolder temporary;
  const auto file = temporary.path() / "gateway.db";
  sqlite::Options old{.application_id = 0x504c6777, .user_version = 1, .schema = R"sql(
    CREATE TABLE interventions(id TEXT PRIMARY KEY, practice TEXT NOT NULL, system TEXT NOT NULL, lead TEXT NOT NULL,
      phase TEXT NOT NULL, state TEXT NOT NULL, requested_at INTEGER NOT NULL, live INTEGER NOT NULL, view TEXT NOT NULL) STRICT;
    CREATE TABLE technicians(login TEXT PRIMARY KEY, card TEXT NOT NULL, totp BLOB NOT NULL, last_step INTEGER, locked_until INTEGER) STRICT;
    CREATE TABLE wrong_codes(login TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
    CREATE INDEX wrong_codes_of ON wrong_codes(login, at);
    INSERT INTO technicians VALUES('alice', 'note', x'4142', 7, 9);)sql"};
  ASSERT_TRUE(sqlite::Database::open(file, old));
  for (int again = 0; again < 2; ++again) {
    auto store = open_store(file);
    ASSERT_TRUE(store) << store.error().text();
    EXPECT_EQ(*store->integer("SELECT last_step FROM second_factors WHERE login='alice' AND totp=x'4142' AND locked_until=9"), 7);
    EXPECT_EQ(*store->text("SELECT card FROM technicians WHERE login='alice'"), "note");
    EXPECT_EQ(*store->integer("SELECT count(*) FROM pragma_table_info('technicians')"), 2);
  }
}

// ---- small parts ----

TEST(ConsolePlace, an_origin_is_https_with_a_name) {
  const auto place = ConsolePlace::parse("", "gateway.example", 8443);
  EXPECT_EQ(place->origin(), "https://gateway.example:8443");
  EXPECT_EQ(place->host(), "gateway.example");
  EXPECT_EQ(ConsolePlace::parse("", "gateway.example", 443)->origin(), "https://gateway.example");
  const auto two = ConsolePlace::parse("https://a.example https://b.example:9443", "x", 1);
  EXPECT_TRUE(two->is_host("a.example") && two->is_host("a.example:443") && two->is_host("B.example:9443") && two->is_origin("https://b.example:9443"));
  EXPECT_FALSE(two->is_host("b.example") || two->is_host("") || two->is_origin("") || two->is_origin("https://a.example/"));
  for (auto bad : {"http://a.example", "https://", "https://a.example/", "https://a.example:443", "https://a.example:0", "a.example", "https://A.example", "https://a@b"})
    EXPECT_FALSE(ConsolePlace::parse(bad, "x", 1)) << bad;
}

TEST(Tries, a_flood_of_names_is_bounded_and_forgets_the_oldest_first) {
  doubles::FakeClock clock;
  Tries tries(clock);
  for (int i = 0; i < 5; ++i) tries.count("victim", LockoutRule{});
  EXPECT_TRUE(tries.locked("victim"));
  for (std::size_t i = 0; i < Tries::most + 10; ++i) tries.count("n" + std::to_string(i), LockoutRule{});
  EXPECT_LE(tries.size(), Tries::most);
}

TEST(Tries, one_line_of_ipv6_is_one_source) {
  EXPECT_EQ(source_key("2001:db8::1"), source_key("2001:db8::ffff:1"));
  EXPECT_NE(source_key("2001:db8::1"), source_key("2001:db8:0:1::1"));
  EXPECT_NE(source_key("192.0.2.1"), source_key("192.0.2.2"));
}

}  // namespace
}  // namespace pontlevis::gateway
