// A second reader of the events, whatever log.level is (debug ones are nobody's): given to it on the thread that says
// them. One at a time, for the whole process; set while nobody else speaks (start, stop). The reader must not say
// events itself on that call, must not block and must not throw.
#pragma once

#include <functional>

#include "protocol/io/events/events.hpp"

namespace pontlevis::io {

using EventReader = std::function<void(Level, std::string_view name, const boost::json::object& fields)>;

void mirror_events(EventReader reader);  // an empty one ends it

}  // namespace pontlevis::io
