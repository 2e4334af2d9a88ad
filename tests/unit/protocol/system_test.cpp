#include <gtest/gtest.h>
#include <sys/stat.h>

#include "protocol/io/system.hpp"
#include "tests/doubles/temporary_folder.hpp"

namespace pontlevis::io {
namespace {

using Folder = test::TemporaryFolder;

TEST(System, a_file_is_whole_and_has_its_mode) {
  const Folder folder;
  const auto file = folder.path() / "key";
  ASSERT_TRUE(write_file(file, "secret\n", FileMode::owner_only));
  struct stat info {};
  ASSERT_EQ(::stat(file.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_EQ(read_secret_file(file)->expose(), "secret\n");
  EXPECT_FALSE(std::filesystem::exists(file.string() + ".part"));
}

TEST(System, a_secret_that_others_can_read_is_refused) {
  const Folder folder;
  const auto file = folder.path() / "key";
  ASSERT_TRUE(write_file(file, "secret\n", FileMode::everyone_reads));
  const auto read = read_secret_file(file);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().hint, "chmod 600 " + file.string());
}

TEST(System, a_file_longer_than_its_bound_is_refused) {
  const Folder folder;
  ASSERT_TRUE(write_file(folder.path() / "big", std::string(5000, 'x'), FileMode::everyone_reads));
  EXPECT_FALSE(read_file(folder.path() / "big", 4999));
  EXPECT_EQ(read_file(folder.path() / "big", 5000)->size(), 5000u);
}

TEST(System, two_uuids_are_never_the_same_and_have_the_form) {
  SystemRandom random;
  const auto a = make_uuid(random), b = make_uuid(random);
  EXPECT_NE(a, b);
  EXPECT_EQ(a[14], '4');
}

}  // namespace
}  // namespace pontlevis::io
