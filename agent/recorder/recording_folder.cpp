#include "agent/recorder/recording_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <set>

#include "agent/recorder/sealed_file.hpp"
#include "protocol/io/system.hpp"
#include "protocol/strict_json.hpp"

namespace pontlevis::agent {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view cast_suffix = ".cast.enc";
constexpr std::size_t max_card_bytes = 4096, max_certificate_bytes = 16 * 1024;
// Encryption adds a header and 20 bytes a chunk, and a chunk may be small.
constexpr std::size_t max_file_bytes = 2 * max_recording_bytes;
constexpr std::array<std::string_view, 4> state_words{"RUNNING", "COMPLETE", "FAILED", "CUT_SHORT"};
constexpr std::array<std::string_view, 4> reason_words{"RETENTION", "CONTRACT_END", "ERASURE_REQUEST", "SPONTANEOUS_HEALTH_DATA"};

struct OpenFile {
  int fd;
  ~OpenFile() {
    if (fd >= 0) ::close(fd);
  }
};

std::unexpected<Error> os_error(const fs::path& path, const char* doing, int e = errno) {
  return fail(Errc::io, std::string("cannot ") + doing + ": " + std::strerror(e), path.string());
}

Result<> sync_folder(const fs::path& folder) {
  const OpenFile dir{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (dir.fd < 0 || ::fsync(dir.fd) != 0) return os_error(folder, "make durable");
  return {};
}

// The bytes where they lie, then the name. A copy that the disk itself keeps elsewhere is out of reach.
Result<> destroy_small_file(const fs::path& path) {
  const OpenFile file{::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW)};
  if (file.fd < 0) return errno == ENOENT ? Result<>{} : os_error(path, "open");
  struct stat info {};
  if (::fstat(file.fd, &info) != 0) return os_error(path, "look at");
  const std::string zeros(static_cast<std::size_t>(std::min<off_t>(info.st_size, 1 << 16)), '\0');
  if (::pwrite(file.fd, zeros.data(), zeros.size(), 0) != static_cast<ssize_t>(zeros.size())) return os_error(path, "overwrite");
  if (::fsync(file.fd) != 0) return os_error(path, "make durable");
  if (::unlink(path.c_str()) != 0) return os_error(path, "remove");
  return sync_folder(path.parent_path());
}

template <std::size_t N>
std::optional<std::size_t> place_of(const std::array<std::string_view, N>& words, std::string_view word) {
  for (std::size_t i = 0; i < N; ++i)
    if (words[i] == word) return i;
  return std::nullopt;
}

json::object doom_json(const Doom& doom) {
  return {{"reason", destroy_reason_word(doom.reason)}, {"by", doom.by}, {"commitment", doom.commitment}, {"files", doom.files}};
}

Result<Doom> read_doom(const json::object& object, const std::string& where) {
  StrictObject in(object, where);
  Doom out;
  out.reason = static_cast<DestroyReason>(in.choice("reason", reason_words));
  out.by = in.text("by", 1, 64);
  out.commitment = in.text("commitment", 64, 64);
  out.files = static_cast<unsigned>(in.integer("files", 0, 1 << 20));
  PL_CHECK(in.finish());
  return out;
}

Result<RecordingCard> read_card(const json::object& object, const InterventionId& id, const std::string& where) {
  StrictObject in(object, where);
  RecordingCard out{{id, {}, {}, {}, 0, 0, 0}, std::nullopt};
  out.info.state = static_cast<RecordingInfo::State>(in.choice("state", state_words));
  out.info.started_at = in.time("started_at");
  out.info.expires_at = in.time("expires_at");
  out.info.seconds = in.integer("seconds", 0, 100'000'000);
  out.info.bytes = static_cast<std::uint64_t>(in.integer("bytes", 0, std::int64_t{1} << 50));
  out.info.streams = static_cast<unsigned>(in.integer("streams", 0, 1 << 20));
  const bool doomed = !in.is_null("doom");
  const json::object* doom = doomed ? &in.object("doom") : nullptr;
  PL_CHECK(in.finish());
  if (doom) {
    PL_TRY(read, read_doom(*doom, where));
    out.doom = std::move(read);
  }
  return out;
}

}  // namespace

