// Check 10: what timestamp authorities said of checkpoints, and that no token of which the log speaks is missing.
#include <algorithm>

#include "audit/verification.hpp"
#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

LeafIndex last_of(TreeSize size) { return size == 0 ? 0 : size - 1; }

}  // namespace

Result<> Verification::check_stamp(const TimestampedCheckpoint& stamp) {
  ++report.timestamps;
  const auto bad = [&](std::string what) { return fail_check(Check::timestamps, last_of(stamp.size), "the timestamp of " + std::to_string(stamp.size) + " records " + what), Result<>{}; };
  const auto opened = open_checkpoint(stamp.note, *key);
  if (!opened || opened->size != stamp.size) return bad("is of a checkpoint that does not verify");
  if (stamp.size > tree.size() || tree.root(stamp.size) != opened->root) return bad("is of another past");
  PL_TRY(part, stamped_part(stamp.note));
  const auto imprint = sha256(part);
  const auto said = options.tsa ? options.tsa->verify(stamp.token, imprint) : TimestampReply::parse(stamp.token);
  if (!said) return bad(said.error().what);
  if (said->imprint != imprint) return bad("is of something else");
  if (options.tsa) stamped.push_back({stamp.size, said->time});
  return {};
}

// The record names token and checkpoint, so neither can be changed or taken away.
void Verification::check_stamp_records(const std::vector<TimestampedCheckpoint>& found) {
  for (const auto& record : stamps) {
    const auto* size = record.said.if_contains("checkpoint_size");
    const auto at = size && size->is_int64() && size->get_int64() >= 0 ? static_cast<TreeSize>(size->get_int64()) : TreeSize{0};
    const auto wanted = text_of(record.said, "token_sha256");
    const auto stamp = std::find_if(found.begin(), found.end(), [&](const auto& s) { return s.size == at && sha256_hex(s.token) == wanted; });
    if (stamp == found.end()) fail_check(Check::timestamps, record.index, "names a timestamp of " + std::to_string(at) + " records that is missing or changed");
    else if (const auto part = stamped_part(stamp->note); !part || sha256_hex(*part) != text_of(record.said, "checkpoint_sha256"))
      fail_check(Check::timestamps, record.index, "names another checkpoint than the one that was stamped");
  }
  for (const auto& stamp : found) {
    const auto named = [&](const RecordFacts& r) { return text_of(r.said, "token_sha256") == sha256_hex(stamp.token); };
    if (std::any_of(stamps.begin(), stamps.end(), named)) continue;
    const std::string what = "the timestamp of " + std::to_string(stamp.size) + " records is named by no record";
    // The record follows its token: a crash between them leaves the newest one unnamed. What a bundle of some records leaves out is not known.
    if (report.records < tree.size() || stamp.size == found.back().size) remark(Check::timestamps, last_of(stamp.size), what + " here");
    else fail_check(Check::timestamps, last_of(stamp.size), what);
  }
}

Result<> Verification::check_timestamps() {
  PL_TRY(found, source.timestamps());
  for (const auto& stamp : found) PL_CHECK(check_stamp(stamp));
  check_stamp_records(found);
  if (found.empty() && stamps.empty()) return not_applicable(Check::timestamps, "no checkpoint was stamped"), Result<>{};
  if (!options.tsa) {
    remark(Check::timestamps, std::nullopt, "no authority was given with --tsa-ca: the imprints fit, the signatures were not checked");
    return not_applicable(Check::timestamps, std::to_string(found.size()) + " tokens over these checkpoints; no authority was given to check their signatures"), Result<>{};
  }
  passed(Check::timestamps, std::to_string(stamped.size()) + " checkpoints stamped, signatures lead to the authority that was given");
  return {};
}

}  // namespace pontlevis::audit
