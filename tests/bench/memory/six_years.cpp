// Six years of a vendor of two thousand practices, day by day with a moved clock, through the gateway's own code:
//   interventions   every one through the store and the index (Interventions::add and save); of these, some a day through
//                   the desk with a practice that signs, so that the log holds their whole lives
//   retention       the daily purge of gateway/retention/ each day; the annual reviews open by themselves, somebody signs
//                   them after a month, and one in three is forgotten until it is said to be late
//   at the end      the verifier over the whole log, the index read anew, and random filters through the list's handler
// Prints a table, and with --json FILE the figures. Exit 1: the verifier, a purge or the bar (p99 < 50 ms) failed.
// The log is on the disk as it is; the store's own fsync is off, because it is not what is measured here.
#include <sys/resource.h>

#include <fstream>
#include <iostream>
#include <random>

#include "audit/verify.hpp"
#include "gateway/records.hpp"
#include "gateway/retention/retention.hpp"
#include "gateway/review/review.hpp"
#include "gateway/review/index_keeper.hpp"
#include "gateway/store.hpp"
#include "protocol/io/events/events.hpp"
#include "tests/unit/gateway/gateway_fixture.hpp"

namespace pontlevis::gateway {
namespace {

struct Plan {
  int interventions = 1'000'000, logged = 20'000, practices = 2'000, days = 6 * 365, filters = 100;
  double bar_ms = 50;
  std::string json_file;
};

using Watch = std::chrono::steady_clock;
double since(Watch::time_point start) { return std::chrono::duration<double>(Watch::now() - start).count(); }

struct Figures {
  double made_seconds = 0, desk_seconds = 0, purge_seconds = 0, longest_purge = 0, verify_seconds = 0, read_seconds = 0;
  int purges = 0, late_days = 0, reviews_signed = 0, reviews_forgotten = 0, said_late = 0;
  std::vector<double> recorded_ms, again_ms;  // a filter asked the first time (with its record), and its next page
};

double percentile(std::vector<double> values, double part) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<std::size_t>(part * static_cast<double>(values.size())))];
}

class SixYears final : public GatewayTest {
 public:
  explicit SixYears(Plan plan) : plan_(std::move(plan)) {}
  void TestBody() override {}
  int walk();

 private:
  void begin();
  void make_practices();
  void renew_papers();
  void day(int number);
  void make_row(const PracticeId& where);
  void make_life();
  void purge();
  void annual_review();
  int years_touched() const;
  bool ask_questions();
  std::string question();
  bool report(const audit::VerifyReport& verified);
  int pick(int below) { return std::uniform_int_distribution(0, below - 1)(chance_); }
  template <class T>
  const T& any(const std::vector<T>& list) { return list[static_cast<std::size_t>(pick(static_cast<int>(list.size())))]; }

  Plan plan_;
  Figures figures_;
  std::mt19937 chance_{2026};
  std::vector<PracticeId> practices_;
  std::vector<std::string> people_;
  std::vector<RequestedOperator> operators_;
  std::unique_ptr<Retention> retention_;
  std::unique_ptr<Review> review_;
  ApiRoutes routes_;
  int made_ = 0, lived_ = 0;
  std::int64_t first_day_ = 0;
};

// ---- the vendor ----

void SixYears::begin() {
  GatewayTest::SetUp();
  static_cast<void>(core->store->script("PRAGMA synchronous=OFF"));
  clock.advance(std::chrono::hours(20));
  first_day_ = stored(clock.now());
  for (int i = 0; i < 60; ++i) people_.push_back("tech-" + std::to_string(i));
  renew_papers();
  make_practices();
  retention_ = std::make_unique<Retention>(*core);
  review_ = std::make_unique<Review>(*core);
  if (!retention_->open() || !review_->open() || !review_->read_now()) throw std::runtime_error("the memory did not open");
  core->signals.clock.listen([this](const ClockNotice& notice) { figures_.said_late += notice.kind == "annual_review" && notice.late; });
  routes_ = review_->routes();
}

