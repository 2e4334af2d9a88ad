// The report as a person and as a script read it.
#include "audit/verify.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

constexpr std::size_t most_a_check = 100;  // the first ones tell

constexpr std::array<std::string_view, check_count> names = {"signature", "witnesses", "tree",       "history",   "records", "destruction",
                                                             "retention", "times",     "life",       "timestamps", "enrolment", "witness", "files"};
constexpr std::array<std::string_view, 3> state_words = {"passed", "failed", "not applicable"};

bool has_room(const std::vector<Finding>& list, Check check) {
  return static_cast<std::size_t>(std::count_if(list.begin(), list.end(), [&](const auto& f) { return f.check == check; })) < most_a_check;
}

std::string said(const Finding& f) { return (f.index ? "record " + std::to_string(*f.index) + ": " : "") + f.what; }

json::array list_of(const std::vector<Finding>& findings) {
  json::array out;
  for (const auto& f : findings) {
    json::object o{{"check", check_name(f.check)}, {"number", static_cast<unsigned>(f.check)}, {"index", nullptr}, {"what", f.what}};
    if (f.index) o["index"] = *f.index;
    out.push_back(std::move(o));
  }
  return out;
}

// A person needs the first few of each; the JSON report has more.
std::string lines_of(const std::vector<Finding>& findings, const char* mark) {
  constexpr std::size_t shown = 10;
  std::string out;
  std::array<std::size_t, check_count> seen{};
  for (const auto& f : findings)
    if (seen[static_cast<std::size_t>(f.check) - 1]++ < shown) out += std::string(mark) + std::string(check_name(f.check)) + ", " + said(f) + "\n";
  for (std::size_t i = 0; i < check_count; ++i)
    if (seen[i] > shown) out += std::string(mark) + std::string(names[i]) + ", and " + std::to_string(seen[i] - shown) + " more: see --json\n";
  return out;
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

}  // namespace

std::string_view check_name(Check check) { return names[static_cast<std::size_t>(check) - 1]; }

void VerifyReport::find(Check check, std::optional<LeafIndex> index, std::string what) {
  Finding finding{check, index, std::move(what)};
  auto& result = checks[static_cast<std::size_t>(check) - 1];
  if (result.state != CheckState::failed) result = {CheckState::failed, said(finding)};
  if (has_room(findings, check)) findings.push_back(std::move(finding));
}

void VerifyReport::note(Check check, std::optional<LeafIndex> index, std::string what) {
  if (has_room(remarks, check)) remarks.push_back({check, index, std::move(what)});
}

void VerifyReport::settle(Check check, CheckState state, std::string what) {
  auto& result = checks[static_cast<std::size_t>(check) - 1];
  if (result.state != CheckState::failed) result = {state, std::move(what)};
}

std::optional<LeafIndex> VerifyReport::first_bad_index() const {
  std::optional<LeafIndex> out;
  for (const auto& f : findings)
    if (f.index && (!out || *f.index < *out)) out = f.index;
  return out;
}

json::object VerifyReport::to_json() const {
  json::array list;
  for (std::size_t i = 0; i < check_count; ++i)
    list.push_back(json::object{{"number", i + 1}, {"name", names[i]}, {"state", state_words[static_cast<std::size_t>(checks[i].state)]}, {"what", checks[i].what}});
  json::object out{{"verified", verified()}, {"source", source}, {"origin", origin}, {"size", size}, {"root", root}, {"as_of", as_of},
                   {"first_bad_index", nullptr}, {"checks", std::move(list)}, {"records", records}, {"open_fields", open_fields},
                   {"closed_fields", closed_fields}, {"gone_records", gone_records}, {"destructions", destructions}, {"checkpoints", checkpoints},
                   {"witnesses", witnesses}, {"cosignatures", cosignatures}, {"witnessed", witnessed}, {"timestamps", timestamps},
                   {"interventions", interventions}, {"sessions", sessions}, {"first_time", first_time}, {"last_time", last_time},
                   {"findings", list_of(findings)}, {"remarks", list_of(remarks)}};
  if (const auto bad = first_bad_index()) out["first_bad_index"] = *bad;
  return out;
}

std::string VerifyReport::to_text() const {
  std::string out = (verified() ? "verified: " : "NOT VERIFIED: ") + source + "\n";
  if (!origin.empty()) out += "  log         " + origin + ", " + std::to_string(size) + " records, root " + root + "\n";
  if (!first_time.empty()) out += "  time        " + first_time + " to " + last_time + "\n";
  if (!as_of.empty()) out += "  days as of  " + as_of + "\n";
  for (std::size_t i = 0; i < check_count; ++i) {
    const auto state = checks[i].state;
    const std::string word = state == CheckState::failed ? "FAILED" : state == CheckState::passed ? "passed" : "n/a";
    out += (i < 9 ? "  " : " ") + std::to_string(i + 1) + " " + padded(std::string(names[i]), 12) + padded(word, 7) + checks[i].what + "\n";
  }
  if (const auto bad = first_bad_index()) out += "  first bad record " + std::to_string(*bad) + "\n";
  return out + lines_of(findings, "FAILED  ") + lines_of(remarks, "note    ");
}

}  // namespace pontlevis::audit
