#include "agent/session.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "agent/endpoint.hpp"
#include "protocol/io/events/events.hpp"
#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::agent {

namespace net = boost::asio;

namespace {

constexpr Millis heartbeat = std::chrono::seconds(30);
constexpr std::size_t most_connections = 16; // of a session: its people, and those who are on their way in or out
constexpr unsigned attempts_recorded = 100;  // a flood is counted, not written line by line
constexpr Millis farewell = Millis(100);     // for the client to read why, before the socket goes

SessionRules rules_of(const Consented& consent) {
  SessionRules rules;
  for (const auto& op : consent.operators())
    if (op.mode == OperatorMode::connected) (op.role == OperatorRole::additional ? rules.onlookers : rules.operators).insert(op.login);
  const auto& request = consent.request();
  rules.needs_pair = pontlevis::needs_pair(request);
  rules.watch = consent.grant().watch;
  rules.length = std::chrono::minutes(consent.grant().minutes);
  return rules;
}

const char* hold_sentence(Hold hold) {
  switch (hold) {
    case Hold::none: return "Input flows again.";
    case Hold::paused: return "Paused by the practice: nothing you type arrives.";
    case Hold::nobody_watches: return "Paused: nobody at the practice is watching.";
    case Hold::pair_incomplete: return "Paused: waiting for the second operator (2 minutes at most).";
    case Hold::ended: return "Ended.";
  }
  return "";
}

const char* hold_word(Hold hold) {
  switch (hold) {
    case Hold::none: return "NONE";
    case Hold::paused: return "PAUSED";
    case Hold::nobody_watches: return "NOBODY_WATCHES";
    case Hold::pair_incomplete: return "PAIR_INCOMPLETE";
    case Hold::ended: return "ENDED";
  }
  return "";
}

// What the live view shows, to a recording of it.
class RecordingSink final : public StreamSink {
 public:
  explicit RecordingSink(Recording& recording) : recording_(recording) {}
  void stream(const StreamInfo& info) noexcept override {
    if (!info.open) return recording_.closed(info.number);
    if (known_.insert(info.number).second) recording_.opened(info.number, {info.kind, info.login, info.cols, info.rows});
    else recording_.resized(info.number, info.cols, info.rows);
  }
  void output(unsigned number, std::string_view bytes) noexcept override { recording_.output(number, {bytes.data(), bytes.size()}); }

 private:
  Recording& recording_;
  std::set<unsigned> known_;
};

json::array counted(const std::map<std::string, unsigned>& names) {
  json::array out;
  for (const auto& [name, count] : names) out.push_back(json::object{{"program", name}, {"count", count}});
  return out;
}


}  // namespace

Session::Session(SessionParts parts, ProvedConsent proved, System system)
    : parts_(std::move(parts)), proved_(std::move(proved)), system_(std::move(system)),
      mint_(proved_, parts_.profile, parts_.random, parts_.clock),
      state_(rules_of(proved_.consent()), parts_.clock.since_boot()), gates_(parts_.io.get_executor()),
      view_(parts_.io.get_executor(),
            [this](bool present) {
              const Hold before = state_.hold();
              state_.viewer(present, now());
              announce_hold(before, state_.hold(), "live view");
              after_event();
            }),
      deadline_(parts_.io.get_executor()), minutes_(proved_.consent().grant().minutes),
      end_waiters_(parts_.io.get_executor(), net::steady_timer::time_point::max()) {}

Session::~Session() = default;

// ---- opening ------------------------------------------------------------------------------------

