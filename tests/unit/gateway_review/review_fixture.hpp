// The review's routes behind the guard, over interventions that went their whole way. Everything is sample data.
#pragma once

#include "gateway/review/review.hpp"
#include "tests/unit/gateway/people_fixture.hpp"

namespace pontlevis::gateway {

class ReviewTest : public PeopleTest {
 protected:
  void add_test_routes() override {
    review = std::make_unique<Review>(*core);
    ASSERT_TRUE(review->open());
    ASSERT_TRUE(review->read_now());
    for (auto& route : review->routes()) routes.push_back(std::move(route));
  }
  void TearDown() override {
    stop_door();
    review.reset();
    PeopleTest::TearDown();
  }

  // One intervention from request to report, as the fixture's practice and technician go it.
  InterventionId whole() {
    const auto id = ask_for(asked());
    walk(id);
    return id;
  }
  InterventionId ask_for(Asked wanted) {
    auto answer = run(desk->ask(std::move(wanted)));
    if (!answer) throw std::runtime_error("the sample request was refused");
    return *answer;
  }
  void walk(const InterventionId& id) {
    ASSERT_TRUE(consent(id));
    ASSERT_TRUE(open_session(id));
    clock.advance(std::chrono::minutes(10));
    ASSERT_TRUE(end_session(id));
    ASSERT_TRUE(run(desk->report(report_of(id))));
    ASSERT_TRUE(state_fact(FrameKind::report_received, id, sign("report_received", body(id, {{"report_sha256", std::string(64, 'c')}}))));
  }

  io::HttpResponse read(std::string path, const std::string& cookie, std::string purpose = "CONTROL") {
    io::HttpHeaders more;
    if (!purpose.empty()) more.emplace_back("pontlevis-purpose", std::move(purpose));
    return ask({"GET", std::move(path), {}, std::move(more), cookie});
  }
  json::object found(const std::string& query, const std::string& cookie) {
    const auto answer = read("/api/v1/review/interventions" + query, cookie);
    EXPECT_EQ(answer.status, 200u) << answer.body;
    return body_of(answer);
  }
  static std::vector<std::string> ids(const json::object& page) {
    std::vector<std::string> out;
    for (const auto& item : page.at("items").as_array()) out.push_back(text_of(item.as_object(), "id"));
    return out;
  }
  std::size_t count_records(std::string_view type) {
    std::size_t out = 0;
    for (std::uint64_t i = 0; i < core->log->size(); ++i)
      if (const auto record = core->log->record(i)) out += record->type() == type;
    return out;
  }

  std::unique_ptr<Review> review;
};

}  // namespace pontlevis::gateway
