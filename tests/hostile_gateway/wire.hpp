// A gateway of the tests' own, down to the byte: TLS is ours, HTTP and WebSocket are written here by hand, so that it
// can break each of them on purpose. It lives on one thread of its own; every public function is called
// by the test's thread and waits at most `patience`.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

#include "protocol/frame.hpp"
#include "protocol/io/tls/lean_stream.hpp"
#include "tests/hostile_gateway/meddler.hpp"

namespace pontlevis::hostile {

namespace net = boost::asio;

constexpr Millis patience{20'000};

class Wire {
 public:
  struct Answers {                                             // run on the wire's thread
    std::function<std::string()> trust;                        // body of GET /trust
    std::function<std::string(const std::string& body)> enrol;  // body of the answer to POST /enrol
  };
  Wire(io::TlsIdentity server, std::string ca_pem, Answers answers);
  ~Wire();
  unsigned short port() const { return port_; }

  // ---- the link ----
  // What is said after each hello; an honest `welcome` unless changed. Empty: nothing at all.
  void greet_with(std::function<std::string()> text);
  void refuse_links(bool refuse);           // hangs up on every dial from now on
  bool wait_link(std::size_t more_than);    // a link number above this has said hello and was greeted
  bool wait_hello(std::size_t more_than);   // has said hello
  bool wait_down(std::size_t number);       // that link has ended
  std::size_t links() const;                // how many have said hello so far
  void say(const Frame& frame) { say_text(encode(frame)); }
  void say_made(const std::function<Frame()>& make);  // made on the wire's thread: no fact is acknowledged meanwhile
  void say_text(const std::string& text);   // one whole WebSocket text message
  void say_bytes(std::string bytes);        // as they are
  void drop();                              // no goodbye
  // The first frame not heard yet that fits; the others stay.
  std::optional<Frame> hear(const std::function<bool(const Frame&)>& fits, Millis within = patience);
  frame::Hello last_hello() const;
  void record_facts(bool yes);              // answers each fact with `recorded`; yes unless changed
  // Says which record a fact became; 0 unless changed. Run on the wire's thread.
  void record_as(std::function<std::uint64_t(const frame::Fact&)> index_of);

  // ---- relays ----
  // A port of loopback: who connects there is carried to the practice over a relay of its own.
  unsigned short open_door(InterventionId intervention, Login login);
  void meddle(Meddling how);                // for the connections to come
  Carried last_carried() const;             // of the last connection that was carried, once it has ended
  bool wait_carried(std::size_t number);    // so many connections have ended
  std::size_t carried() const;
  // Turns the next technician's connection into bytes for the newest running relay, beside its owner's.
  void graft_next();
  std::size_t dialled() const;              // relays the practice has dialled so far
  bool wait_dialled(std::size_t more_than);
  void accept_any_relay(bool yes);          // relays nobody waits for are accepted and held open

 private:
  struct Link;
  struct Relay;
  using StreamPtr = std::shared_ptr<io::LeanStream>;
  io::Awaitable<void> accept_all();
  io::Awaitable<void> serve(StreamPtr stream);
  io::Awaitable<void> serve_link(StreamPtr stream, std::string key);
  io::Awaitable<void> write_link(std::shared_ptr<Link> link);
  io::Awaitable<void> serve_relay(StreamPtr stream, std::string name);
  io::Awaitable<void> accept_technicians(std::shared_ptr<net::ip::tcp::acceptor> door, InterventionId id, Login login);
  io::Awaitable<void> carry(std::shared_ptr<Relay> relay);
  io::Awaitable<void> graft(std::shared_ptr<io::LeanStream> stranger, std::shared_ptr<Relay> into);
  void take(const std::string& text, const std::shared_ptr<Link>& link);
  void on_loop(std::function<void()> act);
  bool wait(const std::function<bool()>& now, Millis within = patience) const;

  net::io_context loop_{1};
  net::executor_work_guard<net::io_context::executor_type> work_{loop_.get_executor()};
  net::ip::tcp::acceptor acceptor_{loop_};
  std::vector<std::shared_ptr<net::ip::tcp::acceptor>> doors_;
  unsigned short port_ = 0;
  io::TlsContext tls_;
  Answers answers_;

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::function<std::string()> greeting_;
  std::function<std::uint64_t(const frame::Fact&)> index_of_;
  bool refusing_ = false, recording_ = true, grafting_ = false, any_relay_ = false;
  std::size_t hellos_ = 0, greeted_ = 0, carried_ = 0, dialled_ = 0;
  std::set<std::size_t> down_;
  std::deque<Frame> heard_;
  std::optional<frame::Hello> hello_;
  std::shared_ptr<Link> link_;
  std::map<std::string, std::shared_ptr<Relay>> waiting_;
  std::shared_ptr<Relay> newest_;
  Meddling meddling_;
  Carried last_carried_;
  std::uint64_t relay_count_ = 0;
  std::thread thread_;
};

// A WebSocket frame of a server: `final`, opcode, and what its length field says (payload.size() unless told).
std::string ws_frame(std::string_view payload, unsigned char opcode = 1, bool final = true, std::optional<std::uint64_t> claimed = {});

}  // namespace pontlevis::hostile
