#include "gateway/review/export_job.hpp"

#include <fstream>
#include <set>

#include "audit/pack/pack.hpp"
#include "gateway/store.hpp"
#include "protocol/crypto/sha256.hpp"
#include "protocol/io/system.hpp"
#include "protocol/json_values.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t most_bytes = std::uint64_t{256} << 20;  // what a browser is given in one answer

class Work {
 public:
  Work(const ExportOrder& order, sqlite::Database store, std::unique_ptr<audit::Source> log) : order_(order), store_(std::move(store)), log_(std::move(log)), words_(order.words) {}

  Result<> read_words() {
    PL_TRY(all, read_review_words(store_));
    for (auto& word : all) words_.words.insert_or_assign(word.code, std::move(word));
    return {};
  }

  Result<> write() {
    switch (order_.format) {
      case ExportFormat::csv: return write_csv();
      case ExportFormat::json: return write_json();
      case ExportFormat::pdf: return write_pdf();
      default: return write_pack();
    }
  }

 private:
  Result<> each_row(const std::function<Result<>(const ReviewRow&)>& visit) {
    for (auto number : order_.rows) {
      if (order_.stop && *order_.stop) return fail(Errc::unavailable, "the gateway is stopping", "export", "ask for it again");
      PL_TRY(row, read_review_row(store_, number));
      if (row) PL_CHECK(visit(*row));
    }
    return {};
  }

  Result<> write_csv() {
    std::ofstream out(order_.file, std::ios::binary | std::ios::trunc);
    out << csv_head(order_.language);
    PL_CHECK(each_row([&](const ReviewRow& row) -> Result<> {
      out << csv_line(row, words_, order_.language);
      return {};
    }));
    return closed(out);
  }

  Result<json::object> whole_json(const std::string& id) {
    const VeiledRecords veiled(*log_, order_.veil);
    PL_TRY(fiche, veiled.fiche(id));
    PL_TRY(proof, audit::read_proof(*log_, fiche));
    return audit::fiche_json(fiche, proof);
  }

  Result<> write_json() {
    std::ofstream out(order_.file, std::ios::binary | std::ios::trunc);
    auto head = json::serialize(order_.about);
    head.pop_back();
    out << head << (order_.about.empty() ? "" : ",") << "\"items\":[";
    bool first = true;
    PL_CHECK(each_row([&](const ReviewRow& row) -> Result<> {
      auto item = plain_row(row);
      if (order_.rows.size() <= most_whole_in_json) {
        PL_TRY(whole, whole_json(row.id));
        item["record"] = std::move(whole);
      }
      out << (first ? "\n" : ",\n") << json::serialize(item);
      first = false;
      return {};
    }));
    out << "\n]}\n";
    return closed(out);
  }

