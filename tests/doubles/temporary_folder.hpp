// A new folder of one test, gone with it. Its name stays short: a Unix socket's path has 107 bytes.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace pontlevis::test {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "pontlevis-test-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("no folder for the test: " + name);
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code gone_already;
    if (!kept_) std::filesystem::remove_all(path_, gone_already);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const noexcept { return path_; }
  void keep() noexcept { kept_ = true; }  // for a look, after a failure

 private:
  std::filesystem::path path_;
  bool kept_ = false;
};

}  // namespace pontlevis::test
