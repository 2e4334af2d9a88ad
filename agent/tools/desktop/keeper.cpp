#include "agent/tools/desktop/keeper.hpp"

#include <array>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <filesystem>

#include "agent/tools/desktop/alarm.hpp"
#include "agent/tools/environment.hpp"
#include "agent/tools/wakeup.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {
namespace {

using namespace boost::asio::experimental::awaitable_operators;
constexpr auto patience = std::chrono::seconds(10);  // for one act of the script; it takes milliseconds
constexpr auto longest_end = std::chrono::seconds(3);

// $1 is the folder, the rest is the server. It runs in a process group of its own, so `kill 0` reaches the
// server and what that started, and nobody else. printf is the shell's own: the bytes are in no argument list.
constexpr const char* script = R"(
umask 077
dir=$1 server=
shift
leave() {
  trap '' HUP INT TERM
  rm -rf "$dir"
  [ -n "$server" ] || exit 0
  kill -TERM 0
  { sleep 2; kill -KILL 0; } &
  wait "$server"
  kill -KILL 0
}
serve() {
  trap : HUP INT TERM
  "$@" </dev/null >&2
  echo "ended $?"
  kill -TERM $$
}
trap leave HUP INT TERM
mkdir "$dir" || exit 1
while read -r act name bytes; do
  case $act in
    write) printf "$bytes" >"$dir/$name" ;;
    remove) rm -f "$dir/$name" ;;
    start) serve "$@" & server=$! ;;
  esac && echo done || echo failed
done
leave
)";

std::string octal(std::string_view bytes) {
  std::string out;
  out.reserve(4 * bytes.size());
  for (char c : bytes) {
    const auto value = static_cast<unsigned char>(c);
    out += '\\';
    for (int shift : {6, 3, 0}) out += static_cast<char>('0' + (value >> shift & 7));
  }
  return out;
}

}  // namespace

// One coroutine reads what the script answers, one what it and the server complain about, one waits for the
// script's end. They hold this for as long as any of them runs, also when the Keeper has gone.
struct Keeper::Impl {
  Impl(const boost::asio::any_io_executor& ex, std::unique_ptr<Process> program, KeeperPlan what)
      : executor(ex), process(std::move(program)), plan(std::move(what)), changed(ex) {}

  static io::Awaitable<void> run(std::shared_ptr<Impl> self);
  io::Awaitable<void> answers();
  io::Awaitable<void> complaints();
  io::Awaitable<void> exit();
  void take(std::string_view line);
  void over();
  void give_up();

  boost::asio::any_io_executor executor;
  std::unique_ptr<Process> process;
  KeeperPlan plan;
  Wakeup changed;
  std::optional<Alarm> late;
  unsigned done = 0, failed = 0;
  bool ended = false;  // the server has, or will in a moment
  bool gone = false;   // and nothing of it is left
  std::string said;    // the last of what it complained about
};

void Keeper::Impl::over() {
  if (std::exchange(ended, true)) return;
  if (plan.on_end) plan.on_end();
  changed.notify();
}

void Keeper::Impl::take(std::string_view line) {
  if (line == "done") ++done;
  else if (line == "failed") ++failed;
  else return over();
  changed.notify();
}

io::Awaitable<void> Keeper::Impl::answers() {
  std::string held;
  std::array<char, 256> part{};
  while (held.size() < 1024) {
    const auto n = co_await process->out().read_some(part);
    if (!n || *n == 0) break;
    held.append(part.data(), *n);
    for (auto end = held.find('\n'); end != held.npos; end = held.find('\n')) {
      take(std::string_view(held).substr(0, end));
      held.erase(0, end + 1);
    }
  }
  over();
}

// Read to the end, or a server that says much would come to a halt; the last line is kept for people. The
// end of it is the end of the last process that was started here.
io::Awaitable<void> Keeper::Impl::complaints() {
  std::array<char, 4096> part{};
  for (;;) {
    const auto n = co_await process->err()->read_some(part);
    if (!n || *n == 0) co_return;
    said.append(part.data(), *n);
    if (said.size() > 2048) said.erase(0, said.size() - 1024);
  }
}

