// pontlevis-audit: verify, show and export a log. Reads only; needs no key but public ones.
// Exit: 0 verified or done, 1 verification failed, 2 could not run.
#include <CLI/CLI.hpp>
#include <iostream>

#include "audit/fiche.hpp"
#include "audit/policy.hpp"
#include "audit/receipt.hpp"
#include "audit/tlog_proof.hpp"
#include "audit/verify.hpp"
#include "protocol/io/system.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

constexpr int verified = 0, not_verified = 1, could_not_run = 2;

struct Arguments {
  std::string data, bundle, proof, disclosures, key, policy, out, id, receipt, language = "fr";
  std::vector<std::string> receipt_keys;
  std::vector<std::string> checkpoints;
  std::size_t limit = 50;
  bool as_json = false;
};

int trouble(const Error& error) {
  std::cerr << "pontlevis-audit: " << error.text() << "\n";
  return could_not_run;
}

void print_json(const json::value& value) { std::cout << json::serialize(value) << "\n"; }

// A verifier key, or the name of a file that holds one.
Result<NoteVerifier> read_key(const std::string& text) {
  if (auto key = NoteVerifier::parse(text)) return key;
  auto content = io::read_file(text, 4096);
  if (!content) return fail(Errc::bad_input, "is neither a public log key nor a file that holds one", "--vkey", "name+hash+base64, as in log.vkey");
  while (content->ends_with('\n')) content->pop_back();
  return NoteVerifier::parse(*content);
}

Result<VerifyOptions> options_of(const Arguments& a) {
  VerifyOptions out;
  if (!a.key.empty()) {
    PL_TRY(key, read_key(a.key));
    out.key = std::move(key);
  }
  for (const auto& file : a.checkpoints) {
    PL_TRY(note, io::read_file(file, max_checkpoint_bytes));
    out.older_checkpoints.push_back(std::move(note));
  }
  return out;
}

int verify_proof(const Arguments& a) {
  const auto key = read_key(a.key);
  if (!key) return trouble(key.error());
  const auto proof = io::read_file(a.proof, max_tlog_proof_bytes);
  if (!proof) return trouble(proof.error());
  const auto text = io::read_file(a.disclosures, 64 << 20);
  if (!text) return trouble(text.error());
  const auto lines = parse_disclosures(*text);
  const auto proven = lines ? verify_inclusion(*lines, *proof, *key) : Result<ProvenRecord>(std::unexpected(lines.error()));
  if (a.as_json && !proven) print_json(json::object{{"verified", false}, {"what", proven.error().text()}});
  if (a.as_json && proven)
    print_json(json::object{{"verified", true}, {"index", proven->index}, {"type", proven->type}, {"origin", proven->checkpoint.origin},
                            {"size", proven->checkpoint.size}, {"leaf", to_hex(proven->leaf.view())}, {"fields", proven->fields}});
  if (!a.as_json && !proven) std::cout << "NOT VERIFIED: " << proven.error().text() << "\n";
  if (!a.as_json && proven)
    std::cout << "verified: record " << proven->index << " (" << proven->type << ") is in " << proven->checkpoint.origin << ", "
              << proven->checkpoint.size << " records\n";
  return proven ? verified : not_verified;
}

Language language_of(const Arguments& a) { return a.language == "en" ? Language::english : Language::french; }

// Exit 1 says that the receipt is not to be believed; a file or key that cannot be read is 2.
int verify_one_receipt(const Arguments& a) {
  std::vector<NoteVerifier> pinned;
  for (const auto& text : a.receipt_keys) {
    auto key = read_key(text);
    if (!key) return trouble(key.error());
    pinned.push_back(*std::move(key));
  }
  const auto text = io::read_file(a.receipt, max_receipt_bytes + 1);
  if (!text) return trouble(text.error());
  const auto checked = verify_receipt(*text, pinned);
  if (a.as_json && !checked)
    print_json(json::object{{"verified", false}, {"what", checked.error().what}, {"where", checked.error().where}, {"hint", checked.error().hint}});
  if (a.as_json && checked)
    print_json(json::object{{"verified", true}, {"intervention", checked->intervention}, {"practice_key", checked->practice_key},
                            {"journal_key", checked->journal_key}, {"key_pinned", checked->key_pinned}, {"statements", checked->statements},
                            {"record", checked->record}});
  if (!a.as_json && !checked)
    std::cout << (language_of(a) == Language::french ? "NON VÉRIFIÉ : " : "NOT VERIFIED: ") << checked.error().text() << "\n";
  if (!a.as_json && checked) std::cout << print_check(*checked, language_of(a));
  return checked ? verified : not_verified;
}

int verify(const Arguments& a) {
  if (!a.receipt.empty()) return verify_one_receipt(a);
  if (!a.proof.empty()) return verify_proof(a);
  const auto options = options_of(a);
  if (!options) return trouble(options.error());
  const auto report = a.data.empty() ? verify_bundle(a.bundle, *options) : verify_folder(a.data, *options);
  if (!report) return trouble(report.error());
  if (a.as_json) print_json(report->to_json());
  else std::cout << report->to_text();
  return report->verified() ? verified : not_verified;
}

