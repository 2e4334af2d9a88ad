// Offline verification of a million records against the raw SHA-256 rate of the same processor in the same run
// (design §12: at least 0.5).
//   verify_bench FOLDER [--records N] [--threads N] [--json FILE]
// Makes FOLDER/bundle unless it is there: whole interventions of sample data, statements of the usual size. Salts come
// from a fast generator: this log protects nobody.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "audit/bundle_layout.hpp"
#include "audit/policy.hpp"
#include "audit/verify.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

constexpr int rounds_of_limit = 5;

struct Seconds {
  double wall = 0, cpu = 0;
};

template <class Work>
Seconds timed(Work work) {
  const auto cpu = [] {
    rusage u{};
    ::getrusage(RUSAGE_SELF, &u);
    const auto s = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
    return s(u.ru_utime) + s(u.ru_stime);
  };
  const double before = cpu();
  const auto start = std::chrono::steady_clock::now();
  work();
  return {std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(), cpu() - before};
}

// Blocks of 64 bytes that SHA-256 takes for a message of n bytes.
std::uint64_t blocks(std::uint64_t n) { return (n + 8) / 64 + 1; }

// Compressions a second over long messages: what the processor can do, on one core.
double raw_rate() {
  const std::string message(1 << 20, 'x');
  constexpr int messages = 256;
  double best = 0;
  for (int round = 0; round < rounds_of_limit; ++round) {
    Digest sum;
    const auto t = timed([&] {
      for (int i = 0; i < messages; ++i) sum = sha256({sum.view(), message});
    });
    best = std::max(best, static_cast<double>(messages) * static_cast<double>(blocks(message.size() + 32)) / t.cpu);
  }
  return best;
}

// ---- the maker ----

class QuickSalts {
 public:
  // 22 characters of base64url for 16 bytes.
  void put(char* to) {
    constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (int i = 0; i < 22; i += 10) {
      std::uint64_t bits = next();
      for (int k = i; k < std::min(i + 10, 22); ++k, bits >>= 6) to[k] = digits[bits & 63];
    }
    to[21] = digits[static_cast<unsigned>(next()) & 48];  // 16 bytes leave four bits over
  }

 private:
  std::uint64_t next() {  // splitmix64
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
  }
  std::uint64_t state_ = 1;
};

class NoRandom final : public Random {
 public:
  void fill(std::span<unsigned char> out) override { std::fill(out.begin(), out.end(), static_cast<unsigned char>(0)); }
};

// One type of record, prepared: of each field only the first 32 characters, with the salt, change.
class Template {
 public:
  Template(std::string_view type, const json::object& fields, std::size_t statement) : record_(make(type, fields, statement)), schema_(&record_.schema()) {}

  // Appends the line of record `index`, gives its entry.
  std::string append(LeafIndex index, Time time, const std::string& intervention, QuickSalts& salts, std::string& out, std::uint64_t& compressions) {
    turn_to(time, intervention);
    body_.assign("pontlevis-record-v1\n");
    lines_.clear();
    for (auto& f : fields_) {
      salt_.assign("[\"");
      salt_.resize(24);
      salts.put(salt_.data() + 2);
      f.disclosure.replace(0, 32, to_base64url(salt_));
      body_ += to_base64url(sha256(f.disclosure).view()) + "\n";
      compressions += blocks(f.disclosure.size());
      lines_ += f.head;
      lines_ += f.disclosure;
      lines_ += "\"},";
    }
    lines_.pop_back();
    const std::string entry = std::string{'\x01', static_cast<char>(schema_->entry_class)} + sha256(body_).text();
    compressions += blocks(body_.size()) + blocks(35) + blocks(35) + blocks(65);  // body, leaf in tree and in record, node
    out += "{\"index\":" + std::to_string(index) + ",\"entry\":\"" + to_base64(entry) + "\",\"fields\":[" + lines_ + "]}\n";
    return entry;
  }

