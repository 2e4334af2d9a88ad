// The encrypted file: whatever is done to it, it says so or gives what was written.
#include <fstream>

#include "protocol/io/system.hpp"
#include "protocol/text.hpp"
#include "tests/unit/recorder/recorder_support.hpp"

namespace pontlevis::agent::testing {
namespace {

class SealedFile : public RecorderTest {
 protected:
  std::string sealed(std::initializer_list<std::string_view> chunks, bool end = true, unsigned stream = 1) {
    const auto path = data / ("sealed-" + std::to_string(++count_));
    auto writer = must(SealedWriter::create(path, key, sample_id(), stream));
    for (auto chunk : chunks) must(writer->write(chunk));
    if (end) must(writer->finish("end\n"));
    return must(io::read_file(path));
  }
  Result<Opened> read(std::string_view file, std::size_t max = 1 << 20) { return open_sealed(file, key, sample_id(), max); }
  Secret key{std::string(32, 'k')};

 private:
  int count_ = 0;
};

TEST_F(SealedFile, what_was_written_is_read_and_is_nowhere_in_the_file) {
  const auto file = sealed({"patient on the screen\n", ""});
  const auto opened = must(read(file));
  EXPECT_EQ(opened.text, "patient on the screen\nend\n");
  EXPECT_TRUE(opened.complete);
  EXPECT_EQ(file.find("patient"), file.npos);
}

TEST_F(SealedFile, every_changed_bit_is_seen) {
  const auto file = sealed({"one\n", "two\n"});
  for (std::size_t i = 0; i < file.size(); ++i) {
    auto changed = file;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    const auto opened = read(changed);
    // A longer length may look like a file that was cut: then it says so, and gives nothing that was not written.
    if (opened) {
      EXPECT_FALSE(opened->complete) << i;
      EXPECT_TRUE(std::string_view("one\ntwo\nend\n").starts_with(opened->text)) << i;
    }
  }
}

TEST_F(SealedFile, every_truncation_is_seen_and_gives_what_came_before) {
  const auto file = sealed({"one\n", "two\n"});
  for (std::size_t size = 48; size < file.size(); ++size) {
    const auto opened = must(read(file.substr(0, size)));
    EXPECT_FALSE(opened.complete);
    EXPECT_TRUE(std::string_view("one\ntwo\n").starts_with(opened.text));
  }
  for (std::size_t size = 0; size < 48; ++size) EXPECT_FALSE(read(file.substr(0, size)));
}

TEST_F(SealedFile, chunks_do_not_move_and_nothing_follows_the_last) {
  const auto file = sealed({"one\n", "two\n"});
  constexpr std::size_t header = 48, chunk = 4 + 4 + 16;
  const auto first = file.substr(header, chunk), second = file.substr(header + chunk, chunk), last = file.substr(header + 2 * chunk);
  const auto head = file.substr(0, header);
  EXPECT_FALSE(read(head + second + first + last)) << "swapped";
  EXPECT_FALSE(read(head + first + last)) << "left out";
  EXPECT_FALSE(read(head + first + first + second + last)) << "twice";
  EXPECT_FALSE(read(file + "x")) << "goes on";
  EXPECT_FALSE(read(file + first)) << "goes on";
  const auto other = sealed({"one\n", "two\n"}, true, 2);
  EXPECT_FALSE(read(head + other.substr(header))) << "of another stream under the same key";
}

TEST_F(SealedFile, another_key_another_intervention_or_too_much_text_is_refused) {
  const auto file = sealed({"one\n"});
  EXPECT_EQ(open_sealed(file, Secret(std::string(32, 'x')), sample_id(), 100).error().code, Errc::bad_signature);
  EXPECT_EQ(open_sealed(file, Secret(std::string(31, 'k')), sample_id(), 100).error().code, Errc::bad_input);
  EXPECT_EQ(open_sealed(file, key, sample_id(2), 100).error().code, Errc::bad_input);
  EXPECT_FALSE(read(file, 7));
  EXPECT_TRUE(read(file, 8));
}

TEST_F(SealedFile, equal_texts_have_different_ciphertexts_and_a_file_is_made_once) {
  const auto file = sealed({"same\n", "same\n"});
  EXPECT_NE(file.substr(52, 21), file.substr(52 + 25, 21));
  const auto path = data / "once";
  auto writer = must(SealedWriter::create(path, key, sample_id(), 1));
  EXPECT_EQ(SealedWriter::create(path, key, sample_id(), 1).error().code, Errc::conflict);
  EXPECT_FALSE(writer->write(std::string(max_chunk_bytes + 1, 'x')));
  must(writer->finish(""));
  EXPECT_FALSE(writer->write("after the end"));
  EXPECT_EQ(sha256_hex(must(io::read_file(path))), to_hex(writer->digest().view()));
}

}  // namespace
}  // namespace pontlevis::agent::testing
