// The commands in the order in which an intervention needs them, and `help`.
#include <array>

#include "gateway/commands/all.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr CommandGrammar help_grammar{"help", 0, 1, "[COMMAND]", {}};

Awaitable<Exit> run_help(CommandCall& call) {
  const std::string about = call.arguments.words.empty() ? "" : call.arguments.words.front();
  if (!about.empty() && !find_command(about)) {
    const Error error{Errc::bad_input, "'" + printable(about, 40) + "' is not a command", "command line", "`help` lists them"};
    co_return show_error(call, error);
  }
  const auto text = help_text(call.lang, about);
  if (call.json()) show_json(call, {{"help", text}});
  else call.io.out(text);
  co_return Exit::done;
}

constexpr Command help_value{help_grammar, run_help, "help [COMMAND]", "this text, or one command in full", "ce texte, ou une commande en détail", "", ""};

}  // namespace

const Command& help_command() { return help_value; }

std::span<const Command> commands() {
  static const std::array<Command, 9> table{systems_command(), request_command(), status_command(), config_command(),
                                            finish_command(), handover_command(), report_command(), cancel_command(), help_command()};
  return table;
}

const Command* find_command(std::string_view name) {
  for (const auto& command : commands())
    if (command.grammar.name == name) return &command;
  return nullptr;
}

std::string help_text(Lang lang, std::string_view about) {
  const bool fr = lang == Lang::fr;
  if (const auto* command = find_command(about))
    return std::string(command->synopsis) + "\n  " + std::string(fr ? command->about_fr : command->about_en) + "\n" +
           std::string(fr ? command->detail_fr : command->detail_en);
  std::vector<std::vector<std::string>> rows;
  for (const auto& command : commands()) rows.push_back({"  " + std::string(command.grammar.name), std::string(fr ? command.about_fr : command.about_en)});
  const std::string head = fr ? "Pontlevis : seul le cabinet ouvre, pour des personnes nommées et un temps limité.\n\nCommandes (ssh passerelle COMMANDE) :\n"
                              : "Pontlevis: only the practice opens, for named people and a limited time.\n\nCommands (ssh gateway COMMAND):\n";
  const std::string tail = fr ? "\nToutes acceptent --json et --lang fr|en. Un texte va jusqu'à l'option suivante ;\n"
                                "entourez toute la commande d'apostrophes pour votre propre shell. Détail : help COMMANDE\n"
                              : "\nEach takes --json and --lang fr|en. A text runs up to the next option; put the whole\n"
                                "command between quotes for your own shell. In full: help COMMAND\n";
  return head + print_table(rows) + tail;
}

}  // namespace pontlevis::gateway
