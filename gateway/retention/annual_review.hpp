// Once a year the vendor looks at what it keeps (requirements B19): a campaign opens by itself, counts and ages by class,
// a person decides for each class whether it is kept for its term or deleted now, and signs. The report is a text whose
// hash the record names. A year that nobody signs is said, again and again. Owned by Retention; the loop's thread.
#pragma once

#include "gateway/retention/daily_purge.hpp"

namespace pontlevis::gateway {

struct ReviewYear {
  int year = 0;
  Time opened_at{}, due{};
  json::array classes;  // [{"id","open","oldest","due","decision"}]
  std::string signed_by, report, report_sha256;
  std::optional<Time> signed_at;
};

class AnnualReviews {
 public:
  explicit AnnualReviews(RetentionParts parts) : p_(parts) {}
  Result<> make_table();

  // Opens the year's campaign, says what is late. After a run of the purge, whose counts it takes.
  Awaitable<Result<>> look();
  Result<std::vector<ReviewYear>> all() const;  // newest first
  Result<ReviewYear> find(int year) const;      // Errc::not_found
  // {"<class id>": "KEEP" or "DELETE", …}; classes that are not named stay undecided.
  Awaitable<Result<ReviewYear>> decide(int year, json::object decisions, std::string by);
  // What is to be deleted is destroyed now. Errc::conflict: a class is undecided, a hold stands, or it is signed already.
  Awaitable<Result<ReviewYear>> sign(int year, std::string by);

 private:
  Result<> keep(const ReviewYear& review);
  Awaitable<Result<>> record(ReviewYear review, std::string event, std::string by);
  Awaitable<Result<>> open_year(int year);
  Awaitable<Result<>> destroy_classes(ReviewYear review, std::string by);
  void say_clock(const ReviewYear& review);

  RetentionParts p_;
  std::string told_;
};

json::object review_json(const ReviewYear& review, Time now);

}  // namespace pontlevis::gateway
