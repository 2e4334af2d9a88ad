// A serving gateway as its neighbours see it: the stock ssh client on one side, an agent played over real TLS on the
// other. One whole intervention, and the doors that must stay shut.
#include <sys/wait.h>

#include <fstream>
#include <future>
#include <thread>

#include "certs/enrolment_code.hpp"
#include "gateway/gateway.hpp"
#include "protocol/io/control/control_client.hpp"
#include "protocol/io/http/http_client.hpp"
#include "protocol/strict_json.hpp"
#include "tests/unit/gateway/gateway_fixture.hpp"

namespace pontlevis::gateway {
namespace {

struct Ran {
  int status = -1;
  std::string text;
};

class ServeTest : public GatewayTest {
 public:
  void SetUp() override {
    clock.set_calendar(SystemClock().now());  // TLS looks at the real calendar
    GatewayTest::SetUp();
    totp.emplace(certs::TotpSecret::generate(random));
    auto card = certs::StaffCard::open(issue(card_fields("alice")), staff.verifier(), clock.now(), core->technicians.revocations());
    ASSERT_TRUE(core->technicians.put(*card, certs::TotpSecret::parse(totp->base32().expose()).value()));
    for (auto key : {"listen.https_port", "listen.ssh_port", "listen.metrics_port"}) ASSERT_TRUE(core->options.set(key, "0", "test"));
    for (auto key : {"listen.https_address", "listen.ssh_address"}) ASSERT_TRUE(core->options.set(key, "127.0.0.1", "test"));
    desk.reset();
    trust.emplace(core->trust);
    const auto options = core->options;
    gateway.emplace(loop, std::move(core), [options] { return Result<Options>(options); });
    const auto started = gateway->start();
    ASSERT_TRUE(started) << started.error().text();
    read_ports();
    write_client_files();
    thread = std::thread([this] { loop.run(); });
  }
  void TearDown() override {
    on_loop([this] {
      asio::co_spawn(loop, gateway->drain("test"), [this](std::exception_ptr) { work.reset(), loop.stop(); });
    });
    if (thread.joinable()) thread.join();
    gateway.reset();
    GatewayTest::TearDown();
  }
  void on_loop(std::function<void()> act) {
    std::promise<void> done;
    asio::post(loop, [&] { act(), done.set_value(); });
    done.get_future().wait();
  }

  // ---- the technician: stock ssh ----
  void read_ports() {
    auto text = *io::read_file(folder.ports());
    text.pop_back();
    const auto ports = json::parse(text).as_object();
    https = static_cast<unsigned short>(ports.at("https").as_int64());
    ssh = static_cast<unsigned short>(ports.at("ssh").as_int64());
  }
  void write_client_files() {
    const auto& dir = folder.root;
    ASSERT_TRUE(io::write_file(dir / "alice.key", ssh_keys.at("alice").private_text()->expose(), io::FileMode::owner_only));
    ASSERT_TRUE(io::write_file(dir / "bob.key", ssh_keys.at("bob").private_text()->expose(), io::FileMode::owner_only));
    std::string known;
    for (const auto& file : {folder.ssh_ed25519(), folder.ssh_ecdsa()})
      known += io::SshHostKey::from_private_text(*io::read_secret_file(file))->known_hosts_line("gateway") + "\n";
    ASSERT_TRUE(io::write_file(dir / "known_hosts", known, io::FileMode::owner_only));
    std::ofstream(dir / "askpass") << "#!/bin/sh\ncat " << (dir / "code").string() << "\n";
    std::filesystem::permissions(dir / "askpass", std::filesystem::perms::owner_all);
  }
  void next_code() {
    on_loop([this] { clock.advance(std::chrono::seconds(31)); });
    std::ofstream(folder.root / "code") << totp->code_at(certs::totp_step(clock.now())) << "\n";
  }
  std::string ssh_line(const std::string& rest, const std::string& key = "alice.key") {
    const auto dir = folder.root.string();
    return "SSH_ASKPASS=" + dir + "/askpass SSH_ASKPASS_REQUIRE=force timeout 20 ssh -F none -o UserKnownHostsFile=" + dir + "/known_hosts" +
           " -o HostKeyAlias=gateway -o StrictHostKeyChecking=yes -o IdentitiesOnly=yes -i " + dir + "/" + key + " -o NumberOfPasswordPrompts=1 -p " +
           std::to_string(ssh) + " -l alice " + rest + " 127.0.0.1 ";
  }
  Ran execute(const std::string& line) {
    Ran out;
    FILE* pipe = ::popen((line + " 2>&1").c_str(), "r");
    char buffer[4096];
    for (std::size_t n; (n = ::fread(buffer, 1, sizeof buffer, pipe)) > 0;) out.text.append(buffer, n);
    const int status = ::pclose(pipe);
    out.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return out;
  }
  // Runs ssh while the agent's loop goes on.
  Ran technician(const std::string& command, const std::string& options = {}) {
    next_code();
    auto ran = std::async(std::launch::async, [&] { return execute(ssh_line(options) + "'" + command + "'"); });
    while (ran.wait_for(std::chrono::milliseconds(5)) != std::future_status::ready) {
      agent_loop.restart();
      agent_loop.run_for(std::chrono::milliseconds(20));
    }
    return ran.get();
  }

