#include "agent/page/page_store.hpp"

#include "audit/schema.hpp"
#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {
namespace {

constexpr const char* schema = R"sql(
CREATE TABLE lines(             -- one line an intervention, made from the journal; purpose: search and paging
  intervention TEXT PRIMARY KEY, asked_at TEXT NOT NULL, state TEXT NOT NULL, reported INTEGER NOT NULL,
  minutes INTEGER NOT NULL, words TEXT NOT NULL, line TEXT NOT NULL) STRICT;
CREATE INDEX lines_asked ON lines(asked_at);
CREATE TABLE read_reports(intervention TEXT PRIMARY KEY, login TEXT NOT NULL, at TEXT NOT NULL) STRICT;
CREATE TABLE passkeys(          -- public halves; purpose: sign-in without a password
  id TEXT PRIMARY KEY, login TEXT NOT NULL, label TEXT NOT NULL, public_key TEXT NOT NULL,
  count INTEGER NOT NULL, added_at TEXT NOT NULL) STRICT;
CREATE TABLE rights(at TEXT NOT NULL, login TEXT NOT NULL, type TEXT NOT NULL, text TEXT NOT NULL, due TEXT NOT NULL) STRICT;
CREATE TABLE acts(              -- purpose: each person's right of access to their own acts (B26)
  at TEXT NOT NULL, login TEXT NOT NULL, type TEXT NOT NULL, intervention TEXT NOT NULL, text TEXT NOT NULL) STRICT;
CREATE INDEX acts_login ON acts(login, at);
CREATE TABLE rehearsals(login TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT;
)sql";

// Lower case for ASCII and the letters of French, so that a search finds « Élodie » by "élodie".
std::string folded(std::string_view text) {
  std::string out(text);
  for (std::size_t i = 0; i < out.size(); ++i) {
    auto& c = out[i];
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    const bool latin = i > 0 && static_cast<unsigned char>(out[i - 1]) == 0xC3;
    if (latin && static_cast<unsigned char>(c) >= 0x80 && static_cast<unsigned char>(c) <= 0x9E) c = static_cast<char>(c + 32);
  }
  return out;
}

std::string words_of(const json::object& line) {
  std::string out;
  for (auto name : {"intervention", "person_in_charge", "employer", "system", "ticket", "tasks_summary", "reason"}) out += text_of(line, name) + "\n";
  return folded(out);
}

// LIKE takes the searcher's words as words: % and _ mean themselves.
std::string like(std::string_view text) {
  std::string out = "%";
  for (char c : folded(text)) {
    if (c == '%' || c == '_' || c == '\\') out += '\\';
    out += c;
  }
  return out + "%";
}

Result<json::object> parse_line(const std::string& text) { return parse_object(text, 64 * 1024, "page.db, lines"); }

Result<Passkey> read_passkey(const sqlite::Rows& rows) {
  PL_TRY(login, Login::parse(rows.text(1)));
  return Passkey{rows.text(0), std::move(login), rows.text(2), from_base64(rows.text(3)).value_or(""), rows.integer(4),
                 from_utc(rows.text(5)).value_or(Time{})};
}

}  // namespace

Result<PageStore> PageStore::open(const std::filesystem::path& data) {
  PL_TRY(db, sqlite::Database::open(data / "page.db", {.application_id = 0x504c7067, .user_version = 1, .schema = schema}));
  return PageStore(std::move(db));
}

Result<> PageStore::put_line(const std::string& id, const std::string& asked_at, const std::string& state, const json::object& line) {
  const auto* seconds = line.if_contains("duration_seconds");
  const auto minutes = seconds && seconds->is_int64() ? (seconds->get_int64() + 59) / 60 : 0;
  const auto* reported = line.if_contains("reported");
  return db_.run("INSERT OR REPLACE INTO lines(intervention, asked_at, state, reported, minutes, words, line) VALUES(?, ?, ?, ?, ?, ?, ?)",
                 id, asked_at, state, reported && reported->is_bool() && reported->get_bool(), minutes, words_of(line), json::serialize(line));
}

