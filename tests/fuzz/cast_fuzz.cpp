// Whatever the bytes: a recording opens as it was written or says why not, a cast is read strictly, and
// anything a terminal shows becomes a cast that reads back, however it was cut.
#include "agent/recorder/cast_text.hpp"
#include "agent/recorder/sealed_file.hpp"
#include "tests/fuzz/fuzz_support.hpp"

namespace {

using namespace pontlevis;

void try_sealed(std::string_view file) {
  static const Secret key(std::string(32, 'k'));
  static const auto id = InterventionId::parse("0d9a3f52-6f7e-4c6b-9a57-6a5fd2f4a001").value();
  const auto opened = agent::open_sealed(file, key, id, 1 << 20);
  if (opened) fuzz::require(opened->text.size() <= file.size(), "a file holds no more text than bytes");
}

void try_shown(std::string_view shown) {
  const Time began{};
  std::string cast = agent::cast_header(1, {"shell", "alice", 80, 24}, began);
  agent::CastOutput whole, cut;
  const std::string at_once = whole.lines(Millis(5), {shown.data(), shown.size()}) + whole.rest(Millis(5));
  const auto middle = shown.size() / 2;
  cast += cut.lines(Millis(5), {shown.data(), middle});
  cast += cut.lines(Millis(6), {shown.data() + middle, shown.size() - middle});
  cast += cut.rest(Millis(7));
  fuzz::require(agent::read_cast(cast).has_value(), "what is written is read");
  fuzz::require(agent::read_cast(agent::cast_header(1, {"shell", "alice", 80, 24}, began) + at_once).has_value(), "what is written is read");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::input(data, size);
  try_sealed(text);
  try_shown(text);
  if (const auto head = agent::read_cast(text)) {
    const auto header = agent::cast_header(head->stream, head->of, head->began);
    fuzz::require(text.starts_with(header), "one header has one form");
  }
  return 0;
}
