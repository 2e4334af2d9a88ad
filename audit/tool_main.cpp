// pontlevis-audit: verify, show and export a log. Reads only; needs no key but public ones.
// Exit: 0 verified or done, 1 verification failed, 2 could not run.
#include <iostream>

#include "audit/tool.hpp"
#include "protocol/io/system.hpp"

namespace pontlevis::audit::tool {

int trouble(const Error& error) {
  std::cerr << "pontlevis-audit: " << error.text() << "\n";
  return could_not_run;
}

void print_json(const json::value& value) { std::cout << json::serialize(value) << "\n"; }

Language language_of(const std::string& word) { return word == "en" ? Language::english : Language::french; }

Result<NoteVerifier> read_key(const std::string& text) {
  if (auto key = NoteVerifier::parse(text)) return key;
  auto content = io::read_file(text, 4096);
  if (!content) return fail(Errc::bad_input, "is neither a public log key nor a file that holds one", "--vkey", "name+hash+base64, as in log.vkey");
  while (content->ends_with('\n')) content->pop_back();
  return NoteVerifier::parse(*content);
}

namespace {

int run(int argc, char** argv) {
  CLI::App app("Verify, show and export the log of a Pontlevis gateway or agent", "pontlevis-audit");
  int exit_code = could_not_run;
  app.require_subcommand(1);
  declare_verify(app, exit_code);
  declare_show(app, exit_code);
  declare_export(app, exit_code);
  declare_evidence(app, exit_code);
  app.add_subcommand("version", "Print the version")->callback([&exit_code] {
    std::cout << "pontlevis-audit " << PONTLEVIS_VERSION << "\n";
    exit_code = 0;
  });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : could_not_run;
  }
  std::cout.flush();
  return std::cout ? exit_code : could_not_run;
}

}  // namespace
}  // namespace pontlevis::audit::tool

int main(int argc, char** argv) {
  pontlevis::forbid_core_dumps();
  return pontlevis::audit::tool::run(argc, argv);
}