io::Awaitable<Result<std::vector<ShownPassword>>> Session::open() {
  auto self = shared_from_this();
  PL_CO_CHECK(parts_.reaper.begin(id().text()));
  opened_at_ = last_beat_ = now();
  started_at_ = parts_.clock.now();
  state_ = SessionState(rules_of(consent()), opened_at_);
  json::array passwords;
  const auto format = format_of(parts_.profile);
  for (const auto& op : consent().operators())
    if (op.mode == OperatorMode::connected)
      passwords.push_back(json::object{{"login", op.login.text()}, {"length", format.length},
                                       {"entropy_bits", static_cast<int>(format.entropy_bits)},
                                       {"unused_after", to_utc(started_at_ + format.unused_life)}});
  json::object body{{"consent_sha256", consent().sha256()}, {"leaf_index", proved_.index()},
                    {"tree_size", proved_.tree_size()}, {"started_at", to_utc(started_at_)},
                    {"window_end", to_utc(started_at_ + std::chrono::minutes(consent().grant().minutes))},
                    {"passwords", std::move(passwords)}};
  // Before the gateway hears that the session is open: what it sends next must find it so.
  if (consent().grant().record) PL_CO_CHECK(co_await start_recording());
  PL_CO_CHECK(co_await record("session_open", std::move(body)));
  opened_ = true;
  std::vector<ShownPassword> shown;
  for (const auto& op : consent().operators()) {
    if (op.mode != OperatorMode::connected) continue;
    PL_CO_TRY(password, new_password(op.login));
    shown.push_back(std::move(password));
  }
  after_event();
  net::co_spawn(parts_.io, run_clock(), net::detached);
  co_return shown;
}

// Asked for and not possible means: not opened, and not gone on with (A14, "full disk").
io::Awaitable<Result<>> Session::start_recording() {
  PL_CO_TRY(recording, parts_.recordings.begin(parts_.io.get_executor(), id(), recording_days));
  recording_ = std::move(recording);
  recording_->on_failed = [weak = weak_from_this()](Error error) {
    const auto self = weak.lock();
    if (!self || self->ending_) return;
    net::co_spawn(self->parts_.io, self->end(EndCause::error, "the recording that was asked for failed: " + error.what, "rule"), net::detached);
  };
  recording_sink_ = std::make_unique<RecordingSink>(*recording_);
  view_.set_sink(recording_sink_.get());
  auto body = recording_->started_body();
  co_return co_await record("recording", std::move(body));
}

io::Awaitable<void> Session::finish_recording() {
  if (!recording_) co_return;
  view_.set_sink(nullptr);
  const auto summary = co_await recording_->finish();
  auto body = summary.body();
  static_cast<void>(co_await record("recording", std::move(body)));
}

Result<ShownPassword> Session::new_password(const Login& login) {
  if (ending_) return fail(Errc::closed, "the session has ended");
  const auto* op = find_operator(login.text());
  if (!op) return fail(Errc::not_found, login.text() + " is not an operator of this session");
  PL_TRY(text, mint_.mint(login));
  record_soon("password", {{"login", login.text()}, {"what", "GENERATED"}});
  deadline_.cancel();
  return ShownPassword{login, op->name, std::move(text), parts_.clock.now() + format_of(parts_.profile).unused_life};
}

// ---- the clock ----------------------------------------------------------------------------------

Millis Session::next_look() const {
  Millis next = std::min(state_.next_change(), last_beat_ + heartbeat);
  if (const auto expiry = mint_.next_expiry()) next = std::min(next, *expiry);
  if (link_lost_at_) next = std::min(next, *link_lost_at_ + parts_.link_grace);
  for (const int minutes : {5, 1})
    if (warned_minutes_ > minutes) next = std::min(next, std::max(now(), state_.deadline() - std::chrono::minutes(minutes)));
  return next;
}

io::Awaitable<void> Session::run_clock() {
  auto self = shared_from_this();
  while (!ending_) {
    warn_if_due();
    co_await deadline_.reached(next_look());
    if (ending_) co_return;
    const Hold before = state_.hold();
    state_.tick(now());
    announce_hold(before, state_.hold(), "rule");
    for (const auto& login : mint_.expire_unused()) record_soon("password", {{"login", login.text()}, {"what", "EXPIRED"}});
    if (now() >= last_beat_ + heartbeat) {
      last_beat_ = now();
      static_cast<void>(parts_.store.seen_alive(id(), parts_.clock.now()));
    }
    if (link_lost_at_ && now() >= *link_lost_at_ + parts_.link_grace)
      co_return co_await end(EndCause::link_lost, "the link to the gateway was lost", "rule");
    if (const auto cause = state_.ended())
      co_return co_await end(*cause, *cause == EndCause::timeout ? "the time agreed to is over" : "the pair was not complete again in time", "rule");
    gates_.set(state_);
  }
}

