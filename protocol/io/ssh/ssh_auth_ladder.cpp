#include "protocol/io/ssh/ssh_auth_ladder.hpp"

#include <algorithm>

namespace pontlevis::io {
namespace {

bool is_user_name(std::string_view user) {
  return !user.empty() && user.size() <= 64 &&
         std::ranges::all_of(user, [](char c) { return c > ' ' && c < 0x7f; });
}

}  // namespace

std::string_view text_of(SshAuthFailure failure) noexcept {
  switch (failure) {
    case SshAuthFailure::unknown_key: return "unknown_key";
    case SshAuthFailure::refused_key_type: return "refused_key_type";
    case SshAuthFailure::wrong_second_factor: return "wrong_second_factor";
    case SshAuthFailure::locked: return "locked";
    case SshAuthFailure::out_of_order: return "out_of_order";
    case SshAuthFailure::user_changed: return "user_changed";
    case SshAuthFailure::too_many_tries: return "too_many_tries";
  }
  return "unknown";
}

void SshAuthLadder::tell(SshAuthFailure why) {
  handler_.on_auth_failed(user_, key_passed() ? SshAuthStep::second_factor : SshAuthStep::public_key, why);
}

SshAuthLadder::Reply SshAuthLadder::end(SshAuthFailure why, std::string farewell) {
  tell(why);
  stage_ = Stage::over;
  farewell_ = std::move(farewell);
  return Reply::end;
}

// The first request of any kind fixes the name; false has set the farewell.
bool SshAuthLadder::same_user(std::string_view user) {
  if (user_.empty() && is_user_name(user)) user_ = user;
  if (!user_.empty() && user == user_) return true;
  end(SshAuthFailure::user_changed, "The user name cannot change or be empty. Connect again.");
  return false;
}

SshAuthLadder::Reply SshAuthLadder::out_of_order() {
  tell(SshAuthFailure::out_of_order);
  if (++key_tries_ < limits_.public_key_tries) return Reply::refuse;
  return end(SshAuthFailure::too_many_tries,
             "A registered key is needed before a password. Connect again with ssh -i.");
}

SshAuthLadder::Reply SshAuthLadder::refuse_key(SshAuthFailure why) {
  tell(why);
  if (++key_tries_ < limits_.public_key_tries) return Reply::refuse;
  return end(
      SshAuthFailure::too_many_tries,
      "Too many keys were offered and none is registered. Name one with: ssh -i KEY -o IdentitiesOnly=yes");
}

SshAuthLadder::Reply SshAuthLadder::none(std::string_view user) {
  if (stage_ == Stage::over || !same_user(user)) return Reply::end;
  // A client asks once for the list of methods; more is counted like a refused key.
  if (++key_tries_ <= limits_.public_key_tries) return Reply::refuse;
  return end(SshAuthFailure::too_many_tries, "Too many tries.");
}

bool SshAuthLadder::may_try_key(std::string_view user) { return stage_ != Stage::over && same_user(user); }

SshAuthLadder::Reply SshAuthLadder::query(std::string_view user, const SshPublicKey& key) {
  if (!may_try_key(user)) return Reply::end;
  if (stage_ != Stage::key) return out_of_order();
  if (key.is_certificate()) return refuse_key(SshAuthFailure::refused_key_type);
  return handler_.accepts_key(user_, key) ? Reply::key_ok : refuse_key(SshAuthFailure::unknown_key);
}

SshAuthLadder::Reply SshAuthLadder::signature(std::string_view user, const SshPublicKey& key) {
  if (!may_try_key(user)) return Reply::end;
  if (stage_ != Stage::key) return out_of_order();
  if (key.is_certificate()) return refuse_key(SshAuthFailure::refused_key_type);
  if (!handler_.accepts_key(user_, key)) return refuse_key(SshAuthFailure::unknown_key);
  key_ = key;
  return after_key();
}

SshAuthLadder::Reply SshAuthLadder::after_key() {
  stage_ = Stage::factor;
  if (!handler_.waives_second_factor(user_, key_)) return Reply::partial;
  stage_ = Stage::done;
  return Reply::success;
}

SshAuthLadder::Reply SshAuthLadder::interactive(std::string_view user) {
  if (stage_ == Stage::over || !same_user(user)) return Reply::end;
  if (stage_ != Stage::factor) return out_of_order();
  asked_ = true;
  return Reply::ask;
}

SshAuthLadder::Reply SshAuthLadder::response(std::optional<Secret> answer) {
  if (stage_ == Stage::over) return Reply::end;
  if (stage_ != Stage::factor || !asked_ || !answer)
    return end(SshAuthFailure::out_of_order, "An answer came to a question that was not asked.");
  asked_ = false;
  return check(*answer);
}

SshAuthLadder::Reply SshAuthLadder::password(std::string_view user, const Secret& answer) {
  if (stage_ == Stage::over || !same_user(user)) return Reply::end;
  if (stage_ != Stage::factor) return out_of_order();
  asked_ = false;  // a prompt still open is void: one answer, one try
  return check(answer);
}

SshAuthLadder::Reply SshAuthLadder::check(const Secret& answer) {
  switch (handler_.check_second_factor(user_, key_, answer)) {
    case SecondFactor::accepted: stage_ = Stage::done; return Reply::success;
    case SecondFactor::locked:
      return end(SshAuthFailure::locked, "No tries are left for this code. Ask for a new one.");
    case SecondFactor::wrong: break;
  }
  tell(SshAuthFailure::wrong_second_factor);
  if (++factor_tries_ < limits_.second_factor_tries) return Reply::refuse;
  return end(SshAuthFailure::too_many_tries, "The code was wrong too often. Ask for a new one.");
}

}  // namespace pontlevis::io