std::string_view destroy_reason_word(DestroyReason reason) { return reason_words[static_cast<std::size_t>(reason)]; }

std::string content_digest(const std::vector<std::pair<unsigned, Digest>>& files) {
  std::string lines;
  for (const auto& [stream, digest] : files) lines += std::to_string(stream) + " " + to_hex(digest.view()) + "\n";
  return sha256_hex(lines);
}

Result<RecordingFolder> RecordingFolder::open(const fs::path& data) {
  RecordingFolder out(data / "recordings");
  for (const auto* part : {"", "keys", "certificates"}) PL_CHECK(io::make_private_folder(out.root_ / part));
  // A key that was being written when the machine stopped belongs to nothing.
  std::error_code ec;
  std::vector<fs::path> strays;
  for (const auto& entry : fs::directory_iterator(out.root_ / "keys", ec))
    if (entry.path().extension() != ".key") strays.push_back(entry.path());
  for (const auto& stray : strays) PL_CHECK(destroy_small_file(stray));
  return out;
}

fs::path RecordingFolder::cast(const InterventionId& id, unsigned stream) const {
  return of(id) / (std::to_string(stream) + std::string(cast_suffix));
}

Result<std::vector<InterventionId>> RecordingFolder::all() const {
  std::set<std::string> names;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(root_, ec)) names.insert(entry.path().filename().string());
  if (ec) return os_error(root_, "list", ec.value());
  for (const auto& entry : fs::directory_iterator(root_ / "keys", ec)) names.insert(entry.path().stem().string());
  if (ec) return os_error(root_ / "keys", "list", ec.value());
  std::vector<InterventionId> out;
  for (const auto& name : names)
    if (auto id = InterventionId::parse(name)) out.push_back(*std::move(id));
  return out;
}

Result<std::optional<RecordingCard>> RecordingFolder::card(const InterventionId& id) const {
  const auto path = of(id) / "recording.json";
  std::error_code ec;
  if (!fs::exists(path, ec)) return std::nullopt;
  PL_TRY(text, io::read_file(path, max_card_bytes));
  PL_TRY(object, parse_object(text, max_card_bytes, path.string()));
  PL_TRY(card, read_card(object, id, path.string()));
  return card;
}

Result<> RecordingFolder::keep_card(const RecordingCard& card) const {
  const auto& i = card.info;
  const json::object object{{"state", state_words[static_cast<std::size_t>(i.state)]},
                            {"started_at", to_utc(i.started_at)},
                            {"expires_at", to_utc(i.expires_at)},
                            {"seconds", i.seconds},
                            {"bytes", i.bytes},
                            {"streams", i.streams},
                            {"doom", card.doom ? json::value(doom_json(*card.doom)) : json::value(nullptr)}};
  return io::write_file(of(i.intervention) / "recording.json", json::serialize(object), io::FileMode::owner_only);
}

Result<std::vector<unsigned>> RecordingFolder::streams(const InterventionId& id) const {
  std::vector<unsigned> out;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(of(id), ec)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(cast_suffix)) continue;
    const auto number = parse_decimal(std::string_view(name).substr(0, name.size() - cast_suffix.size()), 0x7fff'ffff);
    if (number) out.push_back(static_cast<unsigned>(*number));
  }
  if (ec && ec != std::errc::no_such_file_or_directory) return os_error(of(id), "list", ec.value());
  std::ranges::sort(out);
  return out;
}

