// `request`: step 1 of the path. The words become an Asked; the policy and the practice decide.
#include "gateway/commands/all.hpp"
#include "audit/local_time.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr CommandOption options[] = {
    {"--tools", OptionShape::word},     {"--minutes", OptionShape::word},   {"--ticket", OptionShape::word},
    {"--purpose", OptionShape::word},   {"--reason", OptionShape::text},    {"--tasks", OptionShape::text},
    {"--criticality", OptionShape::word}, {"--pair", OptionShape::word},    {"--additional", OptionShape::many},
    {"--consulted", OptionShape::many}, {"--emergency", OptionShape::text}, {"--access", OptionShape::word},
    {"--data", OptionShape::texts},     {"--wait", OptionShape::flag},      {"--from", OptionShape::word},
    {"--until", OptionShape::word},
};
constexpr CommandGrammar grammar{"request", 1, 1, "SYSTEM.PRACTICE", options};

std::unexpected<Error> bad(std::string what, std::string hint = {}) {
  return fail(Errc::bad_input, std::move(what), "command line", std::move(hint));
}

std::vector<std::string> split_commas(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(',', at), text.size());
    if (end > at) out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
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

Result<std::vector<Login>> logins_in(const Arguments& arguments, std::string_view option) {
  std::vector<Login> out;
  for (const auto& text : arguments.all(option)) {
    auto login = Login::parse(text);
    if (!login) return bad("'" + printable(text, 40) + "' is not a login (" + std::string(option) + ")", login.error().hint);
    out.push_back(*std::move(login));
  }
  return out;
}

// VIEW and CONTROL unless said otherwise (A02); asking for `files` is asking for transfers.
Result<std::vector<AccessType>> access_in(const Arguments& arguments, const std::vector<std::string>& tools) {
  const bool files = std::find(tools.begin(), tools.end(), "files") != tools.end();
  std::vector<AccessType> out;
  for (const auto& text : split_commas(arguments.one("--access", files ? "VIEW,CONTROL,TRANSFER_IN,TRANSFER_OUT" : "VIEW,CONTROL"))) {
    PL_TRY(type, word_in<AccessType>("--access", text));
    out.push_back(type);
  }
  return out;
}

std::vector<std::string> data_in(const Arguments& arguments) {
  auto out = arguments.all("--data");
  if (out.empty()) out.emplace_back("données affichées à l'écran, dont données de santé");  // always presumed (A04)
  return out;
}

// A planned one: both ends, as people read a clock in Paris, or in UTC with a Z.
Result<std::optional<Asked::Window>> window_in(const Arguments& a) {
  if (!a.has("--from") && !a.has("--until")) return std::nullopt;
  const auto from = audit::from_paris_time(a.one("--from")), until = audit::from_paris_time(a.one("--until"));
  if (!from || !until) return bad("a planned intervention needs '--from' and '--until'", "--from 2026-12-01T12:30 --until 2026-12-01T14:00 (Paris time, or UTC with a Z)");
  return Asked::Window{*from, *until};
}

