#include "audit/source.hpp"

namespace pontlevis::audit {

Result<> Source::visit(LeafIndex first, std::size_t count, const RecordVisitor& visitor) {
  RecordView view;
  for (LeafIndex i = first; i < first + count; ++i) {
    const auto found = record(i);
    if (!found && found.error().code == Errc::unavailable) return std::unexpected(found.error());
    if (!found) visitor(i, nullptr, &found.error());
    if (!found || !*found) continue;
    view.show(**found);
    visitor(i, &view, nullptr);
  }
  return {};
}

}  // namespace pontlevis::audit
