#include "agent/tools/file_limits.hpp"

#include <limits>

namespace pontlevis::agent {
namespace {

// How many names lead on from `path`; -1 when one of them is "..".
int depth_of(std::string_view path) {
  int depth = 0;
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find('/'));
    if (part == "..") return -1;
    if (!part.empty() && part != ".") ++depth;
    path.remove_prefix(part.size() < path.size() ? part.size() + 1 : path.size());
  }
  return depth;
}

std::string megabytes(std::uint64_t bytes) { return std::to_string(bytes / (1024 * 1024)) + " MB"; }

}  // namespace

bool lands_in(std::string_view landing, std::string_view name) {
  if (landing.empty()) return true;
  // sftp-server cuts a name at a zero byte that ends it: "..\0" would be ".." to it and not to us.
  if (name.find('\0') != name.npos) return false;
  if (name.starts_with('/')) {
    if (!name.starts_with(landing)) return false;
    name.remove_prefix(landing.size());
    if (!name.starts_with('/')) return false;
  }
  return depth_of(name) > 0;
}

std::string too_much(const FileLimits& limits, const UploadAccount& account, std::uint64_t size, std::uint64_t more) {
  if (limits.largest_file > 0 && size > limits.largest_file)
    return "the practice takes files of at most " + megabytes(limits.largest_file);
  if (limits.largest_session > 0 && end_of(account.bytes, more) > limits.largest_session)
    return "the practice takes at most " + megabytes(limits.largest_session) + " in one session";
  return {};
}

std::uint64_t end_of(std::uint64_t offset, std::uint64_t length) noexcept {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  return length > most - offset ? most : offset + length;
}

}  // namespace pontlevis::agent
