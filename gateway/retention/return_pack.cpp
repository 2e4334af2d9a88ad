#include "gateway/retention/return_pack.hpp"

#include <boost/json.hpp>
#include <fstream>

#include "audit/pack/pack.hpp"
#include "audit/source.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/io/system.hpp"
#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr std::string_view columns[] = {"intervention", "requested_at", "started_at", "ended_at", "duration_seconds", "systems", "tool_name", "purpose", "reason",
                                        "person_in_charge", "participants", "tasks_summary", "outcome", "ticket_ref", "state"};

constexpr std::string_view read_me =
    "Restitution des enregistrements de votre cabinet / Return of your practice's records\r\n"
    "\r\n"
    "interventions.csv   la main courante, une ligne par intervention close (UTF-8, RFC 4180)\r\n"
    "records.jsonl       tous les enregistrements lisibles, un objet JSON par ligne\r\n"
    "bundle/             les memes, avec leurs preuves : pontlevis-audit verify --bundle bundle\r\n"
    "\r\n"
    "interventions.csv   the register, one row a closed intervention (UTF-8, RFC 4180)\r\n"
    "records.jsonl       every readable record, one JSON object a line\r\n"
    "bundle/             the same with their proofs: pontlevis-audit verify --bundle bundle\r\n";

std::string cell(const json::object& fields, std::string_view name) {
  const auto* value = fields.if_contains(name);
  if (!value || value->is_null()) return {};
  return return_cell(value->is_string() ? std::string(value->get_string()) : json::serialize(*value));
}

std::string csv_head() {
  std::string out = "\xef\xbb\xbf";
  for (auto name : columns) out += (out.size() > 3 ? "," : "") + std::string(name);
  return out + "\r\n";
}

std::string csv_row(const json::object& fields) {
  std::string out;
  for (auto name : columns) out += (name == columns[0] ? "" : ",") + cell(fields, name);
  return out + "\r\n";
}

struct Collected {
  std::string lines, rows = csv_head();
  std::uint64_t records = 0;
  std::optional<Error> error;
};

// Called for every record of the log; keeps those of the practice.
bool collect(Collected& into, const PracticeId& practice, const audit::StoredRecord& record) {
  const auto opened = record.open();
  if (!opened || text_of(*opened, "practice") != practice.text()) return false;
  json::object line{{"index", record.index}};
  for (const auto& member : *opened)
    if (member.key() != "statement") line[member.key()] = member.value();
  into.lines += json::serialize(line) + "\n";
  if (record.type() == "intervention") into.rows += csv_row(*opened);
  ++into.records;
  return true;
}

Result<ReturnPack> summed(const std::filesystem::path& file, std::uint64_t records) {
  std::error_code ec;
  std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, ec);
  PL_TRY(bytes, io::read_file(file, std::size_t{4} << 30));
  return ReturnPack{sha256_hex(bytes), bytes.size(), records};
}

Result<ReturnPack> pack(const std::filesystem::path& data, const PracticeId& practice, const std::filesystem::path& work, const std::filesystem::path& to) {
  Collected found;
  PL_TRY(source, audit::open_folder(data));
  PL_CHECK(audit::export_bundle(*source, work / "bundle", [&](const audit::StoredRecord& record) { return collect(found, practice, record); }));
  for (const auto& [name, content] : {std::pair<const char*, std::string_view>{"LISEZMOI.txt", read_me}, {"interventions.csv", found.rows}, {"records.jsonl", found.lines}})
    PL_CHECK(io::write_file(work / name, content, io::FileMode::owner_only));
  PL_CHECK(audit::write_zip(work, to));
  return summed(to, found.records);
}

}  // namespace

std::string return_cell(std::string_view text) {
  std::string out;
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) out = "'";
  for (char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out.find_first_of(",\"\r\n") == out.npos && out == text ? out : "\"" + out + "\"";
}

Result<ReturnPack> make_return_pack(const std::filesystem::path& data, const PracticeId& practice, const std::filesystem::path& work,
                                    const std::filesystem::path& to) {
  std::error_code ignored;
  std::filesystem::remove_all(work, ignored);  // of a crash
  std::filesystem::remove(to, ignored);
  PL_CHECK(io::make_private_folder(work));
  auto made = pack(data, practice, work, to);
  std::filesystem::remove_all(work, ignored);
  return made;
}

}  // namespace pontlevis::gateway