  // ---- the agent: real TLS, a played practice ----
  io::HttpEndpoint endpoint() const { return {"localhost", https, "127.0.0.1"}; }
  template <class T>
  T agent_run(Awaitable<T> work_to_do) {
    std::optional<T> result;
    asio::co_spawn(agent_loop, keep(std::move(work_to_do), result), asio::detached);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!result && std::chrono::steady_clock::now() < end) {
      agent_loop.restart();
      agent_loop.run_one_for(std::chrono::milliseconds(50));
    }
    return std::move(result).value();
  }
  std::string make_code(const PracticeId& whose) {
    const auto code = certs::EnrolmentCode::mint(random, *trust, whose);
    const certs::CodePermit permit{whose, code.secret_hash(), code.pin(), clock.now() - std::chrono::seconds(1), clock.now() + std::chrono::hours(23)};
    const auto added = io::control_call(folder.control(), {{"verb", "code add"}, {"note", certs::sign_code_permit(permit, staff)}});
    EXPECT_TRUE(added) << added.error().text();
    return to_hex(code.secret().expose());
  }
  Awaitable<io::HttpResponse> post_enrolment(std::string secret, std::string csr) {
    auto tls = *io::TlsContext::for_client(io::PinnedKey{trust->ca_spki_sha256});
    auto client = co_await io::HttpClient::connect(agent_loop, endpoint(), tls, nullptr, Millis(5000));
    const json::object body{{"code_secret", secret}, {"practice", practice.text()}, {"practice_vkey", practice_key.verifier().text()},
                            {"witness_vkey", witness_key.verifier().text()}, {"host_keys", json::array{host_key.public_key().line()}}, {"csr", csr}};
    const auto text = json::serialize(body);
    auto answer = co_await (*client)->request("POST", "/enrol", text);
    co_return *std::move(answer);
  }
  void enrol_agent() {
    auto key = certs::make_agent_request(practice);
    const auto answer = agent_run(post_enrolment(make_code(practice), key->request_pem));
    ASSERT_EQ(answer.status, 200u) << answer.body;
    const auto fields = json::parse(answer.body).as_object();
    ca_pem = fields.at("ca").as_string();
    identity.emplace(io::TlsIdentity{std::string(fields.at("certificate").as_string()), std::move(key->key_pem)});
  }
  Awaitable<Result<std::unique_ptr<io::HttpClient>>> dial() {
    auto tls = *io::TlsContext::for_client(io::PinnedCa{ca_pem}, &*identity);
    co_return co_await io::HttpClient::connect(agent_loop, endpoint(), tls, nullptr, Millis(5000));
  }
  Awaitable<void> play_agent() {
    auto client = co_await dial();
    auto stream = co_await (*client)->open_websocket("/agent");
    if (!stream) co_return;
    auto link = *std::move(stream);
    const Frame hello = frame::Hello{1, "test", practice, {{system, "Dossier patient", "LOCAL", {"shell", "files"}}}, {host_key.public_key().line()}, {}, {}, {}};
    co_await link->write_frame(encode(hello));
    for (;;) {
      const auto text = co_await link->read_frame();
      if (!text) break;
      const auto next = decode_frame(*text);
      for (const auto& answer : answers_to(*next)) {
        auto frame_text = encode(answer);
        co_await link->write_frame(std::move(frame_text));
      }
      if (const auto* wanted = std::get_if<frame::RelayWanted>(&*next)) asio::co_spawn(agent_loop, play_relay(wanted->relay), asio::detached);
    }
    link_ended = true;
  }
  Frame fact(FrameKind kind, const InterventionId& id, std::string_view type, const json::object& what) { return frame::Fact{kind, id, sign(type, what)}; }
  std::vector<Frame> answers_to(const Frame& next) {
    if (const auto* asked_for = std::get_if<frame::Request>(&next))
      return {fact(FrameKind::consent, asked_for->request.intervention, "consent", consent_body(asked_for->request))};
    if (const auto* proof = std::get_if<frame::Proof>(&next))
      return {frame::Cosignature{500, ""},
              fact(FrameKind::session_open, proof->intervention, "session_open", body(proof->intervention, {{"window_end", to_utc(clock.now())}}))};
    if (const auto* finish = std::get_if<frame::Finish>(&next))
      return {fact(FrameKind::session_end, finish->intervention, "session_end", end_body(finish->intervention, true))};
    if (const auto* report = std::get_if<frame::ReportGiven>(&next))
      return {fact(FrameKind::report_received, report->report.intervention, "report_received", body(report->report.intervention))};
    return {};
  }
  // The practice's end of one relay: sends back what it reads, behind a greeting.
  Awaitable<void> play_relay(std::string name) {
    auto client = co_await dial();
    if (!client) co_return;
    auto stream = co_await (*client)->open_relay("/relay/" + name);
    if (!stream) co_return;
    co_await (*stream)->write_all(std::string_view("through the bridge: "));
    std::vector<char> buffer(4096);
    for (;;) {
      const auto n = co_await (*stream)->read_some(buffer);
      if (!n || *n == 0) break;
      co_await (*stream)->write_all({buffer.data(), *n});
    }
    (*stream)->shutdown_write();
    (*stream)->close();
  }
  void connect_agent() {
    enrol_agent();
    asio::co_spawn(agent_loop, play_agent(), asio::detached);
    const auto connected = [this] {
      const auto list = io::control_call(folder.control(), {{"verb", "agent list"}});
      return list && list->at("practices").at(0).at("connected").as_bool();
    };
    for (int i = 0; i < 200 && !connected(); ++i) {
      agent_loop.restart();
      agent_loop.run_for(std::chrono::milliseconds(20));
    }
    ASSERT_TRUE(connected());
  }

