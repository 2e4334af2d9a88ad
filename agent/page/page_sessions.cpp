#include "agent/page/page_sessions.hpp"

#include "protocol/crypto/sha256.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {

namespace {
constexpr std::size_t most_sessions = 64;
constexpr std::size_t most_forms = 32;
constexpr Millis longest_session = std::chrono::hours(12);
constexpr Millis form_life = std::chrono::hours(24);  // a request waits for its own expiry: so does its form
}  // namespace

Result<std::string> PageSessions::sign_in(Approver person, uid_t user) {
  const auto now = clock_.since_boot();
  std::erase_if(sessions_, [&](const auto& s) { return now > s.second->signed_in_at + longest_session; });
  if (sessions_.size() >= most_sessions) return fail(Errc::unavailable, "too many pages are signed in", "sign-in", "sign out on another one");
  std::string token = to_hex(random_.bytes(32));
  auto session = std::make_shared<PageSession>(PageSession{std::move(person), user, now, now, 0, false, {}});
  sessions_.emplace(sha256_hex(token), std::move(session));
  return token;
}

std::shared_ptr<PageSession> PageSessions::find(std::string_view token) {
  const auto found = sessions_.find(sha256_hex(token));
  if (found == sessions_.end()) return nullptr;
  const auto now = clock_.since_boot();
  auto session = found->second;
  if (now > session->signed_in_at + longest_session) return sessions_.erase(found), nullptr;
  if (session->mirrors > 0) session->last_act = now;
  if (now > session->last_act + lock_after_) session->locked = true;
  return session;
}

void PageSessions::sign_out(std::string_view token) { sessions_.erase(sha256_hex(token)); }

void PageSessions::end_all_of(const Login& login) {
  std::erase_if(sessions_, [&](const auto& s) { return s.second->person.login == login; });
}

void PageSessions::unlock(PageSession& session) {
  session.locked = false;
  touch(session);
}

std::string PageSessions::give_form(PageSession& session, std::string about) {
  std::string form = to_hex(random_.bytes(16));
  if (session.forms.size() >= most_forms)
    session.forms.erase(std::min_element(session.forms.begin(), session.forms.end(),
                                         [](const auto& a, const auto& b) { return a.second.since < b.second.since; }));
  session.forms.emplace(form, PageSession::Form{std::move(about), clock_.now(), clock_.since_boot()});
  return form;
}

std::optional<Time> PageSessions::use_form(PageSession& session, const std::string& form, const std::string& about) {
  const auto found = session.forms.find(form);
  if (found == session.forms.end()) return std::nullopt;
  const auto used = std::move(found->second);
  session.forms.erase(found);
  if (used.about != about || clock_.since_boot() > used.since + form_life) return std::nullopt;
  return used.shown_at;
}

}  // namespace pontlevis::agent
