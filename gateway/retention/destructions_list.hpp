// What a restore must destroy again: the open fields of destruction records, without the two that name a person. The list
// holds no personal datum, so it may lie beside the backups in the clear and be kept anywhere (requirements A12).
//   {"format":"pontlevis-destructions-1","origin":…,"log_size":N,"destructions":[{…},…]}
// The decoder is strict and bounded: the file comes from outside. Reading a log blocks; any thread.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "audit/log.hpp"

namespace pontlevis::gateway {

boost::json::object destructions_json(const audit::Log& log, std::vector<boost::json::object> destructions);
Result<boost::json::object> list_destructions(const audit::Log& log);

struct DestructionsList {
  std::string origin;
  std::uint64_t log_size{};
  std::vector<boost::json::object> destructions;  // each as audit::read_claim() accepts it
};
constexpr std::size_t max_destructions_bytes = 64u << 20;
Result<DestructionsList> read_destructions(std::string_view text, const std::string& where);

}  // namespace pontlevis::gateway
