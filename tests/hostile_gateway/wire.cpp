#include "tests/hostile_gateway/wire.hpp"

#include <openssl/evp.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>

#include "protocol/text.hpp"

namespace pontlevis::hostile {
namespace {

constexpr auto as_result = net::as_tuple(net::use_awaitable);
using Tcp = net::ip::tcp;
using Stream = io::LeanStream;

// Bytes of a stream that can be asked for by number or up to a mark.
class Reader {
 public:
  explicit Reader(Stream& stream) : stream_(stream) {}
  io::Awaitable<bool> fill() {
    char bytes[16384];
    const auto n = co_await stream_.read_some(bytes);
    if (!n || *n == 0) co_return false;
    have_.append(bytes, *n);
    co_return true;
  }
  io::Awaitable<std::optional<std::string>> exactly(std::size_t n) {
    while (have_.size() < n)
      if (!co_await fill()) co_return std::nullopt;
    co_return take(n);
  }
  io::Awaitable<std::optional<std::string>> head() {
    for (;;) {
      const auto at = have_.find("\r\n\r\n");
      if (at != have_.npos) co_return take(at + 4);
      if (have_.size() > 65536 || !co_await fill()) co_return std::nullopt;
    }
  }
  std::string rest() { return take(have_.size()); }

 private:
  std::string take(std::size_t n) {
    std::string out = have_.substr(0, n);
    have_.erase(0, n);
    return out;
  }
  Stream& stream_;
  std::string have_;
};

std::string header(const std::string& head, std::string_view name) {
  std::string lower = head;
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto at = lower.find("\r\n" + std::string(name) + ":");
  if (at == lower.npos) return {};
  const auto from = head.find_first_not_of(' ', at + name.size() + 3);
  return head.substr(from, head.find("\r\n", from) - from);
}

std::string accept_key(const std::string& key) {
  const std::string text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  unsigned char digest[20];
  unsigned size = sizeof digest;
  EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha1(), nullptr);
  return to_base64({reinterpret_cast<const char*>(digest), size});
}

io::Awaitable<void> answer(std::shared_ptr<Stream> stream, std::string body) {
  const std::string text = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: " + std::to_string(body.size()) + "\r\nconnection: close\r\n\r\n" + body;
  static_cast<void>(co_await stream->write_all(text));
  stream->shutdown_write();
  char rest[256];
  for (auto n = co_await stream->read_some(rest); n && *n > 0;) n = co_await stream->read_some(rest);
}

struct Message {
  unsigned char opcode;
  bool final;
  std::string payload;
};

io::Awaitable<std::optional<Message>> read_message(Reader& in) {
  auto head = co_await in.exactly(2);
  if (!head) co_return std::nullopt;
  std::uint64_t length = static_cast<unsigned char>((*head)[1]) & 0x7f;
  const std::size_t more = length == 126 ? 2 : length == 127 ? 8 : 0;
  if (more) {
    const auto bytes = co_await in.exactly(more);
    if (!bytes) co_return std::nullopt;
    length = 0;
    for (const char c : *bytes) length = length << 8 | static_cast<unsigned char>(c);
  }
  const auto mask = co_await in.exactly(4);
  if (!mask || length > (1u << 24)) co_return std::nullopt;
  auto payload = co_await in.exactly(length);
  if (!payload) co_return std::nullopt;
  for (std::size_t i = 0; i < payload->size(); ++i) (*payload)[i] = static_cast<char>((*payload)[i] ^ (*mask)[i % 4]);
  co_return Message{static_cast<unsigned char>((*head)[0] & 0x0f), ((*head)[0] & 0x80) != 0, *std::move(payload)};
}

io::TlsContext server_context(const io::TlsIdentity& identity, std::string ca) {
  io::ClientTrust clients{std::move(ca), {}};
  return *io::TlsContext::for_server(identity, std::move(clients));
}

}  // namespace

std::string ws_frame(std::string_view payload, unsigned char opcode, bool final, std::optional<std::uint64_t> claimed) {
  const std::uint64_t length = claimed.value_or(payload.size());
  std::string out(1, static_cast<char>((final ? 0x80 : 0) | opcode));
  if (length < 126) out += static_cast<char>(length);
  else if (length < 65536) out += static_cast<char>(126);
  else out += static_cast<char>(127);
  for (int shift = length < 126 ? -8 : length < 65536 ? 8 : 56; shift >= 0; shift -= 8) out += static_cast<char>(length >> shift & 0xff);
  return out.append(payload);
}

