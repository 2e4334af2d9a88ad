// What a daemon tells whoever runs it: one JSON line on stderr per event, with a stable dotted name. The log
// helps the operator; the audit log is the evidence. REQUIRES: no network address, no secret, no free
// text of a person in a field. Any thread.
#pragma once

#include <boost/json.hpp>
#include <string_view>

namespace pontlevis::io {

enum class Level { debug, info, warn, error };

void start_events(std::string_view level_word);
void event(Level level, std::string_view name, boost::json::object fields = {});
inline void event(std::string_view name, boost::json::object fields = {}) { event(Level::info, name, std::move(fields)); }

}  // namespace pontlevis::io
