#include "agent/desk_commands.hpp"

#include <pwd.h>

#include "protocol/json_values.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::agent {
namespace {

// Who sits at the machine, as the operating system knows them.
std::string person_at(const io::PeerUser& peer) {
  std::array<char, 2048> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(peer.uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found) return std::string("local user ") + found->pw_name;
  return "local user " + std::to_string(peer.uid);
}

std::string optional_id(StrictObject& in) { return in.has("id") ? in.text("id", 0, 36) : std::string{}; }

Result<Login> login_of(StrictObject& in, const char* name) {
  auto login = in.id<Login>(name);
  if (!login) return std::unexpected(in.finish().error());
  return *std::move(login);
}

json::object password_json(const ShownPassword& shown) {
  return {{"login", shown.login.text()}, {"name", shown.name}, {"password", shown.text.expose()}};
}

Result<Choice> read_choice(StrictObject& in, Language language) {
  Choice out;
  out.language = language;
  if (in.has("minutes")) out.minutes = static_cast<int>(in.integer("minutes", 1, 480));
  if (in.has("without")) out.dropped_tools = in.texts("without", 0, 16, 72);
  if (in.has("view_only")) out.view_only = in.boolean("view_only");
  if (in.has("record")) out.record = in.boolean("record");
  if (in.has("unwatched") && in.boolean("unwatched")) out.watch = Watch::not_watched;
  return out;
}

}  // namespace

io::ControlHandler DeskCommands::handler() {
  return [this](json::object request, io::PeerUser peer, io::ReplyStream& lines) {
    return run_and_wipe(std::move(request), peer, lines);
  };
}

io::Awaitable<DeskCommands::Answer> DeskCommands::run_and_wipe(json::object request, io::PeerUser peer, io::ReplyStream& lines) {
  auto answer = co_await run(request, peer, lines);
  wipe_texts(request);
  co_return answer;
}

io::Awaitable<DeskCommands::Answer> DeskCommands::run(const json::object& request, io::PeerUser peer, io::ReplyStream& lines) {
  StrictObject in(request, "command");
  const std::string command = in.text("command", 1, 40);
  if (command == "status") co_return co_await status(in);
  if (command == "requests") co_return co_await requests(in, lines);
  if (command == "show") co_return co_await show(in);
  if (command == "approve") co_return co_await approve(in);
  if (command == "refuse") co_return co_await refuse(in);
  if (command == "accept") co_return co_await accept(in);
  if (command == "typist") co_return co_await typist(in, person_at(peer));
  if (command == "stop" || command == "pause" || command == "resume") co_return co_await act(in, command, person_at(peer));
  if (command == "code") co_return co_await code(in);
  if (command == "watch") co_return co_await watch(in, lines);
  if (command == "alarm_show") co_return co_await alarm_show(in);
  if (command == "alarm_clear") co_return co_await alarm_clear(in);
  if (command == "approver_add" || command == "approver_remove" || command == "approver_list")
    co_return co_await team_command(in, command, person_at(peer));
  co_return fail(Errc::bad_input, "unknown command " + printable(command, 40), "agent.sock");
}

io::Awaitable<DeskCommands::Answer> DeskCommands::status(StrictObject& in) {
  PL_CO_CHECK(in.finish());
  co_return bridge_.status();
}

io::Awaitable<DeskCommands::Answer> DeskCommands::alarm_show(StrictObject& in) {
  PL_CO_CHECK(in.finish());
  co_return bridge_.witness_watch().evidence_file();
}

// An explicit act of an owner, at the practice's machine, after reading: the number read goes with it, so that
// nothing that came meanwhile is waved through (docs/decisions/0018).
io::Awaitable<DeskCommands::Answer> DeskCommands::alarm_clear(StrictObject& in) {
  PL_CO_TRY(login, login_of(in, "as"));
  Secret password = in.secret("password", 1, 256);
  const auto read = static_cast<std::size_t>(in.integer("read", 1, 1 << 20));
  auto why = in.text("why", 10, 300);
  PL_CO_CHECK(in.finish());
  PL_CO_TRY(person, co_await team_.sign_in(std::move(login), std::move(password)));
  if (person.role != ApproverRole::owner) co_return fail(Errc::not_allowed, "only an owner of the practice may clear the alarm", "alarm clear");
  const audit::Clearing clearing{read, person.login.text(), std::move(why)};
  PL_CO_CHECK(bridge_.clear_alarm(clearing));
  co_return json::object{{"cleared", read}, {"by", clearing.by}};
}

