#include "gateway/registers/common/bell.hpp"

#include "gateway/store.hpp"

namespace pontlevis::gateway {

Result<> Bell::open() {
  return core_.store->script(R"sql(
    -- Which bell has rung for which clock: a number and a time, nobody's name.
    CREATE TABLE IF NOT EXISTS register_bells(
      kind TEXT NOT NULL, subject TEXT NOT NULL, due INTEGER NOT NULL, left INTEGER NOT NULL,
      PRIMARY KEY(kind, subject, due, left)) STRICT, WITHOUT ROWID;
  )sql");
}

Result<> Bell::look(const std::string& kind, const std::string& subject, Time due, std::span<const Millis> before, First first) {
  const auto left = due - core_.clock.now();
  std::optional<Millis> mark = first == First::rings ? std::optional(Millis::max()) : std::nullopt;
  for (const auto& one : before)
    if (left <= one) mark = one;
  const bool late = left < Millis(0);
  if (late) mark = Millis(0);
  if (!mark) return {};
  PL_CHECK(core_.store->run("INSERT OR IGNORE INTO register_bells(kind, subject, due, left) VALUES(?,?,?,?)", kind, subject, stored(due), mark->count()));
  if (core_.store->changes() == 0) return {};
  core_.signals.clock(ClockNotice{kind, subject, due, late});
  return {};
}

void Bell::settle(const std::string& kind, const std::string& subject) { core_.signals.clock(ClockNotice{kind, subject, core_.clock.now(), false, true}); }

}  // namespace pontlevis::gateway
