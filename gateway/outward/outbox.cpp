#include "gateway/outward/outbox.hpp"

#include "gateway/store.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr auto lines_kept = std::chrono::days(180);

template <class Word>
Word word_at(const std::string& text) {
  const auto& words = Spelling<Word>::words;
  for (std::size_t i = 0; i < words.size(); ++i)
    if (words[i] == text) return static_cast<Word>(i);
  return Word{};
}

Delivery read_row(const sqlite::Rows& row) {
  Delivery out;
  auto& m = out.message;
  m.id = row.text(1);
  m.channel = word_at<Channel>(row.text(2));
  m.subject = row.text(3);
  if (const auto id = row.optional_text(4))
    if (auto parsed = InterventionId::parse(*id)) m.intervention = *std::move(parsed);
  m.practice = row.optional_text(5).value_or("");
  out.has_body = !row.is_null(6);
  m.body = row.optional_text(6).value_or("");
  m.body_sha256 = row.text(7);
  out.state = word_at<DeliveryState>(row.text(8));
  m.tries = static_cast<int>(row.integer(9));
  m.created_at = read_time(row.integer(10));
  m.since = read_time(row.integer(11));
  if (const auto next = row.optional_integer(12)) out.next_try = read_time(*next);
  out.last_error = row.text(13);
  out.status = static_cast<int>(row.integer(14));
  out.crm_ref = row.text(15);
  out.reason = row.text(16);
  out.done_by = row.text(17);
  return out;
}

std::unexpected<Error> not_put_aside(const std::string& id) {
  return fail(Errc::conflict, "is done with, or what it said was destroyed", "delivery " + printable(id, 40), "`delivery list` shows what is");
}

}  // namespace

Result<> Outbox::make_tables() {
  return db_->script(R"sql(
    -- Messages to the vendor's world. `body` is NULL once it was taken, dropped or destroyed.
    CREATE TABLE IF NOT EXISTS outbox(
      seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, channel TEXT NOT NULL, subject TEXT NOT NULL,
      intervention TEXT, practice TEXT, body TEXT, body_sha256 TEXT NOT NULL, state TEXT NOT NULL,
      tries INTEGER NOT NULL, created_at INTEGER NOT NULL, since INTEGER NOT NULL, next_try INTEGER,
      last_error TEXT NOT NULL, status INTEGER NOT NULL, crm_ref TEXT NOT NULL, reason TEXT NOT NULL, done_by TEXT NOT NULL,
      recorded INTEGER NOT NULL) STRICT;
    CREATE INDEX IF NOT EXISTS outbox_waiting ON outbox(channel, next_try) WHERE state = 'WAITING';
    CREATE INDEX IF NOT EXISTS outbox_unrecorded ON outbox(seq) WHERE recorded = 0 AND state <> 'WAITING';
    CREATE INDEX IF NOT EXISTS outbox_of ON outbox(intervention, seq) WHERE intervention IS NOT NULL;
    -- Changes of interventions that nobody has looked at yet, noted with the change itself.
    CREATE TABLE IF NOT EXISTS outward_changes(seq INTEGER PRIMARY KEY AUTOINCREMENT, intervention TEXT NOT NULL) STRICT;
    CREATE TRIGGER IF NOT EXISTS outward_changed AFTER UPDATE ON interventions
      WHEN NEW.state IN ('REFUSED', 'ENDED', 'CLOSED') AND (NEW.state <> OLD.state OR NEW.view <> OLD.view OR NEW.lead <> OLD.lead)
      BEGIN INSERT INTO outward_changes(intervention) VALUES(NEW.id); END;
    CREATE TRIGGER IF NOT EXISTS outward_gone AFTER DELETE ON interventions WHEN OLD.state IN ('REFUSED', 'ENDED', 'CLOSED')
      BEGIN INSERT INTO outward_changes(intervention) VALUES(OLD.id); END;
    CREATE TRIGGER IF NOT EXISTS outward_commented AFTER INSERT ON facts WHEN NEW.type = 'comment'
      BEGIN INSERT INTO outward_changes(intervention) VALUES(NEW.intervention); END;
  )sql");
}

