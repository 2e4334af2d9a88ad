#include "gateway/cli.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>

#include "gateway/admin_call.hpp"
#include "gateway/backup/restore.hpp"
#include "gateway/cli_memory.hpp"
#include "gateway/commands/all.hpp"
#include "gateway/init.hpp"
#include "gateway/serve.hpp"
#include "protocol/io/system.hpp"
#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

// What every verb has in common.
struct Common {
  std::string data = "/var/lib/pontlevis/gateway";
  std::string config;
  bool as_json = false;
  OptionTexts flags;  // the table's own
  const char* const* environment = nullptr;

  DataFolder folder() const { return {std::filesystem::path(data)}; }
  std::function<Result<Options>()> reader() const {
    const std::filesystem::path file = config.empty() ? folder().config() : std::filesystem::path(config);
    return [file, flags = flags, env = environment] { return Options::read(file, flags, env); };
  }
};

int print_error(const Error& error, bool as_json) {
  const json::object inner{{"what", error.what}, {"where", error.where}, {"hint", error.hint}};
  if (as_json) std::cout << json::serialize(json::object{{"error", inner}}) << "\n";
  else std::cerr << "pontlevis-gateway: " << error.text() << "\n";
  return error.code == Errc::bad_input ? 2 : 1;
}

std::string shown(const json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (!value.is_array()) return json::serialize(value);
  std::string out;
  for (const auto& item : value.get_array()) out += (out.empty() ? "" : ",") + shown(item);
  return out;
}

// A list becomes a table with the members `columns`; anything else one line per member.
void print_answer(const json::object& answer, const std::vector<std::string>& columns) {
  const auto& first = *answer.begin();
  if (columns.empty() || !first.value().is_array()) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& member : answer) rows.push_back({std::string(member.key()), shown(member.value())});
    std::cout << print_table(rows);
    return;
  }
  std::vector<std::vector<std::string>> rows(1);
  for (auto heading : columns) {
    for (char& c : heading) c = c == '_' ? ' ' : (c >= 'a' && c <= 'z') ? static_cast<char>(c - 'a' + 'A') : c;
    rows[0].push_back(std::move(heading));
  }
  for (const auto& item : first.value().get_array()) {
    rows.emplace_back();
    for (const auto& column : columns) {
      const auto* value = item.get_object().if_contains(column);
      rows.back().push_back(value ? shown(*value) : "");
    }
  }
  std::cout << print_table(rows);
}

// One noun with a verb: its request, and how the answer is shown.
int call(const Common& common, const json::object& request, const std::vector<std::string>& columns = {}) {
  const auto answer = admin_call(common.folder(), common.reader(), request);
  if (!answer) return print_error(answer.error(), common.as_json);
  if (common.as_json) std::cout << json::serialize(*answer) << "\n";
  else print_answer(*answer, columns);
  return 0;
}

class Cli {
 public:
  explicit Cli(const char* const* environment) : app_("pontlevis-gateway: asks practices, records, relays. It cannot open one.") {
    common_.environment = environment;
    app_.require_subcommand(1);
    app_.set_help_all_flag("--help-all");
    add_running();
    add_init();
    add_practices();
    add_technicians();
    add_agents();
    add_users();
    for (const auto& row : memory_cli_rows()) add_memory_row(row);
    add_restore();
  }

