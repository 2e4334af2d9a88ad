#include "agent/tools/confine.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace pontlevis::agent {
namespace {

// Debian 12's header knows the second version; the third (Linux 6.2) adds truncation by name.
constexpr std::uint64_t truncate_right = 1ULL << 14;
constexpr std::uint64_t changing =
    LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
    LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
    LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
    LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_REFER;

long landlock_version() { return ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION); }

bool allow(int lock, const char* path, std::uint64_t rights) {
  const Fd place(::open(path, O_PATH | O_CLOEXEC));
  if (!place) return false;
  const landlock_path_beneath_attr rule{rights, place.get()};
  return ::syscall(SYS_landlock_add_rule, lock, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
}

}  // namespace

Result<Fd> writes_below(const std::string& folder) {
  const long version = landlock_version();
  if (version < 2) return Fd();
  const std::uint64_t rights = changing | (version >= 3 ? truncate_right : 0);
  const landlock_ruleset_attr held{rights};
  Fd lock(static_cast<int>(::syscall(SYS_landlock_create_ruleset, &held, sizeof held, 0)));
  if (!lock || !allow(lock.get(), folder.c_str(), rights))
    return fail(Errc::not_found, std::string("cannot be locked in: ") + std::strerror(errno), folder, "check `landing` in the inventory");
  allow(lock.get(), "/dev/null", LANDLOCK_ACCESS_FS_WRITE_FILE);
  Fd lifted(::fcntl(lock.get(), F_DUPFD_CLOEXEC, 16));  // above the child's own
  if (!lifted) return fail(Errc::io, std::string("cannot duplicate a descriptor: ") + std::strerror(errno), folder);
  return lifted;
}

bool lock_spares_privileges() noexcept { return ::geteuid() == 0; }

bool put_on(int lock) noexcept {
  if (::syscall(SYS_landlock_restrict_self, lock, 0) == 0) return true;  // as root, without giving up anything
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
  return ::syscall(SYS_landlock_restrict_self, lock, 0) == 0;
}

}  // namespace pontlevis::agent
