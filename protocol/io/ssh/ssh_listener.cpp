#include "protocol/io/ssh/ssh_listener.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fcntl.h>
#include <map>
#include <optional>

namespace pontlevis::io {
namespace {

using boost::asio::ip::tcp;

// One subscriber of IPv6 has a /64: it counts as one source.
std::string source_of(const boost::asio::ip::address& address) {
  if (address.is_v4()) return address.to_string();
  const auto v6 = address.to_v6();
  if (v6.is_v4_mapped()) return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, v6).to_string();
  auto bytes = v6.to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
  return boost::asio::ip::address_v6(bytes).to_string();
}

// The counts outlive the listener, for as long as a connection holds its place.
struct Counts {
  std::size_t connections = 0, unauthenticated = 0;
  std::uint64_t dropped = 0;
  std::map<std::string, std::size_t> by_source;  // unauthenticated
};

class Place final : public SshAdmission {
 public:
  Place(std::shared_ptr<Counts> counts, std::string source, std::string address)
      : counts_(std::move(counts)), source_(std::move(source)), address_(std::move(address)) {
    ++counts_->connections;
    ++counts_->unauthenticated;
    ++counts_->by_source[source_];
  }
  ~Place() override {
    authenticated();
    --counts_->connections;
  }
  void authenticated() override {
    if (std::exchange(freed_, true)) return;
    --counts_->unauthenticated;
    const auto entry = counts_->by_source.find(source_);
    if (--entry->second == 0) counts_->by_source.erase(entry);
  }
  const std::string& address() const override { return address_; }

 private:
  std::shared_ptr<Counts> counts_;
  std::string source_, address_;
  bool freed_ = false;
};

class Listener final : public SshListener, public std::enable_shared_from_this<Listener> {
 public:
  Listener(tcp::acceptor acceptor, SshListenerLimits limits, Random& random, Factory factory)
      : acceptor_(std::move(acceptor)),
        pause_(acceptor_.get_executor()),
        limits_(limits),
        random_(random),
        factory_(std::move(factory)) {}

  void accept_next() {
    acceptor_.async_accept(
        [self = shared_from_this()](const boost::system::error_code& error, tcp::socket socket) {
          if (!self->acceptor_.is_open()) return;
          if (error) return self->accept_after_a_pause();
          self->admit(std::move(socket));
          self->accept_next();
        });
  }

  std::uint16_t port() const override {
    boost::system::error_code ignored;
    return acceptor_.local_endpoint(ignored).port();
  }
  std::size_t connections() const override { return counts_->connections; }
  std::size_t unauthenticated() const override { return counts_->unauthenticated; }
  std::uint64_t dropped() const override { return counts_->dropped; }
  void stop() override {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
  }

 private:
  // No descriptor is left, most often: without the pause this would spin.
  void accept_after_a_pause() {
    pause_.expires_after(std::chrono::milliseconds(100));
    pause_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
      if (!error) self->accept_next();
    });
  }

  // OpenSSH's MaxStartups: from early_drop_from on, 30 % are refused, rising to all at the cap.
  bool early_drop() {
    const auto now = counts_->unauthenticated;
    if (now < limits_.early_drop_from || limits_.unauthenticated <= limits_.early_drop_from) return false;
    const auto span = limits_.unauthenticated - limits_.early_drop_from;
    const auto percent = 30 + 70 * (now - limits_.early_drop_from) / span;
    unsigned char dice[2];
    random_.fill(dice);
    return (static_cast<unsigned>(dice[0]) << 8 | dice[1]) % 100 < percent;
  }

  bool has_room(const std::string& source) {
    const auto entry = counts_->by_source.find(source);
    const auto same_source = entry == counts_->by_source.end() ? 0 : entry->second;
    return counts_->connections < limits_.connections && counts_->unauthenticated < limits_.unauthenticated &&
           same_source < limits_.per_source && !early_drop();
  }

  void admit(tcp::socket socket) {
    boost::system::error_code error;
    const auto peer = socket.remote_endpoint(error);
    if (error) return;
    const auto source = source_of(peer.address());
    if (!has_room(source)) {
      ++counts_->dropped;
      return;  // the socket closes itself
    }
    socket.set_option(tcp::no_delay(true), error);
    socket.set_option(boost::asio::socket_base::keep_alive(true), error);
    socket.non_blocking(true, error);
    if (error) return;
    auto place = std::make_unique<Place>(counts_, source, peer.address().to_string());
    const int fd = socket.release(error);
    if (error) return;
    ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    factory_(fd, std::move(place));
  }

  tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  const SshListenerLimits limits_;
  Random& random_;
  Factory factory_;
  std::shared_ptr<Counts> counts_ = std::make_shared<Counts>();
};

Error cannot_listen(const char* step, const boost::system::error_code& error) {
  return {Errc::io,
          std::string("cannot listen for SSH (") + step + ": " + error.message() + ")",
          {},
          "is another program using this address and port?"};
}

}  // namespace

Result<std::shared_ptr<SshListener>> SshListener::listen(boost::asio::any_io_executor executor,
                                                         const std::string& address, std::uint16_t port,
                                                         SshListenerLimits limits, Random& random,
                                                         Factory factory) {
  boost::system::error_code error;
  const auto ip = boost::asio::ip::make_address(address, error);
  if (error)
    return fail(Errc::bad_input, "the listening address is not an IP address", {},
                "give 0.0.0.0, :: or one address");
  const tcp::endpoint endpoint(ip, port);
  tcp::acceptor acceptor(executor);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(128, error);
  if (error) return std::unexpected(cannot_listen("listen", error));
  auto self = std::make_shared<Listener>(std::move(acceptor), limits, random, std::move(factory));
  self->accept_next();
  return self;
}

}  // namespace pontlevis::io
