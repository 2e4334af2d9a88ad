// A gateway that carries an open session, and the people it brings to it. The stock ssh is the technician.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/hostile_gateway/lab.hpp"

namespace pontlevis::hostile {
namespace {

class HostileSession : public HostileTest {
 protected:
  bool attempt_is_recorded(std::string_view words) {
    return until([&] {
      for (const auto& record : lab().journal(journal_before_))
        if (record.at("type").as_string() == "attempt" && json::serialize(record).find(words) != std::string::npos) return true;
      return false;
    }, Millis(5000));
  }
  // The practitioner reads what was tried.
  void is_told(std::string_view words) {
    EXPECT_TRUE(until([&] { return lab().last_attempt().find(words) != std::string::npos; }, Millis(5000))) << "told: " << lab().last_attempt();
  }
  // The open session's own line of `status`: how many attempts the practitioner is told of.
  std::int64_t attempts_told(const InterventionId& id) {
    for (const auto& one : lab().status().at("interventions").as_array())
      if (one.at("intervention").as_string() == id.text() && one.as_object().contains("session")) return one.at("session").at("attempts").to_number<std::int64_t>();
    return -1;
  }
  void nobody_came_in(const InterventionId& id) {
    for (const auto& one : lab().status().at("interventions").as_array())
      if (one.at("intervention").as_string() == id.text()) EXPECT_TRUE(one.at("session").at("connected").as_array().empty());
    for (const auto& record : lab().journal(journal_before_)) EXPECT_FALSE(record.at("type").as_string() == "connection" && json::serialize(record).find("JOINED") != std::string::npos);
  }
};

TEST_F(HostileSession, an_honest_way_works_so_that_the_refusals_below_mean_something) {
  const auto opened = lab().open_session(lab().alice_asks());
  lab().hear("alice", opened.password);
  const auto ran = lab().ssh("alice", lab().door(opened.id), "echo here: $PONTLEVIS_SESSION");
  EXPECT_EQ(ran.status, 0) << ran.text;
  EXPECT_NE(ran.text.find("here: " + opened.id.text()), std::string::npos) << ran.text;
  lab().close_session(opened.id);
  expect_closed();
}

TEST_F(HostileSession, a_password_replayed_in_the_same_session) {
  const auto opened = lab().open_session(lab().alice_asks());
  lab().hear("alice", opened.password);
  const auto door = lab().door(opened.id);
  EXPECT_EQ(lab().ssh("alice", door, "true").status, 0);
  const auto again = lab().ssh("alice", door, "echo in");
  EXPECT_EQ(again.status, 255) << again.text;
  EXPECT_NE(again.text.find("Permission denied"), std::string::npos) << again.text;
  EXPECT_TRUE(attempt_is_recorded("used, expired or never given"));
  is_told("used, expired or never given");
  EXPECT_GE(attempts_told(opened.id), 1);
  lab().close_session(opened.id);
}

TEST_F(HostileSession, a_password_replayed_in_a_later_session) {
  const auto first = lab().open_session(lab().alice_asks());
  lab().close_session(first.id);  // never used: still worth nothing
  const auto second = lab().open_session(lab().alice_asks());
  lab().hear("alice", first.password);
  EXPECT_EQ(lab().ssh("alice", lab().door(second.id), "echo in").status, 255);
  EXPECT_TRUE(attempt_is_recorded("one-time password"));
  is_told("one-time password: wrong");
  EXPECT_GE(attempts_told(second.id), 1);
  nobody_came_in(second.id);
  lab().close_session(second.id);
}

TEST_F(HostileSession, the_right_password_with_a_key_swapped_between_request_and_relay) {
  const auto opened = lab().open_session(lab().alice_asks());
  lab().hear("mallory", opened.password);
  const auto asked = lab().times_asked("mallory");
  const auto ran = lab().ssh("mallory", lab().door(opened.id), "echo in");
  EXPECT_EQ(ran.status, 255) << ran.text;
  EXPECT_EQ(lab().times_asked("mallory"), asked) << "a password was asked for before the card's key";
  EXPECT_TRUE(attempt_is_recorded("authentication"));
  is_told("authentication");
  EXPECT_GE(attempts_told(opened.id), 1);
  nobody_came_in(opened.id);
  // The one it was made for can still use it.
  lab().hear("alice", opened.password);
  EXPECT_EQ(lab().ssh("alice", lab().door(opened.id), "true").status, 0);
  lab().close_session(opened.id);
}

TEST_F(HostileSession, an_operator_who_is_not_in_the_consent_is_wanted) {
  const auto opened = lab().open_session(lab().alice_asks());
  lab().hear("mallory", opened.password);
  const auto door = wire().open_door(opened.id, *Login::parse("mallory"));
  EXPECT_EQ(lab().ssh("mallory", door, "echo in", "-o User=mallory").status, 255);
  nobody_came_in(opened.id);
  EXPECT_TRUE(attempt_is_recorded("authentication"));
  is_told("authentication");
  lab().close_session(opened.id);
}

TEST_F(HostileSession, a_second_connection_beside_the_first_on_a_relay_of_its_own) {
  const auto opened = lab().open_session(lab().alice_asks());
  lab().hear("alice", opened.password);
  const auto door = lab().door(opened.id);
  const auto carried = wire().carried();
  auto first = std::async(std::launch::async, [&] { return lab().ssh("alice", door, "echo ready; while [ ! -e go ]; do sleep 0.05; done; echo done"); });
  EXPECT_TRUE(until([&] {
    for (const auto& one : lab().status().at("interventions").as_array())
      if (one.at("intervention").as_string() == opened.id.text()) return !one.at("session").at("connected").as_array().empty();
    return false;
  }));
  const auto second = lab().ssh("alice", door, "echo in");  // the same key, the same password, another relay
  EXPECT_EQ(second.status, 255) << second.text;
  EXPECT_TRUE(attempt_is_recorded("one-time password"));
  is_told("one-time password: used, expired or never given");
  ASSERT_TRUE(io::write_file(lab().folder / "home" / "go", "", io::FileMode::everyone_reads));
  const auto ran = first.get();
  EXPECT_EQ(ran.status, 0) << ran.text;
  EXPECT_NE(ran.text.find("done"), std::string::npos);
  EXPECT_TRUE(wire().wait_carried(carried + 2));
  std::filesystem::remove(lab().folder / "home" / "go");
  lab().close_session(opened.id);
}

TEST_F(HostileSession, a_second_client_on_the_first_ones_relay) {
  const auto opened = lab().open_session(lab().alice_asks());
  lab().hear("alice", opened.password);
  const auto door = lab().door(opened.id);
  const auto fifo = (lab().folder / "keyboard").string();
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  const auto carried = wire().carried();
  auto first = std::async(std::launch::async, [&] { return run_shell(lab().ssh_line("alice", door, "cat > typed; echo closed") + " < " + fifo); });
  const int keyboard = ::open(fifo.c_str(), O_WRONLY);
  ASSERT_EQ(::write(keyboard, "honest\n", 7), 7);
  ASSERT_TRUE(until([&] { return std::filesystem::exists(lab().folder / "home" / "typed") && std::filesystem::file_size(lab().folder / "home" / "typed") == 7; }));
  wire().graft_next();
  const auto stranger = run_shell("printf 'SSH-2.0-stranger\\r\\nrm -rf home\\n' | timeout 5 bash -c 'exec 3<>/dev/tcp/127.0.0.1/" + std::to_string(door) + "; cat >&3'");
  ASSERT_EQ(stranger.status, 0) << stranger.text;
  // Sealed and counted: the stranger's bytes end the connection, and reach nobody.
  static_cast<void>(!::write(keyboard, "after\n", 6));
  EXPECT_TRUE(wire().wait_carried(carried + 1));
  ::close(keyboard);
  EXPECT_NE(first.get().status, 0);
  const auto typed = io::read_file(lab().folder / "home" / "typed");
  ASSERT_TRUE(typed);
  EXPECT_EQ(*typed, "honest\n");
  std::filesystem::remove(lab().folder / "home" / "typed");
  lab().close_session(opened.id);
}

TEST_F(HostileSession, a_deadline_is_not_moved_by_a_proof_nobody_waits_for) {
  const auto opened = lab().open_session(lab().alice_asks());
  const auto left = [&] {
    for (const auto& one : lab().status().at("interventions").as_array())
      if (one.at("intervention").as_string() == opened.id.text()) return one.at("session").at("seconds_left").to_number<int>();
    return -1;
  };
  const int before = left();
  EXPECT_GT(before, 0);
  for (int i = 0; i < 3; ++i) wire().say(opened.proof);
  wire().say(frame::Revocation{certs::RevocationList::sign({lab().card_fields("bruno").id, "x", lab().clock.now()}, lab().staff)});
  EXPECT_EQ(lab().status().at("link").as_string(), "UP");
  EXPECT_LE(left(), before);
  lab().close_session(opened.id);
}

TEST_F(HostileSession, a_longer_deadline_pushed_into_an_open_session) {
  const auto opened = lab().open_session(lab().alice_asks());
  link_ends_on(R"({"kind":"extend","intervention":")" + opened.id.text() + R"(","minutes":480})");
  EXPECT_TRUE(until([&] { return lab().noted(journal_before_, "unknown kind"); }, Millis(5000)));
  EXPECT_NE(lab().last_attempt().find("unknown kind"), std::string::npos) << lab().last_attempt();
  // The gateway may come back; the session is the practice's to keep or stop.
  ASSERT_TRUE(until([&] { return lab().status().at("link").as_string() == "UP" || lab().status().at("drawbridge").as_string() == "UP"; }));
  if (lab().status().at("drawbridge").as_string() == "DOWN") lab().close_session(opened.id);
  expect_closed();
}

TEST_F(HostileSession, a_watch_rule_lowered_in_an_open_session) {
  const auto opened = lab().open_session(lab().alice_asks());
  link_ends_on(R"({"kind":"event","intervention":")" + opened.id.text() + R"(","note":"pontlevis/pause/v1\n{}\n"})");
  EXPECT_TRUE(until([&] { return lab().noted(journal_before_, "event"); }, Millis(5000)));
  EXPECT_NE(lab().last_attempt().find("event"), std::string::npos) << lab().last_attempt();
  ASSERT_TRUE(until([&] { return lab().status().at("link").as_string() == "UP" || lab().status().at("drawbridge").as_string() == "UP"; }));
  if (lab().status().at("drawbridge").as_string() == "DOWN") lab().close_session(opened.id);
}

TEST_F(HostileSession, a_handover_to_a_stranger_is_refused_and_told) {
  const auto opened = lab().open_session(lab().alice_asks());
  link_ends_on(encode(frame::Handover{opened.id, *Login::parse("alice"), *Login::parse("mallory")}));
  EXPECT_TRUE(until([&] { return lab().noted(journal_before_, "hands over from alice to mallory"); }, Millis(5000)));
  is_told("hands over from alice to mallory");
  lab().close_session(opened.id);
}

TEST_F(HostileSession, a_handover_by_who_is_not_in_charge_is_refused_and_told) {
  const auto opened = lab().open_session(lab().alice_asks());
  link_ends_on(encode(frame::Handover{opened.id, *Login::parse("mallory"), *Login::parse("alice")}));
  EXPECT_TRUE(until([&] { return lab().noted(journal_before_, "hands over from mallory to alice"); }, Millis(5000)));
  is_told("hands over from mallory to alice");
  lab().close_session(opened.id);
}

TEST_F(HostileSession, a_planned_request_is_not_opened_early) {
  auto asked = lab().alice_asks();
  asked.opens_from = asked.requested_at + std::chrono::minutes(20);
  wire().say(frame::Request{asked});
  ASSERT_TRUE(until([&] { return lab().asks(asked.intervention); }));
  link_ends_on(encode(relay_wanted(asked.intervention)));
  is_told("phase REQUESTED");
  expect_closed();
  ASSERT_TRUE(until([&] { return lab().status().at("link").as_string() == "UP"; }));
  wire().say(frame::RequestCancelled{asked.intervention, *Login::parse("alice")});
  EXPECT_TRUE(until([&] { return !lab().asks(asked.intervention); }));
}

TEST_F(HostileSession, a_request_with_the_number_of_an_ended_session_reopens_nothing) {
  const auto asked = lab().alice_asks();
  const auto opened = lab().open_session(asked);
  lab().close_session(opened.id);
  wire().say(frame::Request{asked});
  wire().say(opened.proof);
  wire().say(relay_wanted(opened.id));
  EXPECT_TRUE(wire().hear([](const Frame& f) { return kind_of(f) == FrameKind::relay_refused; }));
  EXPECT_FALSE(lab().asks(opened.id));
  expect_closed();
}

TEST_F(HostileSession, a_flood_of_relays_leaves_the_practitioner_in_charge) {
  const auto opened = lab().open_session(lab().alice_asks());
  wire().accept_any_relay(true);
  const auto dialled = wire().dialled();
  for (int i = 0; i < 300; ++i) {
    auto wanted = relay_wanted(opened.id);
    char name[33];
    std::snprintf(name, sizeof name, "ffff%028d", i);
    wanted.relay = name;
    wire().say(wanted);
  }
  EXPECT_TRUE(wire().wait_dialled(dialled + 100));
  EXPECT_EQ(lab().status().at("drawbridge").as_string(), "DOWN");
  const auto start = std::chrono::steady_clock::now();
  lab().close_session(opened.id);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
  wire().accept_any_relay(false);
  EXPECT_TRUE(until([&] { return lab().status().at("drawbridge").as_string() == "UP"; }));
  expect_closed();
}

}  // namespace
}  // namespace pontlevis::hostile
