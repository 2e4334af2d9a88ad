#include "audit/evidence.hpp"

#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

namespace json = boost::json;
constexpr std::size_t max_items = 256;
constexpr std::size_t max_note = 16 * 1024;
constexpr auto many = StrictObject::Lines::many;

json::object item_json(const Evidence& e) {
  return {{"kind", word(e.kind)}, {"size", e.size}, {"seen", to_utc(e.seen)}, {"known", e.known}, {"conflicting", e.conflicting}, {"detail", e.detail}};
}

Result<Evidence> read_item(const json::value& value) {
  StrictObject in(value, "evidence, item");
  Evidence out;
  out.kind = static_cast<EvidenceKind>(in.choice("kind", Spelling<EvidenceKind>::words));
  out.size = static_cast<TreeSize>(in.integer("size", 0, INT64_MAX));
  out.seen = in.time("seen");
  out.known = in.text("known", 0, max_note, many);
  out.conflicting = in.text("conflicting", 0, max_note, many);
  out.detail = in.text("detail", 0, 500, many);
  PL_CHECK(in.finish());
  return out;
}

std::unexpected<Error> says_nothing(const char* why) { return fail(Errc::bad_signature, why, "evidence, item"); }

// Every note is the log's own; and the two say what the kind says of them.
Result<EvidenceCheck::Item> check_item(Evidence evidence, const NoteVerifier& log) {
  EvidenceCheck::Item out{std::move(evidence), Weight::word, {}, {}};
  const auto& e = out.evidence;
  if (!e.known.empty()) {
    PL_TRY(known, open_checkpoint(e.known, log));
    out.known = std::move(known);
  }
  if (!e.conflicting.empty()) {
    PL_TRY(conflicting, open_checkpoint(e.conflicting, log));
    out.conflicting = std::move(conflicting);
  }
  if (e.kind == EvidenceKind::missing_record) return out;
  if (!out.known || !out.conflicting) return says_nothing("has not both notes");
  const bool same_size = out.known->size == out.conflicting->size;
  if (same_size && out.known->root == out.conflicting->root) return says_nothing("has two notes that agree");
  if (e.kind == EvidenceKind::two_histories && !same_size) return says_nothing("has two notes of different sizes");
  if (e.kind == EvidenceKind::rolled_back && out.conflicting->size >= out.known->size) return says_nothing("has no note of a smaller size");
  if (e.kind == EvidenceKind::no_proof && out.conflicting->size <= out.known->size) return says_nothing("has no note of a larger size");
  out.weight = same_size ? Weight::convicts : Weight::signed_;
  return out;
}

std::string what_it_means(const EvidenceCheck::Item& i, bool fr) {
  const auto n = [](TreeSize size) { return std::to_string(size); };
  switch (i.evidence.kind) {
    case EvidenceKind::two_histories:
      return fr ? "Le journal a signé deux passés différents de " + n(i.evidence.size) + " enregistrements. Les deux notes le prouvent à elles seules."
                : "The log signed two different pasts of " + n(i.evidence.size) + " records. The two notes prove it by themselves.";
    case EvidenceKind::rolled_back:
      return fr ? "Le journal a signé " + n(i.known->size) + " enregistrements, puis en a présenté " + n(i.conflicting->size) + " : les derniers ont disparu."
                : "The log signed " + n(i.known->size) + " records, then showed " + n(i.conflicting->size) + ": the last ones are gone.";
    case EvidenceKind::no_proof:
      return fr ? "Le journal a signé " + n(i.conflicting->size) + " enregistrements sans pouvoir montrer qu'ils contiennent les " + n(i.known->size) + " déjà signés."
                : "The log signed " + n(i.conflicting->size) + " records and could not show that they hold the " + n(i.known->size) + " it had signed before.";
    case EvidenceKind::missing_record:
      return (fr ? "L'éditeur a accusé réception d'un fait que son journal ne contient pas : " : "The vendor acknowledged a fact that its log does not hold: ") + i.evidence.detail;
  }
  return {};
}

std::string_view weight_words(Weight weight, bool fr) {
  if (weight == Weight::convicts) return fr ? "preuve complète" : "proof by itself";
  if (weight == Weight::signed_) return fr ? "deux notes signées par le journal ; leur ordre est la parole du cabinet" : "two notes the log signed; their order is the practice's word";
  return fr ? "parole du cabinet" : "the practice's word";
}

}  // namespace

json::object evidence_file(std::string_view practice, const NoteVerifier& log, const NoteVerifier& witness, std::span<const Evidence> items, Time now) {
  json::array list;
  for (const auto& e : items) list.push_back(item_json(e));
  return {{"format", evidence_format}, {"practice", practice}, {"log_key", log.text()}, {"witness_key", witness.text()},
          {"written_at", to_utc(now)}, {"items", std::move(list)}};
}

Result<EvidenceCheck> verify_evidence(std::string_view text, const NoteVerifier* pinned) {
  PL_TRY(object, parse_object(text, max_evidence_bytes, "evidence", JsonForm::any));
  StrictObject in(object, "evidence");
  const auto format = in.text("format", 1, 60);
  auto practice = in.text("practice", 1, 64);
  const auto log_text = in.text("log_key", 10, 400), witness_text = in.text("witness_key", 10, 400);
  static_cast<void>(in.time("written_at"));
  std::vector<Evidence> items;
  for (const auto& value : in.array("items", 1, max_items)) {
    PL_TRY(item, read_item(value));
    items.push_back(std::move(item));
  }
  PL_CHECK(in.finish());
  if (format != evidence_format) return fail(Errc::bad_input, "is not of a known format", "evidence");
  PL_TRY(log, NoteVerifier::parse(log_text));
  PL_TRY(witness, NoteVerifier::parse(witness_text));
  if (pinned && *pinned != log) return fail(Errc::bad_signature, "is about another log", "evidence", log.name());
  EvidenceCheck out{std::move(practice), std::move(log), std::move(witness), {}};
  for (auto& item : items) {
    PL_TRY(checked, check_item(std::move(item), out.log));
    out.items.push_back(std::move(checked));
  }
  return out;
}

std::string print_evidence(const EvidenceCheck& check, bool fr) {
  std::string out = (fr ? "Cabinet  " : "Practice ") + check.practice + (fr ? "\nJournal  " : "\nLog      ") + check.log.text() + "\n";
  for (const auto& item : check.items)
    out += "\n" + to_utc(item.evidence.seen) + "  " + std::string(word(item.evidence.kind)) + "\n  " + what_it_means(item, fr) + "\n  (" +
           std::string(weight_words(item.weight, fr)) + ")\n";
  return out;
}

}  // namespace pontlevis::audit
