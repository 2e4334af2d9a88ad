#include "gateway/registers/common/acts.hpp"

#include <algorithm>

#include "gateway/nir.hpp"

namespace pontlevis::gateway {
namespace {

bool holds_nir_in(const json::value& value) {
  if (value.is_string()) return holds_nir(value.get_string());
  if (value.is_array()) return std::any_of(value.get_array().begin(), value.get_array().end(), holds_nir_in);
  if (!value.is_object()) return false;
  return std::any_of(value.get_object().begin(), value.get_object().end(), [](const auto& member) { return holds_nir_in(member.value()); });
}

}  // namespace

Result<> names_no_patient(const json::object& words) {
  for (const auto& member : words)
    if (holds_nir_in(member.value()))
      return fail(Errc::bad_input, "holds a social-security number: no register keeps one", "field '" + std::string(member.key()) + "'", "write it without the number");
  return {};
}

}  // namespace pontlevis::gateway
