// A letter handed to one mail server, over TLS alone: implicit, or STARTTLS that must succeed before anything is said.
// The certificate is checked by a CA of ours or by those this machine trusts; the password goes out after TLS only.
// libcurl does the talking, with every protocol but this one, proxies, netrc and redirects off (decision 0021).
//
// Lives on the loop; each call works on the one thread of the sender, so one at a time.
// REQUIRES: stop() before the io_context goes.
#pragma once

#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <string>

#include "protocol/clock.hpp"
#include "protocol/io/byte_stream.hpp"
#include "protocol/secret.hpp"

namespace pontlevis::io {

enum class SmtpSecurity : unsigned char { tls, starttls };

struct SmtpServer {
  std::string host;  // its certificate must carry this name
  unsigned short port = 465;
  SmtpSecurity security = SmtpSecurity::tls;
  std::string ca_file;  // empty: the CAs this machine trusts
  std::string user;     // empty: no sign-in
  Secret password;
  std::string hello;    // what we call ourselves: a domain
};

struct Letter {
  std::string from, to;  // addresses that is_mail_address() accepts
  std::string content;   // RFC 5322, lines ended by CRLF
};

struct SmtpAnswer {
  // taken: the server answers for it from now on. refused: this letter, for good (5xx). later: anything else.
  enum class Kind : unsigned char { taken, refused, later } kind = Kind::later;
  int status = 0;   // the server's last answer; 0: none
  std::string why;  // plain words; never an address of the network
};

// One mailbox, local@domain, ASCII, at most 200 bytes, nothing that could be read as more than one address.
bool is_mail_address(std::string_view text);

class SmtpSender {
 public:
  static constexpr Millis most_time{60'000};
  ~SmtpSender();

  Awaitable<SmtpAnswer> send(SmtpServer server, Letter letter);
  void stop();  // what is under way ends within a second, unsent or sent unknown

 private:
  std::atomic<bool> stopping_ = false;
  boost::asio::thread_pool thread_{1};
};

}  // namespace pontlevis::io
