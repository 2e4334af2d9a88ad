// Which cosignatures a verifier wants to see (C2SP tlog-policy): witnesses, groups of them, a quorum.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/crypto/signed_note.hpp"
#include "protocol/result.hpp"

namespace pontlevis::audit {

class Policy {
 public:
  static constexpr std::size_t max_bytes = 64 * 1024;
  static Result<Policy> parse(std::string_view text);
  // One log, its witnesses by their key names, and as quorum any one of them (none without witnesses).
  static std::string print(const NoteVerifier& log, const std::vector<NoteVerifier>& witnesses);

  const std::vector<NoteVerifier>& logs() const noexcept { return logs_; }
  std::vector<NoteVerifier> witnesses() const;
  // Whether the witnesses of these policy names are enough.
  bool satisfied_by(const std::set<std::string>& names) const;
  // The same for witnesses by the names of their keys, whose cosignatures were verified elsewhere.
  bool satisfied_by_keys(const std::set<std::string>& key_names) const;
  // The same for the verified cosignatures of a checkpoint.
  bool satisfied_by(const SignedNote& checkpoint) const;

 private:
  struct Group {
    std::size_t needed{};
    std::vector<std::string> members;
  };
  Result<> read_line(const std::vector<std::string>& words);
  bool is_taken(const std::string& name) const;
  std::vector<NoteVerifier> logs_;
  std::map<std::string, NoteVerifier> witnesses_;
  std::vector<std::pair<std::string, Group>> groups_;  // in order: members stand before their group
  std::string quorum_;
};

}  // namespace pontlevis::audit
