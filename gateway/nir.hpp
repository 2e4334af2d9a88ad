// Finds a French social-security number (NIR) in free text: 13 characters and a key modulo 97, with or without
// spaces, dots or dashes, Corsica (2A, 2B) included. Such a number names a patient and has no place in a
// request or a report (requirements B33, T12). Pure.
#pragma once

#include <string_view>

namespace pontlevis::gateway {

bool holds_nir(std::string_view text) noexcept;

}  // namespace pontlevis::gateway
