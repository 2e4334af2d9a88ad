// Shows a practice that what the gateway acknowledged is in the log: for each record its commitments, with only the
// fields open that say which statement it is, and its inclusion in a checkpoint this practice cosigned. The
// practice has the statement itself; nothing of anybody else is shown. Pure; any thread.
#pragma once

#include <span>
#include <vector>

#include "audit/log.hpp"
#include "protocol/frame.hpp"

namespace pontlevis::gateway {

// In the order asked; ends before the first that is not a record of this practice below `size`: what is missing there is
// for the practice to judge.
Result<std::vector<frame::FactProof::One>> prove_facts(const audit::Log& log, const PracticeId& practice, audit::TreeSize size,
                                                       std::span<const std::uint64_t> indexes);

}  // namespace pontlevis::gateway
