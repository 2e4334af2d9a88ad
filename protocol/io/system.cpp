#include "protocol/io/system.hpp"

#include <fcntl.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "protocol/text.hpp"

namespace pontlevis {

Time SystemClock::now() const {
  return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now());
}

Millis SystemClock::since_boot() const {
  timespec t{};
  ::clock_gettime(CLOCK_BOOTTIME, &t);
  return std::chrono::seconds(t.tv_sec) + Millis(t.tv_nsec / 1'000'000);
}

std::string make_uuid(Random& random) {
  std::string b = random.bytes(16);
  b[6] = static_cast<char>((b[6] & 0x0f) | 0x40);
  b[8] = static_cast<char>((b[8] & 0x3f) | 0x80);
  const std::string h = to_hex(b);
  return h.substr(0, 8) + "-" + h.substr(8, 4) + "-" + h.substr(12, 4) + "-" + h.substr(16, 4) + "-" + h.substr(20);
}

namespace io {
namespace {

struct Fd {
  int fd;
  ~Fd() {
    if (fd >= 0) ::close(fd);
  }
};

std::unexpected<Error> os_error(const std::filesystem::path& path, std::string doing) {
  const int e = errno;
  return fail(e == ENOENT ? Errc::not_found : Errc::io, "cannot " + doing + ": " + std::strerror(e), path.string());
}

Result<> read_into(const Fd& file, std::vector<char>& out, std::size_t max, const std::filesystem::path& path) {
  for (std::size_t used = 0;;) {
    out.resize(used + 4096);
    const auto n = ::read(file.fd, out.data() + used, 4096);
    if (n < 0) return os_error(path, "read");
    used += static_cast<std::size_t>(n);
    if (used > max) return fail(Errc::bad_input, "is longer than " + std::to_string(max) + " bytes", path.string());
    if (n == 0) return out.resize(used), Result<>{};
  }
}

Result<> write_whole(int fd, std::string_view content, const std::filesystem::path& path) {
  while (!content.empty()) {
    const auto n = ::write(fd, content.data(), content.size());
    if (n < 0) return os_error(path, "write");
    content.remove_prefix(static_cast<std::size_t>(n));
  }
  if (::fsync(fd) != 0) return os_error(path, "make durable");
  return {};
}

}  // namespace

void SystemRandom::fill(std::span<unsigned char> out) {
  if (RAND_priv_bytes(out.data(), static_cast<int>(out.size())) != 1) std::abort();
}

Result<std::string> read_file(const std::filesystem::path& path, std::size_t max) {
  const Fd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.fd < 0) return os_error(path, "open");
  std::vector<char> out;
  PL_CHECK(read_into(file, out, max, path));
  return std::string(out.begin(), out.end());
}

Result<Secret> read_secret_file(const std::filesystem::path& path, std::size_t max) {
  const Fd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.fd < 0) return os_error(path, "open");
  struct stat info {};
  if (::fstat(file.fd, &info) != 0) return os_error(path, "look at");
  if (S_ISREG(info.st_mode) && (info.st_mode & 077) != 0)
    return fail(Errc::not_allowed, "can be read by others than its owner", path.string(), "chmod 600 " + path.string());
  std::vector<char> out;
  PL_CHECK(read_into(file, out, max, path));
  return Secret(std::move(out));
}

Result<> write_file(const std::filesystem::path& path, std::string_view content, FileMode mode) {
  const std::string part = path.string() + ".part";
  {
    const Fd file{::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, static_cast<mode_t>(mode))};
    if (file.fd < 0) return os_error(part, "create");
    PL_CHECK(write_whole(file.fd, content, part));
  }
  if (::rename(part.c_str(), path.c_str()) != 0) return os_error(path, "rename into place");
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const Fd dir{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (dir.fd < 0 || ::fsync(dir.fd) != 0) return os_error(folder, "make durable");
  return {};
}

Result<> make_private_folder(const std::filesystem::path& path) {
  std::error_code ec;
  std::filesystem::create_directories(path, ec);
  if (ec) return fail(Errc::io, "cannot create: " + ec.message(), path.string());
  if (::chmod(path.c_str(), 0700) != 0) return os_error(path, "protect");
  return {};
}

}  // namespace io
}  // namespace pontlevis
