// A bundle as a source: the files of a C2SP tlog-tiles directory and what lies beside it.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

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

// The lines of one large file, read in stretches that stay in the processor's cache; one file after another in the
// same room. A thread's own.
class PackLines {
 public:
  // Whether there is such a file.
  Result<bool> open(const std::filesystem::path& file, std::size_t max) {
    file_ = file;
    have_ = at_ = 0;
    left_ = max;
    fd_.reset(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));  // a pipe in its place must not hold us
    if (fd_.get() < 0 && errno == ENOENT) return false;
    if (fd_.get() < 0) return fail(Errc::unavailable, "cannot be opened", file.string());
    struct stat about {};
    if (::fstat(fd_.get(), &about) != 0 || !S_ISREG(about.st_mode)) return fail(Errc::unavailable, "is not a file", file.string());
    if (static_cast<std::size_t>(about.st_size) > max) return broken("is too long", file.string());
    return true;
  }
  // Without its line feed; nothing at the end. It stays until the next call.
  Result<std::optional<std::string_view>> next() {
    for (std::size_t seen = at_;;) {
      const std::string_view rest(bytes_.data() + seen, have_ - seen);
      if (const auto end = rest.find('\n'); end != rest.npos) {
        const std::string_view line(bytes_.data() + at_, seen - at_ + end);
        at_ = seen + end + 1;
        return std::optional(line);
      }
      seen = have_ - at_;
      PL_TRY(more, fill());
      if (!more && seen == 0) return std::nullopt;
      if (!more) return broken("does not end with a line feed", file_.string());
      if (have_ > max_record_line) return broken("has a line that is too long", file_.string());
    }
  }

 private:
  // What is left of a line moves to the front; a line longer than the room makes it larger.
  Result<bool> fill() {
    std::memmove(bytes_.data(), bytes_.data() + at_, have_ - at_);
    have_ -= std::exchange(at_, 0);
    if (have_ == bytes_.size()) bytes_.resize(2 * bytes_.size());
    const auto n = ::read(fd_.get(), bytes_.data() + have_, std::min(bytes_.size() - have_, left_));
    if (n < 0 && errno == EINTR) return fill();
    if (n < 0) return fail(Errc::unavailable, "cannot be read", file_.string());
    have_ += static_cast<std::size_t>(n);
    left_ -= static_cast<std::size_t>(n);  // what grows while it is read ends where it was too long
    return n > 0;
  }

  class Descriptor {
   public:
    ~Descriptor() { reset(-1); }
    void reset(int fd) {
      if (fd_ >= 0) ::close(fd_);
      fd_ = fd;
    }
    int get() const noexcept { return fd_; }

   private:
    int fd_ = -1;
  };
  std::filesystem::path file_;
  Descriptor fd_;
  std::vector<char> bytes_ = std::vector<char>(128 * 1024);
  std::size_t have_ = 0, at_ = 0, left_ = 0;
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
  Result<> visit_single_files(LeafIndex first, LeafIndex end, const RecordVisitor& visitor) const;

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
  thread_local PackLines lines;
  PL_TRY(is_there, lines.open(root_ / path, bundle::max_pack_bytes));
  if (!is_there) return visit_single_files(first, end, visitor);
  RecordView view;
  RecordLineReader reader;
  const LeafIndex pack_end = std::min<LeafIndex>(size_, (n + 1) * tile_width);
  for (LeafIndex next = n * tile_width; next < end || end == pack_end;) {
    auto line = lines.next();
    if (line && !*line) return {};
    if (!line && line.error().code == Errc::unavailable) return std::unexpected(std::move(line).error());
    const auto read = line ? reader.read(**line, view) : Result<>(std::unexpected(line.error()));
    const bool placed = read && view.index >= next && view.index < pack_end;
    if (!placed) {
      const Error fault{Errc::bad_signature, read ? "holds a record that does not stand in its place" : read.error().what, path, {}};
      if (next >= first) visitor(std::min(next, end - 1), nullptr, &fault);
      return {};
    }
    next = view.index + 1;
    if (view.index >= end) return {};
    if (view.index >= first) visitor(view.index, &view, nullptr);
  }
  return {};
}

// As older bundles have it.
Result<> BundleSource::visit_single_files(LeafIndex first, LeafIndex end, const RecordVisitor& visitor) const {
  RecordView view;
  for (LeafIndex i = first; i < end; ++i) {
    const auto found = record_of_its_own(i);
    if (!found) visitor(i, nullptr, &found.error());
    if (!found || !*found) continue;
    view.show(**found);
    visitor(i, &view, nullptr);
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
