// A hostile VNC client. The first byte says with which right, the second in pieces of which size it speaks.
// Whatever comes out is only what may pass, so it passes again unchanged; without CONTROL nothing that acts
// is in it; and the filter never holds more than one message.
#include "agent/tools/desktop/rfb_input.hpp"
#include "tests/fuzz/fuzz_support.hpp"

namespace {

using namespace pontlevis;
using namespace pontlevis::agent;

std::string all_of(RfbInput& input, std::string_view bytes, std::size_t piece, bool& whole) {
  std::string out;
  for (whole = true; whole && !bytes.empty();) {
    const auto given = input.feed(bytes.substr(0, piece));
    whole = given.has_value();
    if (given) out += *given;
    fuzz::require(!whole || input.held() <= RfbInput::longest_cut_text + 16, "one message is held at most");
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::input(data, size);
  if (text.size() < 3) return 0;
  const auto right = (text[0] & 1) != 0 ? DesktopRight::control : DesktopRight::view;
  const std::size_t piece = static_cast<unsigned char>(text[1]) + 1;
  RfbInput first(right), again(right), looking(DesktopRight::view);
  bool whole = true, good = true;
  const std::string out = all_of(first, text.substr(2), piece, whole);
  fuzz::require(out.empty() || out.front() == '\1', "everybody shares");
  fuzz::require(all_of(again, out, 4096, good) == out && good, "what passed passes again");
  if (right == DesktopRight::view) fuzz::require(all_of(looking, out, 7, good) == out, "who may look alone, acts not");
  return 0;
}
