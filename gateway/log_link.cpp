#include "gateway/log_link.hpp"

#include "gateway/events.hpp"
#include "protocol/io/system.hpp"
#include "protocol/json_values.hpp"
#include "protocol/statement.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr std::size_t max_file = 8 << 20;
constexpr std::size_t max_successors = 64;
constexpr auto many = StrictObject::Lines::many;

std::filesystem::path link_file(const DataFolder& f) { return f.root / "link.json"; }
std::filesystem::path successors_file(const DataFolder& f) { return f.root / "log-successors.json"; }
std::filesystem::path next_key(const DataFolder& f) { return f.keys() / "log-next.key"; }

Result<NoteVerifier> verifier_in(const std::filesystem::path& file) {
  PL_TRY(text, io::read_secret_file(file));
  PL_TRY(signer, NoteSigner::parse(text));
  return signer.verifier();
}

Result<> move(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::error_code ec;
  if (std::filesystem::exists(to, ec)) return fail(Errc::conflict, "exists already", to.string(), "a log put aside is never overwritten");
  std::filesystem::rename(from, to, ec);
  return ec ? fail(Errc::io, "cannot be moved to " + to.string() + ": " + ec.message(), from.string()) : Result<>{};
}

Result<std::vector<std::string>> read_successors(const DataFolder& folder) {
  const auto text = io::read_file(successors_file(folder), max_file);
  if (!text && text.error().code == Errc::not_found) return std::vector<std::string>{};
  if (!text) return std::unexpected(text.error());
  PL_TRY(object, parse_object(*text, max_file, successors_file(folder).string(), JsonForm::any));
  StrictObject in(object, successors_file(folder).string());
  std::vector<std::string> out;
  for (const auto& value : in.array("notes", 0, max_successors)) {
    if (!value.is_string()) return fail(Errc::bad_input, "holds what is not a statement", successors_file(folder).string());
    out.emplace_back(value.get_string());
  }
  PL_CHECK(in.finish());
  return out;
}

Result<> add_successor(const DataFolder& folder, const std::string& note) {
  PL_TRY(notes, read_successors(folder));
  if (!notes.empty() && notes.back() == note) return {};
  notes.push_back(note);
  return io::write_file(successors_file(folder), json::serialize(json::object{{"notes", texts_json(notes)}}) + "\n", io::FileMode::everyone_reads);
}

Result<std::optional<LinkRequest>> read_request(const DataFolder& folder) {
  const auto text = io::read_file(link_file(folder), max_file);
  if (!text && text.error().code == Errc::not_found) return std::nullopt;
  if (!text) return std::unexpected(text.error());
  PL_TRY(object, parse_object(*text, max_file, link_file(folder).string(), JsonForm::any));
  StrictObject in(object, link_file(folder).string());
  LinkRequest out;
  out.successor = in.text("successor", 1, max_statement_bytes, many);
  out.last_checkpoint = in.text("last_checkpoint", 0, 64 * 1024, many);
  out.last_size = static_cast<audit::TreeSize>(in.integer("last_size", 0, INT64_MAX));
  out.own_size = static_cast<audit::TreeSize>(in.integer("own_size", 0, INT64_MAX));
  out.done_by = in.text("done_by", 0, 64);
  PL_CHECK(in.finish());
  return out;
}

// Puts the old log and its key aside and the new key in place; each step looks whether it was done before.
Result<> switch_files(const DataFolder& folder, const certs::LogSuccessor& successor, std::size_t number) {
  const auto aside = "log-closed-" + std::to_string(number);
  std::error_code ec;
  const auto vkey = io::read_file(folder.log() / "log.vkey", 4096);
  if (vkey && *vkey == successor.old_log.text() + "\n") PL_CHECK(move(folder.log(), folder.root / aside));
  if (std::filesystem::exists(next_key(folder), ec)) {
    if (std::filesystem::exists(folder.log_key(), ec)) PL_CHECK(move(folder.log_key(), folder.keys() / (aside + ".key")));
    PL_CHECK(move(next_key(folder), folder.log_key()));
  }
  PL_TRY(in_use, verifier_in(folder.log_key()));
  if (in_use != successor.new_log) return fail(Errc::conflict, "is not the key that the statement names", folder.log_key().string(), "log prepare prints it");
  return {};
}

Result<audit::Record> link_record(const LinkRequest& r, const certs::LogSuccessor& s) {
  json::object fields{{"previous_origin", s.old_log.name()}, {"previous_key", s.old_log.text()}, {"last_size", r.last_size},
                      {"own_size", r.own_size}, {"missing", r.last_size > r.own_size ? r.last_size - r.own_size : 0}, {"cause", s.cause}};
  if (!r.last_checkpoint.empty()) fields["last_checkpoint"] = r.last_checkpoint;
  if (!r.done_by.empty()) fields["done_by"] = r.done_by;
  return audit::Record::make("link", fields);
}

