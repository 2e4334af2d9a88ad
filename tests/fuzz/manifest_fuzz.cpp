// manifest.json of a backup: what is accepted prints back to the same bytes, and names nothing outside the data folder.
#include "gateway/backup/manifest.hpp"
#include "tests/fuzz/fuzz_support.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pontlevis;
  const auto text = fuzz::input(data, size);
  const auto manifest = gateway::parse_manifest(text, "fuzz");
  if (!manifest) return 0;
  fuzz::require(gateway::print_manifest(*manifest) == text, "a manifest prints back");
  for (const auto& file : manifest->files)
    fuzz::require(!file.path.starts_with('/') && file.path.find("..") == file.path.npos, "a file lies below the folder");
  return 0;
}
