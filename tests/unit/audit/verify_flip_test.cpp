// Every single byte of a small log is flipped, in its bundle, its databases and its write-ahead log, and the verifier
// must say so. Of a SQLite file some bytes mean nothing; these are named by what the file format says of them, each one
// that was not found is shown to be one of them, and they are counted.
#include <fstream>
#include <map>

#include "audit/record_line.hpp"
#include "audit/verify.hpp"
#include "tests/unit/audit/sample_life.hpp"

#include <sqlite3.h>

namespace pontlevis::audit::test {
namespace {

std::string read_all(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
void write_all(const std::filesystem::path& file, const std::string& bytes) { std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes; }

unsigned big_endian(const std::string& bytes, std::size_t at, std::size_t width) {
  unsigned out = 0;
  for (std::size_t i = 0; i < width; ++i) out = out << 8 | static_cast<unsigned char>(bytes.at(at + i));
  return out;
}

// What a byte of a SQLite file is for when it carries no datum (sqlite.org/fileformat2.html §1.3, §1.6); empty: it does.
class MeaninglessBytes {
 public:
  explicit MeaninglessBytes(const std::string& file) : page_size_(big_endian(file, 16, 2) == 1 ? 65536 : big_endian(file, 16, 2)) {
    for (std::size_t first : {24u, 92u}) note(first, 4, "header: change counters");
    note(18, 2, "header: journal mode, set again by who opens it");
    note(28, 4, "header: size in pages, beside the size of the file");
    note(40, 4, "header: schema cookie");
    note(44, 4, "header: schema format, of which one byte is read");
    note(56, 4, "header: text encoding, of which two bits are read");
    note(48, 4, "header: suggested cache size");
    note(52, 4, "header: auto-vacuum, unused");
    note(64, 4, "header: incremental vacuum, unused");
    note(72, 20, "header: reserved");
    note(96, 4, "header: version of the library that wrote it");
    for (std::size_t page = 0; page * page_size_ < file.size(); ++page) free_space(file, page);
  }
  std::string at(std::size_t byte) const {
    const auto found = names_.find(byte);
    return found == names_.end() ? std::string() : found->second;
  }

 private:
  void note(std::size_t first, std::size_t count, const char* name) {
    for (std::size_t i = 0; i < count; ++i) names_[first + i] = name;
  }
  void free_space(const std::string& file, std::size_t page) {
    const std::size_t start = page * page_size_, head = start + (page == 0 ? 100 : 0);
    const unsigned kind = big_endian(file, head, 1);
    if (kind != 2 && kind != 5 && kind != 10 && kind != 13) return;  // overflow and free pages
    const std::size_t cells = big_endian(file, head + 3, 2), pointers = head + (kind < 10 ? 12 : 8);
    std::size_t content = big_endian(file, head + 5, 2);
    if (content == 0) content = 65536;
    note(pointers + 2 * cells, start + content - (pointers + 2 * cells), "page: unallocated space");
    for (std::size_t block = big_endian(file, head + 1, 2); block != 0; block = big_endian(file, start + block, 2)) note(start + block + 4, big_endian(file, start + block + 2, 2) - 4, "page: free block");
  }
  std::size_t page_size_;
  std::map<std::size_t, std::string> names_;
};

// Everything SQLite can read out of a file, as text; empty when it cannot.
std::string dump(const std::filesystem::path& file) {
  sqlite3* db = nullptr;
  std::string out;
  const auto add = [](void* to, int columns, char** values, char**) {
    for (int i = 0; i < columns; ++i) *static_cast<std::string*>(to) += values[i] ? std::string(values[i]) + "|" : "NULL|";
    *static_cast<std::string*>(to) += "\n";
    return 0;
  };
  std::vector<std::string> tables;
  const auto name = [](void* to, int, char** values, char**) { return static_cast<std::vector<std::string>*>(to)->push_back(values[0]), 0; };
  bool good = sqlite3_open_v2(("file:" + file.string() + "?immutable=1").c_str(), &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, nullptr) == SQLITE_OK &&
              sqlite3_exec(db, "SELECT lower(name) FROM sqlite_schema WHERE CAST(sql AS TEXT) LIKE 'CREATE TABLE%' ORDER BY lower(name)", name, &tables, nullptr) == SQLITE_OK;
  if (good) good = sqlite3_exec(db, "SELECT * FROM sqlite_schema ORDER BY name; PRAGMA integrity_check", add, &out, nullptr) == SQLITE_OK;
  for (const auto& table : tables) {
    std::string columns;
    good = good && sqlite3_exec(db, ("SELECT group_concat('quote(' || name || ')') FROM pragma_table_info('" + table + "')").c_str(), add, &columns, nullptr) == SQLITE_OK;
    if (columns.size() > 2) columns.resize(columns.size() - 2);
    out += table + "\n";
    good = good && sqlite3_exec(db, ("SELECT " + columns + " FROM " + table).c_str(), add, &out, nullptr) == SQLITE_OK;
  }
  sqlite3_close(db);
  return good ? out : std::string();
}

constexpr LeafIndex records_of_the_sample = 3;

// Every key in use of keys.db as the program reads it; empty when it cannot.
std::string keys_of(const std::filesystem::path& file) {
  const auto keys = KeyFile::open(file, log_signer().verifier().text(), sqlite::Access::read_only);
  std::string out;
  for (LeafIndex i = 0; keys && i < records_of_the_sample; ++i) {
    const auto found = keys->of(i);
    if (!found) return {};
    out += found->secret ? to_hex(found->secret->expose()) + "\n" : "none\n";
  }
  return out;
}

class VerifyFlips : public ::testing::Test {
 protected:
  std::filesystem::path data() const { return folder_.path() / "data"; }
  std::filesystem::path log_folder() const { return data() / "log"; }
  std::filesystem::path bundle() const { return folder_.path() / "bundle"; }
  VerifyOptions today() const { return {.older_checkpoints = kept_, .now = clock_.now(), .threads = 1}; }

  // Small: few keys ahead, small pages, so that every byte can have its turn.
  std::unique_ptr<Log> open_small() { return must(Log::open({.folder = log_folder(), .keys_ahead = 4}, log_signer(), clock_, random_)); }
  void fill(Log& log) {
    CosignatureStore store(log);
    const auto witness = must(Witness::open(folder_.path() / "witness.db", log.verifier(), witness_signer(), clock_));
    must(store.enrol_now(witness->verifier()));
    must(log.append_now(enrolment_of(witness->verifier())));
    must(log.append_now(security_record(1)));
    must(store.add_now(2, witness->add_checkpoint(must(store.request_for(witness->verifier()))).body));
    must(log.append_now(must(Record::make("log_stop", {{"cause", "signal"}}))));
    kept_ = {log.latest_checkpoint()};
  }
  static void small_pages(const std::filesystem::path& file) {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &db), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(db, "PRAGMA journal_mode=DELETE; PRAGMA page_size=512; VACUUM; PRAGMA journal_mode=WAL", nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(db);
    sqlite3_close(db);
  }
  bool is_found() const {
    const auto report = verify_folder(data(), today());
    return !report || !report->verified();
  }
  // All that a reader gets out of the folder: records opened with their keys, entries, proofs; empty when it cannot.
  std::string as_read() const {
    auto source = open_folder(data());
    const auto size = source ? (*source)->size() : Result<TreeSize>(std::unexpected(source.error()));
    const auto note = size ? (*source)->latest_checkpoint() : Result<std::string>(std::unexpected(size.error()));
    const auto entries = note ? (*source)->entries(0, 256) : Result<std::vector<std::string>>(std::unexpected(note.error()));
    if (!entries) return {};
    std::string out = *note;
    for (const auto& e : *entries) out += e;
    for (LeafIndex i = 0; i < *size; ++i) {
      const auto record = (*source)->record(i);
      const auto row = (*source)->indexed(i);
      if (!record || !*record || !row || !*row) return {};
      out += print_record_json(**record) + (*row)->type + (*row)->time + (*row)->intervention.value_or("-") + (*row)->practice.value_or("-") + "\n";
    }
    const auto checkpoints = (*source)->each_checkpoint([&out](TreeSize at, const std::string& text) -> Result<> { return out += std::to_string(at) + text, Result<>{}; });
    const auto lines = (*source)->each_cosignature([&out](TreeSize at, const Cosignature& c) -> Result<> { return out += std::to_string(at) + c.witness + std::to_string(c.time) + c.line, Result<>{}; });
    const auto witnesses = (*source)->witnesses();
    if (!checkpoints || !lines || !witnesses) return {};
    for (const auto& w : *witnesses) out += w.text() + "\n";
    return out;
  }
  // Flips each byte of `file`; `explain` names those that need not be found. What nobody names must at least be read as
  // before, every record opened with its keys, every checkpoint and cosignature.
  std::map<std::string, std::size_t> flip_all(const std::filesystem::path& file, const std::function<std::string(std::size_t)>& explain) {
    const auto good = read_all(file);
    const auto read_before = as_read();
    EXPECT_FALSE(read_before.empty());
    std::map<std::string, std::size_t> out;
    for (std::size_t i = 0; i < good.size(); ++i) {
      auto bad = good;
      bad[i] = static_cast<char>(bad[i] ^ std::array{'\x01', '\x20', '\x80'}[i % 3]);
      write_all(file, bad);
      std::filesystem::remove(file.string() + "-shm");
      if (is_found()) {
        ++out["found"];
        continue;
      }
      auto why = explain(i);
      if (why.empty() && as_read() == read_before) why = "how a row lies, not what it says: all is read as before";
      EXPECT_FALSE(why.empty()) << file.filename() << " byte " << i << " of " << good.size() << " was flipped and not found, behind "
                                << printable(good.substr(i - std::min<std::size_t>(i, 24), 48), 100);
      ++out[why];
    }
    write_all(file, good);
    return out;
  }
  void say(const char* name, const std::map<std::string, std::size_t>& counts) {
    for (const auto& [what, n] : counts) {
      std::printf("  %-10s %7zu %s\n", name, n, what.c_str());
      RecordProperty(std::string(name) + " " + what, std::to_string(n));
    }
  }

  TemporaryFolder folder_;
  SteppingClock clock_;
  io::SystemRandom random_;
  std::vector<std::string> kept_;
};

TEST_F(VerifyFlips, every_byte_of_a_bundle) {
  {
    auto log = open_small();
    fill(*log);
  }
  must(export_bundle(*must(open_folder(data())), bundle(), [](const StoredRecord&) { return true; }));
  const auto check = [&] { return verify_bundle(bundle(), today()); };
  ASSERT_TRUE(must(check()).verified()) << must(check()).to_text();
  std::size_t flipped = 0, indexed = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(bundle())) {
    if (!entry.is_regular_file()) continue;
    const auto good = read_all(entry.path());
    for (std::size_t i = 0; i < good.size(); ++i, ++flipped) {
      auto bad = good;
      bad[i] = static_cast<char>(bad[i] ^ std::array{'\x01', '\x20', '\x80'}[i % 3]);
      write_all(entry.path(), bad);
      const auto report = check();
      ASSERT_FALSE(report && report->verified()) << entry.path() << " byte " << i << " of " << good.size();
      if (report && report->first_bad_index()) ++indexed;
      if (entry.path().extension() == ".jsonl") ASSERT_TRUE(report && report->first_bad_index()) << "a record's own bytes are found with its index, byte " << i;
    }
    write_all(entry.path(), good);
    std::filesystem::rename(entry.path(), entry.path().string() + ".gone");
    const auto report = check();
    const bool optional = entry.path().extension() == ".jsonl";  // a bundle may hold some records only
    ASSERT_TRUE(optional || !(report && report->verified())) << entry.path() << " missing";
    std::filesystem::rename(entry.path().string() + ".gone", entry.path());
  }
  EXPECT_GT(flipped, 4000u);
  say("bundle", {{"found", flipped}, {"of them with a record's index", indexed}});
}

TEST_F(VerifyFlips, every_byte_of_the_database) {
  {
    auto log = open_small();
    fill(*log);
  }
  small_pages(log_folder() / "log.db");
  ASSERT_FALSE(is_found()) << must(verify_folder(data(), today())).to_text();
  const MeaninglessBytes meaningless(read_all(log_folder() / "log.db"));
  const auto file = log_folder() / "log.db";
  const auto whole = dump(file);
  ASSERT_FALSE(whole.empty());
  say("log.db", flip_all(file, [&](std::size_t i) -> std::string {
        if (auto why = meaningless.at(i); !why.empty()) return why;
        return dump(file) == whole ? "rest of an overflow page and the like: schema, indexes and every row as before" : "";
      }));
}

// The keys of records that are still to come open nothing yet: any 32 bytes are as good as any others.
TEST_F(VerifyFlips, every_byte_of_the_keys) {
  std::vector<std::string> unused;
  {
    auto log = open_small();
    fill(*log);
    for (LeafIndex i = log->size(); i < log->size() + 8; ++i)
      if (const auto keys = must(log->keys().of(i)); keys.secret) unused.emplace_back(keys.secret->expose());
    for (LeafIndex i = 0; i < log->size(); ++i) {  // a record without personal fields uses none of its key
      const auto record = must(log->record(i));
      const bool personal = std::any_of(record.fields.begin(), record.fields.end(), [](const auto& f) { return f.cls != FieldClass::open; });
      if (const auto keys = must(log->keys().of(i)); keys.secret && !personal) unused.emplace_back(keys.secret->expose());
    }
  }
  const auto file = log_folder() / "keys.db";
  small_pages(file);
  ASSERT_FALSE(is_found()) << must(verify_folder(data(), today())).to_text();
  const auto bytes = read_all(file);
  const auto whole = keys_of(file);
  ASSERT_FALSE(whole.empty());
  const MeaninglessBytes meaningless(bytes);
  constexpr std::size_t head_of_a_row = 5;  // its length, its number and the kinds of its columns
  say("keys.db", flip_all(file, [&](std::size_t i) -> std::string {
        for (const auto& key : unused)
          if (const auto at = bytes.find(key); at != bytes.npos && at <= i + head_of_a_row && i < at + key.size()) return "key of a record still to come, or without personal fields";
        if (auto why = meaningless.at(i); !why.empty()) return why;
        return keys_of(file) == whole ? "letters of the schema's text or the kind of a text, read alike: every key in use as before" : "";
      }));
}

// A frame that was changed ends the log for SQLite, and with it go the records behind: the checkpoint that somebody kept
// says that they are missing.
TEST_F(VerifyFlips, every_byte_of_the_write_ahead_log) {
  auto log = open_small();
  fill(*log);
  for (const auto* name : {"log.db", "log.db-wal", "keys.db", "keys.db-wal", "log.vkey"}) {
    std::filesystem::create_directories(folder_.path() / "copy" / "log");
    if (std::filesystem::exists(log_folder() / name)) std::filesystem::copy_file(log_folder() / name, folder_.path() / "copy" / "log" / name);
  }
  const auto copy = folder_.path() / "copy";
  const auto wal = copy / "log" / "log.db-wal";
  ASSERT_TRUE(std::filesystem::exists(wal));
  const auto good = read_all(wal);
  const auto check = [&] {
    std::filesystem::remove(copy / "log" / "log.db-shm");
    return verify_folder(copy, today());
  };
  ASSERT_TRUE(must(check()).verified()) << must(check()).to_text();
  const std::size_t page = big_endian(good, 8, 4), frame = page + 24;
  std::size_t found = 0, checked_sum = 0;
  const std::size_t stride = 97;  // of some hundred kilobytes; every part of every frame has its turn
  for (std::size_t i = 0; i < good.size(); i += i < 32 + frame ? 1 : stride) {
    auto bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x20);
    write_all(wal, bad);
    const auto report = check();
    if (!report || !report->verified()) {
      ++found;
      continue;
    }
    // The checkpoint sequence number of the header alone is under no check but its own sum.
    EXPECT_TRUE(i >= 12 && i < 16) << "byte " << i << " of " << good.size() << " of the write-ahead log was flipped and not found";
    ++checked_sum;
  }
  say("log.db-wal", {{"found", found}, {"header: number of the checkpoint", checked_sum}});
}

}  // namespace
}  // namespace pontlevis::audit::test
