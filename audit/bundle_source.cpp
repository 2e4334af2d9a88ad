// A bundle as a source: the files of a C2SP tlog-tiles directory and what lies beside it.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "audit/bundle_layout.hpp"
#include "audit/policy.hpp"
#include "audit/record_line.hpp"
#include "audit/source.hpp"
#include "protocol/io/system.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

constexpr std::size_t max_token_bytes = 64 * 1024;

std::unexpected<Error> broken(std::string what, std::string where) { return fail(Errc::bad_signature, std::move(what), std::move(where)); }

// A file that is not there is a broken bundle; one that cannot be read is trouble here.
Result<std::string> read(const std::filesystem::path& file, std::size_t max) {
  auto text = io::read_file(file, max);
  if (!text && text.error().code == Errc::not_found) return broken("is missing", file.string());
  return text;
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

// One large file after another: the room is kept, so that the system need not clear fresh pages for each.
class Reading {
 public:
  // Nothing when there is no such file. What is shown stays until the next read().
  Result<std::optional<std::string_view>> read(const std::filesystem::path& file, std::size_t max) {
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // a pipe in its place must not hold us
    if (fd < 0 && errno == ENOENT) return std::nullopt;
    if (fd < 0) return fail(Errc::unavailable, "cannot be opened", file.string());
    auto out = read_all(fd, max, file);
    ::close(fd);
    if (!out) return std::unexpected(std::move(out).error());
    return std::optional(*out);
  }

 private:
  Result<std::string_view> read_all(int fd, std::size_t max, const std::filesystem::path& file) {
    struct stat about {};
    if (::fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) return fail(Errc::unavailable, "is not a file", file.string());
    const auto size = static_cast<std::size_t>(about.st_size);
    if (size > max) return broken("is too long", file.string());
    if (size > room_) bytes_ = std::make_unique_for_overwrite<char[]>(room_ = size);
    std::size_t have = 0;
    while (have < size) {
      const auto n = ::read(fd, bytes_.get() + have, size - have);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return fail(Errc::unavailable, "cannot be read", file.string());
      if (n == 0) break;  // cut short meanwhile: what is there is judged
      have += static_cast<std::size_t>(n);
    }
    return std::string_view(bytes_.get(), have);
  }
  std::unique_ptr<char[]> bytes_;
  std::size_t room_ = 0;
};

// The files of a folder whose name is a number and `suffix`, by that number. Anything else there is a fault.
Result<std::vector<TreeSize>> numbered(const std::filesystem::path& folder, std::string_view suffix) {
  std::vector<TreeSize> out;
  std::error_code ec;
  for (std::filesystem::directory_iterator it(folder, ec), end; !ec && it != end; it.increment(ec)) {
    const auto name = it->path().filename().string();
    const auto number = name.ends_with(suffix) ? parse_decimal(std::string_view(name).substr(0, name.size() - suffix.size()), max_tree_size) : std::nullopt;
    if (!number) return broken("is not a file of a bundle", (folder / printable(name, 80)).string());
    out.push_back(*number);
  }
  std::sort(out.begin(), out.end());
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
  Result<std::optional<StoredRecord>> record(LeafIndex index) override;
  Result<> visit(LeafIndex first, std::size_t count, const RecordVisitor& visitor) override;
  bool reads_in_parallel() const override { return true; }
  Result<std::string> policy_text() override { return read(root_ / "policy", Policy::max_bytes); }
  Result<std::vector<NoteVerifier>> witnesses() override {
    PL_TRY(text, policy_text());
    PL_TRY(policy, Policy::parse(text));
    return policy.witnesses();
  }
  Result<> each_checkpoint(const std::function<Result<>(TreeSize, const std::string&)>& visit) override;
  Result<> each_cosignature(const std::function<Result<>(TreeSize, const Cosignature&)>& visit) override;
  Result<std::vector<TimestampedCheckpoint>> timestamps() override;

 private:
  Result<std::optional<std::string>> optional_file(const std::string& path, std::size_t max) const;
  Result<std::optional<StoredRecord>> record_of_its_own(LeafIndex index) const;
  Result<> visit_pack(std::uint64_t n, LeafIndex first, LeafIndex end, const RecordVisitor& visitor) const;

  std::filesystem::path root_;
  TreeSize size_;
};

Result<std::optional<std::string>> BundleSource::optional_file(const std::string& path, std::size_t max) const {
  auto text = io::read_file(root_ / path, max);
  if (!text && text.error().code == Errc::not_found) return std::nullopt;
  if (!text) return std::unexpected(std::move(text).error());
  return std::optional(*std::move(text));
}

Result<std::optional<StoredRecord>> BundleSource::record_of_its_own(LeafIndex index) const {
  PL_TRY(text, optional_file(bundle::record_path(index), max_record_line));
  if (!text) return std::nullopt;
  PL_TRY(out, parse_record_json(*text));
  if (out.index != index) return broken("is the record of another index", bundle::record_path(index));
  return std::optional(std::move(out));
}

Result<std::optional<StoredRecord>> BundleSource::record(LeafIndex index) {
  std::optional<StoredRecord> out;
  std::optional<Error> fault;
  PL_CHECK(visit(index, 1, [&](LeafIndex, const RecordView* record, const Error* wrong) {
    if (wrong) fault = *wrong;
    if (!record) return;
    out.emplace(StoredRecord{record->index, std::string(record->entry), {}});
    for (const auto& f : record->fields) {
      const auto day = f.expires_on.empty() ? std::nullopt : std::optional<std::string>(f.expires_on);
      out->fields.push_back({std::string(f.name), f.cls, day, std::string(f.disclosure),
                             f.state == FieldState::open ? disclosure_digest(f.disclosure) : f.digest, f.state == FieldState::open ? FieldState::closed : f.state});
    }
  }));
  if (fault) return std::unexpected(*std::move(fault));
  return out;
}

Result<> BundleSource::visit(LeafIndex first, std::size_t count, const RecordVisitor& visitor) {
  const LeafIndex end = first + count;
  for (LeafIndex at = first; at < end; at = (at / tile_width + 1) * tile_width)
    PL_CHECK(visit_pack(at / tile_width, at, std::min(end, (at / tile_width + 1) * tile_width), visitor));
  return {};
}

Result<> BundleSource::visit_pack(std::uint64_t n, LeafIndex first, LeafIndex end, const RecordVisitor& visitor) const {
  const auto path = bundle::pack_path(n);
  thread_local Reading reading;
  PL_TRY(pack, reading.read(root_ / path, bundle::max_pack_bytes));
  RecordView view;
  if (!pack) {  // as older bundles have it
    for (LeafIndex i = first; i < end; ++i) {
      const auto found = record_of_its_own(i);
      if (!found) visitor(i, nullptr, &found.error());
      if (!found || !*found) continue;
      view.show(**found);
      visitor(i, &view, nullptr);
    }
    return {};
  }
  RecordLineReader reader;
  std::string_view rest = *pack;
  for (LeafIndex next = n * tile_width; !rest.empty();) {
    const auto line_end = rest.find('\n');
    const auto line = rest.substr(0, line_end);
    rest.remove_prefix(line_end == rest.npos ? rest.size() : line_end + 1);
    const auto read = line_end == std::string_view::npos ? Result<>(broken("does not end with a line feed", path)) : reader.read(line, view);
    const bool placed = read && view.index >= next && view.index < std::min<LeafIndex>(size_, (n + 1) * tile_width);
    if (!placed) {
      const Error fault{Errc::bad_signature, read ? "holds a record that does not stand in its place" : read.error().what, path, {}};
      const bool within = next >= first && next < end;
      if (within || rest.empty()) visitor(std::clamp(next, first, end - 1), nullptr, &fault);
      return {};
    }
    next = view.index + 1;
    if (view.index >= end) return {};
    if (view.index >= first) visitor(view.index, &view, nullptr);
  }
  return {};
}

Result<> BundleSource::each_checkpoint(const std::function<Result<>(TreeSize, const std::string&)>& visit) {
  PL_TRY(sizes, numbered(root_ / "checkpoints", ""));
  for (const auto size : sizes) {
    PL_TRY(note, read(root_ / bundle::checkpoint_path(size), max_checkpoint_bytes));
    PL_CHECK(visit(size, note));
  }
  return {};
}

// Every line under a checkpoint but the first, which is the log's own; check 4 has seen that one.
Result<> BundleSource::each_cosignature(const std::function<Result<>(TreeSize, const Cosignature&)>& visit) {
  return each_checkpoint([&](TreeSize size, const std::string& note) -> Result<> {
    PL_TRY(parsed, SignedNote::parse(note));
    std::string_view lines = std::string_view(note).substr(parsed.text().size() + 1);
    for (std::size_t i = 0; !lines.empty() && i < parsed.signatures().size(); ++i) {
      const auto end = lines.find('\n') + 1;
      if (i > 0) PL_CHECK(visit(size, {parsed.signatures()[i].name, 0, std::string(lines.substr(0, end))}));
      lines.remove_prefix(end);
    }
    return {};
  });
}

Result<std::vector<TimestampedCheckpoint>> BundleSource::timestamps() {
  PL_TRY(sizes, numbered(root_ / "timestamps", ".tsr"));
  std::vector<TimestampedCheckpoint> out;
  for (const auto size : sizes) {
    PL_TRY(note, read(root_ / (size == size_ ? "checkpoint" : bundle::checkpoint_path(size)), max_checkpoint_bytes));
    PL_TRY(token, read(root_ / bundle::timestamp_path(size), max_token_bytes));
    out.push_back({size, std::move(note), std::move(token)});
  }
  return out;
}

}  // namespace

Result<std::unique_ptr<Source>> open_bundle(const std::filesystem::path& bundle) {
  std::error_code ec;
  if (!std::filesystem::is_directory(bundle, ec)) return fail(Errc::not_found, "is not a folder", bundle.string());
  if (!std::filesystem::exists(bundle / "checkpoint", ec)) return fail(Errc::not_found, "is not a bundle: it has no checkpoint", bundle.string());
  PL_TRY(note, read(bundle / "checkpoint", max_checkpoint_bytes));
  auto checkpoint = peek_checkpoint(note);
  if (!checkpoint) return broken(checkpoint.error().what, (bundle / "checkpoint").string());
  return std::unique_ptr<Source>(std::make_unique<BundleSource>(bundle, checkpoint->size));
}

}  // namespace pontlevis::audit
