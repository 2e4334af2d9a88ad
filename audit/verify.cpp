#include "audit/verify.hpp"

#include "audit/verification.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

// What else the log was caught at (witness.hpp); a file of an earlier version has no such table.
Result<> check_accusations(sqlite::Database& db, VerifyReport& report) {
  PL_TRY(there, db.integer("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'accusations'"));
  if (there.value_or(0) == 0) return {};
  PL_TRY(rows, db.query("SELECT kind, size FROM accusations ORDER BY id"));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return {};
    report.find(Check::witness, static_cast<LeafIndex>(rows.integer(1)), "the gateway's log was caught: " + printable(rows.text(0), 40) + "; pontlevis-agent alarm show has the notes");
  }
}

// The agent's memory of the gateway's log: every note signed by the pinned key, no evidence of two pasts.
Result<> check_witness_file(const std::filesystem::path& file, VerifyReport& report) {
  PL_TRY(db, sqlite::Database::open(file, Witness::options(sqlite::Access::read_only)));
  const auto find = [&report](std::optional<LeafIndex> at, std::string what) { report.find(Check::witness, at, std::move(what)); };
  PL_TRY(pinned, db.text("SELECT vkey FROM keys WHERE role = 'log'"));
  const auto log = NoteVerifier::parse(pinned.value_or(""));
  if (!log) return find(std::nullopt, "the witness has no valid key of the gateway's log"), Result<>{};
  PL_TRY(evidence, db.integer("SELECT count(*) FROM evidence"));
  if (evidence.value_or(0) > 0) find(std::nullopt, "the gateway's log signed two different pasts: " + log->name() + "; both notes are kept in the table evidence");
  PL_CHECK(check_accusations(db, report));
  PL_TRY(rows, db.query("SELECT size, root, note FROM cosigned ORDER BY size"));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) break;
    ++report.witnessed;
    const auto size = static_cast<TreeSize>(rows.integer(0));
    const auto checkpoint = open_checkpoint(rows.text(2), *log);
    if (!checkpoint || checkpoint->size != size || checkpoint->root.view() != rows.blob(1)) find(size, "a checkpoint of the gateway that this witness cosigned does not verify");
  }
  report.settle(Check::witness, CheckState::passed, std::to_string(report.witnessed) + " checkpoints of " + log->name() + " remembered, no second past");
  return {};
}

// What is broken in the data is a finding; what keeps us from reading it is an error.
Result<> tolerate(VerifyReport& report, Check check, Result<> result) {
  if (result || result.error().code == Errc::unavailable) return result;
  report.find(check, std::nullopt, (result.error().where.empty() ? "" : result.error().where + ": ") + result.error().what);
  return {};
}

Result<> check_files(Source& source, VerifyReport& report) {
  PL_TRY(fault, source.fault_of_files());
  if (fault) report.find(Check::files, std::nullopt, *fault);
  else report.settle(Check::files, CheckState::passed, "pages, indexes and schema are as this program makes them");
  return {};
}

Result<> run_checks(Verification& v) {
  PL_TRY(readable, v.check_signature());
  if (!readable) return {};
  auto whole = v.check_tree();
  if (!whole) PL_CHECK(tolerate(v.report, Check::tree, std::unexpected(whole.error())));
  if (!whole || !*whole) return {};
  PL_CHECK(tolerate(v.report, Check::history, v.check_history()));
  PL_CHECK(tolerate(v.report, Check::witnesses, v.check_quorum()));
  PL_CHECK(tolerate(v.report, Check::records, v.read_claims()));
  PL_CHECK(tolerate(v.report, Check::records, v.check_records()));
  PL_CHECK(tolerate(v.report, Check::destruction, v.check_destructions()));
  PL_CHECK(tolerate(v.report, Check::retention, v.check_retention()));
  PL_CHECK(tolerate(v.report, Check::timestamps, v.check_timestamps()));
  PL_CHECK(tolerate(v.report, Check::times, v.check_times()));
  PL_CHECK(tolerate(v.report, Check::life, v.check_life()));
  return tolerate(v.report, Check::enrolment, v.check_enrolments());
}

}  // namespace

Result<VerifyReport> verify_source(Source& source, const VerifyOptions& options) {
  Verification v(source, options);
  v.report.source = source.name();
  for (unsigned i = 1; i <= check_count; ++i) v.not_applicable(static_cast<Check>(i), "not reached: an earlier check failed");
  v.not_applicable(Check::witness, "not the folder of a practice");
  v.not_applicable(Check::files, "a bundle is not a database");
  PL_CHECK(run_checks(v));
  if (source.is_live() && !options.is_stopped()) PL_CHECK(tolerate(v.report, Check::files, check_files(source, v.report)));
  return std::move(v.report);
}

Result<VerifyReport> verify_bundle(const std::filesystem::path& bundle, const VerifyOptions& options) {
  auto source = open_bundle(bundle);
  if (source) return verify_source(**source, options);
  if (source.error().code != Errc::bad_signature) return std::unexpected(std::move(source).error());
  VerifyReport out;
  out.source = bundle.string();
  out.find(Check::signature, std::nullopt, source.error().where + ": " + source.error().what);
  return out;
}

Result<VerifyReport> verify_folder(const std::filesystem::path& data, const VerifyOptions& options) {
  PL_TRY(source, open_folder(data));
  PL_TRY(report, verify_source(*source, options));
  // One file for each log of the gateway that this practice has watched: witness.db, witness-1.db …
  std::error_code ec;
  for (int n = 0;; ++n) {
    const auto witness = data / "log" / (n == 0 ? std::string("witness.db") : "witness-" + std::to_string(n) + ".db");
    if (!std::filesystem::exists(witness, ec)) return report;
    PL_CHECK(tolerate(report, Check::witness, check_witness_file(witness, report)));
  }
}

Result<std::vector<std::string>> witnessed_checkpoints(const std::filesystem::path& witness_db) {
  PL_TRY(db, sqlite::Database::open(witness_db, Witness::options(sqlite::Access::read_only)));
  PL_TRY(rows, db.query("SELECT note FROM cosigned UNION ALL SELECT conflicting FROM evidence"));
  std::vector<std::string> out;
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    out.push_back(rows.text(0));
  }
}

}  // namespace pontlevis::audit
