// Searches that a reader keeps: their own, until they or their account go. The loop's thread.
#pragma once

#include "gateway/api/api_call.hpp"

namespace pontlevis::gateway {

class ReviewSearches {
 public:
  explicit ReviewSearches(Core& core) : core_(core) {}
  Result<> open();
  ApiRoutes routes();
  void forget_those_who_left();

  static constexpr int most_of_one_person = 100;

 private:
  ApiAnswer list(ApiCall call);
  ApiAnswer add(ApiCall call);
  ApiAnswer remove(ApiCall call);
  Core& core_;
};

}  // namespace pontlevis::gateway
