// RFC 3161 with a real authority: openssl ts answers our queries, our code judges its answers, and openssl judges what
// we exported.
#include "audit/timestamp.hpp"

#include <cstdlib>
#include <fstream>

#include "audit/verify.hpp"
#include "tests/unit/audit/sample_life.hpp"

namespace pontlevis::audit::test {
namespace {

class Timestamping : public ::testing::Test {
 protected:
  void SetUp() override { make_authority("ca", "tsa"); }

  int run(const std::string& command) { return std::system(("cd '" + dir().string() + "' && { " + command + "; } >>log 2>&1").c_str()); }
  std::filesystem::path dir() const { return folder_.path(); }
  std::string read(const std::string& name) { return must(io::read_file(dir() / name, 1 << 20)); }
  void write(const std::string& name, std::string_view text) { std::ofstream(dir() / name, std::ios::binary) << text; }

  void make_authority(const std::string& ca, const std::string& tsa) {
    write("tsa.cnf", "[t]\nserial = serial\nsigner_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = sha256, sha512\nordering = yes\ntsa_name = yes\ness_cert_id_chain = no\ness_cert_id_alg = sha256\n");
    write("purpose", "extendedKeyUsage=critical,timeStamping\n");
    write("serial", "01\n");
    ASSERT_EQ(run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout " + ca + ".key -out " + ca + ".pem -days 2 -subj '/CN=CA Exemple " + ca +
                  "' -addext basicConstraints=critical,CA:true -addext keyUsage=critical,keyCertSign"), 0);
    ASSERT_EQ(run("openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout " + tsa + ".key -out " + tsa + ".csr -subj '/CN=Horodatage Exemple'"), 0);
    ASSERT_EQ(run("openssl x509 -req -in " + tsa + ".csr -CA " + ca + ".pem -CAkey " + ca + ".key -CAcreateserial -days 2 -out " + tsa + ".pem -extfile purpose"), 0);
  }
  std::string answer(const std::string& query, const std::string& tsa = "tsa") {
    write("query", query);
    EXPECT_EQ(run("openssl ts -reply -config tsa.cnf -section t -queryfile query -signer " + tsa + ".pem -inkey " + tsa + ".key -out reply"), 0) << read("log");
    return read("reply");
  }
  TimestampTrust trust(const std::string& ca = "ca") { return must(TimestampTrust::from_file(dir() / (ca + ".pem"))); }

  TemporaryFolder folder_;
  io::SystemRandom random_;
};

TEST_F(Timestamping, an_authority_answers_our_query_and_its_answer_verifies) {
  const auto imprint = sha256("checkpoint");
  const auto query = make_timestamp_query(imprint, random_);
  const auto reply = answer(query.der);
  const auto said = must(trust().verify(reply, imprint, query.nonce));
  EXPECT_EQ(said.imprint, imprint);
  EXPECT_EQ(said.nonce, query.nonce);
  EXPECT_EQ(said.policy, "1.2.3.4.1");
  EXPECT_NE(said.authority.find("Horodatage Exemple"), std::string::npos) << said.authority;
  EXPECT_LT(SystemClock().now() - said.time, std::chrono::minutes(5));
}

TEST_F(Timestamping, another_imprint_nonce_or_authority_is_refused) {
  const auto imprint = sha256("checkpoint");
  const auto query = make_timestamp_query(imprint, random_);
  const auto reply = answer(query.der);
  EXPECT_FALSE(trust().verify(reply, sha256("another"), query.nonce));
  EXPECT_FALSE(trust().verify(reply, imprint, std::string(8, 'n')));
  make_authority("ca2", "tsa2");
  EXPECT_FALSE(trust("ca2").verify(reply, imprint, query.nonce)) << "signed by somebody nobody asked";
  EXPECT_TRUE(trust().verify(reply, imprint, query.nonce));
}

TEST_F(Timestamping, a_certificate_for_another_purpose_stamps_nothing) {
  write("purpose", "extendedKeyUsage=serverAuth\n");
  ASSERT_EQ(run("openssl x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -days 2 -out web.pem -extfile purpose"), 0);
  write("query", make_timestamp_query(sha256("checkpoint"), random_).der);
  EXPECT_NE(run("openssl ts -reply -config tsa.cnf -section t -queryfile query -signer web.pem -inkey tsa.key -out reply"), 0) << "openssl itself refuses to";
}

TEST_F(Timestamping, every_flipped_byte_of_a_reply_is_found_or_changes_nothing_that_is_signed) {
  const auto imprint = sha256("checkpoint");
  const auto query = make_timestamp_query(imprint, random_);
  const auto good = answer(query.der);
  const auto authority = trust();
  const auto said = must(authority.verify(good, imprint, query.nonce));
  std::size_t accepted = 0;
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x01);
    const auto again = authority.verify(bad, imprint, query.nonce);
    if (!again) continue;
    ++accepted;
    EXPECT_TRUE(again->time == said.time && again->policy == said.policy && again->nonce == said.nonce) << "byte " << i;
  }
  // The status (granted, or granted with modifications) and parts of the CMS frame around what is signed; the log's own
  // `timestamp` record names the whole reply by its SHA-256, so these are found there.
  std::printf("  reply      %7zu found\n  reply      %7zu outside of what is signed\n", good.size() - accepted, accepted);
  EXPECT_LT(accepted, good.size() / 20);
}

