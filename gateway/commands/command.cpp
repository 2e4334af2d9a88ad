#include "gateway/commands/command.hpp"

#include "gateway/events.hpp"
#include "audit/local_time.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {

// ---- answers and errors ----

void show_json(CommandCall& call, const json::object& answer) { call.io.out(json::serialize(answer) + "\n"); }

namespace {

Exit exit_for(Errc code) { return code == Errc::bad_input ? Exit::usage : Exit::refused; }

void print_error(CommandOutput& io, bool as_json, const Error& error) {
  const json::object inner{{"what", error.what}, {"where", error.where}, {"hint", error.hint}};
  if (as_json) return io.out(json::serialize(json::object{{"error", inner}}) + "\n");
  io.err(error.text() + "\n");
}

Lang lang_from(const Arguments& arguments, const std::string& env_lang) {
  return arguments.one("--lang", env_lang.starts_with("fr") ? "fr" : "en") == "fr" ? Lang::fr : Lang::en;
}

}  // namespace

Exit show_error(CommandCall& call, const Error& error) {
  print_error(call.io, call.json(), error);
  return exit_for(error.code);
}

Exit show_refusal(CommandCall& call, const PolicyRefusal& refusal) {
  const bool fr = call.lang == Lang::fr;
  const auto& what = fr ? refusal.fr : refusal.en;
  const auto& hint = fr ? refusal.hint_fr : refusal.hint_en;
  if (call.json()) {
    json::object inner{{"rule", refusal.rule}, {"what", what}, {"where", "request"}, {"hint", hint}};
    show_json(call, {{"error", std::move(inner)}});
  } else {
    const std::string label = fr ? "  conseil : " : "  hint: ";
    call.io.err(std::string(fr ? "demande refusée : " : "request refused: ") + what + "\n" + (hint.empty() ? "" : label + hint + "\n"));
  }
  return refusal.rule.empty() ? Exit::usage : Exit::refused;
}

// ---- one line ----

Awaitable<int> run_command(Counter& counter, Login login, std::string line, std::string env_lang, CommandOutput& io) {
  auto words = split_words(line);
  if (words && words->empty()) words->emplace_back("help");
  const Command* command = words ? find_command(words->front()) : nullptr;
  Result<Arguments> arguments = Arguments{};
  if (!words) arguments = std::unexpected(words.error());
  else if (!command) arguments = fail(Errc::bad_input, "'" + printable(words->front(), 40) + "' is not a command", "command line", "`help` lists them");
  else arguments = parse_arguments(command->grammar, std::span<const std::string>(*words).subspan(1));
  if (!arguments) {
    const bool as_json = words && std::find(words->begin(), words->end(), "--json") != words->end();
    print_error(io, as_json, arguments.error());
    static_cast<void>(co_await io.flush());
    co_return static_cast<int>(Exit::usage);
  }
  const Lang lang = lang_from(*arguments, env_lang);
  CommandCall call{counter, std::move(login), lang, *std::move(arguments), io};
  const Exit exit = co_await command->run(call);
  static_cast<void>(co_await io.flush());
  co_return static_cast<int>(exit);
}

// ---- naming things ----

Result<SystemAddress> parse_address(std::string_view text) {
  const auto dot = text.find('.');
  const auto wrong = [&] {
    return fail(Errc::bad_input, "'" + printable(text, 80) + "' is not SYSTEM.PRACTICE", "command line", "`systems` lists them, such as dossier.cabinet-exemple");
  };
  if (dot == text.npos) return wrong();
  auto system = SystemId::parse(text.substr(0, dot));
  auto practice = PracticeId::parse(text.substr(dot + 1));
  if (!system || !practice) return wrong();
  return SystemAddress{*std::move(system), *std::move(practice)};
}

