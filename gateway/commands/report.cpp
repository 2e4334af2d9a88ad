// `report`: what was done, by the person in charge. Nothing is closed without it (requirements A44, A45).
#include "gateway/commands/all.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr CommandOption options[] = {
    {"--tasks", OptionShape::text},      {"--outcome", OptionShape::word},        {"--cleanup", OptionShape::word},
    {"--consulted", OptionShape::texts}, {"--none-consulted", OptionShape::text},
};
constexpr CommandGrammar grammar{"report", 0, 1, "[ID]", options};

std::unexpected<Error> bad(std::string what, std::string hint = {}) {
  return fail(Errc::bad_input, std::move(what), "command line", std::move(hint));
}

template <class Enum>
Result<Enum> word_in(std::string_view option, const std::string& given) {
  const auto& words = Spelling<Enum>::words;
  const auto at = std::find(words.begin(), words.end(), given);
  if (at != words.end()) return static_cast<Enum>(at - words.begin());
  std::string list;
  for (auto w : words) list += (list.empty() ? "" : ", ") + std::string(w);
  return bad("'" + printable(given, 40) + "' is not a value of " + std::string(option), "one of: " + list);
}

std::string trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  while (!text.empty() && (text.front() == '\n' || text.front() == ' ')) text.remove_prefix(1);
  return std::string(text);
}

Result<std::vector<AdditionalStaff>> staff_in(const Arguments& arguments) {
  std::vector<AdditionalStaff> out;
  for (const auto& text : arguments.all("--consulted")) {
    const auto comma = text.find(',');
    if (comma == text.npos) return bad("--consulted '" + printable(text, 60) + "' names no qualification", "--consulted \"Name, qualification\"");
    out.push_back({trimmed(text.substr(0, comma)), trimmed(text.substr(comma + 1))});
  }
  return out;
}

// "--tasks -" reads the text from standard input, as a pipe or a file gives it.
Awaitable<Result<std::string>> tasks_text(CommandCall& call) {
  auto text = call.arguments.one("--tasks");
  if (text.empty()) co_return bad("'--tasks' is missing", "--tasks \"what was done\", or --tasks - to read it from standard input");
  if (text != "-") co_return text;
  PL_CO_TRY(input, co_await call.io.read_input(4096));
  co_return trimmed(input);
}

Awaitable<Exit> run(CommandCall& call) {
  auto iv = pick_intervention(call, [&](const auto& i) { return i.report_due() && i.in_charge() == call.login; },
                              "none of yours waits for a report");
  if (!iv) co_return show_error(call, iv.error());
  auto tasks = co_await tasks_text(call);
  if (!tasks) co_return show_error(call, tasks.error());
  const auto outcome = word_in<Outcome>("--outcome", call.arguments.one("--outcome", "(none)"));
  if (!outcome) co_return show_error(call, outcome.error());
  const auto cleanup = word_in<Cleanup>("--cleanup", call.arguments.one("--cleanup", "NOT_APPLICABLE"));
  if (!cleanup) co_return show_error(call, cleanup.error());
  auto staff = staff_in(call.arguments);
  if (!staff) co_return show_error(call, staff.error());
  Report report{iv->id(), call.login, *std::move(tasks), *outcome, *cleanup, *std::move(staff), std::nullopt, call.counter.core.clock.now()};
  if (call.arguments.has("--none-consulted")) report.none_consulted_reason = call.arguments.one("--none-consulted");
  const auto given = co_await call.counter.desk.report(std::move(report));
  if (!given) co_return show_error(call, given.error());
  if (call.json()) show_json(call, {{"intervention", iv->id().text()}, {"done", "reported"}});
  else call.io.out(std::string(call.say("Reported; the intervention is closed and the practice has the report.",
                                        "Compte rendu transmis ; l'intervention est close.")) + "\n");
  co_return Exit::done;
}

constexpr Command value{
    grammar, run, "report [ID] --tasks \"…\" --outcome SOLVED", "write what was done, and close",
    "écrire ce qui a été fait, et clore",
    "  --tasks \"…\"             20 to 1000 bytes; - reads standard input; never name a patient\n"
    "  --outcome SOLVED        or PARTLY_SOLVED, NOT_SOLVED\n"
    "  --cleanup DONE          residual data were deleted, or NOT_APPLICABLE\n"
    "  --consulted \"Name, qualification\"   qualified person consulted; may be repeated\n"
    "  --none-consulted \"why\"  a CRITICAL one without: counts as a non-conformity\n",
    "  --tasks \"…\"             20 à 1000 octets ; - lit l'entrée standard ; ne nommez aucun patient\n"
    "  --outcome SOLVED        ou PARTLY_SOLVED, NOT_SOLVED\n"
    "  --cleanup DONE          données résiduelles supprimées, ou NOT_APPLICABLE\n"
    "  --consulted \"Nom, qualification\"    personne qualifiée consultée ; répétable\n"
    "  --none-consulted \"motif\" critique sans personne consultée : non-conformité\n"};

}  // namespace

const Command& report_command() { return value; }

}  // namespace pontlevis::gateway