Result<std::optional<json::object>> PageStore::line(const std::string& id) {
  PL_TRY(text, db_.text("SELECT line FROM lines WHERE intervention = ?", id));
  if (!text) return std::nullopt;
  PL_TRY(object, parse_line(*text));
  return object;
}

Result<std::set<std::string>> PageStore::settled() {
  PL_TRY(rows, db_.query("SELECT intervention FROM lines WHERE state IN ('CLOSED', 'REFUSED', 'EXPIRED', 'NOT_ASKED', 'CANCELLED', 'FORBIDDEN')"));
  std::set<std::string> out;
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    out.insert(rows.text(0));
  }
}

namespace {
// The day before which a record of `type` has no open name any more.
std::string term_of(std::string_view type, Time now) { return to_utc(now - std::chrono::days(audit::find_schema(type)->keep_days)); }
}  // namespace

Result<std::vector<InterventionId>> PageStore::past_their_term(Time now) {
  PL_TRY(rows, db_.query("SELECT intervention FROM lines WHERE asked_at < ? OR (state IN ('REFUSED', 'EXPIRED', 'NOT_ASKED', 'CANCELLED', 'FORBIDDEN') AND asked_at < ?)",
                         term_of("request", now), term_of("refusal", now)));
  std::vector<InterventionId> out;
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    if (auto id = InterventionId::parse(rows.text(0))) out.push_back(*std::move(id));
  }
}

Result<> PageStore::forget(const InterventionId& id) {
  PL_CHECK(db_.run("DELETE FROM lines WHERE intervention = ?", id.text()));
  return db_.run("DELETE FROM read_reports WHERE intervention = ?", id.text());
}

Result<> PageStore::forget_acts(Time now) {
  PL_CHECK(db_.run("DELETE FROM acts WHERE at < ?", term_of("request", now)));
  return db_.run("DELETE FROM rights WHERE at < ?", term_of("request", now));
}

Result<> PageStore::truncate() { return db_.run("PRAGMA wal_checkpoint(TRUNCATE)"); }

Result<PageStore::Lines> PageStore::lines(const LineQuery& q) {
  Lines out;
  const std::string words = like(q.text), from = q.from, to = q.to.empty() ? "9999" : q.to + "U";  // U sorts after every time of that day
  PL_TRY(total, db_.integer("SELECT count(*) FROM lines WHERE words LIKE ? ESCAPE '\\' AND asked_at >= ? AND asked_at < ? "
                            "AND (? = '' OR state = ?)", words, from, to, q.state, q.state));
  out.total = static_cast<std::size_t>(total.value_or(0));
  PL_TRY(rows, db_.query("SELECT line FROM lines WHERE words LIKE ? ESCAPE '\\' AND asked_at >= ? AND asked_at < ? "
                         "AND (? = '' OR state = ?) ORDER BY asked_at DESC, intervention LIMIT ? OFFSET ?",
                         words, from, to, q.state, q.state, static_cast<std::int64_t>(q.count), static_cast<std::int64_t>(q.offset)));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    PL_TRY(line, parse_line(rows.text(0)));
    out.lines.push_back(std::move(line));
  }
}

Result<std::vector<json::object>> PageStore::unread() {
  std::vector<json::object> out;
  PL_TRY(rows, db_.query("SELECT line FROM lines WHERE reported = 1 AND intervention NOT IN (SELECT intervention FROM read_reports) "
                         "ORDER BY asked_at DESC LIMIT 20"));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    PL_TRY(line, parse_line(rows.text(0)));
    out.push_back(std::move(line));
  }
}

Result<> PageStore::mark_read(const std::string& id, const Login& by, Time now) {
  return db_.run("INSERT OR IGNORE INTO read_reports(intervention, login, at) VALUES(?, ?, ?)", id, by.text(), to_utc(now));
}

Result<bool> PageStore::was_read(const std::string& id) {
  PL_TRY(count, db_.integer("SELECT count(*) FROM read_reports WHERE intervention = ?", id));
  return count.value_or(0) > 0;
}

