// Bundles: the log as a directory of small files that any C2SP tlog-tiles client can read.
#include <fstream>

#include "audit/policy.hpp"
#include "audit/source.hpp"
#include "protocol/io/system.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

constexpr std::size_t max_record_file = 16 << 20;

std::unexpected<Error> broken(std::string what, std::string where) { return fail(Errc::bad_signature, std::move(what), std::move(where)); }

// A file that is not there is a broken bundle; one that cannot be read is trouble here.
Result<std::string> read(const std::filesystem::path& file, std::size_t max) {
  auto text = io::read_file(file, max);
  if (!text && text.error().code == Errc::not_found) return broken("is missing", file.string());
  return text;
}

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

Result<std::vector<std::string>> parse_entry_bundle(std::string_view data, const std::string& where) {
  std::vector<std::string> out;
  while (!data.empty()) {
    if (data.size() < 2) return broken("is cut short", where);
    const std::size_t n = static_cast<std::size_t>(static_cast<unsigned char>(data[0])) << 8 | static_cast<unsigned char>(data[1]);
    if (data.size() < 2 + n) return broken("is cut short", where);
    out.emplace_back(data.substr(2, n));
    data.remove_prefix(2 + n);
  }
  return out;
}

class BundleSource final : public Source {
 public:
  BundleSource(std::filesystem::path root, TreeSize size) : root_(std::move(root)), size_(size) {}

  std::string name() const override { return root_.string(); }
  Result<std::string> key_text() const override { return read(root_ / "log.vkey", 4096); }
  Result<std::string> latest_checkpoint() override { return read(root_ / "checkpoint", max_checkpoint_bytes); }
  Result<TreeSize> size() override { return size_; }

  // REQUIRES: first is a multiple of 256 and count at most 256, as the verifier asks.
  Result<std::vector<std::string>> entries(LeafIndex first, std::size_t count) override {
    const auto path = entries_path(first / tile_width, static_cast<unsigned>(count));
    PL_TRY(data, read(root_ / path, 1 << 20));
    PL_TRY(out, parse_entry_bundle(data, path));
    if (out.size() != count) return broken("has a wrong number of entries", path);
    return out;
  }
  bool keeps_partial_tiles() const override { return true; }
  Result<std::string> tile(unsigned level, std::uint64_t n, unsigned width) override {
    return read(root_ / tile_path(level, n, width), 1 << 16);
  }
  bool holds_all_records() const override {
    std::error_code ec;
    TreeSize found = 0;
    for (std::filesystem::directory_iterator it(root_ / "records", ec), end; !ec && it != end; it.increment(ec)) ++found;
    return found == size_;
  }
  Result<std::optional<StoredRecord>> record(LeafIndex index) override {
    const auto file = root_ / "records" / (std::to_string(index) + ".json");
    auto text = io::read_file(file, max_record_file);
    if (!text && text.error().code == Errc::not_found) return std::nullopt;
    if (!text) return std::unexpected(std::move(text).error());
    PL_TRY(out, parse_record_json(*text));
    if (out.index != index) return broken("is the record of another index", file.string());
    return std::optional(std::move(out));
  }
  Result<std::string> policy_text() override { return read(root_ / "policy", Policy::max_bytes); }
  Result<std::vector<NoteVerifier>> witnesses() override {
    PL_TRY(text, policy_text());
    PL_TRY(policy, Policy::parse(text));
    return policy.witnesses();
  }

 private:
  std::filesystem::path root_;
  TreeSize size_;
};

Result<StoredField> parse_field(const json::value& value, std::size_t position) {
  StrictObject in(value, "record field " + std::to_string(position));
  StoredField out;
  out.name = in.text("name", 1, 64);
  const auto cls = class_from(in.text("class", 1, 16));
  if (!cls) in.blame("class", "is not known");
  out.cls = cls.value_or(FieldClass::open);
  if (!in.is_null("expires_on")) out.expires_on = in.text("expires_on", 10, 10);
  if (in.has("disclosure")) {
    out.disclosure = in.text("disclosure", 1, max_disclosure_bytes);
    out.digest = disclosure_digest(out.disclosure);
  } else {
    const auto digest = from_base64url(in.text("digest", 43, 43));
    if (!digest || digest->size() != 32) in.blame("digest", "is not a digest");
    else out.digest = Digest::from(*digest);
  }
  PL_CHECK(in.finish());
  return out;
}

}  // namespace

std::string print_record_json(const StoredRecord& record) {
  json::array fields;
  for (const auto& f : record.fields) {
    json::object o{{"name", f.name}, {"class", json::string(class_name(f.cls))}, {"expires_on", nullptr}};
    if (f.expires_on) o["expires_on"] = *f.expires_on;
    if (f.is_open()) o["disclosure"] = f.disclosure;
    else o["digest"] = to_base64url(f.digest.view());
    fields.push_back(std::move(o));
  }
  return json::serialize(json::object{{"index", record.index}, {"entry", to_base64(record.entry)}, {"fields", std::move(fields)}});
}

