// A record of a bundle that parses prints to the same bytes and can be checked; the reader that builds nothing sees
// the same record, and refuses what the parser refuses.
#include "audit/record_line.hpp"
#include "tests/fuzz/fuzz_support.hpp"

namespace {

using namespace pontlevis;

void same_record(const audit::StoredRecord& record, const audit::RecordView& view) {
  fuzz::require(view.index == record.index && view.entry == record.entry && view.fields.size() == record.fields.size(), "one record, two readers");
  for (std::size_t i = 0; i < view.fields.size(); ++i) {
    const auto& a = view.fields[i];
    const auto& b = record.fields[i];
    const bool same = a.name == b.name && a.cls == b.cls && a.state == b.state() && a.expires_on == b.expires_on.value_or("") && a.disclosure == b.disclosure;
    fuzz::require(same && (b.is_open() || a.digest == b.digest), "one field, two readers");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::input(data, size);
  const auto record = audit::parse_record_json(text);
  audit::RecordLineReader reader;
  audit::RecordView view;
  const auto read = reader.read(text, view);
  fuzz::require(read.has_value() == record.has_value(), "both readers accept, or neither");
  if (!record) return 0;
  same_record(*record, view);
  fuzz::require(audit::print_record_json(*record) == text, "one value has one form");
  static_cast<void>(audit::check_record(*record));
  return 0;
}
