// The files of an answer: what was found as JSON, as CSV and as a page in both languages, in parts of bounded size,
// in DATA/exports under a name that holds their last day. They are made within 28 days of their end, so that a
// network address of 150 days is in no copy older than 180 (requirements A24, B24, T2).
// Lives on the thread of the search.
#pragma once

#include <filesystem>
#include <map>

#include "gateway/registers/rights/rights_case.hpp"
#include "gateway/registers/rights/rights_person.hpp"

namespace pontlevis::gateway {

inline constexpr std::chrono::days answer_files_last{28};

// Written whole or not at all, readable by the owner alone. `name` is "found.csv"; its place holds request and day.
Result<AnswerFile> write_answer_file(const std::filesystem::path& exports, const std::string& request, const std::string& name, std::string_view content, Time now);

class FoundFiles {
 public:
  FoundFiles(std::filesystem::path exports, std::string request, json::object head, Time now);
  Result<> add(const FoundRecord& record);
  Result<std::vector<AnswerFile>> finish();
  std::uint64_t count() const { return count_; }

 private:
  Result<> flush(bool last);
  Result<> write(const std::string& name, std::string_view content);
  void add_rows(const FoundRecord& record);
  std::string page(Tongue tongue) const;

  std::filesystem::path exports_;
  std::string request_;
  json::object head_;
  Time now_;
  std::string json_, csv_;
  struct Row { std::string time, type, intervention, practice, field, value; };
  std::vector<Row> rows_;  // of the page: the first ones
  std::map<std::string, std::uint64_t> by_type_;
  std::uint64_t count_ = 0;
  int part_ = 1;
  std::vector<AnswerFile> files_;
};

}  // namespace pontlevis::gateway
