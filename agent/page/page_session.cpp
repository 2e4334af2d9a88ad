// One act each: pause, resume, stop, a new password (docs/page.md §6; requirements A37, A38, B14).
#include "agent/page/page.hpp"

namespace pontlevis::agent {

namespace {
PageFault session_fault(const Error& error) {
  return error.code == Errc::not_found || error.code == Errc::conflict || error.code == Errc::closed ? PageFault::session_gone : fault_of(error);
}
}  // namespace

Page::Answer Page::code(PageCall call) {
  auto asked = act_of(call);
  if (!asked) co_return std::move(asked).error();
  const auto& id = asked->id;
  StrictObject in(asked->body, "code");
  const auto login = in.id<Login>("login");
  if (const auto whole = in.finish(); !whole) co_return refusal(PageFault::bad_input, whole.error());
  const auto password = parts_.bridge.new_password(id, *login);
  if (!password) co_return refusal(session_fault(password.error()), password.error());
  act(call, "code", id.text(), login->text());
  co_return secret_answer(shown_json(*password));
}

Page::Answer Page::pause(PageCall call) {
  const auto id = InterventionId::parse(call.request.id);
  const auto done = id ? parts_.bridge.pause(*id, call.session->person.login.text()) : std::unexpected(id.error());
  if (!done) co_return refusal(session_fault(done.error()), done.error());
  act(call, "pause", id->text(), "");
  co_return answer({});
}

Page::Answer Page::resume(PageCall call) {
  const auto id = InterventionId::parse(call.request.id);
  const auto done = id ? parts_.bridge.resume(*id, call.session->person.login.text()) : std::unexpected(id.error());
  if (!done) co_return refusal(session_fault(done.error()), done.error());
  act(call, "resume", id->text(), "");
  co_return answer({});
}

Page::Answer Page::typist(PageCall call) {
  auto asked = act_of(call);
  if (!asked) co_return std::move(asked).error();
  const auto& id = asked->id;
  StrictObject in(asked->body, "typist");
  std::optional<Login> who;
  if (!in.is_null("login")) who = in.id<Login>("login");
  if (const auto whole = in.finish(); !whole) co_return refusal(PageFault::bad_input, whole.error());
  const std::string name = who ? who->text() : "";
  const auto done = parts_.bridge.choose_typist(id, std::move(who), call.session->person.login.text());
  if (!done) co_return refusal(session_fault(done.error()), done.error());
  act(call, "typist", id.text(), name);
  co_return answer({});
}

Page::Answer Page::tool(PageCall call) {
  auto asked = act_of(call);
  if (!asked) co_return std::move(asked).error();
  const auto& id = asked->id;
  StrictObject in(asked->body, "tool");
  const auto name = in.text("tool", 1, 72);
  const bool held = in.boolean("held");
  if (const auto whole = in.finish(); !whole) co_return refusal(PageFault::bad_input, whole.error());
  const auto done = parts_.bridge.hold_tool(id, name, held, call.session->person.login.text());
  if (!done) co_return refusal(session_fault(done.error()), done.error());
  act(call, held ? "pause" : "resume", id.text(), name);
  co_return answer({});
}

Page::Answer Page::stop(PageCall call) {
  const auto id = InterventionId::parse(call.request.id);
  if (!id) co_return refusal(PageFault::bad_input, id.error());
  std::shared_ptr<const Session> session;
  if (const auto view = parts_.bridge.view(*id); view && view->session) session = view->session->shared_from_this();
  const auto done = co_await parts_.bridge.stop(*id, call.session->person.login.text());
  if (!done) co_return refusal(session_fault(done.error()), done.error());
  act(call, "withdrawal", id->text(), "");
  co_return answer({{"cut_ms", session ? session->cut().count() : 0}});
}

}  // namespace pontlevis::agent
