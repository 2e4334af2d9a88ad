#include "audit/tlog_proof.hpp"

#include "audit/witness.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

constexpr std::string_view head = "c2sp.org/tlog-proof@v1";
constexpr std::string_view closed_mark = "sha256:";

std::unexpected<Error> bad(std::string what) { return fail(Errc::bad_input, std::move(what), "proof"); }

std::optional<std::string_view> take_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  if (end == rest.npos) return std::nullopt;
  const auto line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

}  // namespace

Result<TlogProof> TlogProof::parse(std::string_view text) {
  if (text.size() > max_tlog_proof_bytes) return bad("is longer than 128 KiB");
  if (take_line(text) != head) return bad("does not start with " + std::string(head));
  TlogProof out;
  auto line = take_line(text);
  if (line && line->starts_with("extra ")) {
    auto extra = from_base64(line->substr(6));
    if (!extra) return bad("has an extra line that is not base64");
    out.extra = *std::move(extra);
    line = take_line(text);
  }
  if (!line || !line->starts_with("index ")) return bad("has no index");
  const auto index = parse_decimal(line->substr(6), max_tree_size - 1);
  if (!index) return bad("has no valid index");
  out.index = *index;
  for (line = take_line(text); line && !line->empty(); line = take_line(text)) {
    const auto hash = from_base64(*line);
    if (!hash || hash->size() != 32) return bad("holds a line that is not a hash");
    if (out.path.size() == max_proof_hashes) return bad("has more than 63 hashes");
    out.path.push_back(Digest::from(*hash));
  }
  if (!line) return bad("has no checkpoint");
  out.checkpoint = text;
  PL_CHECK(peek_checkpoint(out.checkpoint));
  return out;
}

std::string TlogProof::text() const {
  std::string out = std::string(head) + "\n";
  if (extra) out += "extra " + to_base64(*extra) + "\n";
  out += "index " + std::to_string(index) + "\n";
  for (const auto& hash : path) out += to_base64(hash.view()) + "\n";
  return out + "\n" + checkpoint;
}

namespace {

Result<StoredField> field_of(std::string_view line) {
  StoredField out;
  if (line.starts_with(closed_mark)) {
    const auto digest = from_base64url(line.substr(closed_mark.size()));
    if (!digest || digest->size() != 32) return fail(Errc::bad_input, "is not the digest of a closed field", "disclosures");
    out.digest = Digest::from(*digest);
    return out;
  }
  PL_CHECK(open_disclosure(line));
  out.disclosure = line;
  out.digest = disclosure_digest(line);
  return out;
}

// The record the disclosures claim to be: names, classes and last days are those of its type's table.
Result<StoredRecord> record_of(std::span<const std::string> disclosures, LeafIndex index) {
  StoredRecord record{index, {}, {}};
  std::vector<Digest> digests;
  for (const auto& line : disclosures) {
    PL_TRY(field, field_of(line));
    digests.push_back(field.digest);
    record.fields.push_back(std::move(field));
  }
  const auto* schema = find_schema(record.type(), record.fields.size());
  if (!schema) return fail(Errc::bad_input, "do not start with a known record type", "disclosures");
  if (schema->size() != record.fields.size())
    return fail(Errc::bad_signature, "are not as many as the record type has fields", "disclosures");
  PL_TRY(open, record.open());
  const auto* time_text = open.if_contains("time");
  const auto time = time_text && time_text->is_string() ? from_utc(time_text->get_string()) : std::nullopt;
  for (std::size_t i = 0; i < schema->size(); ++i) {
    record.fields[i].name = schema->field(i).name;
    record.fields[i].cls = schema->field(i).cls;
    if (time) record.fields[i].expires_on = schema->expires_on(record.fields[i].cls, *time);
  }
  record.entry = record_entry(schema->entry_class, digests);
  return record;
}

Result<> cosigned_by(const Witness& witness, const Checkpoint& checkpoint) {
  if (witness.alarmed())
    return fail(Errc::bad_signature, "the log signed two different pasts; this witness accepts nothing more", "witness",
                "call the vendor's data-protection officer; the evidence is kept");
  PL_TRY(known, witness.has_cosigned(checkpoint.size, checkpoint.root));
  if (!known) return fail(Errc::bad_signature, "the checkpoint is not one this witness cosigned", "witness");
  return {};
}

}  // namespace

Result<ProvenRecord> verify_inclusion(std::span<const std::string> disclosures, std::string_view proof_text,
                                      const NoteVerifier& log, const Witness* witness) {
  PL_TRY(proof, TlogProof::parse(proof_text));
  PL_TRY(checkpoint, open_checkpoint(proof.checkpoint, log));
  PL_TRY(record, record_of(disclosures, proof.index));
  PL_CHECK(check_record(record));
  const Digest leaf = leaf_hash(record.entry);
  auto included = verify_inclusion_proof(proof.path, proof.index, checkpoint.size, leaf, checkpoint.root);
  if (!included) return fail(Errc::bad_signature, included.error().what, included.error().where);
  if (witness) PL_CHECK(cosigned_by(*witness, checkpoint));
  PL_TRY(fields, record.open());
  return ProvenRecord{proof.index, record.type(), std::move(fields), leaf, std::move(checkpoint), std::move(proof.checkpoint)};
}

}  // namespace pontlevis::audit
