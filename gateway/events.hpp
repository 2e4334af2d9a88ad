// The gateway's short names for protocol/io/events.
#pragma once

#include "protocol/io/events/events.hpp"

namespace pontlevis::gateway {

using io::event;
using io::Level;
using io::start_events;

}  // namespace pontlevis::gateway
