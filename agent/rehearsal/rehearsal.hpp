// « Essayer »: a practice session for a person who is new (PGSSI-S 6.1.1.5, requirements A37, A38). A sample
// request, a real terminal with a harmless script of ours, and the real end: pause holds its output, stop
// ends its processes through the same Reaper as a session's. No gateway, no network, no key, no SSH, and
// nothing typed reaches it. One at a time in an agent; a quarter of an hour at most. Owned by main, lives on its loop.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/json.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "agent/tools/input_gate.hpp"
#include "agent/tools/reaper.hpp"
#include "protocol/clock.hpp"
#include "protocol/ids.hpp"
#include "protocol/random.hpp"

namespace pontlevis::agent {

struct RehearsalParts {
  boost::asio::any_io_executor executor;
  const Clock& clock;
  Random& random;
  Reaper& reaper;
  std::string system_label = "Poste Exemple";
  Millis pace{700};                           // between two lines of the sample
  Millis limit = std::chrono::minutes(15);    // from approve() to its end by itself
};

class Rehearsal {
 public:
  enum class Step { none, request, open, ended };
  // What the record `rehearsal` says, kept by the practice: {done_by, stopped, cut_latency_ms}.
  struct Outcome {
    Login person;
    bool stopped = false;          // by the stop button
    std::optional<Millis> cut;     // from the click to the last dead process
    boost::json::object record() const;
  };
  struct SamplePassword {
    std::string login, name, password;  // opens nothing
    Time unused_after;
  };

  explicit Rehearsal(RehearsalParts parts);
  ~Rehearsal();  // what still runs is hung up; end with leave()

  // Errc::conflict while another person rehearses; the same person begins again from the start once it is not
  // open. `language`: "fr" or "en".
  Result<> begin(const Login& person, std::string_view language);
  // The sample shell runs from now on and is shown to `tap`, which it keeps until it has ended.
  Result<std::vector<SamplePassword>> approve(std::shared_ptr<Tap> tap);
  Result<> refuse();                     // back to none, nothing is recorded
  Result<> pause();
  Result<> resume();
  io::Awaitable<Result<Millis>> stop();  // cut, in milliseconds, when the last process is gone
  io::Awaitable<void> leave();           // from any step to none

  Step step() const noexcept;
  std::optional<Login> person() const;
  // The `rehearsal` member of the page's state (docs/page.md §4): null, or {step, request, session, cut_ms, stopped}.
  boost::json::value status() const;

  std::function<void()> on_change;             // the status did
  std::function<void(Outcome)> on_done;        // once for each one that was open, at its end

  struct Run;    // private to rehearsal.cpp
  struct State;

 private:
  std::shared_ptr<State> state_;
};

}  // namespace pontlevis::agent
