// pontlevis-agent: the practice's side. Each verb is one function below; those that concern a running
// agent speak to it over DATA/agent.sock. Exit status: 0 done, 1 refused or failed, 2 wrong usage.
#include <CLI/CLI.hpp>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>
#include <cstdio>
#include <iostream>

#include "agent/agent.hpp"
#include "agent/enroll.hpp"
#include "agent/terminal_ui.hpp"
#include "audit/evidence.hpp"
#include "protocol/io/control/control_client.hpp"
#include "protocol/io/system.hpp"
#include "protocol/text.hpp"

extern char** environ;

namespace pontlevis::agent {
namespace {

namespace json = boost::json;

struct Arguments {
  std::string data = "/var/lib/pontlevis/agent";
  std::string config;
  std::string language = "fr";
  bool json = false;
  std::string id, login, tool, as, name, role = "OWNER", password_file, why, code, gateway, practice;
  std::vector<std::string> without;
  std::string out;
  int minutes = 0;
  int read = 0;
  bool view_only = false, unwatched = false, record = false, notify = false, watch = false, more = false;
  io::OptionTexts flags;
};

Language language_of(const Arguments& a) { return a.language == "en" ? Language::english : Language::french; }

int failed(const Error& error, int status = 1) {
  std::fprintf(stderr, "pontlevis-agent: %s\n", error.text().c_str());
  return status;
}

Result<Config> config_of(const Arguments& a) {
  const std::filesystem::path file = a.config.empty() ? std::filesystem::path(a.data) / "agent.toml" : std::filesystem::path(a.config);
  return Config::read(file, a.flags, environ);
}

Result<json::object> call(const Arguments& a, const json::object& command, const std::function<void(const json::object&)>& on_line = {}) {
  auto answer = io::control_call(std::filesystem::path(a.data) / "agent.sock", command, on_line);
  if (!answer && answer.error().code == Errc::unavailable) answer.error().hint = "is the agent running? pontlevis-agent serve --data " + a.data;
  return answer;
}

// One command, one answer: `show` prints it for a person unless --json.
int say(const Arguments& a, const json::object& command, void (*show)(const json::object&, Language)) {
  const auto answer = call(a, command);
  if (!answer) return failed(answer.error());
  if (a.json) std::puts(json::serialize(*answer).c_str());
  else show(*answer, language_of(a));
  return 0;
}

Result<json::object> signed_in(const Arguments& a, json::object command) {
  PL_TRY(password, ask_password(a.password_file, language_of(a) == Language::french ? "Mot de passe de " + a.as + " : " : "Password of " + a.as + ": "));
  command.emplace("as", a.as);
  command.emplace("password", password.expose());
  return command;
}

int enroll_verb(const Arguments& a) {
  auto code_text = a.code.empty() ? ask_password("", "Code: ") : io::read_secret_file(a.code);
  if (!code_text) return failed(code_text.error());
  const auto shown = code_text->expose();
  auto code = certs::EnrolmentCode::parse(shown.substr(0, shown.find('\n')));
  auto practice = PracticeId::parse(a.practice);
  auto gateway = GatewayAddress::parse(a.gateway);
  if (!code) return failed(code.error(), 2);
  if (!practice) return failed(practice.error(), 2);
  if (!gateway) return failed(gateway.error(), 2);
  io::SystemRandom random;
  if (auto made = io::make_private_folder(a.data); !made) return failed(made.error());
  const auto done = enroll({a.data, *practice, *gateway, *std::move(code)}, random);
  if (!done) return failed(done.error());
  const auto config = std::filesystem::path(a.data) / "agent.toml";
  if (!std::filesystem::exists(config))
    if (auto written = io::write_file(config, io::commented_options(option_table, {}), io::FileMode::owner_only); !written) return failed(written.error());
  std::printf(language_of(a) == Language::french ? "Le cabinet %s est inscrit.\n" : "The practice %s is enrolled.\n", a.practice.c_str());
  return 0;
}

int serve_verb(const Arguments& a) {
  const auto config = config_of(a);
  if (!config) return failed(config.error(), 2);
  const auto served = serve(a.data, *config);
  return served ? 0 : failed(served.error());
}

int check_verb(const Arguments& a) {
  const auto config = config_of(a);
  if (!config) return failed(config.error(), 2);
  const auto checked = check(a.data, *config);
  if (!checked) return failed(checked.error());
  std::puts(language_of(a) == Language::french ? "Tout est en ordre." : "All is in order.");
  return 0;
}

int healthcheck_verb(const Arguments& a) {
  const auto status = call(a, {{"command", "status"}});
  if (!status) return failed(status.error());
  return status->at("journal").as_string() == "OK" && !status->at("alarm").as_bool() ? 0 : 1;
}

// On the desktop of the person who runs this: the agent itself may have none.
void notify_desktop(std::string text) {
  std::string program = "notify-send", name = "--app-name=Pontlevis", urgency = "--urgency=critical", title = "Pontlevis";
  char* argv[] = {program.data(), name.data(), urgency.data(), title.data(), text.data(), nullptr};
  pid_t pid = 0;
  if (::posix_spawnp(&pid, argv[0], nullptr, nullptr, argv, environ) == 0) ::waitpid(pid, nullptr, 0);
  else std::fputs("pontlevis-agent: notify-send cannot be started\n  hint: apt-get install libnotify-bin\n", stderr);
}

int requests_verb(const Arguments& a) {
  std::set<std::string> known;
  const auto show = [&](const json::object& o) {
    bool news = false;
    for (const auto& request : o.at("requests").as_array()) news = known.insert(std::string(request.at("intervention").as_string())).second || news;
    if (a.json) std::puts(json::serialize(o).c_str());
    else {
      if (a.watch && news) std::putchar('\a');  // the terminal's bell
      print_requests(o.at("requests").as_array(), language_of(a));
    }
    std::fflush(stdout);
    if (a.notify && news) notify_desktop(language_of(a) == Language::french ? "Une demande d'accès attend votre décision." : "A request for access waits for your decision.");
  };
  json::object command{{"command", "requests"}};
  if (a.watch) command.emplace("watch", true);
  const auto answer = call(a, command, show);
  if (!answer) return failed(answer.error());
  show(*answer);
  return 0;
}

int show_verb(const Arguments& a) {
  const auto answer = call(a, {{"command", "show"}, {"id", a.id}, {"language", a.language}});
  if (!answer) return failed(answer.error());
  if (a.json) std::puts(json::serialize(*answer).c_str());
  else print_notice(*answer, a.more, language_of(a));
  return 0;
}

int approve_verb(const Arguments& a) {
  json::object command{{"command", "approve"}, {"id", a.id}};
  if (a.minutes > 0) command.emplace("minutes", a.minutes);
  if (!a.without.empty()) command.emplace("without", json::value_from(a.without));
  if (a.view_only) command.emplace("view_only", true);
  if (a.unwatched) command.emplace("unwatched", true);
  if (a.record) command.emplace("record", true);
  auto with = signed_in(a, std::move(command));
  return with ? say(a, *with, print_opened) : failed(with.error());
}

int refuse_verb(const Arguments& a) {
  json::object command{{"command", "refuse"}, {"id", a.id}};
  if (!a.why.empty()) command.emplace("why", a.why);
  auto with = signed_in(a, std::move(command));
  if (!with) return failed(with.error());
  return say(a, *with, [](const json::object&, Language l) { std::puts(l == Language::french ? "Refusé. Rien n'a été ouvert." : "Refused. Nothing was opened."); });
}

int accept_verb(const Arguments& a) {
  auto with = signed_in(a, {{"command", "accept"}, {"id", a.id}});
  if (!with) return failed(with.error());
  return say(a, *with, [](const json::object&, Language l) {
    std::puts(l == Language::french ? "La date est acceptée. Rien n'est ouvert : vous l'ouvrirez vous-même, avec approve."
                                    : "The date is accepted. Nothing is open: you open it yourself then, with approve.");
  });
}

int typist_verb(const Arguments& a) {
  json::object command{{"command", "typist"}, {"id", a.id}};
  if (!a.login.empty() && a.login != "all") command.emplace("login", a.login);
  return say(a, command, [](const json::object&, Language l) { std::puts(l == Language::french ? "C'est fait." : "Done."); });
}

int act_verb(const Arguments& a, const char* act) {
  json::object command{{"command", act}, {"id", a.id}};
  if (!a.tool.empty()) command.emplace("tool", a.tool);
  return say(a, command, [](const json::object& o, Language l) {
    const bool fr = l == Language::french;
    const std::string_view done = o.at("done").as_string();
    std::puts(done == "stop" ? (fr ? "Arrêté : l'accès est coupé." : "Stopped: access is cut.")
              : done == "pause" ? (fr ? "En pause : plus rien n'arrive." : "Paused: nothing arrives any more.")
                                : (fr ? "Repris." : "Resumed."));
  });
}

// The evidence as one file anybody can verify, and in words.
int alarm_show_verb(const Arguments& a) {
  const auto answer = call(a, {{"command", "alarm_show"}});
  if (!answer) return failed(answer.error());
  const auto text = json::serialize(*answer) + "\n";
  if (!a.out.empty())
    if (auto written = io::write_file(a.out, text, io::FileMode::owner_only); !written) return failed(written.error());
  if (a.json) return std::fputs(text.c_str(), stdout), 0;
  const auto check = audit::verify_evidence(text);
  if (!check) return failed(check.error());
  const bool fr = language_of(a) == Language::french;
  std::fputs(audit::print_evidence(*check, fr).c_str(), stdout);
  std::printf(fr ? "\nPour continuer malgré cela, un responsable du cabinet : pontlevis-agent alarm clear --as NOM --read %zu --why \"…\"\n"
                 : "\nTo go on in spite of it, an owner of the practice: pontlevis-agent alarm clear --as NAME --read %zu --why \"…\"\n",
              check->items.size());
  return 0;
}

int alarm_clear_verb(const Arguments& a) {
  auto with = signed_in(a, {{"command", "alarm_clear"}, {"read", a.read}, {"why", a.why}});
  if (!with) return failed(with.error());
  return say(a, *with, [](const json::object&, Language l) {
    std::puts(l == Language::french ? "L'alerte est levée, à votre nom. Les preuves restent." : "The alarm is cleared, in your name. The evidence stays.");
  });
}

int code_verb(const Arguments& a) {
  auto with = signed_in(a, {{"command", "code"}, {"id", a.id}, {"login", a.login}});
  return with ? say(a, *with, print_code) : failed(with.error());
}

int watch_verb(const Arguments& a) {
  const auto show = [](const json::object& line) {
    if (line.at("skipped").to_number<std::uint64_t>() > 0) std::printf("\r\n[… %s]\r\n", json::serialize(line.at("skipped")).c_str());
    if (const auto bytes = from_base64(std::string_view(line.at("output").as_string()))) std::fwrite(bytes->data(), 1, bytes->size(), stdout);
    std::fflush(stdout);
  };
  const auto answer = call(a, {{"command", "watch"}, {"id", a.id}}, show);
  return answer ? 0 : failed(answer.error());
}

int approver_verb(const Arguments& a, const char* command) {
  json::object request{{"command", command}};
  if (std::string_view(command) != "approver_list") request.emplace("login", a.login);
  if (std::string_view(command) == "approver_add") {
    auto password = ask_password(a.password_file, language_of(a) == Language::french ? "Nouveau mot de passe : " : "New password: ");
    if (!password) return failed(password.error());
    request.emplace("name", a.name);
    request.emplace("role", a.role);
    request.emplace("password", password->expose());
  }
  return say(a, request, [](const json::object& o, Language) { std::puts(json::serialize(o).c_str()); });
}

void add_common(CLI::App& verb, Arguments& a) {
  verb.add_option("--data", a.data, "the agent's folder")->capture_default_str();
  verb.add_option("--lang", a.language, "fr or en")->check(CLI::IsMember({"fr", "en"}))->capture_default_str();
  verb.add_flag("--json", a.json, "for scripts");
}

void add_deciding(CLI::App& verb, Arguments& a) {
  verb.add_option("--as", a.as, "your name in the team")->required();
  verb.add_option("--password-file", a.password_file, "a file only you can read; otherwise it is asked for");
}

int run(int argc, char** argv) {
  Arguments a;
  int status = 0;
  CLI::App app("Pontlevis, the practice's side. Closed by default: only the practice opens.", "pontlevis-agent");
  app.require_subcommand(1);
  const auto verb = [&](const char* name, const char* what, std::function<int()> act) {
    auto* sub = app.add_subcommand(name, what);
    add_common(*sub, a);
    sub->callback([&status, act = std::move(act)] { status = act(); });
    return sub;
  };
  auto* enrolling = verb("enroll", "join a gateway, with the code the vendor gave", [&] { return enroll_verb(a); });
  enrolling->add_option("--gateway", a.gateway, "host:port")->required();
  enrolling->add_option("--practice", a.practice, "the practice's short name")->required();
  enrolling->add_option("--code-file", a.code, "a file with the code; otherwise it is asked for");
  auto* serving = verb("serve", "run the agent", [&] { return serve_verb(a); });
  serving->add_option("--config", a.config, "agent.toml; default: in the data folder");
  for (const auto& rule : option_rules)
    serving->add_option_function<std::string>(io::flag_name(rule.key), [&a, key = std::string(rule.key)](const std::string& v) { a.flags[key] = v; }, std::string(rule.comment));
  verb("check", "is everything ready?", [&] { return check_verb(a); })->add_option("--config", a.config, "agent.toml");
  verb("healthcheck", "exit 0 when the running agent is well", [&] { return healthcheck_verb(a); });
  verb("status", "what is open, and for whom", [&] { return say(a, {{"command", "status"}}, print_status); });
  auto* waiting = verb("requests", "what waits for a decision", [&] { return requests_verb(a); });
  waiting->add_flag("--watch", a.watch, "stay, and ring when one arrives");
  waiting->add_flag("--notify", a.notify, "with --watch: also a notification on this desktop");
  auto* showing = verb("show", "read a request in full before deciding", [&] { return show_verb(a); });
  showing->add_option("id", a.id, "its number, or the beginning of it");
  showing->add_flag("--more", a.more, "also « En savoir plus »");
  auto* approving = verb("approve", "agree, and read the password out", [&] { return approve_verb(a); });
  approving->add_option("id", a.id, "its number, or the beginning of it");
  approving->add_option("--minutes", a.minutes, "a shorter time")->check(CLI::Range(1, 480));
  approving->add_option("--without", a.without, "a tool you do not grant");
  approving->add_flag("--view-only", a.view_only, "looking only, nothing changed");
  approving->add_flag("--record", a.record, "keep a recording here, encrypted, for 30 days");
  approving->add_flag("--unwatched", a.unwatched, "let them work while nobody watches; the record says so");
  add_deciding(*approving, a);
  auto* refusing = verb("refuse", "say no; nothing opens", [&] { return refuse_verb(a); });
  refusing->add_option("id", a.id, "its number, or the beginning of it");
  refusing->add_option("--why", a.why, "if you want to give a reason");
  add_deciding(*refusing, a);
  auto* accepting = verb("accept", "a planned date suits; nothing opens", [&] { return accept_verb(a); });
  accepting->add_option("id", a.id, "its number, or the beginning of it");
  add_deciding(*accepting, a);
  for (const char* act : {"stop", "pause", "resume"}) {
    auto* acting = verb(act, "one act, no reason asked", [&a, act] { return act_verb(a, act); });
    acting->add_option("id", a.id, "its number, or the beginning of it");
    if (std::string_view(act) != "stop") acting->add_option("--tool", a.tool, "this tool alone");
  }
  auto* choosing = verb("typist", "choose who acts, of several operators", [&] { return typist_verb(a); });
  choosing->add_option("login", a.login, "one operator, or all")->required();
  choosing->add_option("--id", a.id, "the intervention");
  auto* coding = verb("code", "a new one-time password for one operator", [&] { return code_verb(a); });
  coding->add_option("login", a.login, "the operator")->required();
  coding->add_option("--id", a.id, "the intervention");
  add_deciding(*coding, a);
  verb("watch", "see what is being done, live", [&] { return watch_verb(a); })->add_option("id", a.id, "its number, or the beginning of it");
  auto* alarm = app.add_subcommand("alarm", "the gateway's log was caught: the evidence, and going on");
  alarm->require_subcommand(1);
  auto* telling = alarm->add_subcommand("show", "what the log was caught at");
  add_common(*telling, a);
  telling->add_option("--out", a.out, "write the evidence here, for anybody: pontlevis-audit evidence FILE verifies it");
  telling->callback([&] { status = alarm_show_verb(a); });
  auto* clearing = alarm->add_subcommand("clear", "go on, in an owner's name, after reading");
  add_common(*clearing, a);
  clearing->add_option("--read", a.read, "how many pieces of evidence you have read")->required()->check(CLI::PositiveNumber);
  clearing->add_option("--why", a.why, "why the practice goes on; it is recorded")->required();
  add_deciding(*clearing, a);
  clearing->callback([&] { status = alarm_clear_verb(a); });
  auto* team = app.add_subcommand("approver", "who may decide here");
  team->require_subcommand(1);
  const auto member = [&](const char* name, const char* command) {
    auto* sub = team->add_subcommand(name);
    add_common(*sub, a);
    sub->callback([&status, &a, command] { status = approver_verb(a, command); });
    return sub;
  };
  auto* adding = member("add", "approver_add");
  adding->add_option("login", a.login, "short name")->required();
  adding->add_option("--name", a.name, "real name")->required();
  adding->add_option("--role", a.role, "OWNER, DELEGATE or OBSERVER")->check(CLI::IsMember({"OWNER", "DELEGATE", "OBSERVER"}))->capture_default_str();
  adding->add_option("--password-file", a.password_file, "a file only you can read; otherwise it is asked for");
  member("remove", "approver_remove")->add_option("login", a.login, "short name")->required();
  member("list", "approver_list");
  app.add_subcommand("version", "print the version")->callback([] { std::puts("pontlevis-agent " PONTLEVIS_VERSION); });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }
  return status;
}

}  // namespace
}  // namespace pontlevis::agent

int main(int argc, char** argv) {
  pontlevis::forbid_core_dumps();
  try {
    return pontlevis::agent::run(argc, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "pontlevis-agent: %s\n", e.what());
    return 1;
  }
}
