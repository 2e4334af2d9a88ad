#include "gateway/review/review_one.hpp"

#include "audit/fiche.hpp"
#include "audit/printing/printed_record.hpp"
#include "gateway/api/api_views.hpp"
#include "gateway/review/marks.hpp"
#include "gateway/review/review_list.hpp"
#include "gateway/review/veil.hpp"
#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

// Where nobody serves there is no link.
class NoLinks final : public Links {
 public:
  bool up(const PracticeId&) const override { return false; }
  Result<> send(const PracticeId&, Frame) override { return fail(Errc::unavailable, "not connected"); }
};

std::string_view state_word(const audit::StoredField& field, bool hidden) {
  if (hidden) return "QUARANTINED";
  switch (field.state()) {
    case audit::FieldState::open: return "OPEN";
    case audit::FieldState::closed: return "DESTROYED";
    default: return "UNREADABLE";
  }
}

json::array events_json(const std::vector<TakenFact>& facts) {
  json::array out;
  for (const auto& fact : facts) {
    json::object item{{"type", fact.type}};
    for (const auto& member : fact.body)
      if (member.key() != "intervention" && member.key() != "type") item.emplace(member.key(), member.value());
    out.push_back(std::move(item));
  }
  return out;
}

json::object leaf_json(const audit::StoredRecord& record, const audit::Proof& path) {
  json::array disclosures, proof;
  for (const auto& field : record.fields)
    disclosures.emplace_back(field.is_open() ? field.disclosure : "sha256:" + to_base64url(field.digest.view()));
  for (const auto& hash : path) proof.emplace_back(to_base64(hash.view()));
  return {{"index", record.index}, {"entry", to_base64(record.entry)}, {"disclosures", std::move(disclosures)}, {"proof", std::move(proof)}};
}

}  // namespace

Result<std::vector<audit::StoredRecord>> shown_records(Core& core, const InterventionId& id) {
  PL_TRY(records, core.log->find(id));
  std::erase_if(records, [](const auto& record) { return is_about_readers(record.type()); });
  PL_TRY(veil, Veil::read(*core.store));
  for (auto& record : records) veil.hide(record);
  return records;
}

std::vector<NoteVerifier> practice_keys(Core& core, const PracticeId& practice) {
  std::vector<NoteVerifier> out;
  const auto* known = core.practices.find(practice);
  if (known && known->enrolment) out.push_back(known->enrolment->practice_key);
  std::vector<audit::LeafIndex> found;
  static_cast<void>(core.log->read([&](sqlite::Database& db) -> Result<> {
    PL_TRY(rows, db.query("SELECT idx FROM records WHERE practice = ? AND type = 'enrolment' ORDER BY idx", practice.text()));
    for (;;) {
      PL_TRY(more, rows.next());
      if (!more) return {};
      found.push_back(static_cast<audit::LeafIndex>(rows.integer(0)));
    }
  }));
  for (auto index : found) {
    const auto record = core.log->record(index);
    const auto fields = record ? record->open() : std::unexpected(record.error());
    if (!fields || text_of(*fields, "kind") != "practice") continue;
    auto key = NoteVerifier::parse(text_of(*fields, "verifier_key"));
    if (key && std::find(out.begin(), out.end(), *key) == out.end()) out.push_back(*std::move(key));
  }
  return out;
}

ApiRoutes ReviewOne::routes() {
  const auto to = handlers_of(this);
  const std::string one = "/api/v1/review/interventions/<id>";
  return {
      {"GET", one, review_readers, Scope::read, false, to(&ReviewOne::show)},
      {"GET", one + "/evidence", review_readers, Scope::read, false, to(&ReviewOne::evidence)},
      {"GET", one + "/record", review_readers, Scope::read, false, to(&ReviewOne::record)},
  };
}

// The number that was asked for, once the look is recorded.
Awaitable<Result<InterventionId>> ReviewOne::asked(const ApiCall& call, std::string_view view) {
  auto read = read_for(call.request);
  if (!read) co_return std::unexpected(read.error());
  auto id = InterventionId::parse(call.request.id);
  const auto row = id ? core_.interventions.rows().find(*id) : std::unexpected(id.error());
  if (!row || !*row) co_return fail(Errc::not_found, "no intervention has this number", printable(call.request.id, 40));
  Views::View look{std::string(view), "", *id, std::nullopt};
  auto recorded = co_await views_.record(call.person, *std::move(read), std::move(look));
  if (!recorded) co_return std::unexpected(recorded.error());
  co_return *std::move(id);
}

namespace {

io::HttpResponse refusal(const Error& error) { return error.where == "pontlevis-purpose" ? purpose_missing(error) : api_problem(error); }

// One field in the words of the contract.
struct FieldView {
  const audit::StoredField& field;
  bool hidden;
  json::value value;
  std::optional<std::string> certificate;
};

json::object to_json(const FieldView& view) {
  return {{"name", view.field.name}, {"class", audit::class_name(view.field.cls)}, {"value", view.value}, {"state", state_word(view.field, view.hidden)},
          {"expires_on", or_null(view.field.expires_on)}, {"certificate", or_null(view.certificate)}};
}

}  // namespace

