// What a technician types is bounded and strict, and every mistake has its own sentence.
#include "gateway/command_line.hpp"

#include <gtest/gtest.h>

namespace pontlevis::gateway {
namespace {

constexpr CommandOption sample_options[] = {
    {"--wait", OptionShape::flag},      {"--minutes", OptionShape::word},    {"--reason", OptionShape::text},
    {"--tasks", OptionShape::text},     {"--additional", OptionShape::many}, {"--data", OptionShape::texts}};
constexpr CommandGrammar sample{"request", 1, 1, "SYSTEM.PRACTICE", sample_options};

Result<Arguments> parse(std::string_view line) {
  PL_TRY(words, split_words(line));
  return parse_arguments(sample, words);
}

TEST(CommandLine, quotes_group_words_and_an_apostrophe_inside_a_word_is_a_letter) {
  const auto words = split_words(R"(request "two words" 'a "b" c' l'imprimante d'accueil)");
  ASSERT_TRUE(words);
  EXPECT_EQ(*words, (std::vector<std::string>{"request", "two words", "a \"b\" c", "l'imprimante", "d'accueil"}));
}

TEST(CommandLine, escapes_work_inside_double_quotes_only) {
  const auto words = split_words(R"("a \"quoted\" word" 'a \n b')");
  ASSERT_TRUE(words);
  EXPECT_EQ(words->at(0), "a \"quoted\" word");
  EXPECT_EQ(words->at(1), "a \\n b");
}

TEST(CommandLine, a_text_runs_to_the_next_option_because_the_shell_ate_its_quotes) {
  const auto a = parse("dossier.cabinet-exemple --reason the printer is mute --minutes 20 --tasks look at the queue --wait");
  ASSERT_TRUE(a) << a.error().text();
  EXPECT_EQ(a->words, std::vector<std::string>{"dossier.cabinet-exemple"});
  EXPECT_EQ(a->one("--reason"), "the printer is mute");
  EXPECT_EQ(a->one("--tasks"), "look at the queue");
  EXPECT_EQ(a->one("--minutes"), "20");
  EXPECT_TRUE(a->has("--wait"));
}

TEST(CommandLine, repeated_options_keep_their_order) {
  const auto a = parse("x.y --additional bob --additional carol --data free text --data more");
  ASSERT_TRUE(a);
  EXPECT_EQ(a->all("--additional"), (std::vector<std::string>{"bob", "carol"}));
  EXPECT_EQ(a->all("--data"), (std::vector<std::string>{"free text", "more"}));
}

struct BadLine {
  std::string line, what;
};
class CommandLineMistakes : public testing::TestWithParam<BadLine> {};

TEST_P(CommandLineMistakes, are_named_exactly) {
  const auto parsed = parse(GetParam().line);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().what, GetParam().what);
  EXPECT_EQ(parsed.error().where, "command line");
  EXPECT_EQ(parsed.error().code, Errc::bad_input);
}

INSTANTIATE_TEST_SUITE_P(
    Table, CommandLineMistakes,
    testing::Values(BadLine{"", "'request' needs SYSTEM.PRACTICE"},
                    BadLine{"a.b c.d", "'c.d' is one word too many for 'request'"},
                    BadLine{"a.b --minute 3", "'--minute' is not an option of 'request'"},
                    BadLine{"a.b --minutes", "'--minutes' needs a value"},
                    BadLine{"a.b --minutes --wait", "'--minutes' needs a value"},
                    BadLine{"a.b --minutes 3 --minutes 4", "'--minutes' is given twice"},
                    BadLine{"a.b --reason \"no end", "a text that begins with \" has no end"},
                    BadLine{"a.b --reason 'no end", "a text that begins with ' has no end"},
                    BadLine{"a.b --reason \"x\"y", "text goes on behind a closing quote"},
                    BadLine{"a.b --lang de", "'--lang' must be en or fr"},
                    BadLine{"a.b --reason \x01", "holds a control character"},
                    BadLine{"a.b \x1b[31m", "holds a control character"},
                    BadLine{"a.b \xff", "is not UTF-8"},
                    BadLine{"a.b --reason " + std::string(9000, 'x'), "is longer than 8192 bytes"}));

TEST(CommandLine, more_words_than_anyone_types_are_refused) {
  std::string line;
  for (int i = 0; i < 1100; ++i) line += "w ";
  const auto words = split_words(line);
  ASSERT_FALSE(words);
  EXPECT_EQ(words.error().what, "has more than 1024 words");
}

}  // namespace
}  // namespace pontlevis::gateway