io::Awaitable<DeskCommands::Answer> DeskCommands::requests(StrictObject& in, io::ReplyStream& lines) {
  const bool watching = in.has("watch") && in.boolean("watch");
  PL_CO_CHECK(in.finish());
  std::optional<json::array> shown;
  for (;;) {
    if (!watching) co_return json::object{{"requests", bridge_.requests()}};
    if (auto now = bridge_.requests(); now != shown) {
      shown = now;
      json::object line{{"requests", std::move(now)}};
      PL_CO_CHECK(co_await lines.send(std::move(line)));
    }
    co_await bridge_.changed();
  }
}

io::Awaitable<DeskCommands::Answer> DeskCommands::show(StrictObject& in) {
  const auto prefix = optional_id(in);
  const auto language = in.has("language") ? in.text("language", 2, 2) : std::string(language_tag(language_));
  PL_CO_CHECK(in.finish());
  PL_CO_TRY(id, bridge_.find(prefix, Phase::requested, Phase::open));
  PL_CO_TRY(pending, bridge_.pending(id));
  const Notice notice = desk_.notice(*pending, language == "en" ? Language::english : Language::french);
  co_return json::object{{"intervention", id.text()}, {"notice", notice.level1}, {"more", notice.level2},
                         {"version", notice.version}, {"host_keys", texts_json(identity_.host_key_fingerprints())}};
}

io::Awaitable<DeskCommands::Answer> DeskCommands::approve(StrictObject& in) {
  const auto prefix = optional_id(in);
  PL_CO_TRY(login, login_of(in, "as"));
  Secret password = in.secret("password", 1, 256);
  PL_CO_TRY(choice, read_choice(in, language_));
  PL_CO_CHECK(in.finish());
  PL_CO_TRY(id, bridge_.find(prefix, Phase::requested, Phase::requested));
  PL_CO_TRY(approver, co_await team_.sign_in(std::move(login), std::move(password)));
  PL_CO_TRY(opened, co_await bridge_.approve(id, std::move(choice), std::move(approver)));
  json::array passwords;
  for (const auto& shown : opened.passwords) passwords.push_back(password_json(shown));
  co_return json::object{{"intervention", id.text()}, {"minutes", opened.minutes}, {"passwords", std::move(passwords)}, {"host_keys", texts_json(identity_.host_key_fingerprints())}};
}

io::Awaitable<DeskCommands::Answer> DeskCommands::refuse(StrictObject& in) {
  const auto prefix = optional_id(in);
  PL_CO_TRY(login, login_of(in, "as"));
  Secret password = in.secret("password", 1, 256);
  std::optional<std::string> why;
  if (in.has("why")) why = in.text("why", 1, 300);
  PL_CO_CHECK(in.finish());
  PL_CO_TRY(id, bridge_.find(prefix, Phase::requested, Phase::requested));
  PL_CO_TRY(approver, co_await team_.sign_in(std::move(login), std::move(password)));
  PL_CO_CHECK(co_await bridge_.refuse(id, std::move(approver), std::move(why)));
  co_return json::object{{"intervention", id.text()}, {"decision", "REFUSED"}};
}

// Stop, pause and resume are one act: no password, no reason (charter 2.4, requirements B14).
io::Awaitable<DeskCommands::Answer> DeskCommands::act(StrictObject& in, std::string command, std::string by) {
  const auto prefix = optional_id(in);
  const auto tool = in.has("tool") && command != "stop" ? in.text("tool", 1, 72) : std::string{};
  PL_CO_CHECK(in.finish());
  PL_CO_TRY(id, bridge_.find(prefix, command == "stop" ? Phase::consented : Phase::open, Phase::open));
  if (command == "stop") PL_CO_CHECK(co_await bridge_.stop(id, std::move(by)));
  if (!tool.empty()) PL_CO_CHECK(bridge_.hold_tool(id, tool, command == "pause", std::move(by)));
  else if (command == "pause") PL_CO_CHECK(bridge_.pause(id, std::move(by)));
  else if (command == "resume") PL_CO_CHECK(bridge_.resume(id, std::move(by)));
  co_return json::object{{"intervention", id.text()}, {"done", command}};
}

