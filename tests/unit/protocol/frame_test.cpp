#include <gtest/gtest.h>

#include "protocol/frame.hpp"
#include "protocol/text.hpp"

namespace pontlevis {
namespace {

const InterventionId id = *InterventionId::parse("6f1c2b7e-0f7e-4c1e-9a43-2f8f1f6f9f10");
const Login alice = *Login::parse("alice");

AccessRequest sample_request() {
  return {id, *PracticeId::parse("cabinet-exemple"), *SystemId::parse("serveur"), {"shell", "tcp:base"}, {AccessType::view, AccessType::control},
          {"données affichées"}, Purpose::maintenance, "Impression en panne", "Relancer la file", "DOS-1", 30, Criticality::standard,
          Difficulty::single, std::nullopt, "CONTRAT-1", "Éditeur Exemple",
          {{alice, OperatorRole::lead, OperatorMode::connected, "card note\n"}}, *from_utc("2026-11-22T08:00:00.000Z"), *from_utc("2026-11-22T08:30:00.000Z")};
}

std::vector<Frame> one_of_each() {
  return {frame::Hello{1, "0.1.0", *PracticeId::parse("cabinet-exemple"), {{*SystemId::parse("serveur"), "Serveur", "LOCAL", {"shell"}}}, {"ssh-ed25519 AAAA"}, {id}, "log key", "checkpoint\n"},
          frame::Welcome{1, *from_utc("2026-11-22T08:00:00.000Z"), {"note\n"}},
          frame::Revocation{"note\n"},
          frame::Recorded{std::string(64, 'a'), 7},
          frame::Cosignature{200, "— w x\n"},
          frame::Drain{"restart"},
          frame::Refused{"no", "hint"},
          frame::Request{sample_request()},
          frame::RequestCancelled{id, alice},
          frame::Fact{FrameKind::consent, id, "note\n"},
          frame::Proof{id, {"WyJ4Il0"}, "c2sp.org/tlog-proof@v1\n", "old 0\n"},
          frame::RelayWanted{id, std::string(32, '0'), alice},
          frame::RelayRefused{id, std::string(32, '0'), "why"},
          frame::Finish{id, alice},
          frame::Handover{id, alice, *Login::parse("bruno")},
          frame::Fact{FrameKind::acceptance, id, "note\n"},
          frame::ReportGiven{{id, alice, "File relancée, page de test imprimée.", Outcome::solved, Cleanup::done, {{"Chloé Exemple", "DBA"}}, std::nullopt, *from_utc("2026-11-22T08:40:00.000Z")}},
          frame::Checkpoint{"old 0\n\nx\n"},
          frame::FactCheck{{1, 2, 70000}},
          frame::FactProof{{{{"WyJ4Il0", "sha256:x"}, "c2sp.org/tlog-proof@v1\n"}}},
          frame::Alarm{"TWO_HISTORIES", 7, "note\n", ""},
          frame::LogSuccessor{"note\n"}};
}

TEST(Frame, every_kind_is_read_as_it_was_written) {
  for (const auto& frame : one_of_each()) {
    const auto text = encode(frame);
    const auto back = decode_frame(text);
    ASSERT_TRUE(back) << text << "\n" << back.error().text();
    EXPECT_EQ(encode(*back), text);
    EXPECT_EQ(kind_of(*back), kind_of(frame));
  }
}

// Unknown, missing or doubled members, in every kind: a bad frame, never a guess.
TEST(Frame, a_member_more_or_less_is_a_bad_frame) {
  for (const auto& frame : one_of_each()) {
    const auto whole = json::parse(encode(frame)).as_object();
    json::object more = whole;
    more.emplace("deadline", 1);
    EXPECT_FALSE(decode_frame(json::serialize(more))) << json::serialize(more);
    for (const auto& member : whole) {
      json::object less;
      for (const auto& kept : whole)
        if (kept.key() != member.key()) less.emplace(kept.key(), kept.value());
      const auto result = decode_frame(json::serialize(less));
      ASSERT_FALSE(result) << json::serialize(less);
      EXPECT_EQ(result.error().code, Errc::bad_frame);
    }
  }
}

TEST(Frame, a_member_of_another_type_is_a_bad_frame) {
  for (const auto& frame : one_of_each()) {
    const auto whole = json::parse(encode(frame)).as_object();
    for (const auto& member : whole) {
      json::object changed = whole;
      changed[member.key()] = member.value().is_object() ? json::value("x") : json::value(json::object{});
      EXPECT_FALSE(decode_frame(json::serialize(changed))) << json::serialize(changed);
    }
  }
}

TEST(Frame, facts_are_asked_for_in_order_few_at_a_time_and_each_once) {
  const auto check = [](std::vector<std::uint64_t> indexes) { return decode_frame(encode(frame::FactCheck{std::move(indexes)})).has_value(); };
  EXPECT_TRUE(check({0, 1, 5}));
  EXPECT_FALSE(check({}));
  EXPECT_FALSE(check({1, 1}));
  EXPECT_FALSE(check({2, 1}));
  std::vector<std::uint64_t> most;
  for (std::uint64_t i = 0; i < max_facts_checked; ++i) most.push_back(i);
  EXPECT_TRUE(check(most));
  most.push_back(most.size());
  EXPECT_FALSE(check(most));
  EXPECT_FALSE(decode_frame(encode(frame::Alarm{"SOMETHING", 1, "", ""})));
}

TEST(Frame, every_cut_of_a_frame_is_a_bad_frame) {
  const auto text = encode(one_of_each()[7]);
  for (std::size_t n = 0; n < text.size(); ++n) EXPECT_FALSE(decode_frame(text.substr(0, n))) << n;
}

TEST(Frame, oversize_is_refused_before_it_is_read) {
  const auto result = decode_frame(std::string(max_frame_bytes + 1, ' '));
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().what.find("longer than"), std::string::npos);
}

TEST(Request, two_leads_or_none_or_one_person_twice_is_refused) {
  auto request = sample_request();
  request.operators.push_back({*Login::parse("bruno"), OperatorRole::lead, OperatorMode::connected, "c\n"});
  EXPECT_FALSE(access_request_from(to_json(request), "t"));
  request = sample_request();
  request.operators[0].role = OperatorRole::pair;
  EXPECT_FALSE(access_request_from(to_json(request), "t"));
  request = sample_request();
  request.operators.push_back({alice, OperatorRole::pair, OperatorMode::connected, "c\n"});
  EXPECT_FALSE(access_request_from(to_json(request), "t"));
}

TEST(Request, its_hash_changes_with_every_member) {
  const auto base = request_sha256(sample_request());
  auto request = sample_request();
  request.minutes = 31;
  EXPECT_NE(request_sha256(request), base);
  request = sample_request();
  request.operators[0].card += "x";
  EXPECT_NE(request_sha256(request), base);
}

TEST(Fact, a_statement_of_another_type_does_not_fit) {
  EXPECT_TRUE(statement_fits(FrameKind::consent, "consent"));
  EXPECT_FALSE(statement_fits(FrameKind::consent, "session_open"));
  EXPECT_FALSE(statement_fits(FrameKind::event, "consent"));
  EXPECT_FALSE(statement_fits(FrameKind::hello, "hello"));
}

TEST(Frame, a_planned_request_says_from_when_and_the_others_say_nothing) {
  auto request = sample_request();
  EXPECT_FALSE(to_json(request).contains("opens_from"));
  const auto plain = request_sha256(request);
  request.opens_from = request.expires_at - std::chrono::minutes(1);
  const auto back = decode_frame(encode(frame::Request{request}));
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(std::get<frame::Request>(*back).request.opens_from, request.opens_from);
  EXPECT_NE(request_sha256(request), plain);
  for (const Time wrong : {request.expires_at, request.requested_at - std::chrono::seconds(1)}) {
    request.opens_from = wrong;
    EXPECT_FALSE(decode_frame(encode(frame::Request{request})));
  }
}

}  // namespace
}  // namespace pontlevis