 private:
  struct Prepared {
    std::string head, disclosure;
  };
  static Record make(std::string_view type, json::object fields, std::size_t statement) {
    fields["intervention"] = "0d9a3f52-6f7e-4c6b-9a57-6a5fd2f4a001";
    fields["practice"] = "cabinet-exemple";
    auto out = statement > 0 ? Record::of_statement(type, fields, std::string(statement, 'n')) : Record::make(type, fields);
    if (!out) std::cerr << out.error().text() << "\n", std::exit(2);
    return *std::move(out);
  }
  void turn_to(Time time, const std::string& intervention) {
    if (time == time_ && intervention == intervention_) return;
    time_ = time, intervention_ = intervention;
    NoRandom zeros;
    auto values = record_.fields(time);
    const bool fresh = fields_.empty();
    if (fresh) fields_.resize(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (values[i].name == "intervention") values[i].value = json::string(intervention);
      const bool changes = fresh || values[i].name == "intervention" || values[i].name == "time";
      if (changes) fields_[i].disclosure = disclose(values[i], zeros);
      const auto day = schema_->expires_on(values[i].cls, time);
      fields_[i].head = "{\"name\":\"" + values[i].name + "\",\"class\":\"" + std::string(class_name(values[i].cls)) + "\",\"expires_on\":" + (day ? "\"" + *day + "\"" : "null") + ",\"disclosure\":\"";
    }
  }
  Record record_;
  const RecordSchema* schema_;
  std::vector<Prepared> fields_;
  std::string body_, lines_, salt_, intervention_;
  Time time_{};
};

std::vector<Template> one_life() {
  const json::object alice{{"login", "alice"}, {"name", "Alice Martin"}};
  const json::array people{{{"login", "alice"}, {"display_name", "Alice Martin"}, {"role", "LEAD"}, {"employer", "Éditeur Exemple SAS"}, {"country", "FR"}}};
  const json::array systems{{{"system_id", "serveur"}, {"label", "Serveur du logiciel"}, {"hosting_context", "LOCAL"}}};
  const std::string text = "Disque plein à 97 % : journaux anciens compressés, sauvegarde relancée et vérifiée.";
  std::vector<Template> out;
  out.emplace_back("request", json::object{{"requested_by", "alice"}, {"person_in_charge", alice}, {"participants", people}, {"reason", text}, {"systems", systems}, {"source_ip", "203.0.113.7"}}, 0);
  out.emplace_back("consent", json::object{{"approver", alice}, {"participants", people}, {"reason", text}, {"systems", systems}, {"minutes", 20}}, 3000);
  out.emplace_back("session_open", json::object{{"deadline", "2026-01-01T00:20:00.000Z"}, {"operators", people}, {"systems", systems}}, 900);
  out.emplace_back("password", json::object{{"operator", "alice"}, {"event", "GENERATED"}}, 450);
  out.emplace_back("connection", json::object{{"event", "JOINED"}, {"operator", alice}, {"role", "LEAD"}, {"source_ip", "203.0.113.7"}, {"client", "OpenSSH_9.2"}}, 500);
  out.emplace_back("transfer", json::object{{"operator", "alice"}, {"direction", "IN"}, {"name", "correctif.tar.gz"}, {"size", 48213}, {"outcome", true}}, 450);
  out.emplace_back("connection", json::object{{"event", "LEFT"}, {"operator", alice}, {"role", "LEAD"}, {"source_ip", "203.0.113.7"}}, 500);
  out.emplace_back("session_end", json::object{{"started_at", "2026-01-01T00:00:00.000Z"}, {"active_seconds", 802}, {"end_cause", "DONE"}}, 1200);
  out.emplace_back("report", json::object{{"author", alice}, {"tasks_summary", text}}, 700);
  out.emplace_back("intervention", json::object{{"person_in_charge", alice}, {"participants", people}, {"tasks_summary", text}, {"systems", systems}}, 0);
  return out;
}

void put(const std::filesystem::path& file, std::string_view content) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << content;
  if (!out) std::cerr << "cannot write " << file << "\n", std::exit(2);
}

void write_tiles(const MemoryTree& tree, const std::filesystem::path& bundle) {
  for (unsigned level = 0; tree.size() >> (8 * level) != 0; ++level)
    for (std::uint64_t n = 0, hashes = tree.size() >> (8 * level); n * tile_width < hashes; ++n) {
      const auto width = static_cast<unsigned>(std::min<std::uint64_t>(tile_width, hashes - n * tile_width));
      std::string data;
      for (unsigned i = 0; i < width; ++i) data += tree.node(8 * level, n * tile_width + i)->view();
      put(bundle / tile_path(level, n, width), data);
    }
}

