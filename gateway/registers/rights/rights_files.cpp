#include "gateway/registers/rights/rights_files.hpp"

#include "gateway/registers/common/html_page.hpp"
#include "gateway/registers/common/record_words.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/io/system.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

constexpr std::size_t most_of_a_part = 32 * 1024 * 1024, most_parts = 24, most_rows_of_a_page = 5000;
constexpr std::string_view csv_head = "index,time,type,intervention,practice,field,class,value\r\n";

// RFC 4180; what a spreadsheet would run as a formula is made text.
std::string csv_cell(std::string_view text) {
  std::string out = "\"";
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) out += '\'';
  for (char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string plain(const json::value& value) { return value.is_string() ? std::string(value.get_string()) : json::serialize(value); }

json::object record_json(const FoundRecord& r) {
  json::object fields;
  for (const auto& f : r.fields) fields[f.name] = f.value;
  return {{"index", r.index}, {"type", r.type}, {"time", r.time}, {"intervention", r.intervention}, {"practice", r.practice}, {"fields", std::move(fields)}};
}

constexpr Two title{"Données détenues sur vous", "Data held about you"};
constexpr Two source{"Source : le journal de la passerelle de maintenance et le registre des comptes de l'éditeur. Les autres personnes nommées dans les mêmes "
                     "enregistrements n'y figurent pas. Les textes déjà détruits à leur terme n'existent plus.",
                     "Source: the log of the maintenance gateway and the vendor's register of accounts. Other persons named in the same records are left out. "
                     "Texts already destroyed at their term do not exist any more."};
constexpr Two more{"Ce tableau montre les premières lignes ; les fichiers CSV et JSON ont tout.", "This table shows the first rows; the CSV and JSON files have all of them."};

}  // namespace

Result<AnswerFile> write_answer_file(const std::filesystem::path& exports, const std::string& request, const std::string& name, std::string_view content, Time now) {
  PL_CHECK(io::make_private_folder(exports));
  const auto last_day = to_date(now + answer_files_last - std::chrono::days(1));
  AnswerFile out{name, "rights-" + request + "." + last_day + "." + name, sha256_hex(content), static_cast<std::int64_t>(content.size())};
  PL_CHECK(io::write_file(exports / out.place, content, io::FileMode::owner_only));
  return out;
}

FoundFiles::FoundFiles(std::filesystem::path exports, std::string request, json::object head, Time now)
    : exports_(std::move(exports)), request_(std::move(request)), head_(std::move(head)), now_(now), csv_(csv_head) {}

Result<> FoundFiles::add(const FoundRecord& record) {
  ++count_;
  ++by_type_[record.type];
  json_ += (json_.empty() ? "" : ",\n") + json::serialize(record_json(record));
  add_rows(record);
  return json_.size() < most_of_a_part && csv_.size() < most_of_a_part ? Result<>{} : flush(false);
}

void FoundFiles::add_rows(const FoundRecord& r) {
  for (const auto& f : r.fields) {
    const auto value = plain(f.value);
    csv_ += std::to_string(r.index);
    for (const std::string_view cell : {std::string_view(r.time), std::string_view(r.type), std::string_view(r.intervention), std::string_view(r.practice), std::string_view(f.name), audit::class_name(f.cls), std::string_view(value)})
      csv_ += ',' + csv_cell(cell);
    csv_ += "\r\n";
    if (rows_.size() < most_rows_of_a_page) rows_.push_back({r.time, r.type, r.intervention, r.practice, f.name, value});
  }
}

Result<> FoundFiles::write(const std::string& name, std::string_view content) {
  PL_TRY(file, write_answer_file(exports_, request_, name, content, now_));
  files_.push_back(std::move(file));
  return {};
}

// found.json and found.csv, or found-1.json, found-2.json … when it is much.
Result<> FoundFiles::flush(bool last) {
  if (files_.size() / 2 >= most_parts) return fail(Errc::unavailable, "is more than the files of one answer hold", "rights request", "search by login alone, or ask for a part of the time");
  const auto number = last && part_ == 1 ? std::string() : "-" + std::to_string(part_);
  auto head = head_;
  head["made_at"] = to_utc(now_);
  auto text = json::serialize(head);
  text.pop_back();  // its last brace: the records follow
  PL_CHECK(write("found" + number + ".json", text + ",\"records\":[\n" + json_ + "\n]}\n"));
  PL_CHECK(write("found" + number + ".csv", csv_));
  json_.clear();
  csv_ = csv_head;
  ++part_;
  return {};
}

std::string FoundFiles::page(Tongue tongue) const {
  const bool fr = tongue == Tongue::french;
  HtmlPage out(tongue, title.in(tongue));
  out.paragraph(source.in(tongue));
  std::vector<HtmlPage::Labelled> held;
  if (const auto* accounts = head_.if_contains("held"))
    for (const auto& one : accounts->as_array()) held.push_back({plain(one.at("what")), {json::serialize(one)}});
  if (!held.empty()) out.pairs(held);
  std::vector<std::vector<std::string>> counts, rows;
  for (const auto& [type, n] : by_type_) counts.push_back({record_words(type).in(tongue), std::to_string(n)});
  out.table(fr ? "Enregistrements par nature" : "Records by kind", {fr ? "Nature" : "Kind", fr ? "Nombre" : "Number"}, counts);
  for (const auto& r : rows_) rows.push_back({r.time, record_words(r.type).in(tongue), r.practice, r.intervention, r.field, r.value});
  out.table(fr ? "Détail" : "Details", {fr ? "Date et heure (UTC)" : "Time (UTC)", fr ? "Nature" : "Kind", fr ? "Cabinet" : "Practice", "Intervention", fr ? "Champ" : "Field", fr ? "Valeur" : "Value"}, rows);
  if (rows_.size() == most_rows_of_a_page) out.paragraph(more.in(tongue));
  return out.finish();
}

Result<std::vector<AnswerFile>> FoundFiles::finish() {
  PL_CHECK(flush(true));
  for (const auto tongue : {Tongue::french, Tongue::english}) PL_CHECK(write("found." + std::string(code_of(tongue)) + ".html", page(tongue)));
  return std::move(files_);
}

}  // namespace pontlevis::gateway