void Keeper::Impl::give_up() {
  static_cast<void>(process->signal("KILL"));
  process->stop_waiting();
  process->out().close();
  process->err()->close();
}

io::Awaitable<void> Keeper::Impl::exit() {
  static_cast<void>(co_await process->wait());
  over();
  late.emplace(executor, longest_end, [this] { give_up(); });
}

// The script removes its folder; the second look is for a script that was killed in the middle of it.
io::Awaitable<void> Keeper::Impl::run(std::shared_ptr<Impl> self) {
  co_await (self->answers() && self->complaints() && self->exit());
  self->late.reset();
  std::error_code ignored;
  std::filesystem::remove_all(self->plan.folder, ignored);
  if (self->plan.on_gone) self->plan.on_gone();
  self->gone = true;
  self->changed.notify();
}

Keeper::Keeper(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

// The end of its input is the script's end.
Keeper::~Keeper() {
  impl_->plan.on_end = nullptr;
  impl_->process->in().close();
}

Result<std::unique_ptr<Keeper>> Keeper::create(boost::asio::any_io_executor executor, Reaper& reaper, const std::string& session, KeeperPlan plan) {
  SpawnOptions options;
  options.argv = plan.prefix;
  for (const auto& word : {"/bin/sh", "-c", script, "pontlevis-desktop"}) options.argv.emplace_back(word);
  options.argv.push_back(plan.folder);
  options.argv.insert(options.argv.end(), plan.server.begin(), plan.server.end());
  options.env = tool_environment({}, {});
  PL_TRY(process, reaper.spawn(session, std::move(options)));
  auto impl = std::make_shared<Impl>(executor, std::move(process), std::move(plan));
  boost::asio::co_spawn(executor, Impl::run(impl), boost::asio::detached);
  return std::unique_ptr<Keeper>(new Keeper(std::move(impl)));
}

// One act at a time: whoever asks waits for the answer.
io::Awaitable<Result<>> Keeper::tell(std::string line) {
  auto impl = impl_;
  const unsigned done = impl->done, failed = impl->failed;
  const Alarm late(impl->executor, patience, [impl] { impl->give_up(); });
  const auto written = co_await impl->process->in().write_all(line);
  wipe_bytes(line);
  while (written && !impl->ended && impl->done == done && impl->failed == failed) co_await impl->changed.wait();
  if (impl->done != done) co_return Result<>{};
  co_return fail(Errc::unavailable, "the folder of the VNC server cannot be used", "desktop", "check `prefix` in [system.desktop], and the disk");
}

io::Awaitable<Result<>> Keeper::write(std::string name, const Secret& bytes) {
  return tell("write " + name + " " + octal(bytes.expose()) + "\n");
}
io::Awaitable<Result<>> Keeper::remove(std::string name) { return tell("remove " + name + "\n"); }
io::Awaitable<Result<>> Keeper::start() { return tell("start\n"); }

bool Keeper::ended() const noexcept { return impl_->ended; }

io::Awaitable<void> Keeper::end() {
  auto impl = impl_;
  impl->process->in().close();
  const Alarm late(impl->executor, longest_end, [impl] { impl->give_up(); });
  while (!impl->gone) co_await impl->changed.wait();
}

Error Keeper::why_ended() const {
  std::string_view last = impl_->said;
  while (last.ends_with('\n')) last.remove_suffix(1);
  if (const auto line = last.rfind('\n'); line != last.npos) last.remove_prefix(line + 1);
  return {Errc::unavailable, last.empty() ? "the VNC server ended at once" : "the VNC server ended: " + printable(last, 150), "desktop",
          "check [system.desktop] in the inventory with `pontlevis-agent check`"};
}

}  // namespace pontlevis::agent
