// The console's two sockets: /relay/<intervention> carries the sealed bytes of one SSH connection between
// a browser and the practice, as `direct-tcpip` does for ssh -J; /api/v1/news says that something changed.
// The gateway reads neither keys nor content of what it relays. The loop's thread.
#pragma once

#include "gateway/api/api_guard.hpp"
#include "gateway/desk.hpp"
#include "gateway/relay_desk.hpp"

namespace pontlevis::gateway {

class ApiRelay {
 public:
  ApiRelay(Core& core, Desk& desk, Links& links, RelayDesk& relays, ApiGuard& guard, PeopleDesk& people)
      : core_(core), desk_(desk), links_(links), relays_(relays), guard_(guard), people_(people) {}
  // REQUIRES: outlives the server that got the routes.
  void add_routes(io::Router& router);

 private:
  Awaitable<std::optional<io::HttpResponse>> gate(const io::HttpRequest& request, Roles roles);
  Awaitable<void> relay(io::HttpRequest request, std::unique_ptr<io::ByteStream> stream);
  Awaitable<void> news(io::HttpRequest request, std::unique_ptr<io::FrameStream> stream);

  Core& core_;
  Desk& desk_;
  Links& links_;
  RelayDesk& relays_;
  ApiGuard& guard_;
  PeopleDesk& people_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

// Where this intervention leads for this person now, or the sentence that says why not and what to do.
std::expected<RelayWanted, std::string> way_to(const Core& core, const Links& links, const Login& login, const std::string& intervention);

}  // namespace pontlevis::gateway