void Session::warn_if_due() {
  const auto left = state_.deadline() - now();
  for (const int minutes : {1, 5}) {
    if (left > std::chrono::minutes(minutes) || warned_minutes_ <= minutes) continue;
    warned_minutes_ = minutes;
    // A session that is shorter than the warning is not warned at its first second.
    if (std::chrono::minutes(minutes_) > std::chrono::minutes(minutes))
      say(minutes == 1 ? "1 minute left." : std::to_string(minutes) + " minutes left.");
  }
}

void Session::after_event() {
  if (ending_) return;
  gates_.set(state_);
  deadline_.cancel();  // the clock looks again
  changed();
}

void Session::announce_hold(Hold before, Hold now_held, const std::string& by) {
  if (before == now_held || now_held == Hold::ended || !opened_) return;
  say(hold_sentence(now_held));
  const bool flows = now_held == Hold::none;
  record_soon("pause", {{"what", flows ? "RESUMED" : "PAUSED"}, {"why", hold_word(flows ? before : now_held)}, {"by", by}});
}

void Session::say(const std::string& line) {
  for (const auto& weak : endpoints_)
    if (auto endpoint = weak.lock()) endpoint->tell(line);
  view_.say("\r\n[pontlevis] " + line + "\r\n");
}

// ---- acts ---------------------------------------------------------------------------------------

void Session::pause(std::string by) {
  const Hold before = state_.hold();
  state_.pause(now());
  announce_hold(before, state_.hold(), by);
  after_event();
}

void Session::resume(std::string by) {
  const Hold before = state_.hold();
  state_.resume(now());
  announce_hold(before, state_.hold(), by);
  after_event();
}

Result<> Session::choose_typist(std::optional<Login> who, std::string by) {
  const auto* op = who ? find_operator(who->text()) : nullptr;
  if (who && (!op || only_looks_on(*who))) return fail(Errc::not_found, who->text() + " is not an operator of this session who acts");
  if (state_.typist() == who) return {};
  state_.choose_typist(who, now());
  say(op ? "The practice lets " + op->name + " alone act." : "Every operator may act again.");
  record_soon("typist", {{"login", who ? json::value(who->text()) : json::value(nullptr)}, {"by", by}});
  after_event();
  return {};
}

Result<> Session::hold_tool(const std::string& tool, bool held, std::string by) {
  if (!grants(tool)) return fail(Errc::not_found, "the consent does not name the tool " + printable(tool, 40));
  if (state_.held_tools().contains(tool) == held) return {};
  state_.hold_tool(tool, held, now());
  say("The practice has " + std::string(held ? "paused" : "resumed") + " the tool " + tool + ".");
  record_soon("pause", {{"what", held ? "PAUSED" : "RESUMED"}, {"why", "TOOL"}, {"tool", tool}, {"by", by}});
  after_event();
  return {};
}

void Session::extend(const ProvedConsent& more) {
  if (ending_) return;
  const int minutes = more.consent().grant().minutes;
  minutes_ += minutes;
  state_.extend(std::chrono::minutes(minutes), now());
  warned_minutes_ = 1000;
  say("The practice has added " + std::to_string(minutes) + " minutes.");
  after_event();
}

void Session::link_changed(bool up) {
  if (up) link_lost_at_.reset();
  else if (!link_lost_at_) link_lost_at_ = now();
  deadline_.cancel();
}

// ---- connections --------------------------------------------------------------------------------

const KnownOperator* Session::find_operator(std::string_view user) const {
  for (const auto& op : consent().operators())
    if (op.login.text() == user && op.mode == OperatorMode::connected) return &op;
  return nullptr;
}

bool Session::may_rejoin(const Login& who) const { return !ending_ && state_.may_rejoin(who, now()) && !mint_.blocked(who); }

PasswordMint::Verdict Session::try_password(const Login& who, const Secret& typed) {
  if (ending_) return PasswordMint::Verdict::blocked;
  const auto verdict = mint_.try_password(who, typed);
  using enum PasswordMint::Verdict;
  if (verdict == accepted) record_soon("password", {{"login", who.text()}, {"what", "USED"}});
  if (verdict == blocked) record_soon("password", {{"login", who.text()}, {"what", "BLOCKED"}});
  if (verdict != accepted)
    attempt(who, "one-time password", verdict == no_password ? "used, expired or never given" : verdict == wrong ? "wrong" : "three wrong tries");
  return verdict;
}