io::Awaitable<DeskCommands::Answer> DeskCommands::accept(StrictObject& in) {
  const auto prefix = optional_id(in);
  PL_CO_TRY(login, login_of(in, "as"));
  Secret password = in.secret("password", 1, 256);
  PL_CO_CHECK(in.finish());
  PL_CO_TRY(id, bridge_.find(prefix, Phase::requested, Phase::requested));
  PL_CO_TRY(approver, co_await team_.sign_in(std::move(login), std::move(password)));
  PL_CO_CHECK(co_await bridge_.accept(id, language_, std::move(approver)));
  co_return json::object{{"intervention", id.text()}, {"decision", "ACCEPTED"}};
}

// Who acts, of several operators: an act of the practice like a pause. Without a login: all of them.
io::Awaitable<DeskCommands::Answer> DeskCommands::typist(StrictObject& in, std::string by) {
  const auto prefix = optional_id(in);
  std::optional<Login> who;
  if (in.has("login")) who = in.id<Login>("login");
  PL_CO_CHECK(in.finish());
  PL_CO_TRY(id, bridge_.find(prefix, Phase::open, Phase::open));
  PL_CO_CHECK(bridge_.choose_typist(id, std::move(who), std::move(by)));
  co_return json::object{{"intervention", id.text()}, {"done", "typist"}};
}

io::Awaitable<DeskCommands::Answer> DeskCommands::code(StrictObject& in) {
  const auto prefix = optional_id(in);
  PL_CO_TRY(login, login_of(in, "login"));
  PL_CO_TRY(who, login_of(in, "as"));
  Secret password = in.secret("password", 1, 256);
  PL_CO_CHECK(in.finish());
  PL_CO_TRY(id, bridge_.find(prefix, Phase::open, Phase::open));
  PL_CO_TRY(approver, co_await team_.sign_in(std::move(who), std::move(password)));
  if (approver.role == ApproverRole::observer) co_return fail(Errc::not_allowed, "an observer may watch and stop, never give a password", "code");
  PL_CO_TRY(shown, bridge_.new_password(id, login));
  co_return password_json(shown);
}

io::Awaitable<DeskCommands::Answer> DeskCommands::watch(StrictObject& in, io::ReplyStream& lines) {
  const auto prefix = optional_id(in);
  PL_CO_CHECK(in.finish());
  PL_CO_TRY(id, bridge_.find(prefix, Phase::open, Phase::open));
  PL_CO_TRY(watcher, bridge_.watch(id));
  for (;;) {
    const auto output = co_await watcher->next();
    // A line without output too: whoever has gone is noticed while nothing moves, and is no watcher any more (A38).
    const std::string bytes = output.bytes();
    for (std::size_t at = 0; at == 0 || at < bytes.size(); at += 16384) {
      json::object line{{"output", to_base64(std::string_view(bytes).substr(at, 16384))}, {"skipped", at == 0 ? output.skipped() : 0}};
      PL_CO_CHECK(co_await lines.send(std::move(line)));
    }
    if (output.ended) co_return json::object{{"intervention", id.text()}, {"ended", true}};
  }
}

io::Awaitable<DeskCommands::Answer> DeskCommands::team_command(StrictObject& in, std::string command, std::string by) {
  if (command == "approver_list") {
    PL_CO_CHECK(in.finish());
    PL_CO_TRY(members, team_.list());
    json::array out;
    for (const auto& m : members)
      out.push_back(json::object{{"login", m.login.text()}, {"name", m.name}, {"role", word(m.role)}, {"added_at", to_utc(m.added_at)},
                                 {"removed_at", m.removed_at ? json::value(to_utc(*m.removed_at)) : json::value(nullptr)}});
    co_return json::object{{"approvers", std::move(out)}};
  }
  PL_CO_TRY(login, login_of(in, "login"));
  if (command == "approver_remove") {
    PL_CO_CHECK(in.finish());
    PL_CO_CHECK(co_await team_.remove(login, std::move(by)));
    co_return json::object{{"removed", login.text()}};
  }
  auto name = in.text("name", 3, 200);
  const auto role = static_cast<ApproverRole>(in.choice("role", Spelling<ApproverRole>::words));
  Secret password = in.secret("password", 1, 256);
  PL_CO_CHECK(in.finish());
  PL_CO_CHECK(co_await team_.add(login, std::move(name), role, std::move(password), std::move(by)));
  co_return json::object{{"added", login.text()}};
}

}  // namespace pontlevis::agent
