// What a reader searches for, from an address or a body: what is accepted has one form, and resolves to a search.
#include "gateway/review/filter.hpp"
#include "protocol/strict_json.hpp"
#include "tests/fuzz/fuzz_support.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pontlevis;
  using gateway::ReviewFilter;
  const auto text = fuzz::input(data, size);
  static const gateway::ReviewIndex index;
  io::HttpRequest request;
  request.query = text;
  const auto body = parse_object(text, 64 * 1024, "fuzz", JsonForm::any);
  for (const auto& filter : {ReviewFilter::from_query(request), body ? ReviewFilter::from_json(*body) : std::unexpected(body.error())}) {
    if (!filter) continue;
    const auto again = ReviewFilter::from_json(filter->json());
    fuzz::require(again && again->text() == filter->text(), "a filter has one form");
    static_cast<void>(index.find(filter->resolve(index)));
  }
  return 0;
}
