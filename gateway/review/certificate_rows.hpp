// Which destruction certificate covers which field of the log: read from the log's destruction records, as it grows.
// Owned by Review; the loop's thread.
#pragma once

#include <map>

#include "audit/destruction.hpp"
#include "gateway/core.hpp"

namespace pontlevis::gateway {

class CertificateRows {
 public:
  explicit CertificateRows(Core& core) : core_(core) {}

  // Reads what was appended since the last time.
  Result<> look();
  // The certificate under which this field was destroyed; nothing while it is open or when none covers it.
  std::optional<std::string> covering(audit::LeafIndex index, const json::object& record, audit::FieldClass cls, std::string_view field) const;
  // `CertificateRow` of web/review/contract.ts, of those named.
  json::array rows(const std::vector<std::string>& ids) const;

 private:
  struct One {
    audit::LeafIndex index{};
    audit::DestructionClaim claim;
    json::object fields;
  };
  Core& core_;
  std::vector<One> all_;
  std::int64_t read_to_ = -1;
};

}  // namespace pontlevis::gateway
