#include "agent/tools/desktop/rfb_input.hpp"

#include <gtest/gtest.h>

#include "agent/tools/desktop/rfb_wire.hpp"

namespace pontlevis::agent {
namespace {

using rfb::bytes_of;

std::string of_type(int type, std::size_t size) { return static_cast<char>(type) + std::string(size - 1, '\0'); }
std::string encodings(std::initializer_list<std::int32_t> codes) {
  std::string out = of_type(2, 2) + bytes_of(static_cast<std::uint32_t>(codes.size()), 2);
  for (auto code : codes) out += bytes_of(static_cast<std::uint32_t>(code), 4);
  return out;
}
std::string cut_text(std::uint32_t length, std::size_t bytes) { return of_type(6, 4) + bytes_of(length, 4) + std::string(bytes, 'x'); }
std::string fence(std::size_t length) { return of_type(248, 8) + static_cast<char>(length) + std::string(length, 'f'); }
std::string screens(std::size_t count) { return of_type(251, 6) + static_cast<char>(count) + std::string(1 + 16 * count, 's'); }

const std::string pixel_format = of_type(0, 20), update_request = of_type(3, 10), key = of_type(4, 8), pointer = of_type(5, 6),
                  continuous = of_type(150, 10), qemu_key = of_type(255, 12);
const std::string looking = pixel_format + encodings({7, -223}) + update_request + continuous + fence(8);
const std::string acting = key + pointer + cut_text(5, 5) + screens(1) + qemu_key;

class RfbInputTest : public ::testing::Test {
 protected:
  // What comes of `bytes` after ClientInit; "broken" when it ends there.
  static std::string given(DesktopRight right, std::string_view bytes) {
    RfbInput input(right);
    EXPECT_EQ(*input.feed("\1"), "\1");
    const auto out = input.feed(bytes);
    return out ? *out : "broken";
  }
  static std::string faults(std::string_view bytes) {
    RfbInput input(DesktopRight::control);
    static_cast<void>(input.feed("\1"));
    const auto out = input.feed(bytes);
    return out ? "none" : out.error().what;
  }
};

TEST_F(RfbInputTest, with_control_everything_known_passes_unchanged) {
  EXPECT_EQ(given(DesktopRight::control, looking + acting + looking), looking + acting + looking);
}

TEST_F(RfbInputTest, without_control_nothing_that_acts_passes) {
  EXPECT_EQ(given(DesktopRight::view, looking + acting + looking + key + pointer), looking + looking);
  for (const auto& act : {key, pointer, cut_text(5, 5), cut_text(0xffff'fff0, 16), screens(2), qemu_key})
    EXPECT_EQ(given(DesktopRight::view, act + update_request), update_request);
}

TEST_F(RfbInputTest, who_may_not_act_for_now_looks_on_and_a_key_that_is_down_comes_up) {
  bool may_act = true;
  RfbInput input(DesktopRight::control);
  input.act_only_while([&] { return may_act; });
  static_cast<void>(input.feed("\1"));
  std::string pressed = key;
  pressed[1] = '\1';
  EXPECT_EQ(*input.feed(pressed + pointer), pressed + pointer);
  may_act = false;
  EXPECT_EQ(*input.feed(pressed + pointer + cut_text(5, 5) + screens(1) + qemu_key + looking + key), looking + key);
  may_act = true;
  EXPECT_EQ(*input.feed(pressed), pressed) << "and nothing of before";
}

TEST_F(RfbInputTest, in_pieces_of_any_size_it_is_the_same) {
  const std::string all = looking + acting + encodings({0}) + looking;
  for (std::size_t piece : {1u, 2u, 3u, 7u, 64u}) {
    RfbInput input(DesktopRight::view);
    std::string out = *input.feed("\1");
    for (std::size_t at = 0; at < all.size(); at += piece) out += *input.feed(std::string_view(all).substr(at, piece));
    EXPECT_EQ(out, "\1" + looking + encodings({0}) + looking) << piece;
    EXPECT_EQ(input.held(), 0u);
  }
}

TEST_F(RfbInputTest, who_comes_always_shares) {
  RfbInput input(DesktopRight::control);
  EXPECT_EQ(*input.feed({}), "");
  EXPECT_EQ(*input.feed(std::string(1, '\0') + update_request), "\1" + update_request);
}

// xvp (power) -309, gii -305, QEMU audio -259, file transfer, longer pointers -316.
TEST_F(RfbInputTest, extensions_that_it_does_not_know_are_never_asked_for) {
  EXPECT_EQ(given(DesktopRight::control, encodings({7, -309, -305, 1, -259, -316, 0x7fff'0001})), encodings({7, 1}));
  EXPECT_EQ(given(DesktopRight::control, encodings({})), encodings({}));
  EXPECT_EQ(given(DesktopRight::control, encodings({-1063131698, 0})), encodings({-1063131698, 0}));
  EXPECT_EQ(given(DesktopRight::view, encodings({-1063131698, 0})), encodings({0}));
}

TEST_F(RfbInputTest, an_unknown_message_ends_it) {
  for (int type : {1, 7, 8, 9, 10, 11, 64, 149, 151, 247, 249, 250, 252, 253, 254})
    EXPECT_EQ(faults(of_type(type, 40)), "the VNC client sent a message of type " + std::to_string(type) + ", which is not passed on");
  EXPECT_NE(faults(std::string("\xff\x01", 2) + std::string(10, '\0')).find("type 255 beyond its bounds"), std::string::npos);  // audio
}

TEST_F(RfbInputTest, lengths_have_bounds_and_are_never_waited_for) {
  EXPECT_NE(faults(of_type(6, 4) + bytes_of(RfbInput::longest_cut_text + 1, 4)).find("type 6"), std::string::npos);
  EXPECT_NE(faults(of_type(6, 4) + bytes_of(0x8000'0000, 4)).find("type 6"), std::string::npos);
  EXPECT_NE(faults(of_type(6, 4) + bytes_of(0x7fff'ffff, 4)).find("type 6"), std::string::npos);
  EXPECT_NE(faults(of_type(2, 2) + bytes_of(RfbInput::most_encodings + 1, 2)).find("type 2"), std::string::npos);
  EXPECT_NE(faults(of_type(248, 8) + static_cast<char>(65)).find("type 248"), std::string::npos);
  EXPECT_EQ(faults(cut_text(RfbInput::longest_cut_text, RfbInput::longest_cut_text)), "none");
}

TEST_F(RfbInputTest, nothing_comes_after_a_fault) {
  RfbInput input(DesktopRight::control);
  EXPECT_FALSE(input.feed("\1" + of_type(7, 2)));
  EXPECT_FALSE(input.feed(update_request));
}

}  // namespace
}  // namespace pontlevis::agent
