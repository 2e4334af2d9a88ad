// Bundles: the log as a directory of small files that any C2SP tlog-tiles client can read.
#include <algorithm>
#include <fstream>
#include <set>

#include "audit/bundle_layout.hpp"
#include "audit/policy.hpp"
#include "audit/record_line.hpp"
#include "audit/source.hpp"
#include "protocol/io/system.hpp"
#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

// A bundle is a copy: it need not survive a power cut, and an fsync a file would take hours.
Result<> put(const std::filesystem::path& file, std::string_view content) {
  std::error_code ec;
  std::filesystem::create_directories(file.parent_path(), ec);
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  out.close();
  if (!out) return fail(Errc::io, "cannot be written", file.string());
  return {};
}

std::string entry_bundle(const std::vector<std::string>& entries) {
  std::string out;
  for (const auto& e : entries) {
    out += static_cast<char>(e.size() >> 8);
    out += static_cast<char>(e.size());
    out += e;
  }
  return out;
}

// The widths of one level's tiles: full ones, then the partial one.
Result<> each_tile(TreeSize hashes, const std::function<Result<>(std::uint64_t, unsigned)>& visit) {
  for (std::uint64_t n = 0; n < hashes / tile_width; ++n) PL_CHECK(visit(n, tile_width));
  if (hashes % tile_width != 0) PL_CHECK(visit(hashes / tile_width, static_cast<unsigned>(hashes % tile_width)));
  return {};
}

class Export {
 public:
  Export(Source& from, const std::filesystem::path& to, const std::function<bool(const StoredRecord&)>& wanted) : from_(from), to_(to), wanted_(wanted) {}

  Result<ExportCount> run() {
    PL_CHECK(begin());
    PL_CHECK(write_tree());
    PL_CHECK(write_checkpoints());
    PL_CHECK(write_timestamps());
    PL_CHECK(write_records());
    return count_;
  }

 private:
  Result<> begin();
  Result<> write_tree();
  Result<> write_tiles(const MemoryTree& tree);
  Result<> write_checkpoints();
  Result<> write_timestamps();
  Result<> write_records();
  bool choose(const StoredRecord& record);
  bool explains(const json::object& destruction) const;
  bool is_needed(const StoredRecord& record, const json::object& open) const;
  void note_closed(const StoredRecord& record, const json::object& open);

  Source& from_;
  const std::filesystem::path& to_;
  const std::function<bool(const StoredRecord&)>& wanted_;
  ExportCount count_;
  std::set<std::string> witness_keys_;
  std::map<TreeSize, std::string> cosigned_;  // size → lines
  std::vector<TimestampedCheckpoint> stamps_;
  struct Closed {
    LeafIndex index;
    json::object open;
    FieldClass cls;
    std::string name;  // empty: the whole record
  };
  std::vector<Closed> closed_;
};

Result<> Export::begin() {
  std::error_code ec;
  if (std::filesystem::exists(to_, ec) && !std::filesystem::is_empty(to_, ec)) return fail(Errc::conflict, "is not empty", to_.string(), "export into a new folder");
  PL_CHECK(io::make_private_folder(to_));
  PL_TRY(size, from_.size());
  count_.size = size;
  PL_TRY(key_text, from_.key_text());
  PL_TRY(key, NoteVerifier::parse(std::string_view(key_text).substr(0, key_text.find('\n'))));
  PL_TRY(witnesses, from_.witnesses());
  for (const auto& w : witnesses) witness_keys_.insert(w.text());
  PL_CHECK(put(to_ / "log.vkey", key_text));
  return put(to_ / "policy", Policy::print(key, witnesses));
}

Result<> Export::write_tree() {
  MemoryTree tree;
  PL_CHECK(each_tile(count_.size, [&](std::uint64_t n, unsigned width) -> Result<> {
    PL_TRY(entries, from_.entries(n * tile_width, width));
    for (const auto& e : entries) tree.append(leaf_hash(e));
    return put(to_ / entries_path(n, width), entry_bundle(entries));
  }));
  return write_tiles(tree);
}