Result<RecordingFolder::Content> RecordingFolder::content(const InterventionId& id) const {
  PL_TRY(found, streams(id));
  std::vector<std::pair<unsigned, Digest>> files;
  Content out;
  for (const auto stream : found) {
    PL_TRY(file, io::read_file(cast(id, stream), max_file_bytes));
    files.emplace_back(stream, sha256(file));
    out.bytes += file.size();
  }
  out.files = static_cast<unsigned>(files.size());
  out.sha256 = content_digest(files);
  return out;
}

Result<> RecordingFolder::keep_key(const InterventionId& id, const Secret& key) const {
  return io::write_file(key_file(id), key.expose(), io::FileMode::owner_only);
}

Result<Secret> RecordingFolder::key(const InterventionId& id) const {
  auto key = io::read_secret_file(key_file(id), sealed_key_bytes);
  if (!key) return fail(key.error().code, "the key of this recording is not there", "recording", "without its key nobody can read it");
  return key;
}

Result<> RecordingFolder::destroy_key(const InterventionId& id) const { return destroy_small_file(key_file(id)); }

namespace {
bool is_absent(const fs::path& path) {
  std::error_code ec;
  return fs::symlink_status(path, ec).type() == fs::file_type::not_found;
}

// What lies in `folder` beside the card; nothing when the folder is not there.
Result<std::vector<fs::path>> beside_card(const fs::path& folder) {
  std::vector<fs::path> out;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(folder, ec))
    if (entry.path().filename() != "recording.json") out.push_back(entry.path());
  if (ec && ec != std::errc::no_such_file_or_directory) return os_error(folder, "list", ec.value());
  return out;
}
}  // namespace

// The card stays until the certificate lies beside it: it says what the certificate must say.
Result<> RecordingFolder::destroy_files(const InterventionId& id) const {
  if (is_absent(of(id))) return {};
  PL_TRY(files, beside_card(of(id)));
  for (const auto& file : files) {
    std::error_code ec;
    fs::remove_all(file, ec);
    if (ec) return os_error(file, "remove", ec.value());
  }
  return sync_folder(of(id));
}

bool RecordingFolder::is_gone(const InterventionId& id) const {
  const auto left = beside_card(of(id));
  return is_absent(key_file(id)) && left && left->empty();
}

Result<> RecordingFolder::forget(const InterventionId& id) const {
  std::error_code ec;
  fs::remove_all(of(id), ec);
  if (ec) return os_error(of(id), "remove", ec.value());
  return sync_folder(root_);
}

bool RecordingFolder::is_known(const InterventionId& id) const { return !is_absent(key_file(id)) || !is_absent(of(id)); }

Result<std::string> RecordingFolder::last_certificate() const {
  auto text = io::read_file(root_ / "certificates" / "last", 64);
  if (text) return text;
  return text.error().code == Errc::not_found ? Result<std::string>(std::string()) : text;
}

Result<> RecordingFolder::keep_certificate(const Destruction& made) const {
  const auto text = json::serialize(made.certificate);
  PL_CHECK(io::write_file(certificate_file(made.intervention), text, io::FileMode::owner_only));
  return io::write_file(root_ / "certificates" / "last", sha256_hex(text), io::FileMode::owner_only);
}

Result<std::vector<Destruction>> RecordingFolder::unkept() const {
  std::vector<Destruction> out;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(root_ / "certificates", ec)) {
    auto id = InterventionId::parse(entry.path().stem().string());
    if (!id || entry.path().extension() != ".json") continue;
    PL_TRY(text, io::read_file(entry.path(), max_certificate_bytes));
    PL_TRY(certificate, parse_object(text, max_certificate_bytes, entry.path().string()));
    out.push_back({*std::move(id), std::move(certificate)});
  }
  return out;
}

Result<> RecordingFolder::certificate_kept(const InterventionId& id) const {
  std::error_code ec;
  fs::remove(certificate_file(id), ec);
  if (ec) return os_error(certificate_file(id), "remove", ec.value());
  return {};
}

}  // namespace pontlevis::agent
