#include "gateway/timestamps/timestamps.hpp"

#include <fstream>

#include "audit/verify.hpp"
#include "tests/doubles/must.hpp"
#include "tests/unit/gateway/gateway_fixture.hpp"

namespace pontlevis::gateway {
namespace {

using test::must;

class TimestampsTest : public GatewayTest {
 protected:
  void SetUp() override {
    GatewayTest::SetUp();
    clock.set_calendar(SystemClock().now());  // the authority's clock is the real one
    make_authority();
  }
  void make_authority() {
    write("authority.cnf", "[t]\nserial = serial\nsigner_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = sha256\ness_cert_id_chain = no\ness_cert_id_alg = sha256\n");
    write("purpose", "extendedKeyUsage=critical,timeStamping\n");
    write("serial", "01\n");
    write("authority", "#!/bin/sh\ncd '" + dir().string() + "' && cat >query && openssl ts -reply -config authority.cnf -section t -queryfile query -signer tsa.pem -inkey tsa.key -out reply 2>/dev/null && cat reply\n");
    std::filesystem::permissions(dir() / "authority", std::filesystem::perms::owner_all);
    ASSERT_EQ(sh("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 2 -subj '/CN=CA Exemple' -addext basicConstraints=critical,CA:true -addext keyUsage=critical,keyCertSign"), 0);
    ASSERT_EQ(sh("openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout tsa.key -out tsa.csr -subj '/CN=Horodatage Exemple'"), 0);
    ASSERT_EQ(sh("openssl x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out tsa.pem -extfile purpose"), 0);
  }
  std::filesystem::path dir() const { return temporary.path(); }
  int sh(const std::string& command) { return std::system(("cd '" + dir().string() + "' && { " + command + "; } >/dev/null 2>&1").c_str()); }
  void write(const std::string& name, const std::string& text) { std::ofstream(dir() / name) << text; }
  void ask(const std::string& command) {
    must(core->options.set("timestamp.command", command, "test"));
    must(core->options.set("timestamp.ca", (dir() / "ca.pem").string(), "test"));
  }
  Awaitable<Result<>> house(Timestamps& area) {
    co_await area.keep_house();
    co_return Result<>{};
  }
  std::size_t records() {
    std::int64_t n = 0;
    must(core->log->read([&n](sqlite::Database& db) -> Result<> {
      PL_TRY(count, db.integer("SELECT count(*) FROM records WHERE type = 'timestamp'"));
      n = count.value_or(0);
      return {};
    }));
    return static_cast<std::size_t>(n);
  }
};

TEST_F(TimestampsTest, the_newest_checkpoint_is_stamped_kept_and_named_and_the_verifier_accepts_it) {
  ask((dir() / "authority").string());
  Timestamps area(*core);
  must(area.open());
  must(run(house(area)));
  ASSERT_TRUE(until([&] { return records() == 1; }));
  const auto trust = must(audit::TimestampTrust::from_file(dir() / "ca.pem"));
  const auto report = must(audit::verify_folder(folder.root, {.now = clock.now(), .tsa = &trust}));
  EXPECT_EQ(report.of(audit::Check::timestamps).state, audit::CheckState::passed) << report.to_text();
  must(run(house(area)));
  EXPECT_EQ(records(), 1u) << "once a day";
  clock.advance(std::chrono::hours(24));
  must(run(house(area)));
  EXPECT_TRUE(until([&] { return records() == 2; })) << "the next day, again";
}

TEST_F(TimestampsTest, a_failure_is_no_stop_and_is_tried_again_later) {
  ask("/bin/false");
  Timestamps area(*core);
  must(run(house(area)));
  EXPECT_EQ(run(area.stamp()).error().code, Errc::bad_input);
  EXPECT_EQ(records(), 0u);
  ask((dir() / "authority").string());
  must(run(house(area)));
  EXPECT_EQ(records(), 0u) << "not before its time";
  clock.advance(std::chrono::minutes(6));
  must(run(house(area)));
  EXPECT_TRUE(until([&] { return records() == 1; }));
  EXPECT_TRUE(core->ready());
}

TEST_F(TimestampsTest, a_reply_of_somebody_else_is_not_kept) {
  ask((dir() / "authority").string());
  ASSERT_EQ(sh("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout other.key -out ca.pem -days 2 -subj '/CN=Autre CA' -addext basicConstraints=critical,CA:true"), 0);
  Timestamps area(*core);
  EXPECT_EQ(run(area.stamp()).error().code, Errc::bad_signature);
  EXPECT_EQ(records(), 0u);
}

TEST_F(TimestampsTest, a_crash_between_token_and_record_is_made_good) {
  ask((dir() / "authority").string());
  const auto part = must(audit::stamped_part(core->log->latest_checkpoint()));
  write("query", audit::make_timestamp_query(sha256(part), random).der);
  ASSERT_EQ(sh("openssl ts -reply -config authority.cnf -section t -queryfile query -signer tsa.pem -inkey tsa.key -out reply"), 0);
  const auto token = must(io::read_file(dir() / "reply"));
  const auto size = core->log->size();
  must(core->log->run_now([&](sqlite::Database& db) { return db.run("INSERT INTO timestamps(size, token) VALUES (?,?)", size, sqlite::Blob{token}); }));
  must(core->log->append_now(must(audit::Record::make("log_stop", {{"cause", "crash"}}))));
  clock.advance(std::chrono::hours(24));
  Timestamps area(*core);
  must(run(house(area)));
  EXPECT_TRUE(until([&] { return records() == 2; })) << "the one that had no name, and the new day's";
  const auto report = must(audit::verify_folder(folder.root, {.now = clock.now()}));
  EXPECT_NE(report.of(audit::Check::timestamps).state, audit::CheckState::failed) << report.to_text();
}

TEST(StampSettings, what_cannot_work_is_refused_with_a_hint) {
  const auto with = [](std::string_view command, std::string_view url, std::string_view ca) {
    auto options = Options::defaults();
    must(options.set("timestamp.command", command, "test"));
    must(options.set("timestamp.url", url, "test"));
    must(options.set("timestamp.ca", ca, "test"));
    return StampSettings::read(options);
  };
  EXPECT_FALSE(must(with("", "", "")).asked_for());
  EXPECT_EQ(must(with("prog  a b", "", "ca.pem")).command, (std::vector<std::string>{"prog", "a", "b"}));
  const auto address = must(with("", "https://tsa.example:8443/tsr?x=1", "ca.pem")).address;
  ASSERT_TRUE(address);
  EXPECT_EQ(address->host + std::to_string(address->port) + address->target, "tsa.example8443/tsr?x=1");
  for (const auto& bad : {with("prog", "https://tsa.example", "ca.pem"), with("prog", "", ""), with("", "http://tsa.example", "ca.pem"), with("", "https://a:b@tsa.example", "ca.pem"), with("", "nonsense", "ca.pem")})
    EXPECT_FALSE(bad);
  EXPECT_EQ(wait_after(1), Millis(5 * 60'000));
  EXPECT_EQ(wait_after(2), Millis(10 * 60'000));
  EXPECT_EQ(wait_after(60), Millis(6 * 3600'000));
}

}  // namespace
}  // namespace pontlevis::gateway
