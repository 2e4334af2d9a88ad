#include "agent/tools/desktop/rfb_input.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "agent/tools/desktop/rfb_wire.hpp"

namespace pontlevis::agent {
namespace {

enum class Effect : bool { looks, acts };

// Every message that may pass. `tail` reads, from a whole head, how many bytes follow it.
struct Message {
  std::uint8_t type;
  std::size_t head;
  Effect effect;
  std::optional<std::size_t> (*tail)(std::string_view head);
};

std::optional<std::size_t> nothing(std::string_view) { return 0; }

std::optional<std::size_t> encodings(std::string_view head) {
  const std::size_t count = rfb::number(head.substr(2, 2));
  return count <= RfbInput::most_encodings ? std::optional(4 * count) : std::nullopt;
}

// A negative length is that of the extended clipboard: flags and zlib data, as long as its absolute value.
std::optional<std::size_t> cut_text(std::string_view head) {
  const std::uint32_t raw = rfb::number(head.substr(4, 4));
  const std::size_t length = (raw & 0x8000'0000) != 0 ? std::size_t{0x1'0000'0000} - raw : raw;
  return length <= RfbInput::longest_cut_text ? std::optional(length) : std::nullopt;
}

std::optional<std::size_t> fence(std::string_view head) {
  const std::size_t length = rfb::number(head.substr(8, 1));
  return length <= 64 ? std::optional(length) : std::nullopt;
}

std::optional<std::size_t> screens(std::string_view head) { return 16 * rfb::number(head.substr(6, 1)); }

// Of QEMU's messages only the key with its scan code, which keeps an AZERTY keyboard an AZERTY keyboard.
std::optional<std::size_t> qemu_key(std::string_view head) { return head[1] == 0 ? std::optional<std::size_t>(0) : std::nullopt; }

constexpr std::array<Message, 10> messages{{
    {0, 20, Effect::looks, nothing},     // SetPixelFormat
    {2, 4, Effect::looks, encodings},    // SetEncodings
    {3, 10, Effect::looks, nothing},     // FramebufferUpdateRequest
    {4, 8, Effect::acts, nothing},       // KeyEvent
    {5, 6, Effect::acts, nothing},       // PointerEvent
    {6, 8, Effect::acts, cut_text},      // ClientCutText
    {150, 10, Effect::looks, nothing},   // EnableContinuousUpdates
    {248, 9, Effect::looks, fence},      // ClientFence
    {251, 8, Effect::acts, screens},     // SetDesktopSize
    {255, 12, Effect::acts, qemu_key},   // QEMU client message
}};

const Message* message_of(char type) {
  const auto at = std::ranges::find(messages, static_cast<std::uint8_t>(type), &Message::type);
  return at == messages.end() ? nullptr : &*at;
}

constexpr std::int32_t extended_clipboard = -1063131698;

// Ways to paint, and the extensions whose messages are above. Left out on purpose: xvp (power), gii, QEMU
// audio, file transfer, chat, and pointers whose events would have another length.
bool is_known_encoding(std::int32_t code) {
  constexpr std::array<std::int32_t, 29> known{0, 1, 2, 4, 5, 6, 7, 8, 15, 16, 50,  // raw … ZRLE, H.264
                                               -223, -224, -232, -239, -240, -307, -308, -314,  // size, last rectangle, cursors, name
                                               -258, -261, -312, -313,                          // QEMU key, its lamps, fence, continuous updates
                                               0x574d5664, 0x574d5668,                          // VMware cursor, its lamps
                                               -260, 21, 17, extended_clipboard};               // Tight PNG, JPEG, ZYWRLE
  const auto within = [code](std::int32_t low, std::int32_t high) { return code >= low && code <= high; };
  return std::ranges::find(known, code) != known.end() || within(-32, -23) || within(-256, -247) || within(-512, -412) || within(-768, -763);
}

std::string known_encodings(std::string_view message, DesktopRight right) {
  std::string list;
  for (std::size_t at = 4; at < message.size(); at += 4) {
    const auto code = static_cast<std::int32_t>(rfb::number(message.substr(at, 4)));
    if (code == extended_clipboard && right == DesktopRight::view) continue;
    if (is_known_encoding(code)) list += message.substr(at, 4);
  }
  return std::string(message.substr(0, 2)) + rfb::bytes_of(static_cast<std::uint32_t>(list.size() / 4), 2) + list;
}

std::unexpected<Error> bad(std::string what) {
  return fail(Errc::bad_frame, std::move(what), "desktop", "use a VNC client without its maker's own extensions");
}

// How long the message at the start of `held` is, or 0 when its head is not whole yet.
Result<std::size_t> length_of(std::string_view held) {
  const auto* message = message_of(held.front());
  if (!message) return bad("the VNC client sent a message of type " + std::to_string(static_cast<unsigned char>(held.front())) + ", which is not passed on");
  if (held.size() < message->head) return std::size_t{0};
  const auto tail = message->tail(held.substr(0, message->head));
  if (!tail) return bad("the VNC client sent a message of type " + std::to_string(message->type) + " beyond its bounds");
  return message->head + *tail;
}

}  // namespace

// A key that went down before must come up: it would repeat for ever.
bool RfbInput::may_act(std::string_view message) const {
  const bool lets_go = message.front() == 4 && message[1] == 0;
  return right_ == DesktopRight::control && (lets_go || may_act_());
}

void RfbInput::pass(std::string_view message, std::string& out) const {
  if (message.front() == 2) out += known_encodings(message, right_);
  else if (may_act(message) || message_of(message.front())->effect == Effect::looks) out += message;
}

Result<std::string> RfbInput::feed(std::string_view bytes) {
  if (broken_) return bad("the VNC client broke the rules before");
  std::string out;
  if (!began_ && !bytes.empty()) {
    began_ = true;
    out += '\1';  // shared: who comes second never throws the first one out
    bytes.remove_prefix(1);
  }
  held_ += bytes;
  std::string_view rest = held_;
  while (!rest.empty()) {
    const auto length = length_of(rest);
    broken_ = !length;
    if (!length) return std::unexpected(length.error());
    if (*length == 0 || rest.size() < *length) break;
    pass(rest.substr(0, *length), out);
    rest.remove_prefix(*length);
  }
  held_.erase(0, held_.size() - rest.size());
  return out;
}

}  // namespace pontlevis::agent
