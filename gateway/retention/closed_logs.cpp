#include "gateway/retention/closed_logs.hpp"

#include "audit/destruction.hpp"
#include "audit/retention.hpp"
#include "protocol/io/system.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

namespace json = boost::json;
using audit::FieldClass;

Result<std::unique_ptr<audit::Log>> open_closed(const std::filesystem::path& log, const std::filesystem::path& key, const Clock& clock, Random& random) {
  PL_TRY(text, io::read_secret_file(key));
  PL_TRY(signer, NoteSigner::parse(text));
  audit::LogSettings settings;
  settings.folder = log;
  settings.keys = audit::Keys::may_be_missing;
  return audit::Log::open(std::move(settings), std::move(signer), clock, random);
}

// The last record written before `bound`, if there is one.
Result<std::optional<audit::LeafIndex>> last_before(const audit::Log& log, Time bound) {
  std::optional<std::int64_t> found;
  PL_CHECK(log.read([&](sqlite::Database& db) -> Result<> {
    PL_TRY(index, db.integer("SELECT max(idx) FROM records WHERE time < ?", to_utc(bound)));
    found = index;
    return {};
  }));
  return found ? std::optional(static_cast<audit::LeafIndex>(*found)) : std::nullopt;
}

// Each type and class up to the last record whose day has come.
Result<std::vector<audit::DestructionScope>> due_in(const audit::Log& log, Time now) {
  const auto tomorrow = std::chrono::floor<std::chrono::days>(now) + std::chrono::days(1);
  std::vector<audit::DestructionScope> out;
  for (const auto& schema : audit::schemas())
    for (auto cls : {FieldClass::person, FieldClass::ip, FieldClass::text, FieldClass::statement}) {
      const auto days = cls == FieldClass::ip ? std::min(audit::ip_days_live, schema.keep_days) : schema.keep_days;
      PL_TRY(last, last_before(log, Time(tomorrow) - std::chrono::days(days)));
      if (!last) continue;
      audit::DestructionScope one;
      one.last = *last, one.cls = cls, one.type = std::string(schema.type);
      out.push_back(std::move(one));
    }
  return out;
}

Result<ClosedLogPurge> purge_one(const std::filesystem::path& folder, const std::filesystem::path& key, const Clock& clock, Random& random) {
  PL_TRY(log, open_closed(folder, key, clock, random));
  PL_TRY(scope, due_in(*log, clock.now()));
  ClosedLogPurge out{log->verifier().name(), 0};
  if (scope.empty()) return out;
  const auto now = to_utc(clock.now());
  const std::array claims{json::object{{"certificate_id", make_uuid(random)}, {"reason", "RETENTION"}, {"state", "FINAL"}, {"issued_at", now}, {"performed_at", now},
                                       {"scope", audit::scope_json(scope)}}};
  PL_TRY(met, audit::replay_destructions(*log, claims));
  out.fields = met;
  return out;
}

}  // namespace

Result<std::vector<ClosedLogPurge>> purge_closed_logs(const DataFolder& folder, const Clock& clock, Random& random) {
  std::vector<ClosedLogPurge> out;
  std::optional<Error> failed;
  for (int number = 1; number < 1000; ++number) {
    const auto name = "log-closed-" + std::to_string(number);
    std::error_code ec;
    if (!std::filesystem::exists(folder.root / name, ec)) continue;
    auto done = purge_one(folder.root / name, folder.keys() / (name + ".key"), clock, random);
    if (!done) failed = std::move(done).error();
    else if (done->fields > 0) out.push_back(*std::move(done));
  }
  if (failed) return std::unexpected(*std::move(failed));
  return out;
}

}  // namespace pontlevis::gateway
