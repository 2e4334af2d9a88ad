#include "gateway/review_rows.hpp"

#include <charconv>
#include <set>

#include "certs/staff_card.hpp"
#include "gateway/records.hpp"
#include "gateway/store.hpp"
#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

enum Flag : unsigned { pair_flag = 1, emergency_flag = 2, watched_flag = 4, not_watched_flag = 8 };

constexpr sqlite::Sql tables = R"sql(
  -- The words of the rows below, coded. Those of kind 10 are people: they go with the last row that names them.
  CREATE TABLE review_words(code INTEGER PRIMARY KEY, kind INTEGER NOT NULL, word TEXT NOT NULL, label TEXT NOT NULL, UNIQUE(kind, word)) STRICT;
  -- One row an intervention; its number follows the time of the request.
  CREATE TABLE review_rows(
    number INTEGER PRIMARY KEY, intervention TEXT NOT NULL UNIQUE, requested_at INTEGER NOT NULL, started_at INTEGER, active_seconds INTEGER,
    practice INTEGER NOT NULL, system INTEGER NOT NULL, state INTEGER NOT NULL, outcome INTEGER NOT NULL, ended INTEGER NOT NULL,
    purpose INTEGER NOT NULL, criticality INTEGER NOT NULL, flags INTEGER NOT NULL, in_charge INTEGER NOT NULL,
    tools TEXT NOT NULL, nonconformities TEXT NOT NULL, people TEXT NOT NULL, ticket TEXT NOT NULL) STRICT;
  CREATE INDEX review_by_practice ON review_rows(practice, number);
  CREATE INDEX review_by_ticket ON review_rows(ticket);
  -- Who takes part in which.
  CREATE TABLE review_people(person INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY(person, number)) STRICT, WITHOUT ROWID;
  CREATE INDEX review_people_of ON review_people(number);
)sql";

std::string join(const std::vector<WordCode>& codes) {
  std::string out;
  for (auto code : codes) out += (out.empty() ? "" : " ") + std::to_string(code);
  return out;
}

std::vector<WordCode> split(const std::string& text) {
  std::vector<WordCode> out;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    WordCode code = 0;
    const auto [next, fault] = std::from_chars(at, end, code);
    if (fault != std::errc()) break;
    out.push_back(code);
    at = next + (next < end);
  }
  return out;
}

std::optional<std::int64_t> moment_of(const std::optional<json::object>& body, std::string_view name) {
  const auto at = body ? from_utc(text_of(*body, name)) : std::nullopt;
  return at ? std::optional(stored(*at)) : std::nullopt;
}

std::optional<std::int64_t> active_seconds_of(const Intervention& iv) { return iv.session_end ? number_of(*iv.session_end, "active_seconds") : std::nullopt; }

unsigned flags_of(const Intervention& iv) {
  const auto watch = iv.consent ? text_of(*iv.consent, "watch") : std::string();
  return (needs_pair(iv.request) ? pair_flag : 0u) | (iv.request.emergency ? emergency_flag : 0u) | (watch == "WATCHED" ? watched_flag : 0u) |
         (watch == "NOT_WATCHED" ? not_watched_flag : 0u);
}

std::vector<std::string> tools_of(const Intervention& iv) {
  return iv.consent ? texts_of(*iv.consent, "tools") : iv.request.tools;
}

std::string system_label_of(const Intervention& iv) {
  const auto* systems = iv.consent ? iv.consent->if_contains("systems") : nullptr;
  if (!systems || !systems->is_array() || systems->get_array().empty() || !systems->get_array()[0].is_object()) return {};
  return text_of(systems->get_array()[0].get_object(), "label");
}

// number, intervention, requested_at, started_at, active_seconds, practice, system, state, outcome, ended, purpose,
// criticality, flags, in_charge, tools, nonconformities, people, ticket
ReviewRow row_from(const sqlite::Rows& rows) {
  const auto code = [&](int column) { return static_cast<WordCode>(rows.integer(column)); };
  ReviewRow out;
  out.number = static_cast<std::uint32_t>(rows.integer(0));
  out.id = rows.text(1);
  out.requested_at = rows.integer(2);
  out.started_at = rows.optional_integer(3);
  out.active_seconds = rows.optional_integer(4);
  out.practice = code(5), out.system = code(6), out.state = code(7), out.outcome = code(8), out.end = code(9);
  out.purpose = code(10), out.criticality = code(11);
  const auto flags = static_cast<unsigned>(rows.integer(12));
  out.pair = flags & pair_flag, out.emergency = flags & emergency_flag;
  if (flags & (watched_flag | not_watched_flag)) out.watched = (flags & watched_flag) != 0;
  out.in_charge = code(13);
  out.tools = split(rows.text(14)), out.nonconformities = split(rows.text(15)), out.people = split(rows.text(16));
  out.ticket = rows.text(17);
  return out;
}

