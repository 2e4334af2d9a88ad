#include "gateway/review/review.hpp"

#include "gateway/hub.hpp"
#include "gateway/review/due.hpp"
#include "gateway/review/exports.hpp"
#include "gateway/review/marks.hpp"
#include "gateway/review/review_list.hpp"
#include "gateway/review/review_one.hpp"
#include "gateway/review/searches.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {

// In the order in which they need each other.
struct Review::Parts {
  explicit Parts(Core& core)
      : keeper(core), views(core), certificates(core), list(core, keeper, views), one(core, keeper, views, certificates), marks(core, keeper),
        searches(core), due(core), exports(core, keeper) {}
  IndexKeeper keeper;
  Views views;
  CertificateRows certificates;
  ReviewList list;
  ReviewOne one;
  ReviewMarks marks;
  ReviewSearches searches;
  DueDesk due;
  ReviewExports exports;
  std::string day;  // of the last daily round
};

Review::Review(Core& core) : core_(core), parts_(std::make_unique<Parts>(core)) {}
Review::~Review() = default;

Result<> Review::open() {
  PL_CHECK(parts_->due.open());
  PL_CHECK(parts_->marks.open());
  PL_CHECK(parts_->searches.open());
  PL_CHECK(parts_->exports.open());
  parts_->keeper.listen();
  return {};
}

namespace {

Awaitable<void> read_all(IndexKeeper& keeper) { co_await keeper.load(); }

}  // namespace

Result<> Review::start(Hub& hub) {
  parts_->one.use(hub);
  boost::asio::co_spawn(boost::asio::any_io_executor(hub.executor()), read_all(parts_->keeper), boost::asio::detached);
  return {};
}

Result<> Review::read_now() { return parts_->keeper.load_now(); }

void Review::once_a_day() {
  parts_->marks.tell_clocks();
  parts_->due.forget_stale();
  parts_->searches.forget_those_who_left();
}

Awaitable<void> Review::keep_house() {
  parts_->exports.drop_expired();
  const auto today = to_date(core_.clock.now());
  if (today != parts_->day) once_a_day();
  parts_->day = today;
  co_return;
}

ApiRoutes Review::routes() {
  ApiRoutes out;
  const auto add = [&out](ApiRoutes more) { out.insert(out.end(), more.begin(), more.end()); };
  add(parts_->list.routes()), add(parts_->one.routes()), add(parts_->marks.routes()), add(parts_->searches.routes());
  add(parts_->exports.routes()), add(parts_->due.routes());
  return out;
}

VerbTable Review::verbs() {
  const auto to = verbs_of(this);
  return {{"review rebuild", to(&Review::rebuild)}};
}

void Review::stop() { parts_->exports.stop(); }

// A few hundred rows at a time, so that the loop goes on between them; then the index is read again.
Awaitable<Result<boost::json::object>> Review::rebuild(boost::json::object request) {
  StrictObject in(request, "review rebuild");
  static_cast<void>(in.text("verb", 1, 40));
  PL_CO_CHECK(in.finish());
  constexpr std::size_t at_once = 200;
  for (std::optional<std::int64_t> after = 0; after;) {
    auto next = core_.interventions.rebuild_rows(*after, at_once);
    if (!next) co_return std::unexpected(core_.store_refused(next.error()));
    after = *next;
    co_await boost::asio::post(boost::asio::use_awaitable);
  }
  co_await parts_->keeper.load();
  const auto index = parts_->keeper.ready();
  if (!index) co_return std::unexpected(index.error());
  co_return boost::json::object{{"interventions", (*index)->size()}};
}

}  // namespace pontlevis::gateway