// ---- notes of changes ----

Result<std::vector<Change>> Outbox::changes(std::size_t limit) {
  std::vector<Change> out;
  PL_TRY(rows, db_->query("SELECT seq, intervention FROM outward_changes ORDER BY seq LIMIT ?", limit));
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    out.push_back({rows.integer(0), rows.text(1)});
  }
}

Result<> Outbox::forget_change(std::int64_t seq) { return db_->run("DELETE FROM outward_changes WHERE seq=?", seq); }

Result<> Outbox::note_change(const InterventionId& id) { return db_->run("INSERT INTO outward_changes(intervention) VALUES(?)", id.text()); }

// ---- messages ----

Result<bool> Outbox::put(const Message& m, Time now) {
  const auto intervention = m.intervention ? std::optional(m.intervention->text()) : std::nullopt;
  PL_CHECK(db_->run("INSERT INTO outbox(id, channel, subject, intervention, practice, body, body_sha256, state, tries, created_at, since, next_try, "
                    "last_error, status, crm_ref, reason, done_by, recorded) VALUES(?,?,?,?,?,?,?,'WAITING',0,?,?,?,'',0,'','','',0) ON CONFLICT(id) DO NOTHING",
                    m.id, word(m.channel), m.subject, intervention, m.practice, m.body, m.body_sha256.empty() ? sha256_hex(m.body) : m.body_sha256, stored(now), stored(now), stored(now)));
  return db_->changes() == 1;
}

Result<> Outbox::put_settled(const Message& m, const Settled& how, Time now) {
  PL_TRY(fresh, put(m, now));
  if (!fresh) return {};
  PL_TRY(settled, settle(m.id, how));
  return settled ? Result<>{} : fail(Errc::internal, "a new message is settled already", "outbox");
}

Result<std::optional<Message>> Outbox::next(Channel channel, Time now) {
  PL_TRY(rows, db_->query("SELECT * FROM outbox AS o WHERE channel = ?1 AND state = 'WAITING' AND next_try <= ?2 AND NOT EXISTS ("
                          "SELECT 1 FROM outbox AS e WHERE e.intervention = o.intervention AND e.channel = ?1 AND e.state = 'WAITING' AND e.seq < o.seq) "
                          "ORDER BY next_try, seq LIMIT 1",
                          word(channel), stored(now)));
  PL_TRY(found, rows.next());
  return found ? std::optional(read_row(rows).message) : std::nullopt;
}

Result<std::optional<Time>> Outbox::next_due(Channel channel) {
  PL_TRY(at, db_->integer("SELECT min(next_try) FROM outbox AS o WHERE channel = ?1 AND state = 'WAITING' AND NOT EXISTS ("
                          "SELECT 1 FROM outbox AS e WHERE e.intervention = o.intervention AND e.channel = ?1 AND e.state = 'WAITING' AND e.seq < o.seq)",
                          word(channel)));
  return at ? std::optional(read_time(*at)) : std::nullopt;
}

Result<> Outbox::trying(const std::string& id) { return db_->run("UPDATE outbox SET tries = tries + 1 WHERE id = ?", id); }

Result<> Outbox::later(const std::string& id, Time next_try, const Settled& failed) {
  return db_->run("UPDATE outbox SET next_try = ?, last_error = ?, status = ? WHERE id = ? AND state = 'WAITING'", stored(next_try), failed.why, failed.status, id);
}

Result<bool> Outbox::settle(const std::string& id, const Settled& how) {
  const bool may_be_tried_again = how.state == DeliveryState::refused || how.state == DeliveryState::given_up;
  PL_CHECK(db_->run("UPDATE outbox SET state = ?, next_try = NULL, last_error = ?, status = ?, crm_ref = ?, recorded = 0, "
                    "body = CASE WHEN ? THEN body ELSE NULL END WHERE id = ? AND state = 'WAITING'",
                    word(how.state), how.why, how.status, how.crm_ref, may_be_tried_again, id));
  return db_->changes() == 1;
}

