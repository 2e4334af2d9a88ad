// What is read from a CRM and what is signed for it.
#include <gtest/gtest.h>

#include "gateway/outward/crm_answer.hpp"
#include "gateway/outward/retry.hpp"
#include "gateway/outward/webhook_signature.hpp"
#include "protocol/io/system.hpp"
#include "tests/doubles/fixed_random.hpp"

namespace pontlevis::gateway {
namespace {

std::vector<WebhookSecret> secrets(const std::string& text) {
  auto out = WebhookSecret::parse(Secret(text), "test");
  EXPECT_TRUE(out) << out.error().text();
  return out ? *std::move(out) : std::vector<WebhookSecret>{};
}

// The example of the Standard Webhooks libraries.
TEST(WebhookSignature, is_that_of_the_specification) {
  const auto known = secrets("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n");
  EXPECT_EQ(webhook_signatures(known, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})"),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

// The worked example of docs/outward.md, which anybody computes with openssl.
TEST(WebhookSignature, is_that_of_our_own_document) {
  const std::string body = R"({"type":"intervention.refused","timestamp":"2026-03-30T11:30:00.000Z","schema":"pontlevis-crm-1","data":{"intervention":"6f1c2b7e-0f7e-4c1e-9a43-2f8f1f6f9f10",)"
                           R"("practice":"cabinet-exemple","contract":"CONTRAT-2026-001","ticket":"DOS-1","decided_at":"2026-03-30T11:30:00.000Z","version":1}})";
  EXPECT_EQ(webhook_signatures(secrets("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "9d1c54f2-5a0e-4b7a-8f5e-2f8f1f6f9f11", 1774870200, body), "v1,b9t+821SZ9AduM9OZO8GL+pBetUY+0T+CuQHX8yxSBw=");
}

TEST(WebhookSignature, two_secrets_sign_while_one_takes_the_others_place) {
  const auto both = secrets("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\nwhsec_" + std::string(44, 'A') + "\n");
  const auto text = webhook_signatures(both, "a", 1, "b");
  EXPECT_EQ(std::count(text.begin(), text.end(), ' '), 1);
  EXPECT_NE(text.find("v1,", 3), text.npos);
}

TEST(WebhookSignature, a_weak_or_foreign_secret_is_refused) {
  for (std::string text : {"", "\n", "whsec_", "whsec_AAAA", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS!"})
    EXPECT_FALSE(WebhookSecret::parse(Secret(text), "test")) << text;
}

TEST(CrmAnswer, its_number_is_taken_and_nothing_else) {
  EXPECT_EQ(read_crm_ref(R"({"crm_ref":"DOS-2026/118","more":[1,2]})"), "DOS-2026/118");
  for (auto text : {"", "OK", "[]", "{}", R"({"crm_ref":7})", R"({"crm_ref":""})", R"({"crm_ref":"a b"})", R"({"crm_ref":"<b>"})", R"({"crm_ref":"é"})"})
    EXPECT_FALSE(read_crm_ref(text)) << text;
  EXPECT_FALSE(read_crm_ref(R"({"crm_ref":")" + std::string(65, '1') + "\"}"));
  EXPECT_TRUE(read_crm_ref(R"({"crm_ref":")" + std::string(64, '1') + "\"}"));
}

TEST(CrmAnswer, each_status_means_one_thing) {
  for (unsigned yes : {200u, 201u, 202u, 204u, 299u}) EXPECT_EQ(verdict_of(yes, false), Verdict::taken) << yes;
  for (unsigned no : {400u, 409u, 413u, 415u, 422u}) EXPECT_EQ(verdict_of(no, true), Verdict::refused) << no;
  for (unsigned later : {301u, 302u, 307u, 401u, 403u, 404u, 408u, 425u, 429u, 500u, 503u}) EXPECT_EQ(verdict_of(later, true), Verdict::later) << later;
  EXPECT_EQ(verdict_of(410, false), Verdict::refused);
  EXPECT_EQ(verdict_of(410, true), Verdict::taken);  // it is not there any more: that is what was ordered
}

TEST(CrmAnswer, a_wish_to_wait_is_bounded) {
  EXPECT_EQ(read_retry_after("120"), Millis(120'000));
  EXPECT_EQ(read_retry_after("999999"), Millis(3'600'000));
  for (auto text : {"", "-1", "soon", "Wed, 21 Oct 2026 07:28:00 GMT", "99999999999"}) EXPECT_FALSE(read_retry_after(text)) << text;
}

TEST(Retry, waits_longer_each_time_and_an_hour_at_most) {
  io::SystemRandom random;
  Millis least{0};
  for (int tries = 1; tries < 64; ++tries) {
    const auto wait = retry_after(tries, random);
    EXPECT_GE(wait, least / 2);
    EXPECT_LE(wait, longest_retry);
    least = std::min<Millis>(first_retry * (1LL << std::min(tries - 1, 11)), longest_retry);
    EXPECT_GE(wait, least / 2) << tries;
    EXPECT_LE(wait, least) << tries;
  }
}

}  // namespace
}  // namespace pontlevis::gateway
