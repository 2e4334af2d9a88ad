// The two small doors between a tool and the rules of its session. `InputGate` is how the pair rule,
// a pause and a stop reach the bytes; `Tap` is how the live view and the recorder see the output.
// Both live on the loop of the session and are owned by it; a tool only holds references, which
// must outlive the tool's run (requirements A35, A38).
#pragma once

#include <span>

#include "protocol/io/byte_stream.hpp"

namespace pontlevis::agent {

enum class GateState {
  open,    // bytes flow
  paused,  // no byte reaches the tool, and what it says is held
  closed,  // for ever: the run ends
};

class InputGate {
 public:
  virtual ~InputGate() = default;
  virtual GateState state() const noexcept = 0;
  // Returns once the state is not `paused`: open or closed. At once when it already is.
  virtual io::Awaitable<GateState> until_decided() = 0;
};

// A copy of what the operator is shown, at the moment it is sent.
// REQUIRES of an implementation: never blocks, never throws, keeps a bounded amount.
class Tap {
 public:
  virtual ~Tap() = default;
  virtual void output(std::span<const char> bytes) noexcept = 0;
  virtual void resized(unsigned /*cols*/, unsigned /*rows*/) noexcept {}
};

}  // namespace pontlevis::agent
