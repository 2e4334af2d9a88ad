#include "gateway/review/veil.hpp"

namespace pontlevis::gateway {

Result<Veil> Veil::read(sqlite::Database& store) {
  Veil out;
  PL_TRY(there, store.integer("SELECT 1 FROM sqlite_master WHERE type='table' AND name='quarantined'"));
  if (!there) return out;
  PL_TRY(rows, store.query("SELECT record, field FROM quarantined"));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    out.hidden_.emplace(static_cast<audit::LeafIndex>(rows.integer(0)), rows.text(1));
  }
}

bool Veil::touches(audit::LeafIndex record) const {
  const auto at = hidden_.lower_bound({record, std::string()});
  return at != hidden_.end() && at->first == record;
}

void Veil::hide(audit::StoredRecord& record) const {
  for (auto& field : record.fields)
    if (hides(record.index, field.name)) field.disclosure.clear(), field.unread = audit::FieldState::closed;
}

bool is_about_readers(std::string_view type) { return type == "viewed" || type == "exported"; }

Result<std::vector<audit::StoredRecord>> VeiledRecords::of(const std::string& intervention) const {
  PL_TRY(records, source_.of_intervention(intervention));
  std::erase_if(records, [](const auto& record) { return is_about_readers(record.type()); });
  for (auto& record : records) veil_.hide(record);
  return records;
}

Result<audit::Fiche> VeiledRecords::fiche(const std::string& intervention) const {
  PL_TRY(records, of(intervention));
  return audit::fiche_of(intervention, records);
}

}  // namespace pontlevis::gateway
