// Appends and acknowledges, so that a fault can be put under it:
//   fault_appender append FOLDER COUNT   says "ready", waits for a line, then "INDEX LEAF CHECKPOINT" for each record that the log
//                                        acknowledged, in base64; "refused WHY" for each it did not
//   fault_appender leaves FOLDER         every leaf, as the log has it after it was opened again
// Keys are made few at a time, so that making more of them is part of what is disturbed.
#include <cstdio>
#include <iostream>
#include <string>

#include "audit/log.hpp"
#include "protocol/io/system.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

constexpr std::size_t few_keys = 8;

int trouble(const Error& error) {
  std::cout << "refused " << error.what << std::endl;
  return 3;
}

Result<std::unique_ptr<Log>> open(const std::filesystem::path& folder, const Clock& clock, Random& random) {
  PL_TRY(key, Ed25519Key::from_seed(Secret(std::string(32, '\x01'))));
  return Log::open({.folder = folder / "log", .keys_ahead = few_keys}, NoteSigner("audit.editeur.example/log", NoteKeyType::ed25519, std::move(key)), clock, random);
}

Result<Record> nth_record(int n) {
  return Record::make("security", {{"event", "sign_in_failed"}, {"subject", "alice"}, {"count", n}, {"source_ip", "203.0.113.7"}, {"detail", std::string(static_cast<std::size_t>(n % 7) * 900, 'x')}});
}

int append(Log& log, int count) {
  std::cout << "ready " << log.size() << std::endl;
  std::string line;
  std::getline(std::cin, line);
  int refused = 0;
  for (int n = 0; n < count; ++n) {
    const auto record = nth_record(n);
    const auto done = record ? log.append_now(*record) : std::unexpected(record.error());
    if (!done) refused = trouble(done.error());
    else std::cout << done->index << " " << to_base64(done->leaf.view()) << " " << to_base64(done->checkpoint) << std::endl;
  }
  return refused;
}

int leaves(const Log& log) {
  for (LeafIndex i = 0; i < log.size(); ++i) {
    const auto record = log.record(i);
    if (!record) return trouble(record.error());
    std::cout << i << " " << to_base64(leaf_hash(record->entry).view()) << "\n";
  }
  std::cout.flush();
  return 0;
}

int run(const std::string& what, const std::string& folder, int count) {
  SystemClock clock;
  io::SystemRandom random;
  auto log = open(folder, clock, random);
  if (!log) return trouble(log.error());
  return what == "append" ? append(**log, count) : leaves(**log);
}

}  // namespace
}  // namespace pontlevis::audit

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  if (!(what == "append" && argc == 4) && !(what == "leaves" && argc == 3)) return std::fputs("fault_appender append FOLDER COUNT | leaves FOLDER\n", stderr), 2;
  return pontlevis::audit::run(what, argv[2], argc == 4 ? std::stoi(argv[3]) : 0);
}
