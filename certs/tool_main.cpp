// pontlevis-certs: the vendor's offline keys, staff cards and enrolment codes, and the agents' authority.
// Exit: 0 done or verified, 1 not verified, 2 could not run.
#include <CLI/CLI.hpp>
#include <iostream>

#include "certs/tool_commands.hpp"
#include "protocol/io/system.hpp"
#include "protocol/secret.hpp"

namespace pontlevis::certs::tool {
namespace {

// One declared verb: options of `a`, and what to run when it was chosen.
CLI::App* verb(CLI::App& noun, const char* name, const char* about, Arguments& a, Verb run, Verb& chosen) {
  auto* c = noun.add_subcommand(name, about);
  c->add_flag("--json", a.as_json, "print JSON");
  c->callback([run, &chosen] { chosen = run; });
  return c;
}

void declare_staff(CLI::App& app, Arguments& a, Verb& chosen) {
  auto* noun = app.add_subcommand("staff", "The offline key that names your people")->require_subcommand(1);
  auto* init = verb(*noun, "init", "Make staff.key and staff.vkey", a, staff_init, chosen);
  init->add_option("--name", a.name, "name of the key, such as staff.vendor.example")->required();
  init->add_option("--out", a.out, "folder, made with mode 0700")->required();
}

void declare_issue(CLI::App& noun, Arguments& a, Verb& chosen) {
  auto* c = verb(noun, "issue", "Sign a staff card", a, card_issue, chosen);
  c->add_option("--staff-key", a.staff_key, "staff.key")->required();
  c->add_option("--login", a.login, "the person's login")->required();
  c->add_option("--name", a.name, "first and last name, as the practice will read it")->required();
  c->add_option("--employer", a.employer, "who employs the person")->required();
  c->add_option("--subprocessor", a.subprocessor, "reference of the sub-processor, when the employer is one");
  c->add_option("--country", a.country, "where the person works from: FR, DE, …")->required();
  c->add_option("--qualification", a.qualification, "what the person is trained for")->required();
  c->add_option("--confidentiality-ref", a.confidentiality_ref, "the signed commitment to confidentiality")->required();
  c->add_option("--confidentiality-date", a.confidentiality_date, "when it was signed")->required();
  c->add_option("--action-limit-ref", a.action_limit_ref, "the signed commitment to limit actions to the need")->required();
  c->add_option("--action-limit-date", a.action_limit_date, "when it was signed")->required();
  c->add_option("--ssh-key", a.ssh_keys, "the person's public key file; may be repeated")->required();
  c->add_option("--expires", a.expires, "last day is the day before this date (default: in one year)");
  c->add_option("--out", a.out, "the card")->required();
}

void declare_card(CLI::App& app, Arguments& a, Verb& chosen) {
  auto* noun = app.add_subcommand("card", "Staff cards: who your people are")->require_subcommand(1);
  declare_issue(*noun, a, chosen);
  verb(*noun, "show", "Print a card, without verifying it", a, card_show, chosen)->add_option("FILE", a.file, "the card")->required();
  auto* verify = verb(*noun, "verify", "Verify a card", a, card_verify, chosen);
  verify->add_option("FILE", a.file, "the card")->required();
  verify->add_option("--staff", a.staff, "the staff key: staff.vkey or its text")->required();
  verify->add_option("--revocations", a.revocations, "what card revoke wrote");
  auto* revoke = verb(*noun, "revoke", "Revoke a card for ever", a, card_revoke, chosen);
  revoke->add_option("--staff-key", a.staff_key, "staff.key")->required();
  revoke->add_option("--card", a.card, "the card")->required();
  revoke->add_option("--reason", a.reason, "why; practices may read it")->required();
  revoke->add_option("--out", a.out, "the list of revocations to add to")->required();
}

void declare_ca(CLI::App& app, Arguments& a, Verb& chosen) {
  auto* noun = app.add_subcommand("ca", "The authority of the agents' and the gateway's TLS certificates")->require_subcommand(1);
  auto* init = verb(*noun, "init", "Make ca.key and ca.pem", a, ca_init, chosen);
  a.name = "Pontlevis agent CA";
  init->add_option("--name", a.name, "name of the authority")->capture_default_str();
  init->add_option("--out", a.out, "folder, made with mode 0700")->required();
  auto* server = verb(*noun, "server", "Issue the gateway's certificate, for one year", a, ca_server, chosen);
  server->add_option("--ca", a.ca, "folder with ca.key and ca.pem")->required();
  server->add_option("--host", a.hosts, "name or address of the gateway; may be repeated")->required();
  server->add_option("--out", a.out, "folder for server.key and server.pem")->required();
  verb(*noun, "show", "Print what a certificate says", a, ca_show, chosen)->add_option("FILE", a.file, "PEM file")->required();
}

void declare_code(CLI::App& app, Arguments& a, Verb& chosen) {
  auto* noun = app.add_subcommand("code", "Enrolment codes: how a practice meets its gateway")->require_subcommand(1);
  auto* issue = verb(*noun, "issue", "Make a code; it is shown once", a, code_issue, chosen);
  issue->add_option("--staff-key", a.staff_key, "staff.key")->required();
  issue->add_option("--trust", a.trust, "trust.json of the gateway")->required();
  issue->add_option("--practice", a.practice, "the practice's name")->required();
  issue->add_option("--out", a.out, "the permit to import at the gateway")->required();
}

void declare_log_successor(CLI::App& app, Arguments& a, Verb& chosen) {
  auto* noun = app.add_subcommand("log-successor", "Which log follows one that lost its past")->require_subcommand(1);
  auto* issue = verb(*noun, "issue", "Sign it; practices accept no other word", a, log_successor_issue, chosen);
  issue->add_option("--staff-key", a.staff_key, "staff.key")->required();
  issue->add_option("--old-log", a.old_log, "key of the log that is closed, as `pontlevis-gateway log prepare` prints it")->required();
  issue->add_option("--new-log", a.new_log, "key of the log that follows")->required();
  issue->add_option("--last-size", a.last_size, "largest size of the old log that a practice cosigned")->required();
  issue->add_option("--cause", a.cause, "restore, rollback or damage")->required();
  issue->add_option("--out", a.out, "the statement")->required();
  auto* show = verb(*noun, "show", "Verify and print one", a, log_successor_show, chosen);
  show->add_option("FILE", a.file, "the statement")->required();
  show->add_option("--staff", a.staff, "the staff key: staff.vkey or its text")->required();
}

int run(const Arguments& a, Verb chosen) {
  const SystemClock clock;
  io::SystemRandom random;
  World world{clock, random, std::cout, std::cerr};
  const auto code = chosen(a, world);
  if (!code) std::cerr << "pontlevis-certs: " << code.error().text() << "\n";
  return code.value_or(could_not_run);
}

}  // namespace
}  // namespace pontlevis::certs::tool

int main(int argc, char** argv) {
  using namespace pontlevis::certs::tool;
  pontlevis::forbid_core_dumps();
  CLI::App app("Keys, staff cards and enrolment codes of a Pontlevis vendor", "pontlevis-certs");
  app.require_subcommand(1);
  app.set_version_flag("--version", PONTLEVIS_VERSION);
  Arguments a;
  Verb chosen = nullptr;
  declare_staff(app, a, chosen);
  declare_card(app, a, chosen);
  declare_ca(app, a, chosen);
  declare_code(app, a, chosen);
  declare_log_successor(app, a, chosen);
  app.add_subcommand("version", "Print the version")->callback([&chosen] {
    chosen = +[](const Arguments&, World& world) -> pontlevis::Result<int> { return world.out << PONTLEVIS_VERSION << "\n", done; };
  });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? done : could_not_run;
  }
  return run(a, chosen);
}
