// Messages to one syslog server over TLS (RFC 5425), in their order, from a bounded queue in memory: a copy for those who
// watch, never the evidence. What does not fit while the server is away is dropped and counted, and the count is sent
// when it is back. Lives on its loop's thread. REQUIRES: the io_context outlives it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <string>

#include "protocol/clock.hpp"
#include "protocol/result.hpp"

namespace pontlevis::io {

struct SyslogServer {
  std::string host;  // its certificate must carry this name
  unsigned short port = 6514;
  std::string ca_file;  // empty: the CAs this machine trusts
};

struct SyslogCounts {
  std::uint64_t sent = 0, dropped = 0;
  bool connected = false;
};

class SyslogStream {
 public:
  static constexpr std::size_t most_waiting = 10'000;
  // What is sent after `dropped` messages were lost.
  using Apology = std::function<std::string(std::uint64_t dropped)>;
  // Told when the server is lost and found again; `why` is empty when it is there.
  using Notice = std::function<void(const std::string& why)>;

  SyslogStream(boost::asio::any_io_executor executor, SyslogServer server, Apology apology, Notice notice);
  ~SyslogStream();
  SyslogStream(const SyslogStream&) = delete;
  SyslogStream& operator=(const SyslogStream&) = delete;

  void send(std::string message);  // RFC 5424, without its frame
  SyslogCounts counts() const;
  void stop();  // what is queued is not sent any more

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace pontlevis::io
