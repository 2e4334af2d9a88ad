// The register as pages: for the data-protection officer, for the authority, and for a practice.
#include "gateway/registers/common/html_page.hpp"
#include "gateway/registers/processing/processing_desk.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

std::vector<std::string> lines(const json::value& values) {
  std::vector<std::string> out;
  for (const auto& value : values.as_array()) out.emplace_back(value.as_string());
  return out;
}

std::vector<HtmlPage::Labelled> labelled(const json::array& fields, Tongue tongue) {
  const bool fr = tongue == Tongue::french;
  std::vector<HtmlPage::Labelled> out;
  for (const auto& field : fields)
    out.push_back({text_of(field.as_object(), fr ? "label_fr" : "label_en"), lines(field.at(fr ? "value" : "value_en"))});
  return out;
}

std::string stamp(const ProcessingVersion& v, Tongue tongue) {
  const bool fr = tongue == Tongue::french;
  std::string out = (fr ? "Version " : "Version ") + std::to_string(v.version) + (fr ? ", écrite le " : ", written on ") + to_date(v.created_at);
  if (v.validated_by && v.validated_at) out += (fr ? ", validée par " : ", validated by ") + *v.validated_by + (fr ? " le " : " on ") + to_date(*v.validated_at);
  else out += fr ? ", pas encore validée" : ", not validated yet";
  return out + (fr ? ". Empreinte SHA-256 : " : ". SHA-256: ") + v.sha256;
}

constexpr Two controllers_title{"Cabinets pour le compte desquels le traitement est fait", "Practices on whose behalf the processing is done"};
constexpr Two from_configuration{"Écrite par le programme à partir de sa configuration : aucun texte n'y est saisi à la main.",
                                 "Written by the program from its configuration: no text in it is typed by hand."};
constexpr Two practice_note{"Proposée au cabinet pour son propre registre : à relire et à compléter par le responsable de traitement.",
                            "Offered to the practice for its own register: to be read and completed by the controller."};

void add_controllers(HtmlPage& page, const json::array& controllers, Tongue tongue) {
  if (controllers.empty()) return;
  const bool fr = tongue == Tongue::french;
  std::vector<std::vector<std::string>> rows;
  for (const auto& one : controllers) rows.push_back({text_of(one.as_object(), "id"), text_of(one.as_object(), "name"), text_of(one.as_object(), "contract")});
  page.table(controllers_title.in(tongue), {fr ? "Code" : "Code", fr ? "Nom" : "Name", fr ? "Contrat" : "Contract"}, rows);
}

}  // namespace

Awaitable<Result<std::string>> ProcessingDesk::page(std::string id, std::int64_t version, Tongue tongue) {
  PL_CO_CHECK(co_await look());
  PL_CO_TRY(chosen, version_of(id, version));
  HtmlPage page(tongue, processing_text(id, {}, {}).name.in(tongue));
  page.paragraph(stamp(chosen, tongue) + "\n" + from_configuration.in(tongue));
  page.pairs(labelled(json::parse(chosen.fields).as_array(), tongue));
  add_controllers(page, controllers(id), tongue);
  co_return page.finish();
}

Awaitable<Result<std::string>> ProcessingDesk::practice_entry(std::string practice, Tongue tongue, std::string format, ActBy by) {
  PL_CO_TRY(id, PracticeId::parse(practice));
  const auto* known = core_.practices.find(id);
  if (!known) co_return fail(Errc::not_found, "is not a practice of this gateway", "practice " + id.text());
  const auto text = practice_text(processing_facts(core_), *known);
  const auto made = to_date(core_.clock.now());
  std::string out;
  if (format == "json") {
    out = json::serialize(json::object{{"id", text.id}, {"kind", text.kind}, {"name", text.name.fr}, {"name_en", text.name.en}, {"made_on", made}, {"fields", fields_json(text)}}) + "\n";
  } else {
    HtmlPage page(tongue, text.name.in(tongue));
    page.paragraph(made + "\n" + practice_note.in(tongue));
    page.pairs(labelled(fields_json(text), tongue));
    out = page.finish();
  }
  json::object fields{{"practice", id.text()}, {"exported_by", by.record()}, {"role", by.role}, {"purpose", "CONTRACT"}, {"format", format == "json" ? "JSON" : "HTML"},
                      {"filter", "processing-entry"}, {"count", 0}, {"sha256", sha256_hex(out)}};
  PL_CO_CHECK(co_await core_.append(audit::Record::make("exported", fields)));
  co_return out;
}

}  // namespace pontlevis::gateway
