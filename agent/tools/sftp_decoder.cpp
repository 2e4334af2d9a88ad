#include "agent/tools/sftp_decoder.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "agent/tools/open_file.hpp"
#include "agent/tools/sftp_wire.hpp"

namespace pontlevis::agent {
namespace {

using sftp::Reader;
using File = std::shared_ptr<OpenFile>;

// Each request in flight costs us a table row, so small requests are not free of charge.
constexpr std::size_t row_cost = 64;
constexpr std::size_t max_answers = 256 * 1024;
constexpr std::size_t max_handle = 256;

std::unexpected<Error> malformed(std::string what, const char* side) {
  return fail(Errc::bad_frame, "SFTP: " + std::move(what), side, "use an SFTP version 3 client such as OpenSSH's sftp");
}

// A request passed on and not answered.
struct Pending {
  std::uint8_t type = 0;
  std::uint8_t answer = sftp::status;  // what may come beside STATUS
  std::size_t cost = 0;                // bytes, for the governor
  std::size_t expected = 0;            // bytes of content asked for
  FileAct act;                         // act.act empty = nothing to record
  File file, second;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::uint64_t charged = 0;           // to the session's account
  std::uint32_t flags = 0;
  bool lands = true;                   // every name in it may be changed
};

// What to do with a request.
struct Verdict {
  enum { pass, answer } what = pass;
  std::uint32_t status = sftp::ok;
  Pending pending;
};

Verdict answer(std::uint32_t status, Pending pending = {}) { return {Verdict::answer, status, std::move(pending)}; }
Verdict pass(Pending pending) { return {Verdict::pass, sftp::ok, std::move(pending)}; }
Verdict refuse(std::uint32_t status, std::string why, Pending pending) {
  pending.act.why = std::move(why);
  return answer(status, std::move(pending));
}

// An incoming stream cut into packets; the length is judged as soon as it is there.
class Framer {
 public:
  Result<> feed(std::span<const char> bytes, const char* side) {
    compact();
    buffer_.append(bytes.data(), bytes.size());
    return check(side);
  }
  // The next whole packet with its length, or empty. Valid until the next call.
  std::string_view peek() const {
    if (held() < 4) return {};
    const std::size_t whole = 4 + length();
    return held() < whole ? std::string_view{} : std::string_view(buffer_).substr(start_, whole);
  }
  Result<> drop(std::size_t n, const char* side) {
    start_ += n;
    return check(side);
  }
  std::size_t held() const noexcept { return buffer_.size() - start_; }

 private:
  std::size_t length() const { return Reader(std::string_view(buffer_).substr(start_, 4)).u32(); }
  Result<> check(const char* side) const {
    if (held() < 4) return {};
    if (length() == 0) return malformed("a packet of no bytes", side);
    if (length() > SftpDecoder::max_packet) return malformed("a packet longer than 256 KiB", side);
    return {};
  }
  void compact() {
    buffer_.erase(0, start_);
    start_ = 0;
  }
  std::string buffer_;
  std::size_t start_ = 0;
};

}  // namespace

struct SftpDecoder::Impl {
  Impl(FileRights r, FileEvents& e, FileLimits l, UploadAccount& a) : rights(r), events(e), limits(std::move(l)), account(a) {}

  FileRights rights;
  FileEvents& events;
  const FileLimits limits;
  UploadAccount& account;
  Framer client, server;
  std::string answers;
  bool init_passed = false, version_seen = false, finished = false;
  std::map<std::uint32_t, Pending> pending;
  std::map<std::string, File, std::less<>> files;
  std::size_t opening = 0, unanswered = 0, expected = 0;

  bool governor_open() const {
    return unanswered < max_unanswered && expected < max_expected_data && answers.size() < max_answers;
  }

