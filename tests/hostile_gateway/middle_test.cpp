// Somebody between the technician and the practice: the bytes are altered, dropped, reordered, doubled or held back at
// one offset of either way, or SSH is ended by another server. No password is usable, no session comes of it, and
// the technician reads why. PONTLEVIS_ALL_OFFSETS=1 takes the first 400 offsets in the clear and the first 400 sealed
// ones of both ways instead of a sample (some minutes; run the binary itself then).
#include "protocol/io/ssh/ssh_connection.hpp"
#include "protocol/io/ssh/ssh_listener.hpp"
#include "tests/hostile_gateway/lab.hpp"

namespace pontlevis::hostile {
namespace {

// An SSH server of the gateway's own, with a host key of its own: any key is good to it, and it keeps what is typed.
class FalseEnd final : public io::SshServerHandler, public std::enable_shared_from_this<FalseEnd> {
 public:
  explicit FalseEnd(std::mutex& mutex, std::vector<std::string>& caught) : mutex_(mutex), caught_(caught) {}
  bool accepts_key(std::string_view, const io::SshPublicKey&) override { return true; }
  io::SecondFactorPrompt second_factor_prompt(std::string_view, const io::SshPublicKey&) override { return {}; }
  io::SecondFactor check_second_factor(std::string_view, const io::SshPublicKey&, const Secret& answer) override {
    std::lock_guard lock(mutex_);
    caught_.emplace_back(answer.expose());
    return io::SecondFactor::accepted;
  }
  void on_authenticated(std::string_view, const io::SshPublicKey&) override {}
  void on_closed(std::string_view) noexcept override {}

 private:
  std::mutex& mutex_;
  std::vector<std::string>& caught_;
};

class FalseServer {
 public:
  FalseServer() {
    auto config = std::make_shared<io::SshServerConfig>();
    config->host_keys = {*io::SshHostKey::generate(io::SshHostKeyType::ed25519)};
    auto factory = [this, config](int fd, std::unique_ptr<io::SshAdmission>) {
      static_cast<void>(io::SshConnection::start(loop_.get_executor(), fd, config, std::make_shared<FalseEnd>(mutex_, caught_)));
    };
    listener_ = *io::SshListener::listen(loop_.get_executor(), "127.0.0.1", 0, {}, random_, std::move(factory));
    port = listener_->port();
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~FalseServer() {
    loop_.stop();
    thread_.join();
  }
  std::vector<std::string> caught() {
    std::lock_guard lock(mutex_);
    return caught_;
  }
  unsigned short port = 0;

 private:
  io::SystemRandom random_;
  net::io_context loop_{1};
  net::executor_work_guard<net::io_context::executor_type> work_{loop_.get_executor()};
  std::mutex mutex_;
  std::vector<std::string> caught_;
  std::shared_ptr<io::SshListener> listener_;
  std::thread thread_;
};

class HostileMiddle : public HostileTest {
 protected:
  void SetUp() override {
    HostileTest::SetUp();
    opened_.emplace(lab().open_session(lab().alice_asks()));
    lab().hear("alice", opened_->password);
    door_ = lab().door(opened_->id);
  }
  void TearDown() override {
    lab().close_session(opened_->id);
    expect_closed();
    HostileTest::TearDown();
  }
  std::size_t joined() {
    std::size_t out = 0;
    for (const auto& record : lab().journal(journal_before_)) {
      const auto text = json::serialize(record);
      out += record.at("type").as_string() == "connection" && text.find("JOINED") != std::string::npos;
    }
    return out;
  }
  Carried honest_run() {
    const auto number = wire().carried();
    wire().meddle({});
    const auto ran = lab().ssh("alice", door_, "echo through");
    EXPECT_EQ(ran.status, 0) << ran.text;
    EXPECT_TRUE(wire().wait_carried(number + 1));
    lab().hear("alice", lab().new_code("alice"));
    return wire().last_carried();
  }
  // One connection with one meddling. True: it was as if nobody had touched it.
  bool passes(const Meddling& how) {
    const auto number = wire().carried();
    wire().meddle(how);
    const auto ran = lab().ssh("alice", door_, "echo through", "-o ConnectTimeout=20");
    EXPECT_TRUE(wire().wait_carried(number + 1));
    ++runs_;
    if (ran.status == 0) {
      EXPECT_NE(ran.text.find("through"), std::string::npos) << ran.text;
      lab().hear("alice", lab().new_code("alice"));  // that one was spent
      ++passed_;
      return true;
    }
    EXPECT_EQ(ran.status, 255) << ran.text;
    EXPECT_EQ(ran.text.find("through"), std::string::npos) << ran.text;
    EXPECT_FALSE(ran.text.empty()) << "the technician is not told";
    return false;
  }
  // Where to meddle: in what is in the clear, and in the first bytes that are sealed.
  std::vector<std::size_t> offsets(std::size_t sealed, std::initializer_list<std::size_t> clear, std::initializer_list<std::size_t> after) {
    std::vector<std::size_t> out;
    if (std::getenv("PONTLEVIS_ALL_OFFSETS")) {
      for (std::size_t i = 0; i < 400; ++i) out.insert(out.end(), {i, sealed + i});
      return out;
    }
    out = clear;
    for (const auto i : after) out.push_back(sealed + i);
    return out;
  }
  void meddled_everywhere(Meddling::Kind kind, std::initializer_list<std::size_t> clear, std::initializer_list<std::size_t> after) {
    const auto honest = honest_run();
    for (const bool to_practice : {true, false}) {
      const auto sealed = sealed_from(to_practice ? honest.to_practice : honest.to_technician);
      ASSERT_GT(sealed, 500u);
      for (const auto offset : offsets(sealed, clear, after)) {
        SCOPED_TRACE("offset " + std::to_string(offset) + (to_practice ? " to the practice" : " to the technician") + ", sealed from " + std::to_string(sealed));
        const bool untouched = passes({kind, to_practice, offset});
        // Only what frames or pads a packet in the clear may mean nothing; a sealed byte always means something.
        if (untouched && wire().last_carried().meddled) {
          ++meant_nothing_;
          std::printf("  offset %zu to the %s means nothing: in the clear, and not part of what is signed\n", offset, to_practice ? "practice" : "technician");
          EXPECT_LT(offset, sealed);
        }
      }
    }
    no_harm_was_done();
    std::printf("  %zu connections meddled with: %zu in bytes that mean nothing, %zu past the stream's end, the others broken\n", runs_, meant_nothing_, passed_ - meant_nothing_);
  }
  // What was read out is still good, once, for the one it was read to; and nobody else came in meanwhile.
  void no_harm_was_done() {
    const auto came_in = joined();
    wire().meddle({});
    const auto ran = lab().ssh("alice", door_, "echo through");
    EXPECT_EQ(ran.status, 0) << ran.text;
    EXPECT_EQ(came_in, 1 + passed_);  // the honest run, and those that were as if nobody had touched them
  }

