#include "gateway/api/kept_answers.hpp"

#include <algorithm>

#include "gateway/events.hpp"
#include "gateway/store.hpp"
#include "protocol/crypto/sha256.hpp"

namespace pontlevis::gateway {
namespace {

constexpr Millis kept_for = std::chrono::hours(24);
constexpr std::size_t most_key_bytes = 128, most_answer_bytes = 64 * 1024;

bool is_key(std::string_view key) {
  return !key.empty() && key.size() <= most_key_bytes && std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

io::HttpResponse unavailable(const Error& cause) {
  event(Level::error, "store.failed", {{"what", cause.what}});
  return api_problem(503, "unavailable", {Errc::unavailable, "the answer could not be kept, so nothing was done", "Idempotency-Key", "try again"});
}

}  // namespace

std::variant<KeptAnswers::Begun, io::HttpResponse> KeptAnswers::begin(const ApiCall& call, std::string_view key) {
  if (!is_key(key)) return api_problem(400, "bad_input", {Errc::bad_input, "must have 1 to 128 visible characters", "Idempotency-Key", "a UUID is good"});
  const auto name = sha256_hex(call.person.login.text() + "\n" + call.request.method + " " + call.request.path + "\n" + std::string(key));
  const auto body = sha256_hex(call.request.body);
  if (under_way_.contains(name))
    return api_problem(409, "under_way", {Errc::conflict, "the first request with this key is still under way", "Idempotency-Key", "wait for its answer"});
  auto known = look(name, body);
  if (!known) return unavailable(known.error());
  if (*known) return **std::move(known);
  if (const auto room = make_room(call.person.login); !room) return unavailable(room.error());
  const auto begun = db_->run("INSERT INTO kept_answers(key_sha256, login, body_sha256, at) VALUES(?,?,?,?)", name, call.person.login.text(), body,
                              stored(clock_->now()));
  if (!begun) return unavailable(begun.error());
  under_way_.insert(name);
  return Begun{name};
}

Result<std::optional<io::HttpResponse>> KeptAnswers::look(const std::string& key, const std::string& body_sha256) {
  PL_TRY(rows, db_->query("SELECT body_sha256, status, content_type, body FROM kept_answers WHERE key_sha256=? AND at>?", key, stored(clock_->now() - kept_for)));
  PL_TRY(found, rows.next());
  if (!found) return std::nullopt;
  if (rows.text(0) != body_sha256)
    return api_problem(422, "key_reused", {Errc::conflict, "this key was used for another request", "Idempotency-Key", "take a new key for a new act"});
  if (rows.is_null(1))
    return api_problem(409, "outcome_unknown", {Errc::conflict, "the gateway stopped while it did this, and does not know how far it came", "Idempotency-Key",
                                                "look whether it was done; then ask again with a new key"});
  io::HttpResponse out{static_cast<unsigned>(rows.integer(1)), {{"content-type", rows.text(2)}, {"idempotent-replayed", "true"}}, rows.text(3)};
  out.headers.emplace_back("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
  return out;
}

Result<> KeptAnswers::make_room(const Login& login) {
  PL_CHECK(db_->run("DELETE FROM kept_answers WHERE at<=?", stored(clock_->now() - kept_for)));
  return db_->run("DELETE FROM kept_answers WHERE login=? AND key_sha256 NOT IN "
                  "(SELECT key_sha256 FROM kept_answers WHERE login=? ORDER BY at DESC LIMIT ?)", login.text(), login.text(), most_of_one_person - 1);
}

// A fault of ours is not an outcome: the act may be tried again.
void KeptAnswers::keep(const Begun& begun, const io::HttpResponse& answer) {
  if (answer.secret || answer.status >= 500 || answer.body.size() > most_answer_bytes) return forget(begun);
  under_way_.erase(begun.key);
  const auto kept = db_->run("UPDATE kept_answers SET status=?, content_type=?, body=? WHERE key_sha256=?", answer.status,
                             std::string(answer.header("content-type")), answer.body, begun.key);
  if (!kept) event(Level::error, "store.failed", {{"what", kept.error().what}});
}

void KeptAnswers::forget(const Begun& begun) {
  under_way_.erase(begun.key);
  if (const auto gone = db_->run("DELETE FROM kept_answers WHERE key_sha256=?", begun.key); !gone)
    event(Level::error, "store.failed", {{"what", gone.error().what}});
}

}  // namespace pontlevis::gateway
