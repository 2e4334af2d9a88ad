#include "gateway/registers/processing/processing_api.hpp"

#include "gateway/registers/common/file_answer.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

// ?version=: 0 when it is not said, which is the newest.
Result<std::int64_t> version_asked(const io::HttpRequest& request) {
  const auto given = request.parameter("version");
  if (!given) return 0;
  const auto number = parse_decimal(*given, 1'000'000);
  if (!number || *number == 0) return fail(Errc::bad_input, "must be a whole number from 1", "version");
  return static_cast<std::int64_t>(*number);
}

}  // namespace

ApiRoutes ProcessingApi::routes() {
  const auto to = handlers_of(this);
  const Roles readers = Role::compliance | Role::auditor, compliance = Role::compliance;
  const auto act = [this](ActOf<ProcessingDesk> handler) { return act_handler(&desk_, handler); };
  const std::string one = "/api/v1/processing-entries/<id>";
  return {
      {"GET", "/api/v1/processing-entries", readers, Scope::read, false, act(&ProcessingDesk::list)},
      {"GET", one, readers, Scope::read, false, to(&ProcessingApi::show)},
      {"GET", one + "/text", readers, Scope::read, false, to(&ProcessingApi::text)},
      {"POST", one + "/validate", compliance, Scope::read, true, act(&ProcessingDesk::validate), Door::page},
      {"PUT", one + "/dpia", compliance, Scope::read, false, act(&ProcessingDesk::assess), Door::page},
      {"GET", "/api/v1/practices/<id>/processing-entry", readers, Scope::read, false, to(&ProcessingApi::of_practice)},
  };
}

VerbTable ProcessingApi::verbs() {
  const auto act = [this](ActOf<ProcessingDesk> handler) { return act_verb(&desk_, handler); };
  return {{"register list", act(&ProcessingDesk::list)}, {"register show", act(&ProcessingDesk::show)}, {"register validate", act(&ProcessingDesk::validate)},
          {"register dpia", act(&ProcessingDesk::assess)}, {"register print", verbs_of(this)(&ProcessingApi::print)}};
}

ApiAnswer ProcessingApi::show(ApiCall call) {
  const auto version = version_asked(call.request);
  if (!version) co_return api_problem(version.error());
  json::object words;
  if (*version) words["version"] = *version;
  auto shown = co_await desk_.show(call.request.id, std::move(words), {});
  if (!shown) co_return api_problem(shown.error());
  co_return api_answer(*shown);
}

ApiAnswer ProcessingApi::text(ApiCall call) {
  const auto version = version_asked(call.request);
  if (!version) co_return api_problem(version.error());
  const auto tongue = tongue_asked(call.request);
  if (!tongue) co_return api_problem(tongue.error());
  auto page = co_await desk_.page(call.request.id, *version, *tongue);
  if (!page) co_return api_problem(page.error());
  co_return shown_answer(*std::move(page), "html");
}

ApiAnswer ProcessingApi::of_practice(ApiCall call) {
  const auto tongue = tongue_asked(call.request);
  if (!tongue) co_return api_problem(tongue.error());
  const auto format = call.request.parameter("format").value_or("html");
  if (format != "html" && format != "json") co_return api_problem(Error{Errc::bad_input, "must be html or json", "format", {}});
  ActBy by{call.person.login.text(), std::string(word(call.person.role)), {}};
  const auto name = "article-30-" + call.request.id + "." + format;
  auto page = co_await desk_.practice_entry(call.request.id, *tongue, format, std::move(by));
  if (!page) co_return api_problem(page.error());
  co_return file_answer(*std::move(page), name);
}

// {"id", "language"?}: an entry, or of a practice with {"practice"}: its own.
Awaitable<Result<json::object>> ProcessingApi::print(json::object request) {
  const auto tongue = tongue_from(text_of(request, "language"));
  if (!tongue) co_return fail(Errc::bad_input, "must be fr or en", "language");
  const auto practice = text_of(request, "practice");
  if (practice.empty()) {
    PL_CO_TRY(page, co_await desk_.page(text_of(request, "id"), 0, *tongue));
    co_return json::object{{"page", page}};
  }
  ActBy by{text_of(request, "done_by"), "administrator", {}};
  PL_CO_TRY(page, co_await desk_.practice_entry(practice, *tongue, "html", std::move(by)));
  co_return json::object{{"page", page}};
}

}  // namespace pontlevis::gateway
