// Disclosures and lists of them: a field that opens closes to the same bytes.
#include "audit/record.hpp"
#include "protocol/text.hpp"
#include "tests/fuzz/fuzz_support.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pontlevis;
  const auto text = fuzz::input(data, size);
  // Half of the inputs are the JSON itself, so that the fuzzer need not learn base64 first.
  const std::string encoded = to_base64url(text);
  for (std::string_view candidate : {text, std::string_view(encoded)})
    if (const auto opened = audit::open_disclosure(candidate)) {
      const auto plain = from_base64url(candidate);
      const std::string again = boost::json::serialize(boost::json::array{boost::json::parse(*plain).at(0), boost::json::string(opened->name), opened->value});
      fuzz::require(to_base64url(again) == candidate, "one value has one form");
    }
  if (const auto lines = audit::parse_disclosures(text)) {
    std::string again;
    for (const auto& line : *lines) again += line + "\n";
    fuzz::require(again == text, "a list prints as it was read");
  }
  return 0;
}
