// A request is shown, and a person decides (docs/page.md §5). What was shown is bound twice: by the form
// that came with it, and by the hashes of request and notice that the decision brings back.
#include "agent/page/page.hpp"
#include "protocol/host_words.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {

namespace {

Language language_from(std::string_view tag, Language fallback) {
  return tag == "en" ? Language::english : tag == "fr" ? Language::french : fallback;
}

// The form is about exactly this: the act, the intervention, and the request or the minutes shown.
std::string shown(std::string_view act, const InterventionId& id, const std::string& what) {
  return std::string(act) + "\n" + id.text() + "\n" + what;
}

struct Decision {
  std::string form, request_sha256, notice_sha256;
  Choice choice;
};

Result<Decision> read_approval(const json::object& body, Language fallback) {
  StrictObject in(body, "approve");
  Decision out;
  out.form = in.text("form", 1, 64);
  out.request_sha256 = in.text("request_sha256", 64, 64);
  out.notice_sha256 = in.text("notice_sha256", 64, 64);
  out.choice.language = language_from(in.text("language", 2, 2), fallback);
  out.choice.minutes = static_cast<int>(in.integer("minutes", 1, 480));
  out.choice.dropped_tools = in.texts("without", 0, 16, 72);
  out.choice.view_only = in.boolean("view_only");
  out.choice.watch = static_cast<Watch>(in.choice("watch", Spelling<Watch>::words));
  out.choice.record = in.boolean("record");
  out.choice.expression = "local page, button";
  PL_CHECK(in.finish());
  return out;
}

PageFault approve_fault(const Error& error) {
  if (error.code == Errc::bad_input) return error.what.find("no tool") != std::string::npos ? PageFault::nothing_left : PageFault::bad_minutes;
  if (error.code == Errc::not_allowed) return PageFault::observer;
  if (error.code == Errc::not_found) return PageFault::request_gone;
  if (error.code == Errc::conflict) return PageFault::request_gone;
  if (error.code == Errc::unavailable) return error.what.starts_with("the access stays closed") ? PageFault::no_proof : PageFault::link_down;
  return fault_of(error);
}

}  // namespace

io::HttpResponse Page::stale(const PageCall& call, std::string what) {
  guard_.record("a stale or replayed decision was refused", std::move(what), call.session->person.login);
  return refusal(PageFault::stale, "this page shows something that has changed or was answered already", "look at the request again");
}

Page::Answer Page::show_request(PageCall call) {
  const auto id = InterventionId::parse(call.request.id);
  const auto pending = id ? parts_.bridge.pending(*id) : std::unexpected(id.error());
  if (!pending) co_return refusal(PageFault::request_gone, pending.error());
  const auto language = language_from(call.request.parameter("language").value_or(""), parts_.language);
  const Notice notice = parts_.desk.notice(**pending, language);
  const std::string request = request_sha256((*pending)->request);
  const auto view = parts_.bridge.view(*id);
  if (!view || view->phase != Phase::requested) co_return refusal(PageFault::request_gone, "this request was answered already");
  co_return answer({{"request", request_json(*view)},
                    {"request_sha256", request},
                    {"notice", json::object{{"version", notice.version}, {"language", language_tag(language)}, {"sha256", notice.sha256()},
                                            {"level1", notice.level1}, {"level2", notice.level2}}},
                    {"host_words", host_words(parts_.identity.host_key_fingerprints())},
                    {"host_keys", texts_json(parts_.identity.host_key_fingerprints())},
                    {"form", sessions_.give_form(*call.session, shown("decide", *id, request))},
                    {"recording_days", recording_days}});
}

// The date of a planned one suits: the same proof of what was read as a decision, and nothing opens.
Page::Answer Page::accept(PageCall call) {
  auto asked = act_of(call);
  if (!asked) co_return std::move(asked).error();
  const auto& id = asked->id;
  StrictObject in(asked->body, "accept");
  const auto form = in.text("form", 1, 64), request = in.text("request_sha256", 64, 64), notice = in.text("notice_sha256", 64, 64);
  const auto language = language_from(in.text("language", 2, 2), parts_.language);
  if (const auto whole = in.finish(); !whole) co_return refusal(PageFault::bad_input, whole.error());
  const auto at = sessions_.use_form(*call.session, form, shown("decide", id, request));
  const auto pending = parts_.bridge.pending(id);
  if (!at || !pending || parts_.desk.notice(**pending, language).sha256() != notice || request_sha256((*pending)->request) != request)
    co_return stale(call, "accept " + id.text());
  Approver person = call.session->person;
  const auto accepted = co_await parts_.bridge.accept(id, language, std::move(person));
  if (!accepted) co_return refusal(approve_fault(accepted.error()), accepted.error());
  act(call, "acceptance", id.text(), "");
  co_return answer({});
}

