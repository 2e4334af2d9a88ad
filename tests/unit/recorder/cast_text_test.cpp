// The text of a recording: asciicast v2, output and sizes only.
#include "agent/recorder/cast_text.hpp"

#include <gtest/gtest.h>

#include "protocol/text.hpp"

namespace pontlevis::agent {
namespace {

const Time began = *from_utc("2026-11-22T08:00:00.000Z");
std::string show(CastOutput& out, int ms, std::string_view text) { return out.lines(Millis(ms), {text.data(), text.size()}); }

TEST(CastText, the_form_is_that_of_asciicast_v2) {
  EXPECT_EQ(cast_header(3, {"shell", "alice", 80, 24}, began),
            "{\"version\":2,\"width\":80,\"height\":24,\"timestamp\":1795334400,\"pontlevis\":{\"stream\":3,\"kind\":\"shell\",\"login\":\"alice\"}}\n");
  CastOutput out;
  EXPECT_EQ(show(out, 1042, "$ ls\r\n\x1b[0m"), "[1.042, \"o\", \"$ ls\\r\\n\\u001b[0m\"]\n");
  EXPECT_EQ(cast_resize(Millis(61'007), 120, 40), "[61.007, \"r\", \"120x40\"]\n");
}

TEST(CastText, a_character_cut_between_two_outputs_is_whole_in_the_cast) {
  for (const std::string_view text : {"é", "€", "𝄞"})
    for (std::size_t cut = 1; cut < text.size(); ++cut) {
      CastOutput out;
      EXPECT_EQ(show(out, 0, text.substr(0, cut)), "");
      EXPECT_EQ(show(out, 5, text.substr(cut)), "[0.005, \"o\", \"" + std::string(text) + "\"]\n");
      EXPECT_EQ(out.rest(Millis(9)), "");
    }
}

TEST(CastText, what_is_not_utf8_becomes_the_replacement_mark) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"a\xff" "b", "a\uFFFDb"},             // never a byte of UTF-8
      {"\xc0\xaf", "\uFFFD\uFFFD"},           // overlong
      {"\xed\xa0\x80", "\uFFFD\uFFFD\uFFFD"}, // a surrogate
      {"\xe2\x82" "x", "\uFFFDx"},           // broken off in the middle
      {"\xf5\x80", "\uFFFD\uFFFD"},           // beyond the last code point
  };
  for (const auto& [in, shown] : cases) {
    CastOutput out;
    EXPECT_EQ(show(out, 0, in), "[0.000, \"o\", \"" + std::string(shown) + "\"]\n");
  }
  CastOutput end;
  EXPECT_EQ(show(end, 0, "\xe2\x82"), "");
  EXPECT_EQ(end.rest(Millis(7)), "[0.007, \"o\", \"\uFFFD\"]\n");
}

TEST(CastText, no_line_is_longer_than_a_chunk_whatever_is_shown) {
  for (const char byte : {'\x01', '\xff', 'a'}) {
    CastOutput out;
    std::string text = cast_header(1, {"shell", "alice", 80, 24}, began) + show(out, 3, std::string(200'000, byte));
    for (std::string_view rest = text; !rest.empty();) {
      const auto end = rest.find('\n') + 1;
      EXPECT_LE(end, max_cast_line);
      rest.remove_prefix(end);
    }
    EXPECT_TRUE(read_cast(text));
  }
}

TEST(CastText, reading_is_strict) {
  CastOutput out;
  const std::string head = cast_header(1, {"shell", "alice", 80, 24}, began);
  const std::string good = head + show(out, 100, "hello") + cast_resize(Millis(250), 100, 30);
  const auto read = read_cast(good);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->of.login, "alice");
  EXPECT_EQ(read->lasted, Millis(250));
  const std::string bad[] = {
      "", head.substr(0, 20), "{}\n", head + "[0.1, \"o\", \"x\"]\n", head + "[0.100,\"o\",\"x\"]\n", head + "[0.100, \"i\", \"typed\"]\n",
      head + "[0.100, \"m\", \"mark\"]\n", head + "[0.100, \"r\", \"wide\"]\n", head + "[0.100, \"o\", 7]\n", head + "[0.100, \"o\", \"x\"] \n",
      head + "[0.100, \"o\", \"\\u0041\"]\n", head + "[00.100, \"o\", \"x\"]\n", head + "[-1.100, \"o\", \"x\"]\n",
      head + "[0.200, \"o\", \"x\"]\n[0.100, \"o\", \"x\"]\n", head + "[0.100, \"o\", \"x\"]", head + "\n", head + "[\n", head + "]\n",
  };
  for (const auto& text : bad) EXPECT_FALSE(read_cast(text)) << text;
}

}  // namespace
}  // namespace pontlevis::agent
