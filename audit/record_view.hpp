// A record as a verifier walks past it: nothing is copied, the bytes lie where the source has them.
#pragma once

#include <string_view>
#include <vector>

#include "audit/record.hpp"

namespace pontlevis::audit {

struct FieldView {
  std::string_view name;
  FieldClass cls{};
  FieldState state{};
  std::string_view expires_on;  // empty: none
  std::string_view disclosure;  // of an open one
  Digest digest;                // of one that is not open
};

struct RecordView {
  LeafIndex index{};
  std::string_view entry;
  std::vector<FieldView> fields;  // none: the whole record was destroyed, but for its entry

  void show(const StoredRecord& record);  // REQUIRES: `record` outlives what is seen
};

}  // namespace pontlevis::audit