void SixYears::make_practices() {
  if (!core->practices.set_contract(practice, {"C-2026-7", clock.now() - std::chrono::days(10), clock.now() + std::chrono::days(4000)})) throw std::runtime_error("contract");
  for (int i = 0; i < plan_.practices; ++i) {
    auto id = *PracticeId::parse("cabinet-" + std::to_string(i));
    Practice p{id, "Cabinet Exemple " + std::to_string(i), {"C-" + std::to_string(i), clock.now() - std::chrono::days(1), clock.now() + std::chrono::days(4000)}, "LOCAL", {}, {}, {}};
    if (!core->practices.add(std::move(p))) throw std::runtime_error("practice");
    practices_.push_back(std::move(id));
  }
}

// Cards end within a year: the vendor's offline key gives new ones.
void SixYears::renew_papers() {
  for (auto name : {"alice", "bob", "carol"}) add_technician(name);
  operators_.clear();
  for (const auto& name : people_) operators_.push_back({login(name), OperatorRole::lead, OperatorMode::connected, issue(card_fields(name))});
}

// ---- interventions ----

// One that goes through the store and the index alone.
void SixYears::make_row(const PracticeId& where) {
  auto op = any(operators_);
  const auto id = *InterventionId::parse(make_uuid(random));
  const std::vector<std::string> tools{"shell", "files", "desktop", "tcp:imprimante"};
  AccessRequest r{id, where, any(std::vector{*SystemId::parse("dossier"), *SystemId::parse("agenda"), *SystemId::parse("serveur"), *SystemId::parse("imagerie")}), {any(tools)},
                  {AccessType::view, AccessType::control}, {"données affichées"}, pick(3) ? Purpose::support : Purpose::maintenance, "L'imprimante ne répond plus",
                  "Relire la file d'impression", "T-" + std::to_string(100000 + made_), 30, static_cast<Criticality>(pick(10) ? 0 : 1 + pick(2)), Difficulty::single,
                  pick(40) ? std::nullopt : std::optional<std::string>("plus rien ne marche au cabinet"), "C-1", "Éditeur Exemple", {op}, clock.now(), clock.now() + std::chrono::minutes(30)};
  auto added = core->interventions.add(Intervention(std::move(r)));
  if (!added) throw std::runtime_error(added.error().text());
  auto& iv = **added;
  iv.phase = Phase::closed;
  if (pick(7) == 0) {
    iv.state = pick(2) ? State::refused : State::expired;
  } else {
    const auto start = clock.now() + std::chrono::minutes(2), end = start + std::chrono::seconds(60 + pick(3000));
    iv.consent = json::object{{"watch", pick(5) ? "WATCHED" : "NOT_WATCHED"}, {"tools", texts_json(iv.request.tools)}};
    iv.session_open = json::object{{"started_at", to_utc(start)}};
    iv.session_end = json::object{{"cause", std::string(word(static_cast<EndCause>(pick(5))))}, {"active_seconds", (end - start).count() / 1000}, {"ended_at", to_utc(end)}};
    iv.report = Report{id, op.login, "File d'impression vidée, service relancé.", static_cast<Outcome>(pick(3)), Cleanup::done, {},
                       pick(200) ? std::nullopt : std::optional<std::string>("personne n'était là"), end};
    iv.report_received = true;
    iv.state = State::closed;
  }
  const auto done = iv;
  if (auto kept = core->interventions.save(done); !kept) throw std::runtime_error(kept.error().text());
  if (++made_ % 500 == 0) core->interventions.forget_done();
}

