#include <gtest/gtest.h>

#include "protocol/strict_json.hpp"

namespace pontlevis {
namespace {

Result<json::object> read(std::string_view text) { return parse_object(text, 1000, "test"); }

TEST(StrictJson, only_the_canonical_form_of_an_object_is_read) {
  EXPECT_TRUE(read(R"({"a":1,"b":"x"})"));
  for (const char* bad : {R"({"a": 1})", R"({"a":1,"a":1})", R"({"a":1e0})", R"([1])", R"("a")", R"({"a":"\u0041"})", "{\"a\":1}\n", "{\"a\":1", ""})
    EXPECT_FALSE(read(bad)) << bad;
}

TEST(StrictJson, depth_and_size_are_bounded) {
  EXPECT_FALSE(read(R"({"a":)" + std::string(20, '[') + std::string(20, ']') + "}"));
  EXPECT_FALSE(read(R"({"a":")" + std::string(2000, 'x') + R"("})"));
}

TEST(StrictJson, an_unknown_field_is_named) {
  const auto object = read(R"({"a":1,"surprise":2})");
  StrictObject in(*object, "frame x");
  EXPECT_EQ(in.integer("a", 0, 9), 1);
  const auto done = in.finish();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().text(), "frame x: field 'surprise' is not known here");
}

TEST(StrictJson, the_first_fault_is_the_one_that_is_told) {
  const auto object = read(R"({"minutes":"ten"})");
  StrictObject in(*object, "frame x");
  static_cast<void>(in.integer("minutes", 1, 480));
  static_cast<void>(in.text("missing", 1, 2));
  EXPECT_EQ(in.finish().error().what, "field 'minutes' must be a whole number from 1 to 480");
}

TEST(StrictJson, control_characters_and_broken_utf8_never_enter_a_text) {
  EXPECT_FALSE(read("{\"a\":\"\xff\"}"));
  const auto object = read(R"({"a":"x\u001by","b":"x\ny"})");
  ASSERT_TRUE(object);
  StrictObject in(*object, "t");
  static_cast<void>(in.text("b", 1, 9, StrictObject::Lines::many));
  EXPECT_TRUE(in.has("a"));
  static_cast<void>(in.text("a", 1, 9));
  EXPECT_FALSE(in.finish());
}

TEST(StrictJson, a_fraction_is_not_a_whole_number) {
  const auto object = parse_object(R"({"a":1.5})", 100, "t", JsonForm::any);
  StrictObject in(*object, "t");
  static_cast<void>(in.integer("a", 0, 9));
  EXPECT_FALSE(in.finish());
}

}  // namespace
}  // namespace pontlevis
