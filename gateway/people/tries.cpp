#include "gateway/people/tries.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "protocol/text.hpp"

namespace pontlevis::gateway {

bool Tries::locked(const std::string& who) {
  const auto at = tried_.find(who);
  return at != tried_.end() && clock_->since_boot() < at->second.locked_until;
}

bool Tries::count(const std::string& who, const LockoutRule& rule) {
  const auto now = clock_->since_boot();
  if (tried_.size() >= most && !tried_.contains(who)) make_room();
  auto& tried = tried_[who];
  std::erase_if(tried.at, [&](Millis at) { return at + rule.within < now; });
  tried.at.push_back(now);
  tried.forgotten_at = std::max(now + rule.within, tried.locked_until);
  if (static_cast<int>(tried.at.size()) < rule.tries) return false;
  tried.at.clear();
  tried.locked_until = tried.forgotten_at = now + rule.lock;
  return true;
}

// First what counts no more, then, in a flood, the half that would be forgotten first.
void Tries::make_room() {
  const auto now = clock_->since_boot();
  std::erase_if(tried_, [&](const auto& t) { return t.second.forgotten_at < now; });
  if (tried_.size() < most) return;
  std::vector<Millis> ends;
  for (const auto& [who, tried] : tried_) ends.push_back(tried.forgotten_at);
  const auto middle = ends.begin() + static_cast<std::ptrdiff_t>(ends.size() / 2);
  std::nth_element(ends.begin(), middle, ends.end());
  std::erase_if(tried_, [&](const auto& t) { return t.second.forgotten_at <= *middle; });
}

std::string source_key(const std::string& address) {
  boost::system::error_code ec;
  const auto parsed = boost::asio::ip::make_address(address, ec);
  if (ec || parsed.is_v4()) return address;
  const auto bytes = parsed.to_v6().to_bytes();
  if (parsed.to_v6().is_v4_mapped()) return address;
  return to_hex({reinterpret_cast<const char*>(bytes.data()), 8});
}

}  // namespace pontlevis::gateway
