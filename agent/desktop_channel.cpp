#include "agent/desktop_channel.hpp"

#include "agent/endpoint.hpp"
#include "agent/page/local_user.hpp"
#include "agent/tools/desktop/desktop_server.hpp"

namespace pontlevis::agent {
namespace {

std::shared_ptr<DesktopServer> server_of(Session& session) {
  auto server = session.desktop().lock();
  if (server) return server;
  auto& parts = session.parts();
  const auto right = session.grants(AccessType::control) ? DesktopRight::control : DesktopRight::view;
  server = DesktopServer::create({parts.io.get_executor(), parts.reaper, parts.random, session.id().text(), *session.system().desktop, right, user_of_connection});
  session.desktop() = server;
  return server;
}

// Null when it was refused, and why is told and recorded.
io::Awaitable<std::unique_ptr<DesktopStream>> open_desktop(std::shared_ptr<Endpoint> endpoint, io::DirectTcpipReply* reply) {
  auto& session = endpoint->session();
  if (!co_await endpoint->recorded()) co_return reply->refuse("the connection is not recorded"), nullptr;
  const auto gate = co_await session.gate(std::nullopt, "desktop").until_decided();
  if (gate == GateState::closed) co_return reply->refuse("the session is over"), nullptr;
  const auto server = server_of(session);
  auto stream = co_await server->open();
  if (stream) co_return *std::move(stream);
  endpoint->refuse("desktop", stream.error().what);
  co_return reply->refuse(stream.error().what), nullptr;
}

}  // namespace

bool leads_to_desktop(const Session& session, const io::DirectTcpip& where) {
  return where.host == "desktop" && session.system().desktop && session.grants("desktop") &&
         (session.grants(AccessType::view) || session.grants(AccessType::control));
}

io::Awaitable<void> carry_desktop(std::shared_ptr<Endpoint> endpoint, io::DirectTcpipReply reply) {
  auto stream = co_await open_desktop(endpoint, &reply);
  if (!stream) co_return;
  auto channel = reply.accept();
  if (!channel) co_return;
  const auto session = endpoint->session().shared_from_this();
  auto& gate = session->gate(std::nullopt, "desktop");
  // Who only looks on sees it all the same; what is typed in a pause does not happen later (decision 0013).
  stream->input().act_only_while([&gate, session, who = endpoint->who().login] { return session->may_act(who) && gate.state() == GateState::open; });
  const std::string label = session->system().desktop->label;
  {
    LiveForward shown(session, "desktop", label, endpoint->who().login, *stream);
    const auto served = co_await serve_desktop(**channel, *stream, gate);
    if (!served) endpoint->refuse("desktop", served.error().what);
  }
  session->record_soon("forward", {{"login", endpoint->who().login.text()}, {"tool", "desktop"}, {"target", label},
                                   {"bytes_in", stream->bytes_in()}, {"bytes_out", stream->bytes_out()}});
}

}  // namespace pontlevis::agent
