// A lock on a child by the kernel (Landlock): it and all it starts may change files below one folder
// only, whatever links lie there. Needs no privilege; programs that gain some (sudo) do not work in it,
// so it can be left out. What it does not hold back: mode, owner and times of a file that a link in the
// folder leads to. Any thread.
#pragma once

#include "agent/tools/fd_stream.hpp"
#include "protocol/result.hpp"

namespace pontlevis::agent {

// The lock, to be put on between fork and execve. An empty Fd where this kernel has none (before 5.19,
// or switched off). Errc::not_found when the folder cannot be opened.
Result<Fd> writes_below(const std::string& folder);

// Whether a program with rights other than ours can be started under the lock: only root's lock leaves
// sudo alive (requires CAP_SYS_ADMIN; others must give up new privileges).
bool lock_spares_privileges() noexcept;

// Async-signal-safe, in the child. False with errno when the kernel refuses.
bool put_on(int lock) noexcept;

}  // namespace pontlevis::agent