Result<Asked> asked_in(const Login& lead, const Arguments& a) {
  PL_TRY(address, parse_address(a.words.front()));
  auto tools = split_commas(a.one("--tools", "shell"));
  PL_TRY(access, access_in(a, tools));
  PL_TRY(purpose, word_in<Purpose>("--purpose", a.one("--purpose", "MAINTENANCE")));
  PL_TRY(criticality, word_in<Criticality>("--criticality", a.one("--criticality", "STANDARD")));
  PL_TRY(pair, logins_in(a, "--pair"));
  PL_TRY(additional, logins_in(a, "--additional"));
  PL_TRY(consulted, logins_in(a, "--consulted"));
  PL_TRY(planned, window_in(a));
  const auto minutes = parse_decimal(a.one("--minutes", "30"), 100'000);
  if (!minutes) return bad("'--minutes' must be a whole number", "--minutes 30");
  for (auto name : {"--reason", "--tasks", "--ticket"})
    if (!a.has(name)) return bad("'" + std::string(name) + "' is missing", "see: help request");
  Asked out{lead, std::move(address.system), std::move(address.practice), std::move(tools), std::move(access), data_in(a),
            purpose, a.one("--reason"), a.one("--tasks"), a.one("--ticket"), static_cast<std::int64_t>(*minutes), criticality,
            std::nullopt, std::nullopt, std::move(additional), std::move(consulted), planned};
  if (a.has("--emergency")) out.emergency = a.one("--emergency");
  if (!pair.empty()) out.pair = pair.front();
  return out;
}

void print_state(CommandCall& call, const Intervention& iv) {
  const auto to_do = still_to_do(call.lang, iv, call.login, call.counter.links.up(iv.request.practice));
  if (call.json()) return show_json(call, intervention_json(iv, to_do));
  std::string line = clock_text(call.counter.core.clock.now()) + "  " + std::string(state_words(call.lang, iv.state));
  if (!iv.why.empty()) line += ": " + printable(iv.why);
  call.io.out(line + (to_do.empty() ? "" : "\n           " + to_do) + "\n");
}

bool decided(State state) { return state != State::requested && state != State::approved; }

// Prints each change until the session is open or will not be.
Awaitable<Exit> wait_for_it(CommandCall& call, InterventionId id) {
  std::optional<State> shown;
  for (;;) {
    const auto found = call.counter.core.interventions.find(id);
    if (!found || !*found) co_return Exit::refused;
    if (shown != (*found)->state) print_state(call, **found);
    shown = (*found)->state;
    const auto flushed = co_await call.io.flush();
    if (!flushed) co_return Exit::refused;
    if (decided(*shown)) co_return *shown == State::open || *shown == State::paused ? Exit::done : Exit::refused;
    co_await call.counter.desk.changes().next(std::chrono::seconds(60));
  }
}

Awaitable<Exit> run(CommandCall& call) {
  auto asked = asked_in(call.login, call.arguments);
  if (!asked) co_return show_error(call, asked.error());
  auto answer = co_await call.counter.desk.ask(*std::move(asked));
  if (!answer) {
    const auto& why = answer.error();
    if (const auto* refusal = std::get_if<PolicyRefusal>(&why)) co_return show_refusal(call, *refusal);
    co_return show_error(call, std::get<Error>(why));
  }
  const auto found = call.counter.core.interventions.find(*answer);
  if (!found || !*found) co_return Exit::refused;
  if (!call.json()) {
    call.io.out(std::string(call.say("Asked: intervention ", "Demandé : intervention ")) + answer->text() + "\n");
  }
  if (call.arguments.has("--wait")) co_return co_await wait_for_it(call, *answer);
  print_state(call, **found);
  co_return Exit::done;
}

constexpr Command value{
    grammar, run, "request SYSTEM.PRACTICE --ticket T --reason \"…\" --tasks \"…\" [options]",
    "ask a practice for an intervention", "demander une intervention à un cabinet",
    "  --tools shell,files     ways in: shell, files, desktop, tcp:NAME   (shell)\n"
    "  --minutes 30            time asked for                             (30)\n"
    "  --ticket T-1234         the file it belongs to\n"
    "  --purpose MAINTENANCE   or SUPPORT\n"
    "  --reason, --tasks       why, and what will be done; never name a patient\n"
    "  --criticality STANDARD  or SENSITIVE, CRITICAL (needs --pair and one more person)\n"
    "  --pair LOGIN            the second person, connected with you\n"
    "  --additional LOGIN      additional qualified person, connected; may be repeated\n"
    "  --consulted LOGIN       additional qualified person, consulted only; may be repeated\n"
    "  --emergency \"why\"       shortens notice; the practice still decides\n"
    "  --access VIEW,CONTROL   also TRANSFER_IN, TRANSFER_OUT (implied by the tool files)\n"
    "  --data \"…\"              categories of data that may be seen; may be repeated\n"
    "  --from, --until         planned: 2026-12-01T12:30, Paris time; the practice opens it then\n"
    "  --wait                  stay and follow until it is open or refused\n",
    "  --tools shell,files     accès : shell, files, desktop, tcp:NOM     (shell)\n"
    "  --minutes 30            durée demandée                             (30)\n"
    "  --ticket T-1234         le dossier concerné\n"
    "  --purpose MAINTENANCE   ou SUPPORT\n"
    "  --reason, --tasks       pourquoi, et ce qui sera fait ; ne nommez jamais un patient\n"
    "  --criticality STANDARD  ou SENSITIVE, CRITICAL (exige --pair et une personne de plus)\n"
    "  --pair LOGIN            la seconde personne, connectée avec vous\n"
    "  --additional LOGIN      personne qualifiée additionnelle, connectée ; répétable\n"
    "  --consulted LOGIN       personne qualifiée additionnelle, consultée ; répétable\n"
    "  --emergency \"motif\"     raccourcit le préavis ; le cabinet décide toujours\n"
    "  --access VIEW,CONTROL   aussi TRANSFER_IN, TRANSFER_OUT (compris dans l'outil files)\n"
    "  --data \"…\"              catégories de données visibles ; répétable\n"
    "  --from, --until         planifiée : 2026-12-01T12:30, heure de Paris ; le cabinet l'ouvre alors\n"
    "  --wait                  rester jusqu'à l'ouverture ou au refus\n"};

}  // namespace

const Command& request_command() { return value; }

}  // namespace pontlevis::gateway