Result<> Export::write_tiles(const MemoryTree& tree) {
  for (unsigned level = 0; tree.size() >> (8 * level) != 0; ++level)
    PL_CHECK(each_tile(tree.size() >> (8 * level), [&](std::uint64_t n, unsigned width) -> Result<> {
      std::string data;
      for (unsigned i = 0; i < width; ++i) {
        PL_TRY(hash, tree.node(8 * level, n * tile_width + i));
        data += hash.view();
      }
      return put(to_ / tile_path(level, n, width), data);
    }));
  return {};
}

// The latest checkpoint, and of the older ones those that somebody else put a time to.
Result<> Export::write_checkpoints() {
  PL_CHECK(from_.each_cosignature([&](TreeSize at, const Cosignature& c) -> Result<> {
    if (at <= count_.size) cosigned_[at] += c.line;
    return {};
  }));
  PL_TRY(stamps, from_.timestamps());
  stamps_ = std::move(stamps);
  for (const auto& s : stamps_) cosigned_[s.size];
  PL_TRY(latest, from_.latest_checkpoint());
  const auto lines = cosigned_.find(count_.size);
  PL_CHECK(put(to_ / "checkpoint", latest + (lines == cosigned_.end() ? "" : lines->second)));
  return from_.each_checkpoint([&](TreeSize size, const std::string& note) -> Result<> {
    const auto wanted = cosigned_.find(size);
    if (wanted == cosigned_.end() || size >= count_.size) return {};
    return put(to_ / bundle::checkpoint_path(size), note + wanted->second);
  });
}

Result<> Export::write_timestamps() {
  for (const auto& s : stamps_)
    if (s.size <= count_.size) PL_CHECK(put(to_ / bundle::timestamp_path(s.size), s.token));
  return {};
}

bool Export::is_needed(const StoredRecord& record, const json::object& open) const {
  const auto type = text_of(open, "type");
  if (type == "timestamp") return true;
  return type == "enrolment" && text_of(open, "kind") == "witness" && witness_keys_.contains(text_of(open, "verifier_key")) && !record.is_gone();
}

// Of a whole log every destruction comes along anyway; of one intervention few fields are closed.
void Export::note_closed(const StoredRecord& record, const json::object& open) {
  constexpr std::size_t most = 100000;
  if (closed_.size() > most) return;
  for (const auto& f : record.fields)
    if (f.state() == FieldState::closed) closed_.push_back({record.index, open, f.cls, f.name});
  if (record.is_gone()) closed_.push_back({record.index, {}, FieldClass::open, {}});
}

// In order, because what explains a closed field always stands later in the log.
bool Export::choose(const StoredRecord& record) {
  const auto open = record.open().value_or(json::object{});
  bool chosen = wanted_(record) || is_needed(record, open);
  if (!chosen && text_of(open, "type") == "destruction") chosen = explains(open);
  if (chosen) note_closed(record, open);
  return chosen;
}

bool Export::explains(const json::object& destruction) const {
  const auto claim = read_claim(destruction);
  if (!claim) return false;
  return std::any_of(claim->scope.begin(), claim->scope.end(), [&](const auto& scope) {
    return std::any_of(closed_.begin(), closed_.end(), [&](const Closed& c) {
      return c.name.empty() ? scope.covers_whole(c.index) : scope.covers(c.index, c.open, c.cls, c.name);
    });
  });
}

Result<> Export::write_records() {
  std::string pack;
  for (LeafIndex i = 0; i < count_.size; ++i) {
    PL_TRY(record, from_.record(i));
    if (record && choose(*record)) {
      pack += print_record_json(*record) + "\n";
      ++count_.records;
    }
    const bool last = (i + 1) % tile_width == 0 || i + 1 == count_.size;
    if (!last || pack.empty()) continue;
    PL_CHECK(put(to_ / bundle::pack_path(i / tile_width), pack));
    pack.clear();
  }
  return {};
}

}  // namespace

Result<ExportCount> export_bundle(Source& from, const std::filesystem::path& to, const std::function<bool(const StoredRecord&)>& wanted) {
  return Export(from, to, wanted).run();
}

}  // namespace pontlevis::audit
