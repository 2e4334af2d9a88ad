#include "agent/password_mint.hpp"

#include <cmath>

namespace pontlevis::agent {
namespace {

constexpr int tries_allowed = 3;
constexpr Millis unused_life = std::chrono::minutes(10);
constexpr std::string_view crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
// 70 symbols of four classes, without those that look alike.
constexpr std::string_view classes[] = {"ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnopqrstuvwxyz", "23456789", "#$%&*+-=?@!:;"};

// A symbol of `set`, each equally likely: bytes past the last whole multiple are drawn again.
char draw(Random& random, std::string_view set) {
  const unsigned limit = 256 - 256 % static_cast<unsigned>(set.size());
  unsigned char byte = 0;
  do random.fill({&byte, 1});
  while (byte >= limit);
  return set[byte % set.size()];
}

std::string four_class_alphabet() {
  std::string all;
  for (auto set : classes) all += set;
  return all;
}

bool has_all_classes(const std::vector<char>& text) {
  for (auto set : classes)
    if (std::none_of(text.begin(), text.end(), [set](char c) { return set.find(c) != set.npos; })) return false;
  return true;
}

Secret draw_password(PasswordProfile profile, Random& random) {
  const std::string all = profile == PasswordProfile::phone ? std::string(crockford) : four_class_alphabet();
  std::vector<char> text(format_of(profile).length);
  do
    for (char& c : text) c = draw(random, all);
  while (profile == PasswordProfile::pgssi_s && !has_all_classes(text));
  return Secret(std::move(text));
}

// What a person hears on the phone and types, back to the alphabet.
Secret normalized(std::string_view typed) {
  std::vector<char> out;
  out.reserve(typed.size());
  for (char c : typed) {
    if (c == '-' || c == ' ') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    out.push_back(c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c);
  }
  return Secret(std::move(out));
}

}  // namespace

PasswordFormat format_of(PasswordProfile profile) {
  if (profile == PasswordProfile::phone) return {12, 60.0, unused_life};
  return {24, 24 * std::log2(static_cast<double>(four_class_alphabet().size())), unused_life};
}

Secret OneTimePassword::shown() const {
  const auto text = value_.expose();
  if (profile_ == PasswordProfile::pgssi_s) return Secret(text);
  std::vector<char> out;
  out.reserve(text.size() + text.size() / 4);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i > 0 && i % 4 == 0) out.push_back('-');
    out.push_back(text[i]);
  }
  return Secret(std::move(out));
}

bool OneTimePassword::opens(const Secret& typed) const {
  if (typed.expose().size() > 64) return false;
  if (profile_ == PasswordProfile::pgssi_s) return value_.same_as(typed.expose());
  const Secret plain = normalized(typed.expose());
  return value_.same_as(plain.expose());
}

PasswordMint::PasswordMint(const ProvedConsent& consent, PasswordProfile profile, Random& random, const Clock& clock)
    : profile_(profile), random_(random), clock_(clock) {
  for (const auto& op : consent.consent().operators())
    if (op.mode == OperatorMode::connected) holders_.try_emplace(op.login);
}

Result<Secret> PasswordMint::mint(const Login& login) {
  const auto holder = holders_.find(login);
  if (holder == holders_.end())
    return fail(Errc::not_allowed, login.text() + " is not a connected operator of this consent");
  if (holder->second.wrong >= tries_allowed)
    return fail(Errc::not_allowed, login.text() + " gave three wrong passwords; a new request is needed");
  holder->second.password.emplace(OneTimePassword(login, draw_password(profile_, random_), profile_,
                                                  clock_.since_boot() + unused_life));
  return holder->second.password->shown();
}

PasswordMint::Verdict PasswordMint::try_password(const Login& login, const Secret& typed) {
  const auto found = holders_.find(login);
  if (found == holders_.end()) return Verdict::blocked;
  auto& holder = found->second;
  if (holder.wrong >= tries_allowed) return Verdict::blocked;
  if (holder.password && clock_.since_boot() >= holder.password->unused_until()) holder.password.reset();
  if (holder.password && holder.password->opens(typed)) {
    holder.password.reset();
    holder.wrong = 0;
    return Verdict::accepted;
  }
  const bool had_one = holder.password.has_value();
  if (++holder.wrong >= tries_allowed) {
    holder.password.reset();
    return Verdict::blocked;
  }
  return had_one ? Verdict::wrong : Verdict::no_password;
}

bool PasswordMint::blocked(const Login& login) const {
  const auto holder = holders_.find(login);
  return holder == holders_.end() || holder->second.wrong >= tries_allowed;
}

std::vector<Login> PasswordMint::expire_unused() {
  std::vector<Login> out;
  for (auto& [login, holder] : holders_)
    if (holder.password && clock_.since_boot() >= holder.password->unused_until()) {
      holder.password.reset();
      out.push_back(login);
    }
  return out;
}

std::size_t PasswordMint::wipe_all() {
  std::size_t wiped = 0;
  for (auto& [login, holder] : holders_) {
    wiped += holder.password.has_value();
    holder.password.reset();
  }
  return wiped;
}

std::optional<Millis> PasswordMint::next_expiry() const {
  std::optional<Millis> next;
  for (const auto& [login, holder] : holders_)
    if (holder.password && (!next || holder.password->unused_until() < *next)) next = holder.password->unused_until();
  return next;
}

}  // namespace pontlevis::agent
