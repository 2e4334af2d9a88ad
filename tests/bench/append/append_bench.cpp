// Durable appends against the disk's own rate (design §12): 1 and 64 writers, alternated with pwrite + fdatasync of
// 4 KiB in the same folder and the same run, so that a noisy disk is noisy for both.
//   append_bench [--dir DIR] [--seconds S] [--json FILE] [--only N [--writers W]]   --only: N appends, for strace
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <numeric>
#include <thread>

#include "audit/log.hpp"
#include "protocol/io/system.hpp"

using namespace pontlevis;
namespace json = boost::json;

namespace {

using Seconds = std::chrono::duration<double>;
double now() { return Seconds(std::chrono::steady_clock::now().time_since_epoch()).count(); }

[[noreturn]] void die(const std::string& what) {
  std::fprintf(stderr, "append_bench: %s\n", what.c_str());
  std::exit(2);
}
template <class T>
T must(Result<T> result) {
  if (!result) die(result.error().text());
  return *std::move(result);
}

audit::Record sample(int n) {
  return must(audit::Record::make("connection", {{"intervention", "0d9a3f52-6f7e-4c6b-9a57-6a5fd2f4a001"}, {"practice", "cabinet-exemple"}, {"event", "JOINED"},
                                                 {"operator", {{"login", "alice"}, {"name", "Alice Exemple"}}}, {"role", "LEAD"},
                                                 {"client", "OpenSSH_9.2"}, {"source_ip", "203.0.113.7"}, {"bytes_in", n}}));
}

// What a write-ahead log does to a disk: the next 4 KiB of a file that is already there, then fdatasync.
class Disk {
 public:
  explicit Disk(const std::filesystem::path& file) : fd_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    const std::string room(blocks * 4096, 'x');
    if (fd_ < 0 || ::write(fd_, room.data(), room.size()) != static_cast<ssize_t>(room.size()) || ::fsync(fd_) != 0) die("cannot write " + file.string());
  }
  ~Disk() { ::close(fd_); }
  void sync_one() {
    char block[4096];
    std::fill(std::begin(block), std::end(block), static_cast<char>(++at_));
    if (::pwrite(fd_, block, sizeof block, static_cast<off_t>(at_ % blocks) * 4096) != sizeof block || ::fdatasync(fd_) != 0) die("the disk refused");
  }

 private:
  static constexpr std::size_t blocks = 1024;
  int fd_;
  std::size_t at_ = 0;
};

double cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto of = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  return of(used.ru_utime) + of(used.ru_stime);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.empty() ? 0 : values[values.size() / 2];
}

struct Figures {
  double disk_per_second{}, appends_per_second{}, ratio{}, cpu_us{};  // CPU of an append, writers included
};

// Operation by operation.
Figures one_writer(audit::Log& log, Disk& disk, double seconds) {
  double disk_time = 0, append_time = 0;
  const double cpu = cpu_seconds();
  int n = 0;
  for (const double end = now() + seconds; now() < end; ++n) {
    double t = now();
    disk.sync_one();
    disk_time += now() - t;
    t = now();
    must(log.append_now(sample(n)));
    append_time += now() - t;
  }
  return {n / disk_time, n / append_time, disk_time / append_time, (cpu_seconds() - cpu) / n * 1e6};
}

double appends_for(audit::Log& log, unsigned writers, double seconds, double& cpu_us) {
  const double cpu = cpu_seconds();
  std::atomic<bool> stop{false};
  std::atomic<int> done{0};
  std::vector<std::thread> threads;
  const double begun = now();
  for (unsigned i = 0; i < writers; ++i)
    threads.emplace_back([&] {
      while (!stop) must(log.append_now(sample(++done)));
    });
  std::this_thread::sleep_for(Seconds(seconds));
  stop = true;
  for (auto& t : threads) t.join();
  cpu_us = (cpu_seconds() - cpu) / done * 1e6;
  return done / (now() - begun);
}

double syncs_for(Disk& disk, double seconds) {
  const double begun = now();
  int n = 0;
  for (; now() < begun + seconds; ++n) disk.sync_one();
  return n / (now() - begun);
}

// N appends of W writers, and nothing else.
void only_appends(audit::Log& log, int n, int writers) {
  std::atomic<int> next{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < writers; ++i)
    threads.emplace_back([&] {
      for (int at = next++; at < n; at = next++) must(log.append_now(sample(at)));
    });
  for (auto& t : threads) t.join();
}

// Window by window; the median of the pairs.
Figures many_writers(audit::Log& log, Disk& disk, unsigned writers, double seconds) {
  std::vector<double> disks, appends, ratios, cpus;
  for (double used = 0; used < seconds; used += 2) {
    disks.push_back(syncs_for(disk, 1));
    cpus.push_back(0);
    appends.push_back(appends_for(log, writers, 1, cpus.back()));
    ratios.push_back(appends.back() / disks.back());
  }
  return {median(disks), median(appends), median(ratios), median(cpus)};
}

json::object figures_json(const Figures& f, double bar) {
  return {{"fdatasync_per_second", f.disk_per_second}, {"appends_per_second", f.appends_per_second}, {"ratio", f.ratio}, {"cpu_us_per_append", f.cpu_us}, {"bar", bar}, {"met", f.ratio >= bar}};
}
void print(const char* name, const Figures& f, double bar) {
  std::printf("%-12s %12.0f %14.0f %8.2f %10.0f   >= %-5.4g %s\n", name, f.disk_per_second, f.appends_per_second, f.ratio, f.cpu_us, bar, f.ratio >= bar ? "met" : "MISSED");
}

}  // namespace

int main(int argc, char** argv) {
  std::string dir = ".", out;
  double seconds = 20;
  int only = 0, writers = 1;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string flag = argv[i], value = argv[i + 1];
    if (flag == "--dir") dir = value;
    else if (flag == "--seconds") seconds = std::stod(value);
    else if (flag == "--json") out = value;
    else if (flag == "--only") only = std::stoi(value);
    else if (flag == "--writers") writers = std::stoi(value);
    else die("unknown flag " + flag);
  }
  char made[4096];
  std::snprintf(made, sizeof made, "%s/append-XXXXXX", dir.c_str());
  if (!::mkdtemp(made)) die(std::string("cannot make a folder in ") + dir);
  SystemClock clock;
  io::SystemRandom random;
  Figures one, many;
  {
    NoteSigner signer("audit.editeur.example/bench", NoteKeyType::ed25519, Ed25519Key::generate(random));
    auto log = must(audit::Log::open({.folder = std::filesystem::path(made) / "log"}, std::move(signer), clock, random));
    Disk disk(std::filesystem::path(made) / "disk");
    only_appends(*log, only, writers);
    if (only == 0) {
      one = one_writer(*log, disk, seconds);
      many = many_writers(*log, disk, 64, seconds);
    }
  }
  std::filesystem::remove_all(made);
  if (only != 0) return 0;
  std::printf("durable appends  fdatasync/s      appends/s    ratio  CPU us/rec   bar\n");
  print("1 writer", one, 0.8);
  print("64 writers", many, 35);
  if (!out.empty()) std::ofstream(out) << json::serialize(json::object{{"bench", "append"}, {"one_writer", figures_json(one, 0.8)}, {"writers_64", figures_json(many, 35)}}) << "\n";
  return 0;
}
