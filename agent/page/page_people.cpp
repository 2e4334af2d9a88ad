// The team, one's own data and rights (docs/page.md §8; requirements A07, A27, B26).
#include "agent/page/page.hpp"
#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {

namespace {
json::object member_json(const TeamMember& m) {
  return {{"login", m.login.text()}, {"name", m.name}, {"role", word(m.role)}, {"added_at", to_utc(m.added_at)}, {"added_by", m.added_by},
          {"until", or_null(m.until)}, {"removed_at", m.removed_at ? json::value(to_utc(*m.removed_at)) : json::value(nullptr)},
          {"removed_by", m.removed_at ? json::value(m.removed_by) : json::value(nullptr)}};
}

constexpr std::array<std::string_view, 7> right_types{"ACCESS", "RECTIFICATION", "ERASURE", "RESTRICTION", "OBJECTION", "PORTABILITY", "AFTER_DEATH"};
}  // namespace

Page::Answer Page::team(PageCall) {
  const auto members = parts_.team.list();
  if (!members) co_return refusal(PageFault::internal, members.error());
  json::array out;
  for (const auto& m : *members) out.push_back(member_json(m));
  co_return answer({{"members", std::move(out)}});
}

Page::Answer Page::team_add(PageCall call) {
  auto body = body_of(call.request);
  if (!body) co_return refusal(PageFault::bad_input, body.error());
  StrictObject in(*body, "team");
  auto login = in.id<Login>("login");
  auto name = in.text("name", 3, 200);
  const auto role = static_cast<ApproverRole>(in.choice("role", Spelling<ApproverRole>::words));
  Secret password = in.secret("password", 1, 256);
  std::optional<std::string> until;
  if (!in.is_null("until")) {
    until = in.text("until", 10, 10);
    if (!from_date(*until) || *until < to_date(parts_.clock.now())) in.blame("until", "is not a day to come", "YYYY-MM-DD");
  }
  if (const auto whole = in.finish(); !whole) co_return refusal(PageFault::bad_input, whole.error());
  const std::string by = call.session->person.login.text(), added = login->text();
  const auto done = co_await parts_.team.add(*std::move(login), std::move(name), role, std::move(password), by, std::move(until));
  if (!done) {
    const bool weak = done.error().code == Errc::bad_input;
    co_return refusal(weak ? PageFault::weak_password : done.error().code == Errc::conflict ? PageFault::name_taken : PageFault::journal_failed, done.error());
  }
  act(call, "team_added", "", added);
  co_return answer({});
}

Page::Answer Page::team_remove(PageCall call) {
  const auto login = Login::parse(call.request.id);
  if (!login) co_return refusal(PageFault::bad_input, login.error());
  const auto members = parts_.team.list();
  if (!members) co_return refusal(PageFault::internal, members.error());
  const auto other_owner = std::any_of(members->begin(), members->end(), [&](const auto& m) {
    return m.role == ApproverRole::owner && !m.removed_at && m.login != *login;
  });
  if (!other_owner) co_return refusal(PageFault::last_owner, "the last owner stays, so that somebody can decide", "name another owner first");
  const auto done = co_await parts_.team.remove(*login, call.session->person.login.text());
  if (!done) co_return refusal(done.error().code == Errc::not_found ? PageFault::unknown_person : PageFault::journal_failed, done.error());
  static_cast<void>(parts_.page_store.remove_passkeys(*login));
  act(call, "team_removed", "", login->text());
  sessions_.end_all_of(*login);
  co_return answer({});
}

// ---- one's own ----------------------------------------------------------------------------------

namespace {
json::array passkeys_json(const std::vector<Passkey>& keys) {
  json::array out;
  for (const auto& key : keys) out.push_back(json::object{{"id", key.id}, {"label", key.label}, {"added_at", to_utc(key.added_at)}});
  return out;
}
json::array acts_json(const std::vector<Act>& acts) {
  json::array out;
  for (const auto& a : acts)
    out.push_back(json::object{{"at", to_utc(a.at)}, {"type", a.type}, {"intervention", a.intervention.empty() ? json::value(nullptr) : json::value(a.intervention)}, {"text", a.text}});
  return out;
}
json::array rights_json(const std::vector<RightsRequest>& requests) {
  json::array out;
  for (const auto& r : requests) out.push_back(json::object{{"at", to_utc(r.at)}, {"type", r.type}, {"text", r.text}, {"due", r.due}});
  return out;
}
}  // namespace

Page::Answer Page::me(PageCall call) {
  const auto& login = call.session->person.login;
  const auto keys = parts_.page_store.passkeys(login);
  const auto acts = parts_.page_store.acts(login, 200);
  if (!keys || !acts) co_return refusal(PageFault::internal, keys ? acts.error() : keys.error());
  co_return answer({{"person", person_json(call.session->person)}, {"passkeys", passkeys_json(*keys)}, {"acts", acts_json(*acts)}});
}

