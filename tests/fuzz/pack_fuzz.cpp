// A ZIP from a stranger: whatever it holds, nothing is written outside the folder it is read into, and what is read
// there is judged without a fault of ours.
#include <stdlib.h>

#include <fstream>

#include "audit/pack/pack.hpp"
#include "tests/fuzz/fuzz_support.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pontlevis;
  namespace fs = std::filesystem;
  static const fs::path home = [] {
    std::string name = (fs::temp_directory_path() / "pontlevis-fuzz-XXXXXX").string();
    fuzz::require(::mkdtemp(name.data()) != nullptr, "a folder can be made");
    return fs::path(name);
  }();
  const auto file = home / "in.zip", to = home / "to";
  std::ofstream(file, std::ios::binary | std::ios::trunc).write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  if (audit::read_zip(file, to)) static_cast<void>(audit::check_pack(to));
  std::error_code ec;
  fs::remove_all(to, ec);
  fs::remove(file, ec);
  fuzz::require(fs::is_empty(home, ec), "nothing stands beside the folder");
  fs::remove(home, ec), fs::create_directory(home, ec);
  return 0;
}
