// Runs a fuzz target over its seed files: keeps targets and corpus alive in the ordinary test run.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int argc, char** argv) {
  std::size_t seeds = 0;
  for (int i = 1; i < argc; ++i)
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string seed{std::istreambuf_iterator<char>(in), {}};
      // The seed, and the seed cut short everywhere: half-read input is what the wire really brings.
      for (std::size_t n = 0; n <= seed.size(); n += 1 + seed.size() / 200)
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(seed.data()), n);
      LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(seed.data()), seed.size());
      ++seeds;
    }
  std::cout << seeds << " seeds\n";
  return seeds == 0 ? 1 : 0;
}
