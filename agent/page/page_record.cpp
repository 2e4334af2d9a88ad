// One intervention as the practice remembers it, with the evidence to verify it in the reader's browser;
// its receipt, its report, its recording (docs/page.md §7; requirements A44, B13, T3).
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "agent/page/page.hpp"
#include "agent/retention.hpp"
#include "audit/receipt.hpp"
#include "audit/source.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {

namespace {

json::array comments_json(const audit::Fiche& fiche) {
  json::array out;
  for (const auto& [index, record] : fiche.records) {
    if (text_of(record, "type") != "comment") continue;
    const auto* contested = record.if_contains("contested");
    out.push_back(json::object{{"at", text_of(record, "time")}, {"by", record.contains("author") ? record.at("author") : json::value(nullptr)},
                               {"text", record.contains("text") ? record.at("text") : json::value(nullptr)},
                               {"contested", contested && contested->is_bool() && contested->get_bool()}});
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

json::value recording_json(const RecordingVault& vault, const InterventionId& id, Time now) {
  const auto info = vault.info(id);
  if (!info || !*info || (*info)->state == RecordingInfo::State::running) return nullptr;
  return json::object{{"days_left", (*info)->days_left(now)}, {"seconds", (*info)->seconds}, {"streams", (*info)->streams}};
}

}  // namespace

// All records of the intervention with their paths in one checkpoint: the page recomputes everything itself.
Result<json::object> Page::evidence_of(const InterventionId& id) const {
  auto& log = parts_.journal.log();
  const std::string note = log.latest_checkpoint();
  PL_TRY(checkpoint, audit::open_checkpoint(note, log.verifier()));
  PL_TRY(records, log.find(id));
  json::array leaves;
  for (const auto& record : records) {
    if (record.index >= checkpoint.size) continue;
    PL_TRY(path, log.prove(record.index, checkpoint.size));
    leaves.push_back(leaf_json(record, path));
  }
  return json::object{{"log_key", log.verifier().text()}, {"checkpoint", note}, {"records", std::move(leaves)}, {"cosigned_by", json::array{}}};
}

Page::Answer Page::intervention(PageCall call) {
  const auto id = InterventionId::parse(call.request.id);
  if (!id) co_return refusal(PageFault::bad_input, id.error());
  auto line = parts_.page_store.line(id->text());
  if (!line || !*line) co_return refusal(PageFault::not_found, "there is no such intervention");
  auto source = audit::open_folder(parts_.data);
  auto fiche = source ? audit::read_fiche(**source, id->text()) : std::unexpected(source.error());
  auto evidence = evidence_of(*id);
  const auto proof = source && fiche ? audit::read_proof(**source, *fiche) : std::unexpected(Error{});
  if (evidence && proof)
    for (const auto& c : proof->cosigned) evidence->at("cosigned_by").as_array().emplace_back(c.witness);
  if (!fiche || !evidence) co_return refusal(PageFault::internal, fiche ? evidence.error() : fiche.error());
  const auto kept = parts_.journal.facts_of(*id);
  auto destroyed = kept ? destroyed_of(parts_.journal.log(), *kept) : std::unexpected(kept.error());
  if (!destroyed) co_return refusal(PageFault::internal, destroyed.error());
  json::array records;
  for (const auto& [index, fields] : fiche->records) records.push_back(json::object{{"index", index}, {"fields", fields}});
  co_return answer({{"line", **std::move(line)}, {"fiche", fiche->merged}, {"records", std::move(records)}, {"evidence", *std::move(evidence)},
                    {"comments", comments_json(*fiche)}, {"destroyed", *std::move(destroyed)},
                    {"recording", recording_json(parts_.vault, *id, parts_.clock.now())}});
}

Page::Answer Page::receipt(PageCall call) {
  const auto id = InterventionId::parse(call.request.id);
  if (!id) co_return refusal(PageFault::bad_input, id.error());
  auto& log = parts_.journal.log();
  auto records = log.find(*id);
  if (!records) co_return refusal(PageFault::internal, records.error());
  std::vector<audit::Proved> proved;
  for (auto& record : *records) {
    if (!audit::belongs_in_receipt(record.type())) continue;
    auto proof = log.proof_of(record.index);
    if (!proof) co_return refusal(PageFault::internal, proof.error());
    proved.push_back({std::move(record), *std::move(proof)});
  }
  const auto& p = parts_.desk.parties();
  const audit::ReceiptParties parties{p.practice_name, p.vendor_name, p.vendor_address, p.dpo_contact, p.recipients, p.transfers, p.rights_contact};
  auto made = audit::consent_receipt(proved, log.verifier(), parts_.identity.practice_key, parties, parts_.clock.now());
  if (!made) co_return refusal(PageFault::not_found, made.error());
  act(call, "receipt", id->text(), "");
  co_return answer(*std::move(made));
}

// ---- the report ---------------------------------------------------------------------------------

Page::Answer Page::read_report(PageCall call) {
  const auto id = InterventionId::parse(call.request.id);
  if (!id) co_return refusal(PageFault::bad_input, id.error());
  const auto done = parts_.page_store.mark_read(id->text(), call.session->person.login, parts_.clock.now());
  if (!done) co_return refusal(PageFault::internal, done.error());
  announce();
  co_return answer({});
}

Page::Answer Page::comment(PageCall call) {
  auto asked = act_of(call);
  if (!asked) co_return std::move(asked).error();
  const auto& id = asked->id;
  StrictObject in(asked->body, "comment");
  const auto text = in.text("text", 3, 1000, StrictObject::Lines::many);
  const bool contested = in.boolean("contested");
  if (const auto whole = in.finish(); !whole) co_return refusal(PageFault::bad_input, whole.error());
  const auto line = parts_.page_store.line(id.text());
  const auto state = line && *line ? text_of(**line, "state") : std::string();
  if (state != "ENDED" && state != "CLOSED") co_return refusal(PageFault::not_found, "there is no ended intervention of this number");
  if (call.session->person.role == ApproverRole::observer) co_return refusal(PageFault::observer, "an observer may watch and stop; an owner or a delegate comments");
  const auto& person = call.session->person;
  json::object fact{{"author", json::object{{"login", person.login.text()}, {"name", person.name}}}, {"text", text}, {"contested", contested}};
  const auto kept = co_await parts_.journal.record("comment", id, std::move(fact));
  if (!kept) co_return refusal(PageFault::journal_failed, kept.error());
  act(call, contested ? "contest" : "comment", id.text(), "");
  co_return answer({});
}

// ---- the recording ------------------------------------------------------------------------------

namespace {
// Decrypting a long recording takes a while: away from the loop, where sessions go on.
io::Awaitable<Result<std::vector<Cast>>> read_slowly(const RecordingVault* vault, InterventionId id) { co_return vault->read(id); }
}  // namespace

Page::Answer Page::recording(PageCall call) {
  const auto id = InterventionId::parse(call.request.id);
  if (!id) co_return refusal(PageFault::bad_input, id.error());
  const auto info = parts_.vault.info(*id);
  if (!info || !*info) co_return refusal(PageFault::recording_gone, "there is no recording of this intervention (any more)");
  // Who looks is written down before anything is shown.
  auto view = recording_view(*id, call.session->person.login.text(), parts_.clock.now());
  const auto kept = co_await parts_.journal.keep("recording_view", std::move(view));
  if (!kept) co_return refusal(PageFault::journal_failed, kept.error());
  auto reading = read_slowly(&parts_.vault, *id);
  auto casts = co_await boost::asio::co_spawn(slow_, std::move(reading), boost::asio::use_awaitable);
  if (!casts) co_return refusal(casts.error().code == Errc::not_found ? PageFault::recording_gone : PageFault::internal, casts.error());
  act(call, "recording_viewed", id->text(), "");
  json::array out;
  for (auto& cast : *casts)
    out.push_back(json::object{{"stream", cast.stream}, {"kind", cast.kind}, {"login", cast.login}, {"cast", std::move(cast.text)}, {"complete", cast.complete}});
  co_return answer({{"casts", std::move(out)}});
}

Page::Answer Page::delete_recording(PageCall call) {
  const auto id = InterventionId::parse(call.request.id);
  if (!id) co_return refusal(PageFault::bad_input, id.error());
  if (call.session->person.role == ApproverRole::observer) co_return refusal(PageFault::observer, "an observer may watch and stop, never delete");
  auto destroyed = parts_.vault.destroy(*id, DestroyReason::erasure_request, call.session->person.login.text());
  if (!destroyed) co_return refusal(destroyed.error().code == Errc::not_found ? PageFault::recording_gone : PageFault::internal, destroyed.error());
  json::object certificate = destroyed->certificate;
  json::object record = destroyed->certificate;
  record.insert_or_assign("intervention", id->text());
  const auto kept = co_await parts_.journal.keep("destruction", std::move(record));
  if (!kept) co_return refusal(PageFault::journal_failed, kept.error());
  parts_.vault.kept(*destroyed);
  act(call, "recording_deleted", id->text(), "");
  co_return answer({{"certificate", std::move(certificate)}});
}

}  // namespace pontlevis::agent
