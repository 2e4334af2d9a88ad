#include "gateway/witnesses/fact_proofs.hpp"

#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

bool is_shown(std::string_view field) {
  return field == "type" || field == "time" || field == "practice" || field == "intervention" || field == "statement_sha256";
}

std::vector<std::string> lines_of(const audit::StoredRecord& record) {
  std::vector<std::string> out;
  for (const auto& field : record.fields)
    out.push_back(field.is_open() && is_shown(field.name) ? field.disclosure : "sha256:" + to_base64url(field.digest.view()));
  return out;
}

Result<bool> is_of(const audit::StoredRecord& record, const PracticeId& practice) {
  PL_TRY(fields, record.open());
  return text_of(fields, "practice") == practice.text();
}

}  // namespace

Result<std::vector<frame::FactProof::One>> prove_facts(const audit::Log& log, const PracticeId& practice, audit::TreeSize size,
                                                       std::span<const std::uint64_t> indexes) {
  PL_TRY(note, log.checkpoint_at(size));
  std::vector<frame::FactProof::One> out;
  for (const auto index : indexes) {
    if (index >= size) return out;
    PL_TRY(record, log.record(index));
    PL_TRY(ours, is_of(record, practice));
    if (!ours) return out;
    PL_TRY(path, log.prove(index, size));
    const audit::TlogProof proof{std::nullopt, index, std::move(path), note};
    out.push_back({lines_of(record), proof.text()});
  }
  return out;
}

}  // namespace pontlevis::gateway
