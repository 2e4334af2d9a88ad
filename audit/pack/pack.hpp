// A proof pack: one ZIP that holds a bundle of the log (audit/source.hpp), the printed records and a list of every file
// with its hash, signed (docs/review.md). Whoever gets it checks it without a network: the list and its signature here,
// the log itself with verify_bundle(). Blocks; any thread.
#pragma once

#include <boost/json.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "protocol/crypto/signed_note.hpp"
#include "protocol/result.hpp"

namespace pontlevis::audit {

namespace json = boost::json;

constexpr std::size_t max_pack_files = 500'000;
constexpr std::uint64_t max_pack_bytes = std::uint64_t{8} << 30, max_pack_file_bytes = std::uint64_t{256} << 20;

// Writes manifest.json, manifest.note and export.vkey beside what lies in `folder`. `about`: what the pack is, for its reader.
Result<> seal_pack(const std::filesystem::path& folder, json::object about, const NoteSigner& signer);

// Names are relative, of [A-Za-z0-9._-] and '/', without a part that is "." or "..".
bool is_pack_name(std::string_view name);
Result<> write_zip(const std::filesystem::path& folder, const std::filesystem::path& file);
// Into a new folder; bounded, and nothing is written outside of it. Errc::bad_input: no such ZIP as we write.
Result<> read_zip(const std::filesystem::path& file, const std::filesystem::path& to);

struct PackCheck {
  std::string key;        // of the list's signature, as export.vkey says
  bool enrolled = false;  // the log of the pack names that key
  std::size_t files = 0;
  json::object about;
  std::vector<std::string> findings;  // what is wrong, first things first
};
// Whether `folder` is a pack, and a whole one. Errc::not_found: it has no manifest, so it is a bundle alone.
Result<PackCheck> check_pack(const std::filesystem::path& folder);

}  // namespace pontlevis::audit
