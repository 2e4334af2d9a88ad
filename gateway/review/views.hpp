// Who looked at what, and what for: nothing is shown of a record before that is a record itself (requirements A15, B12).
// The same person asking the same thing for the same purpose within five minutes is one record. The loop's thread.
#pragma once

#include <map>

#include "gateway/api/api_call.hpp"

namespace pontlevis::gateway {

struct ReadFor {
  std::string purpose;    // CONTROL, INCIDENT, RIGHTS_REQUEST, AUTHORITY, CONTRACT or TRAINING
  std::string reference;  // at most 60 characters, as the reader gave it
};

// The header pontlevis-purpose. Errc::bad_input without it: answer purpose_missing().
Result<ReadFor> read_for(const io::HttpRequest& request);
io::HttpResponse purpose_missing(const Error& error);

class Views {
 public:
  explicit Views(Core& core) : core_(core) {}

  struct View {
    std::string view;                   // list, overview, intervention, proof, record …
    std::string filter;                 // as it was asked
    std::optional<InterventionId> intervention{};
    std::optional<std::size_t> found{};
  };
  // Errc::unavailable when it cannot be recorded: then nothing is shown.
  Awaitable<Result<>> record(Person person, ReadFor read, View view);

 private:
  void forget_old(Millis now);
  Core& core_;
  std::map<std::string, Millis> seen_;  // what was recorded, and when since boot
};

}  // namespace pontlevis::gateway
