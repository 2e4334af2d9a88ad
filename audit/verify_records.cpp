// Check 5, and one walk over all records for what checks 6 to 9 need of them. Threads read and hash; the caller's
// thread takes what they found in the order of the log.
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "audit/verification.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

constexpr std::size_t batch_records = tile_width;  // one file of a bundle
constexpr std::size_t batches_ahead = 32;          // how far the threads may run before the one that takes

struct Batch {
  std::vector<RecordFacts> facts;
  Result<> read;
};

// What the table beside the tree says of a record must be what the record says.
void compare_index(Source& source, RecordFacts& facts, Result<>& trouble) {
  if (!source.has_index() || !facts.fault.empty() || !facts.schema) return;
  const auto row = source.indexed(facts.index);
  if (!row) return trouble = std::unexpected(row.error()), void();
  const auto same = [](const std::optional<std::string>& a, const std::string& b) { return a.value_or("") == b; };
  const bool good = *row && (*row)->type == facts.type() && facts.time && (*row)->time == to_utc(*facts.time) &&
                    same((*row)->intervention, facts.intervention) && same((*row)->practice, facts.practice);
  if (!good) facts.fault = "is filed under something else than it says";
}

}  // namespace

class RecordPipeline {
 public:
  RecordPipeline(Verification& v, unsigned threads) : v_(v), batches_((v.tree.size() + batch_records - 1) / batch_records) {
    for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
  }
  ~RecordPipeline() {
    stop_ = true;
    { const std::lock_guard guard(mutex_); }
    changed_.notify_all();
    for (auto& thread : threads_) thread.join();
  }

  Result<> run() {
    for (std::size_t n = 0; n < batches_; ++n) {
      if (v_.options.is_stopped()) return fail(Errc::unavailable, "was stopped", "verification");
      Batch batch = take(n);
      if (!batch.read) return batch.read;
      for (auto& facts : batch.facts) v_.take(std::move(facts));
    }
    return {};
  }

 private:
  Batch take(std::size_t n) {
    std::unique_lock guard(mutex_);
    taken_ = n;
    changed_.notify_all();
    changed_.wait(guard, [&] { return done_.contains(n); });
    Batch out = std::move(done_.at(n));
    done_.erase(n);
    return out;
  }

  void work() {
    RecordChecker checker(v_.today);
    while (!stop_) {
      const auto n = next_++;
      if (n >= batches_) return;
      {
        std::unique_lock guard(mutex_);
        changed_.wait(guard, [&] { return stop_ || n < taken_ + batches_ahead; });
      }
      Batch batch = read(n, checker);
      const std::lock_guard guard(mutex_);
      done_.emplace(n, std::move(batch));
      changed_.notify_all();
    }
  }

  Batch read(std::size_t n, RecordChecker& checker) {
    Batch out;
    const LeafIndex first = n * batch_records;
    const auto count = static_cast<std::size_t>(std::min<TreeSize>(batch_records, v_.tree.size() - first));
    out.facts.resize(count);
    for (std::size_t i = 0; i < count; ++i) out.facts[i].index = first + i;
    out.read = v_.source.visit(first, count, [&](LeafIndex index, const RecordView* record, const Error* fault) {
      auto& facts = out.facts[index - first];
      facts.here = true;
      if (fault) facts.fault = (fault->where.empty() ? "" : fault->where + ": ") + fault->what;
      if (!record) return;
      checker.check(*record, v_.tree.node(0, index).value_or(Digest{}), facts);
      compare_index(v_.source, facts, out.read);
    });
    return out;
  }

  Verification& v_;
  const std::size_t batches_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> stop_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::size_t, Batch> done_;
  std::size_t taken_ = 0;
  std::vector<std::thread> threads_;
};

Result<std::optional<RecordFacts>> Verification::facts_of(LeafIndex index, RecordChecker& checker) {
  std::optional<RecordFacts> out;
  PL_CHECK(source.visit(index, 1, [&](LeafIndex, const RecordView* record, const Error*) {
    if (!record) return;
    checker.check(*record, tree.node(0, index).value_or(Digest{}), out.emplace());
  }));
  return out;
}

namespace {

// The last record that can be dated; none when the bundle holds none of the last ones.
template <class FactsOf>
Result<std::optional<Time>> last_time_of(TreeSize size, const FactsOf& facts_of) {
  constexpr TreeSize furthest = 65536;
  for (TreeSize i = size; i > 0 && size - i < furthest; --i) {
    PL_TRY(facts, facts_of(i - 1));
    if (facts && facts->time) return facts->time;
  }
  return std::optional<Time>();
}

}  // namespace