bool Session::join(const Login& who) {
  const Hold before = state_.hold();
  const bool joined = !ending_ && state_.join(who, now());
  if (joined) {
    ++connections_;
    announce_hold(before, state_.hold(), who.text());
    after_event();
  }
  return joined;
}

void Session::leave(const Login& who, SessionState::Leave how) {
  const Hold before = state_.hold();
  state_.leave(who, how, now());
  announce_hold(before, state_.hold(), who.text());
  after_event();
}

Result<std::shared_ptr<SharedTerminal>> Session::shared_terminal(const ShellRequest& asked, const Login& who) {
  if (auto running = terminal_.lock(); running && running->alive()) return running;
  const auto size = asked.pty.value_or(PtySize{});
  SharedTerminalParts parts{parts_.io.get_executor(), parts_.reaper, id().text(), *system_.shell, gate(std::nullopt, "shell"),
                            view_.open_stream("shell", who.text(), size.cols, size.rows),
                            [this](const Login& member) { return may_act(member); }};
  PL_TRY(started, SharedTerminal::start(std::move(parts), asked));
  terminal_ = started;
  return started;
}

bool Session::grants(std::string_view tool) const {
  const auto& tools = consent().grant().tools;
  return std::find(tools.begin(), tools.end(), tool) != tools.end();
}

bool Session::grants(AccessType type) const {
  const auto& types = consent().grant().access_types;
  return std::find(types.begin(), types.end(), type) != types.end();
}

void Session::serve(std::unique_ptr<io::ByteStream> relay) {
  if (ending_) return relay->close();
  if (endpoints_.size() >= most_connections) {
    attempt(std::nullopt, "connection", "too many at one time");
    return relay->close();
  }
  if (auto endpoint = Endpoint::start(shared_from_this(), std::move(relay))) endpoints_.push_back(endpoint);
}

void Session::forget(Endpoint* endpoint) {
  endpoints_.remove_if([&](const auto& weak) {
    const auto held = weak.lock();
    return !held || held.get() == endpoint;
  });
}

// ---- records ------------------------------------------------------------------------------------

void Session::note_activity(const std::string& type, const json::object& body) {
  json::object line{{"type", type}, {"at", to_utc(parts_.clock.now())}};
  for (const auto& member : body) line.emplace(member.key(), member.value());
  activity_.push_back(std::move(line));
  if (activity_.size() > 100) activity_.pop_front();
  changed();
}

io::Awaitable<Result<>> Session::record(std::string type, json::object body) {
  note_activity(type, body);
  PL_CO_CHECK(co_await parts_.journal.record(std::move(type), id(), std::move(body)));
  co_return Result<>{};
}

namespace {
io::Awaitable<void> record_or_end(std::shared_ptr<Session> session, std::string type, json::object body) {
  const auto recorded = co_await session->record(std::move(type), std::move(body));
  // What cannot be recorded must not go on (requirements §2, "full disk").
  if (!recorded && !session->ended())
    co_await session->end(EndCause::error, "the journal cannot be written: " + recorded.error().what, "rule");
}
}  // namespace

void Session::record_soon(std::string type, json::object body) {
  if (writing_end_) return;
  net::co_spawn(parts_.io, record_or_end(shared_from_this(), std::move(type), std::move(body)), net::detached);
}

void Session::attempt(std::optional<Login> who, std::string what, std::string why) {
  if (++attempts_ > attempts_recorded || ending_) return;
  json::value login = who ? json::value(who->text()) : json::value(nullptr);
  record_soon("attempt", {{"login", std::move(login)}, {"what", what}, {"why", why}});
}

// ---- the end ------------------------------------------------------------------------------------

io::Awaitable<void> Session::tear_down(std::string message) {
  const auto start = now();
  gates_.close();
  mint_.wipe_all();
  for (const auto& weak : endpoints_)
    if (auto endpoint = weak.lock()) endpoint->disconnect(message, farewell);
  reaped_ = co_await parts_.reaper.end_all(id().text());
  while (!endpoints_.empty() && now() < start + farewell) {
    net::steady_timer look_again(parts_.io, Millis(5));
    co_await look_again.async_wait(net::as_tuple(net::use_awaitable));
    endpoints_.remove_if([](const auto& weak) { return weak.expired(); });
  }
  for (const auto& weak : endpoints_)
    if (auto endpoint = weak.lock()) endpoint->cut();
  cut_ = now() - start;
}