Result<std::string> only_one(Source& source, const std::string& prefix) {
  PL_TRY(ids, source.interventions(prefix, 1000));
  if (ids.empty()) return fail(Errc::not_found, "no intervention starts with " + printable(prefix, 40), "show");
  if (ids.size() > 1) return fail(Errc::bad_input, std::to_string(ids.size()) + " interventions start with " + printable(prefix, 40), "show", "give more characters");
  return ids[0];
}

Result<> show_one(Source& source, const Arguments& a, Language language) {
  PL_TRY(id, only_one(source, a.id));
  PL_TRY(fiche, read_fiche(source, id));
  PL_TRY(proof, read_proof(source, fiche));
  if (a.as_json) print_json(fiche_json(fiche, proof));
  else std::cout << print_fiche(fiche, proof, language);
  return {};
}

Result<> show_all(Source& source, const Arguments& a, Language language) {
  PL_TRY(ids, source.interventions("", a.limit));
  std::vector<Fiche> fiches;
  for (const auto& id : ids) {
    PL_TRY(fiche, read_fiche(source, id));
    fiches.push_back(std::move(fiche));
  }
  if (!a.as_json) return std::cout << print_table(fiches, language), Result<>{};
  json::array list;
  for (const auto& f : fiches) list.push_back(summary_json(f));
  print_json(list);
  return {};
}

int show(const Arguments& a) {
  const auto language = language_of(a);
  auto source = open_folder(a.data);
  if (!source) return trouble(source.error());
  const auto shown = a.id.empty() ? show_all(**source, a, language) : show_one(**source, a, language);
  return shown ? verified : trouble(shown.error());
}

int export_log(const Arguments& a) {
  auto source = open_folder(a.data);
  if (!source) return trouble(source.error());
  const auto wanted = [&a](const StoredRecord& record) {
    if (a.id.empty()) return true;
    const auto open = record.open();
    const auto* id = open ? open->if_contains("intervention") : nullptr;
    return id && id->is_string() && id->get_string() == a.id;
  };
  const auto done = export_bundle(**source, a.out, wanted);
  if (!done) return trouble(done.error());
  if (a.as_json) print_json(json::object{{"bundle", a.out}, {"size", done->size}, {"records", done->records}});
  else std::cout << a.out << ": " << done->size << " entries, " << done->records << " records\n";
  return verified;
}

void declare_verify(CLI::App& app, Arguments& a, int& exit_code) {
  auto* c = app.add_subcommand("verify", "Check a log, a bundle or one proof");
  auto* what = c->add_option_group("what");
  what->add_option("--data", a.data, "data folder of a gateway or an agent, live or at rest");
  what->add_option("--bundle", a.bundle, "folder made by export");
  auto* receipt = what->add_option("--receipt", a.receipt, "a consent receipt, as the practice's page gives it");
  auto* proof = what->add_option("--proof", a.proof, "one proof (c2sp.org/tlog-proof@v1)");
  what->require_option(1);
  auto* disclosures = c->add_option("--disclosures", a.disclosures, "the record's disclosures, one a line");
  auto* key = c->add_option("--vkey", a.key, "the log's public key, or a file that holds it: trust no other");
  proof->needs(disclosures)->needs(key);
  c->add_option("--key", a.receipt_keys, "with --receipt: the key of the practice or of its journal, or a file that holds it; may be repeated")->needs(receipt);
  c->add_option("--lang", a.language, "language of what is said of a receipt: fr or en")->check(CLI::IsMember({"fr", "en"}));
  c->add_option("--checkpoint", a.checkpoints, "an older checkpoint that you kept; may be repeated");
  c->add_flag("--json", a.as_json, "print a JSON report");
  c->callback([&a, &exit_code] { exit_code = verify(a); });
}

void declare_show(CLI::App& app, Arguments& a, int& exit_code) {
  auto* c = app.add_subcommand("show", "Print the main courante, or the whole record of one intervention");
  c->add_option("--data", a.data, "data folder of a gateway or an agent")->required();
  c->add_option("ID", a.id, "intervention number or its first characters");
  c->add_option("--lang", a.language, "fr or en")->check(CLI::IsMember({"fr", "en"}));
  c->add_option("--limit", a.limit, "rows of the table")->check(CLI::Range(1, 1000000));
  c->add_flag("--json", a.as_json, "print JSON");
  c->callback([&a, &exit_code] { exit_code = show(a); });
}

void declare_export(CLI::App& app, Arguments& a, int& exit_code) {
  auto* c = app.add_subcommand("export", "Write a bundle that anyone can verify offline");
  c->add_option("--data", a.data, "data folder of a gateway or an agent")->required();
  c->add_option("--out", a.out, "a new folder")->required();
  c->add_option("--intervention", a.id, "only the records of this intervention; the tree is always whole");
  c->add_flag("--json", a.as_json, "print JSON");
  c->callback([&a, &exit_code] { exit_code = export_log(a); });
}

int run(int argc, char** argv) {
  CLI::App app("Verify, show and export the log of a Pontlevis gateway or agent", "pontlevis-audit");
  Arguments arguments;
  int exit_code = could_not_run;
  app.require_subcommand(1);
  declare_verify(app, arguments, exit_code);
  declare_show(app, arguments, exit_code);
  declare_export(app, arguments, exit_code);
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
}  // namespace pontlevis::audit

int main(int argc, char** argv) {
  pontlevis::forbid_core_dumps();
  return pontlevis::audit::run(argc, argv);
}