Result<> Verification::read_claims() {
  RecordChecker checker{std::string()};
  PL_TRY(last, last_time_of(tree.size(), [&](LeafIndex i) { return facts_of(i, checker); }));
  now = options.now ? *options.now : source.is_live() ? Time(SystemClock().now()) : last.value_or(Time{});
  today = to_date(now);
  report.as_of = today + (options.now ? ", as asked" : source.is_live() ? ", this machine's clock" : ", the log's own last record");
  for (LeafIndex i = 0; i < classes.size(); ++i) {
    if (classes[i] != EntryClass::destruction && classes[i] != EntryClass::enrolment) continue;
    PL_TRY(facts, facts_of(i, checker));
    if (!facts || !facts->fault.empty() || facts->gone) continue;  // the walk over all records says it
    if (classes[i] == EntryClass::enrolment) {
      keys.push_back(*std::move(facts));
      continue;
    }
    auto says = read_claim(facts->said);
    if (!says) fail_check(Check::destruction, i, "is a destruction that says nothing valid: " + says.error().what);
    else claims.push_back({i, facts->time.value_or(Time{}), *std::move(says)});
  }
  report.destructions = claims.size();
  PL_TRY(unfinished, source.unfinished());
  unfinished_ = std::move(unfinished);
  return {};
}

Result<> Verification::check_records() {
  const unsigned threads = source.reads_in_parallel() ? std::clamp(options.threads, 1u, 16u) : 1;
  times.reserve(tree.size());
  PL_CHECK(RecordPipeline(*this, threads).run());
  report.first_time = first_ ? to_utc(*first_) : "";
  report.last_time = last_ ? to_utc(*last_) : "";
  const auto absent = tree.size() - report.records;
  std::string seen = std::to_string(report.records) + " records, " + std::to_string(report.open_fields) + " fields open, " + std::to_string(report.closed_fields) + " closed";
  if (report.gone_records > 0) seen += ", " + std::to_string(report.gone_records) + " records destroyed whole";
  if (absent > 0) seen += "; " + std::to_string(absent) + " others are not in this bundle";
  if (tree.size() == 0 || report.records == 0) not_applicable(Check::records, "no record is here");
  else passed(Check::records, std::move(seen));
  return {};
}

void Verification::take(RecordFacts&& facts) {
  times.push_back(facts.time);
  if (!facts.here) return;
  ++report.records;
  report.open_fields += facts.open;
  report.closed_fields += facts.closed.size();
  report.gone_records += facts.gone ? 1 : 0;
  if (!facts.fault.empty()) return fail_check(Check::records, facts.index, facts.fault);
  if (facts.gone) return judge_gone(facts);
  if (facts.time) {
    if (last_ && *facts.time < *last_) fail_check(Check::times, facts.index, "is dated before the record in front of it");
    if (!first_) first_ = facts.time;
    last_ = last_ ? std::max(*last_, *facts.time) : *facts.time;
  }
  if (!facts.closed.empty()) judge_closed(facts);
  if (facts.overdue) judge_overdue(facts);
  life_.see(facts, [this](LeafIndex at, std::string what) {
    if (life_faults_.size() < 100) life_faults_.emplace_back(at, std::move(what));
  });
  if (facts.type() == "timestamp") stamps.push_back(std::move(facts));
  else if (facts.type() == "hold") holds.push_back(std::move(facts));
}

Result<> Verification::check_life() {
  report.interventions = life_.interventions();
  report.sessions = life_.sessions();
  if (report.records < tree.size()) return not_applicable(Check::life, "only some records are in this bundle"), Result<>{};
  for (auto& [at, what] : life_faults_) fail_check(Check::life, at, std::move(what));
  const auto last = from_utc(report.last_time).value_or(Time{});
  life_.finish(last, [this](LeafIndex i, std::string what) { fail_check(Check::life, i, std::move(what)); },
               [this](LeafIndex i, std::string what) { remark(Check::life, i, std::move(what)); });
  if (report.interventions == 0) not_applicable(Check::life, "no intervention is in this log");
  else passed(Check::life, std::to_string(report.interventions) + " interventions, " + std::to_string(report.sessions) + " sessions: consent before, an end after, two people where two are needed");
  return {};
}

}  // namespace pontlevis::audit
