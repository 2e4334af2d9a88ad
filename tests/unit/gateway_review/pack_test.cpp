// ZIP files from strangers: names that would write elsewhere, lists that do not fit, damage.
#include "audit/pack/pack.hpp"

#include <gtest/gtest.h>
#include <zip.h>

#include "protocol/io/system.hpp"
#include "tests/doubles/temporary_folder.hpp"

namespace pontlevis::audit {
namespace {

namespace fs = std::filesystem;

class PackTest : public testing::Test {
 protected:
  fs::path zip_with(const std::string& name, const std::string& content, zip_uint32_t mode = 0100600) {
    const auto file = temporary.path() / "in.zip";
    fs::remove(file);
    int error = 0;
    zip_t* zip = zip_open(file.c_str(), ZIP_CREATE, &error);
    zip_source_t* source = zip_source_buffer(zip, content.data(), content.size(), 0);
    const auto at = zip_file_add(zip, name.c_str(), source, ZIP_FL_ENC_UTF_8);
    zip_file_set_external_attributes(zip, static_cast<zip_uint64_t>(at), 0, ZIP_OPSYS_UNIX, mode << 16);
    zip_close(zip);
    return file;
  }
  fs::path sealed() {
    const auto folder = temporary.path() / "pack";
    EXPECT_TRUE(io::make_private_folder(folder / "printed"));
    EXPECT_TRUE(io::write_file(folder / "printed" / "a.txt", "une fiche", io::FileMode::owner_only));
    EXPECT_TRUE(seal_pack(folder, {{"sample", true}}, key));
    return folder;
  }
  void put(const fs::path& file, const std::string& text) { ASSERT_TRUE(io::write_file(file, text, io::FileMode::owner_only)); }

  test::TemporaryFolder temporary;
  io::SystemRandom random;
  NoteSigner key{"export.vendor.example/log", NoteKeyType::ed25519, Ed25519Key::generate(random)};
};

TEST_F(PackTest, names_that_lead_elsewhere_are_refused) {
  for (const char* name : {"../a", "/etc/a", "a/../../b", "a//b", "./a", "a/", "a\\b", "a b", ""}) EXPECT_FALSE(is_pack_name(name)) << name;
  for (const char* name : {"checkpoint", "tile/0/x001/000", "printed/6f1c2b7e.pdf", "tile/entries/000.p/12"}) EXPECT_TRUE(is_pack_name(name)) << name;
  for (const char* name : {"../outside", "/tmp/outside", "a/../../outside"}) {
    const auto out = read_zip(zip_with(name, "x"), temporary.path() / "to");
    EXPECT_FALSE(out) << name;
    EXPECT_FALSE(fs::exists(temporary.path() / "outside"));
    fs::remove_all(temporary.path() / "to");
  }
}

TEST_F(PackTest, a_link_is_no_file) { EXPECT_FALSE(read_zip(zip_with("link", "/etc/passwd", 0120777), temporary.path() / "to")); }

TEST_F(PackTest, what_is_no_zip_is_refused) {
  const auto file = temporary.path() / "no.zip";
  put(file, "no zip at all");
  EXPECT_EQ(read_zip(file, temporary.path() / "to").error().code, Errc::bad_input);
  EXPECT_EQ(read_zip(temporary.path() / "none.zip", temporary.path() / "to2").error().code, Errc::not_found);
}

TEST_F(PackTest, a_zip_comes_back_as_it_went) {
  const auto file = temporary.path() / "out.zip";
  ASSERT_TRUE(write_zip(sealed(), file));
  ASSERT_TRUE(read_zip(file, temporary.path() / "back"));
  EXPECT_EQ(*io::read_file(temporary.path() / "back" / "printed" / "a.txt"), "une fiche");
  EXPECT_TRUE(check_pack(temporary.path() / "back"));
}

TEST_F(PackTest, every_change_of_a_sealed_pack_is_found) {
  const auto folder = sealed();
  const auto wrong = [&] {
    const auto out = check_pack(folder);
    return !out || out->findings.size() > 1;  // one: this sample has no log that names the key
  };
  EXPECT_FALSE(wrong());
  put(folder / "printed" / "b.txt", "ajoutée");
  EXPECT_TRUE(wrong()) << "a file that was not packed";
  fs::remove(folder / "printed" / "b.txt");
  for (const char* name : {"printed/a.txt", "manifest.json", "manifest.note", "export.vkey"}) {
    const auto before = *io::read_file(folder / name);
    for (std::size_t i = 0; i < before.size(); ++i) {
      auto after = before;
      after[i] ^= 1;
      put(folder / name, after);
      const auto out = check_pack(folder);
      const bool noticed = !out || out->findings.size() > 1 || (out->findings.size() == 1 && out->findings[0].find("name the key") == std::string::npos);
      EXPECT_TRUE(noticed) << name << " byte " << i;
    }
    put(folder / name, before);
  }
  EXPECT_FALSE(wrong());
}

}  // namespace
}  // namespace pontlevis::audit
