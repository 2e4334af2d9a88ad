// Checks 1, 3 and 4: the log's own signature, its tiles and root, and every older checkpoint.
#include "audit/verification.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {

Result<bool> Verification::check_signature() {
  const auto text = source.key_text();
  if (!text && text.error().code == Errc::unavailable) return std::unexpected(text.error());
  const auto named = text ? NoteVerifier::parse(std::string_view(*text).substr(0, text->find('\n'))) : std::unexpected(text.error());
  if (!named || *text != named->text() + "\n" || named->type() != NoteKeyType::ed25519)
    return fail_check(Check::signature, std::nullopt, "log.vkey is missing or is not a log's public key"), false;
  if (options.key && *options.key != *named) return fail_check(Check::signature, std::nullopt, "log.vkey is not the key that was expected"), false;
  key = *named;
  auto latest = source.latest_checkpoint();
  if (!latest && latest.error().code == Errc::unavailable) return std::unexpected(latest.error());
  auto opened = latest ? open_checkpoint(*latest, *key) : std::unexpected(latest.error());
  if (!opened) return fail_check(Check::signature, std::nullopt, opened.error().what), false;
  note = *std::move(latest);
  checkpoint = *std::move(opened);
  report.origin = checkpoint.origin;
  report.size = checkpoint.size;
  report.root = to_base64(checkpoint.root.view());
  passed(Check::signature, std::string(options.key ? "the key that was given" : "the key that lies there") + " signed " + std::to_string(checkpoint.size) + " records, and is named as their origin");
  if (!options.key) remark(Check::signature, std::nullopt, "no key was given with --vkey: the one beside the log was believed, " + key->text());
  return true;
}

Result<bool> Verification::check_tree() {
  PL_TRY(whole, check_entries());
  if (!whole) return false;
  PL_CHECK(check_tiles());
  if (checkpoint.size == 0) not_applicable(Check::tree, "the log is empty");
  else passed(Check::tree, "root and tiles recomputed from " + std::to_string(tree.size()) + " entries");
  return true;
}

Result<bool> Verification::check_entries() {
  PL_TRY(size, source.size());
  if (size != checkpoint.size)
    fail_check(Check::tree, std::min(size, checkpoint.size), "there are " + std::to_string(size) + " entries, the checkpoint says " + std::to_string(checkpoint.size));
  classes.reserve(std::min(size, checkpoint.size));
  for (LeafIndex first = 0; first < checkpoint.size && first < size; first += tile_width) {
    const auto count = static_cast<std::size_t>(std::min<TreeSize>(tile_width, checkpoint.size - first));
    const auto entries = source.entries(first, count);
    if (!entries && entries.error().code == Errc::unavailable) return std::unexpected(entries.error());
    if (!entries) return fail_check(Check::tree, first_missing(first, count), entries.error().where + ": " + entries.error().what), false;
    for (const auto& e : *entries) {
      const auto cls = parse_entry(e);
      if (!cls) fail_check(Check::tree, tree.size(), "is not an entry");
      classes.push_back(cls.value_or(EntryClass::record));
      tree.append(leaf_hash(e));
    }
  }
  if (tree.size() != checkpoint.size) return false;
  if (tree.root() != checkpoint.root) fail_check(Check::tree, std::nullopt, "the entries do not have the root that is signed");
  return true;
}

// A file of entries is whole or not; of a table it can be said which row is not there.
LeafIndex Verification::first_missing(LeafIndex first, std::size_t count) {
  for (LeafIndex i = first; !source.keeps_partial_tiles() && i < first + count; ++i)
    if (const auto one = source.entries(i, 1); !one || one->empty()) return i;
  return first;
}

Result<> Verification::check_tiles() {
  for (unsigned level = 0; tree.size() >> (8 * level) != 0; ++level) {
    const std::uint64_t hashes = tree.size() >> (8 * level);
    for (std::uint64_t n = 0; n * tile_width < hashes; ++n) {
      const auto width = static_cast<unsigned>(std::min<std::uint64_t>(tile_width, hashes - n * tile_width));
      if (width < tile_width && !source.keeps_partial_tiles()) continue;
      PL_TRY(stored, source.tile(level, n, width));
      if (stored != tile_data(level, n, width)) fail_check(Check::tree, n * tile_width << (8 * level), tile_path(level, n, width) + " is not what the entries say");
    }
  }
  return {};
}

std::string Verification::tile_data(unsigned level, std::uint64_t n, unsigned width) const {
  std::string out;
  out.reserve(width * 32);
  for (unsigned i = 0; i < width; ++i)
    if (const auto hash = tree.node(8 * level, n * tile_width + i)) out += hash->view();
  return out;
}

void Verification::check_prefix(const std::string& text, std::optional<TreeSize> said) {
  const auto old = open_checkpoint(text, *key);
  ++report.checkpoints;
  if (!old) return fail_check(Check::history, said, "an older checkpoint does not verify: " + old.error().what);
  if (said && *said != old->size) return fail_check(Check::history, said, "a checkpoint is filed under another size");
  if (old->size > tree.size()) return fail_check(Check::history, tree.size(), "a checkpoint of " + std::to_string(old->size) + " records is larger than the log: records are missing");
  if (tree.root(old->size) != old->root) fail_check(Check::history, old->size == 0 ? 0 : old->size - 1, "the log had another past when it had " + std::to_string(old->size) + " records");
}

Result<> Verification::check_history() {
  PL_CHECK(source.each_checkpoint([this](TreeSize size, const std::string& text) -> Result<> {
    check_prefix(text, size);
    return {};
  }));
  for (const auto& text : options.older_checkpoints) check_prefix(text, std::nullopt);
  if (report.checkpoints == 0) not_applicable(Check::history, "no older checkpoint lies here, and none was brought along");
  else passed(Check::history, std::to_string(report.checkpoints) + " checkpoints are prefixes of this tree, " + std::to_string(options.older_checkpoints.size()) + " of them brought along");
  return {};
}

}  // namespace pontlevis::audit