Result<StoredRecord> parse_record_json(std::string_view text) {
  PL_TRY(object, parse_object(text, max_record_file, "record file"));
  StrictObject in(object, "record file");
  StoredRecord out;
  out.index = static_cast<LeafIndex>(in.integer("index", 0, static_cast<std::int64_t>(max_tree_size)));
  const auto entry = from_base64(in.text("entry", 48, 48));
  if (!entry) in.blame("entry", "is not base64");
  out.entry = entry.value_or("");
  for (const auto& value : in.array("fields", 1, 256)) {
    PL_TRY(field, parse_field(value, out.fields.size()));
    out.fields.push_back(std::move(field));
  }
  PL_CHECK(in.finish());
  if (print_record_json(out) != text) return fail(Errc::bad_input, "is not in canonical form", "record file");
  return out;
}

Result<std::unique_ptr<Source>> open_bundle(const std::filesystem::path& bundle) {
  std::error_code ec;
  if (!std::filesystem::is_directory(bundle, ec)) return fail(Errc::not_found, "is not a folder", bundle.string());
  if (!std::filesystem::exists(bundle / "checkpoint", ec)) return fail(Errc::not_found, "is not a bundle: it has no checkpoint", bundle.string());
  PL_TRY(note, read(bundle / "checkpoint", max_checkpoint_bytes));
  auto checkpoint = peek_checkpoint(note);
  if (!checkpoint) return broken(checkpoint.error().what, (bundle / "checkpoint").string());
  return std::unique_ptr<Source>(std::make_unique<BundleSource>(bundle, checkpoint->size));
}

namespace {

// The widths of one level's tiles: full ones, then the partial one.
Result<> each_tile(TreeSize hashes, const std::function<Result<>(std::uint64_t, unsigned)>& visit) {
  for (std::uint64_t n = 0; n < hashes / tile_width; ++n) PL_CHECK(visit(n, tile_width));
  if (hashes % tile_width != 0) PL_CHECK(visit(hashes / tile_width, static_cast<unsigned>(hashes % tile_width)));
  return {};
}

Result<MemoryTree> export_entries(Source& from, const std::filesystem::path& to, TreeSize size) {
  MemoryTree tree;
  PL_CHECK(each_tile(size, [&](std::uint64_t n, unsigned width) -> Result<> {
    PL_TRY(entries, from.entries(n * tile_width, width));
    for (const auto& e : entries) tree.append(leaf_hash(e));
    return put(to / entries_path(n, width), entry_bundle(entries));
  }));
  return tree;
}

Result<> export_tiles(const MemoryTree& tree, const std::filesystem::path& to) {
  for (unsigned level = 0; tree.size() >> (8 * level) != 0; ++level)
    PL_CHECK(each_tile(tree.size() >> (8 * level), [&](std::uint64_t n, unsigned width) -> Result<> {
      std::string data;
      for (unsigned i = 0; i < width; ++i) {
        PL_TRY(hash, tree.node(8 * level, n * tile_width + i));
        data += hash.view();
      }
      return put(to / tile_path(level, n, width), data);
    }));
  return {};
}

Result<std::string> cosigned(Source& from, std::string note, TreeSize size) {
  PL_CHECK(from.each_cosignature([&](TreeSize at, const Cosignature& c) -> Result<> {
    if (at == size) note += c.line;
    return {};
  }));
  return note;
}

}  // namespace

Result<ExportCount> export_bundle(Source& from, const std::filesystem::path& to, const std::function<bool(const StoredRecord&)>& wanted) {
  std::error_code ec;
  if (std::filesystem::exists(to, ec) && !std::filesystem::is_empty(to, ec)) return fail(Errc::conflict, "is not empty", to.string(), "export into a new folder");
  PL_CHECK(io::make_private_folder(to));
  PL_TRY(size, from.size());
  PL_TRY(key_text, from.key_text());
  PL_TRY(key, NoteVerifier::parse(std::string_view(key_text).substr(0, key_text.find('\n'))));
  PL_TRY(witnesses, from.witnesses());
  PL_TRY(latest, from.latest_checkpoint());
  PL_TRY(note, cosigned(from, std::move(latest), size));
  PL_CHECK(put(to / "log.vkey", key_text));
  PL_CHECK(put(to / "policy", Policy::print(key, witnesses)));
  PL_CHECK(put(to / "checkpoint", note));
  PL_TRY(tree, export_entries(from, to, size));
  PL_CHECK(export_tiles(tree, to));
  ExportCount out{size, 0};
  for (LeafIndex i = 0; i < size; ++i) {
    PL_TRY(record, from.record(i));
    if (!record || !wanted(*record)) continue;
    PL_CHECK(put(to / "records" / (std::to_string(i) + ".json"), print_record_json(*record)));
    ++out.records;
  }
  return out;
}

}  // namespace pontlevis::audit