Result<std::optional<ReviewRow>> only_row(sqlite::Rows rows) {
  PL_TRY(found, rows.next());
  return found ? std::optional(row_from(rows)) : std::nullopt;
}

}  // namespace

Result<ReviewRows> ReviewRows::open(sqlite::Database& db, bool& made) {
  PL_TRY(there, db.integer("SELECT count(*) FROM sqlite_master WHERE type='table' AND name='review_rows'"));
  made = there.value_or(0) == 0;
  if (made) PL_CHECK(db.script(tables));
  return ReviewRows(db);
}

// ---- words ----

Result<WordCode> ReviewRows::code_if_known(WordKind kind, const std::string& word) const {
  PL_TRY(code, db_->integer("SELECT code FROM review_words WHERE kind=? AND word=?", static_cast<int>(kind), word));
  return static_cast<WordCode>(code.value_or(0));
}

Result<WordCode> ReviewRows::code_of(WordKind kind, const std::string& word, const std::string& label) {
  if (word.empty()) return WordCode{0};
  const std::pair key{kind, word};
  if (const auto at = codes_.find(key); at != codes_.end() && label.empty()) return at->second;
  PL_CHECK(db_->run("INSERT INTO review_words(kind, word, label) VALUES(?1, ?2, ?3) ON CONFLICT(kind, word) DO UPDATE SET label = ?3 WHERE ?3 <> '' AND label <> ?3",
                    static_cast<int>(kind), word, label));
  PL_TRY(code, code_if_known(kind, word));
  codes_[key] = code;
  return code;
}

Result<std::string> ReviewRows::codes_of(WordKind kind, const std::vector<std::string>& words) {
  std::vector<WordCode> out;
  for (const auto& word : words) {
    PL_TRY(code, code_of(kind, word));
    out.push_back(code);
  }
  return join(out);
}

Result<std::vector<WordCode>> ReviewRows::people_of(const Intervention& iv) {
  std::vector<WordCode> out;
  for (const auto& op : iv.request.operators) {
    const auto card = certs::StaffCard::peek(op.card);
    PL_TRY(code, code_of(WordKind::person, op.login.text(), card ? card->name : op.login.text()));
    out.push_back(code);
  }
  return out;
}

Result<> ReviewRows::add_people(std::uint32_t number, const std::vector<WordCode>& people) {
  for (auto person : people) PL_CHECK(db_->run("INSERT OR IGNORE INTO review_people(person, number) VALUES(?,?)", person, number));
  return {};
}

Result<std::uint32_t> ReviewRows::number_of(const InterventionId& id) const {
  PL_TRY(number, db_->integer("SELECT number FROM review_rows WHERE intervention=?", id.text()));
  return static_cast<std::uint32_t>(number.value_or(0));
}

// ---- rows ----

Result<> ReviewRows::add(const Intervention& iv) {
  const auto& r = iv.request;
  PL_TRY(practice, code_of(WordKind::practice, r.practice.text()));
  PL_TRY(system, code_of(WordKind::system, r.system.text(), system_label_of(iv)));
  PL_TRY(purpose, code_of(WordKind::purpose, std::string(word(r.purpose))));
  PL_TRY(criticality, code_of(WordKind::criticality, std::string(word(r.criticality))));
  PL_TRY(people, people_of(iv));
  PL_CHECK(db_->run("INSERT OR REPLACE INTO review_rows(number, intervention, requested_at, practice, system, state, outcome, ended, purpose, criticality, flags, "
                    "in_charge, tools, nonconformities, people, ticket) VALUES((SELECT number FROM review_rows WHERE intervention=?1),?1,?2,?3,?4,0,0,0,?5,?6,0,0,'','',?7,?8)",
                    iv.id().text(), stored(r.requested_at), practice, system, purpose, criticality, join(people), r.ticket));
  PL_TRY(number, number_of(iv.id()));
  PL_CHECK(add_people(number, people));
  return update(iv);
}

