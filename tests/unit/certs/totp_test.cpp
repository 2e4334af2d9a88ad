#include "certs/totp.hpp"

#include <gtest/gtest.h>

#include "protocol/io/system.hpp"

namespace pontlevis::certs {
namespace {

TotpSecret rfc_secret() { return TotpSecret::from_bytes(Secret("12345678901234567890")).value(); }
Time at_second(std::int64_t s) { return Time{std::chrono::seconds(s)}; }

TEST(Totp, the_vectors_of_rfc_6238) {
  const std::pair<std::int64_t, const char*> vectors[] = {{59, "94287082"},          {1111111109, "07081804"},
                                                         {1111111111, "14050471"},  {1234567890, "89005924"},
                                                         {2000000000, "69279037"},  {20000000000, "65353130"}};
  for (const auto& [seconds, code] : vectors) {
    EXPECT_EQ(rfc_secret().code_at(totp_step(at_second(seconds)), 8), code);
    EXPECT_EQ(rfc_secret().code_at(totp_step(at_second(seconds))), std::string(code).substr(2));
  }
}

TEST(Totp, a_code_is_good_one_step_around_now) {
  const auto secret = rfc_secret();
  const Time now = at_second(1111111109);
  const auto here = totp_step(now);
  for (const int offset : {-1, 0, 1}) EXPECT_EQ(secret.verify(secret.code_at(here + static_cast<std::uint64_t>(offset)), now, {}), here + static_cast<std::uint64_t>(offset));
  for (const int offset : {-2, 2}) EXPECT_FALSE(secret.verify(secret.code_at(here + static_cast<std::uint64_t>(offset)), now, {}));
}

TEST(Totp, a_code_works_once) {
  const auto secret = rfc_secret();
  const Time now = at_second(1111111109);
  const std::string code = secret.code_at(totp_step(now));
  const auto used = secret.verify(code, now, {});
  ASSERT_TRUE(used);
  EXPECT_FALSE(secret.verify(code, now, used));
  EXPECT_FALSE(secret.verify(code, now + std::chrono::seconds(30), used));
  EXPECT_TRUE(secret.verify(secret.code_at(*used + 1), now, used));
}

TEST(Totp, what_is_not_a_code_is_refused) {
  const auto secret = rfc_secret();
  const Time now = at_second(59);
  for (const char* bad : {"", "28708", "2870822", "28708a", "94287082"}) EXPECT_FALSE(secret.verify(bad, now, {})) << bad;
  EXPECT_TRUE(secret.verify("287082", now, {}));
}

TEST(Totp, base32_is_read_as_it_is_printed) {
  EXPECT_EQ(rfc_secret().base32().expose(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
  io::SystemRandom random;
  for (int i = 0; i < 20; ++i) {
    const auto secret = TotpSecret::generate(random);
    EXPECT_EQ(TotpSecret::parse(secret.base32().expose())->base32().expose(), secret.base32().expose());
  }
  for (const char* bad : {"", "GEZDGNBV", "gezdgnbvgy3tqojqgezdgnbvgy3tqojq", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQA"})
    EXPECT_FALSE(TotpSecret::parse(bad)) << bad;
}

TEST(Totp, the_uri_is_what_authenticators_read) {
  EXPECT_EQ(rfc_secret().otpauth_uri("Éditeur Exemple", "alice").expose(),
            "otpauth://totp/%c3%89diteur%20Exemple:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
            "&issuer=%c3%89diteur%20Exemple&algorithm=SHA1&digits=6&period=30");
}

}  // namespace
}  // namespace pontlevis::certs
