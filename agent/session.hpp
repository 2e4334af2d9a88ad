// One open session: the window in which the practice's end of an intervention exists (design §2.4,
// §8). It owns the passwords, the clock, the door to the tools, the live view and the connections;
// its end cuts them all, ends every process it started, wipes the secrets, and only then writes the
// end record. Made from a ProvedConsent alone. Lives on the loop; shared by its connections.
// Requirements A03, A32, A34 to A38, A41, A43.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "agent/deadline.hpp"
#include "agent/journal.hpp"
#include "agent/live_view.hpp"
#include "agent/password_mint.hpp"
#include "agent/recorder/recording_vault.hpp"
#include "agent/session_gate.hpp"
#include "agent/shared_terminal.hpp"
#include "agent/session_state.hpp"
#include "agent/tools/inventory.hpp"
#include "agent/tools/reaper.hpp"
#include "agent/tools/tcp.hpp"
#include "protocol/io/ssh/ssh_config.hpp"

namespace pontlevis::agent {

class DesktopServer;
class Endpoint;
class Session;

// One use of a declared target while it lasts, for the practitioner's eyes.
class LiveForward {
 public:
  LiveForward(std::shared_ptr<Session> session, std::string tool, std::string target, Login login, const TcpStream& machine);
  ~LiveForward();
  LiveForward(const LiveForward&) = delete;
  LiveForward& operator=(const LiveForward&) = delete;
  json::object view() const;

 private:
  std::shared_ptr<Session> session_;
  std::string tool_, target_;
  Login login_;
  const TcpStream& machine_;
};

// What a session borrows from the agent; all outlive it.
struct SessionParts {
  boost::asio::io_context& io;
  const Clock& clock;
  Random& random;
  Journal& journal;
  Store& store;
  Reaper& reaper;
  std::shared_ptr<const io::SshServerConfig> ssh;
  RecordingVault& recordings;
  PasswordProfile profile = PasswordProfile::phone;
  Millis link_grace = std::chrono::seconds(60);
};

struct ShownPassword {
  Login login;
  std::string name;
  Secret text;
  Time unused_after{};  // dead from then on, if nobody used it
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(SessionParts parts, ProvedConsent proved, System system);
  ~Session();

  // ---- from the drawbridge ----
  // Writes session_open, then the door exists. The passwords are for the practitioner's eyes.
  io::Awaitable<Result<std::vector<ShownPassword>>> open();
  Result<ShownPassword> new_password(const Login& login);
  void pause(std::string by);
  void resume(std::string by);
  Result<> choose_typist(std::optional<Login> who, std::string by);            // nobody: every operator
  Result<> hold_tool(const std::string& tool, bool held, std::string by);      // one tool alone
  std::shared_ptr<LiveView::Watcher> watch(std::size_t limit) { return view_.watch(limit); }
  // More time, from a consent of its own that was proved: the only way a deadline moves (A03).
  void extend(const ProvedConsent& more);
  int granted_minutes() const noexcept { return minutes_; }
  void say(const std::string& line);  // into every terminal, and to everybody who looks
  void link_changed(bool up);
  // Ends it; the first call decides the cause. Returns when the end record is durable.
  io::Awaitable<void> end(EndCause cause, std::string detail, std::string by);
  bool ended() const noexcept { return ending_; }
  std::function<void()> on_ended;   // after the end record
  std::function<void()> on_change;  // something a person would want to see
  void serve(std::unique_ptr<io::ByteStream> relay);  // one operator connection
  json::object status() const;
  json::object details() const;  // streams, forwards and the last facts, for the page
  Millis cut() const noexcept { return cut_; }

  // ---- from an endpoint ----
  const Consented& consent() const noexcept { return proved_.consent(); }
  const InterventionId& id() const noexcept { return consent().request().intervention; }
  const System& system() const noexcept { return system_; }
  const KnownOperator* find_operator(std::string_view user) const;  // connected operators only
  bool may_rejoin(const Login& who) const;
  PasswordMint::Verdict try_password(const Login& who, const Secret& typed);
  bool join(const Login& who);
  void leave(const Login& who, SessionState::Leave how);
  // With more people than one, one terminal for all: the one that runs, or a new one from this request.
  Result<std::shared_ptr<SharedTerminal>> shared_terminal(const ShellRequest& asked, const Login& who);
  UploadAccount& uploads() noexcept { return uploads_; }  // what `files` brought in, by all its channels
  std::weak_ptr<DesktopServer>& desktop() noexcept { return desktop_; }  // of all its connections; its clients keep it
  bool grants(std::string_view tool) const;
  bool grants(AccessType type) const;
  // The door of one person to one tool (a tool's name as in the consent); nobody: what operators share.
  InputGate& gate(const std::optional<Login>& who, const std::string& tool) { return gates_.of(who, tool, state_); }
  bool may_act(const Login& who) const { return state_.may_act(who); }
  bool only_looks_on(const Login& who) const { return !state_.is_operator(who); }
  bool shares_terminal() const noexcept { return state_.needs_pair() || state_.has_onlookers(); }
  LiveView& view() noexcept { return view_; }
  SessionParts& parts() noexcept { return parts_; }
  io::Awaitable<Result<>> record(std::string type, json::object body);
  void record_soon(std::string type, json::object body);
  void attempt(std::optional<Login> who, std::string what, std::string why);  // bounded
  void forget(Endpoint* endpoint);
  void show(LiveForward* forward) { forwards_.push_back(forward), changed(); }
  void forget(LiveForward* forward) { std::erase(forwards_, forward), changed(); }
  void count_bytes(std::uint64_t in, std::uint64_t out) { bytes_in_ += in, bytes_out_ += out; }

 private:
  io::Awaitable<void> run_clock();
  io::Awaitable<void> tear_down(std::string message);
  void after_event();
  void changed() { if (on_change) on_change(); }
  void note_activity(const std::string& type, const json::object& body);
  io::Awaitable<Result<>> start_recording();
  io::Awaitable<void> finish_recording();
  void announce_hold(Hold before, Hold now, const std::string& by);
  void warn_if_due();
  Millis next_look() const;
  Millis now() const { return parts_.clock.since_boot(); }
  json::object end_body(EndCause cause, const std::string& detail) const;

  SessionParts parts_;
  ProvedConsent proved_;
  System system_;
  PasswordMint mint_;
  SessionState state_;
  SessionGates gates_;
  LiveView view_;
  std::unique_ptr<Recording> recording_;
  std::unique_ptr<StreamSink> recording_sink_;
  Deadline deadline_;
  std::list<std::weak_ptr<Endpoint>> endpoints_;
  std::weak_ptr<SharedTerminal> terminal_;
  std::weak_ptr<DesktopServer> desktop_;
  UploadAccount uploads_;
  std::vector<LiveForward*> forwards_;
  std::deque<json::object> activity_;  // the last facts, as they were said
  int minutes_;                        // granted, with every extension
  Time started_at_{};
  Millis opened_at_{};
  Millis last_beat_{};
  std::optional<Millis> link_lost_at_;
  bool opened_ = false;
  bool ending_ = false;
  bool writing_end_ = false;   // the end record is on its way: no fact comes after it
  bool end_recorded_ = false;
  boost::asio::steady_timer end_waiters_;
  int warned_minutes_ = 1000;
  unsigned attempts_ = 0, connections_ = 0;
  std::uint64_t bytes_in_ = 0, bytes_out_ = 0;
  Time ended_at_{};
  Millis lasted_{}, cut_{};
  EndCount reaped_;
};

}  // namespace pontlevis::agent
