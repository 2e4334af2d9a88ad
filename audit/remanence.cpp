#include "audit/remanence.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <mutex>
#include <set>
#include <unordered_map>

#include "protocol/secret.hpp"

namespace pontlevis::audit {

namespace fs = std::filesystem;

Needles::Needles(Needles&& other) noexcept : bytes_(std::exchange(other.bytes_, {})), starts_(std::exchange(other.starts_, {})) {}
Needles& Needles::operator=(Needles&& other) noexcept {
  if (this == &other) return *this;
  wipe();
  bytes_ = std::exchange(other.bytes_, {});
  starts_ = std::exchange(other.starts_, {});
  return *this;
}
Needles::~Needles() { wipe(); }

void Needles::wipe() noexcept {
  wipe_bytes(bytes_);
  bytes_.clear();
  starts_.clear();
}

void Needles::add(std::string_view bytes) {
  if (bytes.size() < shortest) return;
  bytes = bytes.substr(0, longest);
  if (bytes_.size() + bytes.size() > bytes_.capacity()) {  // grown by hand: what is left behind is wiped
    std::vector<char> larger;
    larger.reserve(std::max<std::size_t>(4096, 2 * bytes_.capacity() + bytes.size()));
    larger.assign(bytes_.begin(), bytes_.end());
    wipe_bytes(bytes_);
    bytes_ = std::move(larger);
  }
  starts_.push_back(static_cast<std::uint32_t>(bytes_.size()));
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

std::string_view Needles::at(std::size_t i) const {
  const std::size_t end = i + 1 < starts_.size() ? starts_[i + 1] : bytes_.size();
  return {bytes_.data() + starts_[i], end - starts_[i]};
}

namespace {

// Any place where a needle starts holds the eight-byte words of the needle's first sixteen bytes, at nine places one after
// another. So the text is looked at in each ninth place only, and every one of the nine words leads to its needle;
// with so many needles that this would fill the memory, in every place, and by their first word.
constexpr std::size_t word_bytes = 8, longest_stride = Needles::shortest - word_bytes + 1, many_needles = 16'384;

std::uint64_t word_of(const char* from) {
  std::uint64_t out;
  std::memcpy(&out, from, word_bytes);
  return out;
}

class Matcher {
 public:
  explicit Matcher(const Needles& needles) : needles_(needles), stride_(needles.size() > many_needles ? 1 : longest_stride) {
    while (bits_ < 24 && (std::size_t{1} << bits_) < 64 * stride_ * needles.size()) ++bits_;
    filter_.assign((std::size_t{1} << bits_) / 64, 0);
    for (std::size_t i = 0; i < needles.size(); ++i)
      for (std::size_t offset = 0; offset < stride_; ++offset) add(word_of(needles.at(i).data() + offset), {i, offset});
  }

  // How many places among the first `starts` of `text` some needle starts at.
  std::uint64_t count(std::string_view text, std::size_t starts) const {
    std::set<std::size_t> found;
    for (std::size_t at = 0; at < starts + stride_ - 1 && at + word_bytes <= text.size(); at += stride_) {
      const auto word = word_of(text.data() + at);
      if (filter_[slot(word) / 64] >> slot(word) % 64 & 1) look(text, at, word, starts, found);
    }
    return found.size();
  }

 private:
  struct Place {
    std::size_t needle, offset;
  };
  void add(std::uint64_t word, Place place) {
    by_word_.emplace(word, place);
    filter_[slot(word) / 64] |= std::uint64_t{1} << slot(word) % 64;
  }
  std::size_t slot(std::uint64_t word) const { return static_cast<std::size_t>((word * 0x9e3779b97f4a7c15u) >> (64 - bits_)); }
  void look(std::string_view text, std::size_t at, std::uint64_t word, std::size_t starts, std::set<std::size_t>& found) const {
    const auto [first, last] = by_word_.equal_range(word);
    for (auto it = first; it != last; ++it) {
      const auto [needle, offset] = it->second;
      if (at >= offset && at - offset < starts && text.substr(at - offset).starts_with(needles_.at(needle))) found.insert(at - offset);
    }
  }

  const Needles& needles_;
  std::size_t stride_;
  unsigned bits_ = 10;
  std::vector<std::uint64_t> filter_;
  std::unordered_multimap<std::uint64_t, Place> by_word_;
};

std::unexpected<Error> unreadable(const fs::path& file) {
  return fail(Errc::io, std::string("cannot be looked through: ") + std::strerror(errno), file.string(), "give this program the right to read it, or take it out of the list");
}

class File {
 public:
  File(int fd, bool ours) : fd_(fd), ours_(ours) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (ours_ && fd_ >= 0) ::close(fd_);
  }
  int fd() const noexcept { return fd_; }
  void keep() noexcept { ours_ = false; }

 private:
  int fd_;
  bool ours_;
};

// The SQLite files of this process, by device and number: opened once, never closed (see the header), but for
// those that have no name any more.
class KeptOpen {
 public:
  using Key = std::pair<dev_t, ino_t>;
  int find(const Key& key) {
    const std::lock_guard guard(mutex_);
    forget_deleted();
    const auto it = open_.find(key);
    return it == open_.end() ? -1 : it->second;
  }
  bool keep(const Key& key, int fd) {
    const std::lock_guard guard(mutex_);
    return open_.emplace(key, fd).second;
  }

 private:
  void forget_deleted() {
    std::erase_if(open_, [](const auto& one) {
      struct stat seen{};
      const bool gone = ::fstat(one.second, &seen) == 0 && seen.st_nlink == 0;
      if (gone) ::close(one.second);
      return gone;
    });
  }
  std::mutex mutex_;
  std::map<Key, int> open_;
};

KeptOpen& kept_open() {
  static KeptOpen all;
  return all;
}

bool is_sqlite(int fd) {
  char head[16] = {};
  return ::pread(fd, head, sizeof head, 0) == static_cast<ssize_t>(sizeof head) && std::memcmp(head, "SQLite format 3", 16) == 0;
}

// Reads to the end, whatever is appended meanwhile.
Result<std::uint64_t> scan(int fd, const fs::path& file, const Matcher& matcher, RemanenceReport& report, const std::stop_token& stop) {
  std::vector<char> buffer(Needles::longest + (1 << 20));
  std::size_t held = 0;
  std::uint64_t found = 0;
  for (off_t at = 0;;) {
    if (stop.stop_requested()) return fail(Errc::closed, "was asked to stop", "remanence scan");
    const auto n = ::pread(fd, buffer.data() + held, buffer.size() - held, at);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return unreadable(file);
    at += n;
    held += static_cast<std::size_t>(n);
    report.bytes += static_cast<std::uint64_t>(n);
    const std::size_t starts = n == 0 ? held : held - std::min(held, Needles::longest);
    found += matcher.count({buffer.data(), held}, starts);
    if (n == 0) break;
    std::memmove(buffer.data(), buffer.data() + starts, held - starts);
    held -= starts;
  }
  wipe_bytes(buffer);
  return found;
}

Result<> look_in(const fs::path& path, const Matcher& matcher, RemanenceReport& report, const std::stop_token& stop) {
  struct stat seen{};
  if (::stat(path.c_str(), &seen) != 0) return errno == ENOENT ? Result<>() : unreadable(path);
  const int known = kept_open().find({seen.st_dev, seen.st_ino});
  File file(known >= 0 ? known : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW), known < 0);
  if (file.fd() < 0) return errno == ENOENT ? Result<>() : unreadable(path);
  if (known < 0 && is_sqlite(file.fd())) {
    static_cast<void>(kept_open().keep({seen.st_dev, seen.st_ino}, file.fd()));
    file.keep();
  }
  PL_TRY(found, scan(file.fd(), path, matcher, report, stop));
  ++report.files;
  report.found += found;
  if (found > 0) report.found_in.push_back(path.string());
  return {};
}

// SQLite's -shm holds page numbers only, and its locks stand on it: it is not opened.
bool is_index_of_wal(const fs::path& path) { return path.string().ends_with("-shm"); }

Result<std::vector<fs::path>> files_below(const fs::path& path) {
  std::error_code ec;
  const auto status = fs::symlink_status(path, ec);
  if (fs::is_regular_file(status)) return std::vector{path};
  std::vector<fs::path> out;
  if (!fs::is_directory(status)) return out;
  fs::recursive_directory_iterator it(path, ec), end;
  for (; !ec && it != end; it.increment(ec))
    if (fs::is_regular_file(it->symlink_status(ec)) && !is_index_of_wal(it->path())) out.push_back(it->path());
  if (ec) return fail(Errc::io, "cannot be looked through: " + ec.message(), path.string(), "give this program the right to read it");
  return out;
}

}  // namespace

Result<RemanenceReport> look_for(const Needles& needles, std::span<const fs::path> paths, std::stop_token stop) {
  RemanenceReport out;
  out.needles = needles.size();
  if (needles.size() == 0) return out;
  const Matcher matcher(needles);
  for (const auto& path : paths) {
    PL_TRY(files, files_below(path));
    for (const auto& file : files) PL_CHECK(look_in(file, matcher, out, stop));
  }
  return out;
}

}  // namespace pontlevis::audit
