#include "gateway/review/due.hpp"

#include <array>

#include "gateway/events.hpp"
#include "gateway/review/review_list.hpp"
#include "gateway/store.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr int most_shown = 500;
constexpr std::chrono::days stale{35};

struct DueWord {
  std::string_view kind, fr, en;
};
constexpr DueWord due_word[] = {
    {"rights_request", "Demande d'une personne à laquelle répondre", "Request of a person to be answered"},
    {"breach", "Violation de données à notifier", "Data breach to be notified"},
    {"hold", "Gel juridique à réexaminer", "Legal hold to be looked at again"},
    {"annual_review", "Revue annuelle à signer", "Annual review to be signed"},
    {"contract_end", "Fin de contrat : restituer puis supprimer", "End of a contract: return, then delete"},
    {"finding", "Constat à résoudre", "Finding to be resolved"},
    {"backup", "Sauvegarde à faire", "Backup to be made"},
    {"restore_test", "Essai de restauration à faire", "Restore test to be made"},
    {"purge", "Destruction quotidienne à faire", "Daily destruction to be done"},
    {"processing_entry", "Fiche du registre à revoir", "Entry of the register to be reviewed"},
};

}  // namespace

std::string due_words(std::string_view kind, bool late, bool french) {
  for (const auto& one : due_word)
    if (one.kind == kind) return std::string(french ? one.fr : one.en) + (late ? french ? " : en retard" : ": late" : "");
  return std::string(kind);
}

Result<> DueDesk::open() {
  PL_CHECK(core_.store->script(R"sql(
    -- The last word about each clock that runs: kind, number, moment. No name.
    CREATE TABLE IF NOT EXISTS review_due(
      kind TEXT NOT NULL, subject TEXT NOT NULL, due INTEGER NOT NULL, late INTEGER NOT NULL, told_at INTEGER NOT NULL,
      PRIMARY KEY(kind, subject)) STRICT, WITHOUT ROWID;
  )sql"));
  core_.signals.clock.listen([this](const ClockNotice& notice) { take(notice); });
  return {};
}

void DueDesk::take(const ClockNotice& n) {
  const auto kept = n.settled ? core_.store->run("DELETE FROM review_due WHERE kind=? AND subject=?", n.kind, n.subject)
                              : core_.store->run("INSERT INTO review_due(kind, subject, due, late, told_at) VALUES(?1,?2,?3,?4,?5) "
                                                 "ON CONFLICT(kind, subject) DO UPDATE SET due=?3, late=?4, told_at=?5",
                                                 n.kind, n.subject, stored(n.due), n.late, stored(core_.clock.now()));
  if (!kept) event(Level::error, "review.due_failed", {{"what", kept.error().what}});
}

void DueDesk::forget_stale() {
  static_cast<void>(core_.store->run("DELETE FROM review_due WHERE told_at < ?", stored(core_.clock.now() - stale)));
}

ApiRoutes DueDesk::routes() {
  const auto to = handlers_of(this);
  return {{"GET", "/api/v1/due", review_readers, Scope::read, false, to(&DueDesk::list)}};
}

ApiAnswer DueDesk::list(ApiCall) {
  const auto now = core_.clock.now();
  const bool french = core_.options.text("console.language") != "en";
  auto rows = core_.store->query("SELECT kind, subject, due, late FROM review_due ORDER BY due, kind, subject LIMIT ?", most_shown);
  if (!rows) co_return api_problem(rows.error());
  json::array items;
  for (;;) {
    const auto more = rows->next();
    if (!more) co_return api_problem(more.error());
    if (!*more) break;
    const auto due = read_time(rows->integer(2));
    const bool late = rows->integer(3) != 0 || due <= now;
    items.push_back(json::object{{"kind", rows->text(0)}, {"subject", rows->text(1)}, {"due", to_utc(due)}, {"late", late}, {"words", due_words(rows->text(0), late, french)}});
  }
  co_return api_page(std::move(items), "");
}

}  // namespace pontlevis::gateway