struct Wire::Link {
  Link(StreamPtr s, net::io_context& loop, std::size_t n) : stream(std::move(s)), wake(loop, net::steady_timer::time_point::max()), number(n) {}
  StreamPtr stream;
  net::steady_timer wake;
  std::deque<std::string> outgoing;
  bool ended = false;
  std::size_t number;
};

struct Wire::Relay {
  Relay(StreamPtr t, net::io_context& loop, Meddling m) : technician(std::move(t)), quiet(loop), meddling(m) {}
  StreamPtr technician, practice;
  net::steady_timer quiet;
  Meddling meddling;
  Carried carried;
  std::string grafted;  // what a stranger put into the way to the practice
};

Wire::Wire(io::TlsIdentity server, std::string ca_pem, Answers answers)
    : tls_(server_context(server, std::move(ca_pem))), answers_(std::move(answers)) {
  greeting_ = [] { return encode(frame::Welcome{protocol_version, SystemClock().now(), {}}); };
  const Tcp::endpoint any(net::ip::address_v4::loopback(), 0);
  acceptor_.open(any.protocol());
  acceptor_.set_option(Tcp::acceptor::reuse_address(true));
  acceptor_.bind(any);
  acceptor_.listen();
  port_ = acceptor_.local_endpoint().port();
  net::co_spawn(loop_, accept_all(), net::detached);
  thread_ = std::thread([this] { loop_.run(); });
}

Wire::~Wire() {
  loop_.stop();
  thread_.join();
}

void Wire::on_loop(std::function<void()> act) {
  std::promise<void> done;
  net::post(loop_, [&] { act(), done.set_value(); });
  done.get_future().wait();
}

bool Wire::wait(const std::function<bool()>& now, Millis within) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, within, now);
}

// ---- connections of the practice ----------------------------------------------------------------

io::Awaitable<void> Wire::accept_all() {
  for (;;) {
    Stream::Socket socket(loop_.get_executor());
    const auto [ec] = co_await acceptor_.async_accept(socket, as_result);
    if (ec) co_return;
    auto stream = std::make_shared<Stream>(std::move(socket), tls_);
    net::co_spawn(loop_, serve(std::move(stream)), net::detached);
  }
}

