#include "protocol/statement.hpp"

#include "protocol/strict_json.hpp"

namespace pontlevis {
namespace {
constexpr std::string_view prefix = "pontlevis/";
constexpr std::string_view suffix = "/v1";
}  // namespace

std::string sign_statement(std::string_view type, const json::object& body, const NoteSigner& signer) {
  const std::string text =
      std::string(prefix) + std::string(type) + std::string(suffix) + "\n" + json::serialize(body) + "\n";
  return sign_note(text, signer);
}

namespace {

Result<Statement> read_text(std::string_view text) {
  const auto first = text.find('\n');
  const auto bad = [] { return fail(Errc::bad_input, "is not a Pontlevis statement"); };
  if (first == text.npos || text.find('\n', first + 1) != text.size() - 1) return bad();
  std::string_view head = text.substr(0, first);
  if (!head.starts_with(prefix) || !head.ends_with(suffix) || head.size() <= prefix.size() + suffix.size()) return bad();
  head.remove_prefix(prefix.size());
  head.remove_suffix(suffix.size());
  const auto line = text.substr(first + 1, text.size() - first - 2);
  PL_TRY(body, parse_object(line, max_statement_bytes, "statement " + printable(head, 40)));
  return Statement{std::string(head), std::move(body)};
}

}  // namespace

Result<json::object> open_statement(std::string_view note, std::string_view type, const NoteVerifier& key) {
  if (note.size() > max_statement_bytes) return fail(Errc::bad_input, "is too long for a statement");
  PL_TRY(parsed, SignedNote::parse(note));
  PL_CHECK(parsed.verify(key));
  PL_TRY(statement, read_text(parsed.text()));
  if (statement.type != type)
    return fail(Errc::bad_signature, "is a statement of another type: " + printable(statement.type, 40));
  return std::move(statement.body);
}

Result<Statement> peek_statement(std::string_view note) {
  if (note.size() > max_statement_bytes) return fail(Errc::bad_input, "is too long for a statement");
  PL_TRY(parsed, SignedNote::parse(note));
  return read_text(parsed.text());
}

}  // namespace pontlevis
