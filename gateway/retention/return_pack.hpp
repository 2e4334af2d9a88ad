// What a practice gets back at the end of its contract, in forms that others can read (requirements A17): the proof
// bundle of its records (pontlevis-audit verify accepts it), the same as JSON lines, and its interventions as CSV, in one ZIP.
// Blocks for the disk: the worker's thread.
#pragma once

#include <filesystem>
#include <string>

#include "protocol/ids.hpp"
#include "protocol/result.hpp"

namespace pontlevis::gateway {

struct ReturnPack {
  std::string sha256;
  std::uint64_t bytes{}, records{};
};
// `data` is the gateway's folder, `work` an empty private one that is removed again, `to` the archive.
Result<ReturnPack> make_return_pack(const std::filesystem::path& data, const PracticeId& practice, const std::filesystem::path& work,
                                    const std::filesystem::path& to);

// One field of RFC 4180, in quotes where it needs them; a text that a spreadsheet would run as a formula begins with '.
std::string return_cell(std::string_view text);

}  // namespace pontlevis::gateway
