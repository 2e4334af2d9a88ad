#include "agent/rehearsal/rehearsal.hpp"

#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "agent/rehearsal/sample_script.hpp"
#include "agent/tools/wakeup.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {

namespace json = boost::json;

namespace {

constexpr std::string_view step_words[] = {"NONE", "REQUEST", "OPEN", "ENDED"};
constexpr int sample_minutes = 15;

// Gone with the rehearsal. A program that wrote into it could not: it only prints.
class EmptyFolder {
 public:
  static Result<std::unique_ptr<EmptyFolder>> make() {
    std::string pattern = (std::filesystem::temp_directory_path() / "pontlevis-rehearsal-XXXXXX").string();
    if (!::mkdtemp(pattern.data())) return fail(Errc::io, "cannot make an empty folder for the sample", "rehearsal", "make room in the folder for temporary files");
    return std::unique_ptr<EmptyFolder>(new EmptyFolder(pattern));
  }
  ~EmptyFolder() {
    std::error_code ec;
    std::filesystem::remove_all(path_, ec);
  }
  EmptyFolder(const EmptyFolder&) = delete;
  EmptyFolder& operator=(const EmptyFolder&) = delete;
  const std::string& path() const noexcept { return path_; }

 private:
  explicit EmptyFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

std::string sample_password(Random& random) {
  const std::string text = to_crockford(random.bytes(10)).substr(0, 12);
  return text.substr(0, 4) + "-" + text.substr(4, 4) + "-" + text.substr(8, 4);
}

SpawnOptions sample_program(const std::string& folder, std::string_view language, Millis pace) {
  SpawnOptions options;
  options.argv = {"/bin/sh", "-c", sample_script(language, pace)};
  options.shown_name = "rehearsal";
  options.env = {"PATH=" + std::string(default_path), "HOME=" + folder, "LANG=C.UTF-8"};
  options.folder = folder;
  options.wiring = Wiring::pty;
  return options;
}

std::unexpected<Error> not_at(std::string_view act) {
  return fail(Errc::conflict, "the rehearsal is not where this can be done", std::string(act), "begin again");
}

}  // namespace

// One terminal, from approve() to its end. Shared by its coroutines.
struct Rehearsal::Run {
  Run(const RehearsalParts& parts, std::string session, std::shared_ptr<Tap> seen_by)
      : name(std::move(session)), tap(std::move(seen_by)), gate(parts.executor), over(parts.executor), late(parts.executor, parts.limit) {}
  const std::string name;  // of the Reaper's session
  std::unique_ptr<EmptyFolder> folder;
  std::unique_ptr<Process> process;
  std::shared_ptr<Tap> tap;  // null once ended: nothing is shown after
  SwitchedGate gate;
  Wakeup over;
  boost::asio::steady_timer late;
  Millis opened_at{};
  Time started_at{};
  bool reading = false;
};

struct Rehearsal::State : std::enable_shared_from_this<Rehearsal::State> {
  State(Rehearsal& of, RehearsalParts with) : owner(&of), parts(std::move(with)) {}

  Rehearsal* owner;  // null once the Rehearsal is gone
  RehearsalParts parts;
  Step step = Step::none;
  std::optional<Login> person;
  std::string language;
  std::string intervention;
  Time asked_at{};
  std::shared_ptr<Run> run;
  bool ending = false;
  bool stopped = false;
  std::optional<Millis> cut;
  Wakeup ended{parts.executor};

