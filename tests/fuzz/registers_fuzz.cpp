// What people write into the registers, and what the store gives back: taken strictly or not at all, and what is
// taken prints and reads back to itself.
#include "gateway/registers/breach/breach_file.hpp"
#include "gateway/registers/rights/rights_case.hpp"
#include "protocol/strict_json.hpp"
#include "tests/fuzz/fuzz_support.hpp"

namespace {

using namespace pontlevis;
using namespace pontlevis::gateway;

constexpr std::string_view number = "6f1c2b7e-0f7e-4c1e-9a43-2f8f1f6f9f10";

void new_ones(const json::object& words) {
  const Time now(std::chrono::sys_days(std::chrono::year(2026) / 11 / 22));
  if (const auto request = new_case(words, std::string(number), now)) {
    const auto text = case_text(*request);
    const auto again = case_from(text);
    fuzz::require(again && case_text(*again) == text, "a request reads back");
    fuzz::require(request->due() <= request->received_at + std::chrono::days(30), "a request is due within 30 days");
  }
  if (const auto words_read = breach_words(words)) {
    const auto again = breach_words(words_json(*words_read));
    fuzz::require(again && words_json(*again) == words_json(*words_read), "the words of a breach read back");
  }
}

void kept_ones(std::string_view text) {
  if (const auto request = case_from(text)) {
    const auto printed = case_text(*request);
    const auto again = case_from(printed);
    fuzz::require(again && case_text(*again) == printed, "a kept request reads back");
    static_cast<void>(case_view(*request, request->received_at, false));
  }
  if (const auto file = breach_from(text)) {
    const auto printed = breach_text(*file);
    const auto again = breach_from(printed);
    fuzz::require(again && breach_text(*again) == printed, "a kept breach file reads back");
    static_cast<void>(clocks_of(*file));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::input(data, size);
  if (const auto object = parse_object(text, 64 * 1024, "fuzz", JsonForm::any)) new_ones(*object);
  kept_ones(text);
  return 0;
}
