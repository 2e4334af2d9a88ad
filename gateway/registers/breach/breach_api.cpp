#include "gateway/registers/breach/breach_api.hpp"

#include "gateway/api/api_practices.hpp"
#include "gateway/registers/common/file_answer.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::gateway {
namespace {

std::optional<NoticeKind> kind_from(std::string_view text) {
  const auto& words = Spelling<NoticeKind>::words;
  if (text.empty()) return NoticeKind::initial;
  const auto at = std::find(words.begin(), words.end(), text);
  return at == words.end() ? std::nullopt : std::optional(static_cast<NoticeKind>(at - words.begin()));
}

Error no_kind() { return {Errc::bad_input, "must be INITIALE, COMPLEMENTAIRE or CLOTURE", "kind", {}}; }

constexpr std::size_t most_file_bytes = 256 * 1024;

}  // namespace

ApiRoutes BreachApi::routes() {
  const auto to = handlers_of(this);
  // What changes something is done by a person at the page, never by a token.
  const Roles readers = Role::compliance | Role::auditor, compliance = Role::compliance;
  constexpr auto page = Door::page;
  const auto act = [this](ActOf<BreachDesk> handler, unsigned status = 200) { return act_handler(&desk_, handler, status); };
  const std::string one = "/api/v1/breaches/<id>";
  return {
      {"GET", "/api/v1/breaches", readers, Scope::read, false, to(&BreachApi::list)},
      {"POST", "/api/v1/breaches", compliance, Scope::read, false, act(&BreachDesk::add, 201), page},
      {"GET", one, readers, Scope::read, false, act(&BreachDesk::show)},
      {"PUT", one, compliance, Scope::read, false, to(&BreachApi::change), page},
      {"POST", one + "/confirm", compliance, Scope::read, true, act(&BreachDesk::confirm), page},
      {"POST", one + "/dismiss", compliance, Scope::read, true, act(&BreachDesk::dismiss), page},
      {"POST", one + "/scope", compliance, Scope::read, false, act(&BreachDesk::scope), page},
      {"POST", one + "/notify", compliance, Scope::read, true, act(&BreachDesk::notify), page},
      {"POST", one + "/delivered", compliance, Scope::read, false, act(&BreachDesk::delivered), page},
      {"POST", one + "/close", compliance, Scope::read, true, act(&BreachDesk::close), page},
      {"GET", one + "/notice", readers, Scope::read, false, to(&BreachApi::notice)},
      {"GET", one + "/file", readers, Scope::read, false, to(&BreachApi::file)},
  };
}

VerbTable BreachApi::verbs() {
  const auto act = [this](ActOf<BreachDesk> handler) { return act_verb(&desk_, handler); };
  const auto to = verbs_of(this);
  return {{"breach list", act(&BreachDesk::list_all)}, {"breach show", act(&BreachDesk::show)}, {"breach open", to(&BreachApi::add_from_file)},
          {"breach change", to(&BreachApi::change_from_file)}, {"breach confirm", act(&BreachDesk::confirm)}, {"breach dismiss", act(&BreachDesk::dismiss)},
          {"breach scope", act(&BreachDesk::scope)}, {"breach notify", act(&BreachDesk::notify)}, {"breach delivered", act(&BreachDesk::delivered)},
          {"breach close", act(&BreachDesk::close)}, {"breach notice", to(&BreachApi::print_notice)}};
}

ApiAnswer BreachApi::list(ApiCall call) {
  const auto page = page_asked(call.request);
  if (!page) co_return api_problem(page.error());
  const auto open = flag_asked(call.request, "open");
  if (!open) co_return api_problem(open.error());
  const auto found = desk_.list(*open, *page);
  co_return found ? api_answer(*found) : api_problem(found.error());
}

ApiAnswer BreachApi::change(ApiCall call) {
  const auto seen = desk_.view_of(call.request.id);
  if (!seen) co_return api_problem(seen.error());
  if (auto same = still_as_seen(call.request, *seen); !same) co_return api_problem(412, "changed_meanwhile", same.error());
  ActOf<BreachDesk> act = &BreachDesk::change;
  co_return co_await answer_act(&desk_, act, 200, std::move(call));
}

ApiAnswer BreachApi::notice(ApiCall call) {
  const auto tongue = tongue_asked(call.request);
  if (!tongue) co_return api_problem(tongue.error());
  const auto kind = kind_from(call.request.parameter("kind").value_or(""));
  if (!kind) co_return api_problem(no_kind());
  auto text = desk_.notice(call.request.id, call.request.parameter("recipient").value_or(""), *kind, *tongue);
  if (!text) co_return api_problem(text.error());
  co_return shown_answer(*std::move(text), "txt");
}

ApiAnswer BreachApi::file(ApiCall call) {
  const auto tongue = tongue_asked(call.request);
  if (!tongue) co_return api_problem(tongue.error());
  const auto format = call.request.parameter("format").value_or("text");
  if (format != "text" && format != "json") co_return api_problem(Error{Errc::bad_input, "must be text or json", "format", {}});
  auto text = desk_.exported(call.request.id, format == "json", *tongue);
  if (!text) co_return api_problem(text.error());
  co_return file_answer(*std::move(text), "breach-" + call.request.id + (format == "json" ? ".json" : ".txt"));
}

// ---- the command line: the file's words come as a JSON file ----

Awaitable<Result<json::object>> BreachApi::add_from_file(json::object request) {
  PL_CO_TRY(words, parse_object(text_of(request, "file"), most_file_bytes, "breach file", JsonForm::any));
  PL_CO_CHECK(names_no_patient(words));
  co_return co_await desk_.add({}, std::move(words), ActBy{text_of(request, "done_by"), "administrator", {}});
}

Awaitable<Result<json::object>> BreachApi::change_from_file(json::object request) {
  PL_CO_TRY(words, parse_object(text_of(request, "file"), most_file_bytes, "breach file", JsonForm::any));
  PL_CO_CHECK(names_no_patient(words));
  co_return co_await desk_.change(text_of(request, "id"), std::move(words), ActBy{text_of(request, "done_by"), "administrator", {}});
}

Awaitable<Result<json::object>> BreachApi::print_notice(json::object request) {
  const auto tongue = tongue_from(text_of(request, "language"));
  const auto kind = kind_from(text_of(request, "kind"));
  if (!tongue) co_return fail(Errc::bad_input, "must be fr or en", "language");
  if (!kind) co_return std::unexpected(no_kind());
  PL_CO_TRY(text, desk_.notice(text_of(request, "id"), text_of(request, "recipient"), *kind, *tongue));
  co_return json::object{{"notice", text}};
}

}  // namespace pontlevis::gateway
