// What a person at the practice's machine can say to a running agent, over DATA/agent.sock: the
// command line today. Every command is a row of one table; unknown commands and members are refused.
// The kernel says which user speaks; deciding asks for an approver's name and password as well.
// Lives on the loop.
#pragma once

#include "agent/drawbridge.hpp"
#include "agent/team.hpp"
#include "protocol/io/control/control_server.hpp"

namespace pontlevis {
class StrictObject;
}

namespace pontlevis::agent {

class DeskCommands {
 public:
  DeskCommands(Drawbridge& bridge, Team& team, ConsentDesk& desk, const Identity& identity, Language language)
      : bridge_(bridge), team_(team), desk_(desk), identity_(identity), language_(language) {}
  io::ControlHandler handler();

 private:
  using Answer = Result<json::object>;
  io::Awaitable<Answer> run_and_wipe(json::object request, io::PeerUser peer, io::ReplyStream& lines);
  io::Awaitable<Answer> run(const json::object& request, io::PeerUser peer, io::ReplyStream& lines);
  io::Awaitable<Answer> status(StrictObject& in);
  io::Awaitable<Answer> alarm_show(StrictObject& in);
  io::Awaitable<Answer> alarm_clear(StrictObject& in);
  io::Awaitable<Answer> requests(StrictObject& in, io::ReplyStream& lines);
  io::Awaitable<Answer> show(StrictObject& in);
  io::Awaitable<Answer> approve(StrictObject& in);
  io::Awaitable<Answer> refuse(StrictObject& in);
  io::Awaitable<Answer> act(StrictObject& in, std::string command, std::string by);
  io::Awaitable<Answer> accept(StrictObject& in);
  io::Awaitable<Answer> typist(StrictObject& in, std::string by);
  io::Awaitable<Answer> code(StrictObject& in);
  io::Awaitable<Answer> watch(StrictObject& in, io::ReplyStream& lines);
  io::Awaitable<Answer> team_command(StrictObject& in, std::string command, std::string by);

  Drawbridge& bridge_;
  Team& team_;
  ConsentDesk& desk_;
  const Identity& identity_;
  Language language_;
};

}  // namespace pontlevis::agent
