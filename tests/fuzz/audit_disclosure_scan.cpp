// The scan of a disclosure accepts exactly what the parser accepts, and sees the same name and value; the scan of a
// time likewise.
#include "audit/disclosure_scan.hpp"
#include "audit/record.hpp"
#include "protocol/text.hpp"
#include "tests/fuzz/fuzz_support.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pontlevis;
  const auto text = fuzz::input(data, size);
  const std::string encoded = to_base64url(text);
  for (std::string_view candidate : {text, std::string_view(encoded)}) {
    std::string room;
    audit::ScannedDisclosure scanned;
    const bool good = audit::scan_disclosure(candidate, room, scanned);
    const auto opened = audit::open_disclosure(candidate);
    fuzz::require(good == opened.has_value(), "scan and parser agree on what is a disclosure");
    if (!good) continue;
    fuzz::require(scanned.name == opened->name, "scan and parser see one name");
    fuzz::require(scanned.value == boost::json::serialize(opened->value), "scan and parser see one value");
  }
  std::string decoded;
  const auto want = from_base64url(text);
  fuzz::require(audit::append_base64url(text, decoded) == want.has_value() && (!want || decoded == *want), "one decoder of base64url");
  fuzz::require(audit::scan_utc(text) == from_utc(text), "one reader of times");
  return 0;
}
