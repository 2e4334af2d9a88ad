// What is under quarantine is shown nowhere: not on a page, not on paper, not in a copy (requirements B33). Reads the
// table that the retention area keeps; a value from then on, for any thread.
#pragma once

#include <set>

#include "audit/fiche.hpp"
#include "audit/sqlite.hpp"

namespace pontlevis::gateway {

class Veil {
 public:
  static Result<Veil> read(sqlite::Database& store);
  bool hides(audit::LeafIndex record, const std::string& field) const { return hidden_.contains({record, field}); }
  bool touches(audit::LeafIndex record) const;
  void hide(audit::StoredRecord& record) const;  // such fields are closed: digest, no opening

 private:
  std::set<std::pair<audit::LeafIndex, std::string>> hidden_;
};

// Records of a source behind the veil, and without those about its readers.
class VeiledRecords {
 public:
  VeiledRecords(audit::Source& source, const Veil& veil) : source_(source), veil_(veil) {}
  Result<std::vector<audit::StoredRecord>> of(const std::string& intervention) const;
  Result<audit::Fiche> fiche(const std::string& intervention) const;

 private:
  audit::Source& source_;
  const Veil& veil_;
};

// A record of who read, not of what happened.
bool is_about_readers(std::string_view type);

}  // namespace pontlevis::gateway
