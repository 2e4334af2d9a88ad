// `finish` asks the practice's agent to end the session; `cancel` takes back a request nobody has answered.
#include "gateway/commands/all.hpp"

namespace pontlevis::gateway {
namespace {

constexpr CommandGrammar finish_grammar{"finish", 0, 1, "[ID]", {}};
constexpr CommandGrammar cancel_grammar{"cancel", 0, 1, "[ID]", {}};

void say_done(CommandCall& call, const InterventionId& id, std::string_view what, std::string_view en, std::string_view fr) {
  if (call.json()) return show_json(call, {{"intervention", id.text()}, {"done", what}});
  call.io.out(std::string(call.say(en, fr)) + "\n");
}

// The practice ends it in well under a second; a person wants to read that it is over, not that it was asked.
Awaitable<bool> ended_soon(CommandCall& call, InterventionId id) {
  for (int look = 0; look < 10; ++look) {
    const auto found = call.counter.core.interventions.find(id);
    if (!found || !*found || (*found)->phase >= Phase::ended) co_return true;
    co_await call.counter.desk.changes().next(std::chrono::seconds(1));
  }
  co_return false;
}

Awaitable<Exit> run_finish(CommandCall& call) {
  auto iv = pick_intervention(call, [](const auto& i) { return i.phase == Phase::open; }, "none of yours is open");
  if (!iv) co_return show_error(call, iv.error());
  const auto asked = co_await call.counter.desk.finish(iv->id(), call.login);
  if (!asked) co_return show_error(call, asked.error());
  if (co_await ended_soon(call, iv->id()))
    say_done(call, iv->id(), "finished", "The session has ended; the report comes next.",
             "La session est fermée ; le compte rendu vient ensuite.");
  else
    say_done(call, iv->id(), "finish_asked", "The practice was asked to end the session and has not answered yet; look again with status.",
             "Le cabinet a été prié de fermer la session et n'a pas encore répondu ; revoyez avec status.");
  co_return Exit::done;
}

Awaitable<Exit> run_cancel(CommandCall& call) {
  auto iv = pick_intervention(call, [](const auto& i) { return i.waiting(); }, "none of yours waits for an answer");
  if (!iv) co_return show_error(call, iv.error());
  const auto cancelled = co_await call.counter.desk.cancel(iv->id(), call.login);
  if (!cancelled) co_return show_error(call, cancelled.error());
  say_done(call, iv->id(), "cancelled", "The request was taken back.", "La demande a été retirée.");
  co_return Exit::done;
}

constexpr CommandGrammar handover_grammar{"handover", 1, 2, "[ID] LOGIN", {}};

Awaitable<Exit> run_handover(CommandCall& call) {
  auto to = Login::parse(call.arguments.words.back());
  if (!to) co_return show_error(call, to.error());
  call.arguments.words.pop_back();
  auto iv = pick_intervention(call, [&](const auto& i) { return (i.phase == Phase::open || i.report_due()) && i.in_charge() == call.login; },
                              "you are in charge of none that is open or waits for its report");
  if (!iv) co_return show_error(call, iv.error());
  const auto asked = co_await call.counter.desk.hand_over(iv->id(), call.login, *to);
  if (!asked) co_return show_error(call, asked.error());
  say_done(call, iv->id(), "handed_over", "The practice notes who is in charge from now on.", "Le cabinet note qui est désormais responsable.");
  co_return Exit::done;
}

constexpr Command handover_value{handover_grammar, run_handover, "handover [ID] LOGIN", "let the other operator be in charge",
                                 "confier la responsabilité à l'autre intervenant", "", ""};
constexpr Command finish_value{finish_grammar, run_finish, "finish [ID]", "ask the practice to end the session",
                               "demander au cabinet de fermer la session", "", ""};
constexpr Command cancel_value{cancel_grammar, run_cancel, "cancel [ID]", "take back a request that has no answer yet",
                               "retirer une demande encore sans réponse", "", ""};

}  // namespace

const Command& finish_command() { return finish_value; }
const Command& cancel_command() { return cancel_value; }
const Command& handover_command() { return handover_value; }

}  // namespace pontlevis::gateway
