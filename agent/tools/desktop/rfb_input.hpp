// What an operator's VNC client says, read message by message (RFC 6143 §7.5 and the extensions that are
// named in the .cpp, no other) before any of it reaches the practice's VNC server. Without CONTROL nothing
// that acts passes: no key, no pointer, no clipboard, no new screen size. With it, what the server could
// understand beyond that (file transfer, power control, chat) still does not: an unknown message ends the
// connection, and the client's list of extensions is cut down to those known here, so that an honest
// client never sends another. One per connection, owned by its stream; holds one message at most.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "protocol/result.hpp"

namespace pontlevis::agent {

enum class DesktopRight { view, control };

class RfbInput {
 public:
  static constexpr std::size_t longest_cut_text = 256 * 1024;
  static constexpr std::size_t most_encodings = 1024;

  // It begins with ClientInit, the byte after the handshake, which always comes out as "shared".
  explicit RfbInput(DesktopRight right) : right_(right) {}
  // Asked at each message that acts: what may not act now is dropped, but for a key that is let go.
  void act_only_while(std::function<bool()> may_act) { may_act_ = std::move(may_act); }
  // What may go to the server of all that was fed so far and has not been given yet. bad_frame: an
  // unknown message or a length beyond its bound; nothing more is given after that.
  Result<std::string> feed(std::string_view bytes);
  std::size_t held() const noexcept { return held_.size(); }

 private:
  void pass(std::string_view message, std::string& out) const;
  bool may_act(std::string_view message) const;
  DesktopRight right_;
  std::function<bool()> may_act_ = [] { return true; };
  bool began_ = false;
  bool broken_ = false;
  std::string held_;  // the start of a message
};

}  // namespace pontlevis::agent