io::Awaitable<void> Session::end(EndCause cause, std::string detail, std::string by) {
  auto self = shared_from_this();
  if (ending_) {
    while (!end_recorded_) co_await end_waiters_.async_wait(net::as_tuple(net::use_awaitable));
    co_return;
  }
  ending_ = true;
  state_.end(cause, now());
  lasted_ = now() - opened_at_;
  ended_at_ = parts_.clock.now();
  deadline_.cancel();
  view_.say("\r\n[pontlevis] The session has ended: " + detail + "\r\n");
  co_await tear_down("The session has ended: " + detail + ".");
  view_.end(word(cause));
  co_await finish_recording();
  if (cause == EndCause::withdrawn) static_cast<void>(co_await record("withdrawal", {{"by", by}}));
  json::object body = end_body(cause, detail);
  writing_end_ = true;
  const auto recorded = co_await record("session_end", std::move(body));
  if (!recorded) io::event(io::Level::error, "session.end_not_recorded", {{"intervention", id().text()}});
  end_recorded_ = true;
  end_waiters_.cancel();
  if (on_ended) on_ended();
}

json::object Session::end_body(EndCause cause, const std::string& detail) const {
  const auto seconds = [](Millis t) { return std::chrono::round<std::chrono::seconds>(t).count(); };
  return {{"cause", word(cause)},
          {"detail", detail},
          {"opened", opened_},
          {"started_at", opened_ ? json::value(to_utc(started_at_)) : json::value(nullptr)},
          {"ended_at", to_utc(ended_at_)},
          {"duration_seconds", opened_ ? seconds(lasted_) : 0},
          {"active_seconds", seconds(state_.active())},
          {"cut_ms", cut_.count()},
          {"processes_ended", counted(reaped_.ended)},
          {"processes_left", counted(reaped_.survivors)},
          {"connections", connections_},
          {"bytes_in", bytes_in_},
          {"bytes_out", bytes_out_}};
}

json::object Session::details() const {
  json::array streams, forwards, activity;
  for (const auto& s : view_.streams())
    streams.push_back(json::object{{"stream", s.number}, {"kind", s.kind}, {"login", s.login}, {"cols", s.cols}, {"rows", s.rows}, {"open", s.open}});
  for (const auto* forward : forwards_) forwards.push_back(forward->view());
  for (const auto& line : activity_) activity.push_back(line);
  return {{"streams", std::move(streams)}, {"forwards", std::move(forwards)}, {"activity", std::move(activity)}};
}

LiveForward::LiveForward(std::shared_ptr<Session> session, std::string tool, std::string target, Login login, const TcpStream& machine)
    : session_(std::move(session)), tool_(std::move(tool)), target_(std::move(target)), login_(std::move(login)), machine_(machine) {
  session_->show(this);
}
LiveForward::~LiveForward() { session_->forget(this); }

json::object LiveForward::view() const {
  return {{"tool", tool_}, {"target", target_}, {"login", login_.text()}, {"bytes_in", machine_.bytes_in()}, {"bytes_out", machine_.bytes_out()}};
}

json::object Session::status() const {
  json::array connected;
  for (const auto& who : state_.connected()) connected.emplace_back(who.text());
  const auto left = std::max(Millis(0), state_.deadline() - now());
  auto in = bytes_in_, out = bytes_out_;
  for (const auto& weak : endpoints_)
    if (const auto endpoint = weak.lock()) {
      const auto [more_in, more_out] = endpoint->traffic();
      in += more_in, out += more_out;
    }
  return {{"started_at", to_utc(started_at_)},
          {"seconds_left", std::chrono::ceil<std::chrono::seconds>(left).count()},
          {"hold", hold_word(state_.hold())},
          {"typist", state_.typist() ? json::value(state_.typist()->text()) : json::value(nullptr)},
          {"paused_tools", texts_json(std::vector(state_.held_tools().begin(), state_.held_tools().end()))},
          {"connected", std::move(connected)},
          {"bytes_in", in},
          {"bytes_out", out},
          {"attempts", attempts_}};
}

}  // namespace pontlevis::agent