Page::Answer Page::me_export(PageCall call) {
  const auto& login = call.session->person.login;
  const auto keys = parts_.page_store.passkeys(login);
  const auto acts = parts_.page_store.acts(login, 100'000);
  const auto asked = parts_.page_store.rights_requests(login);
  const auto members = parts_.team.list();
  if (!keys || !acts || !asked || !members) co_return refusal(PageFault::internal, "the data cannot be read now");
  json::object membership;
  for (const auto& m : *members)
    if (m.login == login) membership = member_json(m);
  act(call, "export", "", "");
  co_return answer({{"exported_at", to_utc(parts_.clock.now())}, {"practice", parts_.identity.practice.text()}, {"person", person_json(call.session->person)},
                    {"membership", std::move(membership)}, {"passkeys", passkeys_json(*keys)}, {"rights_requests", rights_json(*asked)},
                    {"acts", acts_json(*acts)}});
}

Page::Answer Page::me_password(PageCall call) {
  auto body = body_of(call.request);
  if (!body) co_return refusal(PageFault::bad_input, body.error());
  StrictObject in(*body, "password");
  Secret old_one = in.secret("old", 1, 256), new_one = in.secret("new", 1, 256);
  if (const auto whole = in.finish(); !whole) co_return refusal(PageFault::bad_input, whole.error());
  const auto done = co_await parts_.team.change_password(call.session->person.login, std::move(old_one), std::move(new_one));
  if (!done) co_return refusal(done.error().code == Errc::bad_input ? PageFault::weak_password : PageFault::sign_in_wrong, done.error());
  act(call, "password_changed", "", "");
  co_return answer({});
}

Page::Answer Page::new_passkey_start(PageCall call) {
  auto options = passkeys_.start_registration(call.session->person.login, call.session->person.name);
  if (!options) co_return refusal(PageFault::passkey_failed, options.error());
  co_return answer(*std::move(options));
}

Page::Answer Page::new_passkey_finish(PageCall call) {
  auto body = body_of(call.request);
  if (!body) co_return refusal(PageFault::bad_input, body.error());
  StrictObject in(*body, "passkey");
  const auto ticket = in.text("ticket", 1, 64), label = in.text("label", 1, 80);
  const auto& credential = in.object("credential");
  if (const auto whole = in.finish(); !whole) co_return refusal(PageFault::bad_input, whole.error());
  const auto done = passkeys_.finish_registration(call.session->person.login, ticket, label, credential);
  if (!done) co_return refusal(PageFault::passkey_failed, done.error());
  guard_.record("a passkey was added", label, call.session->person.login);
  act(call, "passkey_added", "", label);
  co_return answer({});
}

Page::Answer Page::remove_passkey(PageCall call) {
  const auto done = parts_.page_store.remove_passkey(call.request.id, call.session->person.login);
  if (!done) co_return refusal(PageFault::not_found, done.error());
  guard_.record("a passkey was removed", "", call.session->person.login);
  act(call, "passkey_removed", "", "");
  co_return answer({});
}

Page::Answer Page::rights(PageCall call) {
  const auto asked = parts_.page_store.rights_requests(call.session->person.login);
  if (!asked) co_return refusal(PageFault::internal, asked.error());
  co_return answer({{"requests", rights_json(*asked)}});
}

// Answered within 30 days and never later than one calendar month (requirements T7).
Page::Answer Page::ask_right(PageCall call) {
  auto body = body_of(call.request);
  if (!body) co_return refusal(PageFault::bad_input, body.error());
  StrictObject in(*body, "rights");
  const auto type = right_types[in.choice("type", right_types)];
  const auto text = in.text("text", 0, 2000, StrictObject::Lines::many);
  if (const auto whole = in.finish(); !whole) co_return refusal(PageFault::bad_input, whole.error());
  const auto now = parts_.clock.now();
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(now));
  auto month = day + std::chrono::months(1);
  if (!month.ok()) month = month.year() / month.month() / std::chrono::last;
  const Time month_later = std::chrono::sys_days(month);
  const std::string due = to_date(std::min<Time>(now + std::chrono::days(30), month_later));
  json::object fields{{"request_id", make_uuid(parts_.random)}, {"request_type", type}, {"requested_by", call.session->person.login.text()},
                      {"channel", "APP"}, {"text", text}, {"received_at", to_utc(now)}, {"due", due}};
  const auto kept = co_await parts_.journal.keep("rights_request", std::move(fields));
  if (!kept) co_return refusal(PageFault::journal_failed, kept.error());
  if (const auto stored = parts_.page_store.add_rights_request({now, call.session->person.login, std::string(type), text, due}); !stored)
    co_return refusal(PageFault::internal, stored.error());
  act(call, "rights_request", "", std::string(type));
  co_return answer({{"due", due}});
}

}  // namespace pontlevis::agent
