#include "audit/checkpoint.hpp"

#include <cstdlib>

#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

std::unexpected<Error> bad(std::string what) { return fail(Errc::bad_input, std::move(what), "checkpoint"); }

// The next line without its newline; nothing when there is none.
std::optional<std::string_view> take_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  if (end == rest.npos) return std::nullopt;
  const auto line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

std::optional<Digest> digest_from_base64(std::string_view text) {
  const auto bytes = from_base64(text);
  if (!bytes || bytes->size() != 32) return std::nullopt;
  return Digest::from(*bytes);
}

}  // namespace

Result<Checkpoint> Checkpoint::parse(std::string_view text) {
  if (text.size() > max_checkpoint_bytes) return bad("is longer than 64 KiB");
  const auto origin = take_line(text);
  const auto size = take_line(text);
  const auto root = take_line(text);
  if (!origin || !size || !root) return bad("has fewer than three lines");
  if (origin->empty()) return bad("has no origin");
  const auto number = parse_decimal(*size, max_tree_size);
  if (!number) return bad("has no valid size");
  const auto digest = digest_from_base64(*root);
  if (!digest) return bad("has no valid root");
  Checkpoint out{std::string(*origin), *number, *digest, {}};
  if (out.size == 0 && out.root != empty_root()) return bad("gives an empty log a root that is not empty");
  while (!text.empty()) {
    const auto line = take_line(text);
    if (!line || line->empty()) return bad("has a malformed extension line");
    out.extensions.emplace_back(*line);
  }
  return out;
}

std::string Checkpoint::text() const {
  std::string out = origin + "\n" + std::to_string(size) + "\n" + to_base64(root.view()) + "\n";
  for (const auto& line : extensions) out += line + "\n";
  return out;
}

Result<Checkpoint> peek_checkpoint(std::string_view note) {
  if (note.size() > max_checkpoint_bytes) return bad("is longer than 64 KiB");
  PL_TRY(parsed, SignedNote::parse(note));
  return Checkpoint::parse(parsed.text());
}

Result<Checkpoint> open_checkpoint(std::string_view note, const NoteVerifier& log) {
  if (note.size() > max_checkpoint_bytes) return bad("is longer than 64 KiB");
  PL_TRY(parsed, SignedNote::parse(note));
  PL_TRY(checkpoint, Checkpoint::parse(parsed.text()));
  if (checkpoint.origin != log.name())
    return fail(Errc::bad_signature, "is of another log: " + printable(checkpoint.origin, 80), "checkpoint",
                "expected " + log.name());
  PL_CHECK(parsed.verify(log));
  return checkpoint;
}

std::string sign_checkpoint(const Checkpoint& checkpoint, const NoteSigner& signer) {
  if (checkpoint.origin != signer.verifier().name()) std::abort();
  return sign_note(checkpoint.text(), signer);
}

}  // namespace pontlevis::audit