  std::optional<Lab::Opened> opened_;
  unsigned short door_ = 0;
  std::size_t runs_ = 0, passed_ = 0, meant_nothing_ = 0;
};

TEST_F(HostileMiddle, an_altered_byte_opens_nothing) { meddled_everywhere(Meddling::alter, {0, 3, 10, 39, 45, 46, 60, 150, 300, 400}, {0, 1, 2, 3, 4, 5, 16, 30, 60, 90, 130, 200, 350}); }
TEST_F(HostileMiddle, a_dropped_byte_opens_nothing) { meddled_everywhere(Meddling::drop, {10, 150}, {2, 150}); }
TEST_F(HostileMiddle, a_doubled_byte_opens_nothing) { meddled_everywhere(Meddling::duplicate, {10, 150}, {2, 150}); }
TEST_F(HostileMiddle, reordered_bytes_open_nothing) { meddled_everywhere(Meddling::reorder, {10, 150}, {2, 150}); }

TEST_F(HostileMiddle, bytes_held_back_arrive_late_and_whole) {
  const auto honest = honest_run();
  for (const bool to_practice : {true, false}) {
    const auto sealed = sealed_from(to_practice ? honest.to_practice : honest.to_technician);
    for (const auto offset : {std::size_t{5}, sealed + 100}) EXPECT_TRUE(passes({Meddling::delay, to_practice, offset}));
  }
  no_harm_was_done();
}

TEST_F(HostileMiddle, a_passwords_text_is_nowhere_in_the_stream) {
  const auto carried = honest_run();
  std::string bare = opened_->password;
  std::erase(bare, '-');
  for (const auto& way : {carried.to_practice, carried.to_technician}) {
    EXPECT_EQ(way.find(opened_->password), std::string::npos);
    EXPECT_EQ(way.find(bare), std::string::npos);
  }
}

TEST_F(HostileMiddle, another_servers_host_key_is_refused_before_anything_is_said) {
  FalseServer other;
  const auto asked = lab().times_asked("alice");
  const auto ran = lab().ssh("alice", other.port, "echo in");
  EXPECT_EQ(ran.status, 255) << ran.text;
  EXPECT_NE(ran.text.find("Host key verification failed"), std::string::npos) << ran.text;
  EXPECT_NE(ran.text.find("IDENTIFICATION HAS CHANGED"), std::string::npos) << ran.text;
  EXPECT_TRUE(other.caught().empty());
  EXPECT_EQ(lab().times_asked("alice"), asked);
  EXPECT_EQ(joined(), 0u);
}

TEST_F(HostileMiddle, a_password_given_to_a_false_end_is_worth_nothing_without_the_cards_key) {
  FalseServer other;
  // A technician who did not compare the fingerprint.
  const auto trusting = run_shell("SSH_ASKPASS=" + (lab().folder / "tech" / "alice.askpass").string() +
                                  " SSH_ASKPASS_REQUIRE=force timeout 20 ssh -F none -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o IdentitiesOnly=yes -i " +
                                  (lab().folder / "tech" / "alice.key").string() + " -p " + std::to_string(other.port) + " -l alice 127.0.0.1 true");
  ASSERT_EQ(other.caught().size(), 1u) << trusting.text;
  EXPECT_EQ(other.caught().front(), opened_->password);
  lab().hear("mallory", other.caught().front());
  const auto asked = lab().times_asked("mallory");
  const auto ran = lab().ssh("mallory", door_, "echo in");
  EXPECT_EQ(ran.status, 255) << ran.text;
  EXPECT_NE(ran.text.find("Permission denied"), std::string::npos) << ran.text;
  EXPECT_EQ(lab().times_asked("mallory"), asked) << "the practice asked a stranger for the password";
  EXPECT_TRUE(until([&] { return lab().noted(journal_before_, "authentication"); }, Millis(5000)));
  EXPECT_EQ(joined(), 0u);
}

}  // namespace
}  // namespace pontlevis::hostile
