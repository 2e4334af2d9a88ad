// The transcripts of torchwood's litewitness and of transparency-dev/witness, and what the log's lies lead to.
#include "audit/witness.hpp"

#include "tests/unit/audit/audit_support.hpp"

namespace pontlevis::audit::test {
namespace {

const std::string origin = "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562";

NoteVerifier transcript_log() {
  Ed25519Public key;
  const auto raw = *from_hex("ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f302ec79cf100f");
  std::copy(raw.begin(), raw.end(), key.bytes.begin());
  return {origin, NoteKeyType::ed25519, key};
}

NoteSigner transcript_witness() {
  return {"witness.example", NoteKeyType::cosignature,
          must(Ed25519Key::from_seed(Secret(*from_hex("31ffc2116ecbe003acaa800ab70757bd7d53206e3febef6a6d0796d95530b34f"))))};
}

std::string note(const std::string& name, int size, const std::string& root, const std::string& signature) {
  return name + "\n" + std::to_string(size) + "\n" + root + "\n\n— " + name + " " + signature + "\n";
}

const std::string cp1 = note(origin, 1, "KgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                             "UgIom7fPZTqpxWWhyjWduBvTvGVqsokMbqTArsQilegKoFBJQjUFAmQ0+YeSPM3wfUQMFSzVnnNuWRTYrajXpNUbIQY=");
const std::string root3 = "RcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0=";
const std::string signature3 = "UgIom2VbtIcdFbwFAy1n7s6IkAxIY6J/GQOTuZF2ORV39d75cbAj2aQYwyJre36kezNobZs4SUUdrcawfAB8WVrx6go=";
const std::string cp3 = note(origin, 3, root3, signature3);
const std::string cp5 = note(origin, 5, "QrtXrQZCCvpIgsSmOsah7HdICzMLLyDfxToMql9WTjY=",
                             "UgIomw/EOJmWi0i1FQsOj+etB7F8IccFam/jgd6wzRns4QPVmyEZtdvl1U2KEmLOZ/ASRcWJi0tW90dJWAShei7sDww=");

std::string kg(int i) {
  std::string leaf(32, '\0');
  leaf[0] = 0x2a;
  leaf[1] = static_cast<char>(i);
  return to_base64(leaf);
}

std::string body(int old_size, const std::vector<std::string>& proof, const std::string& checkpoint) {
  std::string out = "old " + std::to_string(old_size) + "\n";
  for (const auto& p : proof) out += p + "\n";
  return out + "\n" + checkpoint;
}

class WitnessTest : public ::testing::Test {
 protected:
  std::unique_ptr<Witness> open() {
    return must(Witness::open(folder_.path() / "witness.db", transcript_log(), transcript_witness(), clock_));
  }
  TemporaryFolder folder_;
  SteppingClock clock_;
};

TEST_F(WitnessTest, it_answers_as_the_transcript_says) {
  auto witness = open();
  EXPECT_EQ(witness->add_checkpoint(body(0, {}, cp1)).status, 200);
  auto bad_signature = signature3;
  bad_signature.replace(bad_signature.size() - 4, 4, "6gx=");
  // The transcript's bad signature has stray bits in its last character: strict base64 calls it malformed.
  const int status = witness->add_checkpoint(body(1, {kg(1), kg(2)}, note(origin, 3, root3, bad_signature))).status;
  EXPECT_TRUE(status == 403 || status == 400) << status;
  auto flipped = signature3;
  flipped[20] = flipped[20] == 'A' ? 'B' : 'A';
  EXPECT_EQ(witness->add_checkpoint(body(1, {kg(1), kg(2)}, note(origin, 3, root3, flipped))).status, 403);
  auto other = origin;
  other.back() = '3';
  EXPECT_EQ(witness->add_checkpoint(body(1, {kg(1), kg(2)}, note(other, 3, root3, signature3))).status, 404);
  EXPECT_EQ(witness->add_checkpoint(body(1, {}, cp3)).status, 422);
  std::string spoiled(32, '\0');
  spoiled[0] = 0x2a, spoiled[1] = 2, spoiled[31] = 0x10;
  EXPECT_EQ(witness->add_checkpoint(body(1, {kg(1), to_base64(spoiled)}, cp3)).status, 422);
  const auto third = witness->add_checkpoint(body(1, {kg(1), kg(2)}, cp3));
  EXPECT_EQ(third.status, 200);
  const auto seventh = witness->add_checkpoint(body(1, {kg(1), "+fUDV+k970B4I3uKrqJM4aP1lloPZP8mvr2Z4wRw2LI=", kg(4)}, cp5));
  EXPECT_EQ(seventh.status, 409);
  EXPECT_EQ(seventh.body, "3\n");
  EXPECT_EQ(witness->add_checkpoint(body(3, {kg(2), kg(3), "wgiIFdZfYNv6WU1OllBKsWnLYIS/DBMqt8Uh/S4OukE=", kg(4)}, cp5)).status, 200);
  const auto ninth = witness->add_checkpoint(body(0, {}, cp5));
  EXPECT_EQ(ninth.status, 409);
  EXPECT_EQ(ninth.body, "5\n");
  EXPECT_FALSE(witness->alarmed());
}

TEST_F(WitnessTest, its_proofs_are_byte_for_byte_ours) {
  MemoryTree tree;
  for (int i = 0; i < 5; ++i) tree.append(Digest::from(*from_base64(kg(i))));
  EXPECT_EQ(to_base64(tree.root(3).view()), root3);
  std::vector<std::string> proof;
  for (const auto& d : must(consistency_proof(tree, 3, 5))) proof.push_back(to_base64(d.view()));
  EXPECT_EQ(proof, (std::vector<std::string>{kg(2), kg(3), "wgiIFdZfYNv6WU1OllBKsWnLYIS/DBMqt8Uh/S4OukE=", kg(4)}));
}

TEST_F(WitnessTest, a_cosignature_is_over_the_checkpoint_with_the_time_of_the_clock) {
  auto witness = open();
  const auto answer = witness->add_checkpoint(body(0, {}, cp1));
  const auto cosigned = must(SignedNote::parse(cp1 + answer.body));
  EXPECT_EQ(must(cosigned.verify_cosignature(witness->verifier())),
            static_cast<std::uint64_t>(std::chrono::floor<std::chrono::seconds>(clock_.now()).time_since_epoch().count()));
  EXPECT_TRUE(cosigned.verify(transcript_log()));
}

TEST_F(WitnessTest, it_remembers_across_a_restart) {
  open()->add_checkpoint(body(0, {}, cp1));
  auto witness = open();
  EXPECT_EQ(must(witness->state()).size, 1u);
  EXPECT_EQ(must(witness->state()).note, cp1);
  EXPECT_EQ(witness->add_checkpoint(body(0, {}, cp1)).status, 409);
  EXPECT_EQ(witness->add_checkpoint(body(1, {}, cp1)).status, 200) << "a fresh cosignature of the same state";
}

TEST_F(WitnessTest, it_serves_the_log_it_was_made_for_only) {
  open();
  EXPECT_EQ(Witness::open(folder_.path() / "witness.db", log_signer().verifier(), transcript_witness(), clock_).error().code, Errc::conflict);
  EXPECT_EQ(Witness::open(folder_.path() / "witness.db", transcript_log(), witness_signer(), clock_).error().code, Errc::conflict);
}

// Two requests at once: the first is stalled after its check while the second is cosigned.
TEST_F(WitnessTest, the_loser_of_a_race_learns_the_new_size_and_changes_nothing) {
  auto slow = open(), fast = open();
  ASSERT_EQ(slow->add_checkpoint(body(0, {}, cp1)).status, 200);
  MemoryTree tree;
  for (int i = 0; i < 5; ++i) tree.append(Digest::from(*from_base64(kg(i))));
  std::vector<std::string> proof;
  for (const auto& d : must(consistency_proof(tree, 1, 5))) proof.push_back(to_base64(d.view()));
  int fast_status = 0;
  slow->before_commit([&] { fast_status = fast->add_checkpoint(body(1, proof, cp5)).status; });
  const auto answer = slow->add_checkpoint(body(1, {kg(1), kg(2)}, cp3));
  EXPECT_EQ(fast_status, 200);
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(answer.body, "5\n");
  EXPECT_EQ(must(slow->state()).size, 5u);
}

class OwnLog : public ::testing::Test {
 protected:
  OwnLog() {
    for (TreeSize i = 0; i < 10; ++i) tree_.append(number_leaf(i));
    witness_ = must(Witness::open(folder_.path() / "witness.db", signer_.verifier(), witness_signer(), clock_));
  }
  std::string at(TreeSize size) { return sign_checkpoint({signer_.verifier().name(), size, tree_.root(size), {}}, signer_); }
  int ask(TreeSize old_size, const std::string& checkpoint, Proof proof) {
    return witness_->add_checkpoint(AddCheckpointRequest{old_size, std::move(proof), checkpoint}.text()).status;
  }
  Proof between(TreeSize a, TreeSize b) { return must(consistency_proof(tree_, a, b)); }
  TemporaryFolder folder_;
  SteppingClock clock_;
  MemoryTree tree_;
  NoteSigner signer_ = log_signer();
  std::unique_ptr<Witness> witness_;
};

TEST_F(OwnLog, the_table_of_cases_of_the_specification) {
  EXPECT_EQ(ask(0, at(0), {}), 200);
  EXPECT_EQ(ask(0, at(5), {sha256("x")}), 422) << "old 0 with a proof";
  EXPECT_EQ(ask(0, at(5), {}), 200);
  EXPECT_EQ(ask(5, at(5), {}), 200) << "same size, same root";
  EXPECT_EQ(ask(5, at(5), {sha256("x")}), 422);
  EXPECT_EQ(ask(3, at(8), between(3, 8)), 409);
  EXPECT_EQ(ask(5, at(8), {}), 422) << "missing proof";
  EXPECT_EQ(ask(5, at(8), between(3, 8)), 422) << "wrong proof";
  EXPECT_EQ(ask(5, at(3), {}), 400) << "smaller checkpoint";
  EXPECT_EQ(ask(5, at(8), between(5, 8)), 200);
  EXPECT_EQ(must(witness_->state()).size, 8u);
  EXPECT_TRUE(must(witness_->has_cosigned(5, tree_.root(5))));
  EXPECT_FALSE(must(witness_->has_cosigned(6, tree_.root(6))));
}

TEST_F(OwnLog, malformed_requests_are_400) {
  for (const std::string& bad : std::vector<std::string>{
           "", "old 0\n", "old 0\n\n", "old -1\n\n" + at(1), "old 00\n\n" + at(1), "new 0\n\n" + at(1), "old 0\n" + at(1),
           "old 0\nnothash\n\n" + at(1), "old 0\n\n" + at(1).substr(0, 30), "old 0\n\n" + at(1) + "x"})
    EXPECT_EQ(witness_->add_checkpoint(bad).status, 400) << bad;
  EXPECT_EQ(ask(1, at(9), Proof(64, sha256("x"))), 400) << "more than 63 hashes";
  EXPECT_EQ(witness_->add_checkpoint(std::string(AddCheckpointRequest::max_bytes + 1, 'x')).status, 400);
}

TEST_F(OwnLog, two_pasts_are_kept_as_evidence_and_end_all_trust) {
  ASSERT_EQ(ask(0, at(5), {}), 200);
  const auto lie = sign_checkpoint({signer_.verifier().name(), 5, sha256("another past"), {}}, signer_);
  EXPECT_EQ(ask(5, lie, {}), 422);
  EXPECT_TRUE(witness_->alarmed());
  const auto evidence = must(witness_->evidence());
  ASSERT_EQ(evidence.size(), 1u);
  EXPECT_EQ(evidence[0].known, at(5));
  EXPECT_EQ(evidence[0].conflicting, lie);
  for (const auto& text : {evidence[0].known, evidence[0].conflicting}) EXPECT_TRUE(open_checkpoint(text, signer_.verifier()));
  EXPECT_EQ(ask(5, at(8), between(5, 8)), 422) << "nothing more is cosigned";
  witness_.reset();
  witness_ = must(Witness::open(folder_.path() / "witness.db", signer_.verifier(), witness_signer(), clock_));
  EXPECT_TRUE(witness_->alarmed()) << "for ever";
}

TEST_F(OwnLog, a_lie_about_an_older_size_or_with_a_wrong_old_size_is_evidence_too) {
  ASSERT_EQ(ask(0, at(3), {}), 200);
  ASSERT_EQ(ask(3, at(8), between(3, 8)), 200);
  const auto lie = sign_checkpoint({signer_.verifier().name(), 3, sha256("another past"), {}}, signer_);
  EXPECT_EQ(ask(0, lie, {}), 409);
  EXPECT_TRUE(witness_->alarmed());
}

TEST_F(OwnLog, strangers_cannot_raise_the_alarm) {
  ASSERT_EQ(ask(0, at(5), {}), 200);
  const auto stranger = log_signer(signer_.verifier().name(), 9);
  EXPECT_EQ(ask(5, sign_checkpoint({signer_.verifier().name(), 5, sha256("x"), {}}, stranger), {}), 403);
  EXPECT_FALSE(witness_->alarmed());
}

TEST_F(OwnLog, a_full_disk_signs_nothing) {
  ASSERT_EQ(ask(0, at(5), {}), 200);
  auto db = must(sqlite::Database::open(folder_.path() / "witness.db", Witness::options(sqlite::Access::read_write)));
  must(db.script("CREATE TRIGGER full BEFORE INSERT ON cosigned BEGIN SELECT RAISE(ABORT, 'full'); END"));
  EXPECT_EQ(ask(5, at(8), between(5, 8)), 500);
  EXPECT_EQ(must(witness_->state()).size, 5u);
}

// transparency-dev/witness: the checkpoints of its sample log "monkeys".
TEST(Monkeys, the_sample_log_of_transparency_dev_grows) {
  TemporaryFolder folder;
  SteppingClock clock;
  const auto log = must(NoteVerifier::parse("monkeys+db4d9f7e+AULaJMvTtDLHPUcUrjdDad9vDlh/PTfC2VV60JUtCfWT"));
  const auto witness = must(Witness::open(folder.path() / "w.db", log, witness_signer(), clock));
  const auto five = note("monkeys", 5, "41smjBUiAU70EtKlT6lIOIYtRTYxYXsDB+XHfcvu/BE=",
                         "202fftzGl3LVoqjXfwCFZZXs8I+5G22+Ek2K0AOyBuSJ/8/CZawNF+6fNlTKOCd622pbzJNkkJFWuw9DbicZCkEx9AY=");
  const auto eight = note("monkeys", 8, "V8K9aklZ4EPB+RMOk1/8VsJUdFZR77GDtZUQq84vSbo=",
                          "202ffoUEboiQYpHzICeaFmoy3RNviHTpAxYrq/eO4QQVQMvu9UebKBMX2MJC76NLthZaKsnKbCA8GxrjePZhvDCH7Ag=");
  std::vector<std::string> proof;
  for (auto hex : {"b9e1d62618f7fee8034e4c5010f727ab24d8e4705cb296c374bf2025a87a10d2", "aac66cd7a79ce4012d80762fe8eec3a77f22d1ca4145c3f4cee022e7efcd599d",
                   "89d0f753f66a290c483b39cd5e9eafb12021293395fad3d4a2ad053cfbcfdc9e", "29e40bb79c966f4c6fe96aff6f30acfce5f3e8d84c02215175d6e018a5dee833"})
    proof.push_back(to_base64(*from_hex(hex)));
  // A checkpoint whose origin differs from its key's name needs the witness to be told; these agree.
  const int first = witness->add_checkpoint(body(0, {}, five)).status;
  EXPECT_EQ(first, 200);
  EXPECT_EQ(witness->add_checkpoint(body(5, proof, eight)).status, 200);
}

}  // namespace
}  // namespace pontlevis::audit::test
