#include "agent/notifier.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstdlib>

#include "protocol/io/events/events.hpp"

namespace pontlevis::agent {

namespace net = boost::asio;

namespace {

constexpr unsigned most_at_once = 4;
constexpr auto longest_run = std::chrono::seconds(30);

std::string sentence(const PendingRequest& pending, Language language) {
  const KnownOperator* lead = &pending.operators.front();
  for (const auto& op : pending.operators)
    if (op.role == OperatorRole::lead) lead = &op;
  return lead->name + " (" + lead->employer + ") " +
         (language == Language::french ? "demande l'accès à « " + pending.system.label + " »" : "asks for access to “" + pending.system.label + "”");
}

void keep(std::vector<std::string>& env, const char* name) {
  if (const char* value = std::getenv(name)) env.push_back(std::string(name) + "=" + value);
}

// Its end is awaited so that it leaves no dead child; one that hangs is ended.
io::Awaitable<void> see_off(std::shared_ptr<Process> program, net::io_context* io, unsigned* running) {
  auto late = std::make_shared<net::steady_timer>(*io, longest_run);
  late->async_wait([program](const boost::system::error_code& ec) {
    if (!ec) static_cast<void>(program->signal("KILL"));
  });
  static_cast<void>(co_await program->wait());
  late->cancel();
  --*running;
}

}  // namespace

bool Notifier::has_desktop() { return std::getenv("DBUS_SESSION_BUS_ADDRESS") || std::getenv("WAYLAND_DISPLAY") || std::getenv("DISPLAY"); }

void Notifier::request_waits(const PendingRequest& pending) {
  const auto& id = pending.request.intervention.text();
  const auto text = sentence(pending, settings_.language);
  const char* title = settings_.language == Language::french ? "Pontlevis : une demande attend" : "Pontlevis: a request waits";
  if (settings_.desktop) run({"notify-send", "--app-name=Pontlevis", "--urgency=critical", title, text}, id, text);
  if (!settings_.command.empty()) run({settings_.command}, id, text);
}

void Notifier::run(std::vector<std::string> argv, const std::string& id, const std::string& text) {
  const std::string name = argv.front();
  if (running_ >= most_at_once) return io::event(io::Level::warn, "notify.busy", {{"intervention", id}});
  SpawnOptions options;
  options.argv = std::move(argv);
  options.env = {"PATH=" + std::string(default_path), "LANG=C.UTF-8", "PONTLEVIS_REQUEST=" + id, "PONTLEVIS_TEXT=" + text};
  for (const char* variable : {"DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_RUNTIME_DIR", "HOME"}) keep(options.env, variable);
  auto program = spawn(io_.get_executor(), std::move(options));
  if (!program) return io::event(io::Level::warn, "notify.failed", {{"program", name}, {"what", program.error().what}});
  ++running_;
  std::shared_ptr<Process> shared = *std::move(program);
  reaper_.own(shared->pid());
  net::co_spawn(io_, see_off(std::move(shared), &io_, &running_), net::detached);
}

}  // namespace pontlevis::agent