Result<> Outbox::drop(const std::string& id, const std::string& reason, const std::string& done_by) {
  PL_CHECK(db_->run("UPDATE outbox SET state = 'DROPPED', next_try = NULL, reason = ?, done_by = ?, recorded = 0, body = NULL "
                    "WHERE id = ? AND state IN ('WAITING', 'REFUSED', 'GIVEN_UP')",
                    reason, done_by, id));
  return db_->changes() == 1 ? Result<>{} : not_put_aside(id);
}

Result<> Outbox::again(const std::string& id, Time now) {
  PL_CHECK(db_->run("UPDATE outbox SET state = 'WAITING', since = ?1, next_try = ?1, last_error = '', status = 0, recorded = 0 "
                    "WHERE id = ?2 AND body IS NOT NULL AND state IN ('WAITING', 'REFUSED', 'GIVEN_UP')",
                    stored(now), id));
  return db_->changes() == 1 ? Result<>{} : not_put_aside(id);
}

Result<std::optional<Delivery>> Outbox::find(const std::string& id) {
  PL_TRY(rows, db_->query("SELECT * FROM outbox WHERE id = ?", id));
  PL_TRY(found, rows.next());
  return found ? std::optional(read_row(rows)) : std::nullopt;
}

Result<std::vector<Delivery>> Outbox::read_all(sqlite::Rows rows) {
  std::vector<Delivery> out;
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) return out;
    out.push_back(read_row(rows));
  }
}

Result<Outbox::Page> Outbox::list(const std::optional<DeliveryState>& state, const std::string& after, std::size_t limit) {
  const auto place = after.empty() ? std::optional<std::uint64_t>(INT64_MAX) : parse_decimal(after, INT64_MAX);
  if (!place) return fail(Errc::bad_input, "is not a place in this list", "cursor", "give `next` of the page before");
  const auto asked = state ? std::string(word(*state)) : std::string();
  PL_TRY(rows, db_->query("SELECT * FROM outbox WHERE seq < ?1 AND (?2 = '' OR state = ?2) ORDER BY seq DESC LIMIT ?3", static_cast<std::int64_t>(*place), asked, limit + 1));
  Page out;
  for (;;) {
    PL_TRY(more, rows.next());
    if (!more) break;
    if (out.items.size() == limit) return out;  // `next` is the last one's place
    out.items.push_back(read_row(rows));
    out.next = std::to_string(rows.integer(0));
  }
  out.next.clear();
  return out;
}

// ---- an intervention's own ----

Result<> Outbox::forget_bodies(const std::optional<Channel>& channel, const InterventionId& id, const std::string& reason) {
  const auto asked = channel ? std::string(word(*channel)) : std::string();
  PL_CHECK(db_->run("UPDATE outbox SET state = 'DROPPED', next_try = NULL, reason = ?3, recorded = 0 "
                    "WHERE intervention = ?1 AND (?2 = '' OR channel = ?2) AND state = 'WAITING' AND subject <> 'deletion'",
                    id.text(), asked, reason));
  return db_->run("UPDATE outbox SET body = NULL WHERE intervention = ?1 AND (?2 = '' OR channel = ?2) AND subject <> 'deletion'", id.text(), asked);
}

// ---- the record ----

Result<std::vector<Delivery>> Outbox::unrecorded() {
  PL_TRY(rows, db_->query("SELECT * FROM outbox WHERE recorded = 0 AND state <> 'WAITING' ORDER BY seq LIMIT 256"));
  return read_all(std::move(rows));
}

Result<> Outbox::recorded(const std::string& id) { return db_->run("UPDATE outbox SET recorded = 1 WHERE id = ?", id); }

Result<> Outbox::sweep(Time now) {
  return db_->run("DELETE FROM outbox WHERE body IS NULL AND recorded = 1 AND created_at < ?", stored(now - lines_kept));
}

}  // namespace pontlevis::gateway
