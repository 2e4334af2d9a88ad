// Where things lie in a bundle (docs/record-format.md §9). Private to audit/bundle*.cpp and the tests.
#pragma once

#include <string>

#include "audit/merkle.hpp"

namespace pontlevis::audit::bundle {

constexpr std::size_t max_pack_bytes = std::size_t{1} << 30;

// "records/x001/x234/067.jsonl": records 256·n …, one a line, those that the bundle holds.
inline std::string pack_path(std::uint64_t n) {
  constexpr std::string_view head = "tile/entries/";
  return "records/" + entries_path(n).substr(head.size()) + ".jsonl";
}
// As bundles were written before: one file a record. Read, not written.
inline std::string record_path(LeafIndex index) { return "records/" + std::to_string(index) + ".json"; }
// Older checkpoints that witnesses cosigned or an authority stamped, with the cosignatures.
inline std::string checkpoint_path(TreeSize size) { return "checkpoints/" + std::to_string(size); }
inline std::string timestamp_path(TreeSize size) { return "timestamps/" + std::to_string(size) + ".tsr"; }

}  // namespace pontlevis::audit::bundle