// One that is lived: the desk asks, the practice signs, the log holds it all, with an address to be forgotten.
void SixYears::make_life() {
  const auto id = ask();
  core->append_and_go_on(security_record("sign_in", "console", "alice", "192.0.2." + std::to_string(pick(250)), "", std::nullopt, std::nullopt));
  ++lived_, ++made_;
  if (pick(8) == 0) {
    static_cast<void>(state_fact(FrameKind::refusal, id, sign("refusal", body(id, {{"request_sha256", request_sha256(core->interventions.live(id)->request)}, {"why", ""},
        {"approver", json::object{{"login", "docteur"}, {"name", "Docteur Exemple"}, {"role", "OWNER"}, {"auth", "password"}}}}))));
    return;
  }
  const bool went = consent(id) && open_session(id);
  clock.advance(std::chrono::minutes(10));
  if (!went || !end_session(id) || !run(desk->report(report_of(id))) ||
      !state_fact(FrameKind::report_received, id, sign("report_received", body(id, {{"report_sha256", std::string(64, 'c')}}))))
    throw std::runtime_error("a life did not go its way");
}

// ---- days ----

void SixYears::purge() {
  const auto start = Watch::now();
  // What yesterday's round still had to write comes first: the house is kept again until the day's purge has run.
  const auto busy = [&] { return retention_->purge().due() || retention_->purge().running(); };
  for (const auto end = start + std::chrono::minutes(5); busy();) {
    if (Watch::now() > end) throw std::runtime_error("a purge did not end in five minutes");
    run([](Retention& r) -> Awaitable<bool> { co_await r.keep_house(); co_return true; }(*retention_));
    loop.restart();
    loop.run_for(std::chrono::milliseconds(2));
  }
  const auto seconds = since(start);
  figures_.purge_seconds += seconds;
  figures_.longest_purge = std::max(figures_.longest_purge, seconds);
  ++figures_.purges;
  const auto oldest = from_date(retention_->purge().oldest_ip());
  if (retention_->purge().late() || (oldest && *oldest + std::chrono::days(1) < clock.now())) ++figures_.late_days;
}

void SixYears::annual_review() {
  auto& reviews = retention_->reviews();
  const auto all = reviews.all();
  if (!all || all->empty() || all->front().signed_at) return;
  const auto& newest = all->front();
  const bool forgotten = newest.year % 3 == 0;
  if (clock.now() < newest.opened_at + std::chrono::days(forgotten ? 62 : 30)) return;
  json::object decisions;
  for (const auto& one : newest.classes) decisions[one.at("id").as_string()] = "KEEP";
  if (!run(reviews.decide(newest.year, std::move(decisions), "conformite")) || !run(reviews.sign(newest.year, "conformite"))) throw std::runtime_error("an annual review was not signed");
  ++figures_.reviews_signed;
  figures_.reviews_forgotten += forgotten;
}

int SixYears::years_touched() const {
  const auto year = [](Time t) { return static_cast<int>(std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(t)).year()); };
  return year(clock.now() - std::chrono::days(1)) - year(read_time(first_day_)) + 1;
}

void SixYears::day(int number) {
  const auto share = [&](int all) { return static_cast<int>((std::int64_t{all} * (number + 1)) / plan_.days - (std::int64_t{all} * number) / plan_.days); };
  const auto morning = clock.now();
  auto start = Watch::now();
  for (int i = share(plan_.logged); i > 0; --i) make_life();
  figures_.desk_seconds += since(start);
  start = Watch::now();
  const int rows = share(plan_.interventions - plan_.logged);
  for (int i = 0; i < rows; ++i) {
    make_row(any(practices_));
    clock.advance(std::chrono::milliseconds(8 * 3'600'000 / (rows + 1)));
  }
  figures_.made_seconds += since(start);
  if (number % 250 == 249) renew_papers();
  purge();
  annual_review();
  if (const auto next = morning + std::chrono::days(1); clock.now() < next) clock.advance(next - clock.now());
}

// ---- questions ----

