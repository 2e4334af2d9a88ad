// One card that is right in every field, for tests that break one.
#pragma once

#include <gtest/gtest.h>

#include "certs/staff_card.hpp"
#include "protocol/io/system.hpp"
#include "protocol/statement.hpp"
#include "protocol/text.hpp"

namespace pontlevis::certs {

inline constexpr std::string_view sample_ed25519 =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

inline NoteSigner sample_staff(char fill = 's') {
  auto key = Ed25519Key::from_seed(Secret(std::string(32, fill))).value();
  return NoteSigner("staff.vendor.example", NoteKeyType::ed25519, std::move(key));
}

inline Time at(std::string_view utc) { return from_utc(utc).value(); }

inline CardFields sample_card() {
  return {CardId::parse("6f1c2b7e-0d2a-4f5b-8c3d-1e2f3a4b5c6d").value(),
          Login::parse("alice").value(),
          "Alice Martin",
          "Éditeur Exemple",
          std::nullopt,
          "FR",
          "Technicienne N2",
          {"CONF-2026-001", from_date("2026-01-10").value()},
          {"LIM-2026-001", from_date("2026-01-10").value()},
          {std::string(sample_ed25519)},
          at("2026-02-01T08:00:00.000Z"),
          at("2027-02-01T08:00:00.000Z")};
}

inline const Time sample_now = at("2026-06-01T12:00:00.000Z");

}  // namespace pontlevis::certs
