// One record with its proof, on its own: what the eleven checks can say of it.
#include "audit/tlog_proof.hpp"
#include "audit/record_check.hpp"
#include "audit/verify.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

class ProofCheck {
 public:
  ProofCheck(const NoteVerifier& key, const VerifyOptions& options) : key_(key), options_(options) {}

  VerifyReport run(std::string_view proof_text, std::string_view disclosures, json::object* fields) {
    report_.source = "one record";
    for (unsigned i = 1; i <= check_count; ++i) settle(static_cast<Check>(i), "one record and its proof say nothing of it");
    const auto proof = TlogProof::parse(proof_text);
    if (!proof) return find(Check::signature, proof.error().what), std::move(report_);
    const auto lines = parse_disclosures(disclosures);
    const auto proven = lines ? verify_inclusion(*lines, proof_text, key_) : Result<ProvenRecord>(std::unexpected(lines.error()));
    index_ = proof->index;
    if (!check_signature(*proof)) return std::move(report_);
    if (!proven) return blame(proven.error()), std::move(report_);
    report_.records = 1;
    pass(Check::tree, "the proof leads from record " + std::to_string(proven->index) + " to the root of " + std::to_string(checkpoint_.size) + " records");
    check_history();
    check_witnesses(*proof);
    check_record(*proven, *lines);
    if (fields) *fields = proven->fields;
    return std::move(report_);
  }

 private:
  void settle(Check check, std::string why) { report_.settle(check, CheckState::not_applicable, std::move(why)); }
  void pass(Check check, std::string what) { report_.settle(check, CheckState::passed, std::move(what)); }
  void find(Check check, std::string what) { report_.find(check, index_, std::move(what)); }

  bool check_signature(const TlogProof& proof) {
    auto opened = open_checkpoint(proof.checkpoint, key_);
    if (!opened) return find(Check::signature, opened.error().what), false;
    checkpoint_ = *std::move(opened);
    report_.origin = checkpoint_.origin;
    report_.size = checkpoint_.size;
    report_.root = to_base64(checkpoint_.root.view());
    pass(Check::signature, "the key that was given signed the checkpoint");
    return true;
  }

  // A path that leads elsewhere is the tree's fault, everything else the record's.
  void blame(const Error& error) { find(error.where == "Merkle proof" ? Check::tree : Check::records, error.what); }

  void check_history() {
    std::size_t same = 0;
    for (const auto& text : options_.older_checkpoints) {
      const auto old = open_checkpoint(text, key_);
      ++report_.checkpoints;
      if (!old) find(Check::history, "an older checkpoint does not verify: " + old.error().what);
      else if (old->size == checkpoint_.size && old->root != checkpoint_.root) find(Check::history, "the log signed another root for the same size");
      else if (old->size == checkpoint_.size) ++same;
    }
    if (same > 0) pass(Check::history, "the checkpoint of this size that was brought along is the same");
    else settle(Check::history, "one proof says nothing of checkpoints of another size: verify a bundle");
  }

  void check_witnesses(const TlogProof& proof) {
    const auto note = SignedNote::parse(proof.checkpoint);
    report_.cosignatures = note->signatures().size() - 1;
    if (!options_.policy) return settle(Check::witnesses, std::to_string(report_.cosignatures) + " other signatures stand there; give --policy to check them");
    report_.witnesses = options_.policy->witnesses().size();
    if (!options_.policy->satisfied_by(*note)) return find(Check::witnesses, "the checkpoint does not have the cosignatures that the policy asks for");
    pass(Check::witnesses, "the checkpoint has the cosignatures that the policy asks for");
    for (const auto& w : options_.policy->witnesses())
      if (const auto time = note->verify_cosignature(w)) upper_ = std::min(upper_.value_or(Time::max()), Time{std::chrono::seconds(*time)});
  }

  void check_record(const ProvenRecord& proven, const std::vector<std::string>& lines) {
    const auto* time_text = proven.fields.if_contains("time");
    const auto time = time_text && time_text->is_string() ? from_utc(time_text->get_string()) : std::nullopt;
    const auto* schema = find_schema(proven.type, lines.size());
    const Time now = options_.now.value_or(SystemClock().now());
    report_.as_of = to_date(now);
    for (std::size_t i = 0; schema && i < lines.size(); ++i) check_field(schema->field(i), *schema, time, lines[i].starts_with("sha256:"), now);
    pass(Check::records, proven.type + ", " + std::to_string(report_.open_fields) + " fields open, " + std::to_string(report_.closed_fields) + " closed");
    if (report_.closed_fields > 0) settle(Check::destruction, "the closed fields are past their day; the destruction itself is another record: verify a bundle");
    else settle(Check::destruction, "nothing is closed");
    pass(Check::retention, "no personal field is open past its last day, as of " + report_.as_of);
    if (!upper_) return settle(Check::times, "no cosignature of the policy bounds its time");
    if (time && *time > *upper_ + options_.skew) return find(Check::times, "is dated after a witness saw it");
    pass(Check::times, "not dated after the cosignatures");
  }

  void check_field(const FieldRule& rule, const RecordSchema& schema, std::optional<Time> time, bool closed, Time now) {
    ++(closed ? report_.closed_fields : report_.open_fields);
    const auto day = time ? schema.expires_on(rule.cls, *time) : std::nullopt;
    const auto name = "field '" + std::string(rule.name) + "' ";
    if (closed && (!day || to_date(now) < *day)) find(Check::destruction, name + "is closed before its day: the record that destroyed it must be seen, verify a bundle");
    if (!closed && day && *day < to_date(now)) find(Check::retention, name + "is open past its last day, " + *day);
  }

  const NoteVerifier& key_;
  const VerifyOptions& options_;
  VerifyReport report_;
  Checkpoint checkpoint_;
  std::optional<LeafIndex> index_;
  std::optional<Time> upper_;
};

}  // namespace

VerifyReport verify_proof(std::string_view proof, std::string_view disclosures, const NoteVerifier& key, const VerifyOptions& options, json::object* fields) {
  return ProofCheck(key, options).run(proof, disclosures, fields);
}

}  // namespace pontlevis::audit