std::string SixYears::question() {
  std::vector<std::string> parts;
  const auto day_at = [&](int n) { return to_date(read_time(first_day_) + std::chrono::days(n)); };
  const int kind = pick(12);
  if (kind < 3 || pick(3) == 0) parts.push_back("practice=" + any(practices_).text());
  if (kind == 3 || pick(4) == 0) parts.push_back("person=" + any(people_));
  if (kind == 4 || pick(4) == 0) parts.push_back("system=" + any(std::vector<std::string>{"dossier", "agenda", "serveur"}));
  if (kind == 5 || pick(5) == 0) parts.push_back("tool=" + any(std::vector<std::string>{"shell", "files", "desktop"}));
  if (kind == 6 || pick(5) == 0) parts.push_back("state=" + any(std::vector<std::string>{"CLOSED", "REFUSED", "EXPIRED"}));
  if (kind == 7 || pick(6) == 0) parts.push_back("outcome=" + any(std::vector<std::string>{"SOLVED", "NOT_SOLVED", "NONE"}));
  if (kind == 8 || pick(3) == 0) {
    const int from = pick(plan_.days);
    parts.push_back("from=" + day_at(from)), parts.push_back("until=" + day_at(from + pick(400)));
  }
  if (kind == 9 || pick(8) == 0) parts.push_back("text=T-" + std::to_string(1 + pick(20)));
  if (pick(10) == 0) parts.push_back("not_watched=true");
  if (pick(10) == 0) parts.push_back("emergency=true");
  if (pick(12) == 0) parts.push_back("nonconformity=ANY");
  if (pick(8) == 0) parts.push_back("mark=UNSEEN");
  std::string out = "limit=50";
  for (const auto& part : parts) out += "&" + part;
  return out;
}

bool SixYears::ask_questions() {
  const auto list = std::find_if(routes_.begin(), routes_.end(), [](const ApiRoute& r) { return r.method == "GET" && r.path == "/api/v1/review/interventions"; });
  const auto timed = [&](const std::string& query, std::vector<double>& into) {
    io::HttpRequest request;
    request.method = "GET", request.path = list->path, request.query = query;
    request.headers = {{"pontlevis-purpose", "CONTROL"}};
    const auto start = Watch::now();
    const auto answer = run(list->handler({std::move(request), {login("conformite"), "Conformité Exemple", Role::compliance}, {}}));
    into.push_back(since(start) * 1000);
    if (answer.status != 200) throw std::runtime_error(answer.body);
    return json::parse(answer.body).as_object();
  };
  std::uint64_t rows = 0;
  for (int i = 0; i < plan_.filters; ++i) {
    const auto query = question();
    auto page = timed(query, figures_.recorded_ms);
    rows += page.at("items").as_array().size();
    for (int next = 0; next < 3; ++next) {
      const auto cursor = page.at("next").is_null() ? std::string() : "&cursor=" + text_of(page, "next");
      page = timed(query + cursor, figures_.again_ms);
    }
  }
  return rows > 0;
}

// ---- the end ----

double resident_mib() {
  std::ifstream in("/proc/self/statm");
  std::uint64_t all = 0, here = 0;
  in >> all >> here;
  return static_cast<double>(here) * 4096 / (1 << 20);
}