io::Awaitable<void> Wire::serve(StreamPtr stream) {
  if (!co_await stream->handshake(Millis(10'000))) co_return;
  Reader in(*stream);
  const auto head = co_await in.head();
  if (!head) co_return;
  if (head->starts_with("GET /trust ")) co_return co_await answer(stream, answers_.trust());
  if (head->starts_with("POST /enrol ")) {
    const auto body = co_await in.exactly(parse_decimal(header(*head, "content-length"), 1 << 20).value_or(0));
    if (body) co_await answer(stream, answers_.enrol(*body));
    co_return;
  }
  if (head->starts_with("GET /relay/")) co_return co_await serve_relay(stream, head->substr(11, head->find(' ', 11) - 11));
  bool refusing;
  {
    std::lock_guard lock(mutex_);
    refusing = refusing_;
  }
  if (head->starts_with("GET /agent ") && !refusing) co_await serve_link(stream, header(*head, "sec-websocket-key"));
  stream->close();
}

io::Awaitable<void> Wire::serve_link(StreamPtr stream, std::string key) {
  const std::string upgrade = "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: " + accept_key(key) + "\r\n\r\n";
  if (!co_await stream->write_all(upgrade)) co_return;
  Reader in(*stream);
  std::shared_ptr<Link> link;
  for (;;) {
    auto message = co_await read_message(in);
    if (!message || message->opcode == 8) break;
    if (message->opcode == 9 && link) link->outgoing.push_back(ws_frame(message->payload, 10)), link->wake.cancel();
    if (message->opcode != 1) continue;
    if (!link) {
      std::string greeting;
      {
        std::lock_guard lock(mutex_);
        link = link_ = std::make_shared<Link>(stream, loop_, ++hellos_);
        if (auto first = decode_frame(message->payload))
          if (auto* hello = std::get_if<frame::Hello>(&*first)) hello_ = *hello;
        heard_.clear();
        greeting = greeting_();
        if (!greeting.empty()) greeted_ = link->number;
      }
      if (!greeting.empty()) link->outgoing.push_back(ws_frame(greeting));
      net::co_spawn(loop_, write_link(link), net::detached);
      changed_.notify_all();
      continue;
    }
    take(message->payload, link);
  }
  stream->close();
  if (!link) co_return;
  link->ended = true;
  link->wake.cancel();
  {
    std::lock_guard lock(mutex_);
    down_.insert(link->number);
    if (link_ == link) link_.reset();
  }
  changed_.notify_all();
}

io::Awaitable<void> Wire::write_link(std::shared_ptr<Link> link) {
  while (!link->ended) {
    if (link->outgoing.empty()) {
      co_await link->wake.async_wait(as_result);
      continue;
    }
    const std::string bytes = std::move(link->outgoing.front());
    link->outgoing.pop_front();
    if (!co_await link->stream->write_all(bytes)) co_return;
  }
}

void Wire::take(const std::string& text, const std::shared_ptr<Link>& link) {
  auto frame = decode_frame(text);
  if (!frame) return;
  std::lock_guard lock(mutex_);
  if (const auto* fact = std::get_if<frame::Fact>(&*frame); fact && recording_) {
    link->outgoing.push_back(ws_frame(encode(frame::Recorded{sha256_hex(fact->note), index_of_ ? index_of_(*fact) : 0})));
    link->wake.cancel();
  }
  heard_.push_back(*std::move(frame));
  changed_.notify_all();
}

void Wire::greet_with(std::function<std::string()> text) {
  std::lock_guard lock(mutex_);
  greeting_ = std::move(text);
}
void Wire::refuse_links(bool refuse) {
  std::lock_guard lock(mutex_);
  refusing_ = refuse;
}
void Wire::record_facts(bool yes) {
  std::lock_guard lock(mutex_);
  recording_ = yes;
}
void Wire::record_as(std::function<std::uint64_t(const frame::Fact&)> index_of) {
  std::lock_guard lock(mutex_);
  index_of_ = std::move(index_of);
}
bool Wire::wait_link(std::size_t more_than) {
  return wait([&] { return greeted_ > more_than; });
}
bool Wire::wait_hello(std::size_t more_than) {
  return wait([&] { return hellos_ > more_than; });
}
bool Wire::wait_down(std::size_t number) {
  return wait([&] { return down_.contains(number); });
}
std::size_t Wire::links() const {
  std::lock_guard lock(mutex_);
  return hellos_;
}
frame::Hello Wire::last_hello() const {
  std::lock_guard lock(mutex_);
  return hello_.value();
}

void Wire::say_text(const std::string& text) { say_bytes(ws_frame(text)); }

void Wire::say_bytes(std::string bytes) {
  on_loop([&] {
    std::lock_guard lock(mutex_);
    if (!link_) return;
    link_->outgoing.push_back(std::move(bytes));
    link_->wake.cancel();
  });
}

void Wire::say_made(const std::function<Frame()>& make) {
  on_loop([&] {
    auto bytes = ws_frame(encode(make()));
    std::lock_guard lock(mutex_);
    if (!link_) return;
    link_->outgoing.push_back(std::move(bytes));
    link_->wake.cancel();
  });
}

void Wire::drop() {
  on_loop([&] {
    std::lock_guard lock(mutex_);
    if (link_) link_->stream->close();
  });
}

std::optional<Frame> Wire::hear(const std::function<bool(const Frame&)>& fits, Millis within) {
  std::optional<Frame> out;
  wait(
      [&] {
        const auto found = std::find_if(heard_.begin(), heard_.end(), fits);
        if (found == heard_.end()) return false;
        out = std::move(*found);
        heard_.erase(found);
        return true;
      },
      within);
  return out;
}

// ---- relays -------------------------------------------------------------------------------------

unsigned short Wire::open_door(InterventionId intervention, Login login) {
  auto door = std::make_shared<Tcp::acceptor>(loop_);
  const Tcp::endpoint any(net::ip::address_v4::loopback(), 0);
  door->open(any.protocol());
  door->bind(any);
  door->listen();
  const auto port = door->local_endpoint().port();
  on_loop([&] {
    doors_.push_back(door);
    net::co_spawn(loop_, accept_technicians(door, intervention, login), net::detached);
  });
  return port;
}

io::Awaitable<void> Wire::accept_technicians(std::shared_ptr<Tcp::acceptor> door, InterventionId id, Login login) {
  for (;;) {
    Stream::Socket socket(loop_.get_executor());
    const auto [ec] = co_await door->async_accept(socket, as_result);
    if (ec) co_return;
    auto stream = std::make_shared<Stream>(std::move(socket));
    std::lock_guard lock(mutex_);
    if (std::exchange(grafting_, false) && newest_) {
      net::co_spawn(loop_, graft(stream, newest_), net::detached);
      continue;
    }
    char name[33];
    std::snprintf(name, sizeof name, "%032llx", static_cast<unsigned long long>(++relay_count_));
    waiting_.emplace(name, std::make_shared<Relay>(stream, loop_, meddling_));
    if (!link_) continue;
    link_->outgoing.push_back(ws_frame(encode(frame::RelayWanted{id, name, login})));
    link_->wake.cancel();
  }
}

io::Awaitable<void> Wire::serve_relay(StreamPtr stream, std::string name) {
  std::shared_ptr<Relay> relay;
  bool any;
  {
    std::lock_guard lock(mutex_);
    ++dialled_;
    any = any_relay_;
    if (const auto at = waiting_.find(name); at != waiting_.end()) {
      relay = at->second;
      waiting_.erase(at);
      newest_ = relay;
    }
  }
  changed_.notify_all();
  if (!relay && !any) co_return stream->close();
  static const std::string yes = "HTTP/1.1 101 Switching Protocols\r\nupgrade: pontlevis-relay/1\r\nconnection: upgrade\r\n\r\n";
  if (!co_await stream->write_all(yes)) co_return;
  if (!relay) {
    char bytes[1024];
    for (auto n = co_await stream->read_some(bytes); n && *n > 0;) n = co_await stream->read_some(bytes);
    co_return stream->close();
  }
  relay->practice = stream;
  co_await carry(relay);
}

namespace {

struct Way {
  Stream& from;
  Stream& to;
  std::string& seen;
  bool to_practice;
};

}  // namespace

// Both ways; after the meddling, silence ends the connection, as a network that gave up would.
io::Awaitable<void> Wire::carry(std::shared_ptr<Relay> relay) {
  net::steady_timer both(loop_, net::steady_timer::time_point::max());
  int running = 2;
  const auto copy = [](std::shared_ptr<Relay> r, Way way, net::io_context& loop) -> io::Awaitable<void> {
    char bytes[32768];
    for (;;) {
      const auto n = co_await way.from.read_some(bytes);
      if (!n || *n == 0) break;
      std::string block(bytes, *n);
      const std::size_t at = way.seen.size();
      way.seen += block;
      const bool here = r->meddling.to_practice == way.to_practice && meddle_with(block, at, r->meddling);
      r->carried.meddled = r->carried.meddled || here;
      if (here && r->meddling.kind == Meddling::delay) {
        net::steady_timer later(loop, Millis(250));
        co_await later.async_wait(as_result);
      } else if (r->carried.meddled && r->meddling.kind != Meddling::delay) {
        r->quiet.expires_after(Millis(1500));
        r->quiet.async_wait([r](const boost::system::error_code& ec) {
          if (!ec) r->technician->close(), r->practice->close();
        });
      }
      if (way.to_practice && !r->grafted.empty()) block = std::exchange(r->grafted, {}) + block;
      if (!co_await way.to.write_all(block)) break;
    }
    way.to.shutdown_write();
    r->technician->close();
    r->practice->close();
  };
  const auto ended = [&](std::exception_ptr) { --running, both.cancel(); };
  Way up{*relay->technician, *relay->practice, relay->carried.to_practice, true};
  Way back{*relay->practice, *relay->technician, relay->carried.to_technician, false};
  net::co_spawn(loop_, copy(relay, up, loop_), ended);
  net::co_spawn(loop_, copy(relay, back, loop_), ended);
  while (running > 0) co_await both.async_wait(as_result);
  relay->quiet.cancel();
  {
    std::lock_guard lock(mutex_);
    last_carried_ = relay->carried;
    ++carried_;
    if (newest_ == relay) newest_.reset();
  }
  changed_.notify_all();
}

// The stranger's bytes go to the practice on the owner's relay, and get no answer.
io::Awaitable<void> Wire::graft(StreamPtr stranger, std::shared_ptr<Relay> into) {
  char bytes[4096];
  for (;;) {
    const auto n = co_await stranger->read_some(bytes);
    if (!n || *n == 0) break;
    into->grafted.append(bytes, *n);
  }
  stranger->close();
}

void Wire::meddle(Meddling how) {
  std::lock_guard lock(mutex_);
  meddling_ = how;
}
void Wire::graft_next() {
  std::lock_guard lock(mutex_);
  grafting_ = true;
}
void Wire::accept_any_relay(bool yes) {
  std::lock_guard lock(mutex_);
  any_relay_ = yes;
}
Carried Wire::last_carried() const {
  std::lock_guard lock(mutex_);
  return last_carried_;
}
std::size_t Wire::carried() const {
  std::lock_guard lock(mutex_);
  return carried_;
}
bool Wire::wait_carried(std::size_t number) {
  return wait([&] { return carried_ >= number; });
}
std::size_t Wire::dialled() const {
  std::lock_guard lock(mutex_);
  return dialled_;
}
bool Wire::wait_dialled(std::size_t more_than) {
  return wait([&] { return dialled_ > more_than; });
}

}  // namespace pontlevis::hostile
