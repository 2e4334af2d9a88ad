#include "tests/hostile_gateway/lab.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

#include "audit/fact_record.hpp"
#include "audit/source.hpp"
#include "audit/witness.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/io/control/control_client.hpp"
#include "tests/doubles/must.hpp"

namespace pontlevis::hostile {

namespace fs = std::filesystem;

namespace {

std::string program(const std::string& name) {
  const char* bin = std::getenv("BIN");
  return (fs::path(bin && *bin ? bin : PONTLEVIS_BIN) / name).string();
}

void must(const Ran& ran, const std::string& what) {
  if (ran.status != 0) throw std::runtime_error(what + ": " + ran.text);
}
using test::must;

void write(const fs::path& file, const std::string& text, bool runs = false) {
  must(io::write_file(file, text, io::FileMode::owner_only) ? Ran{0, ""} : Ran{1, file.string()}, "a file of the lab");
  if (runs) fs::permissions(file, fs::perms::owner_all);
}

std::string contents(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

bool until(const std::function<bool()>& so, Millis within) {
  const auto end = std::chrono::steady_clock::now() + within;
  while (!so()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(Millis(15));
  }
  return true;
}

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

Ran run_shell(const std::string& line) {
  Ran out;
  FILE* pipe = ::popen(("(" + line + ") 2>&1 </dev/null").c_str(), "r");
  char bytes[4096];
  for (std::size_t n; (n = ::fread(bytes, 1, sizeof bytes, pipe)) > 0;) out.text.append(bytes, n);
  const int status = ::pclose(pipe);
  out.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return out;
}

// ---- the lab ------------------------------------------------------------------------------------

Lab::Lab(const Lab* same_vendor) {
  if (same_vendor) {
    staff = *NoteSigner::parse(same_vendor->staff.text());
    log_key = *NoteSigner::parse(same_vendor->log_key.text());
    practice = *PracticeId::parse("autre-cabinet");
  }
  fs::create_directories(folder / "tech");
  for (const char* login : {"alice", "bruno", "mallory"}) add_technician(login);
  memory = open_memory("honest");
  auto server = must(ca.issue_server({"localhost", "127.0.0.1"}, clock.now(), random), "the gateway's certificate");
  const certs::TrustBundle bundle{ca.pin(), staff.verifier(), log_key.verifier(), {"localhost"}};
  Wire::Answers answers{.trust = [text = bundle.text()] { return text; }, .enrol = [this](const std::string& body) { return enrol(body); }};
  wire = std::make_unique<Wire>(io::TlsIdentity{server.chain_pem, std::move(server.key_pem)}, ca.certificate_pem(), std::move(answers));
  auto code = certs::EnrolmentCode::mint(random, bundle, practice);
  write(folder / "code", std::string(code.text().expose()) + "\n");
  enrol_practice();
  start_practice();
  write_known_hosts();
  must(run_shell(program("pontlevis-agent") + " approver add dr-exemple --data " + (folder / "agent").string() +
                 " --name 'Dr Camille Exemple' --password-file " + (folder / "approver").string()), "the approver");
}

Lab::~Lab() {
  stop_practice();
  wire.reset();
  memory.log.reset();
  if (testing::UnitTest::GetInstance()->Failed()) temporary.keep();
}

void Lab::add_technician(const std::string& login) {
  keys.emplace(login, *io::SshHostKey::generate(io::SshHostKeyType::ed25519));
  const auto dir = folder / "tech";
  write(dir / (login + ".key"), std::string(keys.at(login).private_text()->expose()));
  write(dir / (login + ".heard"), "\n");
  write(dir / (login + ".askpass"), "#!/bin/sh\necho x >> " + (dir / (login + ".asked")).string() + "\ncat " + (dir / (login + ".heard")).string() + "\n", true);
}

std::string Lab::enrol(const std::string& body) {
  const auto object = json::parse(body).as_object();
  practice_key = *NoteVerifier::parse(std::string_view(object.at("practice_vkey").as_string()));
  const auto certificate = *ca.sign_agent(std::string_view(object.at("csr").as_string()), practice, clock.now(), random);
  return json::serialize(json::object{{"certificate", certificate}, {"ca", ca.certificate_pem()}, {"staff_vkey", staff.verifier().text()},
                                      {"log_vkey", log_key.verifier().text()}, {"gateway_time", to_utc(clock.now())}});
}

void Lab::enrol_practice() {
  const auto data = folder / "agent";
  must(run_shell(program("pontlevis-agent") + " enroll --data " + data.string() + " --practice " + practice.text() + " --gateway localhost:" +
                 std::to_string(wire->port()) + " --code-file " + (folder / "code").string()), "enrolment");
  fs::create_directories(folder / "home");
  write(folder / "approver", "pont-levis exemple 1\n");
  write(data / "systems.toml", "[[system]]\nid = \"serveur\"\nlabel = \"Serveur du cabinet\"\nhosting = \"local\"\n[system.shell]\ncommand = [\"bash\"]\nexec = [\"bash\", \"-c\"]\nfolder = \"" +
                                   (folder / "home").string() + "\"\n[system.files]\nfolder = \"" + (folder / "home").string() + "\"\n");
  write(data / "agent.toml", "[agent]\npractice_name = \"Cabinet Exemple\"\n[page]\nport = 0\n[link]\nlongest_wait_seconds = 1\ngrace_seconds = 1\n[notify]\ndesktop = \"off\"\n"
                             "[notice]\nvendor_name = \"Éditeur Exemple\"\nvendor_address = \"1 rue de l'Exemple, 75000 Paris\"\ndpo_contact = \"dpo@vendor.example\"\n");
}

void Lab::start_practice() {
  const auto before = wire->links();
  const std::string path = program("pontlevis-agent"), data = (folder / "agent").string(), log = (folder / "agent.log").string();
  fs::remove(folder / "agent" / "ports.json");
  pid_ = ::fork();
  if (pid_ == 0) {
    const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(out, 1), ::dup2(out, 2);
    ::close_range(3, ~0u, 0);               // our own listening sockets are not the practice's
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    ::execl(path.c_str(), path.c_str(), "serve", "--data", data.c_str(), nullptr);
    ::_exit(127);
  }
  const bool up = wire->wait_link(before) && until([&] { return status().at("link").as_string() == "UP"; });
  if (!up) throw std::runtime_error("the practice's link did not come up: " + contents(folder / "agent.log"));
}

void Lab::stop_practice() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGTERM);
  int status = 0;
  if (!until([&] { return ::waitpid(pid_, &status, WNOHANG) == pid_; }, Millis(10'000))) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, &status, 0);
    ADD_FAILURE() << "the agent did not end by itself";
  }
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << contents(folder / "agent.log");
  pid_ = -1;
}

bool Lab::program_is_alive() const { return pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) == 0; }

void Lab::write_known_hosts() {
  std::string known;
  for (const auto& line : wire->last_hello().host_keys) known += "practice " + line + "\n";
  write(folder / "tech" / "known_hosts", known);
}

// ---- the vendor ---------------------------------------------------------------------------------

Memory Lab::open_memory(const std::string& name) {
  auto key = must(NoteSigner::parse(log_key.text()), "the log key");
  Memory out{must(audit::Log::open({.folder = folder / "logs" / name}, std::move(key), clock, random), "a log"), 0};
  // Something came before, so that a tree has more than one leaf.
  static_cast<void>(out.log->append_now(*audit::Record::make("log_start", json::object{{"program", name}})));
  return out;
}

Memory Lab::copy_memory(const std::string& name) {
  const auto cosigned = memory.cosigned;
  memory.log.reset();
  fs::copy(folder / "logs" / "honest", folder / "logs" / name, fs::copy_options::recursive);
  memory = open_memory("honest");
  auto out = open_memory(name);
  memory.cosigned = out.cosigned = cosigned;
  return out;
}

Memory Lab::open_foreign_memory() {
  NoteSigner key(log_key.verifier().name(), NoteKeyType::ed25519, Ed25519Key::generate(random));
  return {must(audit::Log::open({.folder = folder / "logs" / make_uuid(random)}, std::move(key), clock, random), "a log"), 0};
}

certs::CardFields Lab::card_fields(const std::string& login) {
  const Time day = *from_date("2026-01-05");
  return {*certs::CardId::parse(make_uuid(random)), *Login::parse(login), "Personne " + login, "Éditeur Exemple", std::nullopt, "FR", "Technicienne",
          {"ENG-C-1", day}, {"ENG-L-1", day}, {keys.at(login).public_key().line()}, clock.now() - std::chrono::hours(1), clock.now() + std::chrono::hours(24)};
}

AccessRequest Lab::request(std::vector<RequestedOperator> operators) {
  return {*InterventionId::parse(make_uuid(random)), practice, *SystemId::parse("serveur"), {"shell"}, {AccessType::view, AccessType::control},
          {"données affichées"}, Purpose::maintenance, "Impression en panne", "Relancer la file", "DOS-1", 30, Criticality::standard, Difficulty::single,
          std::nullopt, "CONTRAT-1", "Éditeur Exemple", std::move(operators), clock.now(), clock.now() + std::chrono::minutes(30)};
}

namespace {
audit::TreeSize size_of(const std::string& note) { return must(audit::peek_checkpoint(note), "a checkpoint").size; }
}  // namespace

frame::Proof Lab::prove(Memory& m, const frame::Fact& consent) {
  const auto body = must(open_statement(consent.note, "consent", *practice_key), "a consent");
  const auto record = must(audit::fact_record("consent", body, practice.text(), consent.note), "its record");
  const auto appended = must(m.log->append_now(record), "the log");
  // Facts may be appended meanwhile: everything is of one checkpoint.
  const auto note = m.log->latest_checkpoint();
  const auto size = size_of(note);
  const audit::AddCheckpointRequest add{m.cosigned, m.cosigned == 0 ? audit::Proof{} : *m.log->consistency(m.cosigned, size), note};
  const audit::TlogProof proof{std::nullopt, appended.index, must(m.log->prove(appended.index, size), "a proof"), note};
  return {consent.intervention, appended.disclosures, proof.text(), add.text()};
}

void Lab::keep_facts() {
  wire->record_as([this](const frame::Fact& fact) -> std::uint64_t {
    const auto statement = must(peek_statement(fact.note), "a statement");
    const auto record = must(audit::fact_record(statement.type, statement.body, practice.text(), fact.note), "its record");
    return must(memory.log->append_now(record), "the log").index;
  });
}

frame::Checkpoint Lab::checkpoint_of(const Memory& m, audit::TreeSize from) const {
  const auto note = m.log->latest_checkpoint();
  const auto size = size_of(note);
  const audit::AddCheckpointRequest add{from, from == 0 || from >= size ? audit::Proof{} : *m.log->consistency(from, size), note};
  return {add.text()};
}

frame::Cosignature Lab::cosign(Memory& m) {
  audit::TreeSize size = 0;
  wire->say_made([&] {
    auto asked = checkpoint_of(m, m.cosigned);
    size = size_of(must(audit::AddCheckpointRequest::parse(asked.add_checkpoint), "what we ask").checkpoint);
    return asked;
  });
  const auto heard = wire->hear([](const Frame& f) { return kind_of(f) == FrameKind::cosignature; });
  if (!heard) throw std::runtime_error("no answer to a checkpoint");
  const auto answer = std::get<frame::Cosignature>(*heard);
  if (answer.status == 200) m.cosigned = size;
  return answer;
}

frame::FactProof Lab::prove_facts(const Memory& m, const frame::FactCheck& question) const {
  frame::FactProof out;
  for (const auto index : question.indexes) {
    frame::FactProof::One one;
    for (const auto& field : must(m.log->record(index), "a record").fields)
      one.record.push_back(field.name == "type" || field.name == "time" || field.name == "statement_sha256" ? field.disclosure : "sha256:" + to_base64url(field.digest.view()));
    const audit::TlogProof proof{std::nullopt, index, must(m.log->prove(index, m.cosigned), "a proof"), must(m.log->checkpoint_at(m.cosigned), "a checkpoint")};
    one.tlog_proof = proof.text();
    out.proofs.push_back(std::move(one));
  }
  return out;
}

// ---- the practice -------------------------------------------------------------------------------

Result<json::object> Lab::ask_agent(json::object command) const { return io::control_call(folder / "agent" / "agent.sock", command); }

json::object Lab::page_state() const {
  const auto ports = json::parse(contents(folder / "agent" / "ports.json")).as_object();
  const auto origin = "http://localhost:" + std::to_string(ports.at("page").to_number<int>());
  const auto curl = "curl -sS -H 'Origin: " + origin + "' -H 'Content-Type: application/json' ";
  const auto in = run_shell(curl + "-d '{\"login\":\"dr-exemple\",\"password\":\"pont-levis exemple 1\"}' " + origin + "/api/sign-in");
  const auto token = std::string(json::parse(in.text).as_object().at("token").as_string());
  return json::parse(run_shell(curl + "-H 'Authorization: Bearer " + token + "' " + origin + "/api/state").text).as_object();
}

json::object Lab::status() const {
  auto answer = io::control_call(folder / "agent" / "agent.sock", {{"command", "status"}});
  if (answer) return *std::move(answer);
  return {{"link", "NONE"}, {"drawbridge", answer.error().text()}, {"last_attempt", ""}, {"alarm", false}, {"witness", json::object{}}, {"interventions", json::array{}}};
}

bool Lab::asks(const InterventionId& id) const {
  const auto answer = io::control_call(folder / "agent" / "agent.sock", {{"command", "requests"}});
  if (!answer) return false;
  for (const auto& one : answer->at("requests").as_array())
    if (one.at("intervention").as_string() == id.text()) return true;
  return false;
}
bool Lab::wait_asks(const InterventionId& id) const {
  return until([&] { return asks(id); });
}

Result<json::object> Lab::approve(const InterventionId& id, int minutes) const {
  json::object command{{"command", "approve"}, {"id", id.text()}, {"as", "dr-exemple"}, {"password", "pont-levis exemple 1"}, {"unwatched", true}};
  if (minutes > 0) command.emplace("minutes", minutes);
  return io::control_call(folder / "agent" / "agent.sock", command);
}
std::future<Result<json::object>> Lab::approve_soon(const InterventionId& id) const {
  return std::async(std::launch::async, [this, id] { return approve(id); });
}
Result<json::object> Lab::refuse(const InterventionId& id) const {
  return io::control_call(folder / "agent" / "agent.sock", {{"command", "refuse"}, {"id", id.text()}, {"as", "dr-exemple"}, {"password", "pont-levis exemple 1"}});
}
Result<json::object> Lab::act(const std::string& command, const InterventionId& id) const {
  return io::control_call(folder / "agent" / "agent.sock", {{"command", command}, {"id", id.text()}});
}
std::string Lab::new_code(const std::string& login) const {
  const auto answer = io::control_call(folder / "agent" / "agent.sock", {{"command", "code"}, {"login", login}, {"as", "dr-exemple"}, {"password", "pont-levis exemple 1"}});
  return answer ? std::string(answer->at("password").as_string()) : "no code: " + answer.error().text();
}

std::vector<json::object> Lab::journal(std::uint64_t from) const {
  std::vector<json::object> out;
  const auto source = audit::open_folder(folder / "agent");
  const auto size = source ? (*source)->size() : Result<audit::TreeSize>(0);
  for (audit::LeafIndex i = from; size && i < *size; ++i)
    if (const auto record = (*source)->record(i); record && *record)
      if (auto opened = (*record)->open()) out.push_back(*std::move(opened));
  return out;
}
std::uint64_t Lab::journal_size() const { return journal().size(); }

bool Lab::noted(std::uint64_t from, std::string_view words) const {
  for (const auto& record : journal(from)) {
    const auto& type = record.at("type").as_string();
    const bool kind = type == "security" || type == "attempt" || type == "session_end" || type == "not_asked";
    if (kind && json::serialize(record).find(words) != std::string::npos) return true;
  }
  return false;
}

std::vector<std::string> Lab::open_ports() const {
  std::set<std::string> mine;
  for (const auto& entry : fs::directory_iterator("/proc/" + std::to_string(pid_) + "/fd")) {
    std::error_code gone;
    const auto target = fs::read_symlink(entry, gone).string();
    if (target.starts_with("socket:[")) mine.insert(target.substr(8, target.size() - 9));
  }
  std::vector<std::string> out;
  for (const char* table : {"tcp", "tcp6", "udp", "udp6"}) {
    std::ifstream lines("/proc/" + std::to_string(pid_) + "/net/" + table);
    std::string line;
    while (std::getline(lines, line)) {
      std::istringstream in(line);
      std::string number, local, remote, state, queues, timer, retries, uid, timeout, inode;
      in >> number >> local >> remote >> state >> queues >> timer >> retries >> uid >> timeout >> inode;
      const bool listens = std::string_view(table).starts_with("udp") || state == "0A";
      if (listens && mine.contains(inode)) out.push_back(local);
    }
  }
  return out;
}

// ---- the whole way ------------------------------------------------------------------------------

Lab::Opened Lab::open_session(const AccessRequest& asked) {
  wire->say(frame::Request{asked});
  if (!wait_asks(asked.intervention)) throw std::runtime_error("the request does not wait at the practice: " + last_attempt());
  auto approving = approve_soon(asked.intervention);
  auto heard = wire->hear([&](const Frame& f) { return kind_of(f) == FrameKind::consent && intervention_of(f) == asked.intervention; });
  if (!heard) throw std::runtime_error("no consent came: " + approving.get().error().text());
  const auto consent = std::get<frame::Fact>(*heard);
  const auto proof = prove(memory, consent);
  wire->say(proof);
  const auto opened = must(approving.get(), "approve");
  static_cast<void>(wire->hear([](const Frame& f) { return kind_of(f) == FrameKind::cosignature; }));
  memory.cosigned = size_of(must(audit::AddCheckpointRequest::parse(proof.add_checkpoint), "what we ask").checkpoint);
  return {asked.intervention, std::string(opened.at("passwords").as_array().at(0).at("password").as_string()), consent, proof};
}

void Lab::close_session(const InterventionId& id) {
  const auto stopped = act("stop", id);
  if (!stopped) ADD_FAILURE() << stopped.error().text();
}

// ---- a technician -------------------------------------------------------------------------------

void Lab::hear(const std::string& login, const std::string& password) { write(folder / "tech" / (login + ".heard"), password + "\n"); }

std::size_t Lab::times_asked(const std::string& login) const {
  const auto text = contents(folder / "tech" / (login + ".asked"));
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

// Everybody says to be alice: the practice knows no other name. The key is the person's own.
std::string Lab::ssh_line(const std::string& login, unsigned short port, const std::string& command, const std::string& more) const {
  const auto dir = (folder / "tech").string();
  return "SSH_ASKPASS=" + dir + "/" + login + ".askpass SSH_ASKPASS_REQUIRE=force timeout 25 ssh -F none -o UserKnownHostsFile=" + dir +
         "/known_hosts -o GlobalKnownHostsFile=/dev/null -o HostKeyAlias=practice -o StrictHostKeyChecking=yes -o IdentitiesOnly=yes"
         " -o NumberOfPasswordPrompts=1 -o PreferredAuthentications=publickey,keyboard-interactive,password -i " +
         dir + "/" + login + ".key " + more + " -p " + std::to_string(port) + " -l alice 127.0.0.1 " + quoted(command);
}

// ---- the promise --------------------------------------------------------------------------------

Lab* HostileTest::lab_ = nullptr;

void HostileTest::SetUp() {
  ASSERT_TRUE(until([&] { return lab().status().at("link").as_string() == "UP"; })) << json::serialize(lab().status());
  journal_before_ = lab().journal_size();
}

void HostileTest::TearDown() {
  EXPECT_TRUE(lab().program_is_alive());
  wire().refuse_links(false);
  wire().record_facts(true);
  wire().meddle({});
}

void HostileTest::expect_closed() {
  EXPECT_EQ(lab().status().at("drawbridge").as_string(), "UP");
  const auto ports = lab().open_ports();
  EXPECT_FALSE(ports.empty());
  for (const auto& port : ports) {
    const bool loopback = port.starts_with("0100007F:") || port.starts_with("00000000000000000000000001000000:");
    EXPECT_TRUE(loopback) << "the agent listens on " << port;
  }
  EXPECT_LE(ports.size(), 2u) << "more than the loopback page";
}

void HostileTest::expect_closed_noted_and_told(std::string_view words) {
  EXPECT_TRUE(until([&] { return lab().noted(journal_before_, words); }, Millis(5000))) << "not in the journal: " << words;
  EXPECT_TRUE(until([&] { return lab().last_attempt().find(words) != std::string::npos; }, Millis(5000))) << "told: " << lab().last_attempt();
  expect_closed();
}

void HostileTest::link_ends_on(const std::string& frame_text) {
  const auto number = wire().links();
  wire().say_text(frame_text);
  EXPECT_TRUE(wire().wait_down(number)) << "the agent kept a link that broke the protocol";
}

frame::RelayWanted HostileTest::relay_wanted(const InterventionId& id, const std::string& login) {
  return {id, "00112233445566778899aabbccddeeff", *Login::parse(login)};
}

}  // namespace pontlevis::hostile
