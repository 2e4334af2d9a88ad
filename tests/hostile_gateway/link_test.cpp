// Floods, stalls, fragments, messages of a gigabyte, and a link that is dropped at each step.
#include "tests/hostile_gateway/lab.hpp"

namespace pontlevis::hostile {
namespace {

class HostileLink : public HostileTest {
 protected:
  // What the practice says of it, whatever the gateway does: answered at once, and closed.
  void practice_answers() {
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(lab().status().at("drawbridge").as_string(), "UP");
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
  }
  void drop_and_wait() {
    const auto number = wire().links();
    wire().drop();
    EXPECT_TRUE(wire().wait_down(number));
    EXPECT_TRUE(wire().wait_link(number));
  }
  std::optional<Frame> hear(FrameKind kind, const InterventionId& id) {
    return wire().hear([&](const Frame& f) { return kind_of(f) == kind && intervention_of(f) == id; });
  }
};

TEST_F(HostileLink, a_message_of_a_gigabyte) {
  const auto number = wire().links();
  wire().say_bytes(ws_frame(std::string(65536, 'x'), 1, true, 1ull << 30));
  EXPECT_TRUE(wire().wait_down(number));
  expect_closed_noted_and_told("longer than");
}

TEST_F(HostileLink, a_gigabyte_in_fragments) {
  const auto number = wire().links();
  std::string bytes = ws_frame(std::string(1000, 'x'), 1, false);
  for (int i = 0; i < 400; ++i) bytes += ws_frame(std::string(1000, 'x'), 0, false);
  wire().say_bytes(std::move(bytes));
  EXPECT_TRUE(wire().wait_down(number));
  expect_closed_noted_and_told("longer than");
}

TEST_F(HostileLink, a_wrong_frame_in_fragments_of_one_byte) {
  const auto number = wire().links();
  const std::string text = encode(relay_wanted(*InterventionId::parse(make_uuid(lab().random))));
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) bytes += ws_frame(text.substr(i, 1), i == 0 ? 1 : 0, i + 1 == text.size());
  wire().say_bytes(std::move(bytes));
  EXPECT_TRUE(wire().wait_down(number));
  expect_closed_noted_and_told("sent `relay_wanted`");
}

TEST_F(HostileLink, binary_messages_and_broken_web_socket_frames) {
  auto number = wire().links();
  wire().say_bytes(ws_frame("{}", 2));
  EXPECT_TRUE(wire().wait_down(number));
  expect_closed_noted_and_told("wrong kind");
  ASSERT_TRUE(wire().wait_link(number));
  number = wire().links();
  wire().say_bytes(ws_frame("{}", 3));  // no such opcode
  EXPECT_TRUE(wire().wait_down(number));
  expect_closed_noted_and_told("broke the WebSocket protocol");
}

TEST_F(HostileLink, a_flood_of_requests) {
  const auto number = wire().links();
  std::vector<InterventionId> ids;
  for (int i = 0; i < 40; ++i) {
    const auto asked = lab().alice_asks();
    ids.push_back(asked.intervention);
    wire().say(frame::Request{asked});
  }
  EXPECT_TRUE(wire().wait_down(number));
  expect_closed_noted_and_told("too many requests");
  ASSERT_TRUE(wire().wait_link(number));
  ASSERT_TRUE(until([&] { return lab().status().at("link").as_string() == "UP"; }));
  for (const auto& id : ids)
    if (lab().asks(id)) wire().say(frame::RequestCancelled{id, *Login::parse("alice")});
  for (const auto& id : ids) EXPECT_TRUE(until([&] { return !lab().asks(id); }));
}

TEST_F(HostileLink, a_flood_of_small_true_frames) {
  for (int i = 0; i < 20'000; i += 100) {
    std::string bytes;
    for (int j = 0; j < 100; ++j) bytes += ws_frame(encode(frame::Recorded{std::string(64, '0'), static_cast<std::uint64_t>(i + j)}));
    wire().say_bytes(std::move(bytes));
  }
  practice_answers();
  EXPECT_EQ(lab().status().at("link").as_string(), "UP");
}

TEST_F(HostileLink, a_gateway_that_accepts_and_never_greets) {
  wire().greet_with([] { return std::string(); });
  const auto number = wire().links();
  wire().drop();
  ASSERT_TRUE(wire().wait_hello(number));
  practice_answers();
  EXPECT_EQ(lab().status().at("link").as_string(), "DOWN");
  expect_closed();
  wire().greet_with([] { return encode(frame::Welcome{protocol_version, SystemClock().now(), {}}); });
  wire().drop();
  EXPECT_TRUE(wire().wait_link(number + 1));
}

TEST_F(HostileLink, a_first_frame_that_is_no_welcome) {
  const auto asked = lab().alice_asks();
  wire().greet_with([&] { return encode(frame::Request{asked}); });
  const auto number = wire().links();
  wire().drop();
  ASSERT_TRUE(wire().wait_down(number + 1));
  wire().greet_with([] { return encode(frame::Welcome{protocol_version, SystemClock().now(), {}}); });
  expect_closed_noted_and_told("protocol version 1");
  EXPECT_TRUE(until([&] { return lab().status().at("link").as_string() == "UP"; }));
  EXPECT_FALSE(lab().asks(asked.intervention));
}

TEST_F(HostileLink, a_stall_in_the_middle_of_a_message) {
  const auto number = wire().links();
  wire().say_bytes(ws_frame("{\"kind\":", 1, true, 400));
  practice_answers();
  expect_closed();
  wire().drop();
  EXPECT_TRUE(wire().wait_down(number));
  EXPECT_TRUE(wire().wait_link(number));
}

TEST_F(HostileLink, dropped_while_a_request_waits) {
  const auto asked = lab().alice_asks();
  wire().say(frame::Request{asked});
  ASSERT_TRUE(lab().wait_asks(asked.intervention));
  wire().refuse_links(true);
  wire().drop();
  ASSERT_TRUE(until([&] { return lab().status().at("link").as_string() == "DOWN"; }));
  const auto answer = lab().approve(asked.intervention);
  ASSERT_FALSE(answer);
  EXPECT_NE(answer.error().text().find("cannot be reached"), std::string::npos) << answer.error().text();
  EXPECT_TRUE(lab().asks(asked.intervention));
  expect_closed();
  wire().refuse_links(false);
  ASSERT_TRUE(until([&] { return lab().status().at("link").as_string() == "UP"; }));
  wire().say(frame::RequestCancelled{asked.intervention, *Login::parse("alice")});
  EXPECT_TRUE(until([&] { return !lab().asks(asked.intervention); }));
}

TEST_F(HostileLink, dropped_after_the_consent_and_before_its_proof) {
  wire().record_facts(false);
  const auto asked = lab().alice_asks();
  wire().say(frame::Request{asked});
  ASSERT_TRUE(lab().wait_asks(asked.intervention));
  auto approving = lab().approve_soon(asked.intervention);
  ASSERT_TRUE(hear(FrameKind::consent, asked.intervention));
  drop_and_wait();
  EXPECT_TRUE(hear(FrameKind::consent, asked.intervention)) << "the fact is not said again";
  expect_closed();
  lab().close_session(asked.intervention);  // the practitioner does not wait any longer
  const auto answer = approving.get();
  ASSERT_FALSE(answer);
  EXPECT_NE(answer.error().text().find("stays closed"), std::string::npos) << answer.error().text();
  EXPECT_TRUE(hear(FrameKind::session_end, asked.intervention));
  expect_closed();
}

TEST_F(HostileLink, dropped_in_an_open_session_and_not_coming_back) {
  const auto opened = lab().open_session(lab().alice_asks());
  EXPECT_EQ(lab().status().at("drawbridge").as_string(), "DOWN");
  wire().refuse_links(true);
  wire().drop();
  EXPECT_TRUE(until([&] { return lab().status().at("drawbridge").as_string() == "UP"; }));
  EXPECT_TRUE(lab().noted(journal_before_, "LINK_LOST"));
  wire().refuse_links(false);
  EXPECT_TRUE(until([&] { return lab().status().at("link").as_string() == "UP"; }));
  EXPECT_TRUE(hear(FrameKind::session_end, opened.id));
  expect_closed();
}

TEST_F(HostileLink, dropped_while_a_relay_is_dialled) {
  const auto opened = lab().open_session(lab().alice_asks());
  wire().refuse_links(true);
  lab().hear("alice", opened.password);
  const auto door = lab().door(opened.id);
  auto ssh = std::async(std::launch::async, [&] { return lab().ssh("alice", door, "echo in; sleep 20", "-o ConnectTimeout=10"); });
  const auto dialled = wire().dialled();
  ASSERT_TRUE(wire().wait_dialled(dialled));
  wire().drop();
  EXPECT_TRUE(until([&] { return lab().status().at("drawbridge").as_string() == "UP"; }));  // the grace time over
  EXPECT_NE(ssh.get().status, 0);
  EXPECT_TRUE(lab().noted(journal_before_, "LINK_LOST"));
  wire().refuse_links(false);
  EXPECT_TRUE(until([&] { return lab().status().at("link").as_string() == "UP"; }));
  expect_closed();
}

TEST_F(HostileLink, dropped_after_the_end_says_the_end_again) {
  const auto opened = lab().open_session(lab().alice_asks());
  wire().record_facts(false);
  lab().close_session(opened.id);
  ASSERT_TRUE(hear(FrameKind::session_end, opened.id));
  drop_and_wait();
  EXPECT_TRUE(hear(FrameKind::session_end, opened.id));
  expect_closed();
}

}  // namespace
}  // namespace pontlevis::hostile
