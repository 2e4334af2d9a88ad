// Checks 2 and 11: whose cosignatures stand under the log, whether they are enough, and since when their keys count.
#include <algorithm>
#include <set>

#include "audit/verification.hpp"
#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {

Result<> Verification::check_quorum() {
  PL_TRY(found, source.witnesses());
  witnesses_ = std::move(found);
  report.witnesses = witnesses_.size();
  PL_TRY(policy, source.policy_text());
  if (source.keeps_partial_tiles() && policy != Policy::print(*key, witnesses_))
    fail_check(Check::witnesses, std::nullopt, "the policy is not that of this log and its witnesses");
  if (options.policy)
    for (const auto& w : options.policy->witnesses())
      if (std::find(witnesses_.begin(), witnesses_.end(), w) == witnesses_.end()) witnesses_.push_back(w);
  PL_CHECK(check_cosignatures());
  check_policy();
  return {};
}

Result<> Verification::check_cosignatures() {
  PL_TRY(parsed, SignedNote::parse(note));
  for (const auto& s : parsed.signatures())
    if (s.name != key->name() || s.key_id != key->id()) check_cosignature(checkpoint, s.name, note);
  return source.each_cosignature([&](TreeSize size, const Cosignature& c) -> Result<> {
    if (size > tree.size()) return fail_check(Check::witnesses, tree.size(), "a cosignature is of a checkpoint this log does not have"), Result<>{};
    const Checkpoint at{checkpoint.origin, size, tree.root(size), {}};
    check_cosignature(at, c.witness, at.text() + "\n" + c.line);
    const bool dated = c.time == 0 || cosigned_.empty() || cosigned_.back().size != size || cosigned_.back().witness != c.witness ||
                       cosigned_.back().time == Time{std::chrono::seconds(c.time)};
    if (!dated) fail_check(Check::witnesses, size == 0 ? 0 : size - 1, "a cosignature is filed under another time than it says");
    return {};
  });
}

void Verification::check_cosignature(const Checkpoint& at, const std::string& name, const std::string& text) {
  ++report.cosignatures;
  const auto parsed = SignedNote::parse(text);
  for (const auto& w : witnesses_) {
    if (!parsed || w.name() != name) continue;
    if (const auto time = parsed->verify_cosignature(w)) return cosigned_.push_back({at.size, name, Time{std::chrono::seconds(*time)}});
  }
  fail_check(Check::witnesses, at.size == 0 ? 0 : at.size - 1, "a cosignature of " + printable(name, 80) + " does not verify");
}

// The largest checkpoint that enough witnesses cosigned: by the verifier's own policy, or by the log's.
void Verification::check_policy() {
  if (options.policy && !options.policy->logs().empty() && std::find(options.policy->logs().begin(), options.policy->logs().end(), *key) == options.policy->logs().end())
    fail_check(Check::witnesses, std::nullopt, "the policy that was given is not about this log's key");
  if (witnesses_.empty()) return not_applicable(Check::witnesses, "no witness is enrolled");
  std::map<TreeSize, std::set<std::string>, std::greater<>> by_size;
  for (const auto& c : cosigned_) by_size[c.size].insert(c.witness);
  const auto enough = [&](const std::set<std::string>& key_names) {
    return options.policy ? options.policy->satisfied_by_keys(key_names) : !key_names.empty();
  };
  const auto best = std::find_if(by_size.begin(), by_size.end(), [&](const auto& row) { return enough(row.second); });
  const std::string whose = options.policy ? "the policy that was given" : "the log's own policy, any one witness";
  if (best == by_size.end()) {
    if (options.policy) return fail_check(Check::witnesses, std::nullopt, "no checkpoint has the cosignatures that the policy asks for");
    return remark(Check::witnesses, std::nullopt, "no witness cosigned so far"), passed(Check::witnesses, std::to_string(report.cosignatures) + " cosignatures, no quorum asked for");
  }
  if (best->first < tree.size()) remark(Check::witnesses, best->first, "from this record on, not enough witnesses have cosigned yet");
  passed(Check::witnesses, std::to_string(report.cosignatures) + " cosignatures verify; " + std::to_string(best->first) + " records are covered as " + whose + " asks");
}

Result<> Verification::check_enrolments() {
  if (cosigned_.empty()) return not_applicable(Check::enrolment, "no cosignature counts here"), Result<>{};
  std::map<std::string, TreeSize> first_use;  // by name: the smallest checkpoint
  for (const auto& c : cosigned_) {
    auto [it, fresh] = first_use.emplace(c.witness, c.size);
    it->second = std::min(it->second, c.size);
  }
  std::size_t logged = 0;
  for (const auto& [name, size] : first_use) {
    const auto witness = std::find_if(witnesses_.begin(), witnesses_.end(), [&](const auto& w) { return w.name() == name; });
    const auto record = std::find_if(keys.begin(), keys.end(), [&](const auto& k) {
      return text_of(k.said, "kind") == "witness" && witness != witnesses_.end() && text_of(k.said, "verifier_key") == witness->text();
    });
    if (record != keys.end() && record->index < size) {
      ++logged;
      continue;
    }
    const auto enrolments = static_cast<std::size_t>(std::count(classes.begin(), classes.end(), EntryClass::enrolment));
    const auto what = printable(name, 80) + (record == keys.end() ? " cosigned, and no enrolment of its key stands in the log" : " cosigned before its key was enrolled");
    if (record == keys.end() && keys.size() < enrolments) remark(Check::enrolment, std::nullopt, "the enrolment of " + printable(name, 80) + " is not in this bundle");
    else fail_check(Check::enrolment, record == keys.end() ? std::optional<LeafIndex>() : record->index, what);
  }
  if (logged == 0) return not_applicable(Check::enrolment, "the enrolments are not in this bundle"), Result<>{};
  passed(Check::enrolment, std::to_string(logged) + " witness keys were enrolled before they counted");
  return {};
}

}  // namespace pontlevis::audit
