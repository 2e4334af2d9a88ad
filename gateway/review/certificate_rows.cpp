#include "gateway/review/certificate_rows.hpp"

#include <algorithm>

#include "protocol/json_values.hpp"

namespace pontlevis::gateway {

Result<> CertificateRows::look() {
  std::vector<audit::LeafIndex> found;
  PL_CHECK(core_.log->read([&](sqlite::Database& db) -> Result<> {
    PL_TRY(rows, db.query("SELECT idx FROM records WHERE type = 'destruction' AND idx > ? ORDER BY idx", read_to_));
    for (;;) {
      PL_TRY(more, rows.next());
      if (!more) return {};
      found.push_back(static_cast<audit::LeafIndex>(rows.integer(0)));
    }
  }));
  for (auto index : found) {
    PL_TRY(record, core_.log->record(index));
    PL_TRY(fields, record.open());
    auto claim = audit::read_claim(fields);
    if (claim) all_.push_back({index, *std::move(claim), std::move(fields)});
    read_to_ = static_cast<std::int64_t>(index);
  }
  return {};
}

std::optional<std::string> CertificateRows::covering(audit::LeafIndex index, const json::object& record, audit::FieldClass cls, std::string_view field) const {
  for (const auto& one : all_) {
    if (one.index <= index) continue;
    for (const auto& scope : one.claim.scope)
      if (scope.covers_whole(index) || scope.covers(index, record, cls, field)) return one.claim.certificate_id;
  }
  return std::nullopt;
}

json::array CertificateRows::rows(const std::vector<std::string>& ids) const {
  const auto or_nothing = [](const json::object& fields, std::string_view name) {
    const auto* value = fields.if_contains(name);
    return value ? *value : json::value(nullptr);
  };
  json::array out;
  for (const auto& one : all_) {
    if (std::find(ids.begin(), ids.end(), one.claim.certificate_id) == ids.end()) continue;
    json::object row{{"id", one.claim.certificate_id}, {"index", one.index}};
    for (auto name : {"issued_at", "reason", "retention_class", "record_count", "oldest_at", "newest_at", "state", "backup_expiry_at", "operator", "practice", "verification_result"})
      row[name] = or_nothing(one.fields, name);
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace pontlevis::gateway
