// The verbs of pontlevis-certs, as a person calls them.
#include "certs/tool_commands.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <sstream>

#include "certs/agent_ca.hpp"
#include "certs/enrolment_code.hpp"
#include "tests/doubles/temporary_folder.hpp"
#include "tests/unit/certs/sample_card.hpp"

namespace pontlevis::certs::tool {
namespace {

class FixedClock final : public Clock {
 public:
  Time now() const override { return sample_now; }
  Millis since_boot() const override { return Millis(0); }
};

class Tool : public testing::Test {
 protected:
  void SetUp() override {
    write("alice.pub", std::string(sample_ed25519) + " alice@laptop\n");
  }

  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
  void write(const std::string& name, const std::string& text) { ASSERT_TRUE(io::write_file(path(name), text, io::FileMode::everyone_reads)); }
  Result<int> call(Verb verb, const Arguments& a) {
    out_.str({});
    err_.str({});
    World world{clock_, random_, out_, err_};
    return verb(a, world);
  }
  void make_staff() {
    Arguments a;
    a.name = "staff.vendor.example";
    a.out = path("staff");
    ASSERT_EQ(call(staff_init, a).value(), done);
  }
  Arguments issue() {
    Arguments a;
    a.staff_key = path("staff/staff.key");
    a.login = "alice";
    a.name = "Alice Martin";
    a.employer = "Éditeur Exemple";
    a.country = "FR";
    a.qualification = "Technicienne N2";
    a.confidentiality_ref = "CONF-1";
    a.confidentiality_date = a.action_limit_date = "2026-01-10";
    a.action_limit_ref = "LIM-1";
    a.ssh_keys = {path("alice.pub")};
    a.out = path("alice.card");
    return a;
  }

