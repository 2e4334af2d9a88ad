// pontlevis-audit evidence: what a practice holds against its vendor's log, verified without either of them.
#include <iostream>

#include "audit/evidence.hpp"
#include "audit/tool.hpp"
#include "protocol/io/system.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit::tool {
namespace {

struct Arguments {
  std::string file, key, language = "fr";
  bool as_json = false;
};

constexpr std::array<std::string_view, 3> weights{"CONVICTS", "SIGNED", "WORD"};

json::object check_json(const EvidenceCheck& check) {
  json::array items;
  for (const auto& item : check.items)
    items.push_back(json::object{{"kind", pontlevis::word(item.evidence.kind)}, {"seen", to_utc(item.evidence.seen)}, {"size", item.evidence.size},
                                 {"weight", weights[static_cast<std::size_t>(item.weight)]}, {"detail", item.evidence.detail}});
  return {{"verified", true}, {"practice", check.practice}, {"log_key", check.log.text()}, {"witness_key", check.witness.text()}, {"items", std::move(items)}};
}

int run(const Arguments& a) {
  const auto text = io::read_file(a.file, max_evidence_bytes);
  if (!text) return trouble(text.error());
  std::optional<NoteVerifier> pinned;
  if (!a.key.empty()) {
    auto key = read_key(a.key);
    if (!key) return trouble(key.error());
    pinned = *std::move(key);
  }
  const auto check = verify_evidence(*text, pinned ? &*pinned : nullptr);
  if (!check) {
    if (a.as_json) print_json(json::object{{"verified", false}, {"what", check.error().text()}});
    else std::cout << "NOT VERIFIED: " << check.error().text() << "\n";
    return not_verified;
  }
  if (a.as_json) print_json(check_json(*check));
  else std::cout << print_evidence(*check, language_of(a.language) == Language::french);
  return verified;
}

}  // namespace

void declare_evidence(CLI::App& app, int& exit_code) {
  auto a = std::make_shared<Arguments>();
  auto* c = app.add_subcommand("evidence", "Verify what a practice holds against the log of its vendor");
  c->add_option("FILE", a->file, "as pontlevis-agent alarm show --out, or its page, wrote it")->required();
  c->add_option("--vkey", a->key, "the log's public key, when you know it from elsewhere: its text or a file");
  c->add_option("--language", a->language, "fr or en")->check(CLI::IsMember({"fr", "en"}));
  c->add_flag("--json", a->as_json, "print JSON");
  c->callback([a, &exit_code] { exit_code = run(*a); });
}

}  // namespace pontlevis::audit::tool
