// One change of a case at a time, however many tabs are open: what was read stays true until it is written.
#pragma once

#include <set>
#include <string>

#include "protocol/result.hpp"

namespace pontlevis::gateway {

class InHand {
 public:
  InHand(std::set<std::string>& all, std::string id) : all_(all), id_(std::move(id)), mine_(all_.insert(id_).second) {}
  ~InHand() {
    if (mine_) all_.erase(id_);
  }
  InHand(InHand&&) = delete;
  Result<> check() const {
    if (mine_) return {};
    return fail(Errc::conflict, "is being changed by someone else", id_, "read it again, then try again");
  }

 private:
  std::set<std::string>& all_;
  std::string id_;
  bool mine_;
};

}  // namespace pontlevis::gateway
