// Writes what the tools of others are asked about: a log of a thousand records with one field and one record destroyed,
// an older checkpoint, a cosigned one, every inclusion proof, a consistency proof and a bundle.
//   interop_sample FOLDER
#include <condition_variable>
#include <cstdio>
#include <fstream>
#include <mutex>

#include "audit/cosignatures.hpp"
#include "audit/destruction.hpp"
#include "audit/source.hpp"
#include "tests/unit/audit/audit_support.hpp"

namespace pontlevis::audit::test {
namespace {

constexpr int records = 1000;
constexpr TreeSize older = 600;

Record nth_record(int n) {
  const json::object alice{{"login", "alice"}, {"name", "Alice Martin"}};
  if (n % 3 == 0) return security_record(n);
  return must(Record::make("attempt", {{"intervention", intervention_a}, {"practice", "cabinet-exemple"}, {"action", "x11"}, {"operator", alice},
                                       {"source_ip", "203.0.113." + std::to_string(n % 250)}, {"detail", "Möbius \"text\"\n" + std::to_string(n)}}));
}

// As many as there are, in as few commits as the log likes.
void append_until(Log& log, int from, int to) {
  std::mutex mutex;
  std::condition_variable done;
  int left = to - from;
  for (int n = from; n < to; ++n)
    log.append(nth_record(n), [&](Result<Appended> result) {
      must(std::move(result));
      const std::lock_guard guard(mutex);
      if (--left == 0) done.notify_one();
    });
  std::unique_lock guard(mutex);
  done.wait(guard, [&] { return left == 0; });
}

void destroy_some(Log& log) {
  const auto order = [](DestructionScope scope) {
    DestructionOrder out;
    out.rule = "sample", out.rule_version = "1", out.reason = "ERASURE_REQUEST", out.legal_basis = "RGPD art. 17", out.trigger = "DEM-0001";
    out.scope = {std::move(scope)};
    return out;
  };
  DestructionScope field, whole;
  field.first = field.last = 7, field.cls = FieldClass::ip;
  whole.first = whole.last = 11, whole.whole_record = true;
  must(destroy(log, order(field), {}));
  must(destroy(log, order(whole), {}));
}

json::array hashes(const Proof& proof) {
  json::array out;
  for (const auto& hash : proof) out.push_back(json::string(to_base64(hash.view())));
  return out;
}

json::object proven(const Log& log, LeafIndex index) {
  const auto record = must(log.record(index));
  json::array disclosures, digests;
  for (const auto& f : record.fields) {
    disclosures.push_back(f.is_open() ? json::value(f.disclosure) : json::value(nullptr));
    digests.push_back(json::string(to_base64url(f.digest.view())));
  }
  return {{"index", index}, {"entry", to_base64(record.entry)}, {"proof", hashes(must(log.prove(index, log.size())))}, {"disclosures", std::move(disclosures)}, {"digests", std::move(digests)}};
}

void write(const std::filesystem::path& out) {
  SteppingClock clock;
  io::SystemRandom random;
  auto log = open_log(out / "data" / "log", clock, random);
  const auto witness = must(Witness::open(out / "witness.db", log->verifier(), witness_signer(), clock));
  CosignatureStore store(*log);
  must(store.enrol_now(witness->verifier()));
  must(log->append_now(must(Record::make("enrolment", {{"kind", "witness"}, {"key_name", witness->verifier().name()}, {"verifier_key", witness->verifier().text()}}))));
  append_until(*log, 1, static_cast<int>(older));
  const auto before = log->latest_checkpoint();
  append_until(*log, static_cast<int>(older), records);
  destroy_some(*log);
  const auto answer = witness->add_checkpoint(must(store.request_for(witness->verifier())));
  must(store.add_now(log->size(), answer.body));
  json::array list;
  for (LeafIndex i = 0; i < log->size(); ++i) list.push_back(proven(*log, i));
  const json::object all{{"vkey", log->verifier().text()}, {"witness", witness->verifier().text()}, {"older", before},
                         {"checkpoint", must(store.cosigned_checkpoint(log->size()))}, {"consistency", hashes(must(log->consistency(must(peek_checkpoint(before)).size, log->size())))},
                         {"records", std::move(list)}};
  std::ofstream(out / "proofs.json") << json::serialize(all);
  log.reset();
  must(export_bundle(*must(open_folder(out / "data")), out / "bundle", [](const StoredRecord&) { return true; }));
}

}  // namespace
}  // namespace pontlevis::audit::test

int main(int argc, char** argv) {
  if (argc != 2) return std::fputs("interop_sample FOLDER\n", stderr), 2;
  pontlevis::audit::test::write(argv[1]);
  return 0;
}