  json::array texts(const std::vector<WordCode>& codes) const {
    json::array out;
    for (auto code : codes) out.emplace_back(words_.word(code));
    return out;
  }
  json::object plain_row(const ReviewRow& r) const {
    const auto text_or_null = [](const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); };
    return {{"id", r.id}, {"requested_at", to_utc(read_time(r.requested_at))}, {"started_at", r.started_at ? json::value(to_utc(read_time(*r.started_at))) : json::value(nullptr)},
            {"active_seconds", r.active_seconds ? json::value(*r.active_seconds) : json::value(nullptr)}, {"state", words_.word(r.state)}, {"end_cause", text_or_null(words_.word(r.end))},
            {"practice", words_.word(r.practice)}, {"practice_name", words_.practice_name(r.practice)}, {"system", words_.word(r.system)},
            {"system_label", words_.system_label(r.practice, r.system)}, {"tools", texts(r.tools)}, {"ticket", r.ticket}, {"purpose", words_.word(r.purpose)},
            {"criticality", words_.word(r.criticality)}, {"pair", r.pair}, {"emergency", r.emergency}, {"watched", r.watched ? json::value(*r.watched) : json::value(nullptr)},
            {"in_charge", words_.label(r.in_charge)}, {"outcome", text_or_null(words_.word(r.outcome))}, {"nonconformities", texts(r.nonconformities)}};
  }

  Result<audit::PrintedWhole> whole(const std::string& id) {
    const VeiledRecords veiled(*log_, order_.veil);
    PL_TRY(fiche, veiled.fiche(id));
    PL_TRY(proof, audit::read_proof(*log_, fiche));
    const auto at = order_.extras.find(id);
    return audit::PrintedWhole{std::move(fiche), std::move(proof), at == order_.extras.end() ? audit::PrintedExtras{{}, {}, order_.made_at} : at->second};
  }

  Result<> write_pdf() {
    const bool french = order_.language == audit::Language::french;
    audit::PrintedList list{french ? "Main courante" : "Register of interventions", order_.filter_lines, paper_columns(order_.language), {}, {}, order_.made_at};
    std::vector<audit::PrintedWhole> wholes;
    PL_CHECK(each_row([&](const ReviewRow& row) -> Result<> {
      list.rows.push_back(paper_line(row, words_, order_.language));
      if (order_.rows.size() > most_whole_in_pdf) return {};
      PL_TRY(one, whole(row.id));
      wholes.push_back(std::move(one));
      return {};
    }));
    list.note = std::to_string(list.rows.size()) + (french ? " interventions, les plus récentes d'abord" : " interventions, newest first");
    PL_TRY(pdf, wholes.size() == 1 ? audit::print_record_pdf(wholes[0].fiche, wholes[0].proof, wholes[0].extras, order_.language)
                                   : audit::print_list_pdf(list, wholes, order_.language));
    return io::write_file(order_.file, pdf, io::FileMode::owner_only);
  }

  Result<> write_pack() {
    const auto folder = order_.scratch / "pack";
    std::set<std::string> chosen;
    PL_CHECK(each_row([&](const ReviewRow& row) -> Result<> {
      chosen.insert(row.id);
      return {};
    }));
    bool hidden = false;
    const auto wanted = [&](const audit::StoredRecord& record) {
      const auto fields = record.open();
      if (!fields) return false;
      const auto type = text_of(*fields, "type");
      const bool ours = (chosen.contains(text_of(*fields, "intervention")) && !is_about_readers(type)) || (type == "enrolment" && text_of(*fields, "kind") != "approver");
      hidden = hidden || (ours && order_.veil.touches(record.index));
      return ours;
    };
    PL_TRY(count, audit::export_bundle(*log_, folder, wanted));
    if (hidden) return fail(Errc::conflict, "a record is under quarantine, so it cannot be shown with its proof", "export", "wait until it is destroyed, or choose other interventions");
    for (const auto& id : chosen) PL_CHECK(print_into(folder, id));
    PL_CHECK(write_reader(folder));
    auto about = order_.about;
    about["interventions"] = chosen.size();
    about["log_size"] = count.size;
    PL_CHECK(audit::seal_pack(folder, std::move(about), *order_.signer));
    return audit::write_zip(folder, order_.file);
  }

  Result<> print_into(const fs::path& folder, const std::string& id) {
    PL_TRY(one, whole(id));
    const auto base = folder / "printed";
    PL_CHECK(io::make_private_folder(base));
    PL_CHECK(io::write_file(base / (id + ".txt"), audit::print_fiche(one.fiche, one.proof, order_.language), io::FileMode::owner_only));
    if (order_.rows.size() > most_whole_in_pdf) return {};
    PL_TRY(pdf, audit::print_record_pdf(one.fiche, one.proof, one.extras, order_.language));
    return io::write_file(base / (id + ".pdf"), pdf, io::FileMode::owner_only);
  }

  Result<> write_reader(const fs::path& folder) const {
    const std::string text =
        "Dossier de preuves Pontlevis\n\n"
        "printed/    les fiches, à lire\n"
        "le reste    le journal de l'éditeur et les enregistrements choisis, à vérifier sans réseau :\n\n"
        "    pontlevis-audit verify --bundle CE_FICHIER.zip\n\n"
        "Ce que cela prouve : rien de ce qui est montré n'a été changé depuis que le journal l'a pris.\n"
        "À supprimer au plus tard le jour dit dans manifest.json (expires_on).\n\n"
        "Pontlevis proof pack\n\n"
        "printed/    the records, to be read\n"
        "the rest    the vendor's log and the chosen records, to be verified without a network:\n\n"
        "    pontlevis-audit verify --bundle THIS_FILE.zip\n\n"
        "What it proves: nothing that is shown was changed since the log took it.\n"
        "To be deleted by the day that manifest.json says (expires_on).\n";
    return io::write_file(folder / "README.txt", text, io::FileMode::owner_only);
  }

  Result<> closed(std::ofstream& out) const {
    out.close();
    if (!out) return fail(Errc::io, "cannot be written", order_.file.string());
    return {};
  }

  const ExportOrder& order_;
  sqlite::Database store_;
  std::unique_ptr<audit::Source> log_;
  RowWords words_;
};

Result<ExportMade> measured(const fs::path& file) {
  std::error_code ec;
  const auto bytes = fs::file_size(file, ec);
  if (ec) return fail(Errc::io, "cannot be read", file.string());
  if (bytes > most_bytes)
    return fail(Errc::conflict, "is larger than a browser is given (256 MiB)", "export", "narrow the search; for the whole log: pontlevis-audit export");
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write, ec);
  PL_TRY(content, io::read_file(file, most_bytes));
  return ExportMade{bytes, sha256_hex(content)};
}

struct Swept {
  const ExportOrder& order;
  bool keep = false;
  ~Swept() {
    std::error_code ec;
    fs::remove_all(order.scratch, ec);
    if (!keep) fs::remove(order.file, ec);
  }
};

}  // namespace

Result<ExportMade> make_export(const ExportOrder& order) {
  Swept sweep{order};
  PL_CHECK(io::make_private_folder(order.scratch));
  PL_TRY(store, open_store_reader(order.store));
  PL_TRY(log, audit::open_folder(order.data));
  Work work(order, std::move(store), std::move(log));
  PL_CHECK(work.read_words());
  PL_CHECK(work.write());
  PL_TRY(made, measured(order.file));
  sweep.keep = true;
  return made;
}

}  // namespace pontlevis::gateway
