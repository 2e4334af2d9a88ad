#include "certs/log_successor.hpp"

#include <array>

#include "protocol/statement.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::certs {
namespace {

constexpr std::array<std::string_view, 3> causes{"RESTORE", "ROLLBACK", "DAMAGE"};

Result<> check(const LogSuccessor& s) {
  const auto bad = [](const char* what, const char* hint) { return fail(Errc::bad_input, what, "log successor", hint); };
  if (s.old_log.type() != NoteKeyType::ed25519 || s.new_log.type() != NoteKeyType::ed25519) return bad("names a key that is not a log's", "log.vkey holds it");
  if (s.old_log.name() == s.new_log.name()) return bad("keeps the name of the log that was closed", "a new log has a name of its own");
  if (s.old_log.key() == s.new_log.key()) return bad("keeps the key of the log that was closed", "`pontlevis-gateway log prepare` makes a new one");
  if (std::find(causes.begin(), causes.end(), s.cause) == causes.end()) return bad("has an unknown cause", "RESTORE, ROLLBACK or DAMAGE");
  return {};
}

}  // namespace

Result<std::string> sign_log_successor(const LogSuccessor& s, const NoteSigner& staff) {
  PL_CHECK(check(s));
  const boost::json::object body{{"old_log", s.old_log.text()}, {"new_log", s.new_log.text()}, {"last_size", s.last_size},
                                 {"cause", s.cause}, {"issued_at", to_utc(s.issued_at)}};
  return sign_statement(log_successor_type, body, staff);
}

Result<LogSuccessor> open_log_successor(std::string_view note, const NoteVerifier& staff) {
  PL_TRY(body, open_statement(note, log_successor_type, staff));
  StrictObject in(body, "log successor");
  const auto old_text = in.text("old_log", 10, 400), new_text = in.text("new_log", 10, 400);
  const auto size = static_cast<std::uint64_t>(in.integer("last_size", 0, INT64_MAX));
  const auto cause = in.choice("cause", causes);
  const auto issued = in.time("issued_at");
  PL_CHECK(in.finish());
  PL_TRY(old_log, NoteVerifier::parse(old_text));
  PL_TRY(new_log, NoteVerifier::parse(new_text));
  LogSuccessor out{std::move(old_log), std::move(new_log), size, std::string(causes[cause]), issued};
  PL_CHECK(check(out));
  return out;
}

}  // namespace pontlevis::certs