  std::optional<certs::TotpSecret> totp;
  std::optional<certs::TrustBundle> trust;
  asio::executor_work_guard<asio::io_context::executor_type> work{loop.get_executor()};
  asio::io_context agent_loop{1};
  std::optional<Gateway> gateway;
  std::optional<io::TlsIdentity> identity;
  std::string ca_pem;
  unsigned short https = 0, ssh = 0;
  bool link_ended = false;
  std::thread thread;
};

constexpr auto request_words =
    "request dossier.cabinet-exemple --wait --ticket T-1 --reason the printer does not answer --tasks read the print queue";

TEST_F(ServeTest, one_whole_intervention_with_the_stock_client) {
  connect_agent();
  const auto listed = technician("systems");
  EXPECT_EQ(listed.status, 0) << listed.text;
  EXPECT_NE(listed.text.find("connected"), std::string::npos) << listed.text;
  const auto shut = technician("", "-W dossier.cabinet-exemple:22");
  EXPECT_NE(shut.text.find("no intervention of yours is open"), std::string::npos) << shut.text;
  const auto asked_for = technician(request_words);
  EXPECT_EQ(asked_for.status, 0) << asked_for.text;
  const auto through = technician("", "-W dossier.cabinet-exemple:22 < /etc/hostname");
  EXPECT_NE(through.text.find("through the bridge: "), std::string::npos) << through.text;
  EXPECT_EQ(technician("finish").status, 0);
  const auto reported = technician("report --outcome SOLVED --tasks emptied the print queue and restarted it");
  EXPECT_EQ(reported.status, 0) << reported.text;
  const auto shown = technician("status --json");
  EXPECT_NE(shown.text.find("\"state\":\"CLOSED\""), std::string::npos) << shown.text;
}

TEST_F(ServeTest, nothing_else_is_forwarded_and_no_shell_is_given) {
  // Port 22 is answered as an SSH server that disconnects with our words, so the client itself ends well.
  const auto elsewhere = technician("", "-W localhost:22");
  EXPECT_NE(elsewhere.text.find("only <system>.<practice> on port 22 can be reached"), std::string::npos) << elsewhere.text;
  EXPECT_NE(technician("", "-W 127.0.0.1:80").status, 0);
  EXPECT_NE(technician("sftp", "-s").status, 0);
  EXPECT_EQ(technician("/bin/sh").status, 2);
}

TEST_F(ServeTest, another_persons_key_and_a_spent_code_stay_outside) {
  next_code();
  EXPECT_EQ(execute(ssh_line("", "bob.key") + "systems").status, 255);
  EXPECT_EQ(technician("systems").status, 0);
  EXPECT_EQ(execute(ssh_line("") + "systems").status, 255);  // the same code again
}

TEST_F(ServeTest, a_code_enrols_once) {
  const auto secret = make_code(practice);
  auto key = certs::make_agent_request(practice);
  EXPECT_EQ(agent_run(post_enrolment(secret, key->request_pem)).status, 200u);
  EXPECT_NE(agent_run(post_enrolment(secret, key->request_pem)).status, 200u);
  EXPECT_NE(agent_run(post_enrolment(std::string(20, '0'), key->request_pem)).status, 200u);
}

TEST_F(ServeTest, a_revoked_agent_loses_its_link_at_once_and_cannot_return) {
  connect_agent();
  ASSERT_TRUE(io::control_call(folder.control(), {{"verb", "agent revoke"}, {"id", practice.text()}}));
  for (int i = 0; i < 200 && !link_ended; ++i) {
    agent_loop.restart();
    agent_loop.run_for(std::chrono::milliseconds(20));
  }
  EXPECT_TRUE(link_ended);
  const auto again = agent_run([](ServeTest& t) -> Awaitable<bool> {
    auto client = co_await t.dial();
    if (!client) co_return false;
    auto stream = co_await (*client)->open_websocket("/agent");
    co_return stream.has_value();
  }(*this));
  EXPECT_FALSE(again);
}

}  // namespace
}  // namespace pontlevis::gateway
