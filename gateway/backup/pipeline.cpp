#include "gateway/backup/pipeline.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <fstream>
#include <memory>

#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_ = -1;
};

Result<std::pair<Fd, Fd>> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail(Errc::io, std::string("cannot make a pipe: ") + std::strerror(errno), "backup");
  return std::pair(Fd(ends[0]), Fd(ends[1]));
}

struct Actions {
  Actions() { ::posix_spawn_file_actions_init(&actions); }
  ~Actions() { ::posix_spawn_file_actions_destroy(&actions); }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;
  posix_spawn_file_actions_t actions;
};

struct Attributes {
  Attributes() {
    ::posix_spawnattr_init(&attributes);
    sigset_t none, all;
    ::sigemptyset(&none), ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~Attributes() { ::posix_spawnattr_destroy(&attributes); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  posix_spawnattr_t attributes;
};

Result<pid_t> start(const Program& program, int in, int out, int err) {
  Actions files;
  for (const auto& [fd, as] : {std::pair(in, 0), {out, 1}, {err, 2}}) ::posix_spawn_file_actions_adddup2(&files.actions, fd, as);
  std::vector<char*> argv;
  for (const auto& word : program) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  std::string path = "PATH=/usr/bin:/bin", language = "LC_ALL=C";
  char* environment[] = {path.data(), language.data(), nullptr};
  const Attributes attributes;
  pid_t pid = 0;
  for (const char* folder : {"/usr/bin/", "/bin/"}) {
    const auto file = folder + program.front();
    const int refused = ::posix_spawn(&pid, file.c_str(), &files.actions, &attributes.attributes, argv.data(), environment);
    if (refused == 0) return pid;
    if (refused != ENOENT) return fail(Errc::io, "cannot be started: " + std::string(std::strerror(refused)), file);
  }
  return fail(Errc::unavailable, "is not installed", program.front(), "apt-get install " + program.front());
}

std::string read_to_end(int fd, std::size_t most) {
  std::string out;
  std::array<char, 4096> some;
  for (;;) {
    const auto n = ::read(fd, some.data(), some.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return out;
    if (out.size() < most) out.append(some.data(), std::min(static_cast<std::size_t>(n), most - out.size()));
  }
}

struct Child {
  pid_t pid;
  std::string name;
};

Result<> wait_for(const std::vector<Child>& children, const std::string& said) {
  Result<> out;
  for (const auto& child : children) {
    int status = 0;
    while (::waitpid(child.pid, &status, 0) < 0 && errno == EINTR) {}
    if ((WIFEXITED(status) && WEXITSTATUS(status) == 0) || !out) continue;
    out = fail(Errc::io, "failed: " + printable(said, 300), child.name);
  }
  return out;
}

}  // namespace

Result<> run_pipeline(std::span<const Program> programs) {
  Fd nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
  PL_TRY(errors, make_pipe());
  std::vector<Child> children;
  Result<> started;
  Fd in;
  for (std::size_t i = 0; i < programs.size() && started; ++i) {
    Fd next_in, out;
    if (i + 1 < programs.size()) {
      auto pipe = make_pipe();
      if (!pipe) {
        started = std::unexpected(pipe.error());
        break;
      }
      next_in = std::move(pipe->first), out = std::move(pipe->second);
    }
    const auto pid = start(programs[i], i == 0 ? nothing.get() : in.get(), i + 1 < programs.size() ? out.get() : nothing.get(), errors.second.get());
    if (pid) children.push_back({*pid, programs[i].front()});
    else started = std::unexpected(pid.error());
    in = std::move(next_in);
  }
  in = Fd();  // those that wait for it see its end
  errors.second = Fd();
  const auto said = read_to_end(errors.first.get(), 4096);
  const auto ended = wait_for(children, said);
  return started ? ended : started;
}

bool is_age_recipient(std::string_view text) noexcept {
  if (text.size() != 62 || !text.starts_with("age1")) return false;
  return text.substr(4).find_first_not_of("qpzry9x8gf2tvdw0s3jn54khce6mua7l") == text.npos;
}

namespace {

Result<> sync_file(const std::filesystem::path& path) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0 || ::fsync(file.get()) != 0) return fail(Errc::io, "cannot be made durable", path.string());
  return {};
}

}  // namespace

Result<> seal_files(const std::filesystem::path& folder, std::span<const std::string> names, const std::string& recipient, const std::filesystem::path& to) {
  if (!is_age_recipient(recipient)) return fail(Errc::bad_input, "is not the public half of a recovery key", "backup.recipient", "age-keygen prints it: age1…");
  auto part = to;
  part += ".part";
  std::error_code ec;
  std::filesystem::remove(part, ec);
  Program tar{"tar", "--create", "--gzip", "--file=-", "--format=gnu", "--owner=0", "--group=0", "--numeric-owner", "--directory=" + folder.string(), "--"};
  tar.insert(tar.end(), names.begin(), names.end());
  const std::array programs{std::move(tar), Program{"age", "--encrypt", "--recipient", recipient, "--output", part.string()}};
  if (auto sealed = run_pipeline(programs); !sealed) {
    std::filesystem::remove(part, ec);
    return sealed;
  }
  std::filesystem::permissions(part, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, ec);
  PL_CHECK(sync_file(part));
  std::filesystem::rename(part, to, ec);
  if (ec) return fail(Errc::io, "cannot be renamed", part.string());
  return sync_file(to.parent_path());
}

Result<> unseal_files(const std::filesystem::path& from, const std::filesystem::path& identity, const std::filesystem::path& folder) {
  const std::array programs{Program{"age", "--decrypt", "--identity", identity.string(), "--", from.string()},
                            Program{"tar", "--extract", "--gzip", "--file=-", "--no-same-owner", "--no-same-permissions", "--keep-old-files", "--directory=" + folder.string()}};
  return run_pipeline(programs);
}

Result<std::string> file_sha256(const std::filesystem::path& path) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> hash(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  std::ifstream file(path, std::ios::binary);
  if (!file || !hash || EVP_DigestInit_ex(hash.get(), EVP_sha256(), nullptr) != 1) return fail(Errc::io, "cannot be read", path.string());
  std::vector<char> some(1 << 20);
  while (file.read(some.data(), static_cast<std::streamsize>(some.size())) || file.gcount() > 0)
    EVP_DigestUpdate(hash.get(), some.data(), static_cast<std::size_t>(file.gcount()));
  if (file.bad()) return fail(Errc::io, "cannot be read", path.string());
  std::array<unsigned char, 32> digest;
  EVP_DigestFinal_ex(hash.get(), digest.data(), nullptr);
  return to_hex(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

}  // namespace pontlevis::gateway