  void changed() {
    if (owner && owner->on_change) owner->on_change();
  }
  void forget();
  io::Awaitable<Millis> end(bool by_stop);
  json::object request() const;
  json::object session() const;
  static io::Awaitable<void> show(std::shared_ptr<State> self, std::shared_ptr<Run> run);
  static io::Awaitable<void> end_when_late(std::shared_ptr<State> self, std::shared_ptr<Run> run);
};

void Rehearsal::State::forget() {
  step = Step::none;
  person.reset();
  stopped = false;
  cut.reset();
}

// What the terminal says, while the gate is open: a pause holds what comes after it.
io::Awaitable<void> Rehearsal::State::show(std::shared_ptr<State>, std::shared_ptr<Run> run) {
  std::vector<char> buffer(8 * 1024);
  for (;;) {
    const auto n = co_await run->process->out().read_some(buffer);
    if (!n || *n == 0) break;
    if (co_await run->gate.until_decided() == GateState::closed) break;
    if (run->tap) run->tap->output({buffer.data(), *n});
  }
  run->reading = false;
  run->over.notify();
}

io::Awaitable<void> Rehearsal::State::end_when_late(std::shared_ptr<State> self, std::shared_ptr<Run> run) {
  const auto [cancelled] = co_await run->late.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  if (cancelled || self->run != run || self->ending) co_return;
  co_await self->end(false);
}

// The end of a real session: the door first, then every program, and only then is it over.
io::Awaitable<Millis> Rehearsal::State::end(bool by_stop) {
  const auto self = shared_from_this();
  const Millis start = parts.clock.since_boot();
  ending = true;
  const auto mine = run;
  mine->late.cancel();
  mine->gate.set(GateState::closed);
  co_await parts.reaper.end_all(mine->name);
  const Millis took = parts.clock.since_boot() - start;
  mine->process->out().close();
  while (mine->reading) co_await mine->over.wait();
  mine->tap = nullptr;
  Outcome outcome{*person, by_stop, took};
  stopped = by_stop;
  cut = took;
  run.reset();
  ending = false;
  step = Step::ended;
  ended.notify();
  if (owner && owner->on_done) owner->on_done(std::move(outcome));
  changed();
  co_return took;
}

json::object Rehearsal::State::request() const {
  const bool french = language == "fr";
  return {{"intervention", intervention},
          {"phase", "REQUESTED"},
          {"requested_at", to_utc(asked_at)},
          {"expires_at", to_utc(asked_at + std::chrono::minutes(30))},
          {"purpose", "MAINTENANCE"},
          {"reason", french ? "Exemple : la sauvegarde de nuit n’a pas abouti." : "Example: last night’s backup did not finish."},
          {"planned_tasks", french ? "Exemple : vérifier l’espace disque, relancer la sauvegarde." : "Example: check the disk space, start the backup again."},
          {"ticket", "EXEMPLE-1"},
          {"minutes", sample_minutes},
          {"criticality", "STANDARD"},
          {"pair", false},
          {"emergency", nullptr},
          {"data_categories", json::array{french ? "aucune : entraînement" : "none: rehearsal"}},
          {"system", {{"id", "exemple"}, {"label", parts.system_label}, {"hosting", "LOCAL"}}},
          {"tools", json::array{"shell"}},
          {"access_types", json::array{"VIEW", "CONTROL"}},
          {"operators", json::array{json::object{{"login", "exemple"}, {"name", "Alex Exemple"}, {"role", "LEAD"}, {"mode", "CONNECTED"},
                                                 {"qualification", french ? "Exemple" : "Example"}, {"employer", "Éditeur Exemple"},
                                                 {"subprocessor", nullptr}, {"country", "FR"}}}}};
}

json::object Rehearsal::State::session() const {
  json::object out = request();
  const auto spent = parts.clock.since_boot() - run->opened_at;
  const auto left = std::chrono::ceil<std::chrono::seconds>(parts.limit - spent).count();
  out["phase"] = "OPEN";
  out.emplace("approver", json::object{{"login", person->text()}, {"name", person->text()}});
  out.emplace("watch", "WATCHED");
  out.emplace("recording", false);
  out.emplace("granted_minutes", sample_minutes);
  out.emplace("started_at", to_utc(run->started_at));
  out.emplace("seconds_left", std::max<std::int64_t>(left, 0));
  out.emplace("hold", run->gate.state() == GateState::paused ? "PAUSED" : "NONE");
  out.emplace("connected", json::array{"exemple"});
  out.emplace("bytes_in", 0);
  out.emplace("bytes_out", 0);
  out.emplace("attempts", 0);
  out.emplace("streams", json::array{json::object{{"stream", 1}, {"kind", "shell"}, {"login", "exemple"}, {"cols", 80}, {"rows", 24}, {"open", true}}});
  out.emplace("forwards", json::array{});
  out.emplace("activity", json::array{});
  return out;
}

// ---- the acts ----

Rehearsal::Rehearsal(RehearsalParts parts) : state_(std::make_shared<State>(*this, std::move(parts))) {}

Rehearsal::~Rehearsal() {
  state_->owner = nullptr;
  if (!state_->run) return;
  state_->run->tap = nullptr;
  state_->run->late.cancel();
  state_->run->gate.set(GateState::closed);
  static_cast<void>(state_->run->process->signal("HUP"));
  state_->run->process->out().close();
}

Result<> Rehearsal::begin(const Login& person, std::string_view language) {
  auto& s = *state_;
  const bool another = s.person && *s.person != person && s.step != Step::ended;
  if (another || s.step == Step::open)
    return fail(Errc::conflict, another ? "somebody else is rehearsing" : "a rehearsal is open", "rehearsal", "wait a few minutes, or leave it first");
  s.forget();
  s.step = Step::request;
  s.person = person;
  s.language = language == "fr" ? "fr" : "en";
  s.intervention = make_uuid(s.parts.random);
  s.asked_at = s.parts.clock.now();
  s.changed();
  return {};
}

Result<std::vector<Rehearsal::SamplePassword>> Rehearsal::approve(std::shared_ptr<Tap> tap) {
  auto& s = *state_;
  if (s.step != Step::request) return not_at("approve");
  auto run = std::make_shared<Run>(s.parts, "rehearsal-" + s.intervention, std::move(tap));
  PL_TRY(folder, EmptyFolder::make());
  PL_CHECK(s.parts.reaper.begin(run->name));
  auto process = s.parts.reaper.spawn(run->name, sample_program(folder->path(), s.language, s.parts.pace));
  if (!process) {
    // The Reaper knows the session now: it is ended like one that ran.
    boost::asio::co_spawn(s.parts.executor, s.parts.reaper.end_all(run->name), boost::asio::detached);
    return std::unexpected(process.error());
  }
  run->folder = std::move(folder);
  run->process = *std::move(process);
  run->process->guard_input(run->gate);
  run->opened_at = s.parts.clock.since_boot();
  run->started_at = s.parts.clock.now();
  run->reading = true;
  s.run = run;
  s.step = Step::open;
  boost::asio::co_spawn(s.parts.executor, State::show(state_, run), boost::asio::detached);
  boost::asio::co_spawn(s.parts.executor, State::end_when_late(state_, run), boost::asio::detached);
  s.changed();
  return std::vector{SamplePassword{"exemple", "Alex Exemple", sample_password(s.parts.random), run->started_at + std::chrono::minutes(10)}};
}

Result<> Rehearsal::refuse() {
  if (state_->step != Step::request) return not_at("refuse");
  state_->forget();
  state_->changed();
  return {};
}

Result<> Rehearsal::pause() {
  if (state_->step != Step::open || state_->ending) return not_at("pause");
  state_->run->gate.set(GateState::paused);
  state_->changed();
  return {};
}

Result<> Rehearsal::resume() {
  if (state_->step != Step::open || state_->ending) return not_at("resume");
  state_->run->gate.set(GateState::open);
  state_->changed();
  return {};
}

io::Awaitable<Result<Millis>> Rehearsal::stop() {
  const auto state = state_;
  if (state->step != Step::open || state->ending) co_return not_at("stop");
  const Millis took = co_await state->end(true);
  co_return took;
}

io::Awaitable<void> Rehearsal::leave() {
  const auto state = state_;
  if (state->step == Step::open && !state->ending) co_await state->end(false);
  while (state->ending) co_await state->ended.wait();
  if (state->step == Step::none) co_return;
  state->forget();
  state->changed();
}

Rehearsal::Step Rehearsal::step() const noexcept { return state_->step; }
std::optional<Login> Rehearsal::person() const { return state_->person; }

json::value Rehearsal::status() const {
  const auto& s = *state_;
  if (s.step == Step::none) return nullptr;
  return json::object{{"step", step_words[static_cast<std::size_t>(s.step)]},
                      {"request", s.request()},
                      {"session", s.run ? json::value(s.session()) : json::value(nullptr)},
                      {"cut_ms", s.cut ? json::value(s.cut->count()) : json::value(nullptr)},
                      {"stopped", s.stopped}};
}

json::object Rehearsal::Outcome::record() const {
  return {{"done_by", person.text()},
          {"stopped", stopped},
          {"cut_latency_ms", cut ? json::value(cut->count()) : json::value(nullptr)}};
}

}  // namespace pontlevis::agent
