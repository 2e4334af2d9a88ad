#include "audit/pack/pack.hpp"

#include <fstream>
#include <map>

#include "audit/source.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/io/system.hpp"
#include "protocol/json_values.hpp"
#include "protocol/statement.hpp"
#include "protocol/strict_json.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view manifest = "manifest.json", seal = "manifest.note", key_file = "export.vkey", statement_type = "proof_pack";
constexpr std::size_t max_manifest_bytes = std::size_t{256} << 20;

bool is_own(std::string_view name) { return name == manifest || name == seal || name == key_file; }

Result<> put(const fs::path& file, std::string_view content) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  out.close();
  if (!out) return fail(Errc::io, "cannot be written", file.string());
  return {};
}

struct Listed {
  std::string sha256;
  std::uint64_t bytes{};
};

// Every file but the list and its seal, by name.
Result<std::map<std::string, Listed>> list_files(const fs::path& folder) {
  std::map<std::string, Listed> out;
  std::error_code ec;
  for (fs::recursive_directory_iterator it(folder, ec), end; !ec && it != end; it.increment(ec)) {
    if (it->is_directory()) continue;
    const auto name = fs::relative(it->path(), folder, ec).generic_string();
    if (ec || !it->is_regular_file() || it->is_symlink() || !is_pack_name(name)) return fail(Errc::bad_input, "is no file of a pack", printable(name, 120));
    if (is_own(name)) continue;
    if (out.size() >= max_pack_files) return fail(Errc::bad_input, "holds too many files", folder.string());
    PL_TRY(content, io::read_file(it->path(), max_pack_file_bytes));
    out.emplace(name, Listed{sha256_hex(content), content.size()});
  }
  if (ec) return fail(Errc::io, "cannot be read", folder.string());
  return out;
}

}  // namespace

bool is_pack_name(std::string_view name) {
  if (name.empty() || name.size() > 200) return false;
  while (!name.empty()) {
    const auto part = name.substr(0, name.find('/'));
    const bool good = std::all_of(part.begin(), part.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    });
    if (part.empty() || part == "." || part == ".." || !good) return false;
    if (part.size() == name.size()) return true;
    name.remove_prefix(part.size() + 1);
  }
  return false;  // ends with '/'
}

Result<> seal_pack(const fs::path& folder, json::object about, const NoteSigner& signer) {
  PL_TRY(files, list_files(folder));
  json::array listed;
  for (const auto& [name, one] : files) listed.push_back(json::object{{"name", name}, {"sha256", one.sha256}, {"bytes", one.bytes}});
  const auto text = json::serialize(json::object{{"format", "pontlevis-proof-pack/1"}, {"about", std::move(about)}, {"files", std::move(listed)}});
  PL_CHECK(put(folder / manifest, text));
  PL_CHECK(put(folder / seal, sign_statement(statement_type, {{"manifest_sha256", sha256_hex(text)}}, signer)));
  return put(folder / key_file, signer.verifier().text() + "\n");
}

namespace {

Result<json::object> read_manifest(const fs::path& folder, const NoteVerifier& key) {
  PL_TRY(note, io::read_file(folder / seal, max_statement_bytes));
  PL_TRY(body, open_statement(note, statement_type, key));
  StrictObject said(body, "manifest.note");
  const auto hash = said.text("manifest_sha256", 64, 64);
  PL_CHECK(said.finish());
  PL_TRY(text, io::read_file(folder / manifest, max_manifest_bytes));
  if (sha256_hex(text) != hash) return fail(Errc::bad_signature, "is not the list that was signed", "manifest.json");
  return parse_object(text, max_manifest_bytes, "manifest.json");
}

Result<std::map<std::string, Listed>> listed_in(const json::object& object, json::object& about) {
  StrictObject in(object, "manifest.json");
  if (in.text("format", 1, 40) != "pontlevis-proof-pack/1") in.blame("format", "is not known");
  about = in.object("about");
  std::map<std::string, Listed> out;
  for (const auto& item : in.array("files", 0, max_pack_files)) {
    StrictObject one(item, "manifest.json, file");
    auto name = one.text("name", 1, 200);
    Listed listed{one.text("sha256", 64, 64), static_cast<std::uint64_t>(one.integer("bytes", 0, static_cast<std::int64_t>(max_pack_file_bytes)))};
    PL_CHECK(one.finish());
    if (!is_pack_name(name) || is_own(name) || !out.emplace(name, std::move(listed)).second) in.blame("files", "names a file twice, or one that cannot be");
  }
  PL_CHECK(in.finish());
  return out;
}

void compare(const std::map<std::string, Listed>& listed, const std::map<std::string, Listed>& found, PackCheck& out) {
  for (const auto& [name, one] : listed) {
    const auto at = found.find(name);
    if (at == found.end()) out.findings.push_back(name + " is missing");
    else if (at->second.sha256 != one.sha256 || at->second.bytes != one.bytes) out.findings.push_back(name + " is not what was packed");
  }
  for (const auto& [name, one] : found)
    if (!listed.contains(name)) out.findings.push_back(name + " was not packed");
}

// A record of the pack's own log that names the key (entry class enrolment).
bool names_key(Source& log, const std::string& key) {
  const auto size = log.size();
  for (LeafIndex i = 0; size && i < *size; ++i) {
    const auto record = log.record(i);
    if (!record || !*record || (*record)->type() != "enrolment") continue;
    const auto fields = (*record)->open();
    if (fields && text_of(*fields, "kind") == "export" && text_of(*fields, "verifier_key") == key) return true;
  }
  return false;
}

}  // namespace

Result<PackCheck> check_pack(const fs::path& folder) {
  std::error_code ec;
  if (!fs::exists(folder / seal, ec)) return fail(Errc::not_found, "has no manifest.note", folder.string(), "it is a bundle alone");
  PackCheck out;
  PL_TRY(key_text, io::read_file(folder / key_file, 4096));
  while (key_text.ends_with('\n')) key_text.pop_back();
  PL_TRY(key, NoteVerifier::parse(key_text));
  out.key = key.text();
  const auto object = read_manifest(folder, key);
  const auto listed = object ? listed_in(*object, out.about) : std::unexpected(object.error());
  if (!listed) {
    out.findings.push_back(listed.error().text());
    return out;
  }
  PL_TRY(found, list_files(folder));
  out.files = found.size();
  compare(*listed, found, out);
  const auto log = open_bundle(folder);
  out.enrolled = log && names_key(**log, out.key);
  if (!out.enrolled) out.findings.push_back("the log in the pack does not name the key that signed the list");
  return out;
}

}  // namespace pontlevis::audit
