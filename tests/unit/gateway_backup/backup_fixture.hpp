// A gateway with a folder for its backups and a recovery key made by the real age-keygen.
#pragma once

#include <fstream>

#include "gateway/backup/backups.hpp"
#include "gateway/backup/pipeline.hpp"
#include "gateway/backup/restore.hpp"
#include "gateway/store.hpp"
#include "gateway/records.hpp"
#include "protocol/json_values.hpp"
#include "tests/unit/gateway/gateway_fixture.hpp"

namespace pontlevis::gateway {

class BackupTest : public GatewayTest {
 protected:
  void SetUp() override {
    if (std::system("command -v age-keygen >/dev/null") != 0) GTEST_SKIP() << "age is not installed";
    GatewayTest::SetUp();
    identity = temporary.path() / "identity";
    ASSERT_EQ(std::system(("age-keygen -o '" + identity.string() + "' 2>/dev/null").c_str()), 0);
    ASSERT_EQ(std::system(("age-keygen -y '" + identity.string() + "' > '" + (temporary.path() / "recipient").string() + "'").c_str()), 0);
    recipient = *io::read_file(temporary.path() / "recipient");
    while (recipient.ends_with('\n')) recipient.pop_back();
    begin();
  }
  void TearDown() override {
    area.reset();
    GatewayTest::TearDown();
  }
  void begin() {
    ASSERT_TRUE(core->options.set("backup.folder", copies().string(), "test"));
    ASSERT_TRUE(core->options.set("backup.recipient", recipient, "test"));
    area.emplace(*core);
    ASSERT_TRUE(area->open());
    core->signals.clock.listen([this](const ClockNotice& notice) { notices.push_back(notice); });
  }
  std::filesystem::path copies() const { return temporary.path() / "copies"; }
  void wait_days(int days) { clock.advance(std::chrono::hours(24) * days); }

  Result<json::object> ask_verb(const std::string& verb, json::object members = {}) {
    json::object request{{"verb", verb}, {"done_by", "admin"}};
    for (auto& member : members) request[member.key()] = member.value();
    auto verbs = area->verbs();
    return run(verbs.at(verb)(std::move(request)));
  }
  json::object must(const std::string& verb, json::object members = {}) {
    auto done = ask_verb(verb, std::move(members));
    if (!done) throw std::runtime_error(verb + ": " + done.error().text());
    return *std::move(done);
  }
  // The two files of one backup.
  struct Files {
    std::filesystem::path data, keys;
    std::string sha256;
  };
  Files backup() {
    Files out;
    const auto made = must("backup");
    for (const auto& row : made.at("backups").as_array()) {
      const auto file = copies() / text_of(row.as_object(), "file");
      if (text_of(row.as_object(), "kind") == "KEYS") out.keys = file;
      else out.data = file, out.sha256 = text_of(row.as_object(), "sha256");
    }
    return out;
  }
  RestoreRequest to_new_folder(const Files& files, const std::string& name = "new") {
    return {files.data, files.keys, identity, {}, DataFolder{temporary.path() / name}};
  }
  std::size_t count(const std::filesystem::path& folder_of, const std::string& text) {
    std::size_t found = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_of)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string bytes((std::istreambuf_iterator<char>(file)), {});
      found += bytes.find(text) != bytes.npos;
    }
    return found;
  }

  std::filesystem::path identity;
  std::string recipient;
  std::optional<Backups> area;
  std::vector<ClockNotice> notices;
};

}  // namespace pontlevis::gateway
