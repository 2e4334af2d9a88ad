#include "protocol/io/outward/smtp.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>

namespace pontlevis::io {
namespace {

namespace asio = boost::asio;

struct EasyFree {
  void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
};
struct ListFree {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
using Easy = std::unique_ptr<CURL, EasyFree>;
using List = std::unique_ptr<curl_slist, ListFree>;

// The library's own start, once in the process and before any thread of ours uses it.
bool curl_ready() {
  static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return ready;
}

// The letter while it is read.
struct Reading {
  std::string_view rest;
  bool begun = false;  // the server asked for it: what it says from then on is about the letter
};

std::size_t read_letter(char* to, std::size_t size, std::size_t count, void* opaque) {
  auto& reading = *static_cast<Reading*>(opaque);
  reading.begun = true;
  const auto n = std::min(size * count, reading.rest.size());
  std::copy_n(reading.rest.data(), n, to);
  reading.rest.remove_prefix(n);
  return n;
}

std::size_t drop_answer(char*, std::size_t size, std::size_t count, void*) { return size * count; }

int still_wanted(void* opaque, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::atomic<bool>*>(opaque)->load() ? 1 : 0;
}

// Every option must be taken: one that the library does not know would be a rule that nobody keeps.
class Setting {
 public:
  explicit Setting(CURL* easy) : easy_(easy) {}
  template <class Value>
  Setting& operator()(CURLoption option, Value value) {
    good_ = good_ && curl_easy_setopt(easy_, option, value) == CURLE_OK;
    return *this;
  }
  bool good() const { return good_; }