Result<> ReviewRows::update(const Intervention& iv) {
  PL_TRY(number, number_of(iv.id()));
  if (number == 0) return add(iv);
  PL_TRY(state, code_of(WordKind::state, std::string(word(iv.state))));
  PL_TRY(outcome, code_of(WordKind::outcome, iv.report ? std::string(word(iv.report->outcome)) : std::string()));
  PL_TRY(end, code_of(WordKind::end, iv.session_end ? text_of(*iv.session_end, "cause") : std::string()));
  PL_TRY(in_charge, code_of(WordKind::person, iv.in_charge().text()));
  PL_TRY(tools, codes_of(WordKind::tool, tools_of(iv)));
  PL_TRY(nonconformities, codes_of(WordKind::nonconformity, nonconformities_of(iv)));
  if (const auto label = system_label_of(iv); !label.empty()) PL_CHECK(code_of(WordKind::system, iv.request.system.text(), label));
  return db_->run("UPDATE review_rows SET started_at=?, active_seconds=?, state=?, outcome=?, ended=?, flags=?, in_charge=?, tools=?, nonconformities=? WHERE number=?",
                  moment_of(iv.session_open, "started_at"), active_seconds_of(iv), state, outcome, end, flags_of(iv),
                  in_charge, tools, nonconformities, number);
}

Result<> ReviewRows::drop(const InterventionId& id) {
  PL_TRY(number, number_of(id));
  PL_CHECK(db_->run("DELETE FROM review_people WHERE number=?", number));
  return db_->run("DELETE FROM review_rows WHERE number=?", number);
}

Result<> ReviewRows::forget_people(const InterventionId& id) {
  PL_TRY(row, find(id));
  if (!row) return {};
  std::set<WordCode> named(row->people.begin(), row->people.end());
  named.insert(row->in_charge);
  PL_CHECK(db_->run("UPDATE review_rows SET in_charge=0, people='' WHERE number=?", row->number));
  PL_CHECK(db_->run("DELETE FROM review_people WHERE number=?", row->number));
  for (auto person : named)
    PL_CHECK(db_->run("DELETE FROM review_words WHERE code=?1 AND kind=10 AND NOT EXISTS (SELECT 1 FROM review_people WHERE person=?1)", person));
  forget();
  return {};
}

Result<std::optional<ReviewRow>> ReviewRows::find(const InterventionId& id) const {
  PL_TRY(rows, db_->query("SELECT number, intervention, requested_at, started_at, active_seconds, practice, system, state, outcome, ended, purpose, criticality, "
                          "flags, in_charge, tools, nonconformities, people, ticket FROM review_rows WHERE intervention=?", id.text()));
  return only_row(std::move(rows));
}

// ---- reading ----

Result<std::vector<ReviewWord>> read_review_words(sqlite::Database& db) {
  PL_TRY(rows, db.query("SELECT code, kind, word, label FROM review_words"));
  std::vector<ReviewWord> out;
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    out.push_back({static_cast<WordCode>(rows.integer(0)), static_cast<WordKind>(rows.integer(1)), rows.text(2), rows.text(3)});
  }
}

Result<std::vector<ReviewRow>> read_review_rows(sqlite::Database& db, std::int64_t after, std::size_t count) {
  PL_TRY(rows, db.query("SELECT number, intervention, requested_at, started_at, active_seconds, practice, system, state, outcome, ended, purpose, criticality, "
                        "flags, in_charge, tools, nonconformities, people, ticket FROM review_rows WHERE number > ? ORDER BY number LIMIT ?", after, count));
  std::vector<ReviewRow> out;
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    out.push_back(row_from(rows));
  }
}

Result<std::optional<ReviewRow>> read_review_row(sqlite::Database& db, std::uint32_t number) {
  PL_TRY(rows, db.query("SELECT number, intervention, requested_at, started_at, active_seconds, practice, system, state, outcome, ended, purpose, criticality, "
                        "flags, in_charge, tools, nonconformities, people, ticket FROM review_rows WHERE number=?", number));
  return only_row(std::move(rows));
}

}  // namespace pontlevis::gateway
