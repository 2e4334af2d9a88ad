#include "gateway/retention/quarantine.hpp"

namespace pontlevis::gateway {

Result<> Quarantine::make_table() {
  return store_->script(R"sql(
    -- Fields of the log that nobody is shown until they are destroyed.
    CREATE TABLE IF NOT EXISTS quarantined(
      record INTEGER NOT NULL, field TEXT NOT NULL, case_id TEXT NOT NULL, PRIMARY KEY(record, field)) STRICT, WITHOUT ROWID;
  )sql");
}

Result<> Quarantine::put(const std::string& case_id, std::span<const QuarantinedField> fields) {
  PL_TRY(transaction, sqlite::Transaction::begin(*store_));
  for (const auto& one : fields)
    PL_CHECK(store_->run("INSERT OR IGNORE INTO quarantined(record, field, case_id) VALUES(?,?,?)", one.record, one.field, case_id));
  return transaction.commit();
}

Result<> Quarantine::release(const std::string& case_id) { return store_->run("DELETE FROM quarantined WHERE case_id=?", case_id); }

Result<std::vector<QuarantinedField>> Quarantine::of_case(const std::string& case_id) const {
  std::vector<QuarantinedField> out;
  PL_TRY(rows, store_->query("SELECT record, field FROM quarantined WHERE case_id=? ORDER BY record, field", case_id));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    out.push_back({static_cast<LeafIndex>(rows.integer(0)), rows.text(1)});
  }
}

Result<std::vector<std::string>> Quarantine::fields_of(LeafIndex record) const {
  std::vector<std::string> out;
  PL_TRY(rows, store_->query("SELECT field FROM quarantined WHERE record=?", record));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    out.push_back(rows.text(0));
  }
}

Result<> Quarantine::hide(audit::StoredRecord& record) const {
  PL_TRY(hidden, fields_of(record.index));
  for (auto& field : record.fields)
    if (std::find(hidden.begin(), hidden.end(), field.name) != hidden.end()) {
      field.disclosure.clear();
      field.unread = audit::FieldState::closed;
    }
  return {};
}

}  // namespace pontlevis::gateway