  test::TemporaryFolder folder_;
  FixedClock clock_;
  io::SystemRandom random_;
  std::ostringstream out_, err_;
};

TEST_F(Tool, a_staff_key_is_private_and_never_overwritten) {
  make_staff();
  struct stat info {};
  ASSERT_EQ(::stat(path("staff/staff.key").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  Arguments a;
  a.name = "staff.vendor.example";
  a.out = path("staff");
  EXPECT_EQ(call(staff_init, a).error().code, Errc::conflict);
}

TEST_F(Tool, a_card_is_issued_shown_verified_and_revoked) {
  make_staff();
  ASSERT_EQ(call(card_issue, issue()).value(), done);
  Arguments a;
  a.file = path("alice.card");
  a.staff = path("staff/staff.vkey");
  ASSERT_EQ(call(card_show, a).value(), done);
  EXPECT_NE(out_.str().find("Alice Martin"), std::string::npos);
  ASSERT_EQ(call(card_verify, a).value(), done) << out_.str();
  Arguments revoke;
  revoke.staff_key = path("staff/staff.key");
  revoke.card = path("alice.card");
  revoke.reason = "a quitté l'entreprise";
  revoke.out = path("revocations");
  ASSERT_EQ(call(card_revoke, revoke).value(), done);
  ASSERT_EQ(call(card_revoke, revoke).value(), done);  // again: nothing changes
  a.revocations = path("revocations");
  EXPECT_EQ(call(card_verify, a).value(), not_verified);
  EXPECT_NE(out_.str().find("revoked"), std::string::npos);
}

TEST_F(Tool, json_is_for_scripts) {
  make_staff();
  auto a = issue();
  a.as_json = true;
  ASSERT_EQ(call(card_issue, a).value(), done);
  const auto value = boost::json::parse(out_.str());
  EXPECT_EQ(value.at("login").as_string(), "alice");
  EXPECT_EQ(value.at("expires_at").as_string(), "2027-06-01T12:00:00.000Z");
}

TEST_F(Tool, what_is_wrong_is_said_with_its_place) {
  make_staff();
  auto a = issue();
  a.confidentiality_date = "10/01/2026";
  EXPECT_EQ(call(card_issue, a).error().where, "--confidentiality-date");
  a = issue();
  a.login = "Alice Martin";
  EXPECT_EQ(call(card_issue, a).error().where, "--login");
  a = issue();
  a.ssh_keys = {path("none.pub")};
  EXPECT_EQ(call(card_issue, a).error().code, Errc::not_found);
  a = issue();
  a.action_limit_ref.clear();
  EXPECT_FALSE(call(card_issue, a));
  a = issue();
  std::filesystem::permissions(path("staff/staff.key"), std::filesystem::perms(0644));
  EXPECT_EQ(call(card_issue, a).error().code, Errc::not_allowed);
  EXPECT_FALSE(std::filesystem::exists(path("alice.card")));
}

TEST_F(Tool, a_card_outside_the_eea_is_warned_about) {
  make_staff();
  auto a = issue();
  a.country = "CH";
  ASSERT_EQ(call(card_issue, a).value(), done);
  EXPECT_NE(err_.str().find("outside the EEA"), std::string::npos);
}

TEST_F(Tool, an_enrolment_code_fits_its_permit_and_its_trust) {
  make_staff();
  auto staff_text = io::read_secret_file(path("staff/staff.key")).value();
  const auto staff = NoteSigner::parse(staff_text).value();
  const NoteSigner log("log.example", NoteKeyType::ed25519, Ed25519Key::generate(random_));
  const TrustBundle bundle{sha256("ca"), staff.verifier(), log.verifier(), {"gateway.vendor.example"}};
  write("trust.json", bundle.text());
  Arguments a;
  a.staff_key = path("staff/staff.key");
  a.trust = path("trust.json");
  a.practice = "cabinet-exemple";
  a.out = path("code.note");
  ASSERT_EQ(call(code_issue, a).value(), done);
  const auto code = EnrolmentCode::parse(out_.str()).value();
  const auto permit = open_code_permit(io::read_file(path("code.note")).value(), staff.verifier(), sample_now).value();
  EXPECT_EQ(permit.secret_sha256, code.secret_hash());
  EXPECT_EQ(permit.pin, code.pin());
  EXPECT_TRUE(code.matches(bundle, permit.practice));
  EXPECT_EQ(call(code_issue, a).error().code, Errc::conflict);
}

TEST_F(Tool, a_trust_file_of_another_vendor_is_refused) {
  make_staff();
  const TrustBundle bundle{sha256("ca"), sample_staff().verifier(), sample_staff('l').verifier(), {"gateway.vendor.example"}};
  write("trust.json", bundle.text());
  Arguments a;
  a.staff_key = path("staff/staff.key");
  a.trust = path("trust.json");
  a.practice = "cabinet-exemple";
  a.out = path("code.note");
  EXPECT_EQ(call(code_issue, a).error().code, Errc::not_allowed);
}

TEST_F(Tool, a_log_that_follows_another_has_another_name_and_another_key) {
  make_staff();
  const NoteSigner old_log("log.example", NoteKeyType::ed25519, Ed25519Key::generate(random_)), next("log.example-2", NoteKeyType::ed25519, Ed25519Key::generate(random_));
  Arguments a;
  a.staff_key = path("staff/staff.key");
  a.old_log = old_log.verifier().text();
  a.new_log = next.verifier().text();
  a.last_size = 41;
  a.cause = "restore";
  a.out = path("successor.note");
  ASSERT_EQ(call(log_successor_issue, a).value(), done);
  a.file = a.out;
  a.staff = path("staff/staff.vkey");
  EXPECT_EQ(call(log_successor_show, a).value(), done);
  EXPECT_NE(out_.str().find("log.example-2"), std::string::npos);
  a.staff = sample_staff('x').verifier().text();
  EXPECT_EQ(call(log_successor_show, a).value(), not_verified);
  EXPECT_EQ(call(log_successor_issue, a).error().code, Errc::conflict) << "nothing is overwritten";
  a.out = path("other.note");
  for (const auto& same : {old_log.verifier().text(), NoteSigner("log.example", NoteKeyType::ed25519, Ed25519Key::generate(random_)).verifier().text()}) {
    a.new_log = same;
    EXPECT_EQ(call(log_successor_issue, a).error().code, Errc::bad_input);
  }
  a.new_log = next.verifier().text();
  a.cause = "boredom";
  EXPECT_EQ(call(log_successor_issue, a).error().code, Errc::bad_input);
}

TEST_F(Tool, the_ca_and_its_server_certificate) {
  Arguments a;
  a.name = "Test CA";
  a.out = path("ca");
  ASSERT_EQ(call(ca_init, a).value(), done);
  Arguments s;
  s.ca = path("ca");
  s.hosts = {"gateway.vendor.example"};
  s.out = path("server");
  ASSERT_EQ(call(ca_server, s).value(), done);
  Arguments show;
  show.file = path("server/server.pem");
  show.as_json = true;
  ASSERT_EQ(call(ca_show, show).value(), done);
  EXPECT_EQ(boost::json::parse(out_.str()).at("hosts").as_array().at(0).as_string(), "gateway.vendor.example");
}

}  // namespace
}  // namespace pontlevis::certs::tool
