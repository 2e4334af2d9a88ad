#include <gtest/gtest.h>

#include "agent/identity.hpp"

namespace pontlevis::agent {
namespace {

TEST(GatewayAddress, is_read_in_the_forms_people_type) {
  EXPECT_EQ(GatewayAddress::parse("gw.example")->text(), "gw.example:8443");
  EXPECT_EQ(GatewayAddress::parse("gw.example:1")->port, 1);
  EXPECT_EQ(GatewayAddress::parse("https://gw.example:9443/")->text(), "gw.example:9443");
  for (const char* bad : {"", ":1", "gw:0", "gw:65536", "gw:x", "a b:1", "user@gw:1", "gw/path"}) EXPECT_FALSE(GatewayAddress::parse(bad)) << bad;
}

TEST(KeyFolder, an_empty_folder_says_how_to_enrol) {
  const auto loaded = KeyFolder("/nonexistent").load();
  ASSERT_FALSE(loaded);
  EXPECT_NE(loaded.error().hint.find("enroll"), std::string::npos);
}

}  // namespace
}  // namespace pontlevis::agent