Result<std::vector<json::object>> PageStore::days(const std::string& year) {
  std::vector<json::object> out;
  PL_TRY(rows, db_.query("SELECT substr(asked_at, 1, 10), count(*), sum(minutes) FROM lines WHERE substr(asked_at, 1, 4) = ? "
                         "GROUP BY 1 ORDER BY 1", year));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    out.push_back(json::object{{"date", rows.text(0)}, {"count", rows.integer(1)}, {"minutes", rows.integer(2)}});
  }
}

// ---- passkeys -----------------------------------------------------------------------------------

Result<> PageStore::add_passkey(const Passkey& k) {
  return db_.run("INSERT INTO passkeys(id, login, label, public_key, count, added_at) VALUES(?, ?, ?, ?, ?, ?)", k.id, k.login.text(),
                 k.label, to_base64(k.public_key), k.count, to_utc(k.added_at));
}

Result<std::vector<Passkey>> PageStore::passkeys(const Login& login) {
  std::vector<Passkey> out;
  PL_TRY(rows, db_.query("SELECT id, login, label, public_key, count, added_at FROM passkeys WHERE login = ? ORDER BY added_at", login.text()));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    PL_TRY(key, read_passkey(rows));
    out.push_back(std::move(key));
  }
}

Result<std::optional<Passkey>> PageStore::passkey(const std::string& id) {
  PL_TRY(rows, db_.query("SELECT id, login, label, public_key, count, added_at FROM passkeys WHERE id = ?", id));
  PL_TRY(found, rows.next());
  if (!found) return std::nullopt;
  PL_TRY(key, read_passkey(rows));
  return key;
}

Result<> PageStore::count_passkey(const std::string& id, std::int64_t count, Time) {
  return db_.run("UPDATE passkeys SET count = ? WHERE id = ?", count, id);
}

Result<> PageStore::remove_passkey(const std::string& id, const Login& login) {
  PL_CHECK(db_.run("DELETE FROM passkeys WHERE id = ? AND login = ?", id, login.text()));
  if (db_.changes() == 0) return fail(Errc::not_found, "there is no such passkey", "passkey");
  return {};
}

Result<> PageStore::remove_passkeys(const Login& login) { return db_.run("DELETE FROM passkeys WHERE login = ?", login.text()); }

// ---- people's own --------------------------------------------------------------------------------

Result<> PageStore::add_rights_request(const RightsRequest& r) {
  return db_.run("INSERT INTO rights(at, login, type, text, due) VALUES(?, ?, ?, ?, ?)", to_utc(r.at), r.login.text(), r.type, r.text, r.due);
}

Result<std::vector<RightsRequest>> PageStore::rights_requests(const Login& login) {
  std::vector<RightsRequest> out;
  PL_TRY(rows, db_.query("SELECT at, type, text, due FROM rights WHERE login = ? ORDER BY at DESC LIMIT 200", login.text()));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    out.push_back({from_utc(rows.text(0)).value_or(Time{}), login, rows.text(1), rows.text(2), rows.text(3)});
  }
}

Result<> PageStore::add_act(const Login& login, const Act& act) {
  return db_.run("INSERT INTO acts(at, login, type, intervention, text) VALUES(?, ?, ?, ?, ?)", to_utc(act.at), login.text(), act.type,
                 act.intervention, act.text);
}

Result<std::vector<Act>> PageStore::acts(const Login& login, std::size_t count) {
  std::vector<Act> out;
  PL_TRY(rows, db_.query("SELECT at, type, intervention, text FROM acts WHERE login = ? ORDER BY at DESC LIMIT ?", login.text(),
                         static_cast<std::int64_t>(count)));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    out.push_back({from_utc(rows.text(0)).value_or(Time{}), rows.text(1), rows.text(2), rows.text(3)});
  }
}

Result<> PageStore::set_rehearsed(const Login& login, Time now) {
  return db_.run("INSERT OR REPLACE INTO rehearsals(login, at) VALUES(?, ?)", login.text(), to_utc(now));
}

Result<std::optional<Time>> PageStore::rehearsed_at(const Login& login) {
  PL_TRY(text, db_.text("SELECT at FROM rehearsals WHERE login = ?", login.text()));
  return text ? from_utc(*text) : std::nullopt;
}

}  // namespace pontlevis::agent