bool SixYears::report(const audit::VerifyReport& v) {
  const auto all_first = percentile(figures_.recorded_ms, 0.99), all_again = percentile(figures_.again_ms, 0.99);
  const auto reviews = retention_->reviews().all();
  const int opened = reviews ? static_cast<int>(reviews->size()) : 0;
  const bool reviewed = opened == years_touched() && (figures_.said_late > 0) == (figures_.reviews_forgotten > 0);
  const bool fast = all_again < plan_.bar_ms, good = v.verified() && figures_.late_days == 0 && reviewed && fast;
  const json::object out{{"interventions", made_}, {"lived_through_the_desk", lived_}, {"practices", plan_.practices}, {"days", plan_.days},
                         {"log_records", core->log->size()}, {"closed_fields", v.closed_fields}, {"destructions", v.destructions},
                         {"rows_per_second", static_cast<double>(made_ - lived_) / std::max(figures_.made_seconds, 1e-9)},
                         {"lives_per_second", static_cast<double>(lived_) / std::max(figures_.desk_seconds, 1e-9)},
                         {"purges", figures_.purges}, {"purge_mean_ms", figures_.purge_seconds * 1000 / std::max(1, figures_.purges)}, {"purge_longest_ms", figures_.longest_purge * 1000},
                         {"days_late", figures_.late_days}, {"annual_reviews", opened}, {"years_touched", years_touched()}, {"reviews_signed", figures_.reviews_signed}, {"days_a_review_was_late", figures_.said_late},
                         {"verify_seconds", figures_.verify_seconds}, {"verified", v.verified()}, {"index_read_seconds", figures_.read_seconds},
                         {"resident_mib", resident_mib()}, {"filters", plan_.filters},
                         {"list_p50_ms", percentile(figures_.again_ms, 0.5)}, {"list_p99_ms", all_again}, {"list_recorded_p50_ms", percentile(figures_.recorded_ms, 0.5)},
                         {"list_recorded_p99_ms", all_first}, {"bar_ms", plan_.bar_ms}, {"good", good}};
  for (const auto& member : out) {
    std::string name(member.key());
    name.resize(26, ' ');
    std::cout << name << json::serialize(member.value()) << "\n";
  }
  if (!v.verified()) std::cout << v.to_text();
  if (!plan_.json_file.empty()) std::ofstream(plan_.json_file) << json::serialize(out) << "\n";
  return good;
}

int SixYears::walk() {
  begin();
  for (int number = 0; number < plan_.days; ++number) {
    day(number);
    if (number % 365 == 364) std::cout << "year " << number / 365 + 1 << ": " << made_ << " interventions, " << core->log->size() << " records" << std::endl;
  }
  core->interventions.forget_done();
  auto start = Watch::now();
  const auto reader = open_store_reader(core->folder.store());
  const auto index = reader ? read_index(const_cast<sqlite::Database&>(*reader)) : std::unexpected(reader.error());
  figures_.read_seconds = since(start);
  if (!index || (*index)->size() != static_cast<std::size_t>(made_)) throw std::runtime_error("the index that was read anew is not whole");
  const bool found = ask_questions();
  start = Watch::now();
  const auto verified = audit::verify_folder(folder.root, {.now = clock.now()});
  figures_.verify_seconds = since(start);
  if (!verified) throw std::runtime_error(verified.error().text());
  const bool good = report(*verified) && found && !testing::Test::HasFailure();
  routes_.clear(), review_.reset(), retention_.reset();
  GatewayTest::TearDown();
  return good ? 0 : 1;
}

}  // namespace
}  // namespace pontlevis::gateway

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  pontlevis::io::start_events("warn");
  pontlevis::gateway::Plan plan;
  const std::map<std::string, int*> numbers{{"--interventions", &plan.interventions}, {"--logged", &plan.logged}, {"--practices", &plan.practices}, {"--days", &plan.days}, {"--filters", &plan.filters}};
  for (int i = 1; i + 1 < argc; i += 2) {
    const auto at = numbers.find(argv[i]);
    if (at != numbers.end()) *at->second = std::stoi(argv[i + 1]);
    else if (std::string(argv[i]) == "--bar") plan.bar_ms = std::stod(argv[i + 1]);
    else if (std::string(argv[i]) == "--json") plan.json_file = argv[i + 1];
    else return std::cerr << "six_years: what is " << argv[i] << "?\n", 2;
  }
  try {
    return pontlevis::gateway::SixYears(plan).walk();
  } catch (const std::exception& e) {
    std::cerr << "six_years: " << e.what() << "\n";
    return 2;
  }
}