Result<> enrol_key(audit::Log& log, std::string_view kind, const NoteVerifier& key, const std::string& practice) {
  json::object fields{{"kind", kind}, {"key_name", key.name()}, {"verifier_key", key.text()}};
  if (!practice.empty()) fields["practice"] = practice;
  PL_TRY(record, audit::Record::make("enrolment", fields));
  PL_CHECK(log.append_now(std::move(record)));
  return {};
}

}  // namespace

Result<NoteVerifier> prepare_link(const DataFolder& folder, const NoteVerifier& old_log, Random& random) {
  std::error_code ec;
  if (std::filesystem::exists(next_key(folder), ec)) return verifier_in(next_key(folder));
  PL_TRY(before, read_successors(folder));
  auto name = old_log.name();
  if (const auto suffix = "-" + std::to_string(before.size() + 1); !before.empty() && name.ends_with(suffix)) name.resize(name.size() - suffix.size());
  const NoteSigner signer(name + "-" + std::to_string(before.size() + 2), NoteKeyType::ed25519, Ed25519Key::generate(random));
  const Secret text = signer.text();
  PL_CHECK(io::write_file(next_key(folder), text.expose(), io::FileMode::owner_only));
  return signer.verifier();
}

Result<> request_link(const DataFolder& folder, const certs::TrustBundle& trust, const LinkRequest& r) {
  PL_TRY(successor, certs::open_log_successor(r.successor, trust.staff));
  PL_TRY(next, verifier_in(next_key(folder)));
  PL_TRY(before, read_successors(folder));
  if (successor.old_log != trust.log) return fail(Errc::conflict, "follows another log than this one", "log link", "pontlevis-certs log-successor issue --old-log …");
  if (successor.new_log != next) return fail(Errc::conflict, "names another new log than the one prepared here", "log link", "log prepare prints it");
  if (before.size() >= max_successors) return fail(Errc::conflict, "this gateway has lost its log too often", "log link");
  const json::object out{{"successor", r.successor}, {"last_checkpoint", r.last_checkpoint}, {"last_size", r.last_size}, {"own_size", r.own_size}, {"done_by", r.done_by}};
  return io::write_file(link_file(folder), json::serialize(out) + "\n", io::FileMode::owner_only);
}

Result<> move_to_new_log(const DataFolder& folder) {
  PL_TRY(request, read_request(folder));
  if (!request) return {};
  PL_TRY(text, io::read_file(folder.trust()));
  PL_TRY(trust, certs::TrustBundle::parse(text));
  PL_TRY(successor, certs::open_log_successor(request->successor, trust.staff));
  if (trust.log == successor.new_log) return {};
  PL_TRY(before, read_successors(folder));
  const auto number = before.size() + (!before.empty() && before.back() == request->successor ? 0 : 1);
  PL_CHECK(switch_files(folder, successor, number));
  PL_CHECK(add_successor(folder, request->successor));
  std::error_code ec;
  std::filesystem::remove(folder.root / "log-state.json", ec);  // it was about the old one
  trust.log = successor.new_log;
  event(Level::warn, "log.linked", {{"from", successor.old_log.name()}, {"to", successor.new_log.name()}});
  return io::write_file(folder.trust(), trust.text(), io::FileMode::everyone_reads);
}

Result<> begin_linked_log(const DataFolder& folder, audit::Log& log, audit::CosignatureStore& cosignatures, const Practices& practices, const certs::TrustBundle& trust) {
  PL_TRY(request, read_request(folder));
  if (!request) return {};
  PL_TRY(successor, certs::open_log_successor(request->successor, trust.staff));
  if (log.verifier() != successor.new_log) return fail(Errc::conflict, "is not the log that was asked for", folder.log().string());
  if (log.size() == 0) {
    PL_TRY(record, link_record(*request, successor));
    PL_CHECK(log.append_now(std::move(record)));
  }
  PL_CHECK(enrol_key(log, "log", trust.log, {}));
  PL_CHECK(enrol_key(log, "staff", trust.staff, {}));
  for (const auto& [id, practice] : practices.all()) {
    if (!practice.enrolment) continue;
    PL_CHECK(enrol_key(log, "practice", practice.enrolment->practice_key, id.text()));
    PL_CHECK(enrol_key(log, "witness", practice.enrolment->witness_key, id.text()));
    PL_CHECK(cosignatures.enrol_now(practice.enrolment->witness_key));
  }
  std::error_code ec;
  std::filesystem::remove(link_file(folder), ec);
  return ec ? fail(Errc::io, "cannot be removed", link_file(folder).string()) : Result<>{};
}

Result<std::vector<std::string>> successors_since(const DataFolder& folder, const NoteVerifier& staff, std::string_view old_log) {
  PL_TRY(notes, read_successors(folder));
  for (std::size_t i = 0; i < notes.size(); ++i) {
    PL_TRY(successor, certs::open_log_successor(notes[i], staff));
    if (successor.old_log.text() == old_log) return std::vector<std::string>(notes.begin() + static_cast<std::ptrdiff_t>(i), notes.end());
  }
  return std::vector<std::string>{};
}

}  // namespace pontlevis::gateway
