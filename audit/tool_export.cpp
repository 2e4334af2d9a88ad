// pontlevis-audit export: a bundle that anyone can verify offline.
#include <iostream>

#include "audit/source.hpp"
#include "audit/tool.hpp"

namespace pontlevis::audit::tool {
namespace {

struct Arguments {
  std::string data, out, id;
  bool as_json = false;
};

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

}  // namespace

void declare_export(CLI::App& app, int& exit_code) {
  auto* c = app.add_subcommand("export", "Write a bundle that anyone can verify offline");
  auto arguments = std::make_shared<Arguments>();
  auto& a = *arguments;
  c->add_option("--data", a.data, "data folder of a gateway or an agent")->required();
  c->add_option("--out", a.out, "a new folder")->required();
  c->add_option("--intervention", a.id, "only the records of this intervention; the tree is always whole");
  c->add_flag("--json", a.as_json, "print JSON");
  c->callback([arguments, &exit_code] { exit_code = export_log(*arguments); });
}

}  // namespace pontlevis::audit::tool
