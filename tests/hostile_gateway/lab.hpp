// One real practice under a hostile gateway: the practice's agent is the real program, enrolled for real, in a folder of its
// own; the person there speaks to its control socket; technicians are the stock ssh.
// Everything is sample data. BIN names the folder of the programs.
#pragma once

#include <gtest/gtest.h>

#include <future>

#include "audit/log.hpp"
#include "certs/agent_ca.hpp"
#include "certs/enrolment_code.hpp"
#include "certs/staff_card.hpp"
#include "protocol/io/ssh/ssh_keys.hpp"
#include "protocol/io/system.hpp"
#include "protocol/statement.hpp"
#include "protocol/text.hpp"
#include "tests/doubles/temporary_folder.hpp"
#include "tests/hostile_gateway/wire.hpp"

namespace pontlevis::hostile {

struct Ran {
  int status = -1;
  std::string text;
};
Ran run_shell(const std::string& line);  // both outputs together
std::string quoted(const std::string& text);

// The gateway's memory, kept honestly or not.
struct Memory {
  std::unique_ptr<audit::Log> log;
  audit::TreeSize cosigned = 0;  // what the practice cosigned of it
};

// What is left of one test: everything under one folder that goes with it.
class Lab {
 public:
  // Of one vendor with another practice, when that one's lab is named: the same staff key and the same log key.
  explicit Lab(const Lab* same_vendor = nullptr);
  ~Lab();

  // ---- the vendor ----
  Memory open_memory(const std::string& name);  // a log under the gateway's one key
  Memory copy_memory(const std::string& name);  // the honest one as it is now, to go on from there
  Memory open_foreign_memory();                 // under a key the practice never heard of
  certs::CardFields card_fields(const std::string& login);
  std::string card(const std::string& login) { return *certs::StaffCard::issue(card_fields(login), staff); }
  AccessRequest request(std::vector<RequestedOperator> operators);
  AccessRequest alice_asks() { return request({lead("alice", card("alice"))}); }
  RequestedOperator lead(const std::string& login, std::string card) {
    return {*Login::parse(login), OperatorRole::lead, OperatorMode::connected, std::move(card)};
  }
  // The proof of this consent in this log: an honest one when the log is.
  frame::Proof prove(Memory& memory, const frame::Fact& consent);
  // What an honest gateway does besides: facts go into its log, its newest checkpoint is cosigned, and what is asked
  // about facts is shown.
  void keep_facts();
  frame::Checkpoint checkpoint_of(const Memory& memory, audit::TreeSize from) const;
  frame::Cosignature cosign(Memory& memory);  // says it, waits for the answer
  frame::FactProof prove_facts(const Memory& memory, const frame::FactCheck& question) const;

  // ---- the practice ----
  void start_practice();  // and waits for its link
  void stop_practice();
  json::object status() const;
  std::string last_attempt() const { return std::string(status().at("last_attempt").as_string()); }
  bool asks(const InterventionId& id) const;  // waits for a person's decision
  bool wait_asks(const InterventionId& id) const;
  Result<json::object> approve(const InterventionId& id, int minutes = 0) const;  // blocks until it opened or failed
  std::future<Result<json::object>> approve_soon(const InterventionId& id) const;
  Result<json::object> refuse(const InterventionId& id) const;
  Result<json::object> act(const std::string& command, const InterventionId& id) const;
  std::string new_code(const std::string& login) const;  // a fresh one-time password
  std::vector<json::object> journal(std::uint64_t from = 0) const;  // every record, opened
  std::uint64_t journal_size() const;
  bool noted(std::uint64_t from, std::string_view words) const;  // some security record, attempt or end says this
  std::vector<std::string> open_ports() const;                  // what the agent's process listens on, "address:port"
  bool program_is_alive() const;

  // ---- the practice's page, over HTTP as a browser asks ----
  json::object page_state() const;
  Result<json::object> ask_agent(json::object command) const;

  // ---- the whole way, honestly ----
  struct Opened {
    InterventionId id;
    std::string password;
    frame::Fact consent;
    frame::Proof proof;
  };
  Opened open_session(const AccessRequest& asked);
  void close_session(const InterventionId& id);  // the practitioner stops it
  unsigned short door(const InterventionId& id) { return wire->open_door(id, *Login::parse("alice")); }

  // ---- a technician ----
  void hear(const std::string& login, const std::string& password);  // what was read out on the phone
  std::size_t times_asked(const std::string& login) const;           // how often ssh wanted the password
  std::string ssh_line(const std::string& login, unsigned short port, const std::string& command, const std::string& more = {}) const;
  Ran ssh(const std::string& login, unsigned short port, const std::string& command, const std::string& more = {}) const {
    return run_shell(ssh_line(login, port, command, more));
  }

  SystemClock clock;
  io::SystemRandom random;
  test::TemporaryFolder temporary;  // kept for a look after a failure
  std::filesystem::path folder = temporary.path();
  PracticeId practice = *PracticeId::parse("cabinet-exemple");
  NoteSigner staff{"staff.vendor.example", NoteKeyType::ed25519, Ed25519Key::generate(random)};
  NoteSigner log_key{"audit.vendor.example/main", NoteKeyType::ed25519, Ed25519Key::generate(random)};
  certs::AgentCa ca = *certs::AgentCa::create("Sample CA", clock.now(), random);
  std::map<std::string, io::SshHostKey> keys;  // of technicians
  std::unique_ptr<Wire> wire;
  Memory memory;
  std::optional<NoteVerifier> practice_key;

 private:
  std::string enrol(const std::string& body);
  void enrol_practice();
  void add_technician(const std::string& login);
  void write_known_hosts();
  int pid_ = -1;
};

// Looks again until it is so, `patience` at most.
bool until(const std::function<bool()>& so, Millis within = patience);

// Each test has a practice of its own only when it asks: enrolling takes seconds, so tests of a suite share one.
class HostileTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { lab_ = new Lab(); }
  static void TearDownTestSuite() {
    delete lab_;
    lab_ = nullptr;
  }
  void SetUp() override;
  void TearDown() override;

  Lab& lab() { return *lab_; }
  Wire& wire() { return *lab_->wire; }
  // The promise of this folder, after each attempt: nothing is open, the journal has it, the person is told.
  void expect_closed_noted_and_told(std::string_view words);
  void expect_closed();
  // Says it on the link and waits for the agent to hang up.
  void link_ends_on(const std::string& frame_text);
  frame::RelayWanted relay_wanted(const InterventionId& id, const std::string& login = "alice");

  static Lab* lab_;
  std::uint64_t journal_before_ = 0;
};

}  // namespace pontlevis::hostile