namespace {

constexpr std::size_t recent_count = 100;

Result<Intervention> pick_by_number(const std::vector<Intervention>& mine, std::string_view number) {
  if (number.size() < 6)
    return fail(Errc::bad_input, "'" + printable(number, 40) + "' is too short for a number", "command line", "give at least 6 characters of it");
  const Intervention* found = nullptr;
  for (const auto& iv : mine) {
    if (!iv.id().text().starts_with(number)) continue;
    if (found) return fail(Errc::bad_input, "'" + printable(number, 40) + "' begins more than one number", "command line", "give more characters of it");
    found = &iv;
  }
  if (!found) return fail(Errc::not_found, "no intervention of yours has the number '" + printable(number, 40) + "'", "command line", "`status` lists yours");
  return *found;
}

}  // namespace

Result<Intervention> pick_intervention(CommandCall& call, const std::function<bool(const Intervention&)>& fits,
                                       std::string_view none_fits) {
  PL_TRY(mine, call.counter.core.interventions.recent(call.login, recent_count));
  if (!call.arguments.words.empty()) return pick_by_number(mine, call.arguments.words.front());
  std::vector<const Intervention*> candidates;
  for (const auto& iv : mine)
    if (fits(iv)) candidates.push_back(&iv);
  if (candidates.size() == 1) return *candidates.front();
  if (candidates.empty()) return fail(Errc::not_found, std::string(none_fits), "interventions", "`status` lists yours");
  std::string list;
  for (const auto* iv : candidates) list += (list.empty() ? "" : ", ") + short_id(iv->id());
  return fail(Errc::bad_input, "more than one intervention fits", "command line", "give its number: " + list);
}

// ---- words for people ----

std::string_view state_words(Lang lang, State state) {
  static constexpr std::string_view en[] = {"waiting for consent", "refused", "lapsed", "could not be asked", "cancelled",
                                            "agreed, opening", "open", "paused", "ended, report due", "closed"};
  static constexpr std::string_view fr[] = {"en attente d'accord", "refusée", "expirée", "n'a pas pu être posée", "annulée",
                                            "acceptée, ouverture", "ouverte", "suspendue", "terminée, compte rendu dû", "close"};
  return (lang == Lang::fr ? fr : en)[static_cast<std::size_t>(state)];
}

std::string clock_text(Time t) { return to_utc(t).substr(11, 5) + " UTC"; }
std::string short_id(const InterventionId& id) { return id.text().substr(0, 8); }

std::string still_to_do(Lang lang, const Intervention& iv, const Login& login, bool link_up) {
  const bool fr = lang == Lang::fr;
  const auto say = [fr](const char* en, const char* french) { return std::string(fr ? french : en); };
  const auto id = short_id(iv.id());
  const bool lead = iv.in_charge() == login;
  const auto where = iv.request.system.text() + "." + iv.request.practice.text();
  if (iv.waiting() && iv.request.opens_from)
    return say(iv.accepted_at.empty() ? "planned; the practice has not answered yet; it may open from " : "planned and accepted; the practice opens it from ",
               iv.accepted_at.empty() ? "planifiée ; le cabinet n'a pas encore répondu ; il peut ouvrir à partir du " : "planifiée et acceptée ; le cabinet l'ouvrira à partir du ") +
           audit::paris_time(*iv.request.opens_from, fr).substr(0, 16) + say(" (Paris time)", " (heure de Paris)");
  if (iv.waiting())
    return say("the practice must answer before ", "le cabinet doit répondre avant ") + clock_text(iv.request.expires_at) +
           (link_up ? "" : say(" (it is not connected now)", " (il n'est pas connecté)"));
  if (iv.phase == Phase::consented) return say("nothing: the session is being opened", "rien : la session s'ouvre");
  if (iv.phase == Phase::open && iv.connected_operator(login))
    return say("ask the practice for your one-time password, then: ssh ", "demandez votre mot de passe au cabinet, puis : ssh ") + where;
  if (iv.report_due())
    return lead ? say("write the report: report ", "écrivez le compte rendu : report ") + id + " --tasks \"…\" --outcome SOLVED"
                : say("the person in charge writes the report", "la personne en charge écrit le compte rendu");
  return {};
}

}  // namespace pontlevis::gateway