// Answers how many compressions its verification asks for.
std::uint64_t make_bundle(const std::filesystem::path& bundle, std::uint64_t records) {
  const NoteSigner signer("audit.editeur.example/log", NoteKeyType::ed25519, *Ed25519Key::from_seed(Secret(std::string(32, '\x01'))));
  auto life = one_life();
  QuickSalts salts;
  MemoryTree tree;
  std::string pack, entries, id;
  std::uint64_t compressions = 0;
  for (LeafIndex i = 0; i < records; ++i) {
    const auto number = i / life.size();
    if (i % life.size() == 0) {
      id = std::to_string(number);
      id = "00000000-0000-4000-8000-" + std::string(12 - id.size(), '0') + id;
    }
    const Time time = *from_utc("2026-01-01T00:00:00.000Z") + std::chrono::seconds(60 * number);
    const auto entry = life[i % life.size()].append(i, time, id, salts, pack, compressions);
    tree.append(leaf_hash(entry));
    entries += std::string{'\0', '\x22'} + entry;
    const auto width = static_cast<unsigned>(i % tile_width + 1);
    if (width < tile_width && i + 1 < records) continue;
    put(bundle / bundle::pack_path(i / tile_width), pack);
    put(bundle / entries_path(i / tile_width, width), entries);
    pack.clear(), entries.clear();
  }
  write_tiles(tree, bundle);
  put(bundle / "log.vkey", signer.verifier().text() + "\n");
  put(bundle / "policy", Policy::print(signer.verifier(), {}));
  put(bundle / "checkpoint", sign_checkpoint({signer.verifier().name(), tree.size(), tree.root(), {}}, signer));
  put(bundle.parent_path() / "compressions", std::to_string(compressions));
  return compressions;
}

// ---- the measure ----

int run(const std::filesystem::path& folder, std::uint64_t records, unsigned threads, const std::string& json_file) {
  const auto bundle = folder / "bundle";
  std::uint64_t compressions = 0;
  if (!std::filesystem::exists(bundle / "checkpoint")) {
    const auto made = timed([&] { compressions = make_bundle(bundle, records); });
    std::printf("made %llu records in %.1f s\n", static_cast<unsigned long long>(records), made.wall);
  } else {
    std::ifstream(folder / "compressions") >> compressions;
  }
  const double before = raw_rate();
  std::optional<VerifyReport> report;
  const auto took = timed([&] {
    auto result = verify_bundle(bundle, {.threads = threads});
    if (!result) std::cerr << result.error().text() << "\n", std::exit(2);
    report = *std::move(result);
  });
  const double limit = std::max(before, raw_rate());
  const double done = static_cast<double>(compressions);
  const double wall = done / took.wall / limit, core = done / took.cpu / limit;
  std::printf("%s\n", report->verified() ? "verified" : report->to_text().c_str());
  std::printf("  raw SHA-256, one core      %8.2f M compressions/s (%.2f GB/s)\n", limit / 1e6, limit * 64 / 1e9);
  std::printf("  verification               %8.2f M compressions/s, %.0f k records/s, %.1f s, %.1f s of CPU, %u threads\n", done / took.wall / 1e6,
              static_cast<double>(report->records) / took.wall / 1e3, took.wall, took.cpu, threads);
  std::printf("  compressions a record      %8.1f\n", done / static_cast<double>(report->records));
  std::printf("  ratio to raw               %8.2f   (bar 0.5)\n  the same, a core           %8.2f\n", wall, core);
  if (!json_file.empty())
    std::ofstream(json_file) << json::serialize(json::object{{"verified", report->verified()}, {"records", report->records}, {"compressions", compressions}, {"raw_per_second", limit},
                                                             {"wall_seconds", took.wall}, {"cpu_seconds", took.cpu}, {"threads", threads}, {"ratio", wall}, {"ratio_a_core", core}, {"bar", 0.5}}) << "\n";
  return report->verified() ? 0 : 1;
}

}  // namespace
}  // namespace pontlevis::audit

int main(int argc, char** argv) {
  CLI::App app("Offline verification against the raw SHA-256 rate", "verify_bench");
  std::string folder, json_file;
  std::uint64_t records = 1'000'000;
  unsigned threads = 2;
  app.add_option("FOLDER", folder, "where the bundle is made, or was")->required();
  app.add_option("--records", records, "how many")->check(CLI::Range(1, 100'000'000));
  app.add_option("--threads", threads, "that read and hash")->check(CLI::Range(1, 16));
  app.add_option("--json", json_file, "keep the figures here");
  CLI11_PARSE(app, argc, argv);
  return pontlevis::audit::run(folder, records, threads, json_file);
}
