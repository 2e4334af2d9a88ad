// After a crash: the log is the truth, the store follows it. For every live intervention, facts that the log
// holds and the store does not are applied; a request that never reached the log is forgotten, for no
// practice was told of it. Runs once, before anything is served (design §2).
#pragma once

#include "protocol/result.hpp"

namespace pontlevis::gateway {

struct Core;
Result<> recover(Core& core);

}  // namespace pontlevis::gateway