TEST_F(Timestamping, what_is_no_reply_is_refused) {
  for (const std::string& text : {std::string(), std::string("nonsense"), std::string(70000, '0'), make_timestamp_query(sha256("x"), random_).der}) EXPECT_FALSE(TimestampReply::parse(text));
  const auto reply = answer(make_timestamp_query(sha256("checkpoint"), random_).der);
  EXPECT_TRUE(TimestampReply::parse(reply));
  EXPECT_FALSE(TimestampReply::parse(reply + '\0'));
  EXPECT_FALSE(TimestampReply::parse(reply.substr(0, reply.size() - 1)));
  EXPECT_FALSE(TimestampTrust::from_pem("not a certificate"));
  EXPECT_FALSE(TimestampTrust::from_pem(read("ca.pem") + "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n"));
}

// The whole way: a checkpoint stamped, kept, named by a record, exported, verified by us and by openssl.
TEST_F(Timestamping, a_stamped_checkpoint_verifies_with_us_and_with_openssl) {
  SteppingClock clock(to_utc(SystemClock().now()));
  {
    auto log = open_log(dir() / "data" / "log", clock, random_);
    must(log->append_now(security_record(1)));
    const auto part = must(stamped_part(log->latest_checkpoint()));
    const auto query = make_timestamp_query(sha256(part), random_);
    const auto token = answer(query.der);
    must(log->run_now([&token](sqlite::Database& db) { return db.run("INSERT INTO timestamps(size, token) VALUES (1, ?)", sqlite::Blob{token}); }));
    must(log->append_now(must(Record::make("timestamp", {{"checkpoint_size", 1}, {"checkpoint_sha256", sha256_hex(part)}, {"token_sha256", sha256_hex(token)}}))));
    write("stamped", part);
  }
  must(export_bundle(*must(open_folder(dir() / "data")), dir() / "bundle", [](const StoredRecord&) { return true; }));
  const auto authority = trust();
  for (const auto& report : {must(verify_folder(dir() / "data", {.now = clock.now(), .tsa = &authority})), must(verify_bundle(dir() / "bundle", {.now = clock.now(), .tsa = &authority}))}) {
    EXPECT_TRUE(report.verified()) << report.to_text();
    EXPECT_EQ(report.of(Check::timestamps).state, CheckState::passed) << report.to_text();
  }
  EXPECT_EQ(run("openssl ts -verify -in bundle/timestamps/1.tsr -data stamped -CAfile ca.pem"), 0) << read("log");
  EXPECT_EQ(must(stamped_part(read("bundle/checkpoints/1"))), read("stamped")) << "the bundle holds what was stamped";

  const auto token = read("bundle/timestamps/1.tsr");
  for (std::size_t i = 0; i < token.size(); ++i) {
    auto bad = token;
    bad[i] = static_cast<char>(bad[i] ^ 0x01);
    write("bundle/timestamps/1.tsr", bad);
    EXPECT_FALSE(must(verify_bundle(dir() / "bundle", {.now = clock.now(), .tsa = &authority})).verified()) << "byte " << i;
  }
  std::filesystem::remove(dir() / "bundle/timestamps/1.tsr");
  EXPECT_FALSE(must(verify_bundle(dir() / "bundle", {.now = clock.now(), .tsa = &authority})).verified()) << "a token that a record names is gone";
}

}  // namespace
}  // namespace pontlevis::audit::test
