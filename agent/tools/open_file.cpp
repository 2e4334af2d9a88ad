#include "agent/tools/open_file.hpp"

#include <cstdlib>
#include <utility>

#include "protocol/text.hpp"

namespace pontlevis::agent {
namespace {

const EVP_MD* fetched_sha256() {
  static const CHandle<EVP_MD, EVP_MD_free> md(EVP_MD_fetch(nullptr, "SHA256", nullptr));
  if (!md) std::abort();  // no hash, no product
  return md.get();
}

void must(int result) {
  if (result != 1) std::abort();
}

// The length of the UTF-8 character that `text` starts with; 0 when it is not one to show.
std::size_t shown_character(std::string_view text) {
  for (std::size_t n = 1; n <= 4 && n <= text.size(); ++n)
    if (is_utf8(text.substr(0, n))) return has_control(text.substr(0, n)) ? 0 : n;
  return 0;
}

}  // namespace

void RunningHash::add(std::string_view content) {
  if (!hash_) {
    hash_.reset(EVP_MD_CTX_new());
    must(EVP_DigestInit_ex2(hash_.get(), fetched_sha256(), nullptr));
  }
  must(EVP_DigestUpdate(hash_.get(), content.data(), content.size()));
  bytes_ += content.size();
}

std::string RunningHash::hex() {
  if (!hash_) add({});
  unsigned char digest[32];
  must(EVP_DigestFinal_ex(hash_.get(), digest, nullptr));
  return to_hex({reinterpret_cast<const char*>(digest), sizeof digest});
}

void WrittenContent::passed(std::uint64_t offset, std::string_view content) {
  if (!in_order_ || offset != next()) return disturb();
  hash_.add(content);
}

std::optional<std::string> WrittenContent::sha256() {
  if (!std::exchange(in_order_, false)) return std::nullopt;
  return hash_.hex();
}

void ReadContent::passed(std::uint64_t offset, std::string_view content) {
  used_ = true;
  if (offset > next()) return keep(offset, content);
  const std::uint64_t known = next() - offset;
  if (known >= content.size()) return;  // a second time
  hash_.add(content.substr(known));
  catch_up();
}

void ReadContent::keep(std::uint64_t offset, std::string_view content) {
  if (content.empty() || early_.contains(offset)) return;
  if (early_bytes_ + content.size() > most_early) return void(untold_ += content.size());
  early_.emplace(offset, content);
  early_bytes_ += content.size();
}

void ReadContent::catch_up() {
  while (!early_.empty() && early_.begin()->first <= next()) {
    const auto piece = early_.extract(early_.begin());
    early_bytes_ -= piece.mapped().size();
    const std::uint64_t known = next() - piece.key();
    if (known < piece.mapped().size()) hash_.add(std::string_view(piece.mapped()).substr(known));
  }
}

std::uint64_t ReadContent::bytes() const noexcept { return next() + early_bytes_ + untold_; }

std::optional<std::string> ReadContent::sha256() {
  if (!early_.empty() || untold_ > 0) return std::nullopt;
  return hash_.hex();
}

void report(OpenFile& file, FileEvents& events) {
  if (file.reported || file.folder) return;
  file.reported = true;
  const bool closed = file.closed.value_or(false);
  if (file.writes) {
    TransferDone t{file.path, Direction::upload, file.written, std::nullopt, closed && !file.write_failed};
    if (!file.write_failed && !file.append && file.in.next() == file.written) t.sha256 = file.in.sha256();
    events.transfer_done(t);
  }
  if (file.reads && file.out.used()) {
    const bool whole = file.read_to_end || file.size == file.out.bytes();
    TransferDone t{file.path, Direction::download, file.out.bytes(), std::nullopt, closed && whole};
    t.sha256 = file.out.sha256();
    events.transfer_done(t);
  }
}

std::string name_for_record(std::string_view name) {
  std::string out;
  while (!name.empty()) {
    std::size_t n = shown_character(name);
    if (n == 0) out += "\\x" + to_hex(name.substr(0, n = 1));
    else if (name.front() == '\\') out += "\\\\";
    else out += name.substr(0, n);
    name.remove_prefix(n);
  }
  return out;
}

}  // namespace pontlevis::agent
