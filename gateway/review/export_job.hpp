// Makes one copy, from beginning to end, on the worker's thread: it reads the store and the log on connections of its
// own and writes one file. Given only values; shares nothing with the loop.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>

#include "gateway/review/export_rows.hpp"
#include "gateway/review/veil.hpp"

namespace pontlevis::gateway {

enum class ExportFormat : unsigned char { csv, json, pdf, proof_pack };

struct ExportOrder {
  ExportFormat format{};
  audit::Language language{};
  std::filesystem::path data, store, file, scratch;  // scratch: a folder of its own, removed at the end
  std::vector<std::uint32_t> rows;                   // newest first
  std::map<std::string, audit::PrintedExtras> extras;  // of those that are printed whole, by number
  RowWords words;                                    // its `words` are read by the job
  Veil veil;
  boost::json::object about;                         // filter, made_at: for JSON and the pack
  std::vector<std::string> filter_lines;             // for paper
  Time made_at{};
  std::shared_ptr<const NoteSigner> signer;          // of a pack
  std::shared_ptr<std::atomic<bool>> stop;
};

struct ExportMade {
  std::uint64_t bytes = 0;
  std::string sha256;
};

constexpr std::size_t most_in_pdf = 5'000, most_whole_in_pdf = 20, most_in_pack = 1'000, most_whole_in_json = 100;

Result<ExportMade> make_export(const ExportOrder& order);

}  // namespace pontlevis::gateway
template <> struct pontlevis::Spelling<pontlevis::gateway::ExportFormat> {
  static constexpr std::array<std::string_view, 4> words{"CSV", "JSON", "PDF", "PROOF_PACK"};
};