Page::Answer Page::approve(PageCall call) {
  auto asked = act_of(call);
  if (!asked) co_return std::move(asked).error();
  const auto& id = asked->id;
  auto read = read_approval(asked->body, parts_.language);
  if (!read) co_return refusal(PageFault::bad_input, read.error());
  Decision decision = *std::move(read);
  const auto at = sessions_.use_form(*call.session, decision.form, shown("decide", id, decision.request_sha256));
  const auto pending = parts_.bridge.pending(id);
  const bool as_read = pending && parts_.desk.notice(**pending, decision.choice.language).sha256() == decision.notice_sha256 &&
                       request_sha256((*pending)->request) == decision.request_sha256;
  if (!at || !as_read)
    co_return stale(call, "approve " + id.text());
  if (too_early((*pending)->request, parts_.clock.now()))
    co_return refusal(PageFault::too_early, "the window of this planned intervention has not begun", "open it then");
  decision.choice.asked_at = *at;
  Approver person = call.session->person;
  auto opened = co_await parts_.bridge.approve(id, std::move(decision.choice), std::move(person));
  if (!opened) co_return refusal(approve_fault(opened.error()), opened.error());
  act(call, "consent", id.text(), std::to_string(opened->minutes) + " min");
  json::array passwords;
  for (const auto& shown_password : opened->passwords) passwords.push_back(shown_json(shown_password));
  json::object out{{"intervention", id.text()}, {"minutes", opened->minutes}, {"passwords", std::move(passwords)},
                   {"host_words", host_words(parts_.identity.host_key_fingerprints())}};
  co_return secret_answer(std::move(out));
}

Page::Answer Page::refuse(PageCall call) {
  auto asked = act_of(call);
  if (!asked) co_return std::move(asked).error();
  const auto& id = asked->id;
  StrictObject in(asked->body, "refuse");
  const auto form = in.text("form", 1, 64), request = in.text("request_sha256", 64, 64);
  std::optional<std::string> why;
  if (!in.is_null("why")) why = in.text("why", 1, 300, StrictObject::Lines::many);
  if (const auto whole = in.finish(); !whole) co_return refusal(PageFault::bad_input, whole.error());
  if (!sessions_.use_form(*call.session, form, shown("decide", id, request)))
    co_return stale(call, "refuse " + id.text());
  Approver person = call.session->person;
  const auto refused = co_await parts_.bridge.refuse(id, std::move(person), std::move(why));
  if (!refused) co_return refusal(approve_fault(refused.error()), refused.error());
  act(call, "refusal", id.text(), "");
  co_return answer({});
}

// ---- more time: a consent of its own ------------------------------------------------------------

Page::Answer Page::show_extension(PageCall call) {
  const auto id = InterventionId::parse(call.request.id);
  const auto minutes = parse_decimal(call.request.parameter("minutes").value_or(""), 480);
  if (!id || !minutes || *minutes == 0) co_return refusal(PageFault::bad_minutes, "how many minutes more?", "?minutes=15&language=fr");
  const auto language = language_from(call.request.parameter("language").value_or(""), parts_.language);
  const auto notice = parts_.bridge.extension_notice(*id, static_cast<int>(*minutes), language);
  if (!notice) co_return refusal(PageFault::session_gone, notice.error());
  co_return answer({{"notice", json::object{{"version", notice->version}, {"language", language_tag(language)}, {"sha256", notice->sha256()},
                                            {"level1", notice->level1}}},
                    {"form", sessions_.give_form(*call.session, shown("extend", *id, std::to_string(*minutes)))},
                    {"most_minutes", parts_.bridge.most_more_minutes(*id)}});
}

Page::Answer Page::extend(PageCall call) {
  auto asked = act_of(call);
  if (!asked) co_return std::move(asked).error();
  const auto& id = asked->id;
  StrictObject in(asked->body, "extend");
  const auto form = in.text("form", 1, 64), notice = in.text("notice_sha256", 64, 64);
  const int minutes = static_cast<int>(in.integer("minutes", 1, 480));
  Choice choice;
  choice.language = language_from(in.text("language", 2, 2), parts_.language);
  choice.expression = "local page, button";
  if (const auto whole = in.finish(); !whole) co_return refusal(PageFault::bad_input, whole.error());
  choice.asked_at = sessions_.use_form(*call.session, form, shown("extend", id, std::to_string(minutes)));
  const auto now_shown = parts_.bridge.extension_notice(id, minutes, choice.language);
  if (!choice.asked_at || !now_shown || now_shown->sha256() != notice)
    co_return stale(call, "extend " + id.text());
  Approver person = call.session->person;
  const auto extended = co_await parts_.bridge.extend(id, minutes, std::move(choice), std::move(person));
  if (!extended)
    co_return refusal(extended.error().code == Errc::conflict ? PageFault::session_gone : extended.error().code == Errc::bad_input ? PageFault::bad_minutes : PageFault::no_proof, extended.error());
  act(call, "extension", id.text(), std::to_string(minutes) + " min");
  if (const auto view = parts_.bridge.view(id); view && view->session)
    co_return answer({{"seconds_left", view->session->status().at("seconds_left")}});
  co_return refusal(PageFault::session_gone, "the session has ended meanwhile");
}

}  // namespace pontlevis::agent