  int run(int argc, char** argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
      return app_.exit(e) == 0 ? 0 : 2;
    }
    return act_ ? act_() : 2;
  }

 private:
  CLI::App* verb(CLI::App& parent, const std::string& name, const std::string& about, std::function<int()> act) {
    auto* out = parent.add_subcommand(name, about);
    out->add_option("--data", common_.data, "the data folder")->capture_default_str();
    out->add_option("--config", common_.config, "gateway.toml; DATA/gateway.toml when not given");
    out->add_flag("--json", common_.as_json, "answer as JSON");
    out->callback([this, act = std::move(act)] { act_ = act; });
    return out;
  }

  void add_table_flags(CLI::App& to) {
    for (const auto& rule : option_table) {
      if (rule.key == "vendor.name") continue;
      to.add_option_function<std::string>(
          flag_name(rule.key), [this, key = std::string(rule.key)](const std::string& value) { common_.flags[key] = value; },
          std::string(rule.comment) + " [" + std::string(rule.initial) + "]");
    }
  }

  void add_running() {
    add_table_flags(*verb(app_, "serve", "run the gateway until SIGTERM", [this] {
      const auto served = serve(common_.folder(), common_.reader());
      return served ? 0 : print_error(served.error(), common_.as_json);
    }));
    add_table_flags(*verb(app_, "check", "say whether configuration and data are sound", [this] { return run_check(); }));
    verb(app_, "healthcheck", "say whether the serving gateway is ready", [this] {
      const auto good = healthcheck(common_.folder());
      if (!good) return print_error(good.error(), common_.as_json);
      std::cout << (common_.as_json ? "{\"ready\":true}\n" : "ready\n");
      return 0;
    });
    verb(app_, "renew-certificate", "make a new server certificate; SIGHUP takes it up", [this] {
      io::SystemRandom random;
      const auto renewed = renew_server_certificate(common_.folder(), SystemClock(), random);
      return renewed ? 0 : print_error(renewed.error(), common_.as_json);
    });
    verb(app_, "version", "print the version", [this] {
      std::cout << (common_.as_json ? "{\"version\":\"" PONTLEVIS_VERSION "\"}\n" : "pontlevis-gateway " PONTLEVIS_VERSION "\n");
      return 0;
    });
  }

  int run_check() {
    const auto lines = check(common_.folder(), common_.reader());
    if (!lines) return print_error(lines.error(), common_.as_json);
    if (common_.as_json) std::cout << json::serialize(json::object{{"sound", texts_json(*lines)}}) << "\n";
    for (const auto& line : *lines)
      if (!common_.as_json) std::cout << line << "\n";
    return 0;
  }

  void add_init() {
    auto* init = verb(app_, "init", "make a gateway's data folder: keys, certificates, log, gateway.toml", [this] { return run_init(); });
    init->add_option("--vendor", vendor_, "the vendor's name, as practices read it")->required();
    init->add_option("--domain", init_.domain, "names the log audit.<domain>/<log-name>")->required();
    init->add_option("--log-name", init_.log_name, "last part of the log's name")->capture_default_str();
    init->add_option("--staff-vkey", file_, "file with the public half of the offline staff key")->required();
    init->add_option("--host", init_.hosts, "a name or address of this gateway; once for each")->required();
    add_table_flags(*init);
  }

  int run_init() {
    const auto vkey = io::read_file(file_, 4096);
    if (!vkey) return print_error(vkey.error(), common_.as_json);
    init_.folder = common_.folder();
    init_.staff_vkey = *vkey;
    init_.options = common_.flags;
    init_.options["vendor.name"] = vendor_;
    init_.options.try_emplace("public.ssh_host", init_.hosts.front());
    io::SystemRandom random;
    const auto made = init_gateway(init_, SystemClock(), random);
    if (!made) return print_error(made.error(), common_.as_json);
    const json::object answer{{"data", common_.data}, {"config", init_.folder.config().string()}, {"trust", init_.folder.trust().string()}};
    if (common_.as_json) std::cout << json::serialize(answer) << "\n";
    else print_answer(answer, {});
    return 0;
  }

  // A file's text as member `name`, or the error printed.
  int call_with_file(json::object request, const char* name, const std::string& path) {
    const auto text = io::read_file(path, 64 * 1024);
    if (!text) return print_error(text.error(), common_.as_json);
    request[name] = *text;
    return call(common_, request);
  }

  void add_practices() {
    auto* practice = app_.add_subcommand("practice", "the practices this gateway serves")->require_subcommand(1);
    auto* add = verb(*practice, "add", "a new practice and its contract", [this] {
      const json::object request{{"verb", "practice add"}, {"id", id_}, {"name", name_}, {"contract", contract_},
                                 {"valid_from", from_}, {"valid_until", until_}, {"hosting", hosting_}};
      return call(common_, request);
    });
    add->add_option("id", id_, "its code, without a person's name")->required();
    add->add_option("--name", name_, "its name")->required();
    add->add_option("--contract", contract_, "reference of the contract")->required();
    add->add_option("--valid-from", from_, "first day, 2026-01-31")->required();
    add->add_option("--valid-until", until_, "last day")->required();
    add->add_option("--hosting", hosting_, "LOCAL or HDS")->capture_default_str();
    const std::vector<std::string> columns{"practice", "name", "contract", "valid_until", "contract_valid", "enrolled", "connected", "systems"};
    verb(*practice, "list", "every practice", [this, columns] { return call(common_, {{"verb", "practice list"}}, columns); });
    auto* show = verb(*practice, "show", "one practice", [this, columns] {
      return call(common_, json::object{{"verb", "practice show"}, {"id", id_}}, columns);
    });
    show->add_option("id", id_, "its code")->required();

    auto* code = app_.add_subcommand("code", "enrolment codes")->require_subcommand(1);
    auto* import = verb(*code, "add", "import a permit signed by the staff key", [this] {
      return call_with_file({{"verb", "code add"}}, "note", file_);
    });
    import->add_option("file", file_, "code.note of pontlevis-certs")->required();
  }

  void add_technicians() {
    auto* technician = app_.add_subcommand("technician", "the people who may ask")->require_subcommand(1);
    auto* add = verb(*technician, "add", "a person by staff card, or a new card for one", [this] { return add_technician(); });
    add->add_option("--card", file_, "the staff card's note")->required();
    add->add_option("--totp-secret-file", secret_file_, "base32 secret of the person's authenticator app; made here when not given");
    const std::vector<std::string> columns{"login", "name", "employer", "country", "valid", "locked", "expires_at", "why"};
    verb(*technician, "list", "every technician", [this, columns] { return call(common_, {{"verb", "technician list"}}, columns); });
    auto* revoke = verb(*technician, "revoke", "take up a card's revocation; it goes to every practice", [this] {
      return call_with_file({{"verb", "technician revoke"}}, "revocation", file_);
    });
    revoke->add_option("--revocation", file_, "the note signed by the staff key")->required();
  }

  int add_technician() {
    json::object request{{"verb", "technician add"}};
    if (!secret_file_.empty()) {
      const auto secret = io::read_secret_file(secret_file_, 256);
      if (!secret) return print_error(secret.error(), common_.as_json);
      auto text = secret->expose();
      while (text.ends_with('\n')) text.remove_suffix(1);
      request["totp_secret"] = text;
    }
    return call_with_file(std::move(request), "card", file_);
  }

  void add_agents() {
    auto* agent = app_.add_subcommand("agent", "the practices' agents")->require_subcommand(1);
    const std::vector<std::string> columns{"practice", "name", "enrolled", "connected", "systems"};
    verb(*agent, "list", "every agent and its link", [this, columns] { return call(common_, {{"verb", "agent list"}}, columns); });
    auto* revoke = verb(*agent, "revoke", "end its link at once and refuse its certificate", [this] {
      return call(common_, json::object{{"verb", "agent revoke"}, {"id", id_}});
    });
    revoke->add_option("practice", id_, "the practice's code")->required();
    auto* list = verb(app_, "interventions", "the newest interventions", [this] {
      return call(common_, json::object{{"verb", "interventions"}, {"limit", limit_}},
                  {"intervention", "system", "state", "ticket", "requested_at"});
    });
    list->add_option("--limit", limit_, "how many")->capture_default_str();
  }

  // ---- accounts of the console ----

  // A file's one line as member `name`, when a file was given. False: the error is printed.
  bool put_secret(json::object& request, const char* name, const std::string& path) {
    if (path.empty()) return true;
    const auto secret = io::read_secret_file(path, 256);
    if (!secret) return print_error(secret.error(), common_.as_json), false;
    auto text = secret->expose();
    while (text.ends_with('\n')) text.remove_suffix(1);
    request[name] = text;
    return true;
  }

  int call_with_secrets(json::object request) {
    if (!put_secret(request, "password", password_file_) || !put_secret(request, "totp_secret", secret_file_)) return 1;
    return call(common_, request);
  }

  int add_user() {
    json::object request{{"verb", "user add"}, {"login", id_}, {"role", role_}};
    if (!name_.empty()) request["name"] = name_;
    if (!until_.empty()) request["until"] = until_;
    return call_with_secrets(std::move(request));
  }

  void add_secret_files(CLI::App& to) {
    to.add_option("--password-file", password_file_, "the person's password; made here, and to be changed, when not given");
    to.add_option("--totp-secret-file", secret_file_, "base32 secret of the person's authenticator app; made here when not given");
  }

  void add_users() {
    auto* user = app_.add_subcommand("user", "accounts of the console")->require_subcommand(1);
    auto* add = verb(*user, "add", "an account; a technician's is the card's", [this] { return add_user(); });
    add->add_option("--login", id_, "its name; a technician's as on the card")->required();
    add->add_option("--name", name_, "first and last name; a technician's is on the card");
    add->add_option("--role", role_, "technician, administrator, compliance or auditor")->required();
    add->add_option("--until", until_, "its last day, 2027-01-31; an auditor needs one");
    add_secret_files(*add);
    const std::vector<std::string> columns{"login", "name", "role", "created_at", "until", "locked", "oidc_subject"};
    verb(*user, "list", "every account", [this, columns] { return call(common_, {{"verb", "user list"}}, columns); });
    auto* reset = verb(*user, "reset", "new secrets; sessions, passkeys and tokens end", [this] {
      return call_with_secrets({{"verb", "user reset"}, {"login", id_}});
    });
    reset->add_option("login", id_, "whose")->required();
    add_secret_files(*reset);
    auto* link = verb(*user, "link", "who this person is at the identity provider", [this] {
      return call(common_, {{"verb", "user link"}, {"login", id_}, {"subject", name_.empty() ? json::value(nullptr) : json::value(name_)}});
    });
    link->add_option("login", id_, "whose")->required();
    link->add_option("--subject", name_, "`sub` of the provider's tokens; nobody when not given");
    auto* remove = verb(*user, "remove", "end an account", [this] { return call(common_, {{"verb", "user remove"}, {"login", id_}}); });
    remove->add_option("login", id_, "whose")->required();
  }

  // ---- the memory: a table says what each verb asks ----

  CLI::App& noun_of(const CliRow& row) {
    if (row.noun.empty()) return app_;
    for (auto* known : app_.get_subcommands([](CLI::App*) { return true; }))
      if (known->get_name() == row.noun) return *known;
    return *app_.add_subcommand(row.noun, row.about)->require_subcommand(1);
  }

  void add_memory_row(const CliRow& row) {
    auto* to = verb(noun_of(row), row.verb, row.about, [this, &row] { return ask_memory(row); });
    for (const auto& option : row.options) {
      const auto key = row.noun + " " + row.verb + " " + option.member;
      if (option.kind == CliOption::Kind::flag) {
        to->add_flag_callback(option.name, [this, key] { given_[key] = "yes"; }, option.about);
        continue;
      }
      auto* added = to->add_option_function<std::string>(option.name, [this, key](const std::string& value) { given_[key] = value; }, option.about);
      if (option.required) added->required();
    }
  }

  // ---- the bad day: there is no gateway yet to ask ----

  void add_restore() {
    auto* to = verb(app_, "restore", "a gateway from its backup, into the empty folder --data", [this] { return run_restore(); });
    to->add_option("--from", file_, "pontlevis-data-….tar.gz.age")->required();
    to->add_option("--keys", secret_file_, "pontlevis-keys-….tar.gz.age; without it no personal field of the log can be read again");
    to->add_option("--identity", password_file_, "file with the recovery key's secret half")->required();
    to->add_option("--destructions", name_, "destructions.json, the newest there is: what went after the backup goes again");
  }

  int run_restore() {
    const auto path = [](const std::string& text) { return text.empty() ? std::nullopt : std::optional<std::filesystem::path>(text); };
    const RestoreRequest request{file_, path(secret_file_), password_file_, path(name_), common_.folder()};
    io::SystemRandom random;
    const auto done = restore(request, SystemClock(), random);
    if (!done) return print_error(done.error(), common_.as_json);
    const json::object answer{{"restored", common_.data}, {"made_at", done->made_at}, {"sha256", done->sha256}, {"log_size", done->log_size}, {"with_keys", done->with_keys},
                              {"destroyed_again", done->replayed}, {"interventions_stripped", done->rows}, {"log", done->verified},
                              {"next", "start it: it asks the practices before it records anything; repeat what was revoked since the backup"}};
    if (common_.as_json) std::cout << json::serialize(answer) << "\n";
    else print_answer(answer, {});
    return 0;
  }

  Result<json::value> member_of(const CliOption& option, const std::string& given) const {
    if (option.kind == CliOption::Kind::flag) return json::value(true);
    if (option.kind == CliOption::Kind::file) {
      PL_TRY(content, io::read_file(given, 1 << 20));
      return json::value(content);
    }
    if (option.kind == CliOption::Kind::text) return json::value(given);
    const auto number = parse_decimal(given, INT64_MAX);
    if (!number) return fail(Errc::bad_input, "is not a whole number", option.name);
    return json::value(*number);
  }

  int ask_memory(const CliRow& row) {
    json::object request{{"verb", row.noun.empty() ? row.verb : row.noun + " " + row.verb}};
    for (const auto& option : row.options) {
      const auto at = given_.find(row.noun + " " + row.verb + " " + option.member);
      if (at == given_.end()) continue;
      auto value = member_of(option, at->second);
      if (!value) return print_error(value.error(), common_.as_json);
      request[option.member] = *std::move(value);
    }
    return call(common_, request, row.columns);
  }

  std::map<std::string, std::string> given_;
  Common common_;
  CLI::App app_;
  std::function<int()> act_;
  InitRequest init_;
  std::string vendor_, file_, secret_file_, password_file_, id_, name_, role_, contract_, from_, until_, hosting_ = "LOCAL";
  int limit_ = 50;
};

}  // namespace

int run_cli(int argc, char** argv, const char* const* environment) {
  Cli cli(environment);
  return cli.run(argc, argv);
}

}  // namespace pontlevis::gateway
