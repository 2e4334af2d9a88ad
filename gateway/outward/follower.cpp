#include "gateway/outward/follower.hpp"

namespace pontlevis::gateway {

Result<> Follower::open() {
  PL_CHECK(core_.store->script("CREATE TABLE IF NOT EXISTS outward_place(one INTEGER PRIMARY KEY CHECK(one = 1), log_index INTEGER NOT NULL) STRICT;"));
  PL_TRY(kept, core_.store->integer("SELECT log_index FROM outward_place"));
  at_ = kept ? static_cast<LeafIndex>(*kept) : core_.log->size();
  // A log that is shorter than we remember was restored or begins anew: from its end on, again.
  at_ = std::min<LeafIndex>(at_, core_.log->size());
  return kept ? Result<>{} : came_to(at_);
}

Result<> Follower::came_to(LeafIndex next) {
  PL_CHECK(core_.store->run("INSERT INTO outward_place(one, log_index) VALUES(1, ?) ON CONFLICT(one) DO UPDATE SET log_index = excluded.log_index", static_cast<std::int64_t>(next)));
  at_ = next;
  return {};
}

Result<Follower::Step> Follower::look() {
  const LeafIndex end = core_.log->size();
  Step out{{}, std::min<LeafIndex>(at_ + window, end), false};
  if (at_ >= end) return out;
  std::vector<std::pair<LeafIndex, std::string>> found;
  PL_CHECK(core_.log->read([&](sqlite::Database& log) -> Result<> {
    PL_TRY(rows, log.query("SELECT idx, type FROM records WHERE idx >= ? AND idx < ? AND type IN ('destruction', 'security', 'witness_alarm', 'breach', 'exported') "
                           "ORDER BY idx LIMIT ?",
                           static_cast<std::int64_t>(at_), static_cast<std::int64_t>(out.next), most_at_once));
    for (;;) {
      PL_TRY(more, rows.next());
      if (!more) return {};
      found.emplace_back(static_cast<LeafIndex>(rows.integer(0)), rows.text(1));
    }
  }));
  if (found.size() == most_at_once) out.next = found.back().first + 1;
  for (auto& [index, type] : found) {
    PL_TRY(record, core_.log->record(index));
    PL_TRY(fields, record.open());
    out.records.push_back({index, std::move(type), std::move(fields)});
  }
  out.more = out.next < end;
  return out;
}

}  // namespace pontlevis::gateway