Result<json::object> ReviewOne::reviewed(const InterventionId& id, const Person& reader) {
  PL_TRY(index, keeper_.ready());
  PL_TRY(row, core_.interventions.rows().find(id));
  PL_TRY(records, shown_records(core_, id));
  PL_CHECK(certificates_.look());
  PL_TRY(veil, Veil::read(*core_.store));
  std::vector<std::string> used;
  json::array shown;
  for (const auto& record : records) {
    PL_TRY(opened, record.open());
    json::array fields;
    for (const auto& field : record.fields) {
      FieldView view{field, veil.hides(record.index, field.name), nullptr, std::nullopt};
      if (const auto* value = opened.if_contains(field.name)) view.value = *value;
      if (!view.hidden && field.state() == audit::FieldState::closed) view.certificate = certificates_.covering(record.index, opened, field.cls, field.name);
      if (view.certificate) used.push_back(*view.certificate);
      fields.push_back(to_json(view));
    }
    shown.push_back(json::object{{"index", record.index}, {"type", text_of(opened, "type")}, {"time", text_of(opened, "time")}, {"fields", std::move(fields)}});
  }
  PL_TRY(found, core_.interventions.find(id));
  PL_TRY(facts, core_.interventions.facts_of(id));
  static const NoLinks no_links;
  json::object out{{"row", row_json(core_, *index, *row)}, {"records", std::move(shown)}, {"certificates", certificates_.rows(used)}, {"events", events_json(facts)}};
  out["intervention"] = found ? json::value(intervention_view(core_, links_ ? *links_ : no_links, *found, facts, reader)) : json::value(nullptr);
  const auto practice = PracticeId::parse(text_of(out.at("row").as_object(), "practice"));
  out["journals"] = to_json(compare_journals(records, practice ? practice_keys(core_, *practice) : std::vector<NoteVerifier>()));
  PL_TRY(marks, marks_json(core_, id));
  out["marks"] = std::move(marks);
  PL_TRY(hold, hold_of(*core_.store, id, row->requested_at, text_of(out.at("row").as_object(), "practice")));
  out["hold"] = or_null(hold);
  return out;
}

ApiAnswer ReviewOne::show(ApiCall call) {
  const auto id = co_await asked(call, "intervention");
  if (!id) co_return refusal(id.error());
  const auto out = reviewed(*id, call.person);
  co_return out ? api_answer(*out) : api_problem(out.error());
}

// ---- the proof, for the reader's own browser ----

namespace {

Result<json::object> evidence_of(Core& core, const InterventionId& id) {
  const auto& log = *core.log;
  const std::string note = log.latest_checkpoint();
  PL_TRY(checkpoint, audit::open_checkpoint(note, log.verifier()));
  PL_TRY(records, shown_records(core, id));
  json::array leaves;
  for (const auto& record : records) {
    if (record.index >= checkpoint.size || record.is_gone()) continue;
    PL_TRY(path, log.prove(record.index, checkpoint.size));
    leaves.push_back(leaf_json(record, path));
  }
  return json::object{{"log_key", log.verifier().text()}, {"checkpoint", note}, {"records", std::move(leaves)}, {"cosigned_by", json::array{}}};
}

struct Printed {
  std::string body, type;
};

struct PrintOrder {
  std::filesystem::path data;
  Veil veil;
  std::string id;
  audit::Language language;
  bool pdf;
  audit::PrintedExtras extras;
};

Result<Printed> print(const PrintOrder& order) {
  PL_TRY(source, audit::open_folder(order.data));
  const VeiledRecords veiled(*source, order.veil);
  PL_TRY(fiche, veiled.fiche(order.id));
  PL_TRY(proof, audit::read_proof(*source, fiche));
  if (!order.pdf) return Printed{audit::print_fiche(fiche, proof, order.language), "text/plain; charset=utf-8"};
  PL_TRY(pdf, audit::print_record_pdf(fiche, proof, order.extras, order.language));
  return Printed{std::move(pdf), "application/pdf"};
}

io::HttpResponse as_file(Printed printed, const std::string& name) {
  auto out = io::HttpResponse::file(std::move(printed.body), std::move(printed.type));
  out.headers.emplace_back("content-disposition", "attachment; filename=\"" + name + "\"");
  out.headers.emplace_back("content-security-policy", "default-src 'none'; frame-ancestors 'none'; sandbox");
  return out;
}

}  // namespace

ApiAnswer ReviewOne::evidence(ApiCall call) {
  const auto id = co_await asked(call, "proof");
  if (!id) co_return refusal(id.error());
  const auto out = evidence_of(core_, *id);
  co_return out ? api_answer(*out) : api_problem(out.error());
}

ApiAnswer ReviewOne::record(ApiCall call) {
  const auto language = call.request.parameter("language").value_or("fr"), format = call.request.parameter("format").value_or("pdf");
  if (language != "fr" && language != "en") co_return api_problem(Error{Errc::bad_input, "must be fr or en", "language", {}});
  if (format != "pdf" && format != "text") co_return api_problem(Error{Errc::bad_input, "must be pdf or text", "format", {}});
  const auto id = co_await asked(call, "record");
  if (!id) co_return refusal(id.error());
  auto extras = printed_extras(core_, *id, language == "fr");
  if (!extras) co_return api_problem(extras.error());
  auto veil = Veil::read(*core_.store);
  if (!veil) co_return api_problem(veil.error());
  PrintOrder order{core_.folder.root, *std::move(veil), id->text(), language == "fr" ? audit::Language::french : audit::Language::english, format == "pdf", *std::move(extras)};
  auto job = [order = std::move(order)] { return print(order); };
  auto printed = co_await worker_.run(std::move(job));
  if (!printed) co_return api_problem(printed.error());
  co_return as_file(*std::move(printed), "intervention-" + id->text().substr(0, 8) + (format == "pdf" ? ".pdf" : ".txt"));
}

}  // namespace pontlevis::gateway
