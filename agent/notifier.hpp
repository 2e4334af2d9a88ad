// Tells people at the practice that a request waits: a desktop notification where the agent has a
// desktop, and a program of the practice's own choosing (a lamp, a pager). It says who and where, never
// why: a screen in a waiting room reads it too. A request waits for its own expiry whatever happens
// here; what cannot be told is an event in the log. Owned by main; lives on the loop.
#pragma once

#include <boost/asio/io_context.hpp>
#include <string>

#include "agent/consent_desk.hpp"
#include "agent/tools/reaper.hpp"

namespace pontlevis::agent {

struct NotifierSettings {
  Language language = Language::french;
  bool desktop = false;   // notify-send
  std::string command;    // a program; empty: none
};

class Notifier {
 public:
  Notifier(boost::asio::io_context& io, Reaper& reaper, NotifierSettings settings)
      : io_(io), reaper_(reaper), settings_(std::move(settings)) {}
  void request_waits(const PendingRequest& pending);
  // True where this process could reach a desktop.
  static bool has_desktop();

 private:
  void run(std::vector<std::string> argv, const std::string& id, const std::string& text);
  boost::asio::io_context& io_;
  Reaper& reaper_;
  NotifierSettings settings_;
  unsigned running_ = 0;
};

}  // namespace pontlevis::agent