 private:
  CURL* easy_;
  bool good_ = true;
};

bool set_rules(CURL* easy, const SmtpServer& server) {
  const bool implicit = server.security == SmtpSecurity::tls;
  Setting set(easy);
  set(CURLOPT_PROTOCOLS_STR, implicit ? "smtps" : "smtp")(CURLOPT_REDIR_PROTOCOLS_STR, "smtps")(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_PROXY, "")(CURLOPT_NOPROXY, "*")(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL))(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_SSL_CIPHER_LIST, "ECDHE+AESGCM:ECDHE+CHACHA20")(CURLOPT_SSL_VERIFYPEER, 1L)(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_FRESH_CONNECT, 1L)(CURLOPT_FORBID_REUSE, 1L)(CURLOPT_SSL_SESSIONID_CACHE, 0L);
  set(CURLOPT_NOSIGNAL, 1L)(CURLOPT_QUICK_EXIT, 1L)(CURLOPT_CONNECTTIMEOUT_MS, 15'000L);
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(SmtpSender::most_time.count()));
  if (!server.ca_file.empty()) set(CURLOPT_CAINFO, server.ca_file.c_str())(CURLOPT_CAPATH, static_cast<char*>(nullptr));
  return set.good();
}

bool set_person(CURL* easy, const SmtpServer& server) {
  if (server.user.empty()) return true;
  const std::string password(server.password.expose());
  Setting set(easy);
  set(CURLOPT_USERNAME, server.user.c_str())(CURLOPT_PASSWORD, password.c_str())(CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN");
  wipe_bytes(std::span(const_cast<char*>(password.data()), password.size()));
  return set.good();
}

bool set_letter(CURL* easy, const SmtpServer& server, const Letter& letter, curl_slist* to, Reading& reading) {
  const std::string scheme = server.security == SmtpSecurity::tls ? "smtps://" : "smtp://";
  const std::string url = scheme + server.host + ":" + std::to_string(server.port) + "/" + server.hello;
  const std::string from = "<" + letter.from + ">";
  Setting set(easy);
  set(CURLOPT_URL, url.c_str())(CURLOPT_MAIL_FROM, from.c_str())(CURLOPT_MAIL_RCPT, to)(CURLOPT_UPLOAD, 1L);
  set(CURLOPT_READFUNCTION, read_letter)(CURLOPT_READDATA, static_cast<void*>(&reading));
  set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(letter.content.size()))(CURLOPT_WRITEFUNCTION, drop_answer);
  return set.good();
}

std::string_view words_of(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST: return "the name of the mail server is not known";
    case CURLE_COULDNT_CONNECT: return "the mail server does not answer";
    case CURLE_OPERATION_TIMEDOUT: return "the mail server did not answer in time";
    case CURLE_PEER_FAILED_VERIFICATION: return "the certificate of the mail server is not to be trusted (mail.ca, name, date)";
    case CURLE_SSL_CACERT_BADFILE: return "mail.ca cannot be read";
    case CURLE_SSL_CONNECT_ERROR: return "no TLS 1.2 or later with the mail server (is mail.security right for this port?)";
    case CURLE_USE_SSL_FAILED: return "the mail server offers no STARTTLS, and nothing is said in the clear";
    case CURLE_LOGIN_DENIED: return "the mail server does not take the user and password";
    case CURLE_ABORTED_BY_CALLBACK: return "the gateway is stopping";
    default: return "the connection to the mail server failed";
  }
}

// MAIL, RCPT or the letter itself was refused for good; the same number before that is about the server or about us.
bool about_the_letter(CURLcode code, const Reading& reading) { return code == CURLE_SEND_ERROR || reading.begun; }

SmtpAnswer answer_of(CURL* easy, CURLcode code, const Reading& reading) {
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  const auto number = static_cast<int>(status);
  if (code == CURLE_OK) return {SmtpAnswer::Kind::taken, number, {}};
  const bool spoken = code != CURLE_ABORTED_BY_CALLBACK && code != CURLE_OPERATION_TIMEDOUT && status >= 400 && status < 600;
  if (!spoken || !about_the_letter(code, reading)) return {SmtpAnswer::Kind::later, number, std::string(words_of(code))};
  const auto said = "the mail server answered " + std::to_string(status);
  return {status >= 500 ? SmtpAnswer::Kind::refused : SmtpAnswer::Kind::later, number, said};
}

SmtpAnswer post(const SmtpServer& server, const Letter& letter, std::atomic<bool>& stopping) {
  const SmtpAnswer broken{SmtpAnswer::Kind::later, 0, "libcurl cannot be set up"};
  if (!curl_ready()) return broken;
  const Easy easy(curl_easy_init());
  const List to(curl_slist_append(nullptr, ("<" + letter.to + ">").c_str()));
  Reading reading{letter.content};
  if (!easy || !to || !set_rules(easy.get(), server) || !set_person(easy.get(), server) ||
      !set_letter(easy.get(), server, letter, to.get(), reading))
    return broken;
  Setting set(easy.get());
  set(CURLOPT_XFERINFOFUNCTION, still_wanted)(CURLOPT_XFERINFODATA, static_cast<void*>(&stopping))(CURLOPT_NOPROGRESS, 0L);
  return set.good() ? answer_of(easy.get(), curl_easy_perform(easy.get()), reading) : broken;
}

Awaitable<SmtpAnswer> post_slowly(SmtpServer server, Letter letter, std::atomic<bool>* stopping) {
  co_return post(server, letter, *stopping);
}

bool is_atom(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != std::string_view::npos;
}
bool is_domain(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; }
bool dots_stand_well(std::string_view text) { return !text.starts_with('.') && !text.ends_with('.') && text.find("..") == text.npos; }

}  // namespace

bool is_mail_address(std::string_view text) {
  const auto at = text.find('@');
  if (text.size() > 200 || at == text.npos || at == 0 || at > 64) return false;
  const auto local = text.substr(0, at), domain = text.substr(at + 1);
  return !domain.empty() && std::all_of(local.begin(), local.end(), is_atom) && std::all_of(domain.begin(), domain.end(), is_domain) &&
         dots_stand_well(local) && dots_stand_well(domain) && !domain.starts_with('-');
}

SmtpSender::~SmtpSender() {
  stop();
  thread_.join();
}

void SmtpSender::stop() { stopping_ = true; }

Awaitable<SmtpAnswer> SmtpSender::send(SmtpServer server, Letter letter) {
  if (stopping_ || !is_mail_address(letter.from) || !is_mail_address(letter.to)) {
    SmtpAnswer no{stopping_ ? SmtpAnswer::Kind::later : SmtpAnswer::Kind::refused, 0, stopping_ ? "the gateway is stopping" : "is not a mail address"};
    co_return no;
  }
  auto posting = post_slowly(std::move(server), std::move(letter), &stopping_);
  co_return co_await asio::co_spawn(thread_, std::move(posting), asio::use_awaitable);
}

}  // namespace pontlevis::io
