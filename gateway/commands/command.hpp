// What a technician's commands share: who asks, in which language, and where the answer goes. Each
// command is one file of this folder with its grammar and one function; table.cpp lists them. They live on
// the loop and never see the SSH library.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "gateway/command_line.hpp"
#include "gateway/desk.hpp"

namespace pontlevis::gateway {

enum class Lang { en, fr };

// What the commands may look at and call.
struct Counter {
  Core& core;
  Desk& desk;
  Links& links;
  std::function<std::uint16_t()> ssh_port;           // as technicians see it
  std::function<std::vector<std::string>()> host_key_lines;  // the gateway's own, "type base64"
};

// Where the answer of one command goes. out() and err() keep text until flush(); a command that waits
// flushes as it goes.
class CommandOutput {
 public:
  virtual ~CommandOutput() = default;
  void out(std::string_view text) { out_ += text; }
  void err(std::string_view text) { err_ += text; }
  virtual Awaitable<Result<>> flush() = 0;                          // Errc::closed: the person has gone
  // All of standard input, at most `max` bytes.
  virtual Awaitable<Result<std::string>> read_input(std::size_t max) = 0;

 protected:
  std::string out_, err_;
};

struct CommandCall {
  Counter& counter;
  Login login;
  Lang lang;
  Arguments arguments;
  CommandOutput& io;

  bool json() const { return arguments.has("--json"); }
  std::string_view say(std::string_view en, std::string_view fr) const { return lang == Lang::fr ? fr : en; }
};

// 0 done · 1 refused, or not possible now · 2 the command line is wrong
enum class Exit { done = 0, refused = 1, usage = 2 };
using CommandFunction = Awaitable<Exit> (*)(CommandCall& call);

struct Command {
  CommandGrammar grammar;
  CommandFunction run;
  std::string_view synopsis;
  std::string_view about_en, about_fr;
  std::string_view detail_en, detail_fr;
};
std::span<const Command> commands();
const Command* find_command(std::string_view name);
std::string help_text(Lang lang, std::string_view about);  // of one command, or of all

// Runs one line, errors and all. `env_lang` is LANG as the client sent it.
Awaitable<int> run_command(Counter& counter, Login login, std::string line, std::string env_lang, CommandOutput& io);

// ---- small things several commands need ----

Exit show_error(CommandCall& call, const Error& error);
Exit show_refusal(CommandCall& call, const PolicyRefusal& refusal);
void show_json(CommandCall& call, const json::object& answer);

struct SystemAddress {
  SystemId system;
  PracticeId practice;
};
Result<SystemAddress> parse_address(std::string_view text);  // "SYSTEM.PRACTICE"

// The intervention a command means: by number, by a unique beginning of 6 or more characters, or, without
// either, the only one of this person that `fits`.
Result<Intervention> pick_intervention(CommandCall& call, const std::function<bool(const Intervention&)>& fits,
                                       std::string_view none_fits);

std::string_view state_words(Lang lang, State state);
std::string clock_text(Time t);                       // 10:02 UTC
std::string short_id(const InterventionId& id);       // its first 8 characters
// What is still to be done about it, for this person; empty when nothing is.
std::string still_to_do(Lang lang, const Intervention& intervention, const Login& login, bool link_up);

}  // namespace pontlevis::gateway