  // ---- requests ----
  Result<bool> consider(std::string_view packet);  // true = pass it on
  Result<bool> consider_init(Reader in);
  Result<Verdict> judge(std::uint8_t type, Reader in);
  Result<Verdict> judge_open(Reader in);
  Result<Verdict> judge_on_handle(std::uint8_t type, Reader in);
  Result<Verdict> judge_on_path(std::uint8_t type, Reader in);
  Result<Verdict> judge_two_paths(const char* act, Reader in, bool second_first);
  Result<Verdict> judge_extended(Reader in);
  Result<Verdict> judge_copy(Reader in);
  std::string name_from(Reader& in, Pending& p) const;
  void attrs_from(Reader& in, Pending& p) const;
  Verdict changing(Pending p);
  Verdict outside(Pending p) const;
  Verdict writing(Pending p, std::string_view content);
  File file_of(std::string_view handle) const;
  void forget_handle(std::string_view handle) { files.erase(files.find(handle)); }
  void reply(std::uint32_t id, std::uint32_t status, const std::string& why);
  void pass_on(std::uint32_t id, Pending p, std::size_t bytes);

  // ---- answers ----
  Result<> settle(std::string_view packet);
  Result<> settle_version(std::uint8_t type, Reader in);
  Result<> settle_status(Pending& p, Reader in);
  Result<> settle_handle(Pending& p, Reader in);
  Result<> settle_data(Pending& p, Reader in);
  Result<> settle_attrs(Pending& p, Reader in);
  void settle_account(const Pending& p, std::uint32_t status);
  void release(const Pending& p);
  void record(FileAct act, FileOutcome outcome);
};

// ---- requests: what is asked, and whether it may be ----

Result<bool> SftpDecoder::Impl::consider(std::string_view packet) {
  Reader in(packet.substr(4));
  const std::uint8_t type = in.u8();
  if (!init_passed) return type == sftp::init ? consider_init(in) : malformed("a request before INIT", "client");
  if (!version_seen) return malformed("a request before the server's VERSION", "client");
  const std::uint32_t id = in.u32();
  if (!in.good()) return malformed("a truncated request", "client");
  if (pending.contains(id)) return malformed("a request number that is in use", "client");
  PL_TRY(verdict, judge(type, in));
  if (verdict.what == Verdict::pass) return pass_on(id, std::move(verdict.pending), packet.size()), true;
  auto& act = verdict.pending.act;
  reply(id, verdict.status, act.why);
  if (act.act.empty()) return false;
  const bool refused = verdict.status == sftp::permission_denied || !act.why.empty();
  record(std::move(act), refused ? FileOutcome::refused : FileOutcome::failed);
  return false;
}

Result<bool> SftpDecoder::Impl::consider_init(Reader in) {
  const std::uint32_t version = in.u32();
  while (in.good() && !in.whole()) in.text(1024), in.text(1024);  // extension pairs
  if (!in.whole()) return malformed("a broken INIT", "client");
  if (version < 3) return malformed("a version before 3", "client");
  return init_passed = true;
}

Result<Verdict> SftpDecoder::Impl::judge(std::uint8_t type, Reader in) {
  switch (type) {
    case sftp::open: return judge_open(in);
    case sftp::close: case sftp::read: case sftp::write: case sftp::fstat: case sftp::fsetstat: case sftp::readdir:
      return judge_on_handle(type, in);
    case sftp::lstat: case sftp::stat: case sftp::setstat: case sftp::opendir: case sftp::remove: case sftp::mkdir:
    case sftp::rmdir: case sftp::realpath: case sftp::readlink:
      return judge_on_path(type, in);
    case sftp::rename: return judge_two_paths("rename", in, false);
    case sftp::symlink: return judge_two_paths("symlink", in, true);  // OpenSSH: target first, then link
    case sftp::extended: return judge_extended(in);
    default: return malformed("an unknown request, type " + std::to_string(type), "client");
  }
}

// The next name, as for the record; `p` remembers whether it may be changed.
std::string SftpDecoder::Impl::name_from(Reader& in, Pending& p) const {
  const std::string_view name = in.text(max_path);
  p.lands = p.lands && lands_in(limits.landing, name);
  return name_for_record(name);
}

void SftpDecoder::Impl::attrs_from(Reader& in, Pending& p) const {
  const auto attrs = sftp::read_attrs(in);
  p.act.detail = sftp::describe(attrs);
  if (attrs.flags & sftp::a_size) p.length = attrs.size;
}

Verdict SftpDecoder::Impl::outside(Pending p) const {
  return refuse(sftp::permission_denied, "only inside " + name_for_record(limits.landing) + " can anything be changed", std::move(p));
}

// Anything that leaves a trace on the practice's disk.
Verdict SftpDecoder::Impl::changing(Pending p) {
  if (!rights.upload) return answer(sftp::permission_denied, std::move(p));
  if (!p.lands) return outside(std::move(p));
  // A size set is a file made long: empty, but as long as any.
  if (auto why = too_much(limits, {}, p.length, 0); !why.empty()) return refuse(sftp::failure, std::move(why), std::move(p));
  return pass(std::move(p));
}

// Content for a file we have seen opened. What is refused is not passed on, so the file stays without it.
// Where a file is only appended to, its beginning is not known: what this handle appends counts.
Verdict SftpDecoder::Impl::writing(Pending p, std::string_view content) {
  auto& file = *p.file;
  const std::uint64_t size = end_of(file.append ? file.passed : p.offset, content.size());
  auto why = file.lands ? too_much(limits, account, size, content.size()) : "it was not opened to be changed";
  if (!why.empty()) {
    file.write_failed = true;
    if (!std::exchange(file.refusal_told, true)) p.act.act = "write", p.act.path = file.path;
    return refuse(sftp::failure, std::move(why), std::move(p));
  }
  p.charged = content.size();
  account.bytes += p.charged;
  file.passed += content.size();
  file.in.passed(p.offset, content);
  return pass(std::move(p));
}

Result<Verdict> SftpDecoder::Impl::judge_open(Reader in) {
  Pending p;
  p.type = sftp::open;
  p.answer = sftp::handle;
  p.act.path = name_from(in, p);
  p.flags = in.u32();
  sftp::read_attrs(in);
  if (!in.whole() || (p.flags & ~sftp::all_open_flags) != 0) return malformed("a broken OPEN", "client");
  // The server opens for reading when no flag says otherwise.
  const bool reads = (p.flags & sftp::f_read) != 0 || (p.flags & sftp::f_write) == 0;
  const bool writes = (p.flags & ~sftp::f_read) != 0;
  p.act.act = "open";
  p.act.detail = reads && writes ? "read write" : reads ? "read" : "write";
  if ((writes && !rights.upload) || (reads && !rights.download)) return answer(sftp::permission_denied, std::move(p));
  if (writes && !p.lands) return outside(std::move(p));
  if (files.size() + opening >= max_open_files) return answer(sftp::failure, std::move(p));
  p.file = std::make_shared<OpenFile>();
  p.file->path = p.act.path;
  // With a landing folder, what was opened to be read may lie behind a link: nothing of it is changed.
  p.file->lands = limits.landing.empty() || writes;
  p.file->reads = reads;
  p.file->writes = writes;
  p.file->append = (p.flags & sftp::f_append) != 0;
  return pass(std::move(p));
}

File SftpDecoder::Impl::file_of(std::string_view handle) const {
  const auto at = files.find(handle);
  return at == files.end() ? nullptr : at->second;
}

// A handle we have not seen given out is refused here: a client could guess the next one and
// write to it before we know which file it is.
Result<Verdict> SftpDecoder::Impl::judge_on_handle(std::uint8_t type, Reader in) {
  Pending p;
  p.type = type;
  const std::string_view handle = in.text(max_handle);
  std::string_view content;
  if (type == sftp::read || type == sftp::write) p.offset = in.u64();
  if (type == sftp::read) p.length = in.u32();
  if (type == sftp::write) p.length = (content = in.text(max_packet)).size();
  if (type == sftp::fsetstat) attrs_from(in, p);
  if (!in.whole()) return malformed("a broken request on a handle", "client");
  p.file = file_of(handle);
  if (type == sftp::fsetstat) p.act.act = "setstat", p.act.path = p.file ? p.file->path : "";
  const bool writes = type == sftp::write || type == sftp::fsetstat;
  if ((writes && !rights.upload) || (type == sftp::read && !rights.download))
    return answer(sftp::permission_denied, std::move(p));
  if (!p.file) return answer(sftp::failure);
  p.lands = p.file->lands;
  if (type == sftp::fsetstat) return changing(std::move(p));
  if (type == sftp::write) return writing(std::move(p), content);
  if (type == sftp::read) p.answer = sftp::data, p.expected = std::min<std::uint64_t>(p.length, max_packet);
  if (type == sftp::fstat) p.answer = sftp::attrs;
  if (type == sftp::readdir) p.answer = sftp::name;
  if (type == sftp::close) forget_handle(handle);
  return pass(std::move(p));
}

Result<Verdict> SftpDecoder::Impl::judge_on_path(std::uint8_t type, Reader in) {
  Pending p;
  p.type = type;
  p.act.path = name_from(in, p);
  if (type == sftp::setstat || type == sftp::mkdir) attrs_from(in, p);
  if (!in.whole()) return malformed("a broken request on a path", "client");
  switch (type) {
    case sftp::lstat: case sftp::stat: p.answer = sftp::attrs; return pass(std::move(p));
    case sftp::realpath: case sftp::readlink: p.answer = sftp::name; return pass(std::move(p));
    case sftp::setstat: p.act.act = "setstat"; break;
    case sftp::remove: p.act.act = "remove"; break;
    case sftp::mkdir: p.act.act = "mkdir"; break;
    case sftp::rmdir: p.act.act = "rmdir"; break;
    default: break;
  }
  if (type != sftp::opendir) return changing(std::move(p));
  p.act.act = "list";
  p.answer = sftp::handle;
  if (files.size() + opening >= max_open_files) return answer(sftp::failure, std::move(p));
  p.file = std::make_shared<OpenFile>();
  p.file->path = p.act.path;
  p.file->folder = true;
  p.file->lands = limits.landing.empty();
  return pass(std::move(p));
}

Result<Verdict> SftpDecoder::Impl::judge_two_paths(const char* act, Reader in, bool second_first) {
  Pending p;
  p.type = sftp::rename;
  p.act.act = act;
  p.act.path = name_from(in, p);
  p.act.target = name_from(in, p);
  if (second_first) std::swap(p.act.path, p.act.target);
  if (!in.whole()) return malformed("a broken request on two paths", "client");
  // A link made inside could lead the next request outside.
  if (p.act.act != "rename" && !limits.landing.empty()) p.lands = false;
  return changing(std::move(p));
}

Result<Verdict> SftpDecoder::Impl::judge_extended(Reader in) {
  const std::string_view name = in.text(256);
  if (name == "posix-rename@openssh.com") return judge_two_paths("rename", in, false);
  if (name == "hardlink@openssh.com") return judge_two_paths("hardlink", in, false);
  if (name == "copy-data") return judge_copy(in);
  Pending p;
  p.type = sftp::extended;
  if (name == "lsetstat@openssh.com") {
    p.act.act = "setstat";
    p.act.path = name_from(in, p);
    attrs_from(in, p);
    if (!in.whole()) return malformed("a broken lsetstat", "client");
    return changing(std::move(p));
  }
  p.answer = sftp::extended_reply;
  if (name == "statvfs@openssh.com") {
    in.text(max_path);
  } else if (name == "fstatvfs@openssh.com" || name == "fsync@openssh.com") {
    p.file = file_of(in.text(max_handle));
    if (in.whole() && !p.file) return answer(sftp::failure);
  } else if (name == "expand-path@openssh.com" || name == "home-directory") {
    in.text(max_path);
    p.answer = sftp::name;
  } else if (name == "users-groups-by-id@openssh.com") {
    in.text(max_packet), in.text(max_packet);
  } else if (name != "limits@openssh.com") {
    if (!in.good()) return malformed("a broken extension", "client");
    return answer(sftp::op_unsupported);  // a name we cannot judge does not pass
  }
  if (!in.whole()) return malformed("a broken extension", "client");
  return pass(std::move(p));
}

// Content goes from file to file at the practice: recorded as an act, and the hash of the
// receiving file cannot be known any more.
Result<Verdict> SftpDecoder::Impl::judge_copy(Reader in) {
  Pending p;
  p.type = sftp::extended;
  p.file = file_of(in.text(max_handle));
  in.u64();
  const std::uint64_t length = in.u64();
  p.second = file_of(in.text(max_handle));
  const std::uint64_t size = end_of(in.u64(), length);
  if (!in.whole()) return malformed("a broken copy-data", "client");
  if (!rights.upload) return answer(sftp::permission_denied);
  if (!p.file || !p.second) return answer(sftp::failure);
  p.act.act = "copy", p.act.path = p.file->path, p.act.target = p.second->path;
  if (!p.second->lands) return outside(std::move(p));
  auto why = too_much(limits, account, size, length);
  if (length == 0 && (limits.largest_file > 0 || limits.largest_session > 0)) why = "a copy whose length is not said cannot be counted";
  if (!why.empty()) return refuse(sftp::failure, std::move(why), std::move(p));
  account.bytes += p.charged = length;
  p.second->in.disturb();
  return pass(std::move(p));
}

void SftpDecoder::Impl::reply(std::uint32_t id, std::uint32_t status, const std::string& why) {
  std::string body;
  sftp::put32(body, id);
  sftp::put32(body, status);
  const std::string text = !why.empty()                        ? why
                     : status == sftp::permission_denied ? "Not allowed by the practice's consent"
                     : status == sftp::op_unsupported  ? "Operation unsupported"
                                                       : "Failure";
  sftp::put_text(body, text);
  sftp::put_text(body, "");
  answers += sftp::packet(sftp::status, body);
}

void SftpDecoder::Impl::pass_on(std::uint32_t id, Pending p, std::size_t bytes) {
  p.cost = bytes + row_cost;
  unanswered += p.cost;
  expected += p.expected;
  if (p.answer == sftp::handle) ++opening;
  if (p.file) ++p.file->in_flight;
  pending.emplace(id, std::move(p));
}

// ---- answers: what came of it ----

Result<> SftpDecoder::Impl::settle(std::string_view packet) {
  Reader in(packet.substr(4));
  const std::uint8_t type = in.u8();
  if (!version_seen) return settle_version(type, in);
  const std::uint32_t id = in.u32();
  const auto at = pending.find(id);
  if (!in.good() || at == pending.end()) return malformed("an answer to no request", "server");
  Pending p = std::move(at->second);
  pending.erase(at);
  release(p);
  if (type == sftp::status) return settle_status(p, in);
  if (type != p.answer) return malformed("an answer of the wrong type, " + std::to_string(type), "server");
  if (type == sftp::handle) return settle_handle(p, in);
  if (type == sftp::data) return settle_data(p, in);
  if (type == sftp::attrs) return settle_attrs(p, in);
  settle_account(p, sftp::ok);  // names and extended replies are the client's to read
  return {};
}

Result<> SftpDecoder::Impl::settle_version(std::uint8_t type, Reader in) {
  if (!init_passed || type != sftp::version || in.u32() != 3) return malformed("no VERSION 3 as first answer", "server");
  version_seen = true;
  return {};
}

void SftpDecoder::Impl::release(const Pending& p) {
  unanswered -= p.cost;
  expected -= p.expected;
  if (p.answer == sftp::handle) --opening;
  if (p.file) --p.file->in_flight;
}

Result<> SftpDecoder::Impl::settle_status(Pending& p, Reader in) {
  const std::uint32_t status = in.u32();
  if (!in.good()) return malformed("a truncated status", "server");
  if (p.type == sftp::read && status == sftp::eof && p.offset == p.file->out.next()) {
    p.file->out.passed(p.offset, {});
    p.file->read_to_end = true;
  }
  // PuTTY asks block by block ahead of the answers: its end of file comes after a block that was not full.
  if (p.type == sftp::read && status == sftp::eof && p.offset > p.file->out.next() && p.file->read_short)
    p.file->read_to_end = true;
  settle_account(p, status);
  return {};
}

Result<> SftpDecoder::Impl::settle_handle(Pending& p, Reader in) {
  const std::string_view handle = in.text(max_handle);
  if (!in.whole() || handle.empty()) return malformed("a broken handle", "server");
  if (!files.emplace(handle, p.file).second) return malformed("a handle that is in use", "server");
  settle_account(p, sftp::ok);
  return {};
}

Result<> SftpDecoder::Impl::settle_data(Pending& p, Reader in) {
  const std::string_view content = in.text(max_packet);
  if (!in.whole() || content.size() > p.length) return malformed("broken data", "server");
  p.file->out.passed(p.offset, content);
  p.file->read_short = content.size() < p.length;
  settle_account(p, sftp::ok);
  return {};
}

Result<> SftpDecoder::Impl::settle_attrs(Pending& p, Reader in) {
  const auto attrs = sftp::read_attrs(in);
  if (!in.whole()) return malformed("broken attributes", "server");
  if (p.file && (attrs.flags & sftp::a_size)) p.file->size = attrs.size;
  settle_account(p, sftp::ok);
  return {};
}

void SftpDecoder::Impl::settle_account(const Pending& p, std::uint32_t status) {
  const bool done = status == sftp::ok;
  if (p.type == sftp::write && done) p.file->written += p.length;
  if (p.type == sftp::write && !done) p.file->write_failed = true;
  if (!done) account.bytes -= p.charged;
  if (p.type == sftp::close) p.file->closed = done;
  if (!p.act.act.empty()) record(p.act, done ? FileOutcome::done : FileOutcome::failed);
  if (p.file && p.file->closed && p.file->in_flight == 0) report(*p.file, events);
}

void SftpDecoder::Impl::record(FileAct act, FileOutcome outcome) {
  act.outcome = outcome;
  events.file_act(act);
}

// ---- the outside ----

SftpDecoder::SftpDecoder(FileRights rights, FileEvents& events, FileLimits limits, UploadAccount& account)
    : impl_(std::make_unique<Impl>(rights, events, std::move(limits), account)) {}
SftpDecoder::~SftpDecoder() = default;

Result<> SftpDecoder::from_client(std::span<const char> bytes) { return impl_->client.feed(bytes, "client"); }

Result<> SftpDecoder::from_server(std::span<const char> bytes) {
  auto& s = *impl_;
  PL_CHECK(s.server.feed(bytes, "server"));
  for (auto packet = s.server.peek(); !packet.empty(); packet = s.server.peek()) {
    PL_CHECK(s.settle(packet));
    s.answers += packet;
    PL_CHECK(s.server.drop(packet.size(), "server"));
  }
  return {};
}

Result<std::string> SftpDecoder::to_server() {
  auto& s = *impl_;
  std::string out;
  while (s.governor_open()) {
    const auto packet = s.client.peek();
    if (packet.empty()) break;
    PL_TRY(passes, s.consider(packet));
    if (passes) out += packet;
    PL_CHECK(s.client.drop(packet.size(), "client"));
  }
  return out;
}

std::string SftpDecoder::to_client() { return std::exchange(impl_->answers, {}); }
bool SftpDecoder::governed() const noexcept { return !impl_->governor_open() && !impl_->client.peek().empty(); }
std::size_t SftpDecoder::held() const noexcept { return impl_->client.held(); }
std::size_t SftpDecoder::answers() const noexcept { return impl_->answers.size(); }
std::size_t SftpDecoder::unanswered() const noexcept { return impl_->unanswered; }
bool SftpDecoder::idle() const noexcept { return impl_->client.held() == 0 && impl_->pending.empty(); }

void SftpDecoder::finish() {
  auto& s = *impl_;
  if (std::exchange(s.finished, true)) return;
  for (auto& [id, p] : s.pending)
    if (p.file && p.type != sftp::open && p.type != sftp::opendir) report(*p.file, s.events);
  for (auto& [handle, file] : s.files) report(*file, s.events);
}

}  // namespace pontlevis::agent
