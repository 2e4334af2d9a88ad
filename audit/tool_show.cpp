// pontlevis-audit show: the main courante, or one intervention, for a person or a script.
#include <iostream>

#include "audit/search.hpp"
#include "audit/source.hpp"
#include "audit/tool.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit::tool {
namespace {

struct Arguments {
  std::string data, id, language = "fr";
  Search search;
  std::size_t limit = 50;
  bool as_json = false;
};

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
  PL_TRY(fiches, find_fiches(source, a.search, a.limit));
  if (!a.as_json) return std::cout << print_table(fiches, language), Result<>{};
  json::array list;
  for (const auto& f : fiches) list.push_back(summary_json(f));
  print_json(list);
  return {};
}

int show(const Arguments& a) {
  const auto language = language_of(a.language);
  auto source = open_folder(a.data);
  if (!source) return trouble(source.error());
  const auto shown = a.id.empty() ? show_all(**source, a, language) : show_one(**source, a, language);
  return shown ? verified : trouble(shown.error());
}

}  // namespace

void declare_show(CLI::App& app, int& exit_code) {
  auto* c = app.add_subcommand("show", "Print the main courante, or the whole record of one intervention");
  auto arguments = std::make_shared<Arguments>();
  auto& a = *arguments;
  c->add_option("--data", a.data, "data folder of a gateway or an agent")->required();
  c->add_option("ID", a.id, "intervention number or its first characters");
  c->add_option("--lang", a.language, "fr or en")->check(CLI::IsMember({"fr", "en"}));
  c->add_option("--from", a.search.from, "only interventions of this day (Paris) or later");
  c->add_option("--until", a.search.until, "only interventions of this day or earlier");
  c->add_option("--practice", a.search.practice, "only those at this practice");
  c->add_option("--system", a.search.system, "only those on this system: its number or its name");
  c->add_option("--state", a.search.state, "only those that stand so, such as CLOSED or REFUSED");
  c->add_option("--text", a.search.text, "only those whose number or ticket begins so");
  c->add_option("--limit", a.limit, "rows of the table")->check(CLI::Range(1, 1000000));
  c->add_flag("--json", a.as_json, "print JSON");
  c->callback([arguments, &exit_code] { exit_code = show(*arguments); });
}

}  // namespace pontlevis::audit::tool
