// pontlevis-audit verify: a live folder, a bundle, one record with its proof, or a consent receipt. Without a network.
#include <stdlib.h>

#include <filesystem>
#include <iostream>

#include "audit/pack/pack.hpp"
#include "audit/policy.hpp"
#include "audit/receipt.hpp"
#include "audit/tlog_proof.hpp"
#include "audit/tool.hpp"
#include "audit/verify.hpp"
#include "protocol/io/system.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit::tool {
namespace {

struct Arguments {
  std::string data, bundle, proof, disclosures, key, policy, tsa_ca, now, receipt, language = "fr";
  std::vector<std::string> receipt_keys, checkpoints, witnesses;
  unsigned threads = 2;
  bool as_json = false;
};

// A moment, or a day: then its end, when the day's destruction has run.
Result<Time> read_moment(const std::string& text) {
  if (const auto moment = from_utc(text)) return *moment;
  if (const auto day = from_date(text)) return *day + std::chrono::days(1) - Millis(1);
  return fail(Errc::bad_input, "is not a date", "--now", "2026-11-22 or 2026-11-22T08:00:00.000Z");
}

struct Chosen {
  VerifyOptions options;
  std::optional<TimestampTrust> authorities;
};

Result<> read_older(const Arguments& a, VerifyOptions& out) {
  for (const auto& file : a.checkpoints) {
    PL_TRY(note, io::read_file(file, max_checkpoint_bytes));
    out.older_checkpoints.push_back(std::move(note));
  }
  for (const auto& file : a.witnesses) {
    PL_TRY(notes, witnessed_checkpoints(file));
    for (auto& note : notes) out.older_checkpoints.push_back(std::move(note));
  }
  return {};
}

Result<Chosen> options_of(const Arguments& a) {
  Chosen out;
  out.options.threads = a.threads;
  if (!a.key.empty()) {
    PL_TRY(key, read_key(a.key));
    out.options.key = std::move(key);
  }
  if (!a.policy.empty()) {
    PL_TRY(text, io::read_file(a.policy, Policy::max_bytes));
    PL_TRY(policy, Policy::parse(text));
    out.options.policy = std::move(policy);
  }
  if (!a.now.empty()) {
    PL_TRY(now, read_moment(a.now));
    out.options.now = now;
  }
  if (!a.tsa_ca.empty()) {
    PL_TRY(trust, TimestampTrust::from_file(a.tsa_ca));
    out.authorities = std::move(trust);
  }
  PL_CHECK(read_older(a, out.options));
  return out;
}

int say(const VerifyReport& report, bool as_json, const json::object* fields = nullptr) {
  auto out = report.to_json();
  if (fields) out["fields"] = *fields;
  if (as_json) print_json(out);
  else std::cout << report.to_text();
  return report.verified() ? verified : not_verified;
}

int verify_one_record(const Arguments& a, const VerifyOptions& options) {
  const auto proof = io::read_file(a.proof, max_tlog_proof_bytes);
  if (!proof) return trouble(proof.error());
  const auto text = io::read_file(a.disclosures, 64 << 20);
  if (!text) return trouble(text.error());
  json::object fields;
  const auto report = verify_proof(*proof, *text, *options.key, options, &fields);
  return say(report, a.as_json, &fields);
}

// Exit 1 says that the receipt is not to be believed; a file or key that cannot be read is 2.
int verify_one_receipt(const Arguments& a) {
  std::vector<NoteVerifier> pinned;
  for (const auto& text : a.receipt_keys) {
    auto key = read_key(text);
    if (!key) return trouble(key.error());
    pinned.push_back(*std::move(key));
  }
  const auto text = io::read_file(a.receipt, max_receipt_bytes + 1);
  if (!text) return trouble(text.error());
  const auto checked = verify_receipt(*text, pinned);
  if (a.as_json && !checked)
    print_json(json::object{{"verified", false}, {"what", checked.error().what}, {"where", checked.error().where}, {"hint", checked.error().hint}});
  if (a.as_json && checked)
    print_json(json::object{{"verified", true}, {"intervention", checked->intervention}, {"practice_key", checked->practice_key},
                            {"journal_key", checked->journal_key}, {"key_pinned", checked->key_pinned}, {"statements", checked->statements},
                            {"record", checked->record}});
  if (!a.as_json && !checked)
    std::cout << (language_of(a.language) == Language::french ? "NON VÉRIFIÉ : " : "NOT VERIFIED: ") << checked.error().text() << "\n";
  if (!a.as_json && checked) std::cout << print_check(*checked, language_of(a.language));
  return checked ? verified : not_verified;
}

// A folder that lasts as long as the check of what was unpacked into it.
class Unpacked {
 public:
  static Result<Unpacked> make() {
    std::string name = (std::filesystem::temp_directory_path() / "pontlevis-pack-XXXXXX").string();
    if (!::mkdtemp(name.data())) return fail(Errc::io, "cannot be made", name);
    return Unpacked(name);
  }
  Unpacked(Unpacked&& other) noexcept : folder_(std::exchange(other.folder_, {})) {}
  Unpacked& operator=(Unpacked&&) = delete;
  ~Unpacked() {
    std::error_code ec;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ec);
  }
  std::filesystem::path folder() const { return folder_ / "pack"; }

