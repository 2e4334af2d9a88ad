#include <gtest/gtest.h>

#include "protocol/ids.hpp"
#include "protocol/text.hpp"
#include "tests/doubles/fixed_random.hpp"

namespace pontlevis {
namespace {

// Parse, print, compare: what a decoder accepts has one form.
template <class Encode, class Decode>
void keeps_one_form(Encode encode, Decode decode, std::initializer_list<std::size_t> lengths) {
  doubles::FixedRandom random;
  for (auto n : lengths) {
    const auto bytes = random.bytes(n);
    const auto text = encode(bytes);
    ASSERT_EQ(decode(text), bytes) << n;
    for (std::size_t at = 0; at < text.size(); ++at)
      for (char c : std::string("aA0=+/-_ \n")) {
        auto changed = text;
        changed[at] = c;
        if (const auto back = decode(changed)) EXPECT_EQ(encode(*back), changed);
      }
  }
}

TEST(Text, every_encoding_keeps_one_form) {
  keeps_one_form(to_base64, from_base64, {0, 1, 2, 3, 4, 16, 33});
  keeps_one_form(to_base64url, from_base64url, {0, 1, 2, 3, 4, 16, 33});
  keeps_one_form(to_hex, from_hex, {0, 1, 2, 32});
  keeps_one_form(to_crockford, from_crockford, {0, 5, 10, 25});
}

TEST(Text, a_base64_with_stray_bits_white_space_or_early_padding_is_refused) {
  for (const char* bad : {"QQ", "QQ=", "QR==", "Q Q=", "=QQ=", "QQ==QQ==", "QUI\n"}) EXPECT_FALSE(from_base64(bad)) << bad;
}

TEST(Text, a_time_has_one_form_and_must_exist) {
  const auto t = from_utc("2028-02-29T23:59:59.999Z");
  ASSERT_TRUE(t);
  EXPECT_EQ(to_utc(*t), "2028-02-29T23:59:59.999Z");
  for (const char* bad : {"2026-02-29T00:00:00.000Z", "2026-13-01T00:00:00.000Z", "2026-01-01T24:00:00.000Z",
                          "2026-01-01T00:00:60.000Z", "2026-01-01 00:00:00.000Z", "2026-01-01T00:00:00.00Z", "+026-01-01T00:00:00.000Z"})
    EXPECT_FALSE(from_utc(bad)) << bad;
}

TEST(Text, a_decimal_has_no_sign_space_leading_zero_or_overflow) {
  EXPECT_EQ(parse_decimal("0", 9), 0u);
  EXPECT_EQ(parse_decimal("18446744073709551615", UINT64_MAX), UINT64_MAX);
  for (const char* bad : {"", "00", "01", "+1", "-1", " 1", "1 ", "18446744073709551616", "10"}) EXPECT_FALSE(parse_decimal(bad, 9)) << bad;
}

TEST(Text, utf8_is_checked_to_the_last_bit) {
  for (const char* good : {"", "cabinet", "é", "€", "\xf0\x9f\x8f\xb0"}) EXPECT_TRUE(is_utf8(good)) << good;
  for (const char* bad : {"\xff", "\xc3", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\x80", "\xf8\x88\x80\x80\x80"})
    EXPECT_FALSE(is_utf8(bad));
}

TEST(Ids, a_name_that_is_not_a_name_never_becomes_an_id) {
  EXPECT_TRUE(PracticeId::parse("cabinet-exemple"));
  for (const char* bad : {"", "-a", "a-", "A", "a.b", "a b", "é", "0123456789012345678901234567890123456789012345678901234567890123"})
    EXPECT_FALSE(PracticeId::parse(bad)) << bad;
  EXPECT_FALSE(InterventionId::parse("6F1C2B7E-0f7e-4c1e-9a43-2f8f1f6f9f10"));
  EXPECT_TRUE(InterventionId::parse("6f1c2b7e-0f7e-4c1e-9a43-2f8f1f6f9f10"));
}

}  // namespace
}  // namespace pontlevis
