// The frames of an agent's link: whatever is accepted prints back to the same bytes, and only the
// table of the conversation decides what it may do.
#include "protocol/frame.hpp"
#include "tests/fuzz/fuzz_support.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto frame = pontlevis::decode_frame(bytes);
  if (frame && pontlevis::encode(*frame) != bytes) __builtin_trap();  // two forms of one frame
  return 0;
}
