// Joins an operator's end, an SSH channel of the front or a WebSocket of the console, with the practice's
// own connection, and copies sealed bytes until either ends. A relay's name is 128 random bits, valid once, for 15 seconds, for the certificate of that
// practice's agent only (docs/protocol.md §6). Owned by Gateway; the loop's thread.
#pragma once

#include <boost/asio.hpp>
#include <functional>
#include <map>
#include <memory>

#include "gateway/desk.hpp"
#include "protocol/io/http/http_message.hpp"
#include "protocol/io/splice.hpp"
#include "protocol/io/ssh/ssh_handler.hpp"

namespace pontlevis::gateway {

struct RelayWanted {
  InterventionId intervention;
  PracticeId practice;
  Login login;
};

// Where an operator's sealed bytes come from. Answered once: accept() gives the stream, which this object
// owns, or refuse() says why in words the operator's SSH client prints. Destroyed unanswered = refused.
class OperatorEnd {
 public:
  virtual ~OperatorEnd() = default;
  virtual Result<io::ByteStream*> accept() = 0;
  virtual void refuse(std::string_view why) = 0;
};
std::unique_ptr<OperatorEnd> operator_end(io::DirectTcpipReply reply);

class RelayDesk {
 public:
  RelayDesk(Core& core, Links& links, boost::asio::any_io_executor executor)
      : core_(core), links_(links), executor_(std::move(executor)) {}

  // Asks the agent and keeps the operator waiting; whatever comes answers `end`.
  void want(RelayWanted wanted, std::unique_ptr<OperatorEnd> end);
  // The agent dialled /relay/<name>: decides, then copies until the relay ends.
  std::optional<io::HttpResponse> gate(const io::HttpRequest& request) const;
  Awaitable<void> serve(io::HttpRequest request, std::unique_ptr<io::ByteStream> stream);
  void agent_refused(const frame::RelayRefused& refused);

  // Ends what is waiting or running for these.
  void end_intervention(const InterventionId& id);
  void end_practice(const PracticeId& practice);
  void end_person(const Login& login);
  void end_all();

  std::size_t running() const { return running_.size(); }
  std::uint64_t bytes() const;
  std::uint64_t total() const { return total_; }

 private:
  struct Waiting {
    RelayWanted wanted;
    std::unique_ptr<OperatorEnd> end;
    boost::asio::steady_timer deadline;
  };
  struct Running {
    RelayWanted wanted;
    io::ByteStream* operator_stream;  // both of the coroutine that serves it
    io::ByteStream* agent_stream;
    io::SpliceCount count;
  };
  Awaitable<void> time_out(std::string name, std::shared_ptr<Waiting> waiting);
  void turn_away(const std::string& name, std::string_view why);
  void end_where(const std::function<bool(const RelayWanted&)>& matches, std::string_view why);

  Core& core_;
  Links& links_;
  boost::asio::any_io_executor executor_;
  std::map<std::string, std::shared_ptr<Waiting>> waiting_;
  std::map<std::uint64_t, Running> running_;
  std::uint64_t total_ = 0, bytes_before_ = 0;
};

}  // namespace pontlevis::gateway
