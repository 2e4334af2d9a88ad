// Copies for the bad day (requirements A12, T5): once a day after backup.hour the data and, apart, the keys of the log's
// fields, encrypted for a key that is kept offline; kept for their days, then removed; each made, removed or failed one is a
// record. Once a year somebody restores one and says so. docs/backup.md. Owned by Memory; the loop's thread; the
// work runs on a thread of its own.
#pragma once

#include "gateway/backup/backup_maker.hpp"
#include "gateway/memory/area.hpp"
#include "gateway/memory/worker.hpp"

namespace pontlevis::gateway {

struct BackupRow {
  std::string id;
  Time at{};
  BackupKind kind{};
  std::string file, sha256, expires_on;
  std::uint64_t bytes{}, log_size{};
  std::string state, why;  // KEPT, EXPIRED or FAILED
};

class Backups final : public Area {
 public:
  explicit Backups(Core& core) : core_(core) {}

  Result<> open() override;
  Awaitable<void> keep_house() override;
  ApiRoutes routes() override;
  VerbTable verbs() override;
  void stop() override { stopping_ = true; }

  using Answer = Awaitable<Result<json::object>>;
  Answer make(json::object request);    // `backup`: one now
  Answer state(json::object request);   // `backups list`
  Answer tested(json::object request);  // `backups tested`: a restore was tried

 private:
  bool wanted() const;
  bool due() const;
  std::optional<Time> last() const;
  Time next() const;
  std::optional<Time> restore_test_due() const;
  Awaitable<void> day();
  Answer make_one(std::string by);
  Awaitable<Result<>> keep_made(std::vector<MadeBackup> made, std::string by);
  Awaitable<Result<>> remove_expired();
  Awaitable<Result<>> record(BackupRow row, std::string event, std::string by);
  Awaitable<Result<>> failed(Error why, std::string by);
  Awaitable<Result<>> tell_restore();
  void say_clocks();
  Result<> put(const BackupRow& row);
  Result<std::vector<BackupRow>> rows() const;  // newest first
  ApiAnswer list(ApiCall call);
  ApiAnswer record_test(ApiCall call);

  Core& core_;
  Worker worker_;
  bool busy_ = false, stopping_ = false;
  Millis try_after_{0};
  std::string said_;
};

}  // namespace pontlevis::gateway
