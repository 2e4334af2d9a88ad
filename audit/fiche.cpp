#include "audit/fiche.hpp"

#include <algorithm>
#include <set>

#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

// Records whose fields describe the intervention itself; the rest are events inside it.
bool describes(std::string_view type) {
  constexpr std::string_view types[] = {"request", "request_refused", "consent", "refusal", "session_open",
                                        "session_end", "report", "withdrawal", "recovery", "intervention"};
  return std::find(std::begin(types), std::end(types), type) != std::end(types);
}

// A consent that extends another adds its minutes; everything else was said by the first.
bool extends(const json::object& record) { return text_of(record, "type") == "consent" && !text_of(record, "extends").empty(); }

void add_minutes(json::object& into, const json::object& record) {
  const auto* before = into.if_contains("minutes");
  const auto* more = record.if_contains("minutes");
  if (before && before->is_int64() && more && more->is_int64()) into["minutes"] = before->get_int64() + more->get_int64();
}

void merge(json::object& into, const json::object& record) {
  if (extends(record)) return add_minutes(into, record);
  constexpr std::string_view own[] = {"type", "time", "sequence", "statement", "statement_sha256", "key_id"};
  for (const auto& m : record)
    if (!m.value().is_null() && std::find(std::begin(own), std::end(own), std::string_view(m.key())) == std::end(own)) into[m.key()] = m.value();
}

std::string state_after(const json::object& record, std::string before) {
  static const std::map<std::string, std::string, std::less<>> states = {
      {"request", "REQUESTED"}, {"request_refused", "FORBIDDEN"}, {"consent", "APPROVED"}, {"refusal", "REFUSED"},
      {"lapse", "EXPIRED"}, {"not_asked", "NOT_ASKED"}, {"cancelled", "CANCELLED"}, {"session_open", "OPEN"},
      {"session_end", "ENDED"}, {"recovery", "ENDED"}, {"report_received", "CLOSED"}};
  const auto type = text_of(record, "type");
  if (extends(record)) return before;
  if (type == "intervention") {
    const auto said = text_of(record, "state");
    return said.empty() ? "CLOSED" : said;
  }
  const auto it = states.find(type);
  return it == states.end() ? before : it->second;
}

}  // namespace

Result<Fiche> read_fiche(Source& source, const std::string& id) {
  PL_TRY(records, source.of_intervention(id));
  return fiche_of(id, records);
}

Result<Fiche> fiche_of(const std::string& id, const std::vector<StoredRecord>& records) {
  Fiche out;
  out.id = id;
  for (const auto& record : records) {
    PL_TRY(open, record.open());
    out.state = state_after(open, std::move(out.state));
    if (describes(text_of(open, "type"))) merge(out.merged, open);
    out.sound.push_back(check_record(record).has_value());
    out.records.emplace_back(record.index, std::move(open));
  }
  return out;
}

Result<FicheProof> read_proof(Source& source, const Fiche& fiche) {
  FicheProof out;
  PL_TRY(note, source.latest_checkpoint());
  PL_TRY(checkpoint, peek_checkpoint(note));
  out.checkpoint = std::move(checkpoint);
  const TreeSize covers = fiche.records.empty() ? 0 : fiche.records.back().first + 1;
  std::set<std::string> seen;
  PL_CHECK(source.each_cosignature([&](TreeSize size, const Cosignature& c) -> Result<> {
    if (size >= covers && seen.insert(c.witness).second) out.cosigned.push_back(c);
    return {};
  }));
  return out;
}

json::object summary_json(const Fiche& fiche) {
  json::object out{{"intervention", fiche.id}, {"state", fiche.state}, {"records", fiche.records.size()}};
  for (auto name : {"practice", "person_in_charge", "purpose", "criticality", "ticket_ref", "systems", "requested_at", "started_at", "ended_at", "duration_seconds", "end_cause"})
    if (const auto* v = fiche.merged.if_contains(name)) out[name] = *v;
  if (!fiche.records.empty()) out["first_time"] = text_of(fiche.records.front().second, "time");
  return out;
}

json::object fiche_json(const Fiche& fiche, const FicheProof& proof) {
  json::array records;
  for (std::size_t i = 0; i < fiche.records.size(); ++i)
    records.push_back(json::object{{"index", fiche.records[i].first}, {"sound", bool(fiche.sound[i])}, {"fields", fiche.records[i].second}});
  json::array cosigned;
  for (const auto& c : proof.cosigned) cosigned.push_back(json::object{{"witness", c.witness}, {"time", c.time}});
  return {{"intervention", fiche.id}, {"state", fiche.state}, {"fields", fiche.merged}, {"records", std::move(records)},
          {"proof", {{"origin", proof.checkpoint.origin}, {"checkpoint_size", proof.checkpoint.size},
                     {"root", to_base64(proof.checkpoint.root.view())}, {"cosigned_by", std::move(cosigned)}}}};
}

}  // namespace pontlevis::audit