 private:
  explicit Unpacked(std::filesystem::path folder) : folder_(std::move(folder)) {}
  std::filesystem::path folder_;
};

// What the signed list of a pack says of its files counts as much as what the verifier found.
int say_pack(const VerifyReport& report, const PackCheck& pack, bool as_json) {
  const bool good = report.verified() && pack.findings.empty();
  json::array findings;
  for (const auto& what : pack.findings) findings.emplace_back(what);
  auto out = report.to_json();
  out["verified"] = good;
  out["pack"] = json::object{{"files", pack.files}, {"key", pack.key}, {"enrolled", pack.enrolled}, {"about", pack.about}, {"findings", std::move(findings)}};
  if (as_json) return print_json(out), good ? verified : not_verified;
  std::cout << "pack         " << (pack.findings.empty() ? "passed" : "failed") << "  " << pack.files << " files, their list signed by " << pack.key << "\n";
  for (const auto& what : pack.findings) std::cout << "  ! pack, " << what << "\n";
  std::cout << report.to_text();
  return good ? verified : not_verified;
}

int verify_bundle_or_pack(const Arguments& a, const VerifyOptions& options) {
  std::error_code ec;
  std::filesystem::path folder = a.bundle;
  std::optional<Unpacked> unpacked;
  if (std::filesystem::is_regular_file(folder, ec)) {
    auto made = Unpacked::make();
    if (!made) return trouble(made.error());
    unpacked.emplace(*std::move(made));
    if (auto read = read_zip(folder, unpacked->folder()); !read) return trouble(read.error());
    folder = unpacked->folder();
  }
  const auto pack = check_pack(folder);
  if (!pack && pack.error().code != Errc::not_found) return trouble(pack.error());
  auto report = verify_bundle(folder, options);
  if (!report) return trouble(report.error());
  report->source = a.bundle;
  return pack ? say_pack(*report, *pack, a.as_json) : say(*report, a.as_json);
}

int verify(const Arguments& a) {
  if (!a.receipt.empty()) return verify_one_receipt(a);
  auto chosen = options_of(a);
  if (!chosen) return trouble(chosen.error());
  if (chosen->authorities) chosen->options.tsa = &*chosen->authorities;
  if (!a.proof.empty()) return verify_one_record(a, chosen->options);
  if (!a.data.empty()) {
    const auto report = verify_folder(a.data, chosen->options);
    return report ? say(*report, a.as_json) : trouble(report.error());
  }
  return verify_bundle_or_pack(a, chosen->options);
}

void declare_trust(CLI::App* c, Arguments& a) {
  c->add_option("--checkpoint", a.checkpoints, "an older checkpoint that you kept; may be repeated");
  c->add_option("--witness", a.witnesses, "witness.db of a practice: the gateway's checkpoints that it remembers; may be repeated");
  c->add_option("--policy", a.policy, "your own policy (C2SP tlog-policy): the witnesses you believe, and how many of them");
  c->add_option("--tsa-ca", a.tsa_ca, "certificates (PEM) of the timestamp authority that you believe");
  c->add_option("--now", a.now, "the day on which personal fields are judged; else today, or of a bundle its last record");
  c->add_option("--threads", a.threads, "threads that hash a bundle")->check(CLI::Range(1, 16));
}

}  // namespace

void declare_verify(CLI::App& app, int& exit_code) {
  auto* c = app.add_subcommand("verify", "Check a log, a bundle or one proof");
  auto arguments = std::make_shared<Arguments>();
  auto& a = *arguments;
  auto* what = c->add_option_group("what");
  what->add_option("--data", a.data, "data folder of a gateway or an agent, live or at rest");
  what->add_option("--bundle", a.bundle, "folder made by export, or a proof pack (ZIP)");
  auto* receipt = what->add_option("--receipt", a.receipt, "a consent receipt, as the practice's page gives it");
  auto* proof = what->add_option("--proof", a.proof, "one proof (c2sp.org/tlog-proof@v1)");
  what->require_option(1);
  auto* disclosures = c->add_option("--disclosures", a.disclosures, "the record's disclosures, one a line");
  auto* key = c->add_option("--vkey", a.key, "the log's public key, or a file that holds it: trust no other");
  proof->needs(disclosures)->needs(key);
  declare_trust(c, a);
  c->add_option("--key", a.receipt_keys, "with --receipt: the key of the practice or of its journal, or a file that holds it; may be repeated")->needs(receipt);
  c->add_option("--lang", a.language, "language of what is said of a receipt: fr or en")->check(CLI::IsMember({"fr", "en"}));
  c->add_flag("--json", a.as_json, "print a JSON report");
  c->callback([arguments, &exit_code] { exit_code = verify(*arguments); });
}

}  // namespace pontlevis::audit::tool
