// The keys of personal fields (audit-log design §2.2, §2.6; requirements T1, T16). DIR/log/keys.db holds one
// secret of 32 random bytes a record; HKDF gives every field of it a key of its own:
//   key(pos) = HKDF-Expand-SHA256(secret, "pontlevis field key v1" | pos)
//   ct       = nonce(12) | AES-256-GCM(key(pos), disclosure, AAD = idx | pos) | tag(16)
// Destroying some fields of a record replaces its secret by the keys of the others; destroying all of them
// drops it. Secrets are made ahead of the records, so that an append never waits for this file.
// keys.db stays out of every long backup: a copy of log.db alone opens no personal field.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/merkle.hpp"
#include "audit/sqlite.hpp"
#include "protocol/random.hpp"
#include "protocol/result.hpp"

namespace pontlevis::audit {

// 32 bytes that wipe themselves and are never copied by accident.
class FieldKey {
 public:
  static constexpr std::size_t size = 32;
  FieldKey() = default;
  static FieldKey make(Random& random);
  static std::optional<FieldKey> from(std::string_view raw);  // 32 bytes, or nothing
  FieldKey(FieldKey&& other) noexcept;
  FieldKey& operator=(FieldKey&& other) noexcept;
  FieldKey(const FieldKey&) = delete;
  FieldKey& operator=(const FieldKey&) = delete;
  ~FieldKey();

  FieldKey of_field(std::size_t position) const;  // REQUIRES: this is a record's secret
  std::string_view expose() const noexcept { return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()}; }

 private:
  std::array<unsigned char, size> bytes_{};
};

constexpr std::size_t sealed_overhead = 12 + 16;
std::string seal_field(const FieldKey& key, LeafIndex index, std::size_t position, std::string_view disclosure, Random& random);
// Nothing when the key is another, or a byte of it, its place or its record was changed.
std::optional<std::string> open_field(const FieldKey& key, LeafIndex index, std::size_t position, std::string_view sealed);

// The last key used stays in this thread's cipher contexts until the next: this overwrites it.
void forget_last_keys();

// What is left of the keys of one record.
class RecordKeys {
 public:
  std::optional<FieldKey> of(std::size_t position) const;
  bool empty() const noexcept { return !secret && parts.empty(); }
  std::optional<FieldKey> secret;         // every field
  std::map<std::size_t, FieldKey> parts;  // or these only
};

// keys.db. Any thread; each method is one short transaction under a lock of its own.
class KeyFile {
 public:
  // `log_key` is the log's public key (log.vkey): the file belongs to that log. Errc::conflict: to another one.
  // read_only: Errc::not_found when the file is not there.
  static Result<KeyFile> open(const std::filesystem::path& file, std::string_view log_key, sqlite::Access access);
  KeyFile(KeyFile&&) noexcept;
  ~KeyFile();

  Result<> begin_snapshot();  // a reader: all that follows sees one moment

  Result<RecordKeys> of(LeafIndex index) const;
  Result<LeafIndex> next() const;  // one past the largest secret made
  // Makes the secrets of first … first + count - 1 durable; those that exist stay.
  Result<> make(LeafIndex first, std::size_t count, Random& random);
  // The secrets first …, in order, as far as they exist without a gap.
  Result<std::deque<FieldKey>> take(LeafIndex first, std::size_t count) const;

  // Of each record only the keys of these positions stay: none for an empty set. Idempotent. `gone` gets what
  // was destroyed, to look for it. One transaction.
  struct Keep {
    LeafIndex index{};
    std::set<std::size_t> positions;  // that are still open
    std::set<std::size_t> destroyed;  // whose keys go
  };
  Result<> keep_only(std::span<const Keep> records, std::vector<FieldKey>& gone);
  // Records of first … last that have a key, at most `limit`.
  Result<std::vector<LeafIndex>> with_keys(LeafIndex first, LeafIndex last, std::size_t limit) const;

  Result<bool> truncate_wal();                                  // false: somebody reads
  Result<> rewrite();                                           // VACUUM
  Result<> copy_to(const std::filesystem::path& to) const;      // VACUUM INTO, fsynced
  const std::filesystem::path& path() const;

 private:
  struct State;
  explicit KeyFile(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace pontlevis::audit
