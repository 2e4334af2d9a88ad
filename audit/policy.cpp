#include "audit/policy.hpp"

#include <algorithm>

#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

std::unexpected<Error> bad(std::string what) { return fail(Errc::bad_input, std::move(what), "policy"); }

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> out;
  while (!line.empty()) {
    const auto start = std::min(line.find_first_not_of(" \t"), line.size());
    line.remove_prefix(start);
    const auto end = std::min(line.find_first_of(" \t"), line.size());
    if (end > 0) out.emplace_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return out;
}

}  // namespace

Result<> Policy::read_line(const std::vector<std::string>& words) {
  const auto& kind = words[0];
  const bool taken = words.size() > 1 && (is_taken(words[1]) || words[1] == "none");
  if (kind == "log" && (words.size() == 2 || words.size() == 3)) {
    PL_TRY(key, NoteVerifier::parse(words[1]));
    logs_.push_back(std::move(key));
    return {};
  }
  if (kind == "witness" && (words.size() == 3 || words.size() == 4)) {
    if (taken) return bad("names something twice: " + printable(words[1], 60));
    PL_TRY(key, NoteVerifier::parse(words[2]));
    witnesses_.emplace(words[1], std::move(key));
    return {};
  }
  if (kind == "group" && words.size() >= 4) {
    if (taken) return bad("names something twice: " + printable(words[1], 60));
    Group group{0, {words.begin() + 3, words.end()}};
    for (const auto& m : group.members)
      if (!is_taken(m)) return bad("has a group with an unknown member: " + printable(m, 60));
    const auto count = parse_decimal(words[2], group.members.size());
    if (words[2] != "any" && words[2] != "all" && (!count || *count == 0)) return bad("has a group with a wrong number");
    group.needed = words[2] == "any" ? 1 : words[2] == "all" ? group.members.size() : static_cast<std::size_t>(*count);
    groups_.emplace_back(words[1], std::move(group));
    return {};
  }
  if (kind == "quorum" && words.size() == 2) {
    if (!quorum_.empty()) return bad("has two quorums");
    if (words[1] != "none" && !is_taken(words[1])) return bad("has an unknown quorum");
    quorum_ = words[1];
    return {};
  }
  return bad("has a line that is not known: " + printable(kind, 40));
}

Result<Policy> Policy::parse(std::string_view text) {
  if (text.size() > max_bytes || !is_utf8(text)) return bad("is too long or not text");
  Policy out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto words = words_of(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (words.empty() || words[0].starts_with('#')) continue;
    PL_CHECK(out.read_line(words));
  }
  if (out.quorum_.empty()) return bad("has no quorum");
  return out;
}

std::string Policy::print(const NoteVerifier& log, const std::vector<NoteVerifier>& witnesses) {
  std::string out = "log " + log.text() + "\n", names;
  for (const auto& w : witnesses) {
    out += "witness " + w.name() + " " + w.text() + "\n";
    names += " " + w.name();
  }
  return witnesses.empty() ? out + "quorum none\n" : out + "group witnesses any" + names + "\nquorum witnesses\n";
}

std::vector<NoteVerifier> Policy::witnesses() const {
  std::vector<NoteVerifier> out;
  for (const auto& [name, key] : witnesses_) out.push_back(key);
  return out;
}

bool Policy::is_taken(const std::string& name) const {
  return witnesses_.contains(name) || std::any_of(groups_.begin(), groups_.end(), [&](const auto& g) { return g.first == name; });
}

bool Policy::satisfied_by(const std::set<std::string>& names) const {
  std::set<std::string> have{"none"};
  for (const auto& name : names)
    if (witnesses_.contains(name)) have.insert(name);
  for (const auto& [name, group] : groups_) {
    const auto n = std::count_if(group.members.begin(), group.members.end(), [&](const auto& m) { return have.contains(m); });
    if (static_cast<std::size_t>(n) >= group.needed) have.insert(name);
  }
  return have.contains(quorum_);
}

bool Policy::satisfied_by_keys(const std::set<std::string>& key_names) const {
  std::set<std::string> names;
  for (const auto& [name, key] : witnesses_)
    if (key_names.contains(key.name())) names.insert(name);
  return satisfied_by(names);
}

bool Policy::satisfied_by(const SignedNote& checkpoint) const {
  std::set<std::string> names;
  for (const auto& [name, key] : witnesses_)
    if (checkpoint.verify(key)) names.insert(name);
  return satisfied_by(names);
}

}  // namespace pontlevis::audit
